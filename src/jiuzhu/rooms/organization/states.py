"""Kinds and states of the room's things, their names in Chinese and English, and what may follow what."""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.organization.permissions import Permission


class DivisionKind(StrEnum):
    """Whether a division's code comes from the State or from the city."""

    STATUTORY = "statutory"
    FUNCTIONAL_ZONE = "functional_zone"


class OfficeKind(StrEnum):
    """What kind of body an office is."""

    CIVIL_AFFAIRS = "civil_affairs"
    DEPARTMENT = "department"
    PARTY_ORGAN = "party_organ"
    MASS_ORGANIZATION = "mass_organization"
    ZONE_COMMITTEE = "zone_committee"
    TOWNSHIP_GOVERNMENT = "township_government"
    SERVICE_CENTRE = "service_centre"
    ONE_WINDOW_DESK = "one_window_desk"
    STATION = "station"
    VERIFICATION_CENTRE = "verification_centre"
    LEADING_GROUP_OFFICE = "leading_group_office"
    BANK = "bank"
    UTILITY = "utility"
    SOCIAL_ORGANIZATION = "social_organization"


class EmploymentKind(StrEnum):
    """On what footing a person works."""

    CIVIL_SERVANT = "civil_servant"
    PUBLIC_INSTITUTION = "public_institution"
    PURCHASED_SERVICE = "purchased_service"
    PUBLIC_WELFARE_POST = "public_welfare_post"
    COMMITTEE_MEMBER = "committee_member"
    OUTSIDE = "outside"


class AppointmentState(StrEnum):
    """Where an appointment stands; whether it is in force on a day follows from its dates."""

    APPOINTED = "appointed"
    ENDED = "ended"
    REVOKED = "revoked"


class FilingState(StrEnum):
    """Where a near-relative filing stands."""

    FILED = "filed"
    WITHDRAWN = "withdrawn"


