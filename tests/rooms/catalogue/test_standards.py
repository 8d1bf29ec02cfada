"""Standards of assistance: proposed, consulted on, held against the floor, approved, published, replaced (S04)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.rooms.catalogue.conftest import (
    AT,
    CITY,
    DAIMIAO,
    DAIYUE,
    DRAFTER,
    PUBLISHER,
    TAISHAN,
    TODAY,
    URBAN,
    Propose,
    announce,
    in_role,
    officer,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.core.periods import InvalidPeriod, Period
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.engine.kinds import Unit
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.catalogue import actions, queries
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.states import STANDARDS, StandardState
from jiuzhu.rooms.organization.rules.roles import packaged_roles

TEKUN = "tekun_basic_urban_yuan_month"
LATER = date(2026, 12, 1)
ON_THE_DAY = datetime(2026, 12, 1, tzinfo=UTC)
Verb = Callable[[Actor, int], object]
VERBS: dict[str, Verb] = {
    "consult": lambda actor, one: actions.consult_standard(
        actor=actor, at=AT, standard_id=one, whom="市财政局、市统计局", result="无异议"
    ),
    "approve": lambda actor, one: actions.approve_standard(actor=actor, at=AT, standard_id=one),
    "drop": lambda actor, one: actions.drop_standard(actor=actor, at=AT, standard_id=one, reason="财力不足"),
    "publish": lambda actor, one: actions.publish_standard(
        actor=actor, at=AT, standard_id=one, document_title="通知", document_number="泰民〔2026〕3号"
    ),
    "replace": lambda actor, one: actions.replace_standard(actor=actor, at=ON_THE_DAY, standard_id=one),
}
# by hand: the file of roles must say the same
ROLES_OF = {
    "propose": {"county_officer", "city_officer"},
    "consult": {"city_officer"},
    "approve": {"city_leader"},
    "drop": {"city_officer"},
    "publish": {"city_leader"},
    "replace": {"city_leader"},
}


def look(standard_id: int) -> queries.StandardView:
    return queries.standard(actor=officer(), at=AT, standard_id=standard_id)


def offer(actor: Actor, **other: object) -> int:
    values = {"parameter": URBAN, "division": CITY, "value": "1000", "valid_from": TODAY, "reasoning": "测算"}
    return actions.propose_standard(actor=actor, at=AT, **{**values, **other})  # type: ignore[arg-type]


def held(on: date, division: DivisionCode = CITY, actor: Actor | None = None) -> list[int]:
    return [one.id for one in queries.standards_in_force(actor=actor or officer(), on=on, division=division)]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", StandardState)
def test_a_verb_leads_out_of_a_state_as_the_table_says_and_nowhere_else(
    propose: Propose, state: StandardState, verb: str
) -> None:
    one = propose(state=state)
    step = next((found for found in STANDARDS.out_of(state) if found.verb == verb), None)
    if step is None:
        with pytest.raises(TransitionRefused):
            VERBS[verb](officer(PUBLISHER), one)
        assert look(one).state is state
        return
    if verb == "replace":
        announce(propose("1100", state=StandardState.APPROVED, valid_from=LATER))
    VERBS[verb](officer(PUBLISHER), one)
    assert look(one).state is step.to_state


@pytest.mark.parametrize("verb", ROLES_OF)
def test_a_verb_is_for_the_roles_that_hold_it_and_no_other(propose: Propose, verb: str) -> None:
    states = {"approve": StandardState.CONSULTED, "publish": StandardState.APPROVED, "replace": StandardState.PUBLISHED}
    one = propose(state=states.get(verb, StandardState.PROPOSED))
    if verb == "replace":
        announce(propose("1100", state=StandardState.APPROVED, valid_from=LATER))
    act = VERBS.get(verb) or (lambda actor, _: offer(actor))
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


def test_a_step_is_logged_and_told(propose: Propose) -> None:
    one = propose(state=StandardState.PUBLISHED)
    with acting(system_actor("test")):
        steps = [(step.verb, step.account_id) for step in timeline("catalogue.standard", one, actor=officer())]
        told = list(OutboxEvent.objects.filter(key=f"catalogue.standard:{one}").values_list("name", "payload"))
    assert steps == [("propose", DRAFTER), ("consult", DRAFTER), ("approve", PUBLISHER), ("publish", PUBLISHER)]
    assert told == [(f"catalogue.standard.{verb}", {"standard_id": one}) for verb, _ in steps]


def test_a_standard_says_what_it_is_and_who_did_what(propose: Propose) -> None:
    found = look(propose("966.70", state=StandardState.PUBLISHED, valid_to=date(2027, 7, 1)))
    assert (found.value, found.places, found.unit) == (96670, 2, Unit.YUAN_MONTH)
    assert found.period == Period(TODAY, date(2027, 7, 1))
    assert (found.consulted_whom, found.consulted_result) == ("市财政局", "无异议")
    assert (found.proposed_by_name, found.approved_by_name, found.published_by_name) == ("经办11", "经办12", "经办12")
    assert (found.document_title, found.document_number) == ("关于调整城镇低保标准的通知", "泰民〔2026〕2号")
    laid = found.as_published()
    assert (laid.parameter, laid.prefix, laid.value, laid.period) == (URBAN, "3709", 96670, found.period)
    assert laid.basis[0].full_zh == "《关于调整城镇低保标准的通知》（泰民〔2026〕2号）"
    with pytest.raises(ValueError, match="not been published"):
        look(propose()).as_published()


# proposals


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"parameter": "no_such_parameter"}, "catalogue.standard.parameter"),
        ({"parameter": "dibao_by_bands"}, "catalogue.standard.parameter"),
        ({"value": "一千"}, "catalogue.standard.value"),
        ({"value": "1000.001"}, "catalogue.standard.value"),
        ({"value": "-1"}, "catalogue.standard.range"),
        ({"value": "5000.01"}, "catalogue.standard.range"),
        ({"reasoning": " "}, "catalogue.empty"),
        ({"reasoning": "测" * 2001}, "catalogue.too_long"),
        ({"valid_to": TODAY}, "period.order"),
    ],
)
def test_what_is_no_standard_is_refused(places: None, wrong: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        offer(officer(), **wrong)
    assert refusal.value.code == code


def test_cities_and_counties_set_standards_for_themselves(places: None) -> None:
    assert look(offer(officer(1, TAISHAN), division=TAISHAN)).division == TAISHAN
    with pytest.raises(OutOfScope):
        offer(officer(1, TAISHAN))
    with pytest.raises(OutOfScope):
        offer(officer(1, TAISHAN), division=DAIYUE)
    with pytest.raises(RuleRefused):
        offer(officer(), division=DAIMIAO)
    with pytest.raises(NotFound):
        offer(officer(), division=DivisionCode("370999000000"))


@pytest.mark.parametrize("texts", [("", "无异议"), ("市财政局", " "), ("市" * 401, "无异议")])
def test_a_consultation_says_whom_and_with_what_result(propose: Propose, texts: tuple[str, str]) -> None:
    with pytest.raises(InvalidValue):
        actions.consult_standard(actor=officer(), at=AT, standard_id=propose(), whom=texts[0], result=texts[1])


# approval


@pytest.mark.parametrize("account", [DRAFTER, None])
def test_who_proposed_it_does_not_approve_it_and_no_process_does(propose: Propose, account: int | None) -> None:
    one = propose(state=StandardState.CONSULTED)
    with pytest.raises(RuleRefused) as refusal:
        VERBS["approve"](officer(account), one)
    assert refusal.value.code == f"catalogue.decider.{'same' if account else 'process'}"
    assert look(one).state is StandardState.CONSULTED


def test_a_standard_below_the_floor_of_the_packs_is_not_approved(propose: Propose) -> None:
    announce(propose("1000", state=StandardState.APPROVED))
    below = propose("1299.99", parameter=TEKUN, state=StandardState.CONSULTED)
    with pytest.raises(RuleRefused) as refusal:
        VERBS["approve"](officer(PUBLISHER), below)
    assert (refusal.value.code, refusal.value.field) == ("catalogue.standard.floor", "value")
    assert "1,300.00" in refusal.value.message_zh
    (floor,) = actions.approve_standard(
        actor=officer(PUBLISHER),
        at=AT,
        standard_id=(exactly := propose("1300", parameter=TEKUN, state=StandardState.CONSULTED)),
    )
    assert floor.is_met
    assert look(exactly).floors == (floor,)


def test_without_a_floor_in_the_packs_nothing_is_checked_and_the_record_says_so(propose: Propose) -> None:
    one = propose("0.01", state=StandardState.CONSULTED)
    assert look(one).floors is None
    assert actions.approve_standard(actor=officer(PUBLISHER), at=AT, standard_id=one) == ()
    assert look(one).floors == ()


def test_a_floor_that_is_not_known_is_shown_and_not_guessed(propose: Propose) -> None:
    one = propose("1", parameter=TEKUN, state=StandardState.CONSULTED, valid_from=date(2023, 1, 1))
    (floor,) = actions.approve_standard(actor=officer(PUBLISHER), at=AT, standard_id=one)
    assert (floor.least, floor.is_met) == (None, None)


# publication


@pytest.mark.parametrize(("title", "number"), [("通知", " "), (" ", "泰民〔2026〕3号")])
def test_nothing_is_published_without_a_document(propose: Propose, title: str, number: str) -> None:
    with pytest.raises((InvalidValue, RuleRefused)):
        actions.publish_standard(
            actor=officer(PUBLISHER),
            at=AT,
            standard_id=propose(state=StandardState.APPROVED),
            document_title=title,
            document_number=number,
        )


def test_a_later_standard_ends_the_earlier_and_is_its_successor_from_its_first_day(propose: Propose) -> None:
    first = propose(state=StandardState.PUBLISHED)
    second = propose("1100", state=StandardState.APPROVED)
    announce(second, LATER)
    assert [held(on) for on in (TODAY - timedelta(days=1), TODAY, LATER - timedelta(days=1), LATER)] == [
        [],
        [first],
        [first],
        [second],
    ]
    assert (look(first).period, look(first).replaced_by_id) == (Period(TODAY, LATER), second)
    with pytest.raises(RuleRefused) as refusal:
        actions.replace_standard(actor=officer(), at=ON_THE_DAY - timedelta(days=1), standard_id=first)
    assert refusal.value.code == "catalogue.standard.still_in_force"
    VERBS["replace"](officer(), first)
    assert (look(first).state, held(TODAY)) == (StandardState.REPLACED, [first])
    with pytest.raises(RuleRefused) as refusal:
        VERBS["replace"](officer(), second)
    assert refusal.value.code == "catalogue.standard.no_later"


def test_two_standards_never_meet_in_place_and_time(propose: Propose) -> None:
    announce(propose(state=StandardState.APPROVED, valid_from=LATER))
    for valid_from, valid_to, code in (
        (TODAY, None, "overlap"),
        (LATER, None, "overlap"),
        (LATER + timedelta(days=9), date(2027, 1, 1), "gap"),
    ):
        one = propose("1100", state=StandardState.APPROVED, valid_from=valid_from, valid_to=valid_to)
        with pytest.raises(RuleRefused) as refusal:
            announce(one)
        assert refusal.value.code == f"catalogue.standard.{code}"
    with pytest.raises(InvalidPeriod):
        announce(propose(state=StandardState.APPROVED, valid_to=LATER), LATER)
    announce(propose("900", state=StandardState.APPROVED, valid_to=LATER))
    announce(propose("900", state=StandardState.APPROVED, division=TAISHAN))
    announce(propose("700", parameter="dibao_standard_rural_yuan_month", state=StandardState.APPROVED))


# reading


def test_what_is_published_everyone_sees_and_proposals_only_their_own_area(propose: Propose) -> None:
    city, county = propose(state=StandardState.PUBLISHED), propose(division=TAISHAN, state=StandardState.PUBLISHED)
    mine = propose(division=TAISHAN)
    propose()
    propose(division=DAIYUE)
    actor = officer(1, TAISHAN)
    assert [one.id for one in queries.standards(actor=actor, at=AT).rows] == [mine, county, city]
    assert [one.id for one in queries.standards(actor=actor, at=AT, division=TAISHAN).rows] == [mine, county]
    proposed = queries.standards(actor=officer(), at=AT, state=StandardState.PROPOSED).rows
    assert {one.division for one in proposed} == {CITY, TAISHAN, DAIYUE}
    assert queries.standards(actor=officer(), at=AT, parameter=TEKUN).rows == ()
    assert held(TODAY, TAISHAN, actor) == held(TODAY, CITY) == [city, county]
    assert held(TODAY, DAIYUE, actor) == held(TODAY, DAIMIAO, officer(1, DAIYUE))[:1] == [city]
    for verb in ("replace", "publish"):
        with pytest.raises(OutOfScope):
            VERBS[verb](actor, city)


def test_published_standards_are_those_of_all_days(propose: Propose) -> None:
    first = propose(state=StandardState.REPLACED)
    found = queries.published_standards(actor=officer(), division=TAISHAN)
    assert [(one.id, one.state) for one in found] == [
        (first, StandardState.REPLACED),
        (look(first).replaced_by_id, StandardState.PUBLISHED),
    ]


def test_each_read_needs_its_permission_and_its_scope(propose: Propose) -> None:
    one = propose()
    blind = officer(without=frozenset({Permission.STANDARD_VIEW}))
    with pytest.raises(OutOfScope):
        queries.standard(actor=officer(1, TAISHAN), at=AT, standard_id=one)
    with pytest.raises(PermissionRefused):
        queries.standard(actor=blind, at=AT, standard_id=one)
    with pytest.raises(PermissionRefused):
        queries.standards(actor=blind, at=AT)


def test_pages_hold_every_standard_once_in_as_many_statements_for_few_as_for_many(propose: Propose) -> None:
    made = [propose()]
    with CaptureQueriesContext(connection) as few:
        assert len(queries.standards(actor=officer(), at=AT).rows) == 1
    made += [propose() for _ in range(4)]
    with CaptureQueriesContext(connection) as many:
        assert len(queries.standards(actor=officer(), at=AT).rows) == 5
    assert len(few) == len(many)
    seen: list[int] = []
    after = None
    for _ in range(3):
        page = queries.standards(actor=officer(), at=AT, after=after, size=2)
        seen += [one.id for one in page.rows]
        after = page.next_after
    assert (seen, after) == (made[::-1], None)
    for size in (0, 201):
        with pytest.raises(InvalidValue):
            queries.standards(actor=officer(), at=AT, size=size)


def test_a_standard_is_approved_in_as_many_statements_beside_few_as_beside_many(propose: Propose) -> None:
    one, other = (propose("1400", parameter=TEKUN, state=StandardState.CONSULTED) for _ in range(2))
    queries.public_packs(TODAY)
    with CaptureQueriesContext(connection) as few:
        VERBS["approve"](officer(PUBLISHER), one)
    for number in range(4):
        propose(state=StandardState.PUBLISHED, valid_from=date(2021, 1, 1 + number), valid_to=date(2021, 1, 2 + number))
    queries.public_packs(TODAY)
    with CaptureQueriesContext(connection) as many:
        VERBS["approve"](officer(PUBLISHER), other)
    assert len(few) == len(many)
