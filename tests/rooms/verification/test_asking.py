"""Asking the sources (S13, X6): each item ends in a definite state, what fails stays unknown, nobody is asked twice."""

from collections import Counter
from datetime import date, timedelta

import pytest
from tests.rooms.verification.conftest import (
    AT,
    DAIYUE,
    Family,
    Sources,
    ask_all,
    bring_back,
    everything,
    found,
    in_role,
    none_found,
    request,
    started,
    unavailable,
)

from jiuzhu.core.actors import OutOfScope, PermissionRefused
from jiuzhu.core.errors import Conflict, InvalidValue, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.journeys import verify
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import Cause, connectors, register_connectors
from jiuzhu.rooms.verification.queries import ItemView
from jiuzhu.rooms.verification.states import ItemState, Occasion, OrderState

LATER = AT + timedelta(minutes=1)
ONE = {"programmes": ["dibao"]}


def _items(order: int) -> tuple[ItemView, ...]:
    return queries.order(actor=everything(), at=AT, order_id=order).items


def _item(order: int, person: int, source: str, item: str) -> ItemView:
    return next(one for one in _items(order) if (one.person_id, one.source, one.item) == (person, source, item))


def test_an_order_fans_out_to_every_item_of_every_person(kin: Family, mandate: int, sources: Sources) -> None:
    order = started(kin, mandate)
    items = _items(order)
    offered = sum(len(one.source.items) for one in connectors().values())
    assert len(items) == 3 * offered
    by_hand = {"courts", "veterans", "disabled_persons_federation"}
    assert {one.state for one in items if one.source in by_hand} == {ItemState.SENT}
    assert {one.state for one in items if one.source not in by_hand} == {ItemState.PREPARED}
    assert {one.due_on for one in items} == {date(2026, 12, 3)}
    view = queries.order(actor=everything(), at=AT, order_id=order).order
    assert (view.state, view.start_due_on, view.due_on) == (OrderState.STARTED, date(2026, 12, 1), date(2026, 12, 10))


def test_every_question_names_mandate_purpose_office_and_person(kin: Family, mandate: int, sources: Sources) -> None:
    started(kin, mandate)
    ask_all(sources)
    number = queries.mandate(actor=everything(), at=AT, mandate_id=mandate).number
    asked = [one for source in sources.http.values() for one in source.asked]
    assert {one.authorisation_number for one in asked} == {number}
    assert {(one.purpose, one.asking_office) for one in asked} == {("申请最低生活保障", "泰山区民政局")}
    assert len({one.attempt_key for one in asked}) == len(asked)
    assert {one.subject.name for one in asked} == {"王秀兰", "李强", "李晓雨"}
    assert all(len(one.subject.id_number) == 18 for one in asked)


