"""The day of an act: offices and deadlines of the whole country follow one time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from jiuzhu.core.errors import InvalidValue

CHINA = ZoneInfo("Asia/Shanghai")


def local_day(at: datetime) -> date:
    """The day in China on which a moment falls.

    Raises:
        InvalidValue: the time has no zone.
    """
    if at.tzinfo is None:
        raise InvalidValue("registry.time.naive", "时间缺少时区", "The time has no zone.", field="at")
    return at.astimezone(CHINA).date()
