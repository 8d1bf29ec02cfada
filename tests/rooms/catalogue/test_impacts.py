"""What a version would change: who may keep it, how a run ends, and what the database refuses (S02 S07)."""

import pytest
from django.db import IntegrityError, connection, transaction
from tests.rooms.catalogue.conftest import AT, CITY, DAIYUE, DRAFTER, TAISHAN, TODAY, Draft, in_role, officer

from jiuzhu.core.actors import OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.catalogue import actions, queries
from jiuzhu.rooms.catalogue.queries import ImpactLine

LINE = ImpactLine("370902", "dibao", "household", (5, 4), 1, 2, 3, 4, {"monthly": (966_70, 900_00)})


def started(
    pack_id: int, *, before_id: int | None = None, division: DivisionCode = CITY, account: int = DRAFTER
) -> int:
    return actions.start_impact(
        actor=officer(DRAFTER, division),
        at=AT,
        division=division,
        on=TODAY,
        after_id=pack_id,
        before_id=before_id,
        after_digest="a" * 64,
        before_digest="b" * 64,
        engine="numpy 2",
        code_version="1",
    )


def finish(impact_id: int) -> None:
    actions.finish_impact(
        actor=officer(),
        at=AT,
        impact_id=impact_id,
        snapshot_digest="c" * 64,
        household_count=10,
        person_count=20,
        better_count=3,
        worse_count=4,
        lines=[LINE],
    )


def test_a_run_is_kept_with_its_sums_and_ends_once(draft: Draft) -> None:
    pack_id = draft()
    impact_id = started(pack_id)
    finish(impact_id)
    found = queries.impact_run(actor=officer(), at=AT, impact_id=impact_id)
    assert found.lines == (LINE,)
    assert (found.households, found.persons, found.better, found.worse) == (10, 20, 3, 4)
    assert (found.after_id, found.before_id, found.finished_at) == (pack_id, None, AT)
    assert [one.id for one in queries.impact_runs(actor=officer(), at=AT, pack_id=pack_id)] == [impact_id]
    with pytest.raises(RuleRefused):
        finish(impact_id)
    with pytest.raises(RuleRefused):
        actions.fail_impact(actor=officer(), at=AT, impact_id=impact_id, because="late")


def test_who_may_not_check_or_serves_elsewhere_keeps_nothing(draft: Draft) -> None:
    pack_id = draft()
    impact_id = started(pack_id)
    for role in ("city_leader", "county_officer"):
        with pytest.raises(PermissionRefused):
            actions.fail_impact(actor=in_role(role), at=AT, impact_id=impact_id, because="no")
    for act in (
        lambda: started(pack_id, division=TAISHAN),  # the draft is the city's
        lambda: actions.fail_impact(actor=officer(DRAFTER, DAIYUE), at=AT, impact_id=impact_id, because="no"),
        lambda: queries.impact_run(actor=officer(DRAFTER, DAIYUE), at=AT, impact_id=impact_id),
    ):
        with pytest.raises(OutOfScope):
            act()
    assert queries.impact_runs(actor=officer(DRAFTER, DAIYUE), at=AT, pack_id=pack_id) == ()
    with pytest.raises(InvalidValue):
        started(pack_id, before_id=pack_id)
    actions.fail_impact(actor=officer(), at=AT, impact_id=impact_id, because="x" * 900)
    assert queries.impact_run(actor=officer(), at=AT, impact_id=impact_id).failed_because == "x" * 400


@pytest.mark.parametrize(
    "change",
    [
        "after_digest = 'short'",
        "before_digest = ''",
        "before_id = after_id",
        "finished_at = started_at",  # without the digest of what was read
        "finished_at = started_at - interval '1 day', snapshot_digest = repeat('c', 64)",
        "finished_at = started_at, snapshot_digest = repeat('c', 64), failed_because = 'both'",
        "better_count = -1",
    ],
)
def test_the_database_refuses_what_no_run_can_be(draft: Draft, change: str) -> None:
    impact_id = started(draft())
    with (
        acting(system_actor("test")),
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE catalogue_impact_run SET {change} WHERE id = %s", [impact_id])
