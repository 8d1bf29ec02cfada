"""What the policy in force posts about a case."""

from dataclasses import dataclass
from datetime import date

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.programmes import Publication
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.disclosure.states import Board


@dataclass(frozen=True, slots=True)
class Posting:
    """The fields, places and days of a notice, by the packs of a digest; without days it is up as long as it holds."""

    fields: tuple[str, ...]
    where: tuple[str, ...]
    days_nd: int | None
    pack_digest: str


def posting_of(*, programme: str, division: DivisionCode, board: Board, on: date) -> tuple[str, Posting | None]:
    """The programme's short name, and what it posts on a board; None when it posts nothing there.

    Raises:
        NotFound: there is no such programme in the place on the day, or the days of its notice are not on file.
    """
    packs = public_packs(on)
    found = packs.programmes.get(programme)
    version = None if found is None else found.version(division.value, on)
    if version is None:
        raise NotFound("catalogue.programme", "当地当日没有这项制度", "There is no such programme here on this day.")
    steps = () if version.process is None else version.process.steps
    said = [one.publishes for one in steps if one.publishes is not None and one.publishes.board == board.value]
    if not said:
        return version.short.zh, None
    return version.short.zh, Posting(said[0].fields, said[0].where, _days(packs, said[0], division, on), packs.digest)


def _days(packs: PackSet, said: Publication, division: DivisionCode, on: date) -> int | None:
    if not said.parameter:
        return said.days_nd
    entry = packs.parameters[said.parameter].entry(division.value, on)
    if entry is None:
        raise NotFound(
            "disclosure.notice.days",
            "当地没有公布公示天数，请先补充政策参数",
            "The place has not published how long the notice is up; add the parameter first.",
        )
    return entry.value
