"""Notices: who takes which step, what the policy lets be shown, for how long, and when it is gone (S18)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.disclosure.conftest import (
    AFTER,
    AT,
    CASE,
    CHECKER,
    ELSEWHERE,
    LAST_DAY,
    PREPARER,
    TODAY,
    TOWNSHIP,
    VILLAGE,
    Prepare,
    in_role,
    officer,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.calendar import WorkCalendar
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound, RuleRefused
from jiuzhu.core.names import PersonName
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.disclosure import actions, queries, rules
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import NOTICES, Board, NoticeState
from jiuzhu.rooms.organization.rules.roles import packaged_roles

Verb = Callable[[Actor, int], object]
VERBS: dict[str, Verb] = {
    "check": lambda actor, one: actions.check_notice(actor=actor, at=AT, notice_id=one),
    "post": lambda actor, one: actions.post_notice(actor=actor, at=AT, notice_id=one, places=["village"]),
    "interrupt": lambda actor, one: actions.interrupt_notice(actor=actor, at=AT, notice_id=one, reason="被撕毁"),
    "resume": lambda actor, one: actions.resume_notice(actor=actor, at=AT, notice_id=one),
    "expire": lambda actor, one: actions.expire_notice(actor=actor, at=AFTER, notice_id=one),
    "withdraw": lambda actor, one: actions.withdraw_notice(actor=actor, at=AT, notice_id=one, reason="内容有误"),
}
# by hand: the file of roles must say the same
ROLES_OF = {
    "prepare": {"township_clerk"},
    "check": {"township_reviewer"},
    "post": {"township_clerk"},
    "interrupt": {"village_assistant", "township_clerk"},
    "resume": {"township_clerk"},
    "expire": {"township_clerk"},
    "withdraw": {"township_reviewer"},
}
_FROM = {
    "check": NoticeState.PREPARED,
    "post": NoticeState.CHECKED,
    "interrupt": NoticeState.POSTED,
    "resume": NoticeState.INTERRUPTED,
    "expire": NoticeState.POSTED,
    "withdraw": NoticeState.PREPARED,
}


def view(notice_id: int) -> queries.NoticeView:
    return queries.notice(actor=officer(), at=AT, notice_id=notice_id)


def prepared(actor: Actor, division: DivisionCode = VILLAGE, **other: object) -> int:
    given = {"programme": "dibao", "board": Board.OPINION, "subject_type": "x", "subject_id": 7, "case": CASE} | other
    return actions.prepare_notice(actor=actor, at=AT, division=division, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", NoticeState)
def test_a_verb_leads_out_of_a_state_as_the_table_says_and_nowhere_else(
    prepare: Prepare, state: NoticeState, verb: str
) -> None:
    notice_id = prepare(state=state)
    step = next((one for one in NOTICES.out_of(state) if one.verb == verb), None)
    if step is None:
        with pytest.raises(TransitionRefused):
            VERBS[verb](officer(CHECKER), notice_id)
        assert view(notice_id).state is state
        return
    VERBS[verb](officer(CHECKER), notice_id)
    assert view(notice_id).state is step.to_state


@pytest.mark.parametrize("verb", ROLES_OF)
def test_a_verb_is_for_the_roles_that_hold_it_and_no_other(prepare: Prepare, verb: str) -> None:
    notice_id = prepare(state=_FROM[verb]) if verb in _FROM else 0
    act = VERBS.get(verb) or (lambda actor, _: prepared(actor))
    allowed = set()
    for role in packaged_roles().roles:
        with acting(system_actor("test")):
            try:
                with transaction.atomic():
                    act(in_role(role), notice_id)
                    transaction.set_rollback(True)
                allowed.add(role)
            except PermissionRefused:
                pass
    assert allowed == ROLES_OF[verb]


def test_a_step_is_logged_and_told_with_its_case(prepare: Prepare) -> None:
    notice_id = prepare(state=NoticeState.POSTED)
    with acting(system_actor("test")):
        steps = [(one.verb, one.account_id) for one in timeline("disclosure.notice", notice_id, actor=officer())]
        told = list(OutboxEvent.objects.filter(key=f"disclosure.notice:{notice_id}").values_list("name", "payload"))
    assert steps == [("prepare", PREPARER), ("check", CHECKER), ("post", PREPARER)]
    assert [name for name, _ in told] == [f"disclosure.notice.{verb}" for verb, _ in steps]
    assert told[0][1] == {
        "notice_id": notice_id,
        "subject_type": "determination.determination",
        "subject_id": 1,
        "board": "opinion",
    }


def test_a_notice_shows_what_the_policy_posts_and_no_more(prepare: Prepare) -> None:
    one = view(prepare())
    assert one.content == {"applicant_name": "王*兰", "member_count": 3, "amount_fen": 96_670, "rhythm": "monthly"}
    assert (one.where, one.days_nd, len(one.pack_digest)) == (("village",), 7, 64)
    decision = view(prepare(board=Board.DECISION))
    assert decision.days_nd is None, "a decision is up as long as it holds"


@pytest.mark.parametrize("programme", ["shishi_wuren_fuyang", "liusan_jiuzhu"])
def test_what_is_not_posted_has_no_notice(prepare: Prepare, programme: str) -> None:
    with pytest.raises(RuleRefused) as refusal:
        prepare(programme=programme)
    assert refusal.value.code == "disclosure.notice.not_posted"


def test_a_programme_that_there_is_not_has_no_notice(prepare: Prepare) -> None:
    with pytest.raises(NotFound):
        prepare(programme="unknown")


def test_a_case_has_one_notice_on_a_board_at_a_time(db: None) -> None:
    first = prepared(officer())
    with pytest.raises(RuleRefused) as refusal:
        prepared(officer())
    assert refusal.value.code == "disclosure.notice.twice"
    prepared(officer(), board=Board.DECISION)
    actions.withdraw_notice(actor=officer(), at=AT, notice_id=first, reason="内容有误")
    prepared(officer())


@pytest.mark.parametrize("account", [PREPARER, None])
def test_who_prepared_it_does_not_check_it_and_no_process_does(prepare: Prepare, account: int | None) -> None:
    notice_id = prepare()
    with pytest.raises(RuleRefused) as refusal:
        actions.check_notice(actor=officer(account), at=AT, notice_id=notice_id)
    assert refusal.value.code == "disclosure.notice.same_person"


def test_every_place_is_confirmed(prepare: Prepare) -> None:
    notice_id = prepare(state=NoticeState.CHECKED)
    with pytest.raises(RuleRefused) as refusal:
        actions.post_notice(actor=officer(), at=AT, notice_id=notice_id, places=["township"])
    assert "village" in refusal.value.message_en
    assert view(notice_id).state is NoticeState.CHECKED


@pytest.mark.parametrize("verb", ["interrupt", "withdraw"])
def test_a_step_that_the_public_sees_has_a_reason(prepare: Prepare, verb: str) -> None:
    notice_id = prepare(state=NoticeState.POSTED)
    act = {"interrupt": actions.interrupt_notice, "withdraw": actions.withdraw_notice}[verb]
    with pytest.raises(RuleRefused):
        act(actor=officer(), at=AT, notice_id=notice_id, reason=" ")


def test_it_stays_up_for_its_whole_period_and_an_interruption_begins_it_anew(prepare: Prepare) -> None:
    notice_id = prepare(state=NoticeState.POSTED)
    assert view(notice_id).last_day == LAST_DAY
    with pytest.raises(RuleRefused) as refusal:
        actions.expire_notice(actor=officer(), at=AT + timedelta(days=7), notice_id=notice_id)
    assert str(LAST_DAY) in refusal.value.message_zh
    later = AT + timedelta(days=4)
    actions.interrupt_notice(actor=officer(), at=later, notice_id=notice_id, reason="风雨损毁")
    actions.resume_notice(actor=officer(), at=later, notice_id=notice_id)
    one = view(notice_id)
    assert (one.posted_on, one.last_day, one.interruptions) == (date(2026, 11, 30), date(2026, 12, 7), 1)


def test_a_decision_without_a_period_is_withdrawn_and_does_not_run_out(prepare: Prepare) -> None:
    notice_id = prepare(state=NoticeState.POSTED, board=Board.DECISION)
    with pytest.raises(RuleRefused) as refusal:
        actions.expire_notice(actor=officer(), at=AFTER, notice_id=notice_id)
    assert refusal.value.code == "disclosure.notice.no_end"


def test_those_that_are_over_are_taken_down_together(prepare: Prepare) -> None:
    over = [prepare(state=NoticeState.POSTED) for _ in range(3)]
    stays = [prepare(state=NoticeState.POSTED, board=Board.DECISION), prepare()]
    assert actions.expire_notices(actor=officer(), at=AT) == 0
    assert actions.expire_notices(actor=officer(), at=AFTER, most=2) == 2
    assert actions.expire_notices(actor=officer(), at=AFTER) == 1
    assert {view(one).state for one in over} == {NoticeState.EXPIRED}
    assert NoticeState.EXPIRED not in {view(one).state for one in stays}


# what everyone sees


def test_everyone_sees_what_is_up_and_only_until_its_last_day(prepare: Prepare) -> None:
    up = prepare(state=NoticeState.POSTED)
    for state in (NoticeState.PREPARED, NoticeState.CHECKED, NoticeState.INTERRUPTED, NoticeState.WITHDRAWN):
        prepare(state=state)
    seen = queries.public_board(division=TOWNSHIP, board=Board.OPINION, on=LAST_DAY)
    assert [one.id for one in seen.rows] == [up]
    assert queries.public_notice(notice_id=up, on=LAST_DAY).content["applicant_name"] == "王*兰"
    after = LAST_DAY + timedelta(days=1)
    assert queries.public_board(division=TOWNSHIP, board=Board.OPINION, on=after).rows == ()
    with pytest.raises(NotFound):
        queries.public_notice(notice_id=up, on=after)


def test_a_board_is_of_its_own_place(prepare: Prepare) -> None:
    here, there = prepare(state=NoticeState.POSTED), prepare(state=NoticeState.POSTED, division=ELSEWHERE)
    city = DivisionCode("370900000000")
    for place, expected in ((VILLAGE, [here]), (ELSEWHERE, [there]), (city, [there, here])):
        assert [one.id for one in queries.public_board(division=place, board=Board.OPINION, on=TODAY).rows] == expected


def test_pages_hold_every_notice_once_in_as_many_statements_for_few_as_for_many(prepare: Prepare) -> None:
    made = [prepare(state=NoticeState.POSTED) for _ in range(2)]
    counts = []
    for more in (0, 5):
        made += [prepare(state=NoticeState.POSTED) for _ in range(more)]
        with CaptureQueriesContext(connection) as asked:
            queries.notices(actor=officer(), at=AT, size=10)
            queries.public_board(division=TOWNSHIP, board=Board.OPINION, on=TODAY, size=10)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    found: list[int] = []
    after = None
    while True:
        page = queries.notices(actor=officer(), at=AT, after=after, size=3)
        found += [one.id for one in page.rows]
        after = page.next_after
        if after is None:
            break
    assert found == made[::-1]


# scope


def test_nobody_acts_in_or_sees_another_place(prepare: Prepare) -> None:
    notice_id = prepare(division=ELSEWHERE)
    with pytest.raises(OutOfScope):
        prepared(officer(), ELSEWHERE)
    for verb in VERBS.values():
        with pytest.raises(OutOfScope):
            verb(officer(CHECKER), notice_id)
    with pytest.raises(OutOfScope):
        queries.notice(actor=officer(), at=AT, notice_id=notice_id)
    assert queries.notices(actor=officer(), at=AT).rows == ()


def test_reading_needs_its_permission(prepare: Prepare) -> None:
    blind = officer(without=frozenset({Permission.NOTICE_VIEW.value}))
    with pytest.raises(PermissionRefused):
        queries.notices(actor=blind, at=AT)
    with pytest.raises(PermissionRefused):
        queries.notice(actor=blind, at=AT, notice_id=prepare())


# rules


def test_a_minor_is_never_named() -> None:
    child = replace(CASE, is_minor=True, applicant_name=PersonName("王小宝"))
    assert rules.shown_name(child) == "王某"
    assert rules.shown_name(replace(child, guardian_name=PersonName("李建国"))) == "李*国"


@given(st.sets(st.sampled_from(["applicant_name", "member_count", "amount", "result", "village"])), st.booleans())
def test_a_notice_has_the_fields_of_the_policy_and_a_masked_name(fields: set[str], has_amount: bool) -> None:  # noqa: FBT001
    case = CASE if has_amount else replace(CASE, amount_fen=None)
    content = rules.content_of(fields, case)
    assert rules.only_permitted_fields(content, fields) is None
    assert ("applicant_name" in content) == ("applicant_name" in fields)
    assert content.get("applicant_name", "王*兰") != CASE.applicant_name.value
    assert ("amount_fen" in content) == (has_amount and "amount" in fields) == ("rhythm" in content)
    for other in {"result", "village", "member_count"} - fields:
        assert other not in content


@pytest.mark.parametrize("text", ["电话13800000000", "370902194001010026", "账号6217000000000000000"])
def test_a_number_in_a_permitted_field_is_found(text: str) -> None:
    refusal = rules.only_permitted_fields({"village": text}, ["village"])
    assert refusal is not None
    assert refusal.code == "disclosure.notice.number"


@given(st.dates(date(2024, 1, 1), date(2026, 12, 1)), st.integers(1, 60))
def test_a_period_is_never_shorter_than_its_days_and_ends_on_a_working_day(posted: date, days: int) -> None:
    calendar = WorkCalendar.packaged()
    until = rules.last_day(posted, days, calendar)
    assert until is not None
    assert timedelta(days=days) <= until - posted <= timedelta(days=days + 12)
    assert calendar.is_working_day(until)


def test_a_period_that_would_end_in_a_holiday_ends_after_it() -> None:
    calendar = WorkCalendar.packaged()
    assert rules.last_day(date(2026, 9, 24), 7, calendar) == date(2026, 10, 8), "National Day lasts to the 7th"
    assert rules.last_day(date(2026, 11, 26), None, calendar) is None


# raw SQL


def run(statement: str) -> None:
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        """content = content || '{"illness": "x"}'""",
        """content = content || '{"village": "13800000000"}'""",
        """content = content || '{"applicant_name": "王秀兰"}'""",
        """content = '[]'""",
    ],
)
def test_the_database_holds_nothing_that_may_not_be_shown(prepare: Prepare, change: str) -> None:
    prepare()
    insert = (
        "INSERT INTO disclosure_notice (division_code, state, board, programme, subject_type, subject_id, pack_digest, "
        'content, "where", prepared_at, prepared_by_name, checked_by_name, posted_by_name, interruptions, '
        "interruption, withdrawal) SELECT division_code, state, board, programme, subject_type, subject_id + 1000, "
        f"pack_digest, {change.partition('=')[2]}, \"where\", prepared_at, prepared_by_name, '', '', 0, '', '' "
        "FROM disclosure_notice"
    )
    with pytest.raises(IntegrityError):
        run(insert)


@pytest.mark.parametrize(
    ("state", "change"),
    [
        (NoticeState.PREPARED, """content = '{}'"""),
        (NoticeState.PREPARED, "state = 'posted', posted_at = now(), posted_on = now()"),
        (NoticeState.CHECKED, "checked_by_account = 1"),
        (NoticeState.POSTED, "last_day = last_day - 3"),
        (NoticeState.POSTED, "days_nd = 1"),
        (NoticeState.EXPIRED, "state = 'posted'"),
        (NoticeState.WITHDRAWN, "withdrawal = 'x'"),
    ],
)
def test_what_is_written_once_is_not_changed_in_raw_sql(prepare: Prepare, state: NoticeState, change: str) -> None:
    notice_id = prepare(state=state)
    with pytest.raises(ProgrammingError):
        run(f"UPDATE disclosure_notice SET {change} WHERE id = {notice_id}")
    with pytest.raises(ProgrammingError):
        run(f"DELETE FROM disclosure_notice WHERE id = {notice_id}")


def test_the_checker_is_another_in_raw_sql_too(prepare: Prepare) -> None:
    notice_id = prepare()
    with pytest.raises(IntegrityError):
        run(
            "UPDATE disclosure_notice SET state = 'checked', checked_at = now(), checked_by_account = "
            f"prepared_by_account WHERE id = {notice_id}"
        )
