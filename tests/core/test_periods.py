"""Periods are half-open; merging and gaps cover time exactly; ages follow the calendar."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.periods import InvalidPeriod, Period, add_months, age, birthday_in, gaps, merge

BASE = date(2026, 1, 1)
WINDOW = [BASE + timedelta(days=day) for day in range(80)]


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(st.integers(0, 60))
    length = draw(st.one_of(st.none(), st.integers(1, 15)))
    return Period(BASE + timedelta(days=start), None if length is None else BASE + timedelta(days=start + length))


def test_the_end_does_not_belong_to_the_period() -> None:
    july = Period(date(2026, 7, 1), date(2026, 8, 1))
    assert july.contains(date(2026, 7, 1))
    assert july.contains(date(2026, 7, 31))
    assert not july.contains(date(2026, 8, 1))
    assert july.days == 31
    assert Period(BASE).is_open
    assert Period(BASE).days is None
    assert (str(july), str(Period(BASE))) == ("[2026-07-01, 2026-08-01)", "[2026-01-01, )")


@pytest.mark.parametrize("end", [BASE, BASE - timedelta(days=1)])
def test_a_period_holds_at_least_one_day(end: date) -> None:
    with pytest.raises(InvalidPeriod) as caught:
        Period(BASE, end)
    assert caught.value.code == "period.order"


@given(periods(), periods())
def test_overlap_and_intersection_agree_with_the_days(a: Period, b: Period) -> None:
    shared = {day for day in WINDOW if a.contains(day) and b.contains(day)}
    both = a.intersect(b)
    assert a.overlaps(b) == b.overlaps(a) == bool(shared)
    assert {day for day in WINDOW if both is not None and both.contains(day)} == shared
    assert not (a.adjacent(b) and a.overlaps(b))


@given(st.lists(periods(), max_size=6))
def test_merged_periods_cover_the_same_days_and_stay_apart(given_periods: list[Period]) -> None:
    merged = merge(given_periods)
    for day in WINDOW:
        assert any(period.contains(day) for period in merged) == any(period.contains(day) for period in given_periods)
    for before, after in pairwise(merged):
        assert before.end is not None
        assert before.end < after.start


@given(st.lists(periods(), max_size=6), periods())
def test_gaps_are_exactly_the_days_that_nothing_covers(given_periods: list[Period], within: Period) -> None:
    found = gaps(given_periods, within)
    for day in WINDOW:
        free = within.contains(day) and not any(period.contains(day) for period in given_periods)
        assert any(gap.contains(day) for gap in found) == free
    between = gaps(given_periods)
    assert all(not gap.is_open for gap in between)
    assert not any(gap.overlaps(period) for gap in between for period in given_periods)


def test_months_are_those_the_period_touches() -> None:
    assert list(Period(date(2026, 11, 15), date(2027, 1, 1)).months()) == [date(2026, 11, 1), date(2026, 12, 1)]
    assert list(Period(date(2026, 11, 15), date(2027, 1, 2)).months())[-1] == date(2027, 1, 1)
    assert list(Period(date(2026, 11, 15)).months(until=date(2026, 12, 1))) == [date(2026, 11, 1)]
    assert list(Period(date(2026, 11, 15)).months(until=date(2026, 11, 10))) == []
    with pytest.raises(InvalidPeriod) as caught:
        list(Period(date(2026, 11, 15)).months())
    assert caught.value.code == "period.open"


def test_a_month_without_the_day_gives_its_last_day() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 15), 13) == date(2028, 1, 15)
    with pytest.raises(InvalidPeriod):
        add_months(date(9999, 12, 1), 1)
    with pytest.raises(InvalidPeriod):
        add_months(date(1, 1, 1), -1)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_adding_months_moves_by_that_many_months(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day


def test_a_year_of_age_is_complete_on_the_birthday() -> None:
    birth = date(2008, 6, 15)
    assert age(birth, date(2026, 6, 14)) == 17
    assert age(birth, date(2026, 6, 15)) == 18
    assert age(birth, birth) == 0


def test_who_is_born_on_the_29th_of_february_is_a_year_older_on_the_1st_of_march() -> None:
    birth = date(2008, 2, 29)
    assert age(birth, date(2026, 2, 28)) == 17
    assert age(birth, date(2026, 3, 1)) == 18
    assert age(birth, date(2028, 2, 28)) == 19
    assert age(birth, date(2028, 2, 29)) == 20


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_age_changes_on_the_birthday_and_only_then(birth: date, years: int) -> None:
    birthday = birthday_in(birth, birth.year + years)
    assert age(birth, birthday) == years
    if years:
        assert age(birth, birthday - timedelta(days=1)) == years - 1


def test_there_is_no_age_before_the_birth() -> None:
    with pytest.raises(InvalidPeriod):
        age(date(2026, 5, 1), date(2026, 4, 30))
    with pytest.raises(InvalidPeriod):
        birthday_in(date(2026, 5, 1), 2025)
