"""From packs, programmes and what is known to the form: no question stands in code, so a pack changes the form."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiuzhu.core.errors import InvalidValue
from jiuzhu.engine.explaining.wording import UNITS
from jiuzhu.engine.household.assessment import Assessment
from jiuzhu.engine.household.facts import At, Case, Plain
from jiuzhu.engine.household.intervals import Intervals, Scope
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.packs.programmes import Receiver, Version
from jiuzhu.engine.program.nodes import Key
from jiuzhu.rooms.application.rules.form.questions import (
    UNKNOWN,
    Form,
    Paper,
    Prefilled,
    Question,
    Section,
    Subject,
    Wanted,
)

# the form itself is the application and holds what is signed: nobody hands these in beside it
_IN_THE_FORM = frozenset({"application_form", "undertaking"})


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the household, in the order of the case's rows."""

    id: int
    name: str
    counts_as_member: bool


@dataclass(frozen=True, slots=True)
class _Claim:
    """A programme wanted, in the version of the place and day, and the row that it is about."""

    wanted: Wanted
    version: Version
    row: int

    @property
    def scope(self) -> Scope:
        """Where its conditions are read."""
        return Scope(str(self.version.unit), self.row)

    @property
    def figures(self) -> Iterator[At]:
        """Its outcome and its amounts."""
        for entity, name in dict.fromkeys((self.version.outcome, *(one.variable for one in self.version.amounts))):
            yield At(entity, name, 0 if entity == ROOT else self.row)


def derive_form(
    programs: Programs,
    case: Case,
    people: Sequence[Person],
    wanted: Sequence[Wanted],
    on: date,
    *,
    silent: Collection[Key] = (),
    hidden: Collection[int | None] = (),
) -> Form:
    """The form for some programmes; `case` holds what is known, its persons in the order of `people`.

    `silent` are facts whose register did not answer: these are asked where the packs have a question. What is known of
    `hidden` persons (None: of the household) is not shown to this reader.

    Raises:
        InvalidValue: nothing is applied for, a programme does not exist here and now, or it is for the wrong sort.
        CaseError: facts of the case are wrong.
    """
    packs = programs.packs
    claims = _claims(packs, case.division, people, wanted, on)
    assessment = programs.assess(case, on)
    intervals = Intervals(assessment)
    asked = _asked(packs, assessment, intervals, claims, frozenset(silent))
    subjects = tuple(_subjects(packs, case, people))
    sections = (
        Section(
            subject,
            tuple(
                _question(packs, assessment, subject, key, claims, asked, is_shown=subject.person_id not in hidden)
                for key in packs.variables
                if key[0] == subject.entity and At(key[0], key[1], subject.row) in asked
            ),
        )
        for subject in subjects
    )
    return Form(
        packs.digest,
        on,
        tuple(one.wanted for one in claims),
        tuple(one for one in sections if one.questions),
        tuple(_papers(intervals, claims)),
    )


def needed_papers(
    programs: Programs, case: Case, people: Sequence[Person], wanted: Sequence[Wanted], on: date
) -> tuple[Paper, ...]:
    """The papers that the programmes ask for, as far as the case tells: with the answers, when it holds them.

    Raises:
        InvalidValue, CaseError: as `derive_form`.
    """
    claims = _claims(programs.packs, case.division, people, wanted, on)
    return tuple(_papers(Intervals(programs.assess(case, on)), claims))


def _claims(
    packs: PackSet, division: str, people: Sequence[Person], wanted: Sequence[Wanted], on: date
) -> tuple[_Claim, ...]:
    if not wanted:
        raise InvalidValue(
            "application.programmes.none", "请选择要申请的救助", "Choose what to apply for.", field="programmes"
        )
    rows = {one.id: row for row, one in enumerate(people)}
    found = []
    for one in dict.fromkeys(wanted):
        programme = packs.programmes.get(one.programme)
        version = None if programme is None else programme.version(division, on)
        if version is None:
            raise InvalidValue(
                "application.programmes.unknown",
                f"本地现在没有“{one.programme[:40]}”这项救助，请重新选择",
                f"There is no programme {one.programme[:40]} here now; choose again.",
                field="programmes",
            )
        is_personal = version.unit is Receiver.PERSON
        if is_personal != (one.person_id is not None) or (is_personal and one.person_id not in rows):
            raise InvalidValue(
                "application.programmes.whom",
                f"{version.name.zh}："
                + ("请选择为哪位家庭成员申请" if is_personal else "以家庭为单位申请，不选择个人"),
                f"{version.name.en}: "
                + ("choose the member it is for." if is_personal else "a household applies as a whole."),
                field="programmes",
            )
        found.append(_Claim(one, version, rows[one.person_id] if one.person_id is not None else 0))
    return tuple(found)


