"""Working days and deadlines, from the State Council's yearly arrangement of holidays (节假日安排的通知).

A year whose arrangement is on file is confirmed. Any other year has only its weekends; a deadline that was counted
through such a year is provisional and must be counted again when the arrangement is published.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from chinese_calendar import constants

from jiuzhu.core.errors import InvalidValue

FIRST_YEAR = 2021
_MAX_DAYS = 10_000
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_KEYS = {"off", "working"}


class InvalidArrangement(InvalidValue):
    """A table of holidays that contradicts itself."""


class UnsupportedYear(InvalidValue):
    """A day before the first year on file, or beyond the calendar."""


class InvalidDayCount(InvalidValue):
    """A number of days that no deadline has."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term; `provisional` when a year without a published arrangement was counted through."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are working days.

    `off_days` are the holidays (a weekend day may be listed too), `working_days` the weekend days worked in exchange,
    `confirmed_years` the years whose arrangement is published.

    Raises:
        InvalidArrangement: a day is both off and working, or a working day listed is no weekend day.
    """

    off_days: frozenset[date]
    working_days: frozenset[date]
    confirmed_years: frozenset[int]

    def __post_init__(self) -> None:
        both = sorted(self.off_days & self.working_days)
        if both:
            raise InvalidArrangement(
                "calendar.both",
                f"{both[0]}同时列为放假和上班，请对照国务院办公厅通知改正",
                f"{both[0]} is listed both as off and as working; correct it by the State Council's notice.",
            )
        weekdays = sorted(day for day in self.working_days if day.weekday() < _SATURDAY)
        if weekdays:
            raise InvalidArrangement(
                "calendar.weekday",
                f"{weekdays[0]}不是周末，不能列为调休上班日，请对照通知改正",
                f"{weekdays[0]} is no weekend day and cannot be a make-up working day; correct it by the notice.",
            )

    @classmethod
    def packaged(cls) -> Self:
        """The arrangements that come with the program: 2021 to the last year published when it was packaged."""
        off = frozenset(day for day in constants.holidays if day.year >= FIRST_YEAR)
        working = frozenset(day for day in constants.workdays if day.year >= FIRST_YEAR)
        return cls(off, working, frozenset(day.year for day in off))

    @classmethod
    def from_mapping(cls, years: Mapping[int, Mapping[str, Iterable[date | str]]]) -> Self:
        """Make a calendar from `{year: {"off": days, "working": days}}`, days as dates or as `2027-01-01`.

        Raises:
            InvalidArrangement: a key or a day that cannot be read, no holidays in a year, a day of another year,
                or the contradictions named above.
        """
        return cls(frozenset(), frozenset(), frozenset()).extended(years)

    def extended(self, years: Mapping[int, Mapping[str, Iterable[date | str]]]) -> Self:
        """Return this calendar with the years of a mapping (as in `from_mapping`) added or replaced, and confirmed.

        A notice may also name days of the December before, which then count as named.
        """
        off, working = set(self.off_days), set(self.working_days)
        for year, table in years.items():
            off = {day for day in off if day.year != year}
            working = {day for day in working if day.year != year}
            new_off, new_working = _read_table(year, table)
            off |= new_off
            working |= new_working
            off -= new_working - new_off
            working -= new_off - new_working
        return type(self)(frozenset(off), frozenset(working), self.confirmed_years | set(years))

    def is_confirmed(self, year: int) -> bool:
        """Tell whether the year's arrangement is on file."""
        return year in self.confirmed_years

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is worked; in an unconfirmed year every Monday to Friday is.

        Raises:
            UnsupportedYear: the day lies before the first year on file.
        """
        self._check(day)
        if day in self.off_days:
            return False
        return day.weekday() < _SATURDAY or day in self.working_days

    def add_working_days(self, accepted: date, n: int) -> Deadline:
        """Return the last day of a term of `n` working days, counted from the day after `accepted` (民法典 Art. 201).

        `n` = 0 is the day itself.

        Raises:
            InvalidDayCount: `n` is negative or above 10,000.
            UnsupportedYear: a day lies before the first year on file or after the year 9999.
        """
        self._check_count(n)
        self._check(accepted)
        day, left, provisional = accepted, n, not self.is_confirmed(accepted.year)
        while left:
            day = self._next(day)
            provisional = provisional or not self.is_confirmed(day.year)
            left -= self.is_working_day(day)
        return Deadline(day, provisional)

    def add_natural_days(self, posted: date, n: int, *, roll_over: bool) -> Deadline:
        """Return the last day of a term of `n` natural days; the day of posting is not counted (民法典 Art. 201).

        With `roll_over` a last day that is a holiday moves to the next working day (Art. 203). Without it the result
        does not depend on any holiday and is never provisional.

        Raises:
            InvalidDayCount: `n` is negative or above 10,000.
            UnsupportedYear: a day lies before the first year on file or after the year 9999.
        """
        self._check_count(n)
        self._check(posted)
        if posted.toordinal() + n > date.max.toordinal():
            raise _beyond()
        day = posted + timedelta(days=n)
        if not roll_over:
            return Deadline(day, provisional=False)
        provisional = not self.is_confirmed(day.year)
        while not self.is_working_day(day):
            day = self._next(day)
            provisional = provisional or not self.is_confirmed(day.year)
        return Deadline(day, provisional)

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative when `end` lies before `start`.

        So `working_days_between(today, deadline)` is what is left, and below zero what is overdue.

        Raises:
            UnsupportedYear: a day lies before the first year on file.
        """
        self._check(start)
        self._check(end)
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(day) for day in _days_after(start, end))

    @property
    def first_year(self) -> int:
        """The first year on file; earlier days are refused."""
        return min(self.confirmed_years, default=FIRST_YEAR)

    def _check(self, day: date) -> None:
        if isinstance(day, datetime):
            raise TypeError("a working day is a date, not a point in time; convert it in the city's time zone first")
        if day.year < self.first_year:
            raise UnsupportedYear(
                "calendar.year",
                f"没有{day.year}年的节假日安排，工作日只能从{self.first_year}年起计算，请核对日期",
                f"There are no holidays on file for {day.year}; working days are counted from {self.first_year} on.",
            )

    @staticmethod
    def _check_count(n: int) -> None:
        if not 0 <= n <= _MAX_DAYS:
            raise InvalidDayCount(
                "calendar.count",
                f"期限天数应在0至{_MAX_DAYS}之间，请核对",
                f"The number of days of a term lies between 0 and {_MAX_DAYS}; check it.",
            )

    @staticmethod
    def _next(day: date) -> date:
        if day == date.max:
            raise _beyond()
        return day + _ONE_DAY


