"""What may be done in this room; a role names the permissions it holds in `data/roles.yaml`."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, `organization.object.verb`."""

    DIVISION_VIEW = "organization.division.view"
    DIVISION_CHANGE = "organization.division.change"
    ZONE_ADD = "organization.zone.add"
    FIGURES_RECORD = "organization.figures.record"
    OFFICE_VIEW = "organization.office.view"
    OFFICE_CHANGE = "organization.office.change"
    POST_VIEW = "organization.post.view"
    POST_CHANGE = "organization.post.change"
    STAFF_VIEW = "organization.staff.view"
    STAFF_REGISTER = "organization.staff.register"
    STAFF_EXPORT = "organization.staff.export"
    APPOINTMENT_MAKE = "organization.appointment.make"
    APPOINTMENT_END = "organization.appointment.end"
    ROLE_VIEW = "organization.role.view"
    DUTY_VIEW = "organization.duty.view"
    GROUP_VIEW = "organization.group.view"
    GROUP_FORM = "organization.group.form"
    RELATIVE_VIEW = "organization.relative.view"
    RELATIVE_FILE = "organization.relative.file"
    RELATIVE_FILE_FOR_OTHERS = "organization.relative.file_for_others"
    SERVICE_VIEW = "organization.service.view"
    SERVICE_RECORD = "organization.service.record"
    SERVICE_EVALUATE = "organization.service.evaluate"
    WORKFORCE_VIEW = "organization.workforce.view"
    SETUP_LOAD = "organization.setup.load"


PERMISSION_NAMES: dict[Permission, tuple[str, str]] = {
    Permission.DIVISION_VIEW: ("查看区划", "View divisions"),
    Permission.DIVISION_CHANGE: ("新设、更名、撤销、合并区划", "Create, rename, close and merge divisions"),
    Permission.ZONE_ADD: (
        "增设功能区并确定其管理机构",
        "Add functional zones and name the office that administers them",
    ),
    Permission.FIGURES_RECORD: ("登记区划人口与服务半径", "Record the population and service radius of a division"),
    Permission.OFFICE_VIEW: ("查看机构", "View offices"),
    Permission.OFFICE_CHANGE: ("设立、撤销、更名机构", "Open, close and rename offices"),
    Permission.POST_VIEW: ("查看岗位", "View posts"),
    Permission.POST_CHANGE: ("设置、撤销岗位", "Create and close posts"),
    Permission.STAFF_VIEW: ("查看工作人员", "View staff"),
    Permission.STAFF_REGISTER: ("登记、导入工作人员并开通账号", "Register and import staff and open their accounts"),
    Permission.STAFF_EXPORT: ("导出工作人员名册", "Export the staff roll"),
    Permission.APPOINTMENT_MAKE: ("任命（授予岗位权限）", "Appoint (grant the powers of a post)"),
    Permission.APPOINTMENT_END: ("结束任职、立即收回岗位权限", "End an appointment or take its powers back at once"),
    Permission.ROLE_VIEW: ("查看角色与权限", "View roles and permissions"),
    Permission.DUTY_VIEW: ("查看职责清单", "View the duty list"),
    Permission.GROUP_VIEW: ("查看社会救助工作领导小组", "View leading groups"),
    Permission.GROUP_FORM: ("成立、调整社会救助工作领导小组", "Form and change leading groups"),
    Permission.RELATIVE_VIEW: ("查看近亲属备案", "View near-relative filings"),
    Permission.RELATIVE_FILE: ("办理本人近亲属备案", "File one's own near relatives"),
    Permission.RELATIVE_FILE_FOR_OTHERS: ("代他人办理近亲属备案", "File near relatives for others"),
    Permission.SERVICE_VIEW: ("查看政府购买服务清单", "View the list of purchased services"),
    Permission.SERVICE_RECORD: ("登记政府购买服务项目", "Record purchased services"),
    Permission.SERVICE_EVALUATE: ("监督评估政府购买服务", "Supervise and evaluate purchased services"),
    Permission.WORKFORCE_VIEW: ("查看工作力量配备与缺口", "View the workforce and its gaps"),
    Permission.SETUP_LOAD: ("装载区划、部门与服务网络初始数据", "Load divisions, departments and the service network"),
}
