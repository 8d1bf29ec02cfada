"""States and steps of the room capability (能力).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.capability.permissions import Permission


class TrainingState(StrEnum):
    """Life of one training session of a yearly plan."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ExampleState(StrEnum):
    """Life of a typical case: no person may be recognised in it before it is published."""

    DRAFT = "draft"
    MASKED = "masked"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class RecognitionState(StrEnum):
    """Life of a nomination for recognition."""

    NOMINATED = "nominated"
    REVIEWED = "reviewed"
    RECOGNISED = "recognised"
    DECLINED = "declined"


TRAINING_SESSIONS = TransitionTable(
    states=TrainingState,
    initial=TrainingState.PLANNED,
    names={
        TrainingState.PLANNED: ("已列入计划", "Planned"),
        TrainingState.ANNOUNCED: ("已通知", "Announced"),
        TrainingState.HELD: ("已举办", "Held"),
        TrainingState.CLOSED: ("已归档", "Closed"),
        TrainingState.CANCELLED: ("已取消", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="announce",
            from_states=frozenset({TrainingState.PLANNED}),
            to_state=TrainingState.ANNOUNCED,
            permission=Permission.TRAINING_ANNOUNCE,
            zh="发布通知",
            en="Announce",
            notice="training_announcement",
            basis="《统筹完善社会救助体系工作意见》二（二）1",
        ),
        Transition(
            verb="hold",
            from_states=frozenset({TrainingState.ANNOUNCED}),
            to_state=TrainingState.HELD,
            permission=Permission.TRAINING_HOLD,
            zh="登记举办",
            en="Record that it was held",
            guard="attendance_is_recorded",
            basis="《统筹完善社会救助体系工作意见》二（二）1",
        ),
        Transition(
            verb="close",
            from_states=frozenset({TrainingState.HELD}),
            to_state=TrainingState.CLOSED,
            permission=Permission.TRAINING_CLOSE,
            zh="归档",
            en="Close",
            guard="materials_are_filed",
            basis="《统筹完善社会救助体系工作意见》二（二）1",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({TrainingState.PLANNED, TrainingState.ANNOUNCED}),
            to_state=TrainingState.CANCELLED,
            permission=Permission.TRAINING_CANCEL,
            zh="取消",
            en="Cancel",
            guard="reason_is_given",
            basis="《统筹完善社会救助体系工作意见》二（二）1",
        ),
    ),
)

EXAMPLES = TransitionTable(
    states=ExampleState,
    initial=ExampleState.DRAFT,
    names={
        ExampleState.DRAFT: ("编写中", "Draft"),
        ExampleState.MASKED: ("已脱敏", "Masked"),
        ExampleState.PUBLISHED: ("已发布", "Published"),
        ExampleState.WITHDRAWN: ("已撤下", "Withdrawn"),
    },
    transitions=(
        Transition(
            verb="mask",
            from_states=frozenset({ExampleState.DRAFT}),
            to_state=ExampleState.MASKED,
            permission=Permission.EXAMPLE_MASK,
            zh="确认脱敏",
            en="Confirm the masking",
            guard="nobody_is_recognisable",
            basis="社会救助法第十一条",
        ),
        Transition(
            verb="return_draft",
            from_states=frozenset({ExampleState.MASKED}),
            to_state=ExampleState.DRAFT,
            permission=Permission.EXAMPLE_RETURN_DRAFT,
            zh="退回修改",
            en="Send back",
            basis="社会救助法第十一条",
        ),
        Transition(
            verb="publish",
            from_states=frozenset({ExampleState.MASKED}),
            to_state=ExampleState.PUBLISHED,
            permission=Permission.EXAMPLE_PUBLISH,
            zh="发布",
            en="Publish",
            basis="《统筹完善社会救助体系工作意见》二（二）1",
        ),
        Transition(
            verb="withdraw",
            from_states=frozenset({ExampleState.DRAFT, ExampleState.MASKED, ExampleState.PUBLISHED}),
            to_state=ExampleState.WITHDRAWN,
            permission=Permission.EXAMPLE_WITHDRAW,
            zh="撤下",
            en="Withdraw",
            guard="reason_is_given",
            basis="社会救助法第十一条",
        ),
    ),
)

RECOGNITIONS = TransitionTable(
    states=RecognitionState,
    initial=RecognitionState.NOMINATED,
    names={
        RecognitionState.NOMINATED: ("已推荐", "Nominated"),
        RecognitionState.REVIEWED: ("已评审", "Reviewed"),
        RecognitionState.RECOGNISED: ("已认定", "Recognised"),
        RecognitionState.DECLINED: ("未入选", "Declined"),
    },
    transitions=(
        Transition(
            verb="review",
            from_states=frozenset({RecognitionState.NOMINATED}),
            to_state=RecognitionState.REVIEWED,
            permission=Permission.RECOGNITION_REVIEW,
            zh="评审",
            en="Review",
            guard="indicators_are_comparable",
            basis="《统筹完善社会救助体系工作意见》二（二）2",
        ),
        Transition(
            verb="recognise",
            from_states=frozenset({RecognitionState.REVIEWED}),
            to_state=RecognitionState.RECOGNISED,
            permission=Permission.RECOGNITION_RECOGNISE,
            zh="认定",
            en="Recognise",
            notice="recognition",
            basis="《统筹完善社会救助体系工作意见》二（二）2",
        ),
        Transition(
            verb="decline",
            from_states=frozenset({RecognitionState.NOMINATED, RecognitionState.REVIEWED}),
            to_state=RecognitionState.DECLINED,
            permission=Permission.RECOGNITION_DECLINE,
            zh="不予认定",
            en="Decline",
            guard="reason_is_given",
            basis="《统筹完善社会救助体系工作意见》二（二）2",
        ),
    ),
)
