"""The programmes that the policy in force knows for a place and a day, and the rules behind them.

Everything here is published law and policy: it names nobody, and everyone may read it (政府信息公开条例 art. 20).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from django.conf import settings

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
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import Entry, PackSet, Parameter
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Key, Rhythm, Term, Version
from jiuzhu.engine.packs.turning import by_day, turns

__all__ = [
    "Amount",
    "Change",
    "Node",
    "Picture",
    "ProgrammeView",
    "Rule",
    "Standard",
    "StandardValue",
    "public_packs",
    "public_picture",
    "public_programme",
    "public_programmes",
    "public_programs",
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
    """A programme in a place on a day. `who` says in a sentence who is entitled; `terms` resolves named terms."""

    name: str
    version: Version
    who: Label
    amounts: tuple[Amount, ...]
    standards: tuple[Standard, ...]
    terms: Mapping[str, int | None]

    @property
    def has_demo(self) -> bool:
        """Whether some value is only a demonstration."""
        return any(
            value.demo for one in self.standards for value in (*one.below, *([] if one.here is None else [one.here]))
        )

    def term(self, term: Term) -> int | None:
        """How long a term is here; None when the place has published no value."""
        return term.number if term.number is not None else self.terms.get(term.parameter)


@lru_cache(maxsize=1)
def public_programs() -> Programs:
    """The programs of the packs in force, read once by each process."""
    return Programs(load(settings.POLICIES, demo=settings.DEMO_POLICIES))


def public_packs() -> PackSet:
    """The packs in force."""
    return public_programs().packs


def public_programmes(*, division: DivisionCode, on: date) -> tuple[ProgrammeView, ...]:
    """All programmes that there are in a place on a day, by class and name."""
    found = [
        _view(name, version, division, on)
        for name, programme in public_packs().programmes.items()
        if (version := programme.version(division.value, on)) is not None
    ]
    order = list(type(found[0].version.category)) if found else []
    return tuple(sorted(found, key=lambda one: (order.index(one.version.category), one.name)))


def public_programme(*, name: str, division: DivisionCode, on: date) -> ProgrammeView:
    """One programme.

    Raises:
        NotFound: there is none of this name in the place on the day.
    """
    programme = public_packs().programmes.get(name)
    version = None if programme is None else programme.version(division.value, on)
    if version is None:
        raise NotFound("catalogue.programme", "当地当日没有这项制度", "There is no such programme here on this day.")
    return _view(name, version, division, on)


def public_rules(*, name: str, division: DivisionCode, on: date) -> tuple[Rule, ...]:
    """The rules of a programme, each in words with its articles, in the order in which they are worked out.

    Raises:
        NotFound: there is no such programme.
    """
    if name not in public_packs().programmes:
        raise NotFound("catalogue.programme", "没有这项制度", "There is no such programme.")
    return rules_of(public_programs().at(on, division.value[:4]), name, division.value, on)


def public_turns(*, division: DivisionCode, since: date, until: date) -> Mapping[date, tuple[Change, ...]]:
    """What changes for a place, or for parts of it, on which day; the latest day first.

    Raises:
        InvalidPeriod: `until` is not after `since`.
    """
    found = by_day(turns(public_packs(), Period(since, until)))
    own = {day: tuple(one for one in changes if _concerns(one.prefix, division)) for day, changes in found.items()}
    return {day: changes for day, changes in own.items() if changes}


def _concerns(prefix: str, division: DivisionCode) -> bool:
    return division.value.startswith(prefix) or prefix.startswith(division.prefix)


def public_picture(*, name: str, division: DivisionCode, on: date) -> Picture:
    """The rules of a programme as a picture of what rests on what.

    Raises:
        NotFound: there is no such programme in the place on the day.
    """
    one = public_programme(name=name, division=division, on=on)
    rules = public_rules(name=name, division=division, on=on)
    return picture(rules, public_packs().variables, one.version.outcome)


def _view(name: str, version: Version, division: DivisionCode, on: date) -> ProgrammeView:
    outcome = public_packs().variables[version.outcome]
    reasons = dict(outcome.reasons)
    said = {one.name for formula in outcome.formulas for one in names(formula.tree)}
    terms = {}
    for term in _terms(version):
        if term.number is None:
            entry = public_packs().parameters[term.parameter].entry(division.value, on)
            terms[term.parameter] = None if entry is None else entry.value
    return ProgrammeView(
        name,
        version,
        next((reasons[one] for one in ("yes", "disc", "refer") if one in said and one in reasons), version.name),
        tuple(Amount(public_packs().variables[one.variable].label, one.rhythm) for one in version.amounts),
        tuple(_standards(name, version, division, on)),
        terms,
    )


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


def _standards(name: str, version: Version, division: DivisionCode, on: date) -> list[Standard]:
    """The values of policy on which the outcome and the amounts rest and that the programme itself brings."""
    reads = _parameters_below((version.outcome, *(one.variable for one in version.amounts)), division, on)
    found = []
    for key in sorted(reads):
        one = public_packs().parameters[key]
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


def _parameters_below(keys: tuple[Key, ...], division: DivisionCode, on: date) -> frozenset[str]:
    ready = prepared(public_programs().at(on, division.value[:4]))
    readings = ready.program.readings
    return frozenset().union(*(ready.parameters_below(key) for key in keys if key in readings))


def _value(parameter: Parameter, entry: Entry) -> StandardValue:
    place = DivisionCode(entry.prefix.ljust(12, "0")) if entry.prefix else None
    kind = parameter.kind
    value = Fraction(entry.value, 10**kind.places) if kind.base is Base.NUMBER else entry.value
    words = value_words(kind, value)
    since = entry.period.start if entry.period.start > SINCE_EVER else None
    return StandardValue(place, words, since, entry.period.end, entry.demo, entry.basis)
