"""States and steps of the room application (受理).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.application.permissions import Permission


class LeadState(StrEnum):
    """Life of a lead: a person in need found by others; found, visited, told and helped, each within its time."""

    REPORTED = "reported"
    ASSIGNED = "assigned"
    VISITED = "visited"
    APPLIED = "applied"
    REFERRED = "referred"
    NOT_IN_NEED = "not_in_need"


class ApplicationState(StrEnum):
    """Life of an application until it is accepted. What is missing is told once and completely; a refusal to accept
    is written.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NOTICE_GIVEN = "notice_given"
    COMPLETED = "completed"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"


class LeadSource(StrEnum):
    """Who found a person in need (社会救助法 arts. 35, 36, 39)."""

    VILLAGE = "village"
    HOTLINE = "hotline"
    NEIGHBOUR = "neighbour"
    COURT = "court"
    PROCURATORATE = "procuratorate"
    POLICE = "police"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    DEPARTMENT = "department"
    MONITORING = "monitoring"
    CHARITY = "charity"
    OTHER = "other"


class Channel(StrEnum):
    """Where an application is made (社会救助法 arts. 37, 63, 64)."""

    PORTAL = "portal"
    WINDOW = "window"
    ASSISTANT = "assistant"
    LEAD = "lead"


class Venue(StrEnum):
    """By which rule an office is in charge of a case (社会救助法 art. 37); the words are those of the packs."""

    REGISTRATION = "registration"
    RESIDENCE = "residence"
    PLACE_OF_EVENT = "place_of_event"
    ANY = "any"


class NeedKind(StrEnum):
    """What a household says that it needs (社会救助法 arts. 25–36, 57–59); the room referral hands it on."""

    EDUCATION = "education"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    MEDICAL = "medical"
    LEGAL_AID = "legal_aid"
    REHABILITATION = "rehabilitation"
    DISASTER = "disaster"
    CARE = "care"
    CHILDREN = "children"
    LIVELIHOOD = "livelihood"
    OTHER = "other"


class AnswerOrigin(StrEnum):
    """Where the value of an answer comes from."""

    DECLARED = "declared"
    VISITED = "visited"
    VERIFIED = "verified"


class SignedPaper(StrEnum):
    """What a person signs with the form: that it is true (守信承诺), that it may be checked (核对授权)."""

    UNDERTAKING = "undertaking"
    AUTHORISATION = "authorisation"


class Signing(StrEnum):
    """How it is signed."""

    SCREEN = "screen"
    PAPER = "paper"
    UNIFIED_IDENTITY = "unified_identity"


class MaterialForm(StrEnum):
    """How a paper is handed in; an undertaking stands in for it where the packs accept one (告知承诺)."""

    ORIGINAL = "original"
    COPY = "copy"
    PHOTO = "photo"
    ELECTRONIC = "electronic"
    UNDERTAKING = "undertaking"


# what is not settled yet; no second application for the same may stand beside it
OPEN_STATES = frozenset({ApplicationState.SUBMITTED, ApplicationState.NOTICE_GIVEN, ApplicationState.COMPLETED})

