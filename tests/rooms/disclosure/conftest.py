"""Two villages, officers in their roles, and a case of dibao to be posted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from jiuzhu.core.actors import Actor, ActorKind, Scope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.names import PersonName
from jiuzhu.rooms.disclosure import actions, queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import Board, Channel, NoticeState, ObjectionState
from jiuzhu.rooms.organization.rules.roles import packaged_roles

# a Thursday: seven days later it is a Thursday again, and no holiday is near
AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 26)
LAST_DAY = date(2026, 12, 3)
AFTER = AT + timedelta(days=8)
TOWNSHIP = DivisionCode("370902001000")
VILLAGE = DivisionCode("370902001001")
ELSEWHERE = DivisionCode("370911001001")
PREPARER, CHECKER = 21, 22
CASE = queries.Shown(
    applicant_name=PersonName("王秀兰"),
    is_minor=False,
    guardian_name=None,
    member_count=3,
    amount_fen=96_670,
    rhythm="monthly",
    result="yes",
    village="东湖社区",
)


def officer(
    account: int | None = PREPARER, division: DivisionCode = TOWNSHIP, *, without: frozenset[str] = frozenset()
) -> Actor:
    """An officer of a place who may do everything in the room, except `without`."""
    return Actor(
        kind=ActorKind.STAFF,
        account_id=account,
        name=f"经办{account}",
        permissions=frozenset(one.value for one in Permission) - without,
        scope=Scope(division=division),
    )


def in_role(role: str, division: DivisionCode = TOWNSHIP) -> Actor:
    """An officer with a role."""
    return replace(officer(77, division), permissions=packaged_roles().roles[role].permissions)


Prepare = Callable[..., int]


@pytest.fixture
def prepare(db: None) -> Prepare:
    """Prepare a notice about a case; `state` takes it there."""
    numbers = iter(range(1, 1000))

    def do(
        *,
        state: NoticeState = NoticeState.PREPARED,
        division: DivisionCode = VILLAGE,
        board: Board = Board.OPINION,
        programme: str = "dibao",
        case: queries.Shown = CASE,
    ) -> int:
        first, second = (officer(one, DivisionCode(division.value[:9] + "000")) for one in (PREPARER, CHECKER))
        made = actions.prepare_notice(
            actor=first,
            at=AT,
            division=division,
            programme=programme,
            board=board,
            subject_type="determination.determination",
            subject_id=next(numbers),
            case=case,
        )
        if state is NoticeState.WITHDRAWN:
            actions.withdraw_notice(actor=first, at=AT, notice_id=made, reason="内容有误")
        elif state is not NoticeState.PREPARED:
            actions.check_notice(actor=second, at=AT, notice_id=made)
        if state in (NoticeState.POSTED, NoticeState.INTERRUPTED, NoticeState.EXPIRED):
            actions.post_notice(actor=first, at=AT, notice_id=made, places=["village"])
        if state is NoticeState.INTERRUPTED:
            actions.interrupt_notice(actor=first, at=AT, notice_id=made, reason="被撕毁")
        if state is NoticeState.EXPIRED:
            actions.expire_notice(actor=first, at=AFTER, notice_id=made)
        return made

    return do


Object = Callable[..., int]


@pytest.fixture
def object_to(prepare: Prepare) -> Object:
    """Object to a notice that is up; `state` takes the objection there. Returns its id."""

    def do(*, state: ObjectionState = ObjectionState.RECEIVED, name: str = "", notice_id: int | None = None) -> int:
        named = name or ("李建国" if state is ObjectionState.ANSWERED else "")
        number = actions.submit_objection(
            actor=officer(),
            at=AT,
            notice_id=notice_id or prepare(state=NoticeState.POSTED),
            channel=Channel.WEB,
            text="该户有一辆汽车",
            name=named,
            contact="13800000000" if named else "",
        )
        page = queries.objections(actor=officer(), at=AT, size=200)
        made = next(one.id for one in page.rows if one.number == number)
        if state is not ObjectionState.RECEIVED:
            actions.check_objection(actor=officer(), at=AT, objection_id=made)
        if state in (ObjectionState.SUSTAINED, ObjectionState.ANSWERED):
            actions.sustain_objection(actor=officer(), at=AT, objection_id=made, finding="车辆属实")
        if state in (ObjectionState.DISMISSED, ObjectionState.CLOSED):
            actions.dismiss_objection(actor=officer(), at=AT, objection_id=made, finding="车辆已报废")
        if state is ObjectionState.ANSWERED:
            actions.answer_objection(actor=officer(), at=AT, objection_id=made, answer="经核查属实，已重新调查")
        if state is ObjectionState.CLOSED:
            actions.close_objection(actor=officer(), at=AT, objection_id=made)
        return made

    return do
