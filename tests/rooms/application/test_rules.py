"""The room's rules alone: who is in charge, until when, who signs, who applies twice (S08)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.vocabulary import VENUES
from jiuzhu.rooms.application.queries import words_of
from jiuzhu.rooms.application.rules.guards import (
    Signer,
    is_adult,
    receiver_is_competent,
    the_right_person_signs,
    undertaking_and_authorisations_are_signed,
)
from jiuzhu.rooms.application.rules.overlaps import Asked, nobody_applies_twice, overlaps, persons_of
from jiuzhu.rooms.application.rules.places import Places, competent_place
from jiuzhu.rooms.application.rules.terms import legal_dates, whole_limit
from jiuzhu.rooms.application.states import NeedKind, SignedPaper, Venue
from jiuzhu.rooms.catalogue.queries import public_shipped_packs
from jiuzhu.rooms.referral.states import Need

HOME, AWAY, EVENT = DivisionCode("370902001001"), DivisionCode("370902002001"), DivisionCode("370911100201")
NAME = Label("临时救助", "temporary assistance")


@pytest.mark.parametrize(
    ("venues", "places", "venue", "place"),
    [
        (("registration",), Places(HOME, AWAY, EVENT), Venue.REGISTRATION, HOME),
        (("residence", "registration"), Places(HOME, AWAY), Venue.RESIDENCE, AWAY),
        (("residence", "registration"), Places(HOME), Venue.REGISTRATION, HOME),
        (("place_of_event", "registration"), Places(HOME, None, EVENT), Venue.PLACE_OF_EVENT, EVENT),
        (("place_of_event", "registration"), Places(HOME), Venue.REGISTRATION, HOME),
        (("any",), Places(HOME), Venue.ANY, HOME),
        (("registration", "hospital"), Places(HOME), Venue.REGISTRATION, HOME),
    ],
)
def test_the_first_venue_of_the_packs_whose_place_is_known_is_in_charge(
    venues: tuple[str, ...], places: Places, venue: Venue, place: DivisionCode
) -> None:
    found, refused = competent_place(NAME, venues, places)
    assert refused is None
    assert found is not None
    assert (found.venue, found.place) == (venue, place)


@pytest.mark.parametrize(
    ("venues", "code"),
    [
        (("place_of_event",), "application.venue.event"),
        (("place_of_event", "residence"), "application.venue.event"),
        (("school",), "application.venue.elsewhere"),
        (("hospital",), "application.venue.elsewhere"),
        (("station",), "application.venue.elsewhere"),
        (("residence",), "application.venue.elsewhere"),
    ],
)
def test_without_a_place_it_says_where_to_go_or_what_to_tell(venues: tuple[str, ...], code: str) -> None:
    found, refused = competent_place(NAME, venues, Places(HOME))
    assert found is None
    assert refused is not None
    assert (refused.code, NAME.zh in refused.message_zh) == (code, True)


@given(st.lists(st.sampled_from(VENUES), min_size=1, unique=True).map(tuple), st.booleans(), st.booleans())
def test_every_venue_of_the_packs_leads_to_a_place_or_to_advice(
    venues: tuple[str, ...],
    lives: bool,  # noqa: FBT001
    happened: bool,  # noqa: FBT001
) -> None:
    places = Places(HOME, AWAY if lives else None, EVENT if happened else None)
    found, refused = competent_place(NAME, venues, places)
    assert (found is None) != (refused is None)
    if found is not None:
        assert found.venue.value in venues


def test_a_venue_that_no_pack_can_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="moon"):
        competent_place(NAME, ("moon",), Places(HOME))


@pytest.mark.parametrize(
    ("receiver", "code"),
    [
        (AWAY, None),
        (AWAY.parent, None),
        (HOME, "application.transfer.same"),
        (DivisionCode("370902001002"), "application.transfer.same"),
        (EVENT, "application.transfer.competent"),
    ],
)
def test_an_application_goes_to_an_office_in_charge_and_never_back(receiver: DivisionCode, code: str | None) -> None:
    refused = receiver_is_competent(receiver, [AWAY], HOME)
    assert (None if refused is None else refused.code) == code


def test_terms_are_counted_in_working_days_from_the_acceptance() -> None:
    """Vectors of the State Council's calendar for 2026: accepted on Monday 14 September."""
    packs = public_shipped_packs()
    accepted = date(2026, 9, 14)
    version = packs.programmes["dibao"].version(HOME.value, accepted)
    assert version is not None
    assert whole_limit(packs, version, division=HOME.value, on=accepted, accepted_on=accepted) == date(2026, 10, 30)
    dates = {
        one.key: one.day
        for one in legal_dates(
            packs, version, division=HOME.value, on=accepted, events={"application": accepted, "acceptance": accepted}
        )
    }
    assert (dates["verify"], dates["investigate"], dates["whole"]) == (
        date(2026, 9, 17),
        date(2026, 9, 17),
        date(2026, 10, 30),
    )
    # counted from what has not happened yet
    assert dates["decide"] is None


