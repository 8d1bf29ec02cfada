"""What a screening proposes, as plain rows for a register: whom to look at, in which programme, for how much.

A claim of which its own facts say nothing yet is no finding: it is counted in the totals, and worked out again when
somebody asks. Otherwise a register of which little is known would find everything of everybody.
"""

import numpy as np

from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.programmes import Receiver, Rhythm
from jiuzhu.engine.population.areas import DIGITS
from jiuzhu.engine.population.frames import Frame, frame_of
from jiuzhu.engine.population.model import Mask, Population, Whole
from jiuzhu.engine.runs.found import FoundRows
from jiuzhu.engine.runs.results import Result, Screened
from jiuzhu.engine.settlement.claims import State


def found_rows(one: Screened) -> FoundRows:
    """The findings of a part, in the order of programmes.

    Raises:
        ValueError: members have no numbers by which a register knows them.
    """
    frame = frame_of(one.part)
    columns: tuple[list[object], ...] = tuple([] for _ in range(9))
    for _, result in sorted(one.results.items()):
        for column, values in zip(columns, _rows(one.part, frame, result), strict=True):
            column += values
    return FoundRows(*columns)  # type: ignore[arg-type]


def is_finding(result: Result) -> Mask:
    """Where a claim is worth a look: granted, to be decided, to be chosen, to be handed over, or sure to be one."""
    no = int(Outcome.NO)
    settled = ~(result.are(State.NOT_ENTITLED) | result.are(State.GIVES_WAY) | result.are(State.COVERED))
    return np.asarray(settled & (~result.are(State.UNKNOWN) | (result.lowest > no)))


def _rows(part: Population, frame: Frame, result: Result) -> tuple[list[object], ...]:
    rows = np.flatnonzero(is_finding(result))
    of_household = result.unit is Receiver.HOUSEHOLD
    homes = rows if of_household else frame.owners[rows]
    rhythm = next((one for one in Rhythm if one in result.paid), None)
    low, high = _amounts(result, rhythm, rows)
    return (
        part.households[homes].tolist(),
        [None] * len(rows) if of_household else _numbers(part, rows).tolist(),
        [str(one).zfill(DIGITS) for one in part.divisions[homes].tolist()],
        [result.programme] * len(rows),
        result.lowest[rows].tolist(),
        result.highest[rows].tolist(),
        low.tolist(),
        high.tolist(),
        [str(rhythm or "")] * len(rows),
    )


def _amounts(result: Result, rhythm: Rhythm | None, rows: Whole) -> tuple[Whole, Whole]:
    """What is sure and the most; what another decides is not sure."""
    if rhythm is None:
        nothing = np.zeros(len(rows), dtype=np.int64)
        return nothing, nothing
    low, high = (values[rows] for values in result.paid[rhythm])
    return np.where(result.are(State.GRANTED)[rows], low, 0), high


def _numbers(part: Population, rows: Whole) -> Whole:
    if Receiver.PERSON not in part.numbers:
        raise ValueError("members have no numbers by which a register knows them")
    return part.numbers[Receiver.PERSON][rows]
