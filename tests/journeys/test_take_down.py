"""Notices that are over come down by themselves, however many there are (S18)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.names import PersonName
from jiuzhu.journeys import take_down as journey
from jiuzhu.rooms.disclosure import actions, queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import Board, NoticeState

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
ACTOR = replace(system_actor("test", permissions=list(Permission)), account_id=1)


def posted(number: int) -> int:
    case = queries.Shown(PersonName("王秀兰"), False, None, 3, 96_670, "monthly", "yes", "")
    made = actions.prepare_notice(
        actor=ACTOR,
        at=AT,
        division=DivisionCode("370902001001"),
        programme="dibao",
        board=Board.OPINION,
        subject_type="test.case",
        subject_id=number,
        case=case,
    )
    actions.check_notice(actor=replace(ACTOR, account_id=2), at=AT, notice_id=made)
    actions.post_notice(actor=ACTOR, at=AT, notice_id=made, places=["village"])
    return made


def test_what_is_over_comes_down_in_pieces_and_nothing_else(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [posted(number) for number in range(5)]
    monkeypatch.setattr(journey, "_PIECE", 2)
    assert journey.take_down(AT + timedelta(days=6)) == 0
    journey.take_down_every_night(int((AT + timedelta(days=8)).timestamp()))
    states = {queries.notice(actor=ACTOR, at=AT, notice_id=one).state for one in made}
    assert states == {NoticeState.EXPIRED}
    assert journey.take_down(AT + timedelta(days=8)) == 0
