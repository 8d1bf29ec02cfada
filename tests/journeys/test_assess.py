"""One household by what the register knows: every programme, the sources of facts, why, and what is missing (X2 X3)."""

from dataclasses import replace

import pytest
from tests.journeys.test_screen import MAY, PROGRAMME, disabled, work
from tests.rooms.registry.conftest import AT, CITY, TODAY, TOWN_B, Register
from tests.rooms.registry.conftest import clerk as clerk  # noqa: PLC0414 (fixtures are found by name)
from tests.rooms.registry.conftest import places as places  # noqa: PLC0414
from tests.rooms.registry.conftest import register as register  # noqa: PLC0414
from tests.rooms.registry.conftest import staff as registrar

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.engine.settlement.claims import State
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.journeys.assess import AssessedHousehold, assess_household, case_of
from jiuzhu.journeys.screen import run_screening, screen
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.determination import queries
from jiuzhu.rooms.determination.permissions import Permission
from jiuzhu.rooms.registry.models import AccessLog

VIEW = frozenset({Permission.SCREENING_VIEW.value})


def officer(division: DivisionCode = CITY) -> Actor:
    """An officer who sees households and what the policy says of them."""
    everything = registrar(division)
    return replace(everything, permissions=everything.permissions | MAY)


def assessed(household_id: int, *, actor: Actor | None = None, **asked: object) -> AssessedHousehold:
    """What the policy says of a household."""
    return assess_household(actor=actor or officer(), at=AT, on=TODAY, household_id=household_id, **asked)  # type: ignore[arg-type]


def test_the_household_is_worked_out_with_amount_and_reasons(clerk: Actor, register: Register) -> None:
    made = register()
    head = made.person_ids[0]
    disabled(clerk, head)
    found = assessed(made.household_id, programme=PROGRAMME, person_id=head)
    claim = next(one for one in found.claims if (one.programme, one.person_id) == (PROGRAMME, head))
    assert (claim.state, claim.low_fen, claim.high_fen) == (State.GRANTED, 17_000, 17_000)
    assert found.told is not None
    assert any("残疾等级" in line for line in found.told.zh)
    assert any("核对" in line for line in found.told.zh)
    assert len(found.told.zh) == len(found.told.en)
    assert found.told.missing == ()


def test_what_is_not_known_is_open_and_says_what_is_missing(register: Register) -> None:
    made = register()
    found = assessed(made.household_id, programme="dibao")
    claim = next(one for one in found.claims if one.programme == "dibao")
    assert claim.state is State.UNKNOWN
    assert found.told is not None
    assert found.told.missing


def test_it_says_the_same_as_a_screening(clerk: Actor, register: Register) -> None:
    made = register()
    for person in made.person_ids:
        disabled(clerk, person, grade="2")
    actor = officer()
    run_id = screen(actor=actor, at=AT, division=CITY, on=TODAY)
    run_screening(work(actor), run_id=run_id)
    kept = {
        (one.programme, one.person_id): one.amount_low_fen
        for one in queries.findings_of_household(actor=actor, at=AT, household_id=made.household_id)
    }
    alone = {
        (one.programme, one.person_id): one.low_fen
        for one in assessed(made.household_id).claims
        if one.state is State.GRANTED
    }
    assert alone.items() <= kept.items()
    assert (PROGRAMME, made.person_ids[0]) in alone


def test_facts_keep_their_values_sources_and_days(clerk: Actor, register: Register) -> None:
    made = register()
    disabled(clerk, made.person_ids[0])
    detail = assessed(made.household_id).detail
    row = [one.person.id for one in detail.members].index(made.person_ids[0])
    person = case_of(public_packs(TODAY), detail).members["person"][row]
    assert str(person["wage_income_yuan_month"].value) == "5000.00"  # type: ignore[union-attr]
    assert person["disability_type"].value == "physical"  # type: ignore[union-attr]
    assert person["disability_grade"].value == 1  # type: ignore[union-attr]
    assert person["disability_grade"].origin == "verified"  # type: ignore[union-attr]


def test_the_look_is_logged_with_its_purpose(register: Register) -> None:
    made = register()
    assessed(made.household_id)
    with acting(system_actor("test")):
        assert set(AccessLog.objects.values_list("purpose", flat=True)) == {"政策核算"}


def test_nobody_looks_without_the_right_or_beyond_the_place(register: Register) -> None:
    made = register()
    without = replace(officer(), permissions=officer().permissions - VIEW)
    with pytest.raises(PermissionRefused):
        assessed(made.household_id, actor=without)
    with pytest.raises(OutOfScope):
        assessed(made.household_id, actor=officer(TOWN_B))
    with pytest.raises(NotFound):
        assessed(made.household_id, programme="nothing")
    with pytest.raises(NotFound):
        assessed(made.household_id, programme=PROGRAMME, person_id=987654)
