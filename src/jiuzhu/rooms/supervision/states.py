"""States and steps of the room supervision (监管).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.supervision.permissions import Permission


class AlertState(StrEnum):
    """Life of an alert: a hint for an officer, never a decision."""

    RAISED = "raised"
    ASSIGNED = "assigned"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


class InspectionState(StrEnum):
    """Life of a double-random inspection; the draw can be computed again by anybody from the published seed."""

    PLANNED = "planned"
    DRAWN = "drawn"
    UNDER_WAY = "under_way"
    REPORTED = "reported"
    PUBLISHED = "published"
    RECTIFIED = "rectified"
    CANCELLED = "cancelled"


class ComplaintState(StrEnum):
    """Life of a complaint or report."""

    RECEIVED = "received"
    IN_CHECK = "in_check"
    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    CLOSED = "closed"


class CreditState(StrEnum):
    """Life of a record of dishonesty. Of natural persons it is never public; it expires and is then used no more."""

    PROPOSED = "proposed"
    HEARD = "heard"
    RECORDED = "recorded"
    OBJECTED = "objected"
    REPAIRED = "repaired"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DROPPED = "dropped"


class ToleranceState(StrEnum):
    """Life of a request to tolerate an honest error."""

    REQUESTED = "requested"
    REVIEWED = "reviewed"
    TOLERATED = "tolerated"
    DECLINED = "declined"


ALERTS = TransitionTable(
    states=AlertState,
    initial=AlertState.RAISED,
    names={
        AlertState.RAISED: ("已预警", "Raised"),
        AlertState.ASSIGNED: ("已派单", "Assigned"),
        AlertState.EXPLAINED: ("经查无异常", "Explained"),
        AlertState.CONFIRMED: ("经查属实", "Confirmed"),
        AlertState.CLOSED: ("已处置", "Closed"),
    },
    transitions=(
        Transition(
            verb="assign",
            from_states=frozenset({AlertState.RAISED}),
            to_state=AlertState.ASSIGNED,
            permission=Permission.ALERT_ASSIGN,
            zh="派单",
            en="Assign",
            deadline="alert_answer_wd",
            basis="《统筹完善社会救助体系工作意见》二（六）2",
        ),
        Transition(
            verb="explain",
            from_states=frozenset({AlertState.ASSIGNED}),
            to_state=AlertState.EXPLAINED,
            permission=Permission.ALERT_EXPLAIN,
            zh="说明无异常",
            en="Explain",
            guard="evidence_is_filed",
            basis="社会救助法第六十五条",
        ),
        Transition(
            verb="confirm",
            from_states=frozenset({AlertState.ASSIGNED}),
            to_state=AlertState.CONFIRMED,
            permission=Permission.ALERT_CONFIRM,
            zh="查实",
            en="Confirm",
            guard="evidence_is_filed",
            deadline="alert_handling_wd",
            basis="社会救助法第六十五条",
        ),
        Transition(
            verb="close",
            from_states=frozenset({AlertState.CONFIRMED}),
            to_state=AlertState.CLOSED,
            permission=Permission.ALERT_CLOSE,
            zh="登记处置",
            en="Close",
            guard="measure_is_recorded",
            basis="社会救助法第七十一条、第七十三条",
        ),
        Transition(
            verb="reopen",
            from_states=frozenset({AlertState.EXPLAINED}),
            to_state=AlertState.ASSIGNED,
            permission=Permission.ALERT_REOPEN,
            zh="重新核查",
            en="Reopen",
            guard="reason_is_given",
            deadline="alert_answer_wd",
            basis="社会救助法第六十五条",
        ),
    ),
)

INSPECTIONS = TransitionTable(
    states=InspectionState,
    initial=InspectionState.PLANNED,
    names={
        InspectionState.PLANNED: ("已制定计划", "Planned"),
        InspectionState.DRAWN: ("已抽取", "Drawn"),
        InspectionState.UNDER_WAY: ("检查中", "Under way"),
        InspectionState.REPORTED: ("已形成结果", "Reported"),
        InspectionState.PUBLISHED: ("已公开", "Published"),
        InspectionState.RECTIFIED: ("已整改", "Rectified"),
        InspectionState.CANCELLED: ("已取消", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="draw",
            from_states=frozenset({InspectionState.PLANNED}),
            to_state=InspectionState.DRAWN,
            permission=Permission.INSPECTION_DRAW,
            zh="随机抽取",
            en="Draw",
            guard="seed_was_committed_before",
            basis="《关于改革完善社会救助制度的意见》（2020年）",
        ),
        Transition(
            verb="begin",
            from_states=frozenset({InspectionState.DRAWN}),
            to_state=InspectionState.UNDER_WAY,
            permission=Permission.INSPECTION_BEGIN,
            zh="开始检查",
            en="Begin",
            guard="inspectors_have_no_conflict",
            basis="社会救助法第六十五条",
        ),
        Transition(
            verb="report",
            from_states=frozenset({InspectionState.UNDER_WAY}),
            to_state=InspectionState.REPORTED,
            permission=Permission.INSPECTION_REPORT,
            zh="形成结果",
            en="Report",
            guard="every_drawn_case_has_a_finding",
            deadline="inspection_publication_wd",
            basis="社会救助法第六十五条",
        ),
        Transition(
            verb="publish",
            from_states=frozenset({InspectionState.REPORTED}),
            to_state=InspectionState.PUBLISHED,
            permission=Permission.INSPECTION_PUBLISH,
            zh="公开结果",
            en="Publish",
            guard="no_family_is_named",
            deadline="rectification_nd",
            basis="《关于改革完善社会救助制度的意见》（2020年）",
        ),
        Transition(
            verb="rectify",
            from_states=frozenset({InspectionState.PUBLISHED}),
            to_state=InspectionState.RECTIFIED,
            permission=Permission.INSPECTION_RECTIFY,
            zh="确认整改",
            en="Confirm the rectification",
            guard="evidence_is_filed",
            basis="《统筹完善社会救助体系工作意见》三（二）",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({InspectionState.PLANNED}),
            to_state=InspectionState.CANCELLED,
            permission=Permission.INSPECTION_CANCEL,
            zh="取消",
            en="Cancel",
            guard="reason_is_given",
            basis="《统筹完善社会救助体系工作意见》三（二）",
        ),
    ),
)

COMPLAINTS = TransitionTable(
    states=ComplaintState,
    initial=ComplaintState.RECEIVED,
    names={
        ComplaintState.RECEIVED: ("已收到", "Received"),
        ComplaintState.IN_CHECK: ("核查中", "In check"),
        ComplaintState.TRANSFERRED: ("已移送", "Transferred"),
        ComplaintState.ANSWERED: ("已答复", "Answered"),
        ComplaintState.CLOSED: ("已办结", "Closed"),
    },
    transitions=(
        Transition(
            verb="check",
            from_states=frozenset({ComplaintState.RECEIVED}),
            to_state=ComplaintState.IN_CHECK,
            permission=Permission.COMPLAINT_CHECK,
            zh="启动核查",
            en="Start the check",
            guard="checker_is_not_concerned",
            deadline="complaint_answer_wd",
            basis="民发〔2021〕57号第三十七条",
        ),
        Transition(
            verb="transfer",
            from_states=frozenset({ComplaintState.RECEIVED, ComplaintState.IN_CHECK}),
            to_state=ComplaintState.TRANSFERRED,
            permission=Permission.COMPLAINT_TRANSFER,
            zh="移送",
            en="Transfer",
            guard="receiver_is_competent",
            basis="社会救助法第六十六条至第六十九条",
        ),
        Transition(
            verb="answer",
            from_states=frozenset({ComplaintState.IN_CHECK}),
            to_state=ComplaintState.ANSWERED,
            permission=Permission.COMPLAINT_ANSWER,
            zh="答复",
            en="Answer",
            guard="finding_is_recorded",
            notice="complaint_answer",
            basis="民发〔2021〕57号第三十七条",
        ),
        Transition(
            verb="close",
            from_states=frozenset({ComplaintState.IN_CHECK, ComplaintState.ANSWERED}),
            to_state=ComplaintState.CLOSED,
            permission=Permission.COMPLAINT_CLOSE,
            zh="办结",
            en="Close",
            guard="real_name_was_answered",
            basis="社会救助法第六十六条至第六十九条",
        ),
    ),
)

CREDIT_RECORDS = TransitionTable(
    states=CreditState,
    initial=CreditState.PROPOSED,
    names={
        CreditState.PROPOSED: ("拟记录", "Proposed"),
        CreditState.HEARD: ("已听取申辩", "Heard"),
        CreditState.RECORDED: ("已记录", "Recorded"),
        CreditState.OBJECTED: ("异议处理中", "Objected to"),
        CreditState.REPAIRED: ("已修复", "Repaired"),
        CreditState.EXPIRED: ("已到期删除", "Expired"),
        CreditState.REVOKED: ("已撤销", "Revoked"),
        CreditState.DROPPED: ("不予记录", "Dropped"),
    },
    transitions=(
        Transition(
            verb="hear",
            from_states=frozenset({CreditState.PROPOSED}),
            to_state=CreditState.HEARD,
            permission=Permission.CREDIT_HEAR,
            zh="听取申辩",
            en="Hear the person",
            guard="statement_is_recorded",
            basis="行政处罚法第四十五条",
        ),
        Transition(
            verb="record",
            from_states=frozenset({CreditState.HEARD}),
            to_state=CreditState.RECORDED,
            permission=Permission.CREDIT_RECORD,
            zh="记录",
            en="Record",
            guard="conduct_is_in_the_list",
            notice="credit_recorded",
            basis="山东省社会信用条例第十条、第十三条",
        ),
        Transition(
            verb="drop",
            from_states=frozenset({CreditState.PROPOSED, CreditState.HEARD}),
            to_state=CreditState.DROPPED,
            permission=Permission.CREDIT_DROP,
            zh="不予记录",
            en="Drop",
            basis="山东省社会信用条例第十三条",
        ),
        Transition(
            verb="object",
            from_states=frozenset({CreditState.RECORDED}),
            to_state=CreditState.OBJECTED,
            permission=Permission.CREDIT_OBJECT,
            zh="提出异议",
            en="Object",
            deadline="credit_objection_wd",
            basis="山东省社会信用条例第三十九条",
        ),
        Transition(
            verb="keep",
            from_states=frozenset({CreditState.OBJECTED}),
            to_state=CreditState.RECORDED,
            permission=Permission.CREDIT_KEEP,
            zh="异议不成立",
            en="Keep",
            notice="credit_objection_answer",
            basis="山东省社会信用条例第三十九条",
        ),
        Transition(
            verb="revoke",
            from_states=frozenset({CreditState.RECORDED, CreditState.OBJECTED}),
            to_state=CreditState.REVOKED,
            permission=Permission.CREDIT_REVOKE,
            zh="撤销",
            en="Revoke",
            guard="basis_is_cancelled_or_wrong",
            basis="山东省社会信用条例第三十九条、第四十条",
        ),
        Transition(
            verb="repair",
            from_states=frozenset({CreditState.RECORDED}),
            to_state=CreditState.REPAIRED,
            permission=Permission.CREDIT_REPAIR,
            zh="信用修复",
            en="Repair",
            guard="conduct_was_corrected",
            basis="山东省社会信用条例第四十一条",
        ),
        Transition(
            verb="expire",
            from_states=frozenset({CreditState.RECORDED, CreditState.REPAIRED}),
            to_state=CreditState.EXPIRED,
            permission=Permission.CREDIT_EXPIRE,
            zh="到期删除",
            en="Expire",
            guard="period_is_over",
            basis="山东省社会信用条例第三十八条",
        ),
    ),
)

TOLERANCES = TransitionTable(
    states=ToleranceState,
    initial=ToleranceState.REQUESTED,
    names={
        ToleranceState.REQUESTED: ("已申请", "Requested"),
        ToleranceState.REVIEWED: ("已审议", "Reviewed"),
        ToleranceState.TOLERATED: ("予以容错", "Tolerated"),
        ToleranceState.DECLINED: ("不予容错", "Declined"),
    },
    transitions=(
        Transition(
            verb="review",
            from_states=frozenset({ToleranceState.REQUESTED}),
            to_state=ToleranceState.REVIEWED,
            permission=Permission.TOLERANCE_REVIEW,
            zh="审议",
            en="Review",
            guard="reviewer_is_not_concerned",
            basis="《统筹完善社会救助体系工作意见》三（二）",
        ),
        Transition(
            verb="tolerate",
            from_states=frozenset({ToleranceState.REVIEWED}),
            to_state=ToleranceState.TOLERATED,
            permission=Permission.TOLERANCE_TOLERATE,
            zh="予以容错",
            en="Tolerate",
            guard="no_gain_and_no_concealment",
            basis="《统筹完善社会救助体系工作意见》三（二）",
        ),
        Transition(
            verb="decline",
            from_states=frozenset({ToleranceState.REVIEWED}),
            to_state=ToleranceState.DECLINED,
            permission=Permission.TOLERANCE_DECLINE,
            zh="不予容错",
            en="Decline",
            guard="reason_is_given",
            basis="《统筹完善社会救助体系工作意见》三（二）",
        ),
    ),
)