LEAD_SOURCE_NAMES: dict[LeadSource, tuple[str, str]] = {
    LeadSource.VILLAGE: ("村（居）走访", "Village visit"),
    LeadSource.HOTLINE: ("救助热线", "Hotline"),
    LeadSource.NEIGHBOUR: ("邻里反映", "Neighbours"),
    LeadSource.COURT: ("人民法院", "Court"),
    LeadSource.PROCURATORATE: ("人民检察院", "Procuratorate"),
    LeadSource.POLICE: ("公安机关", "Police"),
    LeadSource.SCHOOL: ("学校", "School"),
    LeadSource.HOSPITAL: ("医疗机构", "Hospital"),
    LeadSource.DEPARTMENT: ("其他部门", "Another department"),
    LeadSource.MONITORING: ("低收入人口动态监测预警", "Alert of the low-income monitoring"),
    LeadSource.CHARITY: ("慈善组织", "Charity"),
    LeadSource.OTHER: ("其他", "Other"),
}
CHANNEL_NAMES: dict[Channel, tuple[str, str]] = {
    Channel.PORTAL: ("网上申请", "Online"),
    Channel.WINDOW: ("乡镇（街道）窗口", "Township window"),
    Channel.ASSISTANT: ("村（居）帮办代办", "Village assistant"),
    Channel.LEAD: ("主动发现", "Found by visit or report"),
}
VENUE_NAMES: dict[Venue, tuple[str, str]] = {
    Venue.REGISTRATION: ("户籍地", "Place of registration"),
    Venue.RESIDENCE: ("居住地", "Place of residence"),
    Venue.PLACE_OF_EVENT: ("急难发生地", "Where the emergency happened"),
    Venue.ANY: ("任一受理点", "Any office"),
}
NEED_NAMES: dict[NeedKind, tuple[str, str]] = {
    NeedKind.EDUCATION: ("教育", "Schooling"),
    NeedKind.HOUSING: ("住房", "Housing"),
    NeedKind.EMPLOYMENT: ("就业", "Work"),
    NeedKind.MEDICAL: ("医疗", "Treatment"),
    NeedKind.LEGAL_AID: ("法律援助", "Legal aid"),
    NeedKind.REHABILITATION: ("康复", "Rehabilitation"),
    NeedKind.DISASTER: ("受灾", "Disaster relief"),
    NeedKind.CARE: ("照料护理", "Care"),
    NeedKind.CHILDREN: ("儿童关爱", "Care for children"),
    NeedKind.LIVELIHOOD: ("基本生活", "Basic living"),
    NeedKind.OTHER: ("其他", "Other"),
}

LEADS = TransitionTable(
    states=LeadState,
    initial=LeadState.REPORTED,
    names={
        LeadState.REPORTED: ("已报告", "Reported"),
        LeadState.ASSIGNED: ("已派单", "Assigned"),
        LeadState.VISITED: ("已走访", "Visited"),
        LeadState.APPLIED: ("已帮助申请", "Helped to apply"),
        LeadState.REFERRED: ("已转办", "Referred"),
        LeadState.NOT_IN_NEED: ("无需救助", "Not in need"),
    },
    transitions=(
        Transition(
            verb="assign",
            from_states=frozenset({LeadState.REPORTED}),
            to_state=LeadState.ASSIGNED,
            permission=Permission.LEAD_ASSIGN,
            zh="派单",
            en="Assign",
            deadline="lead_visit_wd",
            basis="社会救助法第三十九条",
        ),
        Transition(
            verb="visit",
            from_states=frozenset({LeadState.ASSIGNED}),
            to_state=LeadState.VISITED,
            permission=Permission.LEAD_VISIT,
            zh="登记走访",
            en="Record the visit",
            deadline="lead_answer_wd",
            basis="社会救助法第三十九条",
        ),
        Transition(
            verb="help_apply",
            from_states=frozenset({LeadState.VISITED}),
            to_state=LeadState.APPLIED,
            permission=Permission.LEAD_HELP_APPLY,
            zh="帮助提出申请",
            en="Help to apply",
            guard="person_agrees",
            basis="社会救助法第三十九条；民发〔2021〕57号第二十八条",
        ),
        Transition(
            verb="refer",
            from_states=frozenset({LeadState.ASSIGNED, LeadState.VISITED}),
            to_state=LeadState.REFERRED,
            permission=Permission.LEAD_REFER,
            zh="转办",
            en="Refer",
            guard="receiver_is_named",
            basis="社会救助法第三十五条、第三十六条",
        ),
        Transition(
            verb="close",
            from_states=frozenset({LeadState.VISITED}),
            to_state=LeadState.NOT_IN_NEED,
            permission=Permission.LEAD_CLOSE,
            zh="办结（无需救助）",
            en="Close: not in need",
            guard="reason_is_given",
            basis="社会救助法第三十九条",
        ),
    ),
)

