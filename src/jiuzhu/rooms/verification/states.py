"""States and steps of the room verification (核对与调查).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.verification.permissions import Permission


class SignatureState(StrEnum):
    """Life of one person's part in a mandate (授权书). Withdrawn, it lets nothing more be asked; what was, stays."""

    ASKED = "asked"
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class EntrustmentState(StrEnum):
    """Life of the entrustment of a unit outside civil affairs (单位委托)."""

    IN_FORCE = "in_force"
    ENDED = "ended"


class SignerRole(StrEnum):
    """Why a person is asked to sign."""

    MEMBER = "member"
    SUPPORTER = "supporter"


class SignedBy(StrEnum):
    """Who signed for a person."""

    SELF = "self"
    GUARDIAN = "guardian"


class SignatureMethod(StrEnum):
    """How a mandate was signed."""

    HANDWRITTEN = "handwritten"
    UPLOADED = "uploaded"
    UNIFIED_IDENTITY = "unified_identity"


class Occasion(StrEnum):
    """What a verification is ordered for."""

    APPLICATION = "application"
    REVIEW = "review"
    BATCH = "batch"
    REPORT = "report"


class AttemptKind(StrEnum):
    """Why a source is asked: for the first time, again after a failure, or to check what it said."""

    FIRST = "first"
    RETRY = "retry"
    RECHECK = "recheck"


class DisputeState(StrEnum):
    """Life of one objection to a result; the item's own step records how it ended."""

    FILED = "filed"
    RECHECKED = "rechecked"
    CORRECTED = "corrected"
    UPHELD = "upheld"


ROLE_NAMES: dict[SignerRole, tuple[str, str]] = {
    SignerRole.MEMBER: ("共同生活的家庭成员", "Member of the household"),
    SignerRole.SUPPORTER: ("赡养、抚养、扶养义务人", "Supporter outside the household"),
}
SIGNED_BY_NAMES: dict[SignedBy, tuple[str, str]] = {
    SignedBy.SELF: ("本人签署", "In person"),
    SignedBy.GUARDIAN: ("监护人代为签署", "By the guardian"),
}
METHOD_NAMES: dict[SignatureMethod, tuple[str, str]] = {
    SignatureMethod.HANDWRITTEN: ("屏幕手写签名", "Handwritten on screen"),
    SignatureMethod.UPLOADED: ("上传纸质授权书", "Uploaded paper"),
    SignatureMethod.UNIFIED_IDENTITY: ("统一身份认证", "Unified identity"),
}
OCCASION_NAMES: dict[Occasion, tuple[str, str]] = {
    Occasion.APPLICATION: ("申请", "Application"),
    Occasion.REVIEW: ("定期核查", "Periodic review"),
    Occasion.BATCH: ("批量核对", "Batch"),
    Occasion.REPORT: ("群众反映或数据线索", "A report or a lead from data"),
}
ATTEMPT_NAMES: dict[AttemptKind, tuple[str, str]] = {
    AttemptKind.FIRST: ("首次查询", "First query"),
    AttemptKind.RETRY: ("重试", "Retry"),
    AttemptKind.RECHECK: ("异议复核", "Check after a dispute"),
}
DISPUTE_NAMES: dict[DisputeState, tuple[str, str]] = {
    DisputeState.FILED: ("已提出", "Filed"),
    DisputeState.RECHECKED: ("来源单位已复核", "Checked again by the source"),
    DisputeState.CORRECTED: ("已更正", "Corrected"),
    DisputeState.UPHELD: ("维持原结果", "Upheld"),
}


class OrderState(StrEnum):
    """Life of one order to verify a household, made on the members' authorisation and a unit's delegation."""

    REQUESTED = "requested"
    STARTED = "started"
    REPORTED = "reported"
    REJECTED = "rejected"
    STOPPED = "stopped"
    EXPIRED = "expired"


class ItemState(StrEnum):
    """Life of one question to one source. An unavailable source stays unknown: it never becomes “none”."""

    PREPARED = "prepared"
    SENT = "sent"
    FOUND = "found"
    NONE_FOUND = "none_found"
    UNAVAILABLE = "unavailable"
    DISPUTED = "disputed"
    CORRECTED = "corrected"
    UPHELD = "upheld"


