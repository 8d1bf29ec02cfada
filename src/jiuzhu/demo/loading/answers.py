"""What departments answer when they find nothing, and a visit where there is nothing to see: else it stays unknown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city.arrays import Bools, Ints
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.states import SourceKind, SubjectKind

# yes is what is usual
_USUAL: Mapping[str, str] = {
    "registered_here": "true",
    "medical_insured": "true",
    "self_care": '"full"',
    "labour_capacity": '"full"',
    "father_state": '"able"',
    "mother_state": '"able"',
    "can_eat": "true",
    "can_dress": "true",
    "can_get_up": "true",
    "can_use_toilet": "true",
    "can_walk_indoors": "true",
    "can_bathe": "true",
    "housing_grade": '"a"',
}
_NOTHING = ("none", "0")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says of one variable: rows (people or households of the chunk) and their values as JSON."""

    variable: str
    source: SourceKind
    rows: Ints
    values: Sequence[str]
    department: str = ""


def usual_answers(subject: SubjectKind) -> Mapping[str, tuple[str, str]]:
    """By variable, the JSON of the answer that means nothing was found, and the department that gives it.

    What no department knows is seen or asked at a visit, and has an empty department. Days have no such answer: what
    did not happen has no day.
    """
    found: dict[str, tuple[str, str]] = {}
    for key, one in registry.public_variables().items():
        if one.subject is not subject or not one.fact:
            continue
        kind = one.type.value
        nothing = next((code for code in _NOTHING if code in one.codes), None)
        if key in _USUAL:
            found[key] = _USUAL[key], one.department
        elif kind == "bool":
            found[key] = "false", one.department
        elif kind in ("fen", "int", "decimal") and one.smallest <= 0:
            found[key] = "0", one.department
        elif kind == "code" and nothing is not None:
            found[key] = f'"{nothing}"', one.department
    return found


def unspoken(
    statements: Iterable[Statement], rows: Bools, subject: SubjectKind
) -> Iterator[tuple[str, str, str, Bools]]:
    """For each variable its usual answer (JSON, department) and the rows of which no statement speaks."""
    said: dict[str, Bools] = {}
    for one in statements:
        where = said.setdefault(one.variable, np.zeros(len(rows), dtype=np.bool_))
        where[one.rows] = True
    for variable, (value, department) in usual_answers(subject).items():
        open_ones = rows & ~said.get(variable, np.zeros(len(rows), dtype=np.bool_))
        yield variable, value, department, open_ones
