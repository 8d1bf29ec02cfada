"""A family that applies, officers of its township and county, citizens, and applications taken to any state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.channels.conftest import DAIMIAO, DONGHU, SANYOU, SHANQIAN, load_places, newcomer, register

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.rooms.application import actions, queries
from jiuzhu.rooms.application.actions.submission import Submitted
from jiuzhu.rooms.application.permissions import CITIZEN_PERMISSIONS, Permission
from jiuzhu.rooms.application.states import (
    ApplicationState,
    Channel,
    LeadSource,
    LeadState,
    MaterialForm,
    NeedKind,
    SignedPaper,
    Signing,
)
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.registry import actions as registry
from jiuzhu.rooms.registry.permissions import CITIZEN_PERMISSIONS as OF_REGISTRY
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.states import GuardianshipKind

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
COUNTY = DivisionCode("370902000000")
OTHER_COUNTY = DivisionCode("370911000000")
TOWNSHIP, VILLAGE, NEXT_VILLAGE, ELSEWHERE = DAIMIAO, DONGHU, SANYOU, SHANQIAN
DIBAO = queries.Wanted("dibao")
EMERGENCY = queries.Wanted("linshi_jiuzhu")
NOTHING_ASKED = queries.Checked((), (), (), ())
PAPER = queries.Paper(
    "dibao",
    Label("低保", "Dibao"),
    "support_agreement",
    None,
    Label("赡养协议", "agreement on support"),
    Label("没有登记机关", "no register"),
    "applicant",
    ("copy", "photo", "undertaking"),
    True,
)
MISSING = queries.Item(queries.ItemKind.MATERIAL, "dibao", "support_agreement", None, PAPER.label)
# the smallest picture there is: one white point
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


def officer(
    division: DivisionCode = TOWNSHIP, *, account: int | None = 31, without: frozenset[str] = frozenset()
) -> Actor:
    """An officer of a place who may do everything in the room, except `without`."""
    return Actor(
        kind=ActorKind.STAFF,
        account_id=account,
        name=f"经办{account}",
        permissions=frozenset(one.value for one in (*Permission, *Registry)) - without,
        scope=Scope(division=division),
    )


def in_role(role: str, division: DivisionCode = TOWNSHIP) -> Actor:
    """An officer with a role."""
    return replace(officer(division, account=77), permissions=packaged_roles().roles[role].permissions)


def department(code: str = "education", division: DivisionCode = COUNTY) -> Actor:
    """An officer of a department, with what the role grants."""
    return Actor(
        kind=ActorKind.DEPARTMENT,
        account_id=41,
        name="部门经办",
        permissions=packaged_roles().roles["department_officer"].permissions,
        scope=Scope(division=division, department=code),
    )


def citizen(person_id: int, *, household_id: int, wards: tuple[int, ...] = (), account: int = 51) -> Actor:
    """A citizen signed in."""
    return Actor(
        kind=ActorKind.CITIZEN,
        account_id=account,
        name="群众",
        permissions=CITIZEN_PERMISSIONS | OF_REGISTRY,
        scope=Scope(person_ids=frozenset({person_id, *wards}), household_ids=frozenset({household_id})),
    )


@pytest.fixture(autouse=True)
def _var(settings: LazySettings, tmp_path: Path) -> None:
    """Files of a test go into its own folder."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)


@dataclass(frozen=True)
class Family:
    """王秀兰, her son, and her granddaughter, for whom she answers."""

    household_id: int
    head: int
    son: int
    child: int

    @property
    def members(self) -> tuple[int, ...]:
        """All three."""
        return self.head, self.son, self.child


def make_family() -> Family:
    """Register the family of 东湖社区."""
    load_places()
    made = register(
        VILLAGE,
        [
            registry.NewMember("02", newcomer("王秀兰", 122, date(1956, 3, 8))),
            registry.NewMember("22", newcomer("李建国", 123, date(1981, 5, 1))),
            registry.NewMember("42", newcomer("李晓雨", 124, date(2011, 9, 1))),
        ],
    )
    head, son, child = made.person_ids
    registry.set_guardian(
        actor=system_actor("test", permissions=list(Registry)),
        at=AT,
        ward_id=child,
        guardian_id=head,
        kind=GuardianshipKind.STATUTORY,
        start_on=TODAY,
    )
    return Family(made.household_id, head, son, child)


