"""Terms of the policy packs: how long a source, a report or a check may take, and how long a report holds."""

from collections.abc import Collection
from datetime import date

from jiuzhu.core.calendar import WorkCalendar
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.catalogue.queries import public_packs

CIVIL_AFFAIRS = "civil_affairs"


def term(key: str, division: DivisionCode | str, on: date) -> int | None:
    """A term of a place; None when the packs know none of this name, or none for the place and day."""
    parameter = public_packs(on).parameters.get(key)
    entry = None if parameter is None else parameter.entry(str(division), on)
    return None if entry is None else entry.value


def due_on(key: str, division: DivisionCode | str, on: date) -> date | None:
    """The last day of a term in working days that begins on a day; None when it is not known."""
    days = term(key, division, on)
    return None if days is None else WorkCalendar.packaged().add_working_days(on, days).day


def programme_names(keys: Collection[str], division: str, on: date) -> dict[str, tuple[str, str]]:
    """The names of programmes in both languages; those that do not exist there and then are left out."""
    packs = public_packs(on)
    found: dict[str, tuple[str, str]] = {}
    for key in keys:
        version = packs.programmes[key].version(division, on) if key in packs.programmes else None
        if version is not None:
            found[key] = (version.name.zh, version.name.en)
    return found


def other_leads(keys: Collection[str], division: str, on: date) -> frozenset[str]:
    """The departments outside civil affairs that lead some of the programmes: they entrust the verification."""
    packs = public_packs(on)
    versions = [packs.programmes[key].version(division, on) for key in keys if key in packs.programmes]
    return frozenset(one.lead for one in versions if one is not None and one.lead != CIVIL_AFFAIRS)
