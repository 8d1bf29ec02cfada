"""Published figures laid over the packs: each in its place and days, with its document and a new digest (S04)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.packs import write_packs
from tests.rooms.catalogue.conftest import CITY, TAISHAN, TODAY, URBAN, Propose

from jiuzhu.core.citations import Citation, LegalLevel
from jiuzhu.core.periods import Period
from jiuzhu.engine.kinds import Unit
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.parameters import PublishedValue, with_standards
from jiuzhu.engine.problems import PackError, Place
from jiuzhu.rooms.catalogue import queries
from jiuzhu.rooms.catalogue.states import StandardState

NAME = "standard_yuan_month"
DOCUMENT = Citation("关于调整标准的通知", "示例〔2026〕2号", None, LegalLevel.CITY_DOCUMENT, date(2026, 1, 1))
COUNTY, ELSEWHERE = "370902000000", "370911000000"


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> PackSet:
    """A standard of 800 from July 2025 on; in 370902 of 966.50, and from 2027 on of 1000."""
    return load([write_packs(Path(tmp_path_factory.mktemp("packs")))])


def figure(
    value: int = 90000, prefix: str = "", start: date = date(2026, 1, 1), end: date | None = None
) -> PublishedValue:
    return PublishedValue(
        NAME, prefix, Period(start, end), Unit.YUAN_MONTH, 2, value, (DOCUMENT,), Place("standard:1", 1, 1)
    )


def value_of(packs: PackSet, division: str, on: date) -> int | None:
    entry = packs.parameters[NAME].entry(division, on)
    return None if entry is None else entry.value


def test_a_figure_stands_in_place_of_the_packs_own_from_its_day_on(packs: PackSet) -> None:
    laid = with_standards(packs, [figure()])
    days = [date(2025, 6, 30), date(2025, 12, 31), date(2026, 1, 1), date(2030, 1, 1)]
    assert [value_of(laid, ELSEWHERE, on) for on in days] == [None, 80000, 90000, 90000]
    entry = laid.parameters[NAME].entry(ELSEWHERE, TODAY)
    assert entry is not None
    assert (entry.basis, entry.demo, str(entry.place)) == ((DOCUMENT,), False, "standard:1:1:1")
    assert value_of(packs, ELSEWHERE, TODAY) == 80000, "the packs themselves are not touched"


def test_what_a_narrower_place_has_of_its_own_goes_before(packs: PackSet) -> None:
    assert value_of(with_standards(packs, [figure()]), COUNTY, TODAY) == 96650
    laid = with_standards(packs, [figure(prefix="370902", end=date(2026, 7, 1))])
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2027, 1, 1)]
    assert [value_of(laid, COUNTY, on) for on in days] == [96650, 90000, 90000, 96650, 100000]
    assert value_of(laid, ELSEWHERE, TODAY) == 80000


def test_the_digest_names_packs_and_figures_and_not_their_order(packs: PackSet) -> None:
    two = [figure(), figure(prefix="370902")]
    assert with_standards(packs, []) is packs
    assert with_standards(packs, two).digest == with_standards(packs, two[::-1]).digest != packs.digest
    others = [
        figure(90001),
        figure(start=date(2026, 1, 2)),
        figure(end=date(2027, 1, 1)),
        figure(prefix="37"),
        replace(figure(), basis=(replace(DOCUMENT, number="示例〔2026〕3号"),)),
    ]
    digests = {with_standards(packs, [one]).digest for one in (figure(), *others)}
    assert len(digests) == len(others) + 1


def test_a_figure_of_another_unit_and_one_on_another_are_refused(packs: PackSet) -> None:
    for wrong in (replace(figure(), unit=Unit.YUAN_YEAR), replace(figure(), places=0)):
        with pytest.raises(PackError) as refusal:
            with_standards(packs, [wrong])
        assert [one.code for one in refusal.value.problems] == ["standard.unit"]
    with pytest.raises(PackError) as refusal:
        with_standards(packs, [figure(), figure(start=date(2026, 6, 1))])
    assert [one.code for one in refusal.value.problems] == ["parameter.conflict"]


def test_a_figure_that_the_packs_do_not_know_is_passed_over(packs: PackSet) -> None:
    assert with_standards(packs, [replace(figure(), parameter="unknown")]) is packs


_DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))


@given(_DAYS, st.none() | _DAYS, st.sampled_from(["", "37", "370902"]), _DAYS)
def test_on_each_day_it_is_the_figure_or_what_it_was(
    packs: PackSet, start: date, end: date | None, prefix: str, on: date
) -> None:
    if end is not None and end <= start:
        start, end = end, start
    if start == end:
        end = None
    laid = with_standards(packs, [figure(1, prefix, start, end)])
    for division in (COUNTY, ELSEWHERE):
        before = packs.parameters[NAME].entry(division, on)
        holds = Period(start, end).contains(on) and division.startswith(prefix)
        wins = holds and (before is None or len(prefix) >= len(before.prefix))
        assert value_of(laid, division, on) == (1 if wins else value_of(packs, division, on))


def test_published_standards_reach_the_packs_in_force(propose: Propose) -> None:
    propose("1200", division=TAISHAN, state=StandardState.PUBLISHED)
    propose("1300")
    shipped, laid = queries.public_shipped_packs(), queries.public_packs(TODAY)
    entries = [laid.parameters[URBAN].entry(one.value, TODAY) for one in (TAISHAN, CITY)]
    assert [None if one is None else (one.value, one.demo) for one in entries] == [(120000, False), (96000, True)]
    assert laid.digest != shipped.digest