@pytest.fixture
def family(db: None) -> Family:
    """The family of 东湖社区."""
    return make_family()


def sign_all(application_id: int, family: Family, actor: Actor | None = None) -> None:
    """Everyone signs what the law asks for, on the screen at the window."""
    for person, paper in (
        (family.head, SignedPaper.UNDERTAKING),
        *((one, SignedPaper.AUTHORISATION) for one in family.members),
    ):
        actions.sign(
            actor=actor or officer(),
            at=AT,
            application_id=application_id,
            person_id=person,
            paper=paper,
            text="承诺" if paper is SignedPaper.UNDERTAKING else "授权",
            text_version="t",
            method=Signing.SCREEN,
            signer_name="王秀兰",
            by_guardian=person == family.child,
            upload=actions.Upload(PNG, "sign.png"),
        )


def detail(application_id: int, actor: Actor | None = None) -> queries.ApplicationDetail:
    """An application as an officer sees it."""
    return queries.application(actor=actor or officer(COUNTY), at=AT, application_id=application_id)


Submit = Callable[..., Submitted]


def submit(application_id: int, *, key: str = "key-1", actor: Actor | None = None, **changes: object) -> Submitted:
    """Submit with nothing asked and nothing known beforehand."""
    given: dict[str, object] = {
        "version": detail(application_id).version,
        "pack_digest": "d",
        "checked": NOTHING_ASKED,
        "prefilled": {},
    }
    return actions.submit_application(
        actor=actor or officer(),
        at=AT,
        application_id=application_id,
        submission_key=key,
        **{**given, **changes},  # type: ignore[arg-type]
    )


Apply = Callable[..., int]


@pytest.fixture
def apply(family: Family) -> Apply:
    """Apply for dibao at the window; `state` takes the application there."""
    count = iter(range(1, 1000))

    def do(
        *,
        state: ApplicationState = ApplicationState.DRAFT,
        wanted: tuple[queries.Wanted, ...] = (DIBAO,),
        of: Family = family,
        actor: Actor | None = None,
        **other: object,
    ) -> int:
        actor, number = actor or officer(), next(count)
        made = actions.start_application(
            actor=actor,
            at=AT,
            household_id=of.household_id,
            applicant_id=of.head,
            channel=Channel.WINDOW,
            wanted=wanted,
            pack_digest="d",
            request_key=f"request-{number}",
            **other,  # type: ignore[arg-type]
        )
        if state is ApplicationState.WITHDRAWN:
            actions.withdraw_application(actor=actor, at=AT, application_id=made)
        if state in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN):
            return made
        sign_all(made, of, actor)
        submit(made, key=f"submission-{number}", actor=actor)
        if state in (ApplicationState.NOTICE_GIVEN, ApplicationState.COMPLETED):
            actions.give_notice(actor=actor, at=AT, application_id=made, items=[MISSING], missing=[], askable=[MISSING])
        if state is ApplicationState.COMPLETED:
            actions.complete_application(actor=actor, at=AT, application_id=made)
        if state is ApplicationState.ACCEPTED:
            actions.accept_application(actor=actor, at=AT, application_id=made, missing=())
        if state is ApplicationState.NOT_ACCEPTED:
            actions.not_accept_application(
                actor=actor, at=AT, application_id=made, reason="不属于救助范围", remedy="六十日内申请行政复议"
            )
        if state is ApplicationState.TRANSFERRED:
            raise ValueError("an application is handed over only where another place is in charge")
        return made

    return do


Find = Callable[..., int]


@pytest.fixture
def find(family: Family) -> Find:
    """Report the neighbour; `state` takes the lead there."""

    def do(*, state: LeadState = LeadState.REPORTED, actor: Actor | None = None, **other: object) -> int:
        actor = actor or officer()
        made = actions.report_lead(
            actor=actor,
            at=AT,
            division=VILLAGE,
            source=LeadSource.HOTLINE,
            subject_name="独居老人",
            detail="多日未出门",
            needs=[NeedKind.LIVELIHOOD, NeedKind.CARE],
            **other,  # type: ignore[arg-type]
        )
        if state is LeadState.REPORTED:
            return made
        officer_ = officer()
        actions.assign_lead(actor=officer_, at=AT, lead_id=made, visitor="周小梅")
        if state in (LeadState.VISITED, LeadState.APPLIED, LeadState.NOT_IN_NEED):
            actions.visit_lead(actor=officer_, at=AT, lead_id=made, note="生活困难", household_id=family.household_id)
        if state is LeadState.APPLIED:
            actions.help_apply(actor=officer_, at=AT, lead_id=made, agreed_by="王秀兰")
        if state is LeadState.REFERRED:
            actions.refer_lead(actor=officer_, at=AT, lead_id=made, receiver_name="区教育局")
        if state is LeadState.NOT_IN_NEED:
            actions.close_lead(actor=officer_, at=AT, lead_id=made, reason="子女已接回同住")
        return made

    return do


