"""What may be done in the room evaluation (评估), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    ROUND_VIEW = "evaluation.round.view"
    ROUND_PLAN = "evaluation.round.plan"
    ROUND_COLLECT = "evaluation.round.collect"
    ROUND_SCORE = "evaluation.round.score"
    ROUND_ASK_FEEDBACK = "evaluation.round.ask_feedback"
    ROUND_RESCORE = "evaluation.round.rescore"
    ROUND_CONFIRM = "evaluation.round.confirm"
    ROUND_PUBLISH = "evaluation.round.publish"
    ROUND_CANCEL = "evaluation.round.cancel"
    CAMPAIGN_VIEW = "evaluation.campaign.view"
    CAMPAIGN_PLAN = "evaluation.campaign.plan"
    CAMPAIGN_BEGIN = "evaluation.campaign.begin"
    CAMPAIGN_END = "evaluation.campaign.end"
    CAMPAIGN_ASSESS = "evaluation.campaign.assess"
    CAMPAIGN_CANCEL = "evaluation.campaign.cancel"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.ROUND_VIEW: ("查看绩效评价", "See performance evaluations"),
    Permission.ROUND_PLAN: ("部署绩效评价", "Plan a performance evaluation"),
    Permission.ROUND_COLLECT: ("开始采集评价数据", "Start collecting figures"),
    Permission.ROUND_SCORE: ("评分", "Score the offices"),
    Permission.ROUND_ASK_FEEDBACK: ("征求被评价单位意见", "Ask the offices for their view"),
    Permission.ROUND_RESCORE: ("复核评分", "Score again after feedback"),
    Permission.ROUND_CONFIRM: ("确认评价结果", "Confirm an evaluation"),
    Permission.ROUND_PUBLISH: ("通报评价结果", "Publish an evaluation"),
    Permission.ROUND_CANCEL: ("取消绩效评价", "Cancel an evaluation"),
    Permission.CAMPAIGN_VIEW: ("查看宣传活动", "See campaigns"),
    Permission.CAMPAIGN_PLAN: ("计划宣传活动", "Plan a campaign"),
    Permission.CAMPAIGN_BEGIN: ("开始宣传活动", "Begin a campaign"),
    Permission.CAMPAIGN_END: ("结束宣传活动", "End a campaign"),
    Permission.CAMPAIGN_ASSESS: ("评估宣传效果", "Assess a campaign"),
    Permission.CAMPAIGN_CANCEL: ("取消宣传活动", "Cancel a campaign"),
}
