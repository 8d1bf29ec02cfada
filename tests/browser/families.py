"""Families that a test registers for itself, as another desk would have done before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from django.utils import timezone
from tests.browser.conftest import apart

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.identity import CitizenId
from jiuzhu.groundwork.accounts.models import Account, AccountKind
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import (
    DocumentKind,
    EvidenceKind,
    GuardianshipKind,
    LifeEventKind,
    RegisteredKind,
    SourceKind,
    TargetGroup,
)

VILLAGE = "370902100229"  # in the township of the demonstration's clerk
BORN = date(1961, 4, 5)
_SINCE = date(2026, 1, 1)
_sequences: Iterator[int] = count(501, 2)


@dataclass(frozen=True)
class Family:
    """A registered household: its members, the head first, and the head's document number."""

    household_id: int
    person_ids: tuple[int, ...]
    document_number: str


def unused_number(*, woman: bool = False, born: date = BORN) -> str:
    """A valid document number that no other test uses."""
    return CitizenId.make("370902", born, next(_sequences) + (1 if woman else 0)).value


def register_family(head: str, *, phone: str = "") -> Family:
    """Register a man with wife and daughter; the wife is called 穆桂香, the daughter 阮小舟."""
    number = unused_number()
    members = [
        actions.NewMember("02", actions.Particulars(name=head, document_number=number, phone=phone)),
        actions.NewMember("12", actions.Particulars(name="穆桂香", document_number=unused_number(woman=True))),
        actions.NewMember(
            "30",
            actions.Particulars(name="阮小舟", document_number=unused_number(woman=True, born=date(2012, 9, 1))),
        ),
    ]
    return apart(lambda: _register(members, number))


def register_without_document(name: str, phone: str) -> Family:
    """Register somebody by name, birth date and phone alone."""
    one = actions.Particulars(name=name, document_kind=DocumentKind.NONE, birth_date=BORN, sex="1", phone=phone)
    return apart(lambda: _register([actions.NewMember("02", one)], ""))


def _registrar() -> Actor:
    return system_actor("test", permissions=list(Permission))


def _register(members: list[actions.NewMember], number: str) -> Family:
    made = actions.register_household(
        actor=_registrar(),
        at=timezone.now(),
        division_code=VILLAGE,
        registered_kind=RegisteredKind.RURAL,
        members=members,
        address="前省庄村1号",
        opened_on=date(2020, 1, 1),
    )
    return Family(made.household_id, made.person_ids, number)


@dataclass(frozen=True)
class FullFamily:
    """A family of which everything that the pages show is on file, and the ids that their addresses need."""

    family: Family
    twin_id: int
    citizen: str
    fact_id: int
    group_id: int
    guardianship_id: int
    authorisation_id: int


def register_full_family(head: str) -> FullFamily:
    """Register a family with contradicting facts, a tag, an event, a guardian, an authorisation and a double."""
    phone = "13700009119"
    family = register_family(head, phone=phone)
    twin = register_without_document(head, phone)
    return apart(lambda: _fill(family, twin.person_ids[0], head))


def _fill(family: Family, twin_id: int, head: str) -> FullFamily:
    actor, at = _registrar(), timezone.now()
    first, spouse, child = family.person_ids
    facts = [
        actions.record_fact(
            actor=actor,
            at=at,
            fact=actions.NewFact(
                variable="pension_fen_month", value=fen, valid_from=_SINCE, source=source, person_id=first
            ),
        )
        for source, fen in ((SourceKind.DECLARED, 30_000), (SourceKind.VERIFIED, 62_000))
    ]
    group_id = actions.tag_group(
        actor=actor,
        at=at,
        group=TargetGroup.TEKUN,
        valid_from=_SINCE,
        evidence_kind=EvidenceKind.DETERMINATION,
        evidence_ref="泰民认〔2026〕1号",
        person_id=first,
    )
    guardianship_id = actions.set_guardian(
        actor=actor, at=at, ward_id=child, kind=GuardianshipKind.PARENT, start_on=_SINCE, guardian_id=spouse
    )
    authorisation_id = actions.grant_authorisation(
        actor=actor, at=at, person_id=first, department_code="tax", purpose="低保核对", valid_from=_SINCE
    )
    actions.record_life_event(
        actor=actor,
        at=at,
        kind=LifeEventKind.BIRTH,
        person_id=spouse,
        happened_on=date(2026, 10, 20),
        evidence="出生医学证明",
        details={"name": "阮新禾", "sex": "2", "relation": "30"},
    )
    queries.person_detail(actor=actor, at=at, person_id=first)
    login_name = _citizen(family, head)
    return FullFamily(family, twin_id, login_name, facts[-1], group_id, guardianship_id, authorisation_id)


def citizen_of(family: Family, head: str) -> str:
    """An account of the head of a family; returns its login name."""
    return apart(lambda: _citizen(family, head))


def guard(family: Family) -> None:
    """Record that the wife answers for the daughter."""
    _first, spouse, child = family.person_ids
    apart(
        lambda: actions.set_guardian(
            actor=_registrar(),
            at=timezone.now(),
            ward_id=child,
            kind=GuardianshipKind.PARENT,
            start_on=_SINCE,
            guardian_id=spouse,
        )
    )


def _citizen(family: Family, head: str) -> str:
    actor, at, first = _registrar(), timezone.now(), family.person_ids[0]
    with acting(system_actor("test")):
        account = Account.objects.create(
            login_name=f"citizen:{first}", display_name=head, kind=AccountKind.CITIZEN, created_at=at, password="!"
        )
    actions.link_citizen(
        actor=actor, at=at, account_id=account.pk, document_number=family.document_number, method="test"
    )
    return str(account.login_name)
