"""Numbers are valid by their standards, and never repeat between chunks."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.bank_card import BankAccountNumber
from jiuzhu.core.credit_code import UnifiedCreditCode
from jiuzhu.core.identity import CitizenId, DisabilityCertificateNumber
from jiuzhu.core.phone import PhoneNumber
from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.identifiers import card_numbers, citizen_ids, credit_codes, has_id_check, sequence_numbers
from jiuzhu.demo.city.registers.complete import Registers

TODAY = date(2026, 9, 1)


def test_published_examples_of_the_citizen_id_come_out() -> None:
    ids = citizen_ids(
        np.array([110105, 440524]), np.array(["1949-12-31", "1880-01-01"], dtype="datetime64[D]"), np.array([2, 1])
    )
    assert ids.tolist() == ["11010519491231002X", "440524188001010014"]


@given(
    area=st.sampled_from([370902, 370983]),
    born=st.dates(date(1900, 1, 1), date(2026, 12, 31)),
    sequence=st.integers(0, 999),
)
def test_ids_agree_with_the_core(area: int, born: date, sequence: int) -> None:
    (made,) = citizen_ids(np.array([area]), np.array([born], dtype="datetime64[D]"), np.array([sequence])).tolist()
    assert made == CitizenId.make(str(area), born, sequence).value


def test_a_wrong_check_character_is_seen() -> None:
    assert has_id_check(np.array(["11010519491231002X", "110105194912310021"])).tolist() == [True, False]


def test_every_place_of_a_cell_gives_another_sequence_in_every_chunk() -> None:
    ranks = np.arange(p.NUMBERS_PER_LANE)
    area, born = np.full(len(ranks), 370902), np.full(len(ranks), np.datetime64("1960-02-29", "D"))
    for sex, parity in ((1, 1), (2, 0)):
        given_out = np.concatenate(
            [sequence_numbers(lane, ranks, area, born, np.full(len(ranks), sex)) for lane in range(p.CHUNK_LANES)]
        )
        assert len(set(given_out.tolist())) == p.CHUNK_LANES * p.NUMBERS_PER_LANE
        assert set((given_out % 2).tolist()) == {parity}
        assert given_out.min() >= 1
        assert given_out.max() <= 999


def test_a_cell_or_a_city_that_is_full_is_refused() -> None:
    one = np.array([0])
    born = np.array(["1960-01-01"], dtype="datetime64[D]")
    with pytest.raises(ValueError, match="one cell"):
        sequence_numbers(0, np.array([p.NUMBERS_PER_LANE]), one, born, one)
    with pytest.raises(ValueError, match="repeat citizen ids"):
        sequence_numbers(p.CHUNK_LANES, one, one, born, one)


@given(number=st.integers(0, 40_999_999), series=st.integers(0, 999))
def test_cards_pass_the_luhn_check(number: int, series: int) -> None:
    (card,) = card_numbers(np.array([number]), series).tolist()
    assert len(card) == p.CARD_DIGITS
    assert BankAccountNumber(card).luhn_ok


@given(kind=st.sampled_from(["91", "92"]), number=st.integers(0, 9_999_999))
def test_credit_codes_are_valid_for_the_core(kind: str, number: int) -> None:
    (code,) = credit_codes(kind, np.array([370911]), np.array([number])).tolist()
    assert UnifiedCreditCode(code).division == "370911"
    assert code.startswith(kind)


def test_numbers_of_people_pass_the_core_and_tell_their_birth_and_sex(town: CityChunk) -> None:
    people = town.people
    assert has_id_check(people.citizen_id).all()
    for row in range(0, len(people), 53):
        identity = CitizenId.parse(people.citizen_id[row], today=TODAY)
        assert identity.birth_date == people.born[row].item()
        assert identity.sex == str(people.sex[row])
        if people.phone[row]:
            assert PhoneNumber.parse(people.phone[row]).value.startswith(p.PHONE_PREFIX)


def test_numbers_in_registers_pass_the_core_and_never_repeat(town: CityChunk, registers: Registers) -> None:
    for number in registers.certificates.certificate_number[:200].tolist():
        DisabilityCertificateNumber.parse(number, today=TODAY)
    for code in registers.businesses.credit_code[:200].tolist():
        UnifiedCreditCode(code)
    for column in (
        registers.certificates.certificate_number,
        registers.businesses.credit_code,
        registers.vehicles.plate,
        registers.accounts.account_number,
        registers.deeds.deed_number,
    ):
        assert len(np.unique(column)) == len(column)
    assert all(plate.startswith("鲁JI") and len(plate) == 8 for plate in registers.vehicles.plate.tolist())
