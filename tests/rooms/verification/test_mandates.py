"""Consent (S13, X6): who signs, who signs for whom, what it covers, and how it ends."""

from datetime import date
from typing import Any

import pytest
from tests.rooms.verification.conftest import (
    AT,
    DAIYUE,
    Family,
    Sources,
    ask_all,
    citizen,
    draw_up,
    everything,
    in_role,
    request,
    sign,
    started,
)

from jiuzhu.core.actors import OutOfScope, PermissionRefused
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.states import (
    ItemState,
    OrderState,
    SignatureMethod,
    SignatureState,
    SignedBy,
    SignerRole,
)


def _states(mandate_id: int) -> dict[int, SignatureState]:
    view = queries.mandate(actor=everything(), at=AT, mandate_id=mandate_id)
    return {one.person_id: one.state for one in view.signatures}


def test_a_mandate_names_what_may_be_asked_and_asks_every_member_to_sign(kin: Family, sources: Sources) -> None:
    view = queries.mandate(actor=everything(), at=AT, mandate_id=draw_up(kin, items=["banks.accounts"]))
    assert {one.person_id for one in view.signatures} == set(kin.person_ids)
    assert view.items == ("banks.accounts",)
    assert "银行：银行账户" in view.text
    assert "最低生活保障" in view.text
    assert "2026年11月1日至2027年10月31日" in view.text
    assert len(view.sha256) == 64
    assert not view.in_force


def test_it_is_in_force_once_all_members_have_signed(kin: Family, mandate: int) -> None:
    view = queries.mandate(actor=everything(), at=AT, mandate_id=mandate)
    assert view.in_force
    assert {one.signed_by for one in view.signatures if one.person_id == kin.child} == {SignedBy.GUARDIAN}


