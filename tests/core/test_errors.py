"""Refusals speak two languages, carry a stable code, and survive being copied between processes."""

import pickle

import pytest

from jiuzhu.core.actors import OutOfScope, PermissionRefused
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound, Refusal, RuleRefused


def test_a_refusal_speaks_the_language_asked_for() -> None:
    refusal = RuleRefused("case.closed", "案件已办结", "The case is closed.", field="status", row=7)
    assert refusal.message("zh-hans") == "案件已办结"
    assert refusal.message("en-gb") == "The case is closed."
    assert refusal.message("fr") == "案件已办结"
    assert str(refusal) == "The case is closed."
    assert (refusal.code, refusal.field, refusal.row) == ("case.closed", "status", 7)


def test_an_invalid_value_is_a_value_error_and_the_others_are_not() -> None:
    assert issubclass(InvalidValue, ValueError)
    for kind in (RuleRefused, NotFound, Conflict):
        assert issubclass(kind, Refusal)
        assert not issubclass(kind, ValueError)


@pytest.mark.parametrize(
    "refusal",
    [InvalidValue("a.b", "错", "wrong"), Conflict("a.c", "变", "changed"), PermissionRefused("x.y.z"), OutOfScope()],
)
def test_refusals_survive_pickling(refusal: Refusal) -> None:
    copy = pickle.loads(pickle.dumps(refusal))  # noqa: S301 (made in the line itself)
    assert type(copy) is type(refusal)
    assert (copy.code, copy.message_zh, copy.message_en) == (refusal.code, refusal.message_zh, refusal.message_en)
