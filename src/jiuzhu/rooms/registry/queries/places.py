"""Where a household may be: a village or community that exists on a day."""

from datetime import date

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound
from jiuzhu.rooms.organization.queries import public_division
from jiuzhu.rooms.registry.rules.events import village_code


def public_village(code: str | DivisionCode, *, on: date) -> DivisionCode:
    """Return the code of a village or community that exists on the day.

    Raises:
        InvalidValue: malformed, of another level, unknown, or no longer in force.
    """
    village = village_code(str(code))
    try:
        public_division(village, on)
    except NotFound:
        raise InvalidValue(
            "registry.division.unknown",
            f"没有代码为{village}的村（居），或该村（居）已撤销，请从区划列表中选择",
            f"No village or community has the code {village}, or it has been closed; choose one from the list.",
            field="division_code",
        ) from None
    return village
