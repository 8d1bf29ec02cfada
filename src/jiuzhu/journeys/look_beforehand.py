"""A look beforehand, for everyone and without a name: what may be applied for, why, and what to bring (S08 S09).

Nothing is kept, not even in a log: the answers come with each request and go with its answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.application import queries
from jiuzhu.rooms.catalogue.queries import public_programs


@dataclass(frozen=True, slots=True)
class Looked:
    """The questions with the answers that could be read, what could not, and what may be applied for."""

    form: queries.Form
    answers: tuple[queries.Given, ...]
    problems: tuple[queries.FieldProblem, ...]
    prospects: tuple[queries.Prospect, ...]


def look_beforehand(
    *, division: DivisionCode, is_urban: bool, ages: Sequence[int], fields: Mapping[str, str], on: date
) -> Looked:
    """See what may help a household of some ages in a place, after some answers.

    Raises:
        InvalidValue: the ages are impossible.
    """
    programs = public_programs(on)
    case = queries.anonymous_case(division.value, is_urban=is_urban, ages=ages, on=on)
    form = queries.screening_form(programs, case, on)
    read = queries.read_answers(form, fields)
    prospects = queries.screen_anonymously(programs, form, case, read.answers, on)
    return Looked(form, read.answers, read.problems, prospects)
