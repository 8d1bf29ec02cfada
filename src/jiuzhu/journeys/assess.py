"""What the policy says of one registered household now: every programme, settled together, with reasons (X2 X3).

Nothing is decided or stored; the look is logged. A person decides, in the procedure that the law lays down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import NotFound
from jiuzhu.engine.explaining.explanation import explain
from jiuzhu.engine.explaining.rendering import lines
from jiuzhu.engine.explaining.steps import OFFICER
from jiuzhu.engine.household.assessment import Assessment
from jiuzhu.engine.household.facts import Case, Fact, Origin, Plain
from jiuzhu.engine.household.missing import missing
from jiuzhu.engine.household.proposals import package
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.exclusions import Matrix, matrix
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Receiver, Rhythm
from jiuzhu.engine.settlement.claims import Settled, State
from jiuzhu.rooms.catalogue.queries import public_programs
from jiuzhu.rooms.determination.permissions import Permission
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.states import CustodyState, RegisteredKind, SourceKind

PURPOSE = "政策核算"
_ORIGINS = {
    SourceKind.VERIFIED: Origin.VERIFIED,
    SourceKind.VISITED: Origin.VISITED,
    SourceKind.DECLARED: Origin.DECLARED,
}
_UNKNOWN_TO_FEW = 40  # a list of what is missing that is longer helps nobody


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A programme for the household (no person) or a member: what becomes of it, and between what its amounts lie."""

    programme: str
    label: Label
    person_id: int | None
    person_name: str
    state: State
    low_fen: int
    high_fen: int
    rhythm: Rhythm | None
    reasons: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Why a claim comes out as it does, as indented lines in both languages, and what is missing."""

    claim: ClaimView
    zh: tuple[str, ...]
    en: tuple[str, ...]
    missing: tuple[Label, ...]
    more_missing: int


@dataclass(frozen=True, slots=True)
class AssessedHousehold:
    """A household with all its claims; `told` is of the one that was asked for."""

    detail: registry.HouseholdDetail
    on: date
    claims: tuple[ClaimView, ...]
    told: Told | None
    pack_digest: str


def assess_household(
    *,
    actor: Actor,
    at: datetime,
    on: date,
    household_id: int,
    programme: str = "",
    person_id: int | None = None,
    registers: Mapping[str, Label] | None = None,
) -> AssessedHousehold:
    """Work all programmes out by the rules of a day and by what the register knows, and explain one when asked.

    `registers` says how the departments are called from which facts come; without it their keys are shown.

    Raises:
        PermissionRefused: the actor may not see findings or households.
        OutOfScope: no such household for this actor.
        NotFound: no such claim.
    """
    actor.require(Permission.SCREENING_VIEW)
    detail = registry.household_detail(actor=actor, at=at, household_id=household_id, purpose=PURPOSE)
    programs = public_programs(on)
    packs = programs.packs
    division = detail.household.division_code
    rules = matrix(packs, division, on)
    assessment = programs.assess(case_of(packs, detail), on)
    claims = tuple(_view(one, rules, detail) for one in package(assessment, rules))
    told = None
    if programme:
        asked = next((one for one in claims if (one.programme, one.person_id) == (programme, person_id)), None)
        if asked is None:
            raise NotFound(
                "assess.claim", "没有这一项，请从列表中选择", "There is no such claim; choose one of the list."
            )
        told = _told(assessment, rules, detail, asked, registers)
    return AssessedHousehold(detail, on, claims, told, packs.digest)


def case_of(packs: PackSet, detail: registry.HouseholdDetail) -> Case:
    """The household as the engine takes it, each fact with its source and day; who must support it is not on file."""
    urban = detail.household.registered_kind is RegisteredKind.URBAN
    facts = _facts(packs, ROOT, detail.variables) | {"urban_registration": Fact(urban)}
    members = []
    for one in detail.members:
        found = _facts(packs, Receiver.PERSON, one.variables)
        if one.person.custody is CustodyState.IMPRISONED:
            found["in_custody"] = Fact(True)  # noqa: FBT003 (a value)
        if one.person.custody is CustodyState.MISSING:
            found["declared_missing"] = Fact(True)  # noqa: FBT003 (a value)
        found |= {"birth_date": Fact(one.person.birth_date), "counts_as_member": Fact(one.counts_as_member)}
        members.append(found)
    return Case(detail.household.division_code, facts, {Receiver.PERSON.value: members})


def _facts(packs: PackSet, entity: str, views: Iterable[registry.VariableView]) -> dict[str, Fact | Plain]:
    found: dict[str, Fact | Plain] = {}
    known = registry.public_variables()
    for view in views:
        variable = known[view.key]
        one = packs.variables.get((entity, variable.fact)) if variable.fact else None
        if one is None or one.source is None:
            continue
        value = _plain(view.current.value, one.kind.base, one.kind.stored, one.kind.options, variable)
        found[variable.fact] = Fact(value, _ORIGINS[view.current.source], view.current.since)
    return found


def _plain(
    value: object, base: Base, stored: tuple[str, ...], options: tuple[str, ...], variable: registry.Variable
) -> Plain:
    """A value of the register in the unit of the packs: yuan instead of fen, names of codes instead of codes."""
    text = str(value)
    match base:
        case Base.TRUTH:
            return bool(value)
        case Base.DAY:
            return value if isinstance(value, date) else date.fromisoformat(text)
        case Base.CODE:
            return options[stored.index(text)] if text in stored else None
        case _ if variable.places:
            return Decimal(text).scaleb(-variable.places)
        case _ if variable.type.value == "fen":
            return Decimal(text).scaleb(-2)
        case _:
            return int(text)


def _view(one: Settled, rules: Matrix, detail: registry.HouseholdDetail) -> ClaimView:
    person = None if one.row is None else detail.members[one.row].person
    money = [paid for paid in one.payments if paid.amount.rhythm is not Rhythm.IN_KIND]
    rhythm = money[0].amount.rhythm if money else None
    same = [paid for paid in money if paid.amount.rhythm is rhythm]
    return ClaimView(
        one.programme,
        rules.versions[one.programme].short,
        None if person is None else person.id,
        "" if person is None else person.name,
        one.state,
        sum(paid.lowest for paid in same),
        sum(paid.highest for paid in same),
        rhythm,
        tuple(reason.text for reason in one.reasons),
    )


def _told(
    assessment: Assessment,
    rules: Matrix,
    detail: registry.HouseholdDetail,
    asked: ClaimView,
    registers: Mapping[str, Label] | None,
) -> Told:
    entity, name = rules.versions[asked.programme].outcome
    ids = [one.person.id for one in detail.members]
    row = ids.index(asked.person_id) if asked.person_id is not None else 0
    step = explain(assessment, entity, name, row, audience=OFFICER, registers=registers)
    gaps = missing(assessment, entity, name, row).needed if step.is_unknown else ()
    labels = tuple(dict.fromkeys(one.label for one in gaps))
    return Told(
        asked, lines(step, "zh"), lines(step, "en"), labels[:_UNKNOWN_TO_FEW], max(0, len(labels) - _UNKNOWN_TO_FEW)
    )
