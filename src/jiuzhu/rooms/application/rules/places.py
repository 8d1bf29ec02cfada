"""Which place is in charge of a programme's case (社会救助法 arts. 37, 38): pure, by the venues that the packs name."""

from dataclasses import dataclass

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import RuleRefused
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.vocabulary import VENUES
from jiuzhu.rooms.application.states import Venue

_HERE = frozenset(one.value for one in Venue)
_ELSEWHERE = {
    "school": ("请向就读学校申请", "Apply at the school."),
    "hospital": ("请向就诊医院申请", "Apply at the hospital."),
    "station": ("请向救助管理机构求助，公安机关可以护送", "Ask the relief station; the police take people there."),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where a household is registered, where it lives when it may apply there, and where an emergency happened."""

    registration: DivisionCode
    residence: DivisionCode | None = None
    event: DivisionCode | None = None


@dataclass(frozen=True, slots=True)
class Competent:
    """The place in charge and the rule by which it is."""

    venue: Venue
    place: DivisionCode


def competent_place(
    programme: Label, venues: tuple[str, ...], places: Places
) -> tuple[Competent | None, RuleRefused | None]:
    """The first venue of the packs whose place is known; else why the case cannot be taken in here.

    Raises:
        ValueError: a venue that packs cannot name.
    """
    strange = sorted(set(venues) - set(VENUES))
    if strange:
        raise ValueError(f"no venues of packs: {', '.join(strange)}")
    known = {
        Venue.REGISTRATION: places.registration,
        Venue.RESIDENCE: places.residence,
        Venue.PLACE_OF_EVENT: places.event,
        Venue.ANY: places.registration,
    }
    for word in venues:
        place = known[Venue(word)] if word in _HERE else None
        if place is not None:
            return Competent(Venue(word), place), None
    if Venue.PLACE_OF_EVENT in venues:
        return None, RuleRefused(
            "application.venue.event",
            f"申请{programme.zh}请填写急难发生在哪里",
            f"Say where it happened to apply for {programme.en}.",
            field="event_division",
        )
    zh, en = next(
        (_ELSEWHERE[word] for word in venues if word in _ELSEWHERE), ("请向居住地申请", "Apply where you live.")
    )
    return None, RuleRefused(
        "application.venue.elsewhere", f"{programme.zh}：{zh}", f"{programme.en}: {en}", field="programmes"
    )
