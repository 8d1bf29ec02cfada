"""The anonymous look beforehand: a few questions, and what may be applied for, with reasons and papers; pure.

Nobody is named and nothing is kept. It only informs: whoever wants to apply may, whatever comes out (社会救助法 arts.
11, 39, 53). Without registers much stays open, so “perhaps” is the usual answer and “no” is given only for certain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jiuzhu.core.errors import InvalidValue
from jiuzhu.engine.household.facts import At, Case, Plain
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Receiver, Version
from jiuzhu.rooms.application.rules.form.answers import Given, with_answers
from jiuzhu.rooms.application.rules.form.deriving import Person, derive_form, needed_papers
from jiuzhu.rooms.application.rules.form.questions import Form, Paper, Wanted

_OLDEST_YEARS = 130
_MOST_PEOPLE = 30


class Chance(StrEnum):
    """What may come of an application, as far as the answers tell."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    REFERRED = "referred"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class Prospect:
    """A programme for the household (`member` None) or for a member, counted from 1; `papers` are what to bring."""

    programme: str
    label: Label
    member: int | None
    chance: Chance
    reason: Label | None
    venues: tuple[str, ...]
    papers: tuple[Paper, ...]


def anonymous_case(division: str, *, is_urban: bool, ages: Sequence[int], on: date) -> Case:
    """A household of which nothing is known but where it lives and how old its members are.

    Raises:
        InvalidValue: nobody, too many, or an age that nobody reaches.
    """
    if not 1 <= len(ages) <= _MOST_PEOPLE or not all(0 <= one <= _OLDEST_YEARS for one in ages):
        raise InvalidValue(
            "screening.ages",
            f"请填写1至{_MOST_PEOPLE}位家庭成员的年龄（0至{_OLDEST_YEARS}岁）",
            f"Give the ages (0 to {_OLDEST_YEARS}) of 1 to {_MOST_PEOPLE} members.",
            field="ages",
        )
    members: list[dict[str, Plain]] = [
        {"birth_date": date(on.year - one, 1, 1), "counts_as_member": True} for one in ages
    ]
    return Case(division, {"urban_registration": is_urban}, {Receiver.PERSON.value: members})


def screening_form(programs: Programs, case: Case, on: date) -> Form:
    """The questions of all programmes of the place; members are called by their number.

    Here questions also stand in for registers, which do not know who asks.
    """
    packs = programs.packs
    people = _people(case)
    versions = _versions(programs, case, on)
    wanted = [
        Wanted(name, person)
        for name, version in versions.items()
        for person in ([one.id for one in people] if version.unit is Receiver.PERSON else [None])
    ]
    silent = [key for key, one in packs.variables.items() if one.source is not None and one.source.register]
    return derive_form(programs, case, people, wanted, on, silent=silent)


def screen_anonymously(
    programs: Programs, form: Form, case: Case, answers: Iterable[Given], on: date
) -> tuple[Prospect, ...]:
    """What may be applied for after some answers, what is likely first; the order is else that of the packs."""
    told = with_answers(form, case, answers)
    assessment = programs.assess(told, on)
    papers = needed_papers(programs, told, _people(case), form.wanted, on)
    versions = _versions(programs, case, on)
    found = []
    for one in form.wanted:
        version = versions[one.programme]
        entity, name = version.outcome
        low, high = assessment.bounds(At(entity, name, (one.person_id or 1) - 1))
        chance, word = _chance(Outcome(int(low)), Outcome(int(high)))
        reasons = dict(programs.packs.variables[version.outcome].reasons)
        found.append(
            Prospect(
                one.programme,
                version.name,
                one.person_id,
                chance,
                reasons.get(word),
                version.venues,
                tuple(
                    paper
                    for paper in papers
                    if (paper.programme, paper.person_id) == (one.programme, one.person_id)
                    and chance is not Chance.UNLIKELY
                ),
            )
        )
    order = list(Chance)
    return tuple(sorted(found, key=lambda prospect: order.index(prospect.chance)))


def _people(case: Case) -> list[Person]:
    rows = range(1, len(case.members[Receiver.PERSON]) + 1)
    return [Person(one, f"成员{one}", counts_as_member=True) for one in rows]


def _versions(programs: Programs, case: Case, on: date) -> dict[str, Version]:
    return {
        name: version
        for name, programme in programs.packs.programmes.items()
        if (version := programme.version(case.division, on)) is not None
    }


def _chance(low: Outcome, high: Outcome) -> tuple[Chance, str]:
    """How it stands, and the word under which the packs give the reason."""
    if low is not high:
        return Chance.POSSIBLE, "unknown"
    match low:
        case Outcome.YES:
            return Chance.LIKELY, "yes"
        case Outcome.DISC:
            return Chance.POSSIBLE, "disc"
        case Outcome.REFER:
            return Chance.REFERRED, "refer"
        case Outcome.NO:
            return Chance.UNLIKELY, "no"
