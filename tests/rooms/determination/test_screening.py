"""What a screening writes: only what changed, in the place of what was found before, within the scope of who asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.registry.conftest import CITY, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_B1, Register, couple_with_child
from tests.rooms.registry.conftest import clerk as clerk  # noqa: PLC0414 (fixtures are found by name)
from tests.rooms.registry.conftest import places as places  # noqa: PLC0414
from tests.rooms.registry.conftest import register as register  # noqa: PLC0414
from tests.rooms.registry.conftest import staff as registrar

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.engine.runs.found import FoundRows
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.rooms.determination import actions, queries
from jiuzhu.rooms.determination.permissions import Permission

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
NO, REFER, DISC, YES = range(4)
FIRST, LAST = ("", 0), ("999999999999", 2**62)
NOTHING = FoundRows([], [], [], [], [], [], [], [], [])
TOTALS = (queries.ProgrammeTotal("dibao", "household", yes=1, unknown=2, paid={"monthly": (1, 2)}),)


def officer(division: DivisionCode | str, *, without: frozenset[str] = frozenset()) -> Actor:
    """An officer who may screen a place."""
    return replace(
        registrar(division), permissions=frozenset({Permission.SCREENING_RUN, Permission.SCREENING_VIEW}) - without
    )


def found(household: int, *, person: int | None = None, division: str = VILLAGE_A1, **other: object) -> FoundRows:
    """One finding: dibao, 100 yuan a month, unless told otherwise."""
    values = {
        "programme": "dibao",
        "outcome_low": YES,
        "outcome_high": YES,
        "amount_low_fen": 10000,
        "amount_high_fen": 10000,
        "paid": "monthly",
    } | other
    return FoundRows([household], [person], [division], *([value] for value in values.values()))  # type: ignore[arg-type]


def start(actor: Actor, division: DivisionCode = CITY) -> int:
    return actions.start_screening(
        actor=actor,
        at=AT,
        division=division,
        on=date(2026, 11, 26),
        pack_digest="a" * 64,
        engine="arrays 2.2",
        code_version="0.1.0",
    )


def record(actor: Actor, run_id: int, findings: FoundRows, *, after: actions.Mark = FIRST) -> int:
    return actions.record_findings(actor=actor, at=AT, run_id=run_id, after=after, until=LAST, findings=findings)


def finish(actor: Actor, run_id: int) -> None:
    actions.finish_screening(
        actor=actor,
        at=AT + timedelta(seconds=9),
        run_id=run_id,
        snapshot_digest="b" * 64,
        household_count=1,
        person_count=3,
        totals=TOTALS,
    )


def test_only_what_changed_is_written_and_what_is_no_longer_found_is_gone(register: Register) -> None:
    actor, home = officer(CITY), register().household_id
    first = start(actor)
    assert record(actor, first, found(home)) == 1
    second = start(actor)
    assert record(actor, second, found(home)) == 0
    (kept,) = queries.findings_of_household(actor=actor, at=AT, household_id=home)
    assert (kept.run_id, kept.is_known, kept.amount_low_fen) == (first, True, 10000)
    assert record(actor, second, found(home, amount_high_fen=20000)) == 1
    (changed,) = queries.findings_of_household(actor=actor, at=AT, household_id=home)
    assert (changed.run_id, changed.amount_high_fen) == (second, 20000)
    assert record(actor, second, NOTHING) == 1
    assert queries.findings_of_household(actor=actor, at=AT, household_id=home) == ()


def test_a_household_and_a_member_can_both_be_found_in_one_programme_each_once(register: Register) -> None:
    actor, made = officer(CITY), register()
    home, person = made.household_id, made.person_ids[0]
    run = start(actor)
    both = FoundRows(
        [home, home],
        [None, person],
        [VILLAGE_A1] * 2,
        ["dibao", "dibao"],
        [NO, YES],
        [YES, YES],
        [0, 1],
        [5, 1],
        ["monthly"] * 2,
    )
    assert record(actor, run, both) == 2
    assert record(actor, run, both) == 0
    rows = queries.findings_of_household(actor=actor, at=AT, household_id=home)
    assert {one.person_id for one in rows} == {None, person}
    assert [one.is_known for one in rows if one.person_id is None] == [False]


def test_only_the_stretch_that_was_screened_is_replaced(register: Register) -> None:
    actor = officer(CITY)
    here, there = register().household_id, register(couple_with_child(201), actor=registrar(CITY), division=VILLAGE_B1)
    run = start(actor)
    record(actor, run, found(here))
    record(actor, run, found(there.household_id, division=VILLAGE_B1), after=(VILLAGE_A1, here))
    assert queries.findings_of_household(actor=actor, at=AT, household_id=here) != ()
    assert record(actor, run, NOTHING, after=(VILLAGE_A1, here)) == 1
    assert queries.findings_of_household(actor=actor, at=AT, household_id=here) != ()


def test_a_run_ends_once_and_says_what_it_read(register: Register) -> None:
    actor = officer(CITY)
    run = start(actor)
    finish(actor, run)
    view = queries.screening(actor=actor, at=AT, run_id=run)
    assert (view.snapshot_digest, view.households, view.persons) == ("b" * 64, 1, 3)
    assert view.totals == TOTALS
    for act in (
        lambda: finish(actor, run),
        lambda: record(actor, run, NOTHING),
        lambda: actions.fail_screening(actor=actor, at=AT, run_id=run, because="late"),
    ):
        with pytest.raises(RuleRefused):
            act()
    other = start(actor)
    actions.fail_screening(actor=actor, at=AT, run_id=other, because="x" * 999)
    assert [(one.id, len(one.failed_because)) for one in queries.screenings(actor=actor, at=AT)] == [
        (other, 400),
        (run, 0),
    ]


def test_nobody_screens_or_sees_beyond_the_place(register: Register) -> None:
    home = register().household_id
    city, township = officer(CITY), officer(TOWN_B)
    with pytest.raises(OutOfScope):
        start(township)
    run = start(city)
    record(city, run, found(home))
    for act in (lambda: record(township, run, NOTHING), lambda: finish(township, run)):
        with pytest.raises(OutOfScope):
            act()
    with pytest.raises(OutOfScope):
        queries.screening(actor=township, at=AT, run_id=run)
    assert queries.findings_of_household(actor=township, at=AT, household_id=home) == ()
    with pytest.raises(OutOfScope):
        queries.list_findings(actor=township, at=AT, programme="dibao", division=TOWN_A)


def test_each_verb_needs_its_permission(register: Register) -> None:
    seeing, running = (
        officer(CITY, without=frozenset({Permission.SCREENING_RUN})),
        officer(CITY, without=frozenset({Permission.SCREENING_VIEW})),
    )
    run = start(running)
    for act in (
        lambda: start(seeing),
        lambda: record(seeing, run, NOTHING),
        lambda: finish(seeing, run),
        lambda: actions.fail_screening(actor=seeing, at=AT, run_id=run, because="x"),
        lambda: queries.screening(actor=running, at=AT, run_id=run),
        lambda: queries.screenings(actor=running, at=AT),
        lambda: queries.findings_of_household(actor=running, at=AT, household_id=1),
        lambda: queries.list_findings(actor=running, at=AT, programme="dibao", division=CITY),
    ):
        with pytest.raises(PermissionRefused):
            act()


def test_pages_hold_every_finding_once_in_as_many_statements_for_few_as_for_many(register: Register) -> None:
    actor = officer(CITY)
    run = start(actor)
    homes = [register(couple_with_child(301 + at * 10)).household_id for at in range(5)]
    many = FoundRows(
        homes * 1,
        [None] * 5,
        [VILLAGE_A1] * 5,
        ["dibao"] * 5,
        [YES] * 5,
        [YES] * 5,
        [1] * 5,
        [1] * 5,
        ["monthly"] * 5,
    )
    with CaptureQueriesContext(connection) as few:
        record(actor, run, found(homes[0]))
    with CaptureQueriesContext(connection) as more:
        assert record(actor, run, many) == 5
    assert len(few) == len(more)
    seen: list[int] = []
    after = ""
    for _ in range(3):
        page = queries.list_findings(actor=actor, at=AT, programme="dibao", division=TOWN_A, after=after, size=2)
        seen += [one.household_id for one in page.rows]
        after = page.next_after
    assert (seen, after) == (sorted(homes), "")


@pytest.mark.parametrize(("after", "size"), [("x", 2), ("370902001001-1", 2), ("1-2-3-4", 2), ("", 0), ("", 201)])
def test_a_mark_or_a_size_that_is_none_is_refused(places: None, after: str, size: int) -> None:
    with pytest.raises(InvalidValue):
        queries.list_findings(actor=officer(CITY), at=AT, programme="dibao", division=CITY, after=after, size=size)


def test_the_end_of_a_run_is_news(register: Register) -> None:
    actor = officer(CITY)
    finish(actor, start(actor))
    with acting(system_actor("test")):
        assert OutboxEvent.objects.filter(name="determination.screening.finished").count() == 1
