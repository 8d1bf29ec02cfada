"""The programmes that the policy in force knows for a place and a day, and the rules behind them.

Everything here is published law and policy: it names nobody, and everyone may read it (政府信息公开条例 art. 20).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from jiuzhu.core.citations import Citation
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.core.periods import Period
from jiuzhu.engine.explaining.outlines import Rule, rules_of
from jiuzhu.engine.explaining.picture import Node, Picture, picture
from jiuzhu.engine.explaining.wording import value_words
from jiuzhu.engine.expressions.tree import names
from jiuzhu.engine.household.assessment import prepared
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.differences import Change
from jiuzhu.engine.packs.fields import SINCE_EVER
from jiuzhu.engine.packs.model import Entry, PackSet, Parameter
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Rhythm, Term, Version
from jiuzhu.engine.packs.turning import by_day, turns
from jiuzhu.rooms.catalogue.queries.in_force import public_packs, public_programs

__all__ = [
    "Amount",
    "Change",
    "Node",
    "Picture",
    "ProgrammeView",
    "Rule",
    "Standard",
    "StandardValue",
    "public_picture",
    "public_programme",
    "public_programmes",
    "public_rules",
    "public_turns",
]


@dataclass(frozen=True, slots=True)
class Amount:
    """What a programme pays: the figure's name, and when."""

    label: Label
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class StandardValue:
    """A value in force in a place, in words; `demo` is no published figure."""

    division: DivisionCode | None
    value: Label
    since: date | None
    until: date | None
    demo: bool
    basis: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """A value of policy with what is in force: for the place asked for, and where parts of it have their own."""

    name: str
    label: Label
    here: StandardValue | None
    below: tuple[StandardValue, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme in a place on a day. `who` says in a sentence who is entitled; `terms` resolves named terms.

    `others` are the short names of the programmes beside which it stands or gives way.
    """

    name: str
    version: Version
    who: Label
    amounts: tuple[Amount, ...]
    standards: tuple[Standard, ...]
    terms: Mapping[str, int | None]
    others: Mapping[str, Label]

    @property
    def has_demo(self) -> bool:
        """Whether some value is only a demonstration."""
        return any(
            value.demo for one in self.standards for value in (*one.below, *([] if one.here is None else [one.here]))
        )

    def term(self, term: Term) -> int | None:
        """How long a term is here; None when the place has published no value."""
        return term.number if term.number is not None else self.terms.get(term.parameter)


def public_programmes(*, division: DivisionCode, on: date) -> tuple[ProgrammeView, ...]:
    """All programmes that there are in a place on a day, by class and name."""
    programs = public_programs(on)
    found = [
        _view(programs, name, version, division, on)
        for name, programme in programs.packs.programmes.items()
        if (version := programme.version(division.value, on)) is not None
    ]
    order = list(type(found[0].version.category)) if found else []
    return tuple(sorted(found, key=lambda one: (order.index(one.version.category), one.name)))


def public_programme(*, name: str, division: DivisionCode, on: date) -> ProgrammeView:
    """One programme.

    Raises:
        NotFound: there is none of this name in the place on the day.
    """
    return _one(public_programs(on), name, division, on)


def public_rules(*, name: str, division: DivisionCode, on: date) -> tuple[Rule, ...]:
    """The rules of a programme, each in words with its articles, in the order in which they are worked out.

    Raises:
        NotFound: there is no such programme.
    """
    return _rules(public_programs(on), name, division, on)


def public_turns(*, division: DivisionCode, since: date, until: date, on: date) -> Mapping[date, tuple[Change, ...]]:
    """What changes by the packs in force `on` a day for a place, or parts of it, on which day; the latest day first.

    Raises:
        InvalidPeriod: `until` is not after `since`.
    """
    found = by_day(turns(public_packs(on), Period(since, until)))
    own = {day: tuple(one for one in changes if _concerns(one.prefix, division)) for day, changes in found.items()}
    return {day: changes for day, changes in own.items() if changes}


def _concerns(prefix: str, division: DivisionCode) -> bool:
    return division.value.startswith(prefix) or prefix.startswith(division.prefix)


def public_picture(*, name: str, division: DivisionCode, on: date) -> Picture:
    """The rules of a programme as a picture of what rests on what.

    Raises:
        NotFound: there is no such programme in the place on the day.
    """
    programs = public_programs(on)
    one = _one(programs, name, division, on)
    return picture(_rules(programs, name, division, on), programs.packs.variables, one.version.outcome)


def _one(programs: Programs, name: str, division: DivisionCode, on: date) -> ProgrammeView:
    programme = programs.packs.programmes.get(name)
    version = None if programme is None else programme.version(division.value, on)
    if version is None:
        raise NotFound("catalogue.programme", "当地当日没有这项制度", "There is no such programme here on this day.")
    return _view(programs, name, version, division, on)


def _rules(programs: Programs, name: str, division: DivisionCode, on: date) -> tuple[Rule, ...]:
    if name not in programs.packs.programmes:
        raise NotFound("catalogue.programme", "没有这项制度", "There is no such programme.")
    return rules_of(programs.at(on, division.value[:4]), name, division.value, on)


def _view(programs: Programs, name: str, version: Version, division: DivisionCode, on: date) -> ProgrammeView:
    packs = programs.packs
    outcome = packs.variables[version.outcome]
    reasons = dict(outcome.reasons)
    said = {one.name for formula in outcome.formulas for one in names(formula.tree)}
    terms = {}
    for term in _terms(version):
        if term.number is None:
            entry = packs.parameters[term.parameter].entry(division.value, on)
            terms[term.parameter] = None if entry is None else entry.value
    return ProgrammeView(
        name,
        version,
        next((reasons[one] for one in ("yes", "disc", "refer") if one in said and one in reasons), version.name),
        tuple(Amount(packs.variables[one.variable].label, one.rhythm) for one in version.amounts),
        tuple(_standards(programs, name, version, division, on)),
        terms,
        {one.programme: _short(packs, one.programme, division, on) for one in version.excludes},
    )


def _short(packs: PackSet, name: str, division: DivisionCode, on: date) -> Label:
    programme = packs.programmes[name]
    return (programme.version(division.value, on) or programme.versions[-1]).short


def _terms(version: Version) -> list[Term]:
    process = version.process
    if process is None:
        return []
    found = [one.deadline for one in process.steps if one.deadline is not None]
    found += [one.term for one in process.limits]
    found += [one.term for one in process.remedies]
    found += [one.every for one in process.reviews]
    if process.refusal is not None and process.refusal.deadline is not None:
        found.append(process.refusal.deadline)
    return found


def _standards(programs: Programs, name: str, version: Version, division: DivisionCode, on: date) -> list[Standard]:
    """The values of policy on which the outcome and the amounts rest and that the programme itself brings."""
    keys = (version.outcome, *(one.variable for one in version.amounts))
    ready = prepared(programs.at(on, division.value[:4]))
    reads = frozenset().union(*(ready.parameters_below(key) for key in keys if key in ready.program.readings))
    found = []
    for key in sorted(reads):
        one = programs.packs.parameters[key]
        if f"/{name}/" not in one.place.file:
            continue
        here = one.entry(division.value, on)
        below = [
            entry
            for entry in one.entries
            if entry.period.contains(on)
            and entry.prefix != division.prefix
            and entry.prefix.startswith(division.prefix)
        ]
        if here is not None or below:
            found.append(
                Standard(
                    key,
                    one.label,
                    None if here is None else _value(one, here),
                    tuple(_value(one, entry) for entry in sorted(below, key=lambda each: each.prefix)),
                )
            )
    return found


def _value(parameter: Parameter, entry: Entry) -> StandardValue:
    place = DivisionCode(entry.prefix.ljust(12, "0")) if entry.prefix else None
    kind = parameter.kind
    value = Fraction(entry.value, 10**kind.places) if kind.base is Base.NUMBER else entry.value
    words = value_words(kind, value)
    since = entry.period.start if entry.period.start > SINCE_EVER else None
    return StandardValue(place, words, since, entry.period.end, entry.demo, entry.basis)
