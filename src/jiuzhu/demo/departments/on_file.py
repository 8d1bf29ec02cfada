"""What the departments of the demonstration have on file, found by a person's number or, without one, by name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from jiuzhu.connectors.playing import Play, RegisterRow, cells_of
from jiuzhu.connectors.reading.columns import ItemMapping
from jiuzhu.demo.city.registers.complete import Registers
from jiuzhu.demo.city.registers.holders import Flaw
from jiuzhu.demo.loading.registers import columns_of


@dataclass
class OnFile:
    """The lines of one item, in the provider's words, by number and by name."""

    by_number: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    sold: set[int] = field(default_factory=set)
    """Lines, by identity, of what was sold and never transferred: the department finds out when somebody proves it."""

    def strike_off(self, line: dict[str, str]) -> bool:
        """Whether a line does not survive a check against the evidence."""
        return id(line) in self.sold

    def lines(self, numbers: Iterable[str], name: str) -> list[dict[str, str]]:
        """The lines of a person; those without any number by the name."""
        found = [line for number in dict.fromkeys(numbers) for line in self.by_number.get(number, ())]
        return found + list(self.by_name.get(name, ()))


def rows_of(registers: Registers, name: str) -> Iterator[RegisterRow]:
    """The rows of a register as the department knows them."""
    columns = columns_of(getattr(registers, name))
    names = list(columns)
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def put_on_file(
    plays: Mapping[str, Play], mapping: Mapping[str, ItemMapping], city: Iterable[Registers]
) -> dict[str, OnFile]:
    """Every item of a source from the registers of the city's chunks."""
    filed = {name: OnFile() for name in plays}
    for chunk, registers in enumerate(city):
        for name, play in plays.items():
            sold = _sold(getattr(registers, play.register))
            for number, row in enumerate(rows_of(registers, play.register)):
                if play.keeps(row):
                    cells = cells_of(play, mapping[name], row, f"{chunk}-{number}")
                    _enter(filed[name], mapping[name], cells)
                    if number in sold:
                        filed[name].sold.add(id(cells))
    return filed


def _sold(register: object) -> frozenset[int]:
    """The rows of what was sold and stands in the seller's name all the same."""
    flags = getattr(getattr(register, "holder", None), "flags", None)
    if flags is None:
        return frozenset()
    return frozenset(np.flatnonzero(flags & int(Flaw.SOLD_NOT_TRANSFERRED)).tolist())


def _enter(filed: OnFile, mapping: ItemMapping, cells: dict[str, str]) -> None:
    number = cells[mapping.number]
    if number:
        filed.by_number[number].append(cells)
    else:
        filed.by_name[cells[mapping.holder]].append(cells)
