"""Identity numbers: every single slip is found, every refusal says which, and no message repeats the number."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jiuzhu.core.identity import (
    CitizenId,
    DisabilityCertificateNumber,
    FutureBirth,
    IdentityCharacters,
    IdentityChecksum,
    IdentityDate,
    IdentityKind,
    IdentityLength,
    InvalidDisabilityCertificate,
    InvalidIdentity,
    Sex,
)

TODAY = date(2026, 11, 23)
PUBLISHED = [
    "11010519491231002X",
    "440524188001010014",
    "370902195006150017",
    "370921198511200129",
    "370983201203010036",
    "370923193801010040",
]

ids = st.builds(
    CitizenId.make,
    st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    st.dates(date(1880, 1, 1), TODAY),
    st.integers(0, 999),
)


@pytest.mark.parametrize("number", PUBLISHED)
def test_known_numbers_are_valid(number: str) -> None:
    assert CitizenId.parse(number, today=TODAY).value == number


@given(ids)
def test_a_made_number_reads_back(identity: CitizenId) -> None:
    again = CitizenId.parse(identity.value, today=TODAY)
    assert again == identity
    made = CitizenId.make(again.address_code, again.birth_date, int(again.value[14:17]))
    assert made == identity
    assert (identity.sex is Sex.MALE) == (identity.value[16] in "13579")


@given(ids, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_one_wrong_character_is_found(identity: CitizenId, place: int, char: str) -> None:
    assume(identity.value[place] != char)
    with pytest.raises(InvalidIdentity):
        CitizenId.parse(identity.value[:place] + char + identity.value[place + 1 :], today=date.max)


@given(ids, st.integers(0, 16))
def test_two_swapped_neighbours_are_found(identity: CitizenId, place: int) -> None:
    value = identity.value
    assume(value[place] != value[place + 1])
    with pytest.raises(InvalidIdentity):
        CitizenId.parse(value[:place] + value[place + 1] + value[place] + value[place + 2 :], today=date.max)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", IdentityLength),
        ("3709021950061500", IdentityLength),
        ("3709021950061500171", IdentityLength),
        ("37090219500615O017", IdentityCharacters),
        ("X70902195006150017", IdentityCharacters),
        ("37090219500615001A", IdentityCharacters),
        ("٣70902195006150017", IdentityCharacters),
        ("370902195002300017", IdentityDate),
        ("370902000006150017", IdentityDate),
        ("370902195013150017", IdentityDate),
        ("370902500230001", IdentityDate),
        ("370902195006150018", IdentityChecksum),
    ],
)
def test_each_kind_of_error_is_told_apart(text: str, error: type[InvalidIdentity]) -> None:
    with pytest.raises(error) as caught:
        CitizenId.parse(text, today=TODAY)
    for message in (caught.value.message_zh, caught.value.message_en):
        assert message
        assert not text or text not in message


def test_a_birth_after_today_is_refused_and_today_is_not() -> None:
    newborn = CitizenId.make("370902", TODAY, 12)
    assert CitizenId.parse(newborn.value, today=TODAY) == newborn
    with pytest.raises(FutureBirth):
        CitizenId.parse(newborn.value, today=date(2026, 11, 22))


def test_what_people_type_is_cleaned() -> None:
    for text in (" 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002x\n"):
        assert CitizenId.parse(text, today=TODAY).value == "11010519491231002X"


def test_the_old_form_becomes_18_characters() -> None:
    assert CitizenId.parse("370902500615001", today=TODAY).value == "370902195006150017"


def test_the_constructor_takes_the_normal_form_only() -> None:
    for text in ("11010519491231002x", "370902500615001"):
        with pytest.raises(InvalidIdentity):
            CitizenId(text)


def test_parts_and_mask() -> None:
    identity = CitizenId("370902195006150017")
    assert identity.birth_date == date(1950, 6, 15)
    assert identity.address_code == "370902"
    assert identity.sex is Sex.MALE
    assert CitizenId("370921198511200129").sex is Sex.FEMALE
    assert identity.masked == "370***********0017"
    assert "195006" not in repr(identity)
    assert "195006" not in str(identity)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("370902", IdentityKind.RESIDENT),
        ("810000", IdentityKind.HONG_KONG),
        ("820000", IdentityKind.MACAO),
        ("830000", IdentityKind.TAIWAN),
        ("937840", IdentityKind.FOREIGN),
    ],
)
def test_residence_permits_are_taken(address: str, kind: IdentityKind) -> None:
    made = CitizenId.make(address, date(1980, 2, 29), 7)
    assert CitizenId.parse(made.value, today=TODAY).kind is kind


@pytest.mark.parametrize(("address", "sequence"), [("37090", 1), ("3709021", 1), ("37090X", 1), ("370902", 1000)])
def test_a_number_is_not_made_of_wrong_parts(address: str, sequence: int) -> None:
    with pytest.raises(InvalidIdentity):
        CitizenId.make(address, date(1980, 1, 1), sequence)


def test_disability_certificates_read_back() -> None:
    for tail, reissues in (("43", 0), ("62B1", 1), ("11B12", 12)):
        number = DisabilityCertificateNumber.parse("370902195006150017" + tail.lower(), today=TODAY)
        assert number.value == "370902195006150017" + tail
        assert (number.disability_type, number.grade, number.reissues) == (tail[0], int(tail[1]), reissues)
        assert number.masked == "370***********0017" + tail
        assert "195006" not in repr(number)


@pytest.mark.parametrize("tail", ["", "4", "03", "83", "45", "40", "43C1", "43B", "43BX", "43B123", "4３B１x"])
def test_wrong_disability_certificates_are_refused(tail: str) -> None:
    with pytest.raises(InvalidDisabilityCertificate):
        DisabilityCertificateNumber.parse("370902195006150017" + tail, today=TODAY)


def test_a_disability_certificate_with_a_wrong_identity_number_says_so() -> None:
    with pytest.raises(IdentityChecksum):
        DisabilityCertificateNumber.parse("37090219500615001843", today=TODAY)
