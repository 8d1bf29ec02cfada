"""Sealing, opening and blind indexing on plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.groundwork.crypto import suites
from jiuzhu.groundwork.crypto.keyring import (
    HEADER_BYTES,
    INDEX_BYTES,
    Header,
    Keyring,
    KeyringFault,
    Purpose,
    SealRefused,
    header_of,
)
from jiuzhu.groundwork.crypto.normalise import as_written, compact
from jiuzhu.groundwork.crypto.suites import Suite, TagRefused

ONE = "1:" + "ab" * 32
TWO = "2:" + "cd" * 32
SECRET = "370902199001011234"
CONTEXT = "registry_person.citizen_id"

both_suites = pytest.mark.parametrize("suite", ["sm", "international"])
RINGS = {name: Keyring.parse(f"{ONE},{TWO}", name) for name in ("sm", "international")}


def test_sm4_gcm_agrees_with_the_vector_of_rfc_8998() -> None:
    nonce = bytes.fromhex("00001234567800000000ABCD")
    tag = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")
    ciphertext = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    plain = suites.decrypt(
        Suite.SM,
        bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
        nonce + tag + ciphertext,
        bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"),
    )
    assert plain == bytes.fromhex("".join(two * 8 for two in ("AA", "BB", "CC", "DD", "EE", "FF", "EE", "AA")))


def test_aes_256_gcm_agrees_with_test_case_14_of_the_gcm_specification() -> None:
    sealed = (
        bytes(12)
        + bytes.fromhex("d0d1c8a799996bf0265b98b5d48ab919")
        + bytes.fromhex("cea7403d4d606b6e074ec5d3baf39d18")
    )
    assert suites.decrypt(Suite.INTERNATIONAL, bytes(32), sealed, b"") == bytes(16)


def test_hmac_of_the_international_suite_agrees_with_rfc_4231() -> None:
    assert (
        suites.mac(Suite.INTERNATIONAL, b"\x0b" * 20, b"Hi There").hex().startswith("b0344c61d8db38535ca8afceaf0bf12b")
    )


@both_suites
@given(text=st.text() | st.sampled_from(["𠮷野家", "㙓", "䶮", "\u202e反\u200b向", "", "e\u0301", "\x00"]))
def test_what_is_sealed_opens_to_the_same_text(suite: str, text: str) -> None:
    ring = RINGS[suite]
    sealed = ring.seal(text.encode(), CONTEXT)
    assert ring.open(sealed, CONTEXT).decode() == text
    assert len(sealed) == HEADER_BYTES + suites.NONCE_BYTES + suites.TAG_BYTES + len(text.encode())


@both_suites
def test_every_changed_byte_is_refused(suite: str) -> None:
    ring = RINGS[suite]
    sealed = ring.seal(SECRET.encode(), CONTEXT)
    for place in range(len(sealed)):
        for bit in (0x01, 0x80):
            changed = bytearray(sealed)
            changed[place] ^= bit
            with pytest.raises(SealRefused):
                ring.open(bytes(changed), CONTEXT)


@both_suites
def test_every_shortened_value_is_refused(suite: str) -> None:
    ring = RINGS[suite]
    sealed = ring.seal(SECRET.encode(), CONTEXT)
    for length in range(len(sealed)):
        with pytest.raises(SealRefused):
            ring.open(sealed[:length], CONTEXT)


@both_suites
def test_another_column_row_or_purpose_is_refused(suite: str) -> None:
    ring = RINGS[suite]
    sealed = ring.seal(SECRET.encode(), CONTEXT, row="7")
    assert ring.open(sealed, CONTEXT, row="7").decode() == SECRET
    with pytest.raises(SealRefused):
        ring.open(sealed, "registry_person.phone", row="7")
    with pytest.raises(SealRefused):
        ring.open(sealed, CONTEXT, row="8")
    with pytest.raises(SealRefused):
        ring.open(sealed, CONTEXT)
    with pytest.raises(SealRefused):
        ring.open(sealed, CONTEXT, row="7", purpose=Purpose.FILE)


def test_the_border_between_column_and_row_cannot_be_moved() -> None:
    ring = RINGS["sm"]
    header = Header(Suite.SM, 1)
    key = ring._key(header, "a.b", Purpose.FIELD)
    ring._derived[(Suite.SM, 2, "a.bc", Purpose.FIELD)] = key
    ring._derived[(Suite.SM, 2, "a.b", Purpose.FIELD)] = key
    sealed = ring.seal(b"x", "a.b", row="cd")
    with pytest.raises(SealRefused):
        ring.open(sealed, "a.bc", row="d")


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    ring = Keyring.parse(ONE, "sm")
    assert len({ring.seal(b"x", CONTEXT) for _ in range(100)}) == 100


@both_suites
def test_former_keys_and_the_other_suite_always_open(suite: str) -> None:
    old = Keyring.parse(ONE, suite).seal(SECRET.encode(), CONTEXT)
    other = "international" if suite == "sm" else "sm"
    now = Keyring.parse(f"{TWO},{ONE}", other)
    assert now.open(old, CONTEXT).decode() == SECRET
    assert not now.is_current(old)
    fresh = now.seal(SECRET.encode(), CONTEXT)
    assert now.is_current(fresh)
    assert header_of(fresh) == Header(Suite.named(other), 2)


def test_a_missing_key_is_named_and_nothing_else_is_told() -> None:
    sealed = Keyring.parse(f"{ONE},{TWO}", "sm").seal(SECRET.encode(), CONTEXT)
    with pytest.raises(SealRefused, match="key 2, which is not among the field keys") as refusal:
        Keyring.parse(ONE, "sm").open(sealed, CONTEXT)
    assert SECRET not in str(refusal.value)


def test_a_refusal_carries_no_chained_error_with_values() -> None:
    ring = Keyring.parse(ONE, "sm")
    sealed = bytearray(ring.seal(SECRET.encode(), CONTEXT))
    sealed[-1] ^= 1
    with pytest.raises(SealRefused) as refusal:
        ring.open(bytes(sealed), CONTEXT)
    assert refusal.value.__suppress_context__
    assert SECRET not in str(refusal.value)


@both_suites
def test_a_blind_index_is_stable_short_and_bound_to_its_column_and_key(suite: str) -> None:
    ring = Keyring.parse(ONE, suite)
    index = ring.blind_index(SECRET, CONTEXT)
    assert len(index) == INDEX_BYTES
    assert ring.blind_index(SECRET, CONTEXT) == index
    assert ring.blind_index(SECRET, "registry_person.phone") != index
    assert Keyring.parse(f"{ONE},{TWO}", suite).blind_index(SECRET, CONTEXT) != index


def test_blind_candidates_hold_the_index_of_every_key_and_suite_the_current_one_first() -> None:
    ring = Keyring.parse(f"{ONE},{TWO}", "international")
    candidates = ring.blind_candidates(SECRET, CONTEXT)
    assert candidates[0] == ring.blind_index(SECRET, CONTEXT)
    expected = {
        Keyring.parse(keys, suite).blind_index(SECRET, CONTEXT)
        for keys in (ONE, f"{ONE},{TWO}")
        for suite in ("sm", "international")
    }
    assert set(candidates) == expected
    assert len(candidates) == 4


@pytest.mark.parametrize(
    ("text", "suite", "message"),
    [
        ("", "sm", "no field key"),
        ("1", "sm", "part 1"),
        (f"{ONE},nonsense", "sm", "part 2"),
        ("one:" + "ab" * 32, "sm", "part 1"),
        ("1:xyz", "sm", "hexadecimal"),
        ("1:abcd", "sm", "32 bytes"),
        (f"{ONE},{ONE}", "sm", "twice"),
        (f"{ONE},2:{'ab' * 32}", "sm", "the same"),
        ("0:" + "ab" * 32, "sm", "between 1 and 65535"),
        ("65536:" + "ab" * 32, "sm", "between 1 and 65535"),
        (ONE, "rot13", "unknown cipher suite"),
        (ONE, "SM", "unknown cipher suite"),
        (ONE, "", "unknown cipher suite"),
    ],
)
def test_unusable_settings_are_refused_without_showing_a_key(text: str, suite: str, message: str) -> None:
    with pytest.raises(KeyringFault, match=message) as fault:
        Keyring.parse(text, suite)
    assert "abab" not in str(fault.value)


def test_the_highest_number_is_current_whatever_the_order() -> None:
    assert Keyring.parse(f"{TWO}, {ONE}", "sm").current == Header(Suite.SM, 2)


def test_a_new_key_line_continues_the_numbers_and_is_usable() -> None:
    ring = Keyring.parse(f"{ONE},{TWO}", "sm")
    line = ring.new_key_line()
    assert line.startswith("3:")
    assert Keyring.parse(f"{ONE},{TWO},{line}", "sm").current.key_number == 3
    assert ring.new_key_line() != line
    with pytest.raises(KeyringFault, match="used up"):
        Keyring.parse("65535:" + "ab" * 32, "sm").new_key_line()


def test_the_repr_of_a_keyring_shows_no_key_nor_anything_derived() -> None:
    ring = Keyring.parse(ONE, "sm")
    ring.seal(b"x", CONTEXT)
    assert "ab" * 4 not in repr(ring)
    assert "\\x" not in repr(ring)


def test_an_unknown_first_byte_is_refused() -> None:
    for sealed in (b"", b"\x00\x00\x01", b"\x03\x00\x01" + bytes(40)):
        with pytest.raises(SealRefused):
            Keyring.parse(ONE, "sm").open(sealed, CONTEXT)


def test_a_tag_that_is_too_short_is_refused() -> None:
    with pytest.raises(TagRefused):
        suites.decrypt(Suite.SM, bytes(16), bytes(12 + 15), b"")


@pytest.mark.parametrize(
    ("written", "compacted"),
    [
        ("37090219900101123x", "37090219900101123X"),
        (" 3709 0219 9001 0112 3X ", "37090219900101123X"),
        ("３７０９０２１９９００１０１１２３Ｘ", "37090219900101123X"),
        ("138-0538–1234", "13805381234"),
        ("\u200b138\u202e0538\u00a01234\ufeff", "13805381234"),
        ("\u3000", ""),
        ("𠮷", "𠮷"),
    ],
)
def test_ways_of_typing_a_number_come_to_one_form(written: str, compacted: str) -> None:
    assert compact(written) == compacted


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert compact(compact(text)) == compact(text)
    assert as_written(as_written(text)) == as_written(text)
