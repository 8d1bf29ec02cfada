"""Half-open periods of days `[start, end)`, months and ages.

Years and months are those of the Gregorian calendar (民法典 Art. 200).
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from jiuzhu.core.errors import InvalidValue


class InvalidPeriod(InvalidValue):
    """A period that ends before it begins, or a question that an open or future period cannot answer."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` to before `end`; `end` None means still open. A period holds at least one day.

    Raises:
        InvalidPeriod: `end` is not after `start`.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise InvalidPeriod(
                "period.order",
                f"结束日期（{self.end}）必须晚于开始日期（{self.start}），请核对日期",
                f"The end ({self.end}) must be later than the start ({self.start}); check the dates.",
            )

    @property
    def is_open(self) -> bool:
        """Whether the period has no end yet."""
        return self.end is None

    @property
    def days(self) -> int | None:
        """The number of days, None for an open period."""
        return None if self.end is None else (self.end - self.start).days

    def contains(self, day: date) -> bool:
        """Tell whether a day lies in the period; the end itself does not."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether the two share a day."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)

    def adjacent(self, other: "Period") -> bool:
        """Tell whether one begins on the day the other ends, with no day shared or missed."""
        return self.end == other.start or other.end == self.start

    def intersect(self, other: "Period") -> "Period | None":
        """Return the days both have, or None."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return Period(max(self.start, other.start), min(ends) if ends else None)

    def months(self, until: date | None = None) -> Iterator[date]:
        """Give the first day of each calendar month that the period touches, at most up to before `until`.

        Raises:
            InvalidPeriod: the period is open and no `until` is given.
        """
        ends = [end for end in (self.end, until) if end is not None]
        if not ends:
            raise InvalidPeriod(
                "period.open",
                "未结束的期间不能逐月列出，请给出截止日期",
                "The months of a period without an end cannot be listed; give a last day.",
            )
        end = min(ends)
        month = self.start.replace(day=1)
        while month < end and self.start < end:
            yield month
            month = add_months(month, 1)

    def __str__(self) -> str:
        return f"[{self.start}, {self.end or ''})"


def merge(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Join periods that overlap or touch; the result is in order of time and has gaps between all its periods."""
    merged: list[Period] = []
    for period in sorted(periods, key=lambda period: period.start):
        last = merged[-1] if merged else None
        if last is None or not (last.overlaps(period) or last.adjacent(period)):
            merged.append(period)
        elif last.end is not None:
            merged[-1] = Period(last.start, None if period.end is None else max(last.end, period.end))
    return tuple(merged)


def gaps(periods: Iterable[Period], within: Period | None = None) -> tuple[Period, ...]:
    """Return the periods that none covers: between the first and the last, or in `within` when that is given."""
    covered = merge(periods)
    if within is None:
        return tuple(Period(before.end, after.start) for before, after in pairwise(covered) if before.end is not None)
    found: list[Period] = []
    start: date | None = within.start
    for period in covered:
        if start is None or not period.overlaps(within):
            continue
        if start < period.start:
            found.append(Period(start, period.start))
        start = period.end
    if start is not None and (within.end is None or start < within.end):
        found.append(Period(start, within.end))
    return tuple(found)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later or earlier.

    Where the month has no such day it is the month's last day (民法典 Art. 202).

    Raises:
        InvalidPeriod: the result lies outside the years 1-9999.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise InvalidPeriod(
            "period.range",
            "日期超出范围，请核对月数",
            "The date lies outside the calendar; check the number of months.",
        )
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def birthday_in(birth: date, year: int) -> date:
    """Return the day in a year on which a year of age is completed.

    For a birth on the 29th of February it is the 1st of March in a common year; see `age`.

    Raises:
        InvalidPeriod: the year lies before the birth or outside the years 1-9999.
    """
    if not birth.year <= year <= 9999:
        raise InvalidPeriod(
            "age.year",
            "年份早于出生年份或超出范围，请核对",
            "The year lies before the birth or outside the calendar; check it.",
        )
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age(birth: date, on: date) -> int:
    """Return the completed years of age (周岁) on a day.

    A year of age is complete on the birthday, as administrative practice counts: personality begins with the birth
    (民法典 Art. 13), so the day of birth is the first day lived, unlike the first day of a term, which is not counted
    (Art. 201). Years are Gregorian (Art. 200). For a birth on the 29th of February the year lived ends, in a common
    year, with the 28th, the last day of the month (Art. 202), and is complete on the 1st of March.

    Raises:
        InvalidPeriod: the day lies before the birth.
    """
    if on < birth:
        raise InvalidPeriod(
            "age.before_birth",
            "计算年龄的日期早于出生日期，请核对",
            "The day lies before the birth; check the dates.",
        )
    return on.year - birth.year - (on < birthday_in(birth, on.year))
