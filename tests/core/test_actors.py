"""An actor may do what its permissions list, where its scope reaches, and nothing else."""

import pytest

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, PermissionRefused, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode, InvalidDivisionCode

CLERK = Actor(
    kind=ActorKind.STAFF,
    account_id=1,
    name="李四",
    post_id=2,
    post_title="社会救助经办员",
    permissions=frozenset({"registry.person.view"}),
    scope=Scope(division=DivisionCode("370902001000")),
)
CITIZEN = Actor(
    kind=ActorKind.CITIZEN,
    account_id=3,
    name="王五",
    scope=Scope(household_ids=frozenset({8}), person_ids=frozenset({9})),
)


def test_only_a_listed_permission_lets_pass() -> None:
    assert CLERK.may("registry.person.view")
    CLERK.require("registry.person.view")
    with pytest.raises(PermissionRefused) as caught:
        CLERK.require("registry.person.merge")
    assert caught.value.permission == "registry.person.merge"
    assert "registry.person" not in caught.value.message_zh, "people read words, not codes"


def test_a_township_clerk_covers_the_township_and_its_villages_only() -> None:
    assert CLERK.covers("370902001000")
    assert CLERK.covers(DivisionCode("370902001201"))
    CLERK.require_scope("370902001201")
    for outside in ("370902002000", "370902000000", "000000000000"):
        assert not CLERK.covers(outside)
        with pytest.raises(OutOfScope):
            CLERK.require_scope(outside)


def test_what_is_no_division_is_an_error_and_not_outside() -> None:
    with pytest.raises(InvalidDivisionCode):
        CLERK.covers("37090200100")


def test_an_actor_without_a_division_covers_none() -> None:
    assert not CITIZEN.covers("370902001201")
    assert not CITIZEN.covers("000000000000")


def test_out_of_scope_says_nothing_about_the_record() -> None:
    assert "370902" not in OutOfScope().message_zh


def test_a_process_sees_all_and_may_only_what_it_is_given() -> None:
    nightly = system_actor("夜间比对", permissions=["verification.order.create"])
    assert nightly.kind is ActorKind.SYSTEM
    assert nightly.covers("650000000000")
    assert nightly.may("verification.order.create")
    assert not nightly.may("payment.batch.sign")
    assert not system_actor("导入").permissions
    assert not system_actor("导入", division=DivisionCode("370900000000")).covers("370100000000")
