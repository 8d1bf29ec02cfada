"""States and steps of the room evaluation (评估).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.evaluation.permissions import Permission


class RoundState(StrEnum):
    """Life of one yearly evaluation of offices by published indicators."""

    PLANNED = "planned"
    COLLECTING = "collecting"
    SCORED = "scored"
    IN_FEEDBACK = "in_feedback"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class CampaignState(StrEnum):
    """Life of one campaign, from its plan to what it reached."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    ASSESSED = "assessed"
    CANCELLED = "cancelled"


ROUNDS = TransitionTable(
    states=RoundState,
    initial=RoundState.PLANNED,
    names={
        RoundState.PLANNED: ("已部署", "Planned"),
        RoundState.COLLECTING: ("采集中", "Collecting"),
        RoundState.SCORED: ("已评分", "Scored"),
        RoundState.IN_FEEDBACK: ("征求意见中", "In feedback"),
        RoundState.CONFIRMED: ("已确认", "Confirmed"),
        RoundState.PUBLISHED: ("已通报", "Published"),
        RoundState.CANCELLED: ("已取消", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="collect",
            from_states=frozenset({RoundState.PLANNED}),
            to_state=RoundState.COLLECTING,
            permission=Permission.ROUND_COLLECT,
            zh="开始采集",
            en="Start collecting",
            guard="indicators_are_published",
            basis="民发〔2016〕242号",
        ),
        Transition(
            verb="score",
            from_states=frozenset({RoundState.COLLECTING}),
            to_state=RoundState.SCORED,
            permission=Permission.ROUND_SCORE,
            zh="评分",
            en="Score",
            guard="figures_come_from_records",
            basis="民发〔2016〕242号",
        ),
        Transition(
            verb="ask_feedback",
            from_states=frozenset({RoundState.SCORED}),
            to_state=RoundState.IN_FEEDBACK,
            permission=Permission.ROUND_ASK_FEEDBACK,
            zh="征求被评价单位意见",
            en="Ask the offices",
            deadline="evaluation_feedback_wd",
            basis="民发〔2016〕242号",
        ),
        Transition(
            verb="rescore",
            from_states=frozenset({RoundState.IN_FEEDBACK}),
            to_state=RoundState.SCORED,
            permission=Permission.ROUND_RESCORE,
            zh="复核评分",
            en="Score again",
            guard="reason_is_given",
            basis="民发〔2016〕242号",
        ),
        Transition(
            verb="confirm",
            from_states=frozenset({RoundState.IN_FEEDBACK}),
            to_state=RoundState.CONFIRMED,
            permission=Permission.ROUND_CONFIRM,
            zh="确认",
            en="Confirm",
            basis="社会救助法第六十六条至第六十九条",
        ),
        Transition(
            verb="publish",
            from_states=frozenset({RoundState.CONFIRMED}),
            to_state=RoundState.PUBLISHED,
            permission=Permission.ROUND_PUBLISH,
            zh="通报",
            en="Publish",
            notice="evaluation_result",
            basis="《统筹完善社会救助体系工作意见》三（三）",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({RoundState.PLANNED, RoundState.COLLECTING}),
            to_state=RoundState.CANCELLED,
            permission=Permission.ROUND_CANCEL,
            zh="取消",
            en="Cancel",
            guard="reason_is_given",
            basis="民发〔2016〕242号",
        ),
    ),
)

CAMPAIGNS = TransitionTable(
    states=CampaignState,
    initial=CampaignState.PLANNED,
    names={
        CampaignState.PLANNED: ("已计划", "Planned"),
        CampaignState.RUNNING: ("进行中", "Running"),
        CampaignState.ENDED: ("已结束", "Ended"),
        CampaignState.ASSESSED: ("已评估", "Assessed"),
        CampaignState.CANCELLED: ("已取消", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="begin",
            from_states=frozenset({CampaignState.PLANNED}),
            to_state=CampaignState.RUNNING,
            permission=Permission.CAMPAIGN_BEGIN,
            zh="开始",
            en="Begin",
            basis="《统筹完善社会救助体系工作意见》三（三）",
        ),
        Transition(
            verb="end",
            from_states=frozenset({CampaignState.RUNNING}),
            to_state=CampaignState.ENDED,
            permission=Permission.CAMPAIGN_END,
            zh="结束",
            en="End",
            deadline="campaign_assessment_wd",
            basis="《统筹完善社会救助体系工作意见》三（三）",
        ),
        Transition(
            verb="assess",
            from_states=frozenset({CampaignState.ENDED}),
            to_state=CampaignState.ASSESSED,
            permission=Permission.CAMPAIGN_ASSESS,
            zh="评估效果",
            en="Assess",
            guard="reach_is_measured",
            basis="《统筹完善社会救助体系工作意见》三（三）",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({CampaignState.PLANNED}),
            to_state=CampaignState.CANCELLED,
            permission=Permission.CAMPAIGN_CANCEL,
            zh="取消",
            en="Cancel",
            guard="reason_is_given",
            basis="《统筹完善社会救助体系工作意见》三（三）",
        ),
    ),
)
