"""Names of places and offices: pinyin initials for search, English forms, names of the offices of the network."""

from pypinyin import Style, lazy_pinyin

from jiuzhu.core.divisions import DivisionLevel

# The endings of village-level names, longest first, and what they are in English.
_VILLAGE_ENDINGS = (
    ("社区居民委员会", "Community"),
    ("社区居委会", "Community"),
    ("居民委员会", "Community"),
    ("居委会", "Community"),
    ("村民委员会", "Village"),
    ("村委会", "Village"),
    ("社区", "Community"),
    ("村", "Village"),
)
_ENDINGS: dict[DivisionLevel, tuple[tuple[str, str], ...]] = {
    DivisionLevel.PROVINCE: (("省", "Province"), ("市", "Municipality")),
    DivisionLevel.CITY: (("市", "City"),),
    DivisionLevel.COUNTY: (
        ("高新区", "High-tech Zone"),
        ("景区", "Scenic Area"),
        ("区", "District"),
        ("县", "County"),
        ("市", "City"),
    ),
    DivisionLevel.TOWNSHIP: (
        ("街道办事处", "Sub-district"),
        ("街道", "Sub-district"),
        ("镇", "Town"),
        ("乡", "Township"),
    ),
    DivisionLevel.VILLAGE: _VILLAGE_ENDINGS,
}
# What stays of a village-level name before the name of an office is put behind it: 东湖社区居委会 gives 东湖社区.
_PLACE_ENDINGS = (("居民委员会", ""), ("居委会", ""), ("村民委员会", "村"), ("村委会", "村"))


def initials(name: str) -> str:
    """The pinyin initials of a name in small letters, one per character; other letters and digits are kept (`dhsq`)."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return "".join(char for char in letters.lower() if char.isalnum())[:100]


def english_place(name: str, level: DivisionLevel) -> str:
    """The English form of a place's name: pinyin and the kind of place (`Daimiao Sub-district`)."""
    for ending, kind in _ENDINGS.get(level, ()):
        if name.endswith(ending) and name != ending:
            return f"{_spelled(name.removesuffix(ending))} {kind}"
    return _spelled(name)


def place_of(name: str) -> str:
    """The place that a committee's name speaks of: 东湖社区居委会 gives 东湖社区, 王庄村委会 gives 王庄村."""
    for ending, kept in _PLACE_ENDINGS:
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            return stem if stem.endswith(kept) and kept else stem + kept
    return name


def _spelled(name: str) -> str:
    syllables = lazy_pinyin(name)
    # GB/T 16159: an apostrophe stands before a later syllable that begins with a vowel (Tai'an)
    joined = "".join(f"'{part}" if place and part[:1] in "aeo" else part for place, part in enumerate(syllables))
    return joined[:1].upper() + joined[1:]
