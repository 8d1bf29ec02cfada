"""残联：certificates."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bytes8, Days, Texts, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.registers.holders import Flaw, Holders, days_before, mark, write


@dataclass(frozen=True, slots=True)
class CertificateRegister:
    """Certificates: the 20 characters are citizen id, type and grade (GB/T 26341-2010)."""

    holder: Holders
    certificate_number: Texts
    type: Bytes8
    grade: Bytes8
    valid_until: Days


def certificates(chunk: CityChunk) -> CertificateRegister:
    """Certificates, some lapsed; every tenth disabled person never asked for one."""
    rng = stream(chunk.seed, chunk.index, "registers.certificates")
    kind = chunk.hardship.disability
    rows = np.flatnonzero((kind > 0) & (rng.random(len(kind)) < p.CERTIFIED))
    lapsed = rng.random(len(rows)) < p.CERTIFICATE_LAPSED
    tail = np.strings.add(kind[rows].astype("<U1"), chunk.hardship.grade[rows].astype("<U1"))
    until = days_before(rng, chunk.as_of, 1, 700, len(rows))
    ahead = chunk.as_of + rng.integers(1, 3650, len(rows)).astype("timedelta64[D]")
    return CertificateRegister(
        holder=write(rng, chunk.people, rows, flags=mark(lapsed, Flaw.LAPSED)),
        certificate_number=np.strings.add(chunk.people.citizen_id[rows], tail),
        type=kind[rows],
        grade=chunk.hardship.grade[rows],
        valid_until=np.where(lapsed, until, ahead),
    )
