"""Runs over a population: settled as each household is, summed to the fen, compared, saved with their identity."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from jiuzhu.config.environment import ROOT as TREE
from jiuzhu.engine.authoring.case_files import case_files, read_cases
from jiuzhu.engine.authoring.cases import Scenario
from jiuzhu.engine.household.assessment import Assessment, assess
from jiuzhu.engine.household.facts import Case
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.household.proposals import package
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.exclusions import matrix
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.packs.programmes import Receiver, Rhythm
from jiuzhu.engine.population.gathering import gather
from jiuzhu.engine.population.invented import invented
from jiuzhu.engine.population.model import Column, Mask, Population, Values
from jiuzhu.engine.population.problems import PopulationError
from jiuzhu.engine.population.settling import STATES
from jiuzhu.engine.runs.changes import ChangeError, changed_parameters, read_change
from jiuzhu.engine.runs.effects import Effects
from jiuzhu.engine.runs.identity import Identity
from jiuzhu.engine.runs.incremental import changed
from jiuzhu.engine.runs.results import Screened
from jiuzhu.engine.runs.saving import Saving
from jiuzhu.engine.runs.screening import Engine, Screen
from jiuzhu.engine.runs.totals import Totals
from jiuzhu.engine.settlement.claims import State

ON = date(2026, 9, 1)
TAISHAN, DAIYUE, JINAN = 370902001001, 370911100201, 370102001001
SHIPPED = TREE / "policies"


@pytest.fixture(scope="module")
def packs() -> PackSet:
    """The packs that ship."""
    return load([SHIPPED])


@pytest.fixture(scope="module")
def programs(packs: PackSet) -> Programs:
    """Their programs."""
    return Programs(packs)


@pytest.fixture(scope="module")
def town(packs: PackSet) -> Population:
    """Invented households in two districts."""
    (found,) = invented(packs, households=2000, divisions=[TAISHAN, DAIYUE], on=ON, seed=3, unknown=0.02)
    return found


def households(packs: PackSet, assessments: Sequence[Assessment]) -> Population:
    """Households that were assessed one by one, as a population."""
    facts = [one for one in packs.variables.values() if one.source is not None]
    rows: dict[str, list[Mapping[str, int | None]]] = defaultdict(list)
    owners: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(assessments, 1):
        rows[ROOT].append(one.held.facts)
        for entity, count in one.held.counts.items():
            columns = one.held.members[entity]
            rows[entity] += [{name: values[at] for name, values in columns.items()} for at in range(count)]
            owners[entity] += [number] * count
    return gather(
        packs,
        taken_on=max(one.on for one in assessments),
        households=np.arange(len(assessments)) + 1,
        divisions=[int(one.case.division) for one in assessments],
        owners=owners,
        facts={
            one.key: [
                None if (value := row.get(one.name)) is None else bool(value) if one.kind.base is Base.TRUTH else value
                for row in rows[one.entity]
            ]
            for one in facts
        },
    )


def compare(packs: PackSet, screened: Screened, assessments: Sequence[Assessment]) -> int:
    """Compare a screening with the package of each household; returns how many claims were compared."""
    starts = np.concatenate(([0], np.cumsum(screened.part.counts[Receiver.PERSON])))
    compared = 0
    for at, assessment in enumerate(assessments):
        rules = matrix(packs, assessment.case.division, assessment.on)
        for one in package(assessment, rules):
            result = screened.results[one.programme]
            place = at if one.row is None else int(starts[at]) + one.row
            where = f"household {at}, {one.programme}, row {one.row}"
            assert STATES[result.states[place]] is one.state, where
            paid: dict[Rhythm, tuple[int, int]] = {}
            for each in one.payments:
                before = paid.get(each.amount.rhythm, (0, 0))
                paid[each.amount.rhythm] = before[0] + each.lowest, before[1] + each.highest
            for rhythm, (low, high) in result.paid.items():
                assert (int(low[place]), int(high[place])) == paid.get(rhythm, (0, 0)), (where, rhythm)
            compared += 1
    return compared


def days_of_cases(packs: PackSet) -> list[tuple[date, list[Scenario]]]:
    """The days of which there are most worked cases, with their cases."""
    by_day: dict[date, list[Scenario]] = defaultdict(list)
    for one in read_cases(case_files([SHIPPED]), packs):
        by_day[one.on].append(one)
    return sorted(by_day.items(), key=lambda pair: -len(pair[1]))[:3]


def test_the_worked_cases_together_come_out_as_each_alone(packs: PackSet, programs: Programs) -> None:
    compared = 0
    for on, scenarios in days_of_cases(packs):
        by_root: dict[str, list[Assessment]] = defaultdict(list)
        for one in scenarios:
            by_root[one.case.division[:4]].append(programs.assess(one.case, on))
        for root, assessments in by_root.items():
            screen = Screen(programs, on=on, root=root)
            compared += compare(packs, screen.one(households(packs, assessments)), assessments)
    assert compared > 5000


def test_households_under_different_rules_are_settled_by_their_own(packs: PackSet, programs: Programs) -> None:
    """Jinan has the State's and the province's layers only, Tai'an a layer of its own."""
    scenarios = [one for one in days_of_cases(packs)[0][1] if one.case.division.startswith("3709")][:40]
    program = programs.at(scenarios[0].on, "37")
    assessments = []
    for number, one in enumerate(scenarios):
        division = one.case.division if number % 2 else str(JINAN)
        assessments.append(assess(program, Case(division, one.case.facts, one.case.members), on=one.on))
    screen = Screen(programs, on=scenarios[0].on, root="37")
    assert len({id(screen.group(one.case.division)) for one in assessments}) == 2
    assert compare(packs, screen.one(households(packs, assessments)), assessments) > 500


