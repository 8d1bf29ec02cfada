"""Pieces of names by which persons are found: pairs of characters, first character, whole name, pinyin initials.

Pinyin initials begin with `~` (`~zsf` for 张三丰). A surname that is read otherwise than the character usually is gives
one row per reading, so that both the careful and the careless searcher find it.
"""

from functools import lru_cache
from itertools import pairwise, product

from pypinyin import Style, lazy_pinyin, pinyin

from jiuzhu.core.names import MIDDLE_DOT, is_han

INITIALS_PREFIX = "~"
_LONGEST = 64

# How a character is read when it is a surname (《现代汉语词典》, 7th edition, entries marked 姓).
SURNAME_INITIALS: dict[str, str] = {
    "单": "s", "仇": "q", "解": "x", "曾": "z", "区": "o", "查": "z", "盖": "g", "朴": "p", "尉": "wy", "任": "r",
    "乐": "yl", "员": "y", "缪": "m", "召": "s", "翟": "z", "冼": "x", "洗": "x", "繁": "p", "种": "c", "重": "c",
    "黑": "h", "覃": "qt", "谌": "cs", "折": "s", "牟": "m", "隗": "kw", "宓": "mf", "句": "g", "秘": "b", "沈": "s",
    "车": "c", "石": "s", "叶": "y", "么": "y", "幺": "y", "纪": "j", "葛": "g", "华": "h", "那": "n", "能": "n",
    "宁": "n", "钭": "t", "郇": "xh", "逄": "p", "逯": "l", "亓": "q", "仉": "z", "晁": "c", "訾": "z", "贠": "y",
    "妫": "g", "眭": "s", "佴": "n", "撒": "s", "峪": "y", "相": "x", "应": "y", "於": "y", "臧": "z", "祭": "z",
}  # fmt: skip
COMPOUND_INITIALS: dict[str, str] = {
    "尉迟": "yc", "万俟": "mq", "单于": "cy", "长孙": "zs", "澹台": "tt", "夏侯": "xh", "鲜于": "xy", "宰父": "zf",
    "令狐": "lh", "轩辕": "xy",
}  # fmt: skip


def name_grams(name: str) -> frozenset[str]:
    """All pieces of a name in normal form: at most about twice as many as it has characters."""
    plain = name.replace(MIDDLE_DOT, "").casefold()[:_LONGEST]
    pieces = {plain, plain[:1], *("".join(pair) for pair in pairwise(plain))}
    pieces |= {INITIALS_PREFIX + initials for initials in name_initials(name) if initials}
    return frozenset(piece for piece in pieces if piece)


def name_initials(name: str) -> frozenset[str]:
    """The pinyin initials of a name in every reading of its surname, lower case; of Latin parts the first letters."""
    if not any(is_han(char) for char in name):
        return frozenset({"".join(part[0] for part in name.replace(MIDDLE_DOT, " ").split() if part).casefold()})
    compound = COMPOUND_INITIALS.get(name[:2])
    first = {compound} if compound else set()
    rest = "".join(map(_initial, name[1:]))
    found = {"".join(pair) for pair in product(_surname_initials(name[0]), [rest])}
    found |= {one + "".join(map(_initial, name[2:])) for one in first}
    return frozenset(found)


def query_grams(text: str) -> tuple[str, ...]:
    """The pieces that a name must hold when someone searches for `text`; empty when nothing can be searched."""
    text = "".join(text.replace(MIDDLE_DOT, "").split()).casefold()[:_LONGEST]
    if not text:
        return ()
    if text.isascii() and text.isalpha() and len(text) <= 6:
        return (INITIALS_PREFIX + text,)
    if len(text) == 1:
        return (text,)
    return tuple(dict.fromkeys("".join(pair) for pair in pairwise(text)))


@lru_cache(maxsize=8192)
def _initial(char: str) -> str:
    if not is_han(char):
        return char.casefold() if char.isalpha() else ""
    found = lazy_pinyin(char, style=Style.FIRST_LETTER, errors="ignore", strict=False)
    return found[0] if found else ""


@lru_cache(maxsize=4096)
def _surname_initials(char: str) -> tuple[str, ...]:
    if char not in SURNAME_INITIALS:
        return (_initial(char),)
    readings = pinyin(char, style=Style.FIRST_LETTER, heteronym=True, errors="ignore", strict=False)
    return tuple(sorted(set(SURNAME_INITIALS[char]) | {one for found in readings for one in found}))
