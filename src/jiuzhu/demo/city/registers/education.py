"""教育：enrolment."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.hardship import Stage
from jiuzhu.demo.city.registers.holders import Holders, write


@dataclass(frozen=True, slots=True)
class SchoolRegister:
    """Pupils and students enrolled in Shandong; `stage` as `Stage`. `private` schools charge high fees."""

    holder: Holders
    stage: Bytes8
    private: Bools
    boarding: Bools


def schools(chunk: CityChunk) -> SchoolRegister:
    """The school register; students at universities outside the province are missing."""
    rng = stream(chunk.seed, chunk.index, "registers.schools")
    stage = chunk.hardship.stage
    outside = (stage >= Stage.COLLEGE) & (rng.random(len(stage)) < p.STUDIES_OUTSIDE)
    rows = np.flatnonzero((stage > 0) & ~outside)
    boards = np.array(p.BOARDING)[stage[rows]]
    return SchoolRegister(
        holder=write(rng, chunk.people, rows),
        stage=stage[rows],
        private=rng.random(len(rows)) < p.PRIVATE_SCHOOL,
        boarding=rng.random(len(rows)) < boards,
    )