def test_duckdb_and_numpy_screen_alike(programs: Programs, town: Population) -> None:
    found = [Screen(programs, on=ON, root="3709", engine=engine).one(town).results for engine in Engine]
    assert found[0].keys() == found[1].keys()
    for name, one in found[0].items():
        other = found[1][name]
        np.testing.assert_array_equal(one.states, other.states, name)
        for rhythm, bounds in one.paid.items():
            for mine, theirs in zip(bounds, other.paid[rhythm], strict=True):
                np.testing.assert_array_equal(mine, theirs, f"{name} {rhythm}")


def test_a_plan_that_meets_something_new_is_made_anew(packs: PackSet, programs: Programs) -> None:
    """The first part knows everything and lies in one district, the second neither."""
    parts = [
        part
        for divisions, unknown in (([TAISHAN], 0.0), ([DAIYUE], 0.3))
        for part in invented(packs, households=300, divisions=divisions, on=ON, unknown=unknown)
    ]
    streamed = list(Screen(programs, on=ON, root="3709").screen(parts))
    for part, one in zip(parts, streamed, strict=True):
        alone = Screen(programs, on=ON, root="3709").one(part)
        for name, result in alone.results.items():
            np.testing.assert_array_equal(result.states, one.results[name].states, name)


def test_totals_of_areas_add_up_and_are_those_of_the_rows(programs: Programs, town: Population) -> None:
    screened = Screen(programs, on=ON, root="3709").one(town)
    whole, parts = Totals(), Totals(6)
    whole.add(screened)
    for one in Screen(programs, on=ON, root="3709").screen(town.parts(300)):
        parts.add(one)
    assert set(parts.by_area) == {"370902", "370911"}
    assert (whole.households, whole.persons) == (parts.households, parts.persons)
    assert whole.by_area[""].keys() == parts.programmes().keys()
    for name, total in parts.programmes().items():
        assert total == whole.by_area[""][name], name
        result = screened.results[name]
        assert total.count(State.GRANTED) == int(result.are(State.GRANTED).sum())
        for rhythm, (low, high) in result.paid.items():
            sure = sum(low[result.are(State.GRANTED)].tolist())
            assert total.paid[rhythm] == (sure, sum(high[result.alive].tolist())), name


