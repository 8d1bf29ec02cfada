"""Every way in which a department fails, through the whole path (X6): nothing is believed wrongly, nothing is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.connectors.conftest import AT, Stage, found_sources, key_of, town
from tests.rooms.verification.conftest import Family, draw_up, everything, request, sign

from jiuzhu.connectors.wiring import Wiring
from jiuzhu.demo.departments.faults import Fault
from jiuzhu.demo.departments.over_http import serving
from jiuzhu.demo.departments.town import departments_of
from jiuzhu.journeys import verify
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.ports import Cause, connectors, register_connectors
from jiuzhu.rooms.verification.states import ItemState, SignedBy

SOURCE = "public_security"
ITEMS = [f"{SOURCE}.vehicles", f"{SOURCE}.death"]


@pytest.fixture(scope="module")
def _running() -> Iterator[Stage]:
    found = [one for one in found_sources() if one.source.name == SOURCE]
    departments = departments_of(found, [town()], as_of=AT.date() - timedelta(days=3), key_of=key_of)
    with serving(departments, clock=lambda: AT) as server:
        yield Stage(departments, server)


@pytest.fixture
def stage(_running: Stage) -> Iterator[Stage]:
    before = list(connectors().values())
    (found,) = [one for one in found_sources() if one.source.name == SOURCE]
    wiring = Wiring(f"{_running.server.base}/{SOURCE}", key_of(SOURCE), patience_ms=300)
    register_connectors([found.connect(wiring)])
    yield _running
    _running.departments[SOURCE].fault = Fault.NONE
    register_connectors(before)


def _ordered(kin: Family) -> int:
    mandate = draw_up(kin, items=ITEMS)
    for person in (kin.mother, kin.son):
        sign(mandate, person)
    sign(mandate, kin.child, SignedBy.GUARDIAN)
    order = request(kin, mandate)
    actions.start_order(actor=everything(), at=AT, order_id=order)
    return order


@pytest.mark.parametrize("fault", list(Fault))
def test_each_fault_leaves_an_answer_or_an_unknown_with_its_cause(kin: Family, stage: Stage, fault: Fault) -> None:
    order = _ordered(kin)
    stage.departments[SOURCE].fault = fault
    verify.ask_source(SOURCE, clock=lambda: AT)
    items = queries.order(actor=everything(), at=AT, order_id=order).items
    assert len(items) == 6
    for item in items:
        assert item.state in (ItemState.NONE_FOUND, ItemState.UNAVAILABLE), fault
        assert (item.state is ItemState.UNAVAILABLE) == (item.cause in set(Cause) and bool(item.message_zh))
    if fault is Fault.NONE:
        assert {item.state for item in items} == {ItemState.NONE_FOUND}
    figures = queries.console(actor=everything(), at=AT).sources
    unknown = sum(item.state is ItemState.UNAVAILABLE for item in items)
    assert next(one.unknown for one in figures if one.source == SOURCE) == unknown
    # a report may be made of it, and the department may come back
    report = actions.report_order(actor=everything(), at=AT, order_id=order)
    assert queries.report_line_of(actor=everything(), at=AT, report_id=report).unknown_count == unknown
    stage.departments[SOURCE].fault = Fault.NONE
    for item in items:
        if item.state is ItemState.UNAVAILABLE:
            actions.ask_again(actor=everything(), at=AT, item_id=item.id)
    later = datetime(2026, 11, 23, 9, 32, tzinfo=UTC)
    verify.ask_source(SOURCE, clock=lambda: later)
    after = queries.order(actor=everything(), at=AT, order_id=order).items
    assert {item.state for item in after} == {ItemState.NONE_FOUND}, fault
    keys = [key for source, key in stage.server.given if source == SOURCE]
    assert len(keys) == len(set(keys))
