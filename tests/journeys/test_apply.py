"""Applying from the first answer to the acceptance, by the packs in force and what the register knows (S08 S09 S14)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from tests.channels.conftest import identity_number, newcomer, register
from tests.rooms.application.conftest import (
    AT,
    COUNTY,
    DIBAO,
    ELSEWHERE,
    LATER,
    NEXT_VILLAGE,
    OTHER_COUNTY,
    PNG,
    TODAY,
    VILLAGE,
    Family,
    citizen,
    detail,
    officer,
)
from tests.rooms.application.conftest import _var as _var  # noqa: PLC0414 (fixtures are found by name)
from tests.rooms.application.conftest import family as family  # noqa: PLC0414

from jiuzhu.core.actors import Actor, OutOfScope, system_actor
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.groundwork.outbox.subscriptions import INSTALLED, Event
from jiuzhu.journeys import apply as journey
from jiuzhu.journeys.apply import OpenForm
from jiuzhu.rooms.application import actions, queries
from jiuzhu.rooms.application.states import ApplicationState, Channel, MaterialForm, SignedPaper, Signing, Venue
from jiuzhu.rooms.registry import actions as registry
from jiuzhu.rooms.registry.actions import RegisteredHousehold
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.queries import declared_values, household_detail
from jiuzhu.rooms.registry.states import SourceKind

EMERGENCY = queries.Wanted("linshi_jiuzhu")
SUPPORT = "household.support_income_yuan_month"


@pytest.fixture
def registrar() -> Actor:
    """A process that may do everything in the registry."""
    return system_actor("test", permissions=list(Registry))


def begun(family: Family, *wanted: queries.Wanted, actor: Actor | None = None, key: str = "one") -> int:
    """An application begun at the window, or by a citizen."""
    return journey.begin(
        actor=actor or officer(),
        at=AT,
        household_id=family.household_id,
        applicant_id=family.head,
        channel=Channel.WINDOW,
        wanted=wanted or (DIBAO,),
        request_key=key,
    )


def opened(application_id: int, actor: Actor | None = None) -> OpenForm:
    """The form as it stands."""
    return journey.open_form(actor=actor or officer(), at=AT, application_id=application_id)


def answer_all(application_id: int, known: Mapping[str, str] | None = None) -> int:
    """Answer that nothing is known, except some fields; returns the version."""
    said = {**dict.fromkeys(opened(application_id).form.questions, "?"), **(known or {})}
    saved = journey.save(
        actor=officer(),
        at=AT,
        application_id=application_id,
        version=detail(application_id).version,
        fields=said,
    )
    assert saved.problems == ()
    return saved.version


def signed(application_id: int, family: Family) -> None:
    """Everybody signs in the words of today."""
    for person in family.members:
        for paper in SignedPaper:
            journey.sign(
                actor=officer(),
                at=AT,
                application_id=application_id,
                person_id=person,
                paper=paper,
                method=Signing.SCREEN,
                signer_name="王秀兰",
                by_guardian=person == family.child,
                upload=actions.Upload(PNG, "s.png"),
            )


def submitted(application_id: int, *, version: int | None = None, key: str = "k") -> actions.Submitted:
    """Submit it."""
    return journey.submit(
        actor=officer(),
        at=AT,
        application_id=application_id,
        version=detail(application_id).version if version is None else version,
        submission_key=key,
    )


def ready(family: Family, known: Mapping[str, str] | None = None) -> int:
    """An application that has been submitted."""
    made = begun(family)
    answer_all(made, known)
    signed(made, family)
    submitted(made)
    return made


def test_dibao_asks_what_no_department_knows_and_nothing_else(family: Family) -> None:
    form = opened(begun(family)).form
    assert SUPPORT in form.questions
    assert "household.vehicle_exempt" in form.questions
    registers = ("home_count", "wage_income_yuan_month", "bank_deposit_yuan", "vehicle_count")
    assert not any(field.endswith(registers) for field in form.questions)
    assert form.questions[SUPPORT].why[0].zh == "低保"


def test_a_question_that_two_programmes_need_is_asked_once_and_says_for_what(family: Family) -> None:
    form = opened(begun(family, DIBAO, queries.Wanted("dibao_bianyuan"))).form
    assert {one.programme for one in form.wanted} == {"dibao", "dibao_bianyuan"}
    assert set(form.questions[SUPPORT].asked_by) == {"dibao", "dibao_bianyuan"}


def test_what_the_register_knows_is_filled_in_and_written_down_with_its_source(
    family: Family, registrar: Actor
) -> None:
    registry.record_fact(
        actor=registrar,
        at=AT,
        fact=registry.NewFact(
            "support_income_fen_month",
            20_050,
            date(2026, 6, 1),
            SourceKind.VISITED,
            household_id=family.household_id,
            office="岱庙街道",
        ),
    )
    made = begun(family)
    known = opened(made).form.questions[SUPPORT].prefilled
    assert known is not None
    assert (known.value, known.found_on) == ("200.50", date(2026, 6, 1))
    fields = [one for one in opened(made).form.questions if one != SUPPORT]
    journey.save(actor=officer(), at=AT, application_id=made, version=1, fields=dict.fromkeys(fields, "?"))
    signed(made, family)
    submitted(made)
    kept = next(one for one in detail(made).answers if one.fact == "support_income_yuan_month")
    assert (kept.value, kept.origin.value, kept.found_on) == ("200.50", "visited", date(2026, 6, 1))


def test_a_citizen_applies_for_all_who_live_together_and_sees_no_other_adult_s_data(
    family: Family, registrar: Actor
) -> None:
    for person in (family.head, family.son):
        registry.record_fact(
            actor=registrar,
            at=AT,
            fact=registry.NewFact("own_support_fen_month", 10_000, TODAY, SourceKind.DECLARED, person_id=person),
        )
    me = citizen(family.head, household_id=family.household_id, wards=(family.child,))
    wanted = queries.Wanted("dibao_danren", family.head)
    made = begun(family, wanted, actor=me)
    assert [one.person_id for one in detail(made).members] == list(family.members)
    mine = opened(made, me).form.questions
    own, other = (f"person.{one}.own_support_yuan_month" for one in (family.head, family.son))
    assert mine[own].prefilled is not None
    assert other not in mine or mine[other].prefilled is None
    stranger = citizen(999_999, household_id=999_999, account=52)
    with pytest.raises(OutOfScope):
        begun(family, actor=stranger, key="two")
    with pytest.raises(OutOfScope):
        opened(made, stranger)


def test_what_can_be_read_is_saved_and_what_cannot_is_named(family: Family) -> None:
    made = begun(family)
    saved = journey.save(
        actor=officer(),
        at=AT,
        application_id=made,
        version=1,
        fields={SUPPORT: "很多", "household.vehicle_exempt": "yes", "household.home_count": "1"},
    )
    assert (saved.version, {one.field for one in saved.problems}) == (2, {SUPPORT, "household.home_count"})
    assert {(one.fact, one.value) for one in detail(made).answers} == {("vehicle_exempt", "yes")}


def test_a_wrong_programme_begins_nothing(family: Family) -> None:
    for wrong in (queries.Wanted("nonsense"), queries.Wanted("dibao", family.head), queries.Wanted("dibao_danren")):
        with pytest.raises(InvalidValue):
            begun(family, wrong)
    assert queries.applications(actor=officer(), at=AT).rows == ()


def test_an_unfinished_form_says_which_answers_are_missing_and_keeps_what_is_there(family: Family) -> None:
    made = begun(family)
    signed(made, family)
    with pytest.raises(actions.Incomplete) as refusal:
        submitted(made)
    assert refusal.value.code == "application.form.incomplete"
    assert "收入" in refusal.value.message_zh
    answer_all(made)
    first = submitted(made)
    assert submitted(made) == first
    assert detail(made).application.state is ApplicationState.SUBMITTED


def test_a_form_answered_under_other_packs_is_checked_against_those_in_force(family: Family) -> None:
    made = begun(family)
    signed(made, family)
    old = {"pack_digest": "older", "version": 1, "application_id": made}
    actions.save_application(
        actor=officer(),
        at=AT,
        answers={(None, "support_income_yuan_month"): "-5", (None, "asked_no_more"): "yes"},
        **old,  # type: ignore[arg-type]
    )
    with pytest.raises(actions.Incomplete) as refusal:
        submitted(made)
    assert refusal.value.code == "application.form.changed"
    assert [one.field for one in refusal.value.checked.problems] == [SUPPORT]
    answer_all(made, {SUPPORT: "100"})
    submitted(made)
    kept = {one.fact: (one.value, one.pack_digest) for one in detail(made).answers}
    assert kept["asked_no_more"] == ("yes", "older")
    assert kept["support_income_yuan_month"][0] == "100"


def test_what_is_missing_is_told_once_and_completely_and_then_handed_in(family: Family) -> None:
    made = ready(family, {SUPPORT: "100"})
    missing = opened(made).missing
    assert [(one.programme, one.key) for one in missing] == [("dibao", "support_agreement")]
    with pytest.raises(Exception, match="Missing") as refusal:
        journey.accept(actor=officer(), at=LATER, application_id=made)
    assert getattr(refusal.value, "code", "") == "application.materials"
    journey.tell_what_is_missing(actor=officer(), at=LATER, application_id=made)
    assert opened(made).detail.notice is not None
    journey.hand_in(
        actor=officer(),
        at=LATER,
        application_id=made,
        programme="dibao",
        key="support_agreement",
        person_id=None,
        form=MaterialForm.PHOTO,
        upload=actions.Upload(PNG, "协议.png"),
    )
    with pytest.raises(NotFound):
        journey.hand_in(
            actor=officer(),
            at=LATER,
            application_id=made,
            programme="dibao",
            key="bank_statement",
            person_id=None,
            form=MaterialForm.PHOTO,
        )
    actions.complete_application(actor=officer(), at=LATER, application_id=made)
    journey.accept(actor=officer(), at=LATER, application_id=made)
    assert detail(made).application.state is ApplicationState.ACCEPTED


def test_what_the_register_had_before_is_not_entered_again(family: Family, registrar: Actor) -> None:
    fact = registry.NewFact(
        "support_income_fen_month", 0, date(2026, 6, 1), SourceKind.DECLARED, household_id=family.household_id
    )
    registry.record_fact(actor=registrar, at=AT, fact=fact)
    made = begun(family)
    fields = dict.fromkeys(set(opened(made).form.questions) - {SUPPORT}, "?")
    journey.save(actor=officer(), at=AT, application_id=made, version=1, fields=fields)
    signed(made, family)
    submitted(made)
    assert journey.accept(actor=officer(), at=LATER, application_id=made) == 0
    found = declared_values(actor=registrar, on=LATER.date(), household_id=family.household_id, person_ids=())
    assert [one.since for one in found.values()] == [date(2026, 6, 1)]


def test_what_was_declared_enters_the_register_on_acceptance_and_what_is_not_known_does_not(
    family: Family, registrar: Actor
) -> None:
    made = ready(family, {SUPPORT: "0", "household.vehicle_exempt": "yes"})
    assert journey.accept(actor=officer(), at=LATER, application_id=made) == 2
    found = declared_values(
        actor=registrar, on=LATER.date(), household_id=family.household_id, person_ids=family.members
    )
    assert {key: one.value for key, one in found.items()} == {
        (None, "support_income_fen_month"): 0,
        (None, "vehicle_exempt"): True,
    }
    seen = household_detail(actor=registrar, at=AT, household_id=family.household_id, purpose="试验")
    assert {one.current.source for one in seen.variables} == {SourceKind.DECLARED}


# where the emergency happened

FLOOD = date(1965, 7, 9)


@pytest.fixture
def stranger(family: Family) -> RegisteredHousehold:
    """Somebody of another county, of whom it is verified what she has."""
    made = register(ELSEWHERE, [registry.NewMember("02", newcomer("张桂英", 302, FLOOD))])
    fact = registry.NewFact(
        "support_income_fen_month", 100, TODAY, SourceKind.VISITED, household_id=made.household_id, office="山口镇"
    )
    registry.record_fact(actor=system_actor("test", permissions=list(Registry)), at=AT, fact=fact)
    return made


def begun_here(number: str, *wanted: queries.Wanted) -> int:
    """Begin at the township where it happened, with a card shown."""
    return journey.begin_where_it_happened(
        actor=officer(),
        at=AT,
        identity_number=number,
        channel=Channel.WINDOW,
        wanted=wanted or (EMERGENCY,),
        request_key="here",
        event_division=VILLAGE,
    )


def test_an_emergency_is_taken_in_where_it_happened_whatever_the_registration(stranger: RegisteredHousehold) -> None:
    made = begun_here(identity_number(302, FLOOD))
    form = opened(made).form
    # it is for help here and now: nothing that her own county knows is shown
    assert all(one.prefilled is None for one in form.questions.values())
    answer_all(made, {"household.emergency_kind": "fire", "household.basic_life_stuck": "yes"})
    for paper in SignedPaper:
        journey.sign(
            actor=officer(),
            at=AT,
            application_id=made,
            person_id=stranger.person_ids[0],
            paper=paper,
            method=Signing.SCREEN,
            signer_name="张桂英",
            upload=actions.Upload(PNG, "s.png"),
        )
    submitted(made)
    found = detail(made)
    assert (found.application.division, found.application.household_id) == (VILLAGE, stranger.household_id)
    assert [(one.venue, one.place) for one in found.requests] == [(Venue.PLACE_OF_EVENT, VILLAGE)]
    assert journey.accept(actor=officer(), at=LATER, application_id=made) == 2
    kept = declared_values(
        actor=officer(OTHER_COUNTY), on=LATER.date(), household_id=stranger.household_id, person_ids=()
    )
    assert {key[1]: one.value for key, one in kept.items()} == {"emergency_kind": "fire", "basic_life_stuck": True}


def test_nothing_but_the_emergency_and_nobody_without_a_card_is_taken_in_away_from_home(
    stranger: RegisteredHousehold,
) -> None:
    with pytest.raises(RuleRefused) as refusal:
        begun_here(identity_number(302, FLOOD), DIBAO)
    assert refusal.value.code == "application.venue.not_here"
    with pytest.raises(NotFound):
        begun_here(identity_number(304, FLOOD))
    for number in ("", identity_number(122, date(1956, 3, 8))):
        with pytest.raises(OutOfScope):
            actions.start_application(
                actor=officer(),
                at=AT,
                household_id=stranger.household_id,
                applicant_id=stranger.person_ids[0],
                channel=Channel.WINDOW,
                wanted=[EMERGENCY],
                pack_digest="d",
                request_key="guessed",
                event_division=VILLAGE,
                identity_number=number,
            )
    with pytest.raises(OutOfScope):
        journey.begin_where_it_happened(
            actor=officer(),
            at=AT,
            identity_number=identity_number(302, FLOOD),
            channel=Channel.WINDOW,
            wanted=[EMERGENCY],
            request_key="here",
            event_division=ELSEWHERE,
        )
    assert queries.applications(actor=officer(), at=AT).rows == ()


@pytest.fixture
def handed_over(family: Family) -> int:
    """An application for temporary assistance that was handed to the township where the emergency happened."""
    made = journey.begin(
        actor=officer(),
        at=AT,
        household_id=family.household_id,
        applicant_id=family.head,
        channel=Channel.WINDOW,
        wanted=[EMERGENCY],
        request_key="one",
        event_division=NEXT_VILLAGE,
    )
    answer_all(made)
    signed(made, family)
    submitted(made)
    actions.transfer_application(
        actor=officer(COUNTY),
        at=AT,
        application_id=made,
        receiver_division=NEXT_VILLAGE,
        receiver_name="财源街道办事处",
    )
    return made


def test_news_of_a_transfer_brings_the_application_to_the_receiver_once(handed_over: int) -> None:
    (subscription,) = [
        one for one in INSTALLED.of("application.application.transfer") if one.subscriber == journey.RECEIVER
    ]
    event = Event(
        id=1,
        name="application.application.transfer",
        key=f"application.application:{handed_over}",
        payload={"application_id": handed_over},
        division=NEXT_VILLAGE,
        account_id=None,
        request_id="",
        at=AT,
        attempt=0,
    )
    for attempt in (0, 1):
        subscription.function(replace(event, attempt=attempt), subscription.actor, LATER)
    there = officer(NEXT_VILLAGE)
    (received,) = queries.applications(actor=there, at=AT).rows
    assert queries.application(actor=there, at=AT, application_id=received.id).transferred_from_id == handed_over
