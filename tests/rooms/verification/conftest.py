"""A family of three, the officers around them, and sources that say what a test tells them to."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

import pytest
from tests.channels.conftest import DONGHU, load_places, newcomer, register, registrar
from tests.filled import filled_once

from jiuzhu.connectors.scanning import Found, find
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.core.actors import Actor, ActorKind, Scope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.journeys import verify
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.registry import actions as registry
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.states import GuardianshipKind, SourceKind
from jiuzhu.rooms.verification import actions
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import (
    Answer,
    AnyConnector,
    Cause,
    Finding,
    Outcome,
    Question,
    Record,
    Source,
    Transport,
    Unavailable,
    Value,
    connectors,
    register_connectors,
)
from jiuzhu.rooms.verification.states import Occasion, SignatureMethod, SignedBy

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 26)
TAISHAN = DivisionCode("370902000000")
DAIYUE = DivisionCode("370911000000")
MOTHER, SON, CHILD = 0, 1, 2


@cache
def manifests() -> Mapping[str, Found]:
    return {one.source.name: one for one in find()}


def found(values: Mapping[str, Value], *, reference: str = "L-1", as_of: date = date(2026, 11, 20)) -> Answer:
    """A source found one record."""
    return Answer(Finding.FOUND, (Record(values, as_of, reference),), as_of, f"R-{reference}", "ab" * 32)


def none_found(as_of: date = date(2026, 11, 20)) -> Answer:
    return Answer(Finding.NONE_FOUND, (), as_of, "R-0", "cd" * 32)


def unavailable(cause: Cause = Cause.DOWN, *, retry: bool = True) -> Unavailable:
    return Unavailable(cause, "无法连接来源单位", "The source cannot be reached", retry=retry)


@dataclass
class Scripted:
    """A source over HTTP that says what it is told, by person and item; otherwise that it found nothing."""

    source: Source
    says: dict[tuple[str, ...], Outcome] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def ask(self, question: Question, *, at: datetime) -> Outcome:
        self.asked.append(question)
        key = (question.subject.name, question.item)
        if question.disputed_reference is not None:
            return self.says.get((*key, "again"), self.says.get(key, none_found()))
        return self.says.get(key, none_found())


@dataclass
class Drop:
    """A source by files: what is put out stays until `comes_back`."""

    source: Source
    files: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    comes_back: bool = False
    sent: int = 0
    says: dict[tuple[str, str], Outcome] = field(default_factory=dict)

    def send_batch(self, questions: Sequence[Question], *, batch_key: str, at: datetime) -> str:
        if batch_key not in self.files:
            self.sent += 1
        self.files[batch_key] = tuple(questions)
        return "ef" * 32

    def collect(self, questions: Sequence[Question], *, batch_key: str, at: datetime) -> Mapping[str, Outcome] | None:
        if not self.comes_back:
            return None
        return {one.attempt_key: self.says.get((one.subject.name, one.item), none_found()) for one in questions}


@dataclass
class Sources:
    """The sources of a test by name."""

    http: dict[str, Scripted]
    files: dict[str, Drop]

    def say(self, source: str, item: str, name: str, outcome: Outcome, *, again: bool = False) -> None:
        """Let a source say this of a person; `again`: when it is asked to check."""
        key = (name, item, "again") if again else (name, item)
        self.http[source].says[key] = outcome


@contextmanager
def scripted() -> Iterator[Sources]:
    """All sources of the manifests: scripted over HTTP and by files, the real page entry for officers."""
    before = list(connectors().values())
    made = Sources({}, {})
    connected: list[AnyConnector] = []
    for name, one in manifests().items():
        if one.source.transport is Transport.HTTP:
            made.http[name] = Scripted(one.source)
            connected.append(made.http[name])
        elif one.source.transport is Transport.FILE:
            made.files[name] = Drop(one.source)
            connected.append(made.files[name])
        else:
            connected.append(one.connect(Wiring()))
    register_connectors(connected)
    try:
        yield made
    finally:
        register_connectors(before)


@pytest.fixture
def sources() -> Iterator[Sources]:
    """The scripted sources of a test."""
    with scripted() as made:
        yield made


def in_role(role: str, division: DivisionCode = TAISHAN, account: int = 77, department: str | None = None) -> Actor:
    """An officer with what a role grants."""
    found_role = packaged_roles().roles[role]
    kind = ActorKind.DEPARTMENT if department else ActorKind.STAFF
    return Actor(
        kind=kind,
        account_id=account,
        name=found_role.name,
        post_title=found_role.name,
        permissions=found_role.permissions,
        scope=Scope(division=division, department=department),
    )


def everything(division: DivisionCode = TAISHAN, *, without: frozenset[str] = frozenset()) -> Actor:
    """An officer who may do everything in the room and the registry, except `without`."""
    permissions = frozenset(one.value for one in (*Permission, *Registry)) - without
    return Actor(
        kind=ActorKind.STAFF,
        account_id=31,
        name="经办31",
        post_title="核对员",
        permissions=permissions,
        scope=Scope(division=division),
    )


def citizen(*persons: int, households: tuple[int, ...] = ()) -> Actor:
    """A person of the family, online."""
    return Actor(
        kind=ActorKind.CITIZEN,
        account_id=51,
        name="王秀兰",
        permissions=frozenset(
            {
                Permission.MANDATE_VIEW,
                Permission.MANDATE_SIGN,
                Permission.MANDATE_WITHDRAW,
                Permission.ORDER_VIEW,
                Permission.ITEM_DISPUTE,
                Permission.ACCESS_VIEW,
                Registry.PERSON_VIEW,
                Registry.HOUSEHOLD_VIEW,
            }
        ),
        scope=Scope(person_ids=frozenset(persons), household_ids=frozenset(households)),
    )


@dataclass
class Family:
    """王秀兰, her son 李强 and her grandchild 李晓雨, who has a guardian."""

    household_id: int
    person_ids: tuple[int, ...]

    @property
    def mother(self) -> int:
        return self.person_ids[MOTHER]

    @property
    def son(self) -> int:
        return self.person_ids[SON]

    @property
    def child(self) -> int:
        return self.person_ids[CHILD]


@filled_once("kin")
def _kin() -> Family:
    load_places()
    made = register(
        DONGHU,
        [
            registry.NewMember("02", newcomer("王秀兰", 122, date(1956, 3, 8))),
            registry.NewMember("21", newcomer("李强", 123, date(1985, 5, 1))),
            registry.NewMember("41", newcomer("李晓雨", 124, date(2015, 9, 1))),
        ],
    )
    home = Family(made.household_id, tuple(made.person_ids))
    registry.set_guardian(
        actor=registrar(),
        at=AT,
        ward_id=home.child,
        guardian_id=home.mother,
        kind=GuardianshipKind.STATUTORY,
        start_on=date(2024, 1, 1),
        evidence="村委会证明",
    )
    return home


@pytest.fixture
def kin(db: None) -> Family:
    """The family, registered once for all tests of a worker."""
    return _kin.given()


def declare(kin: Family, variable: str, value: object, *, person: int | None = None) -> None:
    """Let the family declare something."""
    registry.record_fact(
        actor=registrar(),
        at=AT,
        fact=registry.NewFact(
            variable=variable,
            value=value,
            valid_from=date(2026, 11, 1),
            source=SourceKind.DECLARED,
            person_id=person,
            household_id=None if person is not None else kin.household_id,
        ),
    )


def draw_up(kin: Family, **changed: object) -> int:
    """A mandate for everything, not signed yet."""
    wanted: dict[str, object] = {
        "actor": everything(),
        "at": AT,
        "household_id": kin.household_id,
        "programmes": ["dibao"],
        "purpose": "申请最低生活保障",
        "valid_from": date(2026, 11, 1),
        "valid_to": date(2027, 10, 31),
        "covers_reviews": True,
    }
    return actions.draw_up_mandate(**(wanted | changed))  # type: ignore[arg-type]


def sign(mandate_id: int, person_id: int, signed_by: SignedBy = SignedBy.SELF, **changed: object) -> None:
    """A person signs on the screen."""
    wanted: dict[str, object] = {
        "actor": everything(),
        "at": AT,
        "mandate_id": mandate_id,
        "person_id": person_id,
        "signed_by": signed_by,
        "method": SignatureMethod.HANDWRITTEN,
        "signer_name": "王秀兰",
        "evidence_sha256": "12" * 32,
    }
    actions.sign_mandate(**(wanted | changed))  # type: ignore[arg-type]


@filled_once("mandate", base=_kin)
def _mandate() -> int:
    kin = _kin.given()
    with scripted():
        made = draw_up(kin)
        sign(made, kin.mother)
        sign(made, kin.son, signer_name="李强")
        sign(made, kin.child, SignedBy.GUARDIAN)
    return made


@pytest.fixture
def mandate(kin: Family, sources: Sources) -> int:
    """A mandate that all three have signed."""
    return _mandate.given()


def request(kin: Family, mandate: int, **changed: object) -> int:
    """Order the verification of the family."""
    wanted: dict[str, object] = {
        "actor": everything(),
        "at": AT,
        "household_id": kin.household_id,
        "mandate_id": mandate,
        "programmes": ["dibao"],
        "occasion": Occasion.APPLICATION,
        "purpose": "申请最低生活保障",
        "asking_office": "泰山区民政局",
        "occasion_id": 1,
    }
    return actions.request_order(**(wanted | changed))  # type: ignore[arg-type]


def started(kin: Family, mandate: int, **changed: object) -> int:
    """An order under way: nothing is asked yet."""
    made = request(kin, mandate, **changed)
    actions.start_order(actor=everything(), at=AT, order_id=made)
    return made


def ask_all(sources: Sources, at: datetime = AT) -> int:
    """Let the worker ask every source until nothing is due."""
    return sum(verify.ask_source(name, clock=lambda: at) for name in (*sources.http, *sources.files))


def bring_back(sources: Sources, at: datetime = AT) -> int:
    """Let all files come back and be taken in."""
    for one in sources.files.values():
        one.comes_back = True
    return verify.collect(clock=lambda: at)
