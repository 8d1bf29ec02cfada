"""What changes on which day: each turn once, with what was before, and nothing where nothing changed (S01 X1)."""

from datetime import date
from pathlib import Path

from tests.engine.programmes import AFTER, loaded, write, write_programme

from jiuzhu.core.periods import Period
from jiuzhu.engine.packs.differences import Sort, Subject
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.turning import by_day, turns

YEARS = Period(date(2025, 1, 2), date(2028, 1, 1))


def test_values_steps_and_programmes_turn_on_their_days(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    assert loaded(root).version("370902001001", AFTER) is not None
    found = turns(load([root]), YEARS)
    told = {(one.day, one.change.subject, one.change.name, one.change.before, one.change.after) for one in found}
    assert (date(2027, 1, 1), Subject.PARAMETER, "standard_yuan_month", "966.50", "1000.00") in told
    assert (date(2025, 7, 1), Subject.PARAMETER, "standard_yuan_month", "", "800.00") in told
    # from 2026-07-01 the township decides, and a hearing is held
    law = [one.change for one in found if one.day == AFTER]
    assert any(one.subject is Subject.PROGRAMME and one.after == "township" for one in law)
    assert any(one.subject is Subject.PROCESS and one.sort is Sort.ADDED for one in law)
    assert len(told) == len(found)
    assert list(by_day(found)) == sorted({one.day for one in found}, reverse=True)


def test_a_day_outside_is_not_told_and_an_end_is(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(
        root,
        "370900-ours/dibao/parameters.yaml",
        "support_days:\n  type: days\n  label: 公示起算\n  label_en: days\n"
        "  values: [{value: 3, from: 2026-01-01, to: 2026-06-01, basis: sample_law 45}]\n",
    )
    packs = load([root])
    (start, end) = [
        one for one in turns(packs, Period(date(2025, 12, 1), date(2026, 6, 2))) if one.change.prefix == "3709"
    ]
    assert (start.day, start.change.sort, start.change.after) == (date(2026, 1, 1), Sort.ADDED, "3")
    assert (end.day, end.change.sort, end.change.before) == (date(2026, 6, 1), Sort.REMOVED, "3")
    assert not [one for one in turns(packs, Period(date(2026, 2, 1), date(2026, 5, 1))) if one.change.prefix]
