"""A piece of a register as its database copies it out: what a room hands on, before anybody makes arrays of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

UNKNOWN = -(2**63)


@dataclass(frozen=True, slots=True)
class CopiedRows:
    """Households of one day with their members, as rows of 64-bit numbers in the binary form of PostgreSQL's COPY.

    `facts` names the facts of each entity in the order of its columns, `rows` holds the bytes. A row begins with the
    number of its household. Then comes the division of a household, or the number by which a member is known, and then
    the facts; `UNKNOWN` stands for what is not known.
    """

    taken_on: date
    facts: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, bytes]