def test_a_division_outside_is_refused(programs: Programs, packs: PackSet) -> None:
    (part,) = invented(packs, households=5, divisions=[JINAN], on=ON)
    with pytest.raises(PopulationError, match="a division within 3709"):
        Screen(programs, on=ON, root="3709").one(part)


# what if


def moved(programs: Programs, town: Population, *changes: str, digits: int = 0) -> Effects:
    """The effects of changes."""
    parameters, _ = changed_parameters(programs.packs, map(read_change, changes), on=ON)
    effects = Effects(digits)
    after = Screen(programs, on=ON, root="3709", parameters=parameters)
    effects.add(Screen(programs, on=ON, root="3709").one(town), after.one(town))
    return effects


def test_a_higher_standard_lets_people_in_and_nobody_out(programs: Programs, town: Population) -> None:
    effects = moved(programs, town, "guer_community_yuan_month*=1.1", "guer_institution_yuan_month*=1.1", digits=6)
    one = effects.programmes()["guer"]
    before, after = one.granted()
    assert before > 0
    assert after == before + one.enter - one.leave
    assert (one.more, one.less) == (before, 0)
    old, new = one.paid[Rhythm.MONTHLY]
    assert old * 11 == new * 10
    assert not effects.programmes()["canji_huli_butie"].changes
    assert effects.households_worse == 0
    assert 0 < effects.households_better <= before
    assert sum(own["guer"].more for own in effects.by_area.values()) == one.more


def test_a_change_of_one_district_moves_only_it(programs: Programs, town: Population) -> None:
    effects = moved(programs, town, "guer_community_yuan_month@370902+=100", digits=6)
    assert effects.by_area["370902"]["guer"].more > 0
    assert not effects.by_area["370911"]["guer"].changes