def test_every_programme_says_its_dates_or_none_and_never_invents_one() -> None:
    packs = public_shipped_packs()
    on = date(2026, 9, 14)
    for programme in packs.programmes.values():
        version = programme.version(HOME.value, on)
        if version is None:
            continue
        for one in legal_dates(packs, version, division=HOME.value, on=on, events={}):
            assert one.day is None
            assert (one.limit is None) == (one.unit == "")


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.booleans(), st.booleans())
def test_exactly_one_person_can_sign_for_everyone(birth: date, has_guardian: bool, by_guardian: bool) -> None:  # noqa: FBT001
    on = date(2026, 11, 23)
    signer = Signer(1, "某人", birth, counts_as_member=True, guardian_name="监护人" if has_guardian else "")
    refused = the_right_person_signs(signer, by_guardian=by_guardian, on=on)
    assert (refused is None) == (by_guardian == (has_guardian or not is_adult(birth, on)))


def test_full_age_begins_on_the_eighteenth_birthday() -> None:
    birth = date(2008, 11, 24)
    assert [is_adult(birth, day) for day in (date(2026, 11, 23), date(2026, 11, 24))] == [False, True]


@given(st.sets(st.tuples(st.integers(1, 3), st.sampled_from(list(SignedPaper)))))
def test_an_application_needs_the_promise_of_one_and_the_consent_of_all_who_count(
    signed: set[tuple[int, SignedPaper]],
) -> None:
    birth = date(1970, 1, 1)
    members = [Signer(one, f"成员{one}", birth, counts_as_member=one < 3) for one in (1, 2, 3)]
    needed = {(1, SignedPaper.UNDERTAKING), (1, SignedPaper.AUTHORISATION), (2, SignedPaper.AUTHORISATION)}
    assert (undertaking_and_authorisations_are_signed(members, 1, signed) is None) == (needed <= signed)


ASKED = st.builds(Asked, st.integers(2, 4), st.integers(1, 3), st.sampled_from(["dibao", "tekun"]), st.integers(1, 4))


@given(st.lists(ASKED), st.sets(st.integers(1, 4), min_size=1))
def test_a_person_is_refused_for_the_same_programme_alone_and_told_of_every_other(
    others: list[Asked], persons: set[int]
) -> None:
    own = [Asked(1, 1, "dibao", one) for one in persons]
    found = overlaps(own, others)
    assert {(one.application_id, one.programme, one.person_id) for one in found} == {
        (one.application_id, one.programme, one.person_id) for one in others if one.person_id in persons
    }
    same = any(one.programme == "dibao" and one.person_id in persons for one in others)
    assert (nobody_applies_twice(found) is not None) == same


def test_a_programme_of_one_person_counts_for_that_person_alone() -> None:
    members = [(1, True), (2, True), (3, False)]
    assert persons_of(None, members) == {1, 2}
    assert persons_of(2, members) == {2}


def test_what_is_signed_names_the_signer_and_what_it_is_for() -> None:
    for paper in SignedPaper:
        words = words_of(paper, signer="王秀兰", programmes=["最低生活保障", "临时救助"])
        assert "王秀兰" in words.text
        assert "最低生活保障、临时救助" in words.text
        assert words.version


def test_needs_are_those_that_referrals_hand_on() -> None:
    assert {one.value for one in NeedKind} == {one.value for one in Need}
