"""Reports and disputes (S13, X6): declared against found, unknown stays unknown, every version stays on file."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.rooms.verification.conftest import (
    AT,
    DAIYUE,
    Family,
    Sources,
    ask_all,
    bring_back,
    citizen,
    declare,
    everything,
    found,
    in_role,
    none_found,
    started,
    unavailable,
)

from jiuzhu.core.actors import OutOfScope, PermissionRefused
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.journeys import verify
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import Answer, Cause, Finding, Record, Value
from jiuzhu.rooms.verification.queries import ReportView
from jiuzhu.rooms.verification.rules.reports import ReportFact
from jiuzhu.rooms.verification.states import DisputeState, ItemState, OrderState

LATER = AT + timedelta(hours=1)
CAR: dict[str, Value] = {"plate": "鲁J12345", "kind": "car", "state": "normal", "registered_on": date(2019, 5, 1)}
ACCOUNT: dict[str, Value] = {
    "bank": "农业银行",
    "account": "****1234",
    "balance_fen": 5_000_00,
    "average_fen_year": 100,
    "joint": False,
}


def _finish(order: int, sources: Sources) -> None:
    """Every source answers; officers say that nothing is found."""
    ask_all(sources)
    bring_back(sources)
    for item in queries.order(actor=everything(), at=AT, order_id=order).items:
        if item.state is ItemState.SENT:
            actions.answer_item(
                actor=in_role("department_officer", department=item.department),
                at=AT,
                item_id=item.id,
                rows=[],
                data_as_of=date(2026, 11, 25),
                reference=f"函{item.id}",
            )


def _report(kin: Family, mandate: int, sources: Sources) -> ReportView:
    order = started(kin, mandate)
    _finish(order, sources)
    made = actions.report_order(actor=in_role("county_verification"), at=AT, order_id=order)
    return _open(made)


def _open(report: int) -> ReportView:
    return actions.open_report(actor=in_role("county_verification"), at=AT, report_id=report, why="出具报告")


def _fact(view: ReportView, key: str, person: int | None = None) -> ReportFact:
    return next(one for one in view.content.facts if (one.key, one.person_id) == (key, person))


def _values(kin: Family) -> dict[str, object]:
    detail = registry.household_detail(actor=everything(), at=LATER, household_id=kin.household_id)
    return {one.key: (one.current.value, one.current.source.value) for one in detail.variables}


def test_found_beyond_what_was_declared_is_a_difference_and_names_the_tests(
    kin: Family, mandate: int, sources: Sources
) -> None:
    declare(kin, "vehicle_count", 0)
    sources.say("public_security", "vehicles", "李强", found(CAR))
    view = _report(kin, mandate, sources)
    fact = _fact(view, "vehicle_count")
    assert (fact.declared[0], fact.found[0], fact.outcome) == ("0辆", "1辆", "different")
    assert fact.tests
    assert view.line.difference_count == 1
    answer = next(one for one in view.content.answers if (one.person_id, one.item) == (kin.son, "vehicles"))
    assert ("号牌号码", "Plate", "鲁J12345", "鲁J12345") in answer.records[0].cells
    assert view.line.valid_to == date(2027, 5, 26)


def test_what_is_certain_enters_the_registry_with_its_source(kin: Family, mandate: int, sources: Sources) -> None:
    declare(kin, "vehicle_count", 0)
    sources.say("public_security", "vehicles", "李强", found(CAR))
    view = _report(kin, mandate, sources)
    assert _values(kin)["vehicle_count"] == (1, "verified")
    on_file = registry.facts_on_evidence(
        actor=everything(), on=LATER.date(), household_id=kin.household_id, person_ids=[], evidence=view.line.number
    )
    assert on_file[None, "vehicle_count"].value == 1


def test_a_source_that_does_not_answer_for_one_member_leaves_the_household_unknown(
    kin: Family, mandate: int, sources: Sources
) -> None:
    sources.say("public_security", "vehicles", "李强", unavailable(Cause.REFUSED, retry=False))
    view = _report(kin, mandate, sources)
    fact = _fact(view, "vehicle_count")
    assert (fact.outcome, fact.found) == ("unknown", ("", ""))
    assert "vehicle_count" not in _values(kin)
    unknown = [(one.person_id, one.item) for one in view.content.unknown]
    assert unknown == [(kin.son, "vehicles")]
    assert view.line.unknown_count == 1


def test_nothing_found_by_all_is_a_known_nothing(kin: Family, mandate: int, sources: Sources) -> None:
    view = _report(kin, mandate, sources)
    assert _values(kin)["vehicle_count"] == (0, "verified")
    assert _fact(view, "vehicle_count").outcome == "not_declared"


def test_a_joint_account_leaves_the_amount_to_a_person(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("banks", "accounts", "王秀兰", found(ACCOUNT | {"joint": True}))
    view = _report(kin, mandate, sources)
    fact = _fact(view, "bank_deposit_fen", kin.mother)
    assert (fact.outcome, fact.found[0], fact.doubts) == ("undecided", "5,000.00元", ("joint_account",))
    detail = registry.person_detail(actor=everything(), at=LATER, person_id=kin.mother)
    assert "bank_deposit_fen" not in {one.key for one in detail.variables}


def test_a_home_owned_together_counts_once_and_by_shares(kin: Family, mandate: int, sources: Sources) -> None:
    deed: dict[str, Value] = {
        "deed_number": "泰1号",
        "use": "home",
        "area_m2": Decimal("80.50"),
        "registered_on": date(2010, 1, 1),
    }
    for name, share in (("王秀兰", 60), ("李强", 40)):
        sources.say("real_estate", "deeds", name, found(deed | {"share_percent": Decimal(share)}, reference="D-1"))
    view = _report(kin, mandate, sources)
    assert _fact(view, "home_count").found[0].startswith("1")
    assert _fact(view, "home_count").doubts == ("co_owned",)


def test_a_record_that_may_be_somebody_elses_is_not_believed(kin: Family, mandate: int, sources: Sources) -> None:
    doubtful = Answer(
        Finding.FOUND,
        (Record({"kind": "tractor"}, date(2026, 11, 1), "N-1"),),
        date(2026, 11, 1),
        "R-9",
        "ab" * 32,
        (("有记录无证件号码，仅姓名相符，需人工判断", "A record has only the name: a person decides"),),
        certain=False,
    )
    sources.files["agriculture"].says["李强", "machines"] = doubtful
    view = _report(kin, mandate, sources)
    assert _fact(view, "farm_machine_count").outcome == "undecided"
    assert "farm_machine_count" not in _values(kin)


def test_old_data_is_remarked(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("banks", "accounts", "王秀兰", none_found(date(2026, 1, 1)))
    view = _report(kin, mandate, sources)
    answer = next(one for one in view.content.answers if (one.person_id, one.source) == (kin.mother, "banks"))
    assert answer.remarks == ("old_data",)


def test_a_report_waits_for_what_is_being_asked(kin: Family, mandate: int, sources: Sources) -> None:
    order = started(kin, mandate)
    with pytest.raises(RuleRefused) as refused:
        actions.report_order(actor=everything(), at=AT, order_id=order)
    assert refused.value.code == "verification.order.waiting"


def test_a_late_answer_makes_a_second_version_and_the_first_stays(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("banks", "accounts", "王秀兰", unavailable())
    first = _report(kin, mandate, sources)
    assert [one.source for one in first.content.unknown] == ["banks"]
    county = in_role("county_verification")
    with pytest.raises(RuleRefused) as refused:
        actions.revise_report(actor=county, at=AT, order_id=first.line.order_id)
    assert refused.value.code == "verification.report.same"
    sources.say("banks", "accounts", "王秀兰", found(ACCOUNT))
    ask_all(sources, LATER)
    second = _open(actions.revise_report(actor=county, at=LATER, order_id=first.line.order_id))
    assert (second.line.version, second.line.unknown_count) == (2, 0)
    assert _fact(second, "bank_deposit_fen", kin.mother).found[0] == "5,000.00元"
    versions = queries.reports_of(actor=county, at=LATER, order_id=first.line.order_id)
    assert [one.version for one in versions] == [2, 1]
    assert _open(first.line.id).content == first.content


def test_a_sold_car_is_disputed_checked_and_corrected(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("public_security", "vehicles", "李强", found(CAR))
    sources.say("public_security", "vehicles", "李强", none_found(), again=True)
    view = _report(kin, mandate, sources)
    item = next(one for one in view.content.answers if (one.person_id, one.item) == (kin.son, "vehicles")).item_id
    me = citizen(kin.son, households=(kin.household_id,))
    dispute = actions.dispute_item(actor=me, at=LATER, item_id=item, statement="2024年已卖给邻村，未过户")
    detail = queries.dispute(actor=me, at=LATER, dispute_id=dispute)
    assert (detail.dispute.state, detail.dispute.due_on) == (DisputeState.FILED, date(2026, 12, 10))
    county = in_role("county_verification")
    with pytest.raises(RuleRefused) as refused:
        actions.correct_item(actor=county, at=LATER, dispute_id=dispute, reason="已核实")
    assert refused.value.code == "verification.dispute.no_recheck"
    verify.ask_source("public_security", clock=lambda: LATER)
    question = sources.http["public_security"].asked[-1]
    assert question.disputed_reference == "R-L-1"
    assert queries.dispute(actor=county, at=LATER, dispute_id=dispute).now == ()
    actions.correct_item(actor=county, at=LATER, dispute_id=dispute, reason="公安部门复核：车辆已转让")
    second = _open(actions.revise_report(actor=county, at=LATER, order_id=view.line.order_id))
    assert _fact(second, "vehicle_count").found[0] == "0辆"
    assert _values(kin)["vehicle_count"] == (0, "verified")
    assert queries.dispute(actor=me, at=LATER, dispute_id=dispute).dispute.state is DisputeState.CORRECTED
    with pytest.raises(TransitionRefused):
        actions.dispute_item(actor=me, at=LATER, item_id=item, statement="再次")


def test_while_a_result_is_disputed_it_is_unknown(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("public_security", "vehicles", "李强", found(CAR))
    view = _report(kin, mandate, sources)
    assert _values(kin)["vehicle_count"] == (1, "verified")
    item = next(one for one in view.content.answers if (one.person_id, one.item) == (kin.son, "vehicles")).item_id
    actions.dispute_item(actor=everything(), at=LATER, item_id=item, statement="已卖", filed_by="李强")
    second = _open(actions.revise_report(actor=everything(), at=LATER, order_id=view.line.order_id))
    assert [one.item_id for one in second.content.unknown] == [item]
    assert _fact(second, "vehicle_count").outcome == "unknown"
    assert "vehicle_count" not in _values(kin)


def test_a_result_that_was_checked_and_is_right_is_upheld_with_a_reason(
    kin: Family, mandate: int, sources: Sources
) -> None:
    sources.say("public_security", "vehicles", "李强", found(CAR))
    view = _report(kin, mandate, sources)
    item = next(one for one in view.content.answers if (one.person_id, one.item) == (kin.son, "vehicles")).item_id
    dispute = actions.dispute_item(actor=everything(), at=LATER, item_id=item, statement="不是我的车")
    verify.ask_source("public_security", clock=lambda: LATER)
    with pytest.raises(RuleRefused) as refused:
        actions.correct_item(actor=everything(), at=LATER, dispute_id=dispute, reason="更正")
    assert refused.value.code == "verification.dispute.same"
    with pytest.raises(RuleRefused):
        actions.uphold_item(actor=everything(), at=LATER, dispute_id=dispute, reason=" ")
    actions.uphold_item(actor=everything(), at=LATER, dispute_id=dispute, reason="登记在本人名下且在用")
    states = {
        one.id: one.state for one in queries.order(actor=everything(), at=LATER, order_id=view.line.order_id).items
    }
    assert states[item] is ItemState.UPHELD
    with pytest.raises(TransitionRefused):
        actions.uphold_item(actor=everything(), at=LATER, dispute_id=dispute, reason="再次")


def test_a_departments_officer_answers_a_dispute(kin: Family, mandate: int, sources: Sources) -> None:
    view = _report(kin, mandate, sources)
    item = next(one for one in view.content.answers if (one.person_id, one.item) == (kin.son, "judgments")).item_id
    dispute = actions.dispute_item(actor=everything(), at=LATER, item_id=item, statement="漏登一条判决")
    judge = in_role("department_officer", department="justice")
    question = queries.officers_question(actor=judge, at=LATER, item_id=item)
    assert (question.line.disputed, question.statement) == (True, "漏登一条判决")
    actions.answer_item(
        actor=judge, at=LATER, item_id=item, rows=[], data_as_of=date(2026, 11, 26), reference="复核1号"
    )
    assert queries.dispute(actor=everything(), at=LATER, dispute_id=dispute).dispute.state is DisputeState.RECHECKED


def test_every_look_is_written_down_and_the_person_may_read_it(kin: Family, mandate: int, sources: Sources) -> None:
    view = _report(kin, mandate, sources)
    county = in_role("county_verification")
    with pytest.raises(InvalidValue):
        actions.open_report(actor=county, at=LATER, report_id=view.line.id, why=" ")
    actions.open_report(actor=county, at=LATER, report_id=view.line.id, why="审核低保申请")
    me = citizen(kin.mother, households=(kin.household_id,))
    log = queries.access_log(actor=me, at=LATER, person_id=kin.mother)
    assert [(one.why, one.actor_name) for one in log.looks] == [
        ("审核低保申请", county.name),
        ("出具报告", county.name),
    ]
    assert {one.purpose for one in log.asked} == {"申请最低生活保障"}
    assert len(log.asked) == len([one for one in view.content.answers if one.person_id == kin.mother])
    with pytest.raises(OutOfScope):
        queries.access_log(actor=me, at=LATER, person_id=kin.son)


def test_a_citizen_sees_what_was_found_about_herself_only(kin: Family, mandate: int, sources: Sources) -> None:
    sources.say("banks", "accounts", "李强", found(ACCOUNT))
    view = _report(kin, mandate, sources)
    me = citizen(kin.mother, households=(kin.household_id,))
    mine = actions.open_report(actor=me, at=LATER, report_id=view.line.id, why="")
    assert {one.person_id for one in mine.content.answers} == {kin.mother}
    assert {one.person_id for one in mine.content.facts} == {kin.mother, None}
    with pytest.raises(OutOfScope):
        actions.open_report(actor=citizen(999), at=LATER, report_id=view.line.id, why="")


def test_hits_are_shown_to_those_who_decide_and_to_nobody_else(kin: Family, mandate: int, sources: Sources) -> None:
    view = _report(kin, mandate, sources)
    for actor, refusal in (
        (in_role("village_assistant"), PermissionRefused),
        (everything(without=frozenset({Permission.ITEM_VIEW})), PermissionRefused),
        (everything(DAIYUE), OutOfScope),
    ):
        with pytest.raises(refusal):
            actions.open_report(actor=actor, at=LATER, report_id=view.line.id, why="看看")
    me = citizen(kin.mother, households=(kin.household_id,))
    assert "看看" not in {one.why for one in queries.access_log(actor=me, at=LATER, person_id=kin.mother).looks}


def test_a_report_expires_when_its_months_are_over(kin: Family, mandate: int, sources: Sources) -> None:
    view = _report(kin, mandate, sources)
    assert verify.chase(AT + timedelta(days=30)) == (0, 0)
    assert verify.chase(AT + timedelta(days=200)) == (0, 1)
    order = queries.order(actor=everything(), at=AT, order_id=view.line.order_id).order
    assert order.state is OrderState.EXPIRED


def test_the_statements_of_a_report_do_not_grow_with_what_was_found(
    kin: Family, mandate: int, sources: Sources, django_assert_max_num_queries: object
) -> None:
    order = started(kin, mandate)
    for name in ("王秀兰", "李强", "李晓雨"):
        sources.say("banks", "accounts", name, found(ACCOUNT))
        sources.say("public_security", "vehicles", name, found(CAR))
    _finish(order, sources)
    with django_assert_max_num_queries(70):  # type: ignore[operator]
        actions.report_order(actor=everything(), at=AT, order_id=order)