class NearRelation(StrEnum):
    """Near relatives (近亲属): 民法典 art. 1045, the same list as in 民发〔2012〕220号 art. 14."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"


class GroupRole(StrEnum):
    """The seat of a member in a leading group."""

    HEAD = "head"
    DEPUTY = "deputy"
    MEMBER = "member"


class ProcurementMethod(StrEnum):
    """How a service is bought (政府采购法 art. 26 and the rules made under it)."""

    OPEN_TENDER = "open_tender"
    INVITED_TENDER = "invited_tender"
    COMPETITIVE_CONSULTATION = "competitive_consultation"
    COMPETITIVE_NEGOTIATION = "competitive_negotiation"
    SINGLE_SOURCE = "single_source"
    INQUIRY = "inquiry"
    FRAMEWORK_AGREEMENT = "framework_agreement"


class ServiceState(StrEnum):
    """Where a purchased service stands."""

    LISTED = "listed"
    CONTRACTED = "contracted"
    EVALUATED = "evaluated"
    CANCELLED = "cancelled"


APPOINTMENT_STATE_NAMES: dict[AppointmentState, tuple[str, str]] = {
    AppointmentState.APPOINTED: ("已任命", "appointed"),
    AppointmentState.ENDED: ("已结束", "ended"),
    AppointmentState.REVOKED: ("已收回", "revoked"),
}
FILING_STATE_NAMES: dict[FilingState, tuple[str, str]] = {
    FilingState.FILED: ("已备案", "filed"),
    FilingState.WITHDRAWN: ("已撤回", "withdrawn"),
}
SERVICE_STATE_NAMES: dict[ServiceState, tuple[str, str]] = {
    ServiceState.LISTED: ("已列入清单", "listed"),
    ServiceState.CONTRACTED: ("已签订合同", "contracted"),
    ServiceState.EVALUATED: ("已评估", "evaluated"),
    ServiceState.CANCELLED: ("已取消", "cancelled"),
}

APPOINTMENTS = TransitionTable(
    states=AppointmentState,
    initial=AppointmentState.APPOINTED,
    names=APPOINTMENT_STATE_NAMES,
    transitions=(
        Transition(
            verb="end",
            from_states=frozenset({AppointmentState.APPOINTED}),
            to_state=AppointmentState.ENDED,
            permission=Permission.APPOINTMENT_END,
            zh="结束任职",
            en="End the appointment",
            basis="任免文件",
        ),
        Transition(
            verb="revoke",
            from_states=frozenset({AppointmentState.APPOINTED}),
            to_state=AppointmentState.REVOKED,
            permission=Permission.APPOINTMENT_END,
            zh="立即收回权限",
            en="Take the powers back at once",
            basis="GB/T 22239-2019 8.1.4.2",
        ),
    ),
)

FILINGS = TransitionTable(
    states=FilingState,
    initial=FilingState.FILED,
    names=FILING_STATE_NAMES,
    transitions=(
        Transition(
            verb="withdraw",
            from_states=frozenset({FilingState.FILED}),
            to_state=FilingState.WITHDRAWN,
            permission=Permission.RELATIVE_FILE,
            zh="撤回备案",
            en="Withdraw the filing",
            basis="民发〔2021〕57号第十一条",
        ),
    ),
)

SERVICES = TransitionTable(
    states=ServiceState,
    initial=ServiceState.LISTED,
    names=SERVICE_STATE_NAMES,
    transitions=(
        Transition(
            verb="contract",
            from_states=frozenset({ServiceState.LISTED}),
            to_state=ServiceState.CONTRACTED,
            permission=Permission.SERVICE_RECORD,
            zh="登记合同",
            en="Record the contract",
            basis="政府购买服务管理办法（财政部令第102号）",
        ),
        Transition(
            verb="evaluate",
            from_states=frozenset({ServiceState.CONTRACTED, ServiceState.EVALUATED}),
            to_state=ServiceState.EVALUATED,
            permission=Permission.SERVICE_EVALUATE,
            zh="监督评估",
            en="Evaluate",
            basis="政府购买服务管理办法（财政部令第102号）",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({ServiceState.LISTED}),
            to_state=ServiceState.CANCELLED,
            permission=Permission.SERVICE_RECORD,
            zh="取消",
            en="Cancel",
            basis="统筹完善社会救助体系工作意见二（四）2",
        ),
    ),
)

DIVISION_KIND_NAMES: dict[DivisionKind, tuple[str, str]] = {
    DivisionKind.STATUTORY: ("法定区划", "statutory division"),
    DivisionKind.FUNCTIONAL_ZONE: ("功能区（非GB/T 2260代码）", "functional zone (code not in GB/T 2260)"),
}
OFFICE_KIND_NAMES: dict[OfficeKind, tuple[str, str]] = {
    OfficeKind.CIVIL_AFFAIRS: ("民政部门", "civil affairs"),
    OfficeKind.DEPARTMENT: ("部门", "department"),
    OfficeKind.PARTY_ORGAN: ("党委工作部门", "Party organ"),
    OfficeKind.MASS_ORGANIZATION: ("群团组织", "mass organisation"),
    OfficeKind.ZONE_COMMITTEE: ("功能区管理机构", "administering body of a functional zone"),
    OfficeKind.TOWNSHIP_GOVERNMENT: ("乡镇人民政府（街道办事处）", "township government or sub-district office"),
    OfficeKind.SERVICE_CENTRE: ("县级社会救助综合服务中心", "county social assistance service centre"),
    OfficeKind.ONE_WINDOW_DESK: ("乡镇（街道）一窗受理窗口", "township one-window desk"),
    OfficeKind.STATION: ("村（居）社会救助工作站", "village social assistance station"),
    OfficeKind.VERIFICATION_CENTRE: ("核对机构", "verification centre"),
    OfficeKind.LEADING_GROUP_OFFICE: ("领导小组办公室", "office of the leading group"),
    OfficeKind.BANK: ("银行", "bank"),
    OfficeKind.UTILITY: ("公用事业单位", "utility"),
    OfficeKind.SOCIAL_ORGANIZATION: ("社会组织", "social organisation"),
}
EMPLOYMENT_KIND_NAMES: dict[EmploymentKind, tuple[str, str]] = {
    EmploymentKind.CIVIL_SERVANT: ("公务员", "civil servant"),
    EmploymentKind.PUBLIC_INSTITUTION: ("事业编制", "public institution staff"),
    EmploymentKind.PURCHASED_SERVICE: ("政府购买服务", "purchased service"),
    EmploymentKind.PUBLIC_WELFARE_POST: ("公益性岗位", "public-welfare post"),
    EmploymentKind.COMMITTEE_MEMBER: ("村（居）民委员会成员", "member of a village or residents' committee"),
    EmploymentKind.OUTSIDE: ("外部单位人员", "person of an outside body"),
}
NEAR_RELATION_NAMES: dict[NearRelation, tuple[str, str]] = {
    NearRelation.SPOUSE: ("配偶", "spouse"),
    NearRelation.PARENT: ("父母", "parent"),
    NearRelation.CHILD: ("子女", "child"),
    NearRelation.SIBLING: ("兄弟姐妹", "brother or sister"),
    NearRelation.GRANDPARENT: ("祖父母、外祖父母", "grandparent"),
    NearRelation.GRANDCHILD: ("孙子女、外孙子女", "grandchild"),
}
GROUP_ROLE_NAMES: dict[GroupRole, tuple[str, str]] = {
    GroupRole.HEAD: ("组长", "head"),
    GroupRole.DEPUTY: ("副组长", "deputy"),
    GroupRole.MEMBER: ("成员", "member"),
}
PROCUREMENT_METHOD_NAMES: dict[ProcurementMethod, tuple[str, str]] = {
    ProcurementMethod.OPEN_TENDER: ("公开招标", "open tender"),
    ProcurementMethod.INVITED_TENDER: ("邀请招标", "invited tender"),
    ProcurementMethod.COMPETITIVE_CONSULTATION: ("竞争性磋商", "competitive consultation"),
    ProcurementMethod.COMPETITIVE_NEGOTIATION: ("竞争性谈判", "competitive negotiation"),
    ProcurementMethod.SINGLE_SOURCE: ("单一来源采购", "single source"),
    ProcurementMethod.INQUIRY: ("询价", "inquiry"),
    ProcurementMethod.FRAMEWORK_AGREEMENT: ("框架协议采购", "framework agreement"),
}
