"""The departments of a small town, answering over HTTP and by files; one town for all tests of the connectors."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from jiuzhu.connectors.scanning import Found, find
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.demo.city.registers.complete import Registers, keep_registers
from jiuzhu.demo.departments.department import Department
from jiuzhu.demo.departments.faults import Fault
from jiuzhu.demo.departments.over_http import DepartmentServer, serving
from jiuzhu.demo.departments.town import departments_of
from jiuzhu.demo.loading.city import City
from jiuzhu.rooms.verification.ports import Item, Question, Subject, Transport

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AS_OF = date(2026, 11, 20)
NOBODY = Subject(id_number="370902188801010011", name="查无")
_numbers = count()


@cache
def found_sources() -> tuple[Found, ...]:
    return find()


def of_transport(transport: Transport) -> list[Found]:
    return [one for one in found_sources() if one.source.transport is transport]


@cache
def town() -> Registers:
    city = City(size="small", households=400, seed=7, as_of=AS_OF, chunk_households=400)
    return keep_registers(city.plan.chunk(0, city.divisions))


def key_of(name: str) -> bytes:
    return name.encode().ljust(32, b".")


@dataclass
class Stage:
    departments: dict[str, Department]
    server: DepartmentServer

    def wiring(self, found: Found, folder: Path | None = None, **changed: int) -> Wiring:
        name = found.source.name
        wiring = Wiring(f"{self.server.base}/{name}", key_of(name), folder or Path(), patience_ms=2_000)
        return replace(wiring, **changed)  # type: ignore[arg-type]

    def somebody(self, found: Found, item: Item) -> Subject:
        """A person on whom the source has something."""
        filed = self.departments[found.source.name].on_file[item.name]
        number = next(number for number in filed.by_number if len(number) == 18)
        return Subject(id_number=number, name=filed.by_number[number][0][found.mapping[item.name].holder])


def question(item: Item, subject: Subject, /, **changed: object) -> Question:
    asked = Question(
        attempt_key=f"attempt-{next(_numbers):06d}",
        item=item.name,
        subject=subject,
        purpose="最低生活保障审核确认",
        authorisation_number="SQ-2026-000001",
        asking_office="370902",
        day=AT.date(),
    )
    return replace(asked, **changed)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def _running() -> Iterator[Stage]:
    departments = departments_of(found_sources(), [town()], as_of=AS_OF, key_of=key_of)
    with serving(departments, clock=lambda: AT) as server:
        yield Stage(departments, server)


@pytest.fixture
def stage(_running: Stage) -> Iterator[Stage]:
    yield _running
    for department in _running.departments.values():
        department.fault = Fault.NONE
