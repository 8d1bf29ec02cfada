"""A screening from the register to what is found of whom: repeatable, resumable, within the place (S02 S04, X2)."""

from dataclasses import replace
from datetime import date

import pytest
from tests.rooms.registry.conftest import AT, CITY, TODAY, TOWN_A, VILLAGE_A1, VILLAGE_B1, Register, couple_with_child
from tests.rooms.registry.conftest import clerk as clerk  # noqa: PLC0414 (fixtures are found by name)
from tests.rooms.registry.conftest import places as places  # noqa: PLC0414
from tests.rooms.registry.conftest import register as register  # noqa: PLC0414
from tests.rooms.registry.conftest import staff as registrar

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.household.months import Programs
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.jobs import Stopped, Work
from jiuzhu.journeys import screen as journey
from jiuzhu.rooms.catalogue.queries import public_programs
from jiuzhu.rooms.determination import queries
from jiuzhu.rooms.determination.permissions import Permission
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry.actions import NewFact
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.queries import screening as reading
from jiuzhu.rooms.registry.states import LifeEventKind, SourceKind

LAST_YEAR = date(2025, 1, 1)
PROGRAMME = "canji_huli_butie"
MAY = frozenset({Permission.SCREENING_RUN, Permission.SCREENING_VIEW, Registry.POPULATION_SCREEN})


def officer(division: DivisionCode | str = CITY, *, may: frozenset[str] = MAY) -> Actor:
    """An officer who may screen a place; one account for all."""
    return replace(registrar(division), permissions=may)


def work(actor: Actor, *, last_attempt: bool = True, stop: bool = False) -> Work:
    """A run of the job."""
    return Work(
        job_id=1,
        actor=actor,
        request_id="r1",
        at=AT,
        attempt=0,
        last_attempt=last_attempt,
        stop_asked=lambda: stop,
    )


def disabled(clerk: Actor, person_id: int, *, grade: str = "1") -> None:
    """What must be known for the nursing subsidy."""
    facts = {
        "disability_type": "4",
        "disability_grade": grade,
        "needs_long_care": True,
        "injury_nursing_fee": False,
        "recognised_tekun": False,
        "wage_income_fen_month": 500_000,
    }
    actions.record_facts(
        actor=clerk,
        at=AT,
        facts=[
            NewFact(name, value, LAST_YEAR, SourceKind.VERIFIED, person_id=person_id) for name, value in facts.items()
        ],
    )


def screened(actor: Actor, division: DivisionCode = CITY) -> queries.ScreeningView:
    """A screening from its beginning to its end."""
    run_id = journey.screen(actor=actor, at=AT, division=division, on=TODAY)
    journey.run_screening(work(actor), run_id=run_id)
    return queries.screening(actor=actor, at=AT, run_id=run_id)


def bar_of(run_id: int, actor: Actor) -> progress.ProgressView:
    """The progress of a screening."""
    with acting(actor):
        return progress.progress_of(journey.key_of(run_id), actor=actor)


def found(actor: Actor, household_id: int) -> dict[int | None, tuple[int, int]]:
    """What was found in the programme: person and amount."""
    rows = queries.findings_of_household(actor=actor, at=AT, household_id=household_id)
    return {one.person_id: (one.amount_low_fen, one.amount_high_fen) for one in rows if one.programme == PROGRAMME}


def test_who_is_entitled_is_found_with_the_amount_and_the_totals(clerk: Actor, register: Register) -> None:
    made = register()
    disabled(clerk, made.person_ids[0])
    actor = officer()
    run = screened(actor)
    assert (run.households, run.persons, run.failed_because) == (1, 3, "")
    assert run.finished_at is not None
    assert len(run.snapshot_digest) == len(run.pack_digest) == 64
    assert run.engine.startswith("numpy ")
    assert found(actor, made.household_id) == {made.person_ids[0]: (17_000, 17_000)}
    total = next(one for one in run.totals if one.programme == PROGRAMME)
    assert (total.unit, total.yes, total.paid["monthly"][0]) == ("person", 1, 17_000)
    assert total.unknown == 2
    bar = bar_of(run.id, actor)
    assert (bar.done, bar.ended, bar.message) == (1, True, "")


def test_what_is_not_known_is_counted_and_not_found(clerk: Actor, register: Register) -> None:
    made = register()
    actor = officer()
    run = screened(actor)
    assert found(actor, made.household_id) == {}
    assert next(one for one in run.totals if one.programme == PROGRAMME).unknown == 3