class VisitState(StrEnum):
    """Life of a home visit by at least two investigators; what was recorded offline and collides is shown side by
    side.
    """

    PLANNED = "planned"
    RECORDED = "recorded"
    CONFLICTING = "conflicting"
    SIGNED = "signed"
    CANCELLED = "cancelled"


class AppraisalState(StrEnum):
    """Life of a 民主评议, called only where there is a dispute."""

    CALLED = "called"
    HELD = "held"
    RECORDED = "recorded"
    CANCELLED = "cancelled"


SIGNATURES = TransitionTable(
    states=SignatureState,
    initial=SignatureState.ASKED,
    names={
        SignatureState.ASKED: ("待签署", "To be signed"),
        SignatureState.SIGNED: ("已签署", "Signed"),
        SignatureState.DECLINED: ("不同意", "Declined"),
        SignatureState.WITHDRAWN: ("已撤回", "Withdrawn"),
    },
    transitions=(
        Transition(
            verb="sign",
            from_states=frozenset({SignatureState.ASKED, SignatureState.DECLINED}),
            to_state=SignatureState.SIGNED,
            permission=Permission.MANDATE_SIGN,
            zh="签署",
            en="Sign",
            guard="the_right_person_signs",
            basis="社会救助法第四十条；个人信息保护法第二十九条、第三十一条",
        ),
        Transition(
            verb="decline",
            from_states=frozenset({SignatureState.ASKED}),
            to_state=SignatureState.DECLINED,
            permission=Permission.MANDATE_DECLINE,
            zh="登记不同意",
            en="Decline",
            guard="reason_is_given",
            basis="个人信息保护法第十四条",
        ),
        Transition(
            verb="withdraw",
            from_states=frozenset({SignatureState.SIGNED}),
            to_state=SignatureState.WITHDRAWN,
            permission=Permission.MANDATE_WITHDRAW,
            zh="撤回授权",
            en="Withdraw",
            guard="reason_is_given",
            notice="mandate_withdrawn",
            basis="个人信息保护法第十五条",
        ),
    ),
)

ENTRUSTMENTS = TransitionTable(
    states=EntrustmentState,
    initial=EntrustmentState.IN_FORCE,
    names={
        EntrustmentState.IN_FORCE: ("有效", "In force"),
        EntrustmentState.ENDED: ("已终止", "Ended"),
    },
    transitions=(
        Transition(
            verb="end",
            from_states=frozenset({EntrustmentState.IN_FORCE}),
            to_state=EntrustmentState.ENDED,
            permission=Permission.ENTRUSTMENT_END,
            zh="终止委托",
            en="End",
            guard="reason_is_given",
            basis="政务数据共享条例第二十五条",
        ),
    ),
)

