"""Donations: pledged, received, used as the donor wants, told back without showing anyone (S05)."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.referral.conftest import AT, DAIYUE, TAISHAN, Give, Refer, in_role, officer

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.referral import actions, queries, rules
from jiuzhu.rooms.referral.permissions import Permission
from jiuzhu.rooms.referral.states import DONATIONS, DonationState, Need, ReferralState

Verb = Callable[[Actor, int], object]
VERBS: dict[str, Verb] = {
    "receive": lambda actor, one: actions.receive_donation(actor=actor, at=AT, donation_id=one, receipt_number="A1"),
    "lapse": lambda actor, one: actions.lapse_donation(actor=actor, at=AT, donation_id=one, reason="未到账"),
    "use": lambda actor, one: actions.use_donation(actor=actor, at=AT, donation_id=one, use="资助学费"),
    "report": lambda actor, one: actions.report_donation(actor=actor, at=AT, donation_id=one, report="帮助了一名学生"),
    "give_back": lambda actor, one: actions.give_back_donation(actor=actor, at=AT, donation_id=one, reason="要求退还"),
}
_FROM = {
    "receive": DonationState.PLEDGED,
    "lapse": DonationState.PLEDGED,
    "use": DonationState.RECEIVED,
    "report": DonationState.USED,
    "give_back": DonationState.RECEIVED,
}


def view(donation_id: int) -> queries.DonationView:
    return queries.donation(actor=officer(), at=AT, donation_id=donation_id)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", DonationState)
def test_a_verb_leads_out_of_a_state_as_the_table_says_and_nowhere_else(
    give: Give, state: DonationState, verb: str
) -> None:
    donation_id = give(state=state)
    step = next((one for one in DONATIONS.out_of(state) if one.verb == verb), None)
    if step is None:
        with pytest.raises(TransitionRefused):
            VERBS[verb](officer(), donation_id)
        assert view(donation_id).state is state
        return
    VERBS[verb](officer(), donation_id)
    assert view(donation_id).state is step.to_state


@pytest.mark.parametrize("verb", [*VERBS, "pledge"])
def test_donations_are_the_county_s(give: Give, verb: str) -> None:
    donation_id = give(state=_FROM.get(verb, DonationState.PLEDGED))
    act = VERBS.get(verb) or (
        lambda actor, _: actions.pledge_donation(actor=actor, at=AT, division=TAISHAN, intent="助学", goods="书包")
    )
    allowed = set()
    for role in packaged_roles().roles:
        with acting(system_actor("test")):
            try:
                with transaction.atomic():
                    act(in_role(role), donation_id)
                    transaction.set_rollback(True)
                allowed.add(role)
            except PermissionRefused:
                pass
    assert allowed == {"county_officer"}


def test_a_restricted_donation_goes_to_its_need_and_no_other(give: Give, refer: Refer) -> None:
    school, care = refer(state=ReferralState.SENT), refer(state=ReferralState.SENT, need=Need.CARE)
    donation_id = give(state=DonationState.RECEIVED, need=Need.EDUCATION)
    for wrong in (None, care):
        with pytest.raises(RuleRefused) as refusal:
            actions.use_donation(actor=officer(), at=AT, donation_id=donation_id, use="x", referral_id=wrong)
        assert refusal.value.code == "referral.donation.intent"
    actions.use_donation(actor=officer(), at=AT, donation_id=donation_id, use="资助学费", referral_id=school)
    assert (view(donation_id).referral_id, view(donation_id).state) == (school, DonationState.USED)


def test_a_donation_is_not_used_for_what_does_not_exist_here(give: Give) -> None:
    with pytest.raises(OutOfScope):
        actions.use_donation(
            actor=officer(), at=AT, donation_id=give(state=DonationState.RECEIVED), use="x", referral_id=99_999
        )


@given(st.text(alphabet="王秀兰帮助了一名学生0123456789", max_size=30))
def test_a_report_names_nobody_and_holds_no_number(text: str) -> None:
    refusal = rules.nobody_is_recognisable(text, ["王秀兰"])
    digits = "".join(char if char.isdigit() else " " for char in text).split()
    assert (refusal is not None) == ("王秀兰" in text or any(len(one) >= 7 for one in digits))


def test_a_report_that_shows_somebody_is_refused(give: Give) -> None:
    donation_id = give(state=DonationState.USED)
    with pytest.raises(RuleRefused) as refusal:
        actions.report_donation(
            actor=officer(), at=AT, donation_id=donation_id, report="资助了李晓雨同学", names=["李晓雨"]
        )
    assert refusal.value.code == "referral.donation.recognisable"


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"intent": ""}, InvalidValue),
        ({"amount_fen": None}, RuleRefused),
        ({"amount_fen": 0}, RuleRefused),
        ({"amount_fen": -5}, RuleRefused),
        ({"goods": "书包"}, RuleRefused),
    ],
)
def test_bad_input_is_named_and_nothing_is_kept(db: None, other: dict[str, object], error: type[Exception]) -> None:
    given_ = {"intent": "助学", "amount_fen": 100} | other
    with pytest.raises(error):
        actions.pledge_donation(actor=officer(), at=AT, division=TAISHAN, **given_)  # type: ignore[arg-type]
    assert queries.donations(actor=officer(), at=AT).rows == ()


def test_a_donor_may_stay_unknown(db: None) -> None:
    made = actions.pledge_donation(actor=officer(), at=AT, division=TAISHAN, intent="助学", amount_fen=100)
    assert (view(made).donor_name, view(made).donor_contact) == ("", "")


def test_nobody_acts_in_or_sees_another_place(give: Give) -> None:
    donation_id = give()
    other = officer(division=DAIYUE)
    for verb in VERBS.values():
        with pytest.raises(OutOfScope):
            verb(other, donation_id)
    assert queries.donations(actor=other, at=AT).rows == ()
    with pytest.raises(OutOfScope):
        queries.donation(actor=other, at=AT, donation_id=donation_id)
    blind = officer(without=frozenset({Permission.DONATION_VIEW.value}))
    with pytest.raises(PermissionRefused):
        queries.donations(actor=blind, at=AT)


def test_pages_hold_each_once_in_as_many_statements(give: Give) -> None:
    made = [give() for _ in range(2)]
    counts = []
    for more in (0, 4):
        made += [give() for _ in range(more)]
        with CaptureQueriesContext(connection) as asked:
            page = queries.donations(actor=officer(), at=AT, size=10)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert [one.id for one in page.rows] == made[::-1]
    first = queries.donations(actor=officer(), at=AT, size=4)
    rest = queries.donations(actor=officer(), at=AT, size=4, after=first.next_after)
    assert [one.id for one in (*first.rows, *rest.rows)] == made[::-1]


@pytest.mark.parametrize(
    ("state", "change", "error"),
    [
        (DonationState.PLEDGED, "state = 'used'", ProgrammingError),
        (DonationState.PLEDGED, "state = 'received'", IntegrityError),
        (DonationState.PLEDGED, "amount_fen = 1", ProgrammingError),
        (DonationState.RECEIVED, "state = 'used'", IntegrityError),
        (DonationState.REPORTED, "report = 'x'", ProgrammingError),
    ],
)
def test_the_database_keeps_its_course_in_raw_sql(
    give: Give, state: DonationState, change: str, error: type[Exception]
) -> None:
    donation_id = give(state=state)
    with pytest.raises(error), acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(f"UPDATE referral_donation SET {change} WHERE id = {donation_id}")