def test_found_none_found_and_unknown_are_three_things(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("public_security", "vehicles", "李强", found({"plate": "鲁J12345", "kind": "car", "state": "normal"}))
    sources.say("banks", "accounts", "王秀兰", unavailable(Cause.REFUSED, retry=False))
    order = started(kin, mandate)
    ask_all(sources)
    assert _item(order, kin.son, "public_security", "vehicles").state is ItemState.FOUND
    assert _item(order, kin.mother, "public_security", "vehicles").state is ItemState.NONE_FOUND
    refused = _item(order, kin.mother, "banks", "accounts")
    assert (refused.state, refused.cause, refused.next_at) == (ItemState.UNAVAILABLE, "refused", None)


def test_what_is_down_is_tried_again_and_then_left_unknown(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("banks", "accounts", "王秀兰", unavailable())
    order = started(kin, mandate)
    ask_all(sources)
    first = _item(order, kin.mother, "banks", "accounts")
    assert (first.state, first.next_at) == (ItemState.UNAVAILABLE, AT + timedelta(seconds=30))
    assert ask_all(sources) == 0
    moment = AT
    for _ in range(10):
        moment += timedelta(hours=3)
        ask_all(sources, moment)
    last = _item(order, kin.mother, "banks", "accounts")
    assert (last.state, last.attempts, last.next_at) == (ItemState.UNAVAILABLE, 6, None)
    log = queries.attempts_of(actor=everything(), at=AT, item_id=last.id)
    assert [one.outcome for one in log] == ["down"] * 6
    assert len({one.key for one in log}) == 6


def test_what_was_down_and_comes_back_is_answered(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("banks", "accounts", "王秀兰", unavailable())
    order = started(kin, mandate)
    ask_all(sources)
    sources.say("banks", "accounts", "王秀兰", none_found())
    ask_all(sources, LATER)
    assert _item(order, kin.mother, "banks", "accounts").state is ItemState.NONE_FOUND


def test_a_source_that_fails_five_times_is_left_alone_and_then_tried_with_one_question(
    kin: Family, mandate: int, sources: Sources
) -> None:
    bank = sources.http["public_security"]
    for name in ("王秀兰", "李强", "李晓雨"):
        for item in bank.source.items:
            sources.say("public_security", item.name, name, unavailable(Cause.TIMEOUT))
    started(kin, mandate)
    ask_all(sources)
    asked = len(bank.asked)
    figures = next(one for one in queries.console(actor=everything(), at=AT).sources if one.source == "public_security")
    assert figures.failures == asked >= 5
    assert figures.open_until == AT + timedelta(minutes=1)
    ask_all(sources, AT + timedelta(seconds=45))
    assert len(bank.asked) == asked
    ask_all(sources, AT + timedelta(seconds=61))
    assert len(bank.asked) == asked + 1
    ask_all(sources, AT + timedelta(seconds=150))
    assert len(bank.asked) == asked + 1
    bank.says.clear()
    ask_all(sources, AT + timedelta(hours=3))
    assert len(bank.asked) == 2 * asked + 1


def test_an_attempt_left_open_by_a_process_that_died_is_asked_again_under_its_key(
    kin: Family, mandate: int, sources: Sources
) -> None:
    order = started(kin, mandate)
    claimed = actions.claim(actor=verify.ASKER, at=AT, source="banks", most=2)
    assert len(claimed) == 2
    ask_all(sources, LATER)
    keys = Counter(one.attempt_key for one in sources.http["banks"].asked)
    assert {one.question.attempt_key for one in claimed} <= set(keys)
    assert set(keys.values()) == {1}
    assert {one.state for one in _items(order) if one.source == "banks"} == {ItemState.NONE_FOUND}


def test_an_outcome_that_comes_twice_counts_once(kin: Family, mandate: int, sources: Sources) -> None:
    started(kin, mandate)
    (claimed,) = actions.claim(actor=verify.ASKER, at=AT, source="banks", most=1)
    said = {claimed.attempt_id: none_found()}
    assert actions.record_outcomes(actor=verify.ASKER, at=AT, source="banks", outcomes=said) == 1
    again = {claimed.attempt_id: found({"bank": "农业银行", "account": "*1", "balance_fen": 100})}
    assert actions.record_outcomes(actor=verify.ASKER, at=AT, source="banks", outcomes=again) == 0


def test_files_go_out_once_and_are_taken_in_when_they_come_back(kin: Family, mandate: int, sources: Sources) -> None:
    order = started(kin, mandate)
    ask_all(sources)
    ask_all(sources, LATER)
    assert {name: one.sent for name, one in sources.files.items()} == dict.fromkeys(sources.files, 1)
    assert verify.collect(clock=lambda: LATER) == 0
    assert _item(order, kin.son, "securities", "holdings").state is ItemState.SENT
    assert bring_back(sources, LATER) == 3 * sum(len(one.source.items) for one in sources.files.values())
    assert _item(order, kin.son, "securities", "holdings").state is ItemState.NONE_FOUND
    assert bring_back(sources, LATER) == 0


def test_a_file_that_was_written_down_and_not_put_out_goes_out_under_its_name(
    kin: Family, mandate: int, sources: Sources
) -> None:
    started(kin, mandate)
    actions.claim(actor=verify.ASKER, at=AT, source="insurers", most=10, batch_key="insurers-before")
    ask_all(sources, LATER)
    assert list(sources.files["insurers"].files) == ["insurers-before"]


def test_a_source_that_is_not_connected_any_more_is_unknown_at_once(
    kin: Family, mandate: int, sources: Sources
) -> None:
    register_connectors(one for name, one in connectors().items() if name != "banks")
    order = started(kin, mandate)
    gone = [one for one in _items(order) if one.source == "banks"]
    assert {(one.state, one.cause) for one in gone} == {(ItemState.UNAVAILABLE, "not_connected")}


def test_a_department_answers_by_hand(kin: Family, mandate: int, sources: Sources) -> None:
    order = started(kin, mandate)
    item = _item(order, kin.son, "courts", "judgments")
    judge = in_role("department_officer", department="justice")
    inbox = queries.inbox(actor=judge, at=AT)
    assert {one.name for one in inbox.rows} == {"王秀兰", "李强", "李晓雨"}
    assert {one.item.source for one in inbox.rows} == {"courts"}
    rows = [_entry("courts", "judgments")]
    actions.answer_item(
        actor=judge, at=AT, item_id=item.id, rows=rows, data_as_of=date(2026, 11, 25), reference="鲁法查1号"
    )
    assert _item(order, kin.son, "courts", "judgments").state is ItemState.FOUND
    assert item.id not in {one.item.id for one in queries.inbox(actor=judge, at=AT).rows}
    assert item.id in {one.item.id for one in queries.inbox(actor=judge, at=AT, answered=True).rows}
    with pytest.raises(TransitionRefused):
        actions.answer_item(
            actor=judge, at=AT, item_id=item.id, rows=[], data_as_of=date(2026, 11, 25), reference="鲁法查2号"
        )


def _entry(source: str, item: str) -> dict[str, str]:
    """One line that the source could have entered."""
    from jiuzhu.rooms.verification.ports import FieldType

    said = next(one for one in connectors()[source].source.items if one.name == item)
    made = {}
    for one in said.fields:
        made[one.name] = {
            FieldType.DAY: "2024-05-01",
            FieldType.CODE: next(iter(one.codes.values()), ("", ""))[0],
            FieldType.FEN: "100.00",
            FieldType.COUNT: "1",
            FieldType.TRUTH: "是",
        }.get(one.type, "甲")
    return made


def test_a_wrong_entry_is_named_and_nothing_is_kept(kin: Family, mandate: int, sources: Sources) -> None:
    order = started(kin, mandate)
    item = _item(order, kin.son, "courts", "judgments")
    judge = in_role("department_officer", department="justice")
    with pytest.raises(InvalidValue) as refused:
        actions.answer_item(
            actor=judge,
            at=AT,
            item_id=item.id,
            rows=[{"id_number": "370902196001010019"}],
            data_as_of=date(2026, 11, 25),
            reference="鲁法查1号",
        )
    assert "第1行" in refused.value.message_zh or "证件" in refused.value.message_zh
    assert _item(order, kin.son, "courts", "judgments").state is ItemState.SENT


def test_a_department_sees_and_answers_its_own_questions_only(kin: Family, mandate: int, sources: Sources) -> None:
    order = started(kin, mandate)
    item = _item(order, kin.son, "courts", "judgments")
    for other in (
        in_role("department_officer", department="veterans"),
        in_role("department_officer", DAIYUE, department="justice"),
    ):
        with pytest.raises(OutOfScope):
            queries.officers_question(actor=other, at=AT, item_id=item.id)
        with pytest.raises(OutOfScope):
            actions.answer_item(
                actor=other, at=AT, item_id=item.id, rows=[], data_as_of=date(2026, 11, 25), reference="x"
            )
    with pytest.raises(PermissionRefused):
        queries.inbox(actor=in_role("township_clerk"), at=AT)


def test_what_no_officer_answers_in_time_is_unknown_and_may_still_be_answered(
    kin: Family, mandate: int, sources: Sources
) -> None:
    order = started(kin, mandate)
    item = _item(order, kin.son, "courts", "judgments")
    assert item.due_on == date(2026, 12, 3)
    verify.chase(AT + timedelta(days=6))
    assert _item(order, kin.son, "courts", "judgments").reminded_on == date(2026, 12, 2)
    verify.chase(AT + timedelta(days=8))
    late = _item(order, kin.son, "courts", "judgments")
    assert (late.state, late.cause, late.escalated_on) == (ItemState.UNAVAILABLE, "no_answer", date(2026, 12, 4))
    assert verify.chase(AT + timedelta(days=8)) == (0, 0)
    judge = in_role("department_officer", department="justice")
    actions.answer_item(
        actor=judge,
        at=AT + timedelta(days=9),
        item_id=item.id,
        rows=[],
        data_as_of=date(2026, 12, 4),
        reference="鲁法查9号",
    )
    assert _item(order, kin.son, "courts", "judgments").state is ItemState.NONE_FOUND


def test_an_officer_records_that_a_source_cannot_be_asked_and_asks_again(
    kin: Family, mandate: int, sources: Sources
) -> None:
    order = started(kin, mandate)
    item = _item(order, kin.son, "courts", "judgments")
    county = in_role("county_verification")
    with pytest.raises(RuleRefused):
        actions.mark_unavailable(actor=county, at=AT, item_id=item.id, cause=Cause.OTHER, reason=" ")
    actions.mark_unavailable(actor=county, at=AT, item_id=item.id, cause=Cause.OTHER, reason="系统升级")
    unknown = _item(order, kin.son, "courts", "judgments")
    assert (unknown.state, unknown.message_zh) == (ItemState.UNAVAILABLE, "其他原因：系统升级")
    actions.ask_again(actor=county, at=LATER, item_id=item.id)
    again = _item(order, kin.son, "courts", "judgments")
    assert (again.state, again.attempts) == (ItemState.SENT, 2)
    with pytest.raises(TransitionRefused):
        actions.ask_again(actor=county, at=LATER, item_id=item.id)


def test_one_application_has_one_open_order(kin: Family, mandate: int, sources: Sources) -> None:
    request(kin, mandate)
    with pytest.raises(Conflict):
        request(kin, mandate)
    request(kin, mandate, occasion_id=2)


def test_an_order_needs_signatures_of_all_members(kin: Family, sources: Sources) -> None:
    from tests.rooms.verification.conftest import draw_up, sign

    made = draw_up(kin)
    sign(made, kin.mother)
    order = request(kin, made)
    with pytest.raises(RuleRefused) as refused:
        actions.start_order(actor=everything(), at=AT, order_id=order)
    assert "李强、李晓雨" in refused.value.message_zh
    assert _items(order) == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"programmes": ["tekun"]},
        {"programmes": []},
        {"at": AT + timedelta(days=500)},
    ],
)
def test_what_the_mandate_does_not_cover_is_not_ordered(kin: Family, mandate: int, changed: dict[str, object]) -> None:
    with pytest.raises(RuleRefused):
        request(kin, mandate, **changed)
    assert queries.orders(actor=everything(), at=AT).rows == ()


