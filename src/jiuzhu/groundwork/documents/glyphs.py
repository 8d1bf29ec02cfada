"""Which signs the font of documents can show, and what stands for those it cannot.

An archived PDF may hold no sign without a glyph (ISO 19005-2, 6.2.11.8), so one rare character in a name would stop a
whole document. It is named by its code point instead: nobody's name is silently another.
"""

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

import cvttf_NotoSansCJK_Regular

_STAND_IN = "〓"
_KEPT_CONTROLS = frozenset("\n\t")
# controls, formats such as right-to-left overrides, lone surrogates: they show nothing, or something else than is said
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_HEADER = struct.Struct(">4sHHHH")
_TABLE = struct.Struct(">4sIII")
_SUBTABLE = struct.Struct(">HHI")
_GROUPS_HEAD = struct.Struct(">HHIII")
_GROUP = struct.Struct(">III")
_MANY_GROUPS = 12


def font_folder() -> Path:
    """The folder of the font that comes with the program."""
    return Path(cvttf_NotoSansCJK_Regular.__file__).parent


def showable(text: str) -> str:
    """The text as the font can show it: unseen signs fall away, a sign without a glyph becomes `〓(U+2A6A5)`."""
    if text.isascii() and text.isprintable():
        return text
    if any(unicodedata.combining(sign) for sign in text):
        # only then: it would also exchange compatibility ideographs, and with them a name
        text = unicodedata.normalize("NFC", text)
    odd = {sign for sign in set(text) if ord(sign) not in _covered() or unicodedata.category(sign) in _UNSEEN}
    odd -= _KEPT_CONTROLS
    if not odd:
        return text
    return text.translate({ord(sign): _instead(sign) for sign in odd})


def _instead(sign: str) -> str:
    if unicodedata.category(sign) in _UNSEEN or any(ord(sign) in selectors for selectors in _SELECTORS):
        return ""
    return f"{_STAND_IN}(U+{ord(sign):04X})"


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """The code points of the font's table `cmap`, format 12 (ISO/IEC 14496-22, 5.2.1)."""
    (file,) = font_folder().glob("*.otf")
    font = file.read_bytes()
    _kind, tables, *_search = _HEADER.unpack_from(font)
    places = (_TABLE.unpack_from(font, _HEADER.size + number * _TABLE.size) for number in range(tables))
    start = next(offset for name, _sum, offset, _length in places if name == b"cmap")
    _version, subtables = struct.unpack_from(">HH", font, start)
    found: set[int] = set()
    for number in range(subtables):
        _platform, _encoding, offset = _SUBTABLE.unpack_from(font, start + 4 + number * _SUBTABLE.size)
        if struct.unpack_from(">H", font, start + offset) != (_MANY_GROUPS,):
            continue
        *_head, groups = _GROUPS_HEAD.unpack_from(font, start + offset)
        for first, last, _glyph in _GROUP.iter_unpack(
            font[start + offset + _GROUPS_HEAD.size :][: groups * _GROUP.size]
        ):
            found.update(range(first, last + 1))
    return frozenset(found)
