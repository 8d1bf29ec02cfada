"""What may be done in the room application (受理), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    LEAD_VIEW = "application.lead.view"
    LEAD_REPORT = "application.lead.report"
    LEAD_ASSIGN = "application.lead.assign"
    LEAD_VISIT = "application.lead.visit"
    LEAD_HELP_APPLY = "application.lead.help_apply"
    LEAD_REFER = "application.lead.refer"
    LEAD_CLOSE = "application.lead.close"
    APPLICATION_VIEW = "application.application.view"
    APPLICATION_DRAFT = "application.application.draft"
    APPLICATION_SUBMIT = "application.application.submit"
    APPLICATION_GIVE_NOTICE = "application.application.give_notice"
    APPLICATION_COMPLETE = "application.application.complete"
    APPLICATION_ACCEPT = "application.application.accept"
    APPLICATION_NOT_ACCEPT = "application.application.not_accept"
    APPLICATION_TRANSFER = "application.application.transfer"
    APPLICATION_WITHDRAW = "application.application.withdraw"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.LEAD_VIEW: ("查看主动发现线索", "See leads of people in need"),
    Permission.LEAD_REPORT: ("报告需要救助的群众", "Report a person in need"),
    Permission.LEAD_ASSIGN: ("将线索派给走访人员", "Assign a lead to a visitor"),
    Permission.LEAD_VISIT: ("登记线索走访情况", "Record the visit of a lead"),
    Permission.LEAD_HELP_APPLY: ("帮助走访对象提出申请", "Help a visited person to apply"),
    Permission.LEAD_REFER: ("将线索转给其他部门或单位", "Refer a lead to another department or body"),
    Permission.LEAD_CLOSE: ("以无需救助办结线索", "Close a lead as not in need"),
    Permission.APPLICATION_VIEW: ("查看申请", "See applications"),
    Permission.APPLICATION_DRAFT: ("填写申请（本人或受托代办）", "Fill in an application, for oneself or entrusted"),
    Permission.APPLICATION_SUBMIT: ("提交申请（本人或受托代办）", "Submit an application, for oneself or entrusted"),
    Permission.APPLICATION_GIVE_NOTICE: ("一次性告知需要补正的材料", "Tell the applicant once what is missing"),
    Permission.APPLICATION_COMPLETE: ("登记补正材料", "Hand in what was missing"),
    Permission.APPLICATION_ACCEPT: ("受理申请", "Accept an application"),
    Permission.APPLICATION_NOT_ACCEPT: ("作出不予受理决定", "Decide not to accept an application"),
    Permission.APPLICATION_TRANSFER: ("将申请移送有管辖权的单位", "Transfer an application to the competent office"),
    Permission.APPLICATION_WITHDRAW: ("撤回申请", "Withdraw an application"),
}

# what a citizen may do, on applications of the own household
CITIZEN_PERMISSIONS: frozenset[str] = frozenset(
    {
        Permission.APPLICATION_VIEW,
        Permission.APPLICATION_DRAFT,
        Permission.APPLICATION_SUBMIT,
        Permission.APPLICATION_COMPLETE,
        Permission.APPLICATION_WITHDRAW,
    }
)
