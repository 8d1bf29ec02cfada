"""States and steps of the room disclosure (公示公开).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.disclosure.permissions import Permission


class Board(StrEnum):
    """Where in the life of a case a notice stands: before a decision, after it, or with the village's own affairs."""

    OPINION = "opinion"
    DECISION = "decision"
    VILLAGE_AFFAIRS = "village_affairs"


class Channel(StrEnum):
    """How an objection came in."""

    WEB = "web"
    PAPER = "paper"
    PHONE = "phone"
    VISIT = "visit"


BOARD_NAMES = {
    Board.OPINION: ("初审公示", "Before the decision"),
    Board.DECISION: ("确认结果公布", "After the decision"),
    Board.VILLAGE_AFFAIRS: ("村（居）务公开", "Village affairs"),
}
CHANNEL_NAMES = {
    Channel.WEB: ("网上提交", "web"),
    Channel.PAPER: ("书面", "paper"),
    Channel.PHONE: ("电话", "telephone"),
    Channel.VISIT: ("当面", "in person"),
}


class NoticeState(StrEnum):
    """Life of one notice. Only masked, permitted fields exist in it; it expires by itself."""

    PREPARED = "prepared"
    CHECKED = "checked"
    POSTED = "posted"
    INTERRUPTED = "interrupted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ObjectionState(StrEnum):
    """Life of an objection to a notice; it may be anonymous, and one under a real name is always answered."""

    RECEIVED = "received"
    IN_CHECK = "in_check"
    SUSTAINED = "sustained"
    DISMISSED = "dismissed"
    ANSWERED = "answered"
    CLOSED = "closed"


NOTICES = TransitionTable(
    states=NoticeState,
    initial=NoticeState.PREPARED,
    names={
        NoticeState.PREPARED: ("已拟稿", "Prepared"),
        NoticeState.CHECKED: ("已审核", "Checked"),
        NoticeState.POSTED: ("公示中", "Posted"),
        NoticeState.INTERRUPTED: ("已中断", "Interrupted"),
        NoticeState.EXPIRED: ("已到期撤下", "Expired"),
        NoticeState.WITHDRAWN: ("已撤回", "Withdrawn"),
    },
    transitions=(
        Transition(
            verb="check",
            from_states=frozenset({NoticeState.PREPARED}),
            to_state=NoticeState.CHECKED,
            permission=Permission.NOTICE_CHECK,
            zh="审核公示内容",
            en="Check",
            guard="only_permitted_fields",
            basis="社会救助法第十一条；民发〔2021〕57号第二十四条",
        ),
        Transition(
            verb="post",
            from_states=frozenset({NoticeState.CHECKED}),
            to_state=NoticeState.POSTED,
            permission=Permission.NOTICE_POST,
            zh="张贴公示",
            en="Post",
            guard="places_are_named",
            deadline="public_notice_nd",
            basis="社会救助法第四十五条；民发〔2021〕57号第二十四条",
        ),
        Transition(
            verb="interrupt",
            from_states=frozenset({NoticeState.POSTED}),
            to_state=NoticeState.INTERRUPTED,
            permission=Permission.NOTICE_INTERRUPT,
            zh="登记公示中断",
            en="Record an interruption",
            guard="reason_is_given",
            basis="山东省村务公开条例；民发〔2021〕57号",
        ),
        Transition(
            verb="resume",
            from_states=frozenset({NoticeState.INTERRUPTED}),
            to_state=NoticeState.POSTED,
            permission=Permission.NOTICE_RESUME,
            zh="重新公示",
            en="Post anew",
            deadline="public_notice_nd",
            basis="民发〔2021〕57号",
        ),
        Transition(
            verb="expire",
            from_states=frozenset({NoticeState.POSTED}),
            to_state=NoticeState.EXPIRED,
            permission=Permission.NOTICE_EXPIRE,
            zh="到期撤下",
            en="Expire",
            guard="full_period_has_passed",
            basis="社会救助法第十一条",
        ),
        Transition(
            verb="withdraw",
            from_states=frozenset(
                {NoticeState.PREPARED, NoticeState.CHECKED, NoticeState.POSTED, NoticeState.INTERRUPTED}
            ),
            to_state=NoticeState.WITHDRAWN,
            permission=Permission.NOTICE_WITHDRAW,
            zh="撤回",
            en="Withdraw",
            guard="reason_is_given",
            basis="政府信息公开条例第十五条；社会救助法第十一条",
        ),
    ),
)

OBJECTIONS = TransitionTable(
    states=ObjectionState,
    initial=ObjectionState.RECEIVED,
    names={
        ObjectionState.RECEIVED: ("已收到", "Received"),
        ObjectionState.IN_CHECK: ("核查中", "In check"),
        ObjectionState.SUSTAINED: ("异议成立", "Sustained"),
        ObjectionState.DISMISSED: ("异议不成立", "Dismissed"),
        ObjectionState.ANSWERED: ("已答复", "Answered"),
        ObjectionState.CLOSED: ("已办结", "Closed"),
    },
    transitions=(
        Transition(
            verb="check",
            from_states=frozenset({ObjectionState.RECEIVED}),
            to_state=ObjectionState.IN_CHECK,
            permission=Permission.OBJECTION_CHECK,
            zh="启动核查",
            en="Start the check",
            deadline="objection_check_wd",
            basis="民发〔2021〕57号第三十七条",
        ),
        Transition(
            verb="sustain",
            from_states=frozenset({ObjectionState.IN_CHECK}),
            to_state=ObjectionState.SUSTAINED,
            permission=Permission.OBJECTION_SUSTAIN,
            zh="认定成立",
            en="Sustain",
            guard="evidence_is_filed",
            deadline="objection_answer_wd",
            basis="民发〔2021〕57号第三十七条",
        ),
        Transition(
            verb="dismiss",
            from_states=frozenset({ObjectionState.IN_CHECK}),
            to_state=ObjectionState.DISMISSED,
            permission=Permission.OBJECTION_DISMISS,
            zh="认定不成立",
            en="Dismiss",
            guard="evidence_is_filed",
            deadline="objection_answer_wd",
            basis="民发〔2021〕57号第三十七条",
        ),
        Transition(
            verb="answer",
            from_states=frozenset({ObjectionState.SUSTAINED, ObjectionState.DISMISSED}),
            to_state=ObjectionState.ANSWERED,
            permission=Permission.OBJECTION_ANSWER,
            zh="答复",
            en="Answer",
            notice="objection_answer",
            basis="民发〔2021〕57号第三十七条",
        ),
        Transition(
            verb="close",
            from_states=frozenset({ObjectionState.SUSTAINED, ObjectionState.DISMISSED}),
            to_state=ObjectionState.CLOSED,
            permission=Permission.OBJECTION_CLOSE,
            zh="办结（匿名异议）",
            en="Close (anonymous)",
            guard="objection_is_anonymous",
            basis="民发〔2021〕57号第三十七条",
        ),
    ),
)