def test_a_mandate_for_the_application_only_lets_nobody_review(kin: Family, sources: Sources) -> None:
    from tests.rooms.verification.conftest import draw_up

    made = draw_up(kin, covers_reviews=False)
    with pytest.raises(RuleRefused) as refused:
        request(kin, made, occasion=Occasion.REVIEW)
    assert refused.value.code == "verification.order.reviews"


def test_an_order_is_sent_back_with_a_reason(kin: Family, mandate: int) -> None:
    order = request(kin, mandate)
    with pytest.raises(RuleRefused):
        actions.reject_order(actor=everything(), at=AT, order_id=order, reason="")
    actions.reject_order(actor=everything(), at=AT, order_id=order, reason="重复委托")
    view = queries.order(actor=everything(), at=AT, order_id=order).order
    assert (view.state, view.reason) == (OrderState.REJECTED, "重复委托")
    request(kin, mandate)


VERBS = {
    "start": Permission.ORDER_START,
    "reject": Permission.ORDER_REJECT,
    "report": Permission.ORDER_REPORT,
    "revise": Permission.ORDER_REVISE,
    "stop": Permission.ORDER_STOP,
}
REACH = {
    "requested": ("start", "reject", "stop"),
    "started": ("report", "stop"),
    "reported": ("revise",),
    "rejected": (),
    "stopped": (),
}


