"""Villages are read, weighed and drawn so that the counties keep their shares."""

from pathlib import Path

import numpy as np
import pytest

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.divisions import DivisionRow, Divisions, read_divisions, weigh


def test_rows_are_read_from_a_file_with_more_columns(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text("code12,code,level,name\n370902000000,370902,county,泰山区\n", encoding="utf-8")
    assert read_divisions(path) == (DivisionRow("370902000000", "泰山区", "county"),)


def test_counties_on_file_hold_their_census_share_and_the_others_divide_the_rest(divisions: Divisions) -> None:
    share = dict(zip(divisions.county_code.tolist(), divisions.county_share.tolist(), strict=True))
    assert share[370902] == pytest.approx(799_971 / 5_472_217)
    assert share[370911] == pytest.approx(1_046_569 / 5_472_217)
    assert share[370921] == pytest.approx(668_520 / 5_472_217)
    assert share[370923] == share[370982] == share[370983]
    assert sum(share.values()) == pytest.approx(1)


def test_a_lean_towards_communities_moves_households_within_a_county_only(divisions: Divisions) -> None:
    rng = np.random.default_rng(1)
    lean = np.repeat([0.2, 5.0], 20_000)
    village = divisions.draw(rng, lean)
    urban = divisions.village_urban[village]
    assert urban[:20_000].mean() + 0.3 < urban[20_000:].mean()
    for half in (village[:20_000], village[20_000:]):
        found = np.bincount(divisions.village_county[half], minlength=6) / 20_000
        assert np.allclose(found, divisions.county_share, atol=0.012)


def test_a_county_without_communities_gives_villages_only(divisions: Divisions) -> None:
    only = weigh([DivisionRow("370921000000", "宁阳县", "county"), DivisionRow("370921100200", "某村", "village")])
    assert (only.draw(np.random.default_rng(1), np.full(50, 9.0)) == 0).all()


def test_every_village_can_be_drawn(divisions: Divisions) -> None:
    drawn = divisions.draw(np.random.default_rng(3), np.ones(60_000))
    assert len(np.unique(drawn)) == len(divisions.village_code)


def test_a_map_without_villages_or_with_a_homeless_village_is_refused() -> None:
    with pytest.raises(ValueError, match="no village"):
        weigh([DivisionRow("370921000000", "宁阳县", "county")])
    with pytest.raises(ValueError, match="370923"):
        weigh([DivisionRow("370923100200", "某村", "village")])


def test_unknown_share_is_the_city_less_the_known_counties() -> None:
    assert sum(p.CENSUS_COUNTIES.values()) < p.CENSUS_CITY