APPLICATIONS = TransitionTable(
    states=ApplicationState,
    initial=ApplicationState.DRAFT,
    names={
        ApplicationState.DRAFT: ("填写中", "Draft"),
        ApplicationState.SUBMITTED: ("已提交", "Submitted"),
        ApplicationState.NOTICE_GIVEN: ("已一次性告知补正", "Told what is missing"),
        ApplicationState.COMPLETED: ("已补正", "Completed"),
        ApplicationState.ACCEPTED: ("已受理", "Accepted"),
        ApplicationState.NOT_ACCEPTED: ("不予受理", "Not accepted"),
        ApplicationState.TRANSFERRED: ("已移送", "Transferred"),
        ApplicationState.WITHDRAWN: ("已撤回", "Withdrawn"),
    },
    transitions=(
        Transition(
            verb="submit",
            from_states=frozenset({ApplicationState.DRAFT}),
            to_state=ApplicationState.SUBMITTED,
            permission=Permission.APPLICATION_SUBMIT,
            zh="提交",
            en="Submit",
            guard="undertaking_and_authorisations_are_signed",
            notice="application_receipt",
            basis="社会救助法第三十七条、第三十八条、第四十条",
        ),
        Transition(
            verb="give_notice",
            from_states=frozenset({ApplicationState.SUBMITTED}),
            to_state=ApplicationState.NOTICE_GIVEN,
            permission=Permission.APPLICATION_GIVE_NOTICE,
            zh="一次性告知补正",
            en="Tell what is missing, once",
            guard="nothing_that_can_be_verified_is_asked",
            notice="once_only_notice",
            basis="民发〔2021〕57号第十条；社会救助法第六十二条",
        ),
        Transition(
            verb="complete",
            from_states=frozenset({ApplicationState.NOTICE_GIVEN}),
            to_state=ApplicationState.COMPLETED,
            permission=Permission.APPLICATION_COMPLETE,
            zh="补正",
            en="Complete",
            basis="民发〔2021〕57号第十条",
        ),
        Transition(
            verb="accept",
            from_states=frozenset({ApplicationState.SUBMITTED, ApplicationState.COMPLETED}),
            to_state=ApplicationState.ACCEPTED,
            permission=Permission.APPLICATION_ACCEPT,
            zh="受理",
            en="Accept",
            guard="materials_are_complete",
            deadline="investigation_start_wd",
            notice="acceptance",
            basis="社会救助法第三十七条；民发〔2021〕57号第十条、第十五条",
        ),
        Transition(
            verb="not_accept",
            from_states=frozenset({ApplicationState.SUBMITTED, ApplicationState.COMPLETED}),
            to_state=ApplicationState.NOT_ACCEPTED,
            permission=Permission.APPLICATION_NOT_ACCEPT,
            zh="不予受理",
            en="Do not accept",
            guard="reason_and_remedy_are_given",
            notice="non_acceptance",
            basis="社会救助法第七十条、第七十六条",
        ),
        Transition(
            verb="transfer",
            from_states=frozenset({ApplicationState.SUBMITTED, ApplicationState.COMPLETED}),
            to_state=ApplicationState.TRANSFERRED,
            permission=Permission.APPLICATION_TRANSFER,
            zh="移送有管辖权的单位",
            en="Transfer to the competent office",
            guard="receiver_is_competent",
            notice="application_transferred",
            basis="社会救助法第三十七条、第六十四条",
        ),
        Transition(
            verb="withdraw",
            from_states=frozenset(
                {
                    ApplicationState.DRAFT,
                    ApplicationState.SUBMITTED,
                    ApplicationState.NOTICE_GIVEN,
                    ApplicationState.COMPLETED,
                }
            ),
            to_state=ApplicationState.WITHDRAWN,
            permission=Permission.APPLICATION_WITHDRAW,
            zh="撤回",
            en="Withdraw",
            basis="社会救助法第三十七条",
        ),
    ),
)
