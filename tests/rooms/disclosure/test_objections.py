"""Objections: anonymous or named, looked into, decided on what was found, the named ones answered (S18)."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.rooms.disclosure.conftest import (
    AFTER,
    AT,
    CHECKER,
    ELSEWHERE,
    TODAY,
    Object,
    Prepare,
    in_role,
    officer,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.audit.models import AuditChange
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.disclosure import actions, queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import OBJECTIONS, Channel, NoticeState, ObjectionState
from jiuzhu.rooms.organization.rules.roles import packaged_roles

Verb = Callable[[Actor, int], object]
VERBS: dict[str, Verb] = {
    "check": lambda actor, one: actions.check_objection(actor=actor, at=AT, objection_id=one),
    "sustain": lambda actor, one: actions.sustain_objection(actor=actor, at=AT, objection_id=one, finding="属实"),
    "dismiss": lambda actor, one: actions.dismiss_objection(actor=actor, at=AT, objection_id=one, finding="不属实"),
    "answer": lambda actor, one: actions.answer_objection(actor=actor, at=AT, objection_id=one, answer="已核查"),
    "close": lambda actor, one: actions.close_objection(actor=actor, at=AT, objection_id=one),
}
# by hand: the file of roles must say the same
ROLES_OF = {
    "submit": {"village_assistant", "township_clerk"},
    **{verb: {"township_reviewer"} for verb in VERBS},
}
_FROM = {
    "check": ObjectionState.RECEIVED,
    "sustain": ObjectionState.IN_CHECK,
    "dismiss": ObjectionState.IN_CHECK,
    "answer": ObjectionState.SUSTAINED,
    "close": ObjectionState.SUSTAINED,
}


def detail(objection_id: int) -> queries.ObjectionDetail:
    return queries.objection(actor=officer(), at=AT, objection_id=objection_id)


def submitted(notice_id: int, actor: Actor | None = None, **other: str) -> str:
    said = {"text": "该户有一辆汽车"} | other
    return actions.submit_objection(actor=actor or officer(), at=AT, notice_id=notice_id, channel=Channel.WEB, **said)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ObjectionState)
def test_a_verb_leads_out_of_a_state_as_the_table_says_and_nowhere_else(
    object_to: Object, state: ObjectionState, verb: str
) -> None:
    named = "李建国" if verb == "answer" and state is not ObjectionState.CLOSED else ""
    objection_id = object_to(state=state, name=named)
    step = next((one for one in OBJECTIONS.out_of(state) if one.verb == verb), None)
    if step is None:
        with pytest.raises(TransitionRefused):
            VERBS[verb](officer(CHECKER), objection_id)
        assert detail(objection_id).objection.state is state
        return
    VERBS[verb](officer(CHECKER), objection_id)
    assert detail(objection_id).objection.state is step.to_state


@pytest.mark.parametrize("verb", ROLES_OF)
def test_a_verb_is_for_the_roles_that_hold_it_and_no_other(object_to: Object, prepare: Prepare, verb: str) -> None:
    one = (
        prepare(state=NoticeState.POSTED)
        if verb == "submit"
        else object_to(state=_FROM[verb], name="李建国" if verb == "answer" else "")
    )
    act = VERBS.get(verb) or (lambda actor, notice_id: submitted(notice_id, actor))
    allowed = set()
    for role in packaged_roles().roles:
        with acting(system_actor("test")):
            try:
                with transaction.atomic():
                    act(in_role(role), one)
                    transaction.set_rollback(True)
                allowed.add(role)
            except PermissionRefused:
                pass
    assert allowed == ROLES_OF[verb]


def test_a_visitor_may_object_without_a_name_and_asks_by_the_number(prepare: Prepare) -> None:
    visitor = system_actor("visitor", permissions=[Permission.OBJECTION_SUBMIT])
    number = submitted(prepare(state=NoticeState.POSTED), visitor)
    answer = queries.public_answer(number=f" {number[:5].lower()} {number[5:]}", on=TODAY)
    assert (answer.number, answer.state, answer.answer) == (number, ObjectionState.RECEIVED, "")
    with pytest.raises(NotFound):
        queries.public_answer(number="", on=TODAY)
    with pytest.raises(NotFound):
        queries.public_answer(number="ABCDEFGHJK", on=TODAY)


def test_what_was_said_is_for_those_who_look_into_it(object_to: Object) -> None:
    objection_id = object_to(name="李建国")
    one = detail(objection_id)
    assert (one.text, one.name, one.contact, one.objection.is_anonymous) == (
        "该户有一辆汽车",
        "李建国",
        "13800000000",
        False,
    )
    for missing in (Permission.OBJECTION_CHECK, Permission.OBJECTION_VIEW):
        with pytest.raises(PermissionRefused):
            queries.objection(actor=officer(without=frozenset({missing.value})), at=AT, objection_id=objection_id)
    assert not hasattr(queries.objections(actor=officer(), at=AT).rows[0], "text")


def test_what_was_said_is_sealed_in_the_database_and_its_trail(object_to: Object) -> None:
    object_to(name="李建国")
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(o)::text FROM disclosure_objection o")
        images = [str(cursor.fetchone())]
        images += [str(one.after) for one in AuditChange.objects.filter(table_name="disclosure_objection")]
    assert len(images) == 2
    for image in images:
        assert "汽车" not in image
        assert "李建国" not in image
        assert "13800000000" not in image


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"name": "李建国"}, "contact"),
        ({"name": "李" * 101, "contact": "13800000000"}, "name"),
    ],
)
def test_bad_input_is_named_and_nothing_is_kept(prepare: Prepare, other: dict[str, str], field: str) -> None:
    notice_id = prepare(state=NoticeState.POSTED)
    with pytest.raises(InvalidValue) as refusal:
        submitted(notice_id, None, **other)
    assert refusal.value.field == field
    assert queries.objections(actor=officer(), at=AT).rows == ()


@pytest.mark.parametrize("state", NoticeState)
def test_an_objection_is_taken_while_the_notice_is_up_or_interrupted(prepare: Prepare, state: NoticeState) -> None:
    notice_id = prepare(state=state)
    if state in (NoticeState.POSTED, NoticeState.INTERRUPTED):
        assert submitted(notice_id)
        assert queries.notice(actor=officer(), at=AT, notice_id=notice_id).open_objections == 1
        return
    with pytest.raises(RuleRefused) as refusal:
        submitted(notice_id)
    assert refusal.value.code == "disclosure.objection.over"


def test_it_is_decided_on_what_was_found(object_to: Object) -> None:
    objection_id = object_to(state=ObjectionState.IN_CHECK)
    for act in (actions.sustain_objection, actions.dismiss_objection):
        with pytest.raises(RuleRefused) as refusal:
            act(actor=officer(), at=AT, objection_id=objection_id, finding=" ")
        assert refusal.value.code == "disclosure.objection.finding"


def test_a_named_one_is_answered_and_an_anonymous_one_is_closed(object_to: Object) -> None:
    named = object_to(state=ObjectionState.SUSTAINED, name="李建国")
    anonymous = object_to(state=ObjectionState.SUSTAINED)
    with pytest.raises(RuleRefused) as refusal:
        VERBS["close"](officer(), named)
    assert refusal.value.code == "disclosure.objection.named"
    with pytest.raises(RuleRefused) as refusal:
        VERBS["answer"](officer(), anonymous)
    assert refusal.value.code == "disclosure.objection.unnamed"
    VERBS["answer"](officer(), named)
    number = detail(named).objection.number
    assert queries.public_answer(number=number, on=TODAY).answer == "已核查"


def test_it_outlives_its_notice(object_to: Object, prepare: Prepare) -> None:
    notice_id = prepare(state=NoticeState.POSTED)
    objection_id = object_to(notice_id=notice_id)
    actions.expire_notice(actor=officer(), at=AFTER, notice_id=notice_id)
    VERBS["check"](officer(), objection_id)
    assert detail(objection_id).objection.state is ObjectionState.IN_CHECK


def test_nobody_acts_in_or_sees_another_place(object_to: Object, prepare: Prepare) -> None:
    notice_id = prepare(state=NoticeState.POSTED, division=ELSEWHERE)
    with pytest.raises(OutOfScope):
        submitted(notice_id)
    objection_id = object_to()
    other = officer(division=ELSEWHERE)
    assert queries.objections(actor=other, at=AT).rows == ()
    with pytest.raises(OutOfScope):
        queries.objection(actor=other, at=AT, objection_id=objection_id)
    for verb in VERBS.values():
        with pytest.raises(OutOfScope):
            verb(other, objection_id)


def test_pages_hold_every_objection_once_in_as_many_statements(object_to: Object, prepare: Prepare) -> None:
    notice_id = prepare(state=NoticeState.POSTED)
    made = [object_to(notice_id=notice_id) for _ in range(2)]
    counts = []
    for more in (0, 4):
        made += [object_to(notice_id=notice_id) for _ in range(more)]
        with CaptureQueriesContext(connection) as asked:
            page = queries.objections(actor=officer(), at=AT, notice_id=notice_id, size=100)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert [one.id for one in page.rows] == made
    first = queries.objections(actor=officer(), at=AT, size=4)
    rest = queries.objections(actor=officer(), at=AT, after=first.next_after, size=4)
    assert [one.id for one in (*first.rows, *rest.rows)] == made
    assert rest.next_after is None


@pytest.mark.parametrize(
    ("state", "change", "error"),
    [
        (ObjectionState.RECEIVED, "state = 'sustained'", ProgrammingError),
        (ObjectionState.RECEIVED, "is_anonymous = false", ProgrammingError),
        (ObjectionState.IN_CHECK, "state = 'sustained', checked_at = now()", IntegrityError),
        (ObjectionState.SUSTAINED, "state = 'answered', answered_at = now()", IntegrityError),
        (ObjectionState.CLOSED, "state = 'received'", ProgrammingError),
    ],
)
def test_the_database_keeps_its_course_in_raw_sql(
    object_to: Object, state: ObjectionState, change: str, error: type[Exception]
) -> None:
    objection_id = object_to(state=state)
    with pytest.raises(error), acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(f"UPDATE disclosure_objection SET {change} WHERE id = {objection_id}")