def _beyond() -> UnsupportedYear:
    return UnsupportedYear(
        "calendar.beyond", "日期超出日历范围，请核对", "The date lies beyond the calendar; check it."
    )


def _days_after(start: date, end: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(start.toordinal() + 1, end.toordinal() + 1))


def _read_table(year: int, table: Mapping[str, Iterable[date | str]]) -> tuple[set[date], set[date]]:
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise InvalidArrangement(
            "calendar.key",
            f"{year}年节假日安排中有不认识的项目“{unknown[0]}”，只能使用off和working",
            f"The arrangement of {year} has an unknown key {unknown[0]!r}; use only 'off' and 'working'.",
        )
    off = {_read_day(year, day) for day in table.get("off", ())}
    working = {_read_day(year, day) for day in table.get("working", ())}
    if not any(day.year == year for day in off):
        raise InvalidArrangement(
            "calendar.empty",
            f"{year}年节假日安排中没有放假日期，请对照国务院办公厅通知补全",
            f"The arrangement of {year} lists no day off; complete it by the State Council's notice.",
        )
    return off, working


def _read_day(year: int, day: date | str) -> date:
    try:
        read = date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError as error:
        raise InvalidArrangement(
            "calendar.day",
            f"{year}年节假日安排中的日期“{day}”无法识别，请写成{year}-01-01的形式",
            f"The arrangement of {year} has a date {day!r} that cannot be read; write it like {year}-01-01.",
        ) from error
    if read.year != year and (read.year, read.month) != (year - 1, 12):
        raise InvalidArrangement(
            "calendar.other_year",
            f"{year}年节假日安排中列有其他年份的日期{read}，请核对",
            f"The arrangement of {year} lists {read}, a day of another year; check it.",
        )
    return read
