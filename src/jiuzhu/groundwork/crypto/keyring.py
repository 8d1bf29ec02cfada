"""The numbered master keys of an installation: sealing, opening and blind-indexing values with keys derived from them.

What is sealed is stored as bytes:

    suite(1) | key number(2, big endian) | nonce(12) | tag(16) | ciphertext

so that everything once written can be opened for as long as its master is in the ring, whatever suite and key are
current. The first three bytes are authenticated too.

The associated data binds a value to its place. The natural place would be model, field and row, but a row has no id
before it is inserted, and sealing after the insert would write each row (and its history) twice. So the context of a
column is `table.column`: a value copied to another column is refused, one copied to another row of the same column is
not refused here, but is a change like any other and stands in the hash-chained audit trail. Where something stable is
known before writing (a file's hash), pass it as `row`, and the copy is refused here as well.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from jiuzhu.groundwork.crypto import suites
from jiuzhu.groundwork.crypto.suites import Suite, TagRefused

MASTER_BYTES = 32
HEADER_BYTES = 3
INDEX_BYTES = 16
_LARGEST_NUMBER = 0xFFFF


class KeyringFault(ValueError):  # noqa: N818 (a fault of the settings)
    """The field keys of the installation cannot be used; the message never holds a key."""


class SealRefused(Exception):  # noqa: N818 (the seal is refused)
    """Sealed bytes cannot be opened: unknown key, another place, tampered. The message holds neither text nor key."""


class Purpose(StrEnum):
    """What a derived key is for; no key serves two purposes."""

    FIELD = "field"
    BLIND_INDEX = "blind-index"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Header:
    """Under which suite and key something was sealed."""

    suite: Suite
    key_number: int

    def __bytes__(self) -> bytes:
        return bytes([self.suite]) + self.key_number.to_bytes(2, "big")


def header_of(sealed: bytes) -> Header:
    """The suite and key number of sealed bytes.

    Raises:
        SealRefused: too short, or the first byte is no suite.
    """
    try:
        suite = Suite(sealed[0])
    except (IndexError, ValueError):
        raise SealRefused("not sealed by this system: the first byte names no cipher suite") from None
    if len(sealed) < HEADER_BYTES:
        raise SealRefused("not sealed by this system: too short")
    return Header(suite, int.from_bytes(sealed[1:HEADER_BYTES], "big"))


@dataclass(frozen=True, slots=True)
class Keyring:
    """Master keys by number; the highest number and `suite` are used for writing, all for reading."""

    masters: Mapping[int, bytes] = field(repr=False)
    suite: Suite
    _derived: dict[tuple[Suite, int, str, Purpose], bytes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.masters:
            raise KeyringFault("there is no field key: make one with `jiuzhu keys new` and set JIUZHU_FIELD_KEYS")
        for number, master in self.masters.items():
            if not 1 <= number <= _LARGEST_NUMBER:
                raise KeyringFault(f"field key {number}: the number must lie between 1 and {_LARGEST_NUMBER}")
            if len(master) != MASTER_BYTES:
                raise KeyringFault(f"field key {number}: {MASTER_BYTES} bytes are needed, given are {len(master)}")
        if len(set(self.masters.values())) != len(self.masters):
            raise KeyringFault("two field keys are the same: each number needs a key of its own")
        object.__setattr__(self, "masters", MappingProxyType(dict(self.masters)))

    @classmethod
    def parse(cls, text: str, suite: str) -> Self:
        """Read `1:hex,2:hex` and the suite's name.

        Raises:
            KeyringFault: a part is not number, colon and 64 hexadecimal digits, a number comes twice, or the suite is
                unknown.
        """
        masters: dict[int, bytes] = {}
        for place, part in enumerate((part.strip() for part in text.split(",") if part.strip()), start=1):
            number, colon, digits = part.partition(":")
            if not colon or not number.strip().isascii() or not number.strip().isdigit():
                raise KeyringFault(f"part {place} of the field keys is not of the form NUMBER:HEX")
            if int(number) in masters:
                raise KeyringFault(f"field key {int(number)} is given twice")
            try:
                masters[int(number)] = bytes.fromhex(digits.strip())
            except ValueError:
                raise KeyringFault(f"field key {int(number)} is not written in hexadecimal digits") from None
        try:
            return cls(masters, Suite.named(suite))
        except KeyringFault:
            raise
        except ValueError as fault:
            raise KeyringFault(str(fault)) from None

    @property
    def current(self) -> Header:
        """The suite and key number used for writing."""
        return Header(self.suite, max(self.masters))

    def new_key_line(self) -> str:
        """A fresh key under the next number, to be appended to the setting after a comma.

        Raises:
            KeyringFault: all 65,535 numbers are used up.
        """
        number = max(self.masters) + 1
        if number > _LARGEST_NUMBER:
            raise KeyringFault(f"the key numbers are used up: {_LARGEST_NUMBER} is the highest")
        return f"{number}:{secrets.token_hex(MASTER_BYTES)}"

    def is_current(self, sealed: bytes) -> bool:
        """Whether sealed bytes were written under the current suite and key."""
        return sealed[:HEADER_BYTES] == bytes(self.current)

    def seal(self, plaintext: bytes, context: str, *, row: str = "", purpose: Purpose = Purpose.FIELD) -> bytes:
        """Encrypt for a place: `context` is `table.column`, `row` something stable of the row where it is known."""
        header = self.current
        key = self._key(header, context, purpose)
        return bytes(header) + suites.encrypt(header.suite, key, plaintext, _associated(header, context, row))

    def open(self, sealed: bytes, context: str, *, row: str = "", purpose: Purpose = Purpose.FIELD) -> bytes:
        """Decrypt what `seal` made for the same place.

        Raises:
            SealRefused: the key is not in the ring, or the bytes or the place are not those that were sealed.
        """
        header = header_of(sealed)
        if header.key_number not in self.masters:
            raise SealRefused(f"{context}: sealed with key {header.key_number}, which is not among the field keys")
        key = self._key(header, context, purpose)
        try:
            return suites.decrypt(header.suite, key, sealed[HEADER_BYTES:], _associated(header, context, row))
        except TagRefused:
            raise SealRefused(
                f"{context}: sealed bytes (key {header.key_number}) were changed or belong to another place"
            ) from None

    def blind_index(self, normalised: str, context: str) -> bytes:
        """The 16-byte index of a normalised value in a column, under the current suite and key."""
        return self._index(self.current, normalised, context)

    def blind_candidates(self, normalised: str, context: str) -> tuple[bytes, ...]:
        """The index under every key and suite, the current one first: rows not yet rotated are found by the others."""
        others = [
            Header(suite, number)
            for number in sorted(self.masters, reverse=True)
            for suite in Suite
            if Header(suite, number) != self.current
        ]
        return tuple(self._index(header, normalised, context) for header in (self.current, *others))

    def _index(self, header: Header, normalised: str, context: str) -> bytes:
        key = self._key(header, context, Purpose.BLIND_INDEX)
        return suites.mac(header.suite, key, normalised.encode())[:INDEX_BYTES]

    def _key(self, header: Header, context: str, purpose: Purpose) -> bytes:
        place = (header.suite, header.key_number, context, purpose)
        if place not in self._derived:
            length = suites.MAC_KEY_BYTES
            if purpose is not Purpose.BLIND_INDEX:
                length = suites.cipher_key_bytes(header.suite)
            info = f"{header.suite.label}|{context}|{purpose}".encode()
            self._derived[place] = suites.derive(header.suite, self.masters[header.key_number], info, length)
        return self._derived[place]


def _associated(header: Header, context: str, row: str) -> bytes:
    place = context.encode()
    return bytes(header) + len(place).to_bytes(2, "big") + place + row.encode()
