"""What may be done in the registry, each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    PERSON_VIEW = "registry.person.view"
    PERSON_SEE_IDENTITY = "registry.person.see_identity"
    PERSON_SEE_PROTECTED = "registry.person.see_protected"
    PERSON_CORRECT = "registry.person.correct"
    PERSON_MERGE = "registry.person.merge"
    PERSON_PROTECT = "registry.person.protect"
    HOUSEHOLD_VIEW = "registry.household.view"
    HOUSEHOLD_REGISTER = "registry.household.register"
    HOUSEHOLD_CHANGE = "registry.household.change"
    HOUSEHOLD_SPLIT = "registry.household.split"
    FACT_RECORD = "registry.fact.record"
    FACT_VERIFY = "registry.fact.verify"
    FACT_WITHDRAW = "registry.fact.withdraw"
    GROUP_TAG = "registry.group.tag"
    EVENT_RECORD = "registry.event.record"
    GUARDIAN_SET = "registry.guardian.set"
    AUTHORISATION_GRANT = "registry.authorisation.grant"
    AUTHORISATION_WITHDRAW = "registry.authorisation.withdraw"
    CITIZEN_LINK = "registry.citizen.link"
    HISTORY_VIEW = "registry.history.view"
    STATISTICS_VIEW = "registry.statistics.view"
    POPULATION_SCREEN = "registry.population.screen"


PERMISSION_NAMES: dict[Permission, tuple[str, str]] = {
    Permission.PERSON_VIEW: ("查看人员信息（证件、电话已遮盖）", "See persons (numbers masked)"),
    Permission.PERSON_SEE_IDENTITY: ("查看完整证件号、电话和住址（留痕）", "See whole numbers and addresses (logged)"),
    Permission.PERSON_SEE_PROTECTED: ("查看受保护人员的住址和电话（留痕）", "See protected persons' address (logged)"),
    Permission.PERSON_CORRECT: ("更正人员姓名、出生日期等信息", "Correct a person's particulars"),
    Permission.PERSON_MERGE: ("合并重复人员并可撤销", "Merge persons registered twice, and undo it"),
    Permission.PERSON_PROTECT: ("设置或解除人员保护", "Protect a person"),
    Permission.HOUSEHOLD_VIEW: ("查看家庭信息", "See households"),
    Permission.HOUSEHOLD_REGISTER: ("登记家庭", "Register a household"),
    Permission.HOUSEHOLD_CHANGE: ("变更家庭成员和户主", "Change members and head"),
    Permission.HOUSEHOLD_SPLIT: ("分户并可撤销", "Split a household, and undo it"),
    Permission.FACT_RECORD: ("登记情况", "Record facts"),
    Permission.FACT_VERIFY: ("登记核对（部门数据）情况", "Record facts verified by departments"),
    Permission.FACT_WITHDRAW: ("撤回已登记的情况", "Withdraw facts"),
    Permission.GROUP_TAG: ("标注困难群众类别", "Tag target groups"),
    Permission.EVENT_RECORD: ("登记出生、死亡、迁移等事件", "Record life events"),
    Permission.GUARDIAN_SET: ("登记监护关系", "Record guardianship"),
    Permission.AUTHORISATION_GRANT: ("登记核对授权", "Record an authorisation"),
    Permission.AUTHORISATION_WITHDRAW: ("撤回核对授权", "Withdraw an authorisation"),
    Permission.CITIZEN_LINK: ("将群众账号与本人信息关联", "Link a citizen's account to the person"),
    Permission.HISTORY_VIEW: ("查看变更历史", "See the history of changes"),
    Permission.STATISTICS_VIEW: ("查看人数统计", "See counts"),
    Permission.POPULATION_SCREEN: ("对全部在册家庭进行政策筛查和测算", "Screen all registered households"),
}

CITIZEN_PERMISSIONS: frozenset[str] = frozenset(
    {Permission.PERSON_VIEW, Permission.HOUSEHOLD_VIEW, Permission.HISTORY_VIEW, Permission.AUTHORISATION_WITHDRAW}
)