def test_two_mandates_of_one_family_have_different_numbers(kin: Family, sources: Sources) -> None:
    views = [queries.mandate(actor=everything(), at=AT, mandate_id=draw_up(kin)) for _ in range(2)]
    assert views[0].number != views[1].number
    assert views[0].sha256 != views[1].sha256


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"programmes": []}, "programmes"),
        ({"programmes": ["no_such"]}, "programmes"),
        ({"items": []}, "items"),
        ({"items": ["banks.gold"]}, "items"),
        ({"purpose": " "}, "purpose"),
        ({"purpose": "长" * 201}, "purpose"),
        ({"valid_to": date(2026, 10, 31)}, "valid_to"),
    ],
)
def test_what_a_mandate_does_not_say_properly_is_refused(
    kin: Family, sources: Sources, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        draw_up(kin, **changed)
    assert refused.value.field == field
    assert queries.mandates_of_household(actor=everything(), at=AT, household_id=kin.household_id) == ()


def test_a_supporter_outside_the_household_needs_a_stated_necessity(kin: Family, sources: Sources) -> None:
    other = _other_person()
    with pytest.raises(InvalidValue) as refused:
        draw_up(kin, supporters={other: " "})
    assert refused.value.field == "necessity"
    made = draw_up(kin, supporters={other: "申请人主张子女无赡养能力"})
    view = queries.mandate(actor=everything(), at=AT, mandate_id=made)
    supporter = next(one for one in view.signatures if one.person_id == other)
    assert supporter.role is SignerRole.SUPPORTER
    assert supporter.necessity == "申请人主张子女无赡养能力"


def test_a_supporter_who_declines_stops_nothing(kin: Family, sources: Sources) -> None:
    other = _other_person()
    made = draw_up(kin, supporters={other: "申请人主张子女无赡养能力"})
    for person in (kin.mother, kin.son):
        sign(made, person)
    sign(made, kin.child, SignedBy.GUARDIAN)
    actions.decline_mandate(actor=everything(), at=AT, mandate_id=made, person_id=other, reason="不同意查询")
    order = started(kin, made)
    asked = {one.person_id for one in queries.order(actor=everything(), at=AT, order_id=order).items}
    assert asked == set(kin.person_ids)


def test_an_adult_signs_in_person_and_a_child_through_the_guardian(kin: Family, sources: Sources) -> None:
    made = draw_up(kin)
    with pytest.raises(RuleRefused) as refused:
        sign(made, kin.child)
    assert refused.value.code == "verification.signature.guardian"
    with pytest.raises(RuleRefused) as refused:
        sign(made, kin.son, SignedBy.GUARDIAN)
    assert refused.value.code == "verification.signature.self"
    assert set(_states(made).values()) == {SignatureState.ASKED}


def test_a_handwritten_signature_needs_its_picture(kin: Family, sources: Sources) -> None:
    made = draw_up(kin)
    with pytest.raises(InvalidValue) as refused:
        sign(made, kin.mother, evidence_sha256="")
    assert refused.value.field == "evidence"


def test_a_citizen_signs_online_for_herself_and_her_ward_and_for_nobody_else(kin: Family, sources: Sources) -> None:
    made = draw_up(kin)
    me = citizen(kin.mother, kin.child, households=(kin.household_id,))
    online: dict[str, Any] = {"actor": me, "method": SignatureMethod.UNIFIED_IDENTITY, "evidence_sha256": ""}
    sign(made, kin.mother, **online)
    sign(made, kin.child, SignedBy.GUARDIAN, **online)
    with pytest.raises(OutOfScope):
        sign(made, kin.son, **online)
    with pytest.raises(InvalidValue):
        sign(draw_up(kin), kin.mother, actor=me)
    assert _states(made)[kin.son] is SignatureState.ASKED


def test_who_declined_may_still_sign(kin: Family, sources: Sources) -> None:
    made = draw_up(kin)
    actions.decline_mandate(actor=everything(), at=AT, mandate_id=made, person_id=kin.son, reason="再考虑")
    assert _states(made)[kin.son] is SignatureState.DECLINED
    sign(made, kin.son)
    assert _states(made)[kin.son] is SignatureState.SIGNED


def test_withdrawal_stops_new_queries_at_once(kin: Family, mandate: int, sources: Sources) -> None:
    order = started(kin, mandate)
    actions.withdraw_mandate(actor=everything(), at=AT, mandate_id=mandate, person_id=kin.son, reason="不再申请")
    ask_all(sources)
    asked = {one.subject.name for source in sources.http.values() for one in source.asked}
    assert asked == {"王秀兰", "李晓雨"}
    mine = [one for one in queries.order(actor=everything(), at=AT, order_id=order).items if one.person_id == kin.son]
    assert {one.state for one in mine} <= {ItemState.UNAVAILABLE, ItemState.SENT}
    assert all(one.cause == "withdrawn" for one in mine if one.state is ItemState.UNAVAILABLE)


def test_a_citizen_who_withdraws_online_is_not_asked_about_either(kin: Family, mandate: int, sources: Sources) -> None:
    started(kin, mandate)
    me = citizen(kin.mother, kin.child, households=(kin.household_id,))
    actions.withdraw_mandate(actor=me, at=AT, mandate_id=mandate, person_id=kin.mother, reason="不愿意了")
    ask_all(sources)
    asked = {one.subject.name for source in sources.http.values() for one in source.asked}
    assert asked == {"李强", "李晓雨"}


def test_withdrawn_it_is_over_and_needs_a_reason(kin: Family, mandate: int) -> None:
    with pytest.raises(RuleRefused):
        actions.withdraw_mandate(actor=everything(), at=AT, mandate_id=mandate, person_id=kin.son, reason=" ")
    actions.withdraw_mandate(actor=everything(), at=AT, mandate_id=mandate, person_id=kin.son, reason="不再申请")
    with pytest.raises(TransitionRefused):
        sign(mandate, kin.son)
    assert not queries.mandate(actor=everything(), at=AT, mandate_id=mandate).in_force


def test_an_order_is_stopped_after_a_withdrawal_and_for_nothing_else(
    kin: Family, mandate: int, sources: Sources
) -> None:
    order = started(kin, mandate)
    with pytest.raises(RuleRefused) as refused:
        actions.stop_order(actor=everything(), at=AT, order_id=order)
    assert refused.value.code == "verification.order.not_withdrawn"
    actions.withdraw_mandate(actor=everything(), at=AT, mandate_id=mandate, person_id=kin.son, reason="不再申请")
    actions.stop_order(actor=everything(), at=AT, order_id=order)
    detail = queries.order(actor=everything(), at=AT, order_id=order)
    assert detail.order.state is OrderState.STOPPED
    assert {one.state for one in detail.items} == {ItemState.UNAVAILABLE}
    assert ask_all(sources) == 0


@pytest.mark.parametrize(
    ("permission", "act"),
    [
        (Permission.MANDATE_DRAW_UP, "draw_up"),
        (Permission.MANDATE_SIGN, "sign"),
        (Permission.MANDATE_DECLINE, "decline"),
        (Permission.MANDATE_WITHDRAW, "withdraw"),
        (Permission.MANDATE_VIEW, "view"),
    ],
)
def test_each_verb_needs_its_permission_and_the_place(
    kin: Family, sources: Sources, permission: Permission, act: str
) -> None:
    made = draw_up(kin)
    for actor, refusal in (
        (everything(without=frozenset({permission})), PermissionRefused),
        (everything(DAIYUE), OutOfScope),
    ):
        with pytest.raises(refusal):
            _act(act, kin, made, actor)


def _act(act: str, kin: Family, made: int, actor: object) -> None:
    if act == "draw_up":
        draw_up(kin, actor=actor)
    elif act == "sign":
        sign(made, kin.mother, actor=actor)
    elif act == "view":
        queries.mandate(actor=actor, at=AT, mandate_id=made)  # type: ignore[arg-type]
    elif act == "decline":
        actions.decline_mandate(actor=actor, at=AT, mandate_id=made, person_id=kin.son, reason="x")  # type: ignore[arg-type]
    else:
        actions.withdraw_mandate(actor=actor, at=AT, mandate_id=made, person_id=kin.son, reason="x")  # type: ignore[arg-type]


def test_a_township_clerk_draws_up_and_requests_and_the_county_starts(kin: Family, sources: Sources) -> None:
    clerk, county = in_role("township_clerk"), in_role("county_verification")
    made = draw_up(kin, actor=clerk)
    for person in (kin.mother, kin.son):
        sign(made, person, actor=clerk)
    sign(made, kin.child, SignedBy.GUARDIAN, actor=clerk)
    order = request(kin, made, actor=clerk)
    with pytest.raises(PermissionRefused):
        actions.start_order(actor=clerk, at=AT, order_id=order)
    assert actions.start_order(actor=county, at=AT, order_id=order) > 60


def test_another_unit_entrusts_in_writing(kin: Family, sources: Sources) -> None:
    made = draw_up(kin, programmes=["zhufang_jiuzhu"], purpose="申请公租房")
    for person in (kin.mother, kin.son):
        sign(made, person)
    sign(made, kin.child, SignedBy.GUARDIAN)
    wanted = {"programmes": ["zhufang_jiuzhu"], "purpose": "申请公租房"}
    with pytest.raises(RuleRefused) as refused:
        request(kin, made, **wanted)
    assert refused.value.code == "verification.order.entrustment"
    entrustment = _entrust()
    order = request(kin, made, entrustment_id=entrustment, **wanted)
    actions.end_entrustment(actor=everything(), at=AT, entrustment_id=entrustment, reason="委托期满")
    actions.start_order(actor=everything(), at=AT, order_id=order)
    with pytest.raises(RuleRefused):
        request(kin, made, entrustment_id=entrustment, occasion_id=2, **wanted)
    views = queries.entrustments(actor=everything(), at=AT)
    assert [(one.unit_name, one.in_force) for one in views] == [("泰山区住房保障中心", False)]


def test_a_unit_entrusts_only_what_it_leads(kin: Family) -> None:
    with pytest.raises(InvalidValue) as refused:
        _entrust(programmes=["dibao"])
    assert refused.value.field == "programmes"
    with pytest.raises(InvalidValue):
        _entrust(valid_to=date(2025, 1, 1))
    with pytest.raises(InvalidValue):
        _entrust(document_number="")


def _entrust(**changed: object) -> int:
    from tests.rooms.verification.conftest import TAISHAN

    wanted: dict[str, object] = {
        "actor": everything(),
        "at": AT,
        "division": TAISHAN,
        "unit_name": "泰山区住房保障中心",
        "department": "housing",
        "programmes": ["zhufang_jiuzhu"],
        "document_number": "泰山住建函〔2026〕1号",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    return actions.record_entrustment(**(wanted | changed))  # type: ignore[arg-type]


def _other_person() -> int:
    from tests.channels.conftest import SANYOU, newcomer, register

    from jiuzhu.rooms.registry import actions as registry

    made = register(SANYOU, [registry.NewMember("02", newcomer("李建国", 125, date(1980, 1, 1)))])
    return made.person_ids[0]