def _do(verb: str, order: int, actor: object) -> None:
    moment = {"actor": actor, "at": AT, "order_id": order}
    if verb == "start":
        actions.start_order(**moment)  # type: ignore[arg-type]
    elif verb == "reject":
        actions.reject_order(**moment, reason="重复委托")  # type: ignore[arg-type]
    elif verb == "report":
        actions.report_order(**moment)  # type: ignore[arg-type]
    elif verb == "revise":
        actions.revise_report(**moment)  # type: ignore[arg-type]
    else:
        actions.stop_order(**moment)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", REACH)
def test_every_verb_in_every_state(kin: Family, sources: Sources, state: str) -> None:
    from tests.rooms.verification.conftest import draw_up, sign

    from jiuzhu.rooms.verification.states import SignedBy

    made = draw_up(kin, items=["banks.accounts"])
    for person in (kin.mother, kin.son):
        sign(made, person)
    sign(made, kin.child, SignedBy.GUARDIAN)
    order = request(kin, made)
    for step in {"started": ("start",), "reported": ("start", "report"), "rejected": ("reject",)}.get(state, ()):
        _do(step, order, everything())
        ask_all(sources)
    if state == "stopped":
        actions.withdraw_mandate(actor=everything(), at=AT, mandate_id=made, person_id=kin.son, reason="x")
        _do("stop", order, everything())
    for verb, permission in VERBS.items():
        with pytest.raises(PermissionRefused):
            _do(verb, order, everything(without=frozenset({permission})))
        with pytest.raises(OutOfScope):
            _do(verb, order, everything(DAIYUE))
        if verb not in REACH[state]:
            with pytest.raises(TransitionRefused):
                _do(verb, order, everything())


def test_lists_find_by_state_household_number_and_lateness(kin: Family, mandate: int, sources: Sources) -> None:
    late, fresh = request(kin, mandate), request(kin, mandate, occasion_id=2)
    actions.start_order(actor=everything(), at=AT, order_id=fresh)
    far = AT + timedelta(days=60)

    def ids(**wanted: object) -> list[int]:
        return [one.id for one in queries.orders(actor=everything(), at=far, **wanted).rows]  # type: ignore[arg-type]

    assert ids() == [fresh, late]
    assert ids(state=OrderState.REQUESTED) == [late]
    assert ids(overdue=True) == [fresh, late]
    assert ids(household_id=kin.household_id, size=1) == [fresh]
    number = queries.order(actor=everything(), at=AT, order_id=late).order.number
    assert ids(number=number.lower()) == [late]
    assert queries.orders(actor=everything(DAIYUE), at=AT).rows == ()
    page = queries.orders(actor=everything(), at=AT, size=1)
    assert page.next_after == fresh
    assert [one.id for one in queries.orders(actor=everything(), at=AT, after=page.next_after).rows] == [late]
