"""A household in need, officers of its township and county, a department, and donors."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.channels.conftest import DONGHU, SHANQIAN, load_places, newcomer, register

from jiuzhu.core.actors import Actor, ActorKind, Scope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.referral import actions
from jiuzhu.rooms.referral.permissions import Permission
from jiuzhu.rooms.referral.states import DonationState, Need, ReceiverKind, ReferralState
from jiuzhu.rooms.registry import actions as registry

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
TAISHAN = DivisionCode("370902000000")
DAIYUE = DivisionCode("370911000000")
VILLAGE, ELSEWHERE = DONGHU, SHANQIAN
EDUCATION = "education"
KNOWN = {"name": "李晓雨", "phone": "13800001111", "address": "红门路1号", "age": "15", "identity_number": "x"}


def officer(
    account: int | None = 31, division: DivisionCode = TAISHAN, *, without: frozenset[str] = frozenset()
) -> Actor:
    """An officer of a place who may do everything in the room, except `without`."""
    return Actor(
        kind=ActorKind.STAFF,
        account_id=account,
        name=f"经办{account}",
        permissions=frozenset(one.value for one in Permission) - without,
        scope=Scope(division=division),
    )


def department(code: str = EDUCATION, division: DivisionCode = TAISHAN) -> Actor:
    """An officer of a department, with what the role grants."""
    return Actor(
        kind=ActorKind.DEPARTMENT,
        account_id=41,
        name="部门经办",
        permissions=packaged_roles().roles["department_officer"].permissions,
        scope=Scope(division=division, department=code),
    )


def in_role(role: str, division: DivisionCode = TAISHAN) -> Actor:
    """An officer with a role."""
    return replace(officer(77, division), permissions=packaged_roles().roles[role].permissions)


@pytest.fixture
def family(db: None) -> "registry.RegisteredHousehold":
    """A grandmother and her grandchild."""
    load_places()
    return register(
        VILLAGE,
        [
            registry.NewMember("02", newcomer("王秀兰", 122, date(1956, 3, 8))),
            registry.NewMember("42", newcomer("李晓雨", 124, date(2011, 9, 1))),
        ],
    )


Refer = Callable[..., int]


@pytest.fixture
def refer(family: "registry.RegisteredHousehold") -> Refer:
    """Refer the grandchild's schooling to the education department; `state` takes the referral there."""

    def do(
        *,
        state: ReferralState = ReferralState.PROPOSED,
        kind: ReceiverKind = ReceiverKind.DEPARTMENT,
        fields: tuple[str, ...] = ("name", "phone", "need"),
        covers: tuple[ReceiverKind, ...] = (ReceiverKind.DEPARTMENT, ReceiverKind.CHARITY),
        need: Need = Need.EDUCATION,
    ) -> int:
        actor = officer()
        made = actions.propose_referral(
            actor=actor,
            at=AT,
            division=VILLAGE,
            household_id=family.household_id,
            person_id=family.person_ids[1],
            need=need,
            detail="高一新生，学费有困难",
            receiver_kind=kind,
            receiver_name="泰山区教育局",
            receiver_department=EDUCATION if kind is ReceiverKind.DEPARTMENT else "",
            programme="jiaoyu_jiuzhu",
            recognised=["dibao"],
        )
        if state is ReferralState.WITHDRAWN:
            actions.withdraw_referral(actor=actor, at=AT, referral_id=made, reason="本人要求")
        elif state is not ReferralState.PROPOSED:
            actions.consent_referral(
                actor=actor,
                at=AT,
                referral_id=made,
                fields=fields,
                covers=covers,
                consented_by="王秀兰（监护人）",
                evidence="当面签字",
            )
        if state not in (ReferralState.PROPOSED, ReferralState.CONSENTED, ReferralState.WITHDRAWN):
            actions.send_referral(actor=actor, at=AT, referral_id=made, known=KNOWN)
        if state is ReferralState.DECLINED:
            actions.decline_referral(actor=actor, at=AT, referral_id=made, reason="不属于本区学校")
        if state in (ReferralState.TAKEN, ReferralState.FULFILLED, ReferralState.UNMET):
            actions.take_referral(actor=actor, at=AT, referral_id=made)
        if state is ReferralState.FULFILLED:
            actions.fulfil_referral(actor=actor, at=AT, referral_id=made, outcome="已减免学费")
        if state is ReferralState.UNMET:
            actions.report_unmet_referral(actor=actor, at=AT, referral_id=made, reason="本年度名额已满")
        return made

    return do


Give = Callable[..., int]


@pytest.fixture
def give(db: None) -> Give:
    """Give 1,000 yuan; `state` takes the donation there."""

    def do(
        *, state: DonationState = DonationState.PLEDGED, need: Need | None = None, referral_id: int | None = None
    ) -> int:
        actor = officer()
        made = actions.pledge_donation(
            actor=actor,
            at=AT,
            division=TAISHAN,
            intent="资助困难学生",
            need=need,
            amount_fen=100_000,
            donor_name="某企业",
        )
        if state is DonationState.LAPSED:
            actions.lapse_donation(actor=actor, at=AT, donation_id=made, reason="企业停业")
        elif state is not DonationState.PLEDGED:
            actions.receive_donation(actor=actor, at=AT, donation_id=made, receipt_number="A001")
        if state is DonationState.RETURNED:
            actions.give_back_donation(actor=actor, at=AT, donation_id=made, reason="捐赠人要求")
        if state in (DonationState.USED, DonationState.REPORTED):
            actions.use_donation(actor=actor, at=AT, donation_id=made, use="资助学费", referral_id=referral_id)
        if state is DonationState.REPORTED:
            actions.report_donation(actor=actor, at=AT, donation_id=made, report="资助了一名高中生")
        return made

    return do
