"""The terms within which a receiver answers, where the policy of a place states one."""

from datetime import date

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.catalogue.queries import public_packs


def term_wd(key: str, division: DivisionCode, on: date) -> int | None:
    """A term in working days; None when the packs know none of this name, or none for the place and day."""
    parameter = public_packs(on).parameters.get(key)
    entry = None if parameter is None else parameter.entry(division.value, on)
    return None if entry is None else entry.value