def _asked(
    packs: PackSet,
    assessment: Assessment,
    intervals: Intervals,
    claims: Iterable[_Claim],
    silent: frozenset[Key],
) -> dict[At, dict[Wanted, bool]]:
    """The facts to ask for, and for each programme that rests on one, whether the programme is open without it."""
    found: dict[At, dict[Wanted, bool]] = {}
    for claim in claims:
        is_open = len(set(assessment.bounds(At(*claim.version.outcome, claim.row)))) > 1
        below = {one: is_open for figure in claim.figures for one in intervals.facts_below(figure)}
        for material in claim.version.materials or ():
            if material.when is not None and material.key not in _IN_THE_FORM:
                for name in intervals.names_below(material.when.tree, claim.scope):
                    below |= {one: is_open for one in intervals.facts_below(name) if one not in below}
        for at, needed in below.items():
            if _may_be_asked(packs, at.key, silent):
                known = assessment.held.value(at) is not None
                found.setdefault(at, {})[claim.wanted] = needed and not known
    return found


def _may_be_asked(packs: PackSet, key: Key, silent: frozenset[Key]) -> bool:
    source = packs.variables[key].source
    return source is not None and source.question is not None and (not source.register or key in silent)


def _subjects(packs: PackSet, case: Case, people: Sequence[Person]) -> Iterator[Subject]:
    """The household, its members who count, then the rows of further entities, in the order of the packs."""
    for entity, described in packs.entities.items():
        if entity == ROOT:
            yield Subject(ROOT, 0, None, "")
        elif entity == Receiver.PERSON:
            for row, person in enumerate(people):
                if person.counts_as_member:
                    yield Subject(entity, row, person.id, person.name)
        else:
            for row in range(len(case.members.get(entity, ()))):
                yield Subject(entity, row, None, f"{described.label.zh}{row + 1}")


def _question(
    packs: PackSet,
    assessment: Assessment,
    subject: Subject,
    key: Key,
    claims: Sequence[_Claim],
    asked: dict[At, dict[Wanted, bool]],
    *,
    is_shown: bool,
) -> Question:
    at = At(key[0], key[1], subject.row)
    variable = packs.variables[key]
    source = variable.source
    if source is None or source.question is None:
        raise LookupError(f"{variable.full_name} has no question")
    by = asked[at]
    why = {one.version.short: None for one in claims if one.wanted in by}
    lowest, highest = assessment.prepared.facts.range(at.key, assessment.on)
    fact = assessment.case.fact(at)
    return Question(
        subject,
        at.key,
        variable.kind,
        variable.label,
        source.question,
        UNITS[variable.kind.unit],
        lowest,
        highest,
        tuple(dict.fromkeys(one.programme for one in by)),
        tuple(why),
        any(by.values()),
        source.personal_data,
        None if fact.value is None or not is_shown else Prefilled(written(fact.value), fact.origin, fact.found_on),
    )


def _papers(intervals: Intervals, claims: Iterable[_Claim]) -> Iterator[Paper]:
    for claim in claims:
        for material in claim.version.materials or ():
            if material.key in _IN_THE_FORM:
                continue
            low, high = (1, 1) if material.when is None else intervals.of(material.when.tree, claim.scope)
            if high:
                yield Paper(
                    claim.wanted.programme,
                    claim.version.short,
                    material.key,
                    claim.wanted.person_id,
                    material.label,
                    material.why_not_fetched,
                    material.from_whom,
                    material.accepts,
                    True if low else None,
                )


def written(value: Plain) -> str:
    """A value as a form and a pack write it."""
    match value:
        case None:
            return UNKNOWN
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)
