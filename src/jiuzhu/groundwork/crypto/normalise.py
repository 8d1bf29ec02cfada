"""How a value is brought to one form before it is blind-indexed, so that ways of typing it do not hide a row."""

import unicodedata

_DROPPED = frozenset({"Cc", "Cf", "Pd", "Zs", "Zl", "Zp"})


def compact(text: str) -> str:
    """For numbers of certificates, telephones, accounts: half-width upper case without blanks, dashes, unseen signs."""
    folded = _fold(text)
    while folded != text:
        # dropping a sign can bring two together that compose anew
        text, folded = folded, _fold(folded)
    return folded


def as_written(text: str) -> str:
    """For text whose case and blanks matter: only the composition of characters is unified (NFC)."""
    return unicodedata.normalize("NFC", text)


def _fold(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).upper()
    return unicodedata.normalize("NFKC", "".join(sign for sign in wide if unicodedata.category(sign) not in _DROPPED))