def everything_of_an_application(village: DivisionCode, household_id: int, persons: tuple[int, ...]) -> None:
    """A lead, and an application with everything in it of which something was told to be missing."""
    actor = system_actor("test", permissions=[*Permission, *Registry])
    actions.report_lead(
        actor=actor, at=AT, division=village, source=LeadSource.HOTLINE, subject_name="独居老人", detail="多日未出门"
    )
    made = actions.start_application(
        actor=actor,
        at=AT,
        household_id=household_id,
        applicant_id=persons[0],
        channel=Channel.WINDOW,
        wanted=[queries.Wanted("dibao")],
        pack_digest="d",
        request_key=f"furnished-{household_id}",
    )
    actions.save_application(
        actor=actor,
        at=AT,
        application_id=made,
        version=1,
        pack_digest="d",
        answers={(None, "vehicle_exempt"): "yes"},
        needs=[actions.NeedSaid(NeedKind.CARE, persons[2], "放学后无人照料")],
    )
    actions.hand_in_material(actor=actor, at=AT, application_id=made, paper=PAPER, form=MaterialForm.UNDERTAKING)
    for one in persons:
        for signed in SignedPaper:
            actions.sign(
                actor=actor,
                at=AT,
                application_id=made,
                person_id=one,
                paper=signed,
                text="承诺",
                text_version="t",
                method=Signing.UNIFIED_IDENTITY,
                signer_name="王秀兰",
                by_guardian=one == persons[2],
            )
    actions.submit_application(
        actor=actor,
        at=AT,
        application_id=made,
        version=2,
        submission_key=f"furnished-{household_id}",
        pack_digest="d",
        checked=queries.Checked((), (), (), ()),
        prefilled={},
    )
    actions.give_notice(actor=actor, at=AT, application_id=made, items=[MISSING], missing=[MISSING], askable=[MISSING])


def started(actor: Actor, family: Family, **other: object) -> int:
    """Begin an application of the family at the window."""
    given = {
        "household_id": family.household_id,
        "applicant_id": family.head,
        "channel": Channel.WINDOW,
        "wanted": [DIBAO],
        "pack_digest": "d",
        "request_key": "one",
    }
    return actions.start_application(actor=actor, at=AT, **{**given, **other})  # type: ignore[arg-type]


def state_of(application_id: int) -> ApplicationState:
    """The state of an application."""
    return detail(application_id).application.state


def save(application_id: int, version: int, actor: Actor | None = None, **other: object) -> int:
    """Save a draft a day later."""
    given: dict[str, object] = {"pack_digest": "d2", "answers": {}}
    return actions.save_application(
        actor=actor or officer(),
        at=LATER,
        application_id=application_id,
        version=version,
        **{**given, **other},  # type: ignore[arg-type]
    )


def hand_in(application_id: int, form: MaterialForm, upload: actions.Upload | None, actor: Actor | None = None) -> int:
    """Hand in the agreement on support."""
    return actions.hand_in_material(
        actor=actor or officer(), at=AT, application_id=application_id, paper=PAPER, form=form, upload=upload
    )


def sign(application_id: int, person_id: int, actor: Actor | None = None, **other: object) -> int:
    """Let somebody sign the authorisation on the screen."""
    given: dict[str, object] = {
        "paper": SignedPaper.AUTHORISATION,
        "text": "授权",
        "text_version": "t",
        "method": Signing.SCREEN,
        "signer_name": "李建国",
        "upload": actions.Upload(PNG, "s.png"),
    }
    return actions.sign(
        actor=actor or officer(),
        at=AT,
        application_id=application_id,
        person_id=person_id,
        **{**given, **other},  # type: ignore[arg-type]
    )