ORDERS = TransitionTable(
    states=OrderState,
    initial=OrderState.REQUESTED,
    names={
        OrderState.REQUESTED: ("已委托", "Requested"),
        OrderState.STARTED: ("核对中", "Under way"),
        OrderState.REPORTED: ("已出具报告", "Reported"),
        OrderState.REJECTED: ("已退回", "Sent back"),
        OrderState.STOPPED: ("已中止", "Stopped"),
        OrderState.EXPIRED: ("报告已过期", "Report expired"),
    },
    transitions=(
        Transition(
            verb="start",
            from_states=frozenset({OrderState.REQUESTED}),
            to_state=OrderState.STARTED,
            permission=Permission.ORDER_START,
            zh="启动核对",
            en="Start",
            guard="every_member_has_authorised",
            deadline="verification_report_wd",
            basis="民发〔2021〕57号第十七条；社会救助法第四十条、第四十一条",
        ),
        Transition(
            verb="reject",
            from_states=frozenset({OrderState.REQUESTED}),
            to_state=OrderState.REJECTED,
            permission=Permission.ORDER_REJECT,
            zh="退回委托",
            en="Send back",
            guard="reason_is_given",
            basis="社会救助法第四十条",
        ),
        Transition(
            verb="report",
            from_states=frozenset({OrderState.STARTED}),
            to_state=OrderState.REPORTED,
            permission=Permission.ORDER_REPORT,
            zh="出具核对报告",
            en="Report",
            guard="every_item_is_answered_or_unavailable",
            notice="verification_result",
            basis="社会救助法第四十一条、第四十二条；民发〔2021〕57号第十七条",
        ),
        Transition(
            verb="revise",
            from_states=frozenset({OrderState.REPORTED}),
            to_state=OrderState.REPORTED,
            permission=Permission.ORDER_REVISE,
            zh="出具更正报告",
            en="Issue a corrected report",
            guard="something_is_new",
            notice="verification_result",
            basis="民发〔2021〕57号第十八条；政务数据共享条例第二十六条",
        ),
        Transition(
            verb="stop",
            from_states=frozenset({OrderState.REQUESTED, OrderState.STARTED}),
            to_state=OrderState.STOPPED,
            permission=Permission.ORDER_STOP,
            zh="撤回授权后中止",
            en="Stop after withdrawal",
            guard="authorisation_was_withdrawn",
            notice="verification_stopped",
            basis="个人信息保护法第十五条",
        ),
        Transition(
            verb="expire",
            from_states=frozenset({OrderState.REPORTED}),
            to_state=OrderState.EXPIRED,
            permission=Permission.ORDER_EXPIRE,
            zh="报告过期",
            en="Let the report expire",
            basis="社会救助法第四十七条",
        ),
    ),
)

ITEMS = TransitionTable(
    states=ItemState,
    initial=ItemState.PREPARED,
    names={
        ItemState.PREPARED: ("待查询", "Prepared"),
        ItemState.SENT: ("已发送", "Sent"),
        ItemState.FOUND: ("查有信息", "Found"),
        ItemState.NONE_FOUND: ("查无信息", "None found"),
        ItemState.UNAVAILABLE: ("无法查询（情况未知）", "Unavailable (unknown)"),
        ItemState.DISPUTED: ("有异议", "Disputed"),
        ItemState.CORRECTED: ("已更正", "Corrected"),
        ItemState.UPHELD: ("经复核无误", "Upheld"),
    },
    transitions=(
        Transition(
            verb="send",
            from_states=frozenset({ItemState.PREPARED, ItemState.UNAVAILABLE}),
            to_state=ItemState.SENT,
            permission=Permission.ITEM_SEND,
            zh="发送查询",
            en="Send",
            guard="item_is_within_the_authorisation",
            deadline="source_answer_wd",
            basis="社会救助法第四十一条",
        ),
        Transition(
            verb="find",
            from_states=frozenset({ItemState.SENT}),
            to_state=ItemState.FOUND,
            permission=Permission.ITEM_FIND,
            zh="登记查有信息",
            en="Record what was found",
            basis="社会救助法第四十一条",
        ),
        Transition(
            verb="find_none",
            from_states=frozenset({ItemState.SENT}),
            to_state=ItemState.NONE_FOUND,
            permission=Permission.ITEM_FIND_NONE,
            zh="登记查无信息",
            en="Record that nothing was found",
            basis="社会救助法第四十一条",
        ),
        Transition(
            verb="mark_unavailable",
            from_states=frozenset({ItemState.PREPARED, ItemState.SENT}),
            to_state=ItemState.UNAVAILABLE,
            permission=Permission.ITEM_MARK_UNAVAILABLE,
            zh="登记无法查询",
            en="Record as unavailable",
            guard="cause_is_named",
            basis="社会救助法第四十一条",
        ),
        Transition(
            verb="dispute",
            from_states=frozenset({ItemState.FOUND, ItemState.NONE_FOUND}),
            to_state=ItemState.DISPUTED,
            permission=Permission.ITEM_DISPUTE,
            zh="提出异议",
            en="Dispute",
            deadline="data_correction_wd",
            notice="dispute_received",
            basis="民发〔2021〕57号第十八条；政务数据共享条例第二十六条",
        ),
        Transition(
            verb="correct",
            from_states=frozenset({ItemState.DISPUTED}),
            to_state=ItemState.CORRECTED,
            permission=Permission.ITEM_CORRECT,
            zh="更正",
            en="Correct",
            guard="evidence_is_filed",
            notice="dispute_answer",
            basis="政务数据共享条例第二十六条",
        ),
        Transition(
            verb="uphold",
            from_states=frozenset({ItemState.DISPUTED}),
            to_state=ItemState.UPHELD,
            permission=Permission.ITEM_UPHOLD,
            zh="复核无误",
            en="Uphold",
            guard="evidence_is_filed",
            notice="dispute_answer",
            basis="民发〔2021〕57号第十八条",
        ),
    ),
)

