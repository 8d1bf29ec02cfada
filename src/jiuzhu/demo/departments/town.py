"""All departments of the demonstration at once, from the registers of a city."""

from collections.abc import Callable, Iterable
from datetime import date
from importlib import import_module

from jiuzhu.connectors.playing import Play
from jiuzhu.connectors.scanning import Found
from jiuzhu.demo.city.registers.complete import Registers
from jiuzhu.demo.departments.department import Department
from jiuzhu.demo.departments.on_file import put_on_file


def department_of(found: Found, city: Iterable[Registers], *, as_of: date, key: bytes) -> Department:
    """The department that plays a source, by the folder's `simulator.py`."""
    plays: dict[str, Play] = dict(import_module(f"{found.module.__package__}.simulator").PLAYS)
    return Department(found.source, found.mapping, put_on_file(plays, found.mapping, city), as_of, key)


def departments_of(
    sources: Iterable[Found], city: Iterable[Registers], *, as_of: date, key_of: Callable[[str], bytes]
) -> dict[str, Department]:
    """Every source's department, by name."""
    chunks = tuple(city)
    return {one.source.name: department_of(one, chunks, as_of=as_of, key=key_of(one.source.name)) for one in sources}