def test_nothing_changed_changes_nothing(programs: Programs, town: Population) -> None:
    effects = moved(programs, town, "guer_community_yuan_month+=0")
    assert not any(one.changes for one in effects.programmes().values())
    assert (effects.households_better, effects.households_worse) == (0, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("guer_community_yuan_month", "is no change"),
        ("guer_community_yuan_month=abc", "needs a number"),
        ("guer_community_yuan_month=1.005", "at most 2 decimals"),
        ("guer_community_yuan_month*=1e9", "needs a factor"),
        ("guer_community_yuan_month*=-1", "needs a factor"),
        ("guer_community_yuan_month-=99999999999999", "lies between"),
        ("guer_community_yuan_mont=5", "Did you mean guer_community_yuan_month"),
        ("dibao_by_bands+=1", "needs"),
        ("dibao_band_low_yuan_month+=1", "has no value on 2026-09-01"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(packs: PackSet, text: str, message: str) -> None:
    with pytest.raises(ChangeError, match=message) as caught:
        changed_parameters(packs, [read_change(text)], on=ON)
    assert caught.value.zh


def test_changes_are_part_of_the_digest(packs: PackSet) -> None:
    first = changed_parameters(packs, [read_change("guer_community_yuan_month+=1")], on=ON)[1]
    second = changed_parameters(packs, [read_change("guer_community_yuan_month+=2")], on=ON)[1]
    assert len({first, second, packs.digest}) == 3


# only what changed


def one_changed(town: Population) -> Iterator[tuple[Population, set[int]]]:
    """The town with one thing otherwise, and the households that this concerns."""
    births = town.columns["person", "birth_date"]
    row = int(town.counts["person"][:3].sum())
    values = births.values.copy()
    values[row] = 19770707
    yield changed_column(town, ("person", "birth_date"), values, births.unknown), {4}
    savings = ("person", "bank_deposit_yuan")
    column = town.columns[savings]
    assert column.unknown is not None
    unknown = column.unknown.copy()
    unknown[row] = not unknown[row]
    yield changed_column(town, savings, np.where(unknown, 0, column.values), unknown), {4}
    rest = np.arange(1, len(town))
    yield town.chosen(rest), set()


def changed_column(town: Population, key: tuple[str, str], values: Values, unknown: Mask | None) -> Population:
    """The town with another column."""
    return replace(town, columns={**town.columns, key: Column(values, unknown)})


def test_changed_households_are_found_and_worked_out_alone(programs: Programs, town: Population) -> None:
    for after, expected in one_changed(town):
        found = changed(town, after)
        assert set(after.households[found.places].tolist()) == expected
        if len(after) < len(town):
            assert found.gone.tolist() == [1]
            continue
        assert found.gone.tolist() == []
        alone = Screen(programs, on=ON, root="3709").one(after.chosen(found.places))
        whole = Screen(programs, on=ON, root="3709").one(after)
        for name, one in alone.results.items():
            if one.unit is Receiver.HOUSEHOLD:
                np.testing.assert_array_equal(one.states, whole.results[name].states[found.places], name)


def test_a_new_household_and_another_size_are_changes(town: Population) -> None:
    before = town.chosen(np.arange(10))
    assert changed(before, town.chosen(np.arange(12))).places.tolist() == [10, 11]
    assert changed(town, town).places.tolist() == []


# on disk


def test_a_run_is_saved_with_its_identity(programs: Programs, town: Population, tmp_path: Path) -> None:
    screened = Screen(programs, on=ON, root="3709").one(town)
    identity = Identity(programs.packs.digest, "d" * 64, ON, "3709", Engine.NUMPY.full_name, "0")
    totals, saving = Totals(), Saving(tmp_path / "run")
    totals.add(screened)
    saving.add(screened)
    assert not (tmp_path / "run").exists()
    saving.finish(identity, totals)
    manifest = json.loads((tmp_path / "run/run.json").read_text(encoding="utf-8"))
    assert manifest["run"] == identity.digest
    assert manifest["pack_digest"] == programs.packs.digest
    query = f"SELECT programme, state, person, monthly_low FROM '{tmp_path}/run/*.parquet'"
    rows = duckdb.connect().execute(query).fetchall()
    assert manifest["claims"] == len(rows)
    granted = [row for row in rows if row[:2] == ("guer", "granted")]
    total = manifest["totals"][""]["guer"]
    assert total["states"]["granted"] == len(granted) > 0
    assert total["paid"]["monthly"]["sure"] == sum(row[3] for row in granted)
    assert all(row[2] for row in granted)
    assert {row[2] for row in rows if row[0] == "shouzai_jiuzhu"} == {None}
    with pytest.raises(FileExistsError):
        Saving(tmp_path / "run")


def test_identities_tell_runs_apart() -> None:
    base = Identity("a", "b", ON, "3709", "numpy 2", "0.1")
    assert base.digest == Identity("a", "b", ON, "3709", "numpy 2", "0.1").digest
    others = [
        Identity("x", "b", ON, "3709", "numpy 2", "0.1"),
        Identity("a", "x", ON, "3709", "numpy 2", "0.1"),
        Identity("a", "b", date(2026, 9, 2), "3709", "numpy 2", "0.1"),
        Identity("a", "b", ON, "37", "numpy 2", "0.1"),
        Identity("a", "b", ON, "3709", "duckdb 2", "0.1"),
        Identity("a", "b", ON, "3709", "numpy 2", "0.2"),
    ]
    assert len({base.digest, *(one.digest for one in others)}) == 7


# invented households


def test_invented_households_are_the_same_for_a_seed(packs: PackSet) -> None:
    def drawn(seed: int) -> list[int]:
        (part,) = invented(packs, households=50, divisions=[TAISHAN], on=ON, seed=seed)
        return [int(one) for one in part.columns["person", "birth_date"].values]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