VISITS = TransitionTable(
    states=VisitState,
    initial=VisitState.PLANNED,
    names={
        VisitState.PLANNED: ("已安排", "Planned"),
        VisitState.RECORDED: ("已记录", "Recorded"),
        VisitState.CONFLICTING: ("记录冲突", "Conflicting"),
        VisitState.SIGNED: ("已签字确认", "Signed"),
        VisitState.CANCELLED: ("已取消", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="record",
            from_states=frozenset({VisitState.PLANNED}),
            to_state=VisitState.RECORDED,
            permission=Permission.VISIT_RECORD,
            zh="记录调查",
            en="Record",
            guard="two_investigators_took_part",
            deadline="visit_signature_wd",
            basis="社会救助法第四十三条；民发〔2021〕57号第十五条、第十六条",
        ),
        Transition(
            verb="flag_conflict",
            from_states=frozenset({VisitState.RECORDED}),
            to_state=VisitState.CONFLICTING,
            permission=Permission.VISIT_FLAG_CONFLICT,
            zh="登记记录冲突",
            en="Flag a conflict",
            basis="民发〔2021〕57号第十六条",
        ),
        Transition(
            verb="resolve",
            from_states=frozenset({VisitState.CONFLICTING}),
            to_state=VisitState.RECORDED,
            permission=Permission.VISIT_RESOLVE,
            zh="核实并合并",
            en="Resolve",
            guard="both_versions_are_kept",
            basis="民发〔2021〕57号第十六条",
        ),
        Transition(
            verb="sign",
            from_states=frozenset({VisitState.RECORDED}),
            to_state=VisitState.SIGNED,
            permission=Permission.VISIT_SIGN,
            zh="签字确认",
            en="Sign",
            guard="investigators_and_a_member_sign",
            basis="民发〔2021〕57号第十六条",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({VisitState.PLANNED}),
            to_state=VisitState.CANCELLED,
            permission=Permission.VISIT_CANCEL,
            zh="取消",
            en="Cancel",
            guard="reason_is_given",
            basis="民发〔2021〕57号第十五条",
        ),
    ),
)

APPRAISALS = TransitionTable(
    states=AppraisalState,
    initial=AppraisalState.CALLED,
    names={
        AppraisalState.CALLED: ("已召集", "Called"),
        AppraisalState.HELD: ("已评议", "Held"),
        AppraisalState.RECORDED: ("已形成记录", "Recorded"),
        AppraisalState.CANCELLED: ("已取消", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="hold",
            from_states=frozenset({AppraisalState.CALLED}),
            to_state=AppraisalState.HELD,
            permission=Permission.APPRAISAL_HOLD,
            zh="登记评议",
            en="Hold",
            guard="members_are_qualified",
            basis="《关于改革完善社会救助制度的意见》（2020年）",
        ),
        Transition(
            verb="record",
            from_states=frozenset({AppraisalState.HELD}),
            to_state=AppraisalState.RECORDED,
            permission=Permission.APPRAISAL_RECORD,
            zh="形成评议记录",
            en="Record the result",
            guard="all_present_have_signed",
            basis="《关于改革完善社会救助制度的意见》（2020年）",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({AppraisalState.CALLED}),
            to_state=AppraisalState.CANCELLED,
            permission=Permission.APPRAISAL_CANCEL,
            zh="取消",
            en="Cancel",
            guard="reason_is_given",
            basis="《关于改革完善社会救助制度的意见》（2020年）",
        ),
    ),
)
