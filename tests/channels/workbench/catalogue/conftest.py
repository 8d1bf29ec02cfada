"""Who keeps the catalogue: a city officer who drafts, a city leader who publishes, and packs small enough to check."""

from dataclasses import dataclass

import pytest
from tests.channels.conftest import AT, Persona, SmallCity, officer
from tests.rooms.catalogue.conftest import small_packs

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.tasks.jobs import Work

__all__ = ["small_packs"]
CITY = DivisionCode("370900000000")


@dataclass(frozen=True)
class Shelf:
    """The city's people of the catalogue."""

    city: SmallCity
    drafter: Persona
    leader: Persona
    packs: bytes


@pytest.fixture
def shelf(small_city: SmallCity, small_packs: bytes) -> Shelf:
    """A city officer, the city leader and an archive of packs."""
    return Shelf(small_city, officer("C001", "岳明", "city_officer", CITY), small_city.leader, small_packs)


def work(persona: Persona) -> Work:
    """The job of a persona, taken up by a worker."""
    return Work(
        job_id=1, actor=persona.actor(), request_id="r", at=AT, attempt=0, last_attempt=True, stop_asked=lambda: False
    )
