"""Terms are counted by the State Council's arrangements, and are provisional where there is none yet."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.calendar import Deadline, InvalidArrangement, InvalidDayCount, UnsupportedYear, WorkCalendar

CALENDAR = WorkCalendar.packaged()
DAYS = st.dates(date(2021, 1, 4), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("n", "last"),
    [
        (3, date(2026, 9, 17)),
        (10, date(2026, 9, 28)),
        (15, date(2026, 10, 10)),
        (20, date(2026, 10, 16)),
        (30, date(2026, 10, 30)),
        (45, date(2026, 11, 20)),
    ],
)
def test_terms_over_the_national_holiday_of_2026(n: int, last: date) -> None:
    assert CALENDAR.add_working_days(date(2026, 9, 14), n) == Deadline(last, provisional=False)


def test_holidays_and_worked_weekends_of_2026_are_on_file() -> None:
    worked = [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20)]
    off = [date(2026, 2, 16), date(2026, 4, 6), date(2026, 6, 19), date(2026, 9, 25), date(2026, 10, 7)]
    assert all(CALENDAR.is_working_day(day) for day in worked)
    assert not any(CALENDAR.is_working_day(day) for day in off)
    assert all(CALENDAR.is_confirmed(year) for year in range(2021, 2027))


def test_a_term_into_a_year_without_arrangement_is_provisional() -> None:
    counted = CALENDAR.add_working_days(date(2100, 1, 4), 5)
    assert counted == Deadline(date(2100, 1, 11), provisional=True)
    last_confirmed = max(CALENDAR.confirmed_years)
    into_next = CALENDAR.add_working_days(date(last_confirmed, 12, 25), 10)
    assert into_next.day.year == last_confirmed + 1
    assert into_next.provisional


def test_a_city_can_load_the_next_notice() -> None:
    year = max(CALENDAR.confirmed_years) + 1
    holidays = [date(year, 1, 1) + timedelta(days=number) for number in range(10)]
    extended = CALENDAR.extended({year: {"off": [day.isoformat() for day in holidays]}})
    assert extended.is_confirmed(year)
    assert not extended.is_working_day(holidays[-1])
    assert not extended.add_working_days(date(year, 1, 1), 1).provisional
    assert not CALENDAR.is_confirmed(year)


def test_a_notice_may_move_days_of_the_december_before() -> None:
    first = WorkCalendar.from_mapping({2018: {"off": ["2018-01-01"]}})
    assert first.is_working_day(date(2018, 12, 31))
    second = first.extended(
        {2019: {"off": ["2018-12-30", "2018-12-31", "2019-01-01"], "working": ["2018-12-29", "2019-02-02"]}}
    )
    assert not second.is_working_day(date(2018, 12, 31))
    assert second.is_working_day(date(2018, 12, 29))
    assert second.is_working_day(date(2019, 2, 2))


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"off": ["2027-01-01"], "on": []}, "calendar.key"),
        ({"off": []}, "calendar.empty"),
        ({"off": ["1 Jan"]}, "calendar.day"),
        ({"off": ["2028-01-01"]}, "calendar.other_year"),
        ({"off": ["2027-01-02"], "working": ["2027-01-02"]}, "calendar.both"),
        ({"off": ["2027-01-01"], "working": ["2027-01-05"]}, "calendar.weekday"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(table: dict[str, list[str]], code: str) -> None:
    with pytest.raises(InvalidArrangement) as caught:
        CALENDAR.extended({2027: table})
    assert caught.value.code == code


@given(DAYS, st.integers(1, 60))
def test_a_term_ends_on_a_working_day_and_holds_exactly_its_days(accepted: date, n: int) -> None:
    end = CALENDAR.add_working_days(accepted, n).day
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(accepted, end) == n
    assert CALENDAR.working_days_between(end, accepted) == -n
    assert CALENDAR.add_working_days(accepted, n - 1).day < end or n == 1


@given(DAYS, st.integers(0, 60))
def test_natural_days_roll_over_to_a_working_day_only_when_asked(posted: date, n: int) -> None:
    plain = CALENDAR.add_natural_days(posted, n, roll_over=False)
    rolled = CALENDAR.add_natural_days(posted, n, roll_over=True)
    assert plain == Deadline(posted + timedelta(days=n), provisional=False)
    assert CALENDAR.is_working_day(rolled.day)
    assert CALENDAR.working_days_between(plain.day - timedelta(days=1), rolled.day) == 1


def test_a_notice_ending_in_the_national_holiday_rolls_over_it() -> None:
    assert CALENDAR.add_natural_days(date(2026, 9, 28), 7, roll_over=True).day == date(2026, 10, 8)
    assert CALENDAR.add_natural_days(date(2026, 9, 28), 7, roll_over=False).day == date(2026, 10, 5)
    assert CALENDAR.add_natural_days(date(2099, 1, 1), 2, roll_over=True).provisional


def test_zero_days_is_the_day_itself() -> None:
    sunday = date(2026, 9, 13)
    assert CALENDAR.add_working_days(sunday, 0).day == sunday
    assert CALENDAR.working_days_between(sunday, sunday) == 0


@pytest.mark.parametrize("n", [-1, 10_001])
def test_impossible_terms_are_refused(n: int) -> None:
    with pytest.raises(InvalidDayCount):
        CALENDAR.add_working_days(date(2026, 1, 5), n)
    with pytest.raises(InvalidDayCount):
        CALENDAR.add_natural_days(date(2026, 1, 5), n, roll_over=False)


BEFORE = date(2020, 12, 31)


@pytest.mark.parametrize(
    "question",
    [
        lambda: CALENDAR.is_working_day(BEFORE),
        lambda: CALENDAR.add_working_days(BEFORE, 3),
        lambda: CALENDAR.add_natural_days(BEFORE, 3, roll_over=False),
        lambda: CALENDAR.working_days_between(BEFORE, date(2021, 1, 5)),
        lambda: CALENDAR.working_days_between(date(2021, 1, 5), BEFORE),
    ],
)
def test_days_before_2021_are_refused(question: Callable[[], Any]) -> None:
    with pytest.raises(UnsupportedYear) as caught:
        question()
    assert "2021" in caught.value.message_zh


def test_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(UnsupportedYear):
        CALENDAR.add_working_days(date(9999, 12, 30), 5)
    with pytest.raises(UnsupportedYear):
        CALENDAR.add_natural_days(date(9999, 12, 30), 5, roll_over=False)


def test_a_point_in_time_is_no_day() -> None:
    with pytest.raises(TypeError):
        CALENDAR.is_working_day(datetime(2026, 9, 14, tzinfo=UTC))
