"""What may be done in the room determination (审核确认), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    DETERMINATION_VIEW = "determination.determination.view"
    DETERMINATION_OPEN = "determination.determination.open"
    DETERMINATION_EVALUATE = "determination.determination.evaluate"
    DETERMINATION_GIVE_OPINION = "determination.determination.give_opinion"
    DETERMINATION_POST = "determination.determination.post"
    DETERMINATION_OBJECT = "determination.determination.object"
    DETERMINATION_REINVESTIGATE = "determination.determination.reinvestigate"
    DETERMINATION_DISMISS_OBJECTION = "determination.determination.dismiss_objection"
    DETERMINATION_END_NOTICE = "determination.determination.end_notice"
    DETERMINATION_SEND_BACK = "determination.determination.send_back"
    DETERMINATION_APPROVE = "determination.determination.approve"
    DETERMINATION_APPROVE_WITHOUT_NOTICE = "determination.determination.approve_without_notice"
    DETERMINATION_REFUSE = "determination.determination.refuse"
    DETERMINATION_TERMINATE = "determination.determination.terminate"
    DETERMINATION_WITHDRAW = "determination.determination.withdraw"
    BENEFIT_VIEW = "determination.benefit.view"
    BENEFIT_REVIEW = "determination.benefit.review"
    BENEFIT_KEEP = "determination.benefit.keep"
    BENEFIT_INCREASE = "determination.benefit.increase"
    BENEFIT_PROPOSE_CHANGE = "determination.benefit.propose_change"
    BENEFIT_HEAR = "determination.benefit.hear"
    BENEFIT_DROP_CHANGE = "determination.benefit.drop_change"
    BENEFIT_REDUCE = "determination.benefit.reduce"
    BENEFIT_ENTER_GRADUAL_EXIT = "determination.benefit.enter_gradual_exit"
    BENEFIT_POST_END = "determination.benefit.post_end"
    BENEFIT_END = "determination.benefit.end"
    BENEFIT_GIVE_UP = "determination.benefit.give_up"
    BENEFIT_END_ON_DEATH = "determination.benefit.end_on_death"
    SCREENING_VIEW = "determination.screening.view"
    SCREENING_RUN = "determination.screening.run"
    REMEDY_VIEW = "determination.remedy.view"
    REMEDY_REGISTER = "determination.remedy.register"
    REMEDY_ACCEPT = "determination.remedy.accept"
    REMEDY_REJECT = "determination.remedy.reject"
    REMEDY_UPHOLD = "determination.remedy.uphold"
    REMEDY_CHANGE = "determination.remedy.change"
    REMEDY_REVOKE = "determination.remedy.revoke"
    REMEDY_ORDER = "determination.remedy.order"
    REMEDY_WITHDRAW = "determination.remedy.withdraw"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.DETERMINATION_VIEW: ("查看审核确认", "See determinations"),
    Permission.DETERMINATION_OPEN: ("发起审核", "Open a determination"),
    Permission.DETERMINATION_EVALUATE: ("运行政策测算（仅供参考）", "Run the packs' evaluation (a proposal only)"),
    Permission.DETERMINATION_GIVE_OPINION: ("提出初审意见", "Give the first opinion"),
    Permission.DETERMINATION_POST: ("将初审意见交付公示", "Hand the opinion over to public notice"),
    Permission.DETERMINATION_OBJECT: ("登记公示期间的异议", "Record an objection during public notice"),
    Permission.DETERMINATION_REINVESTIGATE: ("重新调查", "Investigate again"),
    Permission.DETERMINATION_DISMISS_OBJECTION: ("认定公示异议不成立", "Find an objection unfounded"),
    Permission.DETERMINATION_END_NOTICE: ("登记公示期满", "Record the end of public notice"),
    Permission.DETERMINATION_SEND_BACK: ("退回乡镇（街道）补充调查", "Send a case back for further investigation"),
    Permission.DETERMINATION_APPROVE: ("作出确认决定", "Decide to approve"),
    Permission.DETERMINATION_APPROVE_WITHOUT_NOTICE: (
        "对依规不公示的事项作出确认决定",
        "Decide to approve where public notice is forbidden or not required",
    ),
    Permission.DETERMINATION_REFUSE: ("作出不予确认决定", "Decide to refuse"),
    Permission.DETERMINATION_TERMINATE: ("终止审核程序", "Terminate the procedure"),
    Permission.DETERMINATION_WITHDRAW: ("登记撤回申请", "Record the withdrawal of an application"),
    Permission.BENEFIT_VIEW: ("查看在保待遇", "See running benefits"),
    Permission.BENEFIT_REVIEW: ("启动定期复核或抽查", "Start a periodic review or spot check"),
    Permission.BENEFIT_KEEP: ("维持原待遇", "Keep a benefit as it is"),
    Permission.BENEFIT_INCREASE: ("增发救助金", "Increase a benefit"),
    Permission.BENEFIT_PROPOSE_CHANGE: ("提出减发或停发", "Propose to reduce or end a benefit"),
    Permission.BENEFIT_HEAR: ("听取救助对象意见", "Hear the recipient"),
    Permission.BENEFIT_DROP_CHANGE: ("不作减发或停发", "Drop a proposal to reduce or end"),
    Permission.BENEFIT_REDUCE: ("作出减发决定", "Decide to reduce a benefit"),
    Permission.BENEFIT_ENTER_GRADUAL_EXIT: ("决定进入渐退期", "Decide on a gradual exit"),
    Permission.BENEFIT_POST_END: ("公示拟终止的待遇", "Post the intended end of a benefit"),
    Permission.BENEFIT_END: ("作出终止决定", "Decide to end a benefit"),
    Permission.BENEFIT_GIVE_UP: ("登记自愿放弃", "Record that a benefit is given up"),
    Permission.BENEFIT_END_ON_DEATH: ("因死亡终止待遇", "End a benefit on death"),
    Permission.SCREENING_VIEW: ("查看政策筛查结果", "See what a screening found"),
    Permission.SCREENING_RUN: ("对在册家庭进行政策筛查", "Screen the registered households"),
    Permission.REMEDY_VIEW: ("查看复议诉讼", "See remedies"),
    Permission.REMEDY_REGISTER: ("登记复议诉讼", "Register a remedy"),
    Permission.REMEDY_ACCEPT: ("登记复议诉讼受理", "Record that a remedy was accepted"),
    Permission.REMEDY_REJECT: ("登记复议诉讼不予受理", "Record that a remedy was not accepted"),
    Permission.REMEDY_UPHOLD: ("登记复议诉讼维持结果", "Record that the decision was upheld"),
    Permission.REMEDY_CHANGE: ("登记复议诉讼变更结果", "Record that the decision was changed"),
    Permission.REMEDY_REVOKE: ("登记复议诉讼撤销结果", "Record that the decision was revoked"),
    Permission.REMEDY_ORDER: ("登记责令履行", "Record that performance was ordered"),
    Permission.REMEDY_WITHDRAW: ("登记撤回复议诉讼", "Record that a remedy was withdrawn"),
}
