"""The two cipher suites, on the package `cryptography`. Pure functions on bytes; no key is kept here.

SM4 (GB/T 32907-2016) in GCM with SM3 (GB/T 32905-2016), and AES-256 in GCM (NIST SP 800-38D) with SHA-256 (FIPS 180-4).
Keys of single uses are derived from a master by HKDF (RFC 5869) over the suite's own hash.
"""

import os
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
TAG_BYTES = 16
MAC_KEY_BYTES = 32


class TagRefused(Exception):  # noqa: N818 (the tag is refused, by whom does not matter)
    """The authentication tag does not fit: another key, another context, or changed bytes."""


class Suite(IntEnum):
    """A suite; the number is the first byte of everything sealed with it and is never used again for another one."""

    SM = 1
    INTERNATIONAL = 2

    @classmethod
    def named(cls, name: str) -> Self:
        """The suite of the setting `sm` or `international`.

        Raises:
            ValueError: any other name.
        """
        for suite in cls:
            if suite.label == name:
                return suite
        raise ValueError(f"unknown cipher suite {name!r}: use 'sm' or 'international'")

    @property
    def label(self) -> str:
        """The name of the setting."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class _Parts:
    hash: type[hashes.SM3] | type[hashes.SHA256]
    cipher: type[algorithms.SM4] | type[algorithms.AES]
    cipher_key_bytes: int


_PARTS = {
    Suite.SM: _Parts(hashes.SM3, algorithms.SM4, 16),
    Suite.INTERNATIONAL: _Parts(hashes.SHA256, algorithms.AES, 32),
}


def cipher_key_bytes(suite: Suite) -> int:
    """Length of the suite's cipher key in bytes."""
    return _PARTS[suite].cipher_key_bytes


def derive(suite: Suite, master: bytes, info: bytes, length_bytes: int) -> bytes:
    """A key for one use; different `info` give keys that say nothing of each other."""
    return HKDF(algorithm=_PARTS[suite].hash(), length=length_bytes, salt=None, info=info).derive(master)


def mac(suite: Suite, key: bytes, message: bytes) -> bytes:
    """HMAC of a message, 32 bytes in both suites."""
    code = hmac.HMAC(key, _PARTS[suite].hash())
    code.update(message)
    return code.finalize()


def encrypt(suite: Suite, key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Returns `nonce(12) | tag(16) | ciphertext` with a fresh random nonce."""
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(_PARTS[suite].cipher(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(associated)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    return nonce + encryptor.tag + ciphertext


def decrypt(suite: Suite, key: bytes, sealed: bytes, associated: bytes) -> bytes:
    """The plaintext of what `encrypt` returned.

    Raises:
        TagRefused: any byte of it, the key or the associated data is another one.
    """
    nonce = sealed[:NONCE_BYTES]
    tag = sealed[NONCE_BYTES : NONCE_BYTES + TAG_BYTES]
    if len(tag) != TAG_BYTES:
        raise TagRefused
    decryptor = Cipher(_PARTS[suite].cipher(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(associated)
    try:
        return decryptor.update(sealed[NONCE_BYTES + TAG_BYTES :]) + decryptor.finalize()
    except InvalidTag:
        raise TagRefused from None