def test_the_same_register_has_the_same_digest_and_changes_nothing(clerk: Actor, register: Register) -> None:
    made = register()
    disabled(clerk, made.person_ids[0])
    actor = officer()
    first, second = screened(actor), screened(actor)
    assert first.changed > 0
    assert second.changed == 0
    assert first.snapshot_digest == second.snapshot_digest
    disabled(clerk, made.person_ids[0], grade="3")
    third = screened(actor)
    assert third.snapshot_digest != second.snapshot_digest
    assert third.changed > 0
    assert found(actor, made.household_id) == {}


def test_pieces_come_to_the_same_as_the_whole(
    clerk: Actor, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [register(couple_with_child(201 + at * 10)) for at in range(4)]
    for made in homes:
        disabled(clerk, made.person_ids[1])
    actor = officer()
    whole = screened(actor)
    monkeypatch.setattr(reading, "PIECE", 2)
    pieces = screened(actor)
    assert (pieces.households, pieces.persons, pieces.totals) == (4, 12, whole.totals)
    assert pieces.changed == 0


def test_a_place_is_screened_without_touching_what_was_found_elsewhere(clerk: Actor, register: Register) -> None:
    here = register()
    there = register(couple_with_child(201), actor=registrar(CITY), division=VILLAGE_B1)
    disabled(clerk, here.person_ids[0])
    disabled(registrar(CITY), there.person_ids[0])
    city = officer()
    screened(city)
    assert found(city, here.household_id)
    assert found(city, there.household_id)
    run = screened(city, DivisionCode(VILLAGE_B1))
    assert (run.households, run.changed) == (1, 0)
    assert found(city, here.household_id)


def test_a_household_that_was_closed_is_no_longer_found(clerk: Actor, register: Register) -> None:
    made = register()
    disabled(clerk, made.person_ids[0])
    actor = officer()
    screened(actor)
    assert found(actor, made.household_id)
    for person_id in made.person_ids:
        actions.record_life_event(
            actor=clerk,
            at=AT,
            kind=LifeEventKind.DEATH,
            person_id=person_id,
            happened_on=TODAY,
            evidence="证明",
        )
    run = screened(actor)
    assert run.households == 0
    assert found(actor, made.household_id) == {}


def test_an_empty_place_is_screened_too(places: None) -> None:
    run = screened(officer())
    assert (run.households, run.persons, run.totals) == (0, 0, ())
    assert run.finished_at is not None


def test_a_worker_that_is_stopped_takes_the_run_up_again(clerk: Actor, register: Register) -> None:
    made = register()
    disabled(clerk, made.person_ids[0])
    actor = officer()
    run_id = journey.screen(actor=actor, at=AT, division=CITY, on=TODAY)
    with pytest.raises(Stopped):
        journey.run_screening(work(actor, stop=True), run_id=run_id)
    assert queries.screening(actor=actor, at=AT, run_id=run_id).finished_at is None
    journey.run_screening(work(actor), run_id=run_id)
    assert queries.screening(actor=actor, at=AT, run_id=run_id).finished_at is not None
    journey.run_screening(work(actor), run_id=run_id)  # a job that comes twice does nothing
    assert found(actor, made.household_id)


def test_a_fault_is_tried_again_and_at_last_said(
    clerk: Actor, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    register()
    actor = officer()

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk")

    run_id = journey.screen(actor=actor, at=AT, division=CITY, on=TODAY)
    monkeypatch.setattr(journey, "population_piece", broken)
    with pytest.raises(OSError, match="disk"):
        journey.run_screening(work(actor, last_attempt=False), run_id=run_id)
    assert queries.screening(actor=actor, at=AT, run_id=run_id).failed_because == ""
    with pytest.raises(OSError, match="disk"):
        journey.run_screening(work(actor), run_id=run_id)
    assert "请重新发起筛查" in queries.screening(actor=actor, at=AT, run_id=run_id).failed_because
    assert bar_of(run_id, actor).ended


def test_a_run_is_not_worked_out_by_other_packs(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    register()
    actor = officer()
    run_id = journey.screen(actor=actor, at=AT, division=CITY, on=TODAY)
    others = Programs(replace(public_programs(TODAY).packs, digest="0" * 64))
    monkeypatch.setattr(journey, "public_programs", lambda _: others)
    journey.run_screening(work(actor), run_id=run_id)
    assert "政策包" in queries.screening(actor=actor, at=AT, run_id=run_id).failed_because


@pytest.mark.parametrize("without", sorted(MAY - {Permission.SCREENING_VIEW}))
def test_a_screening_needs_both_permissions(places: None, without: str) -> None:
    with pytest.raises(PermissionRefused):
        journey.screen(actor=officer(may=MAY - {without}), at=AT, division=CITY, on=TODAY)


def test_nobody_screens_another_place(places: None) -> None:
    with pytest.raises(OutOfScope):
        journey.screen(actor=officer(TOWN_A), at=AT, division=CITY, on=TODAY)
    assert VILLAGE_A1.startswith(TOWN_A.prefix)
