"""How notices of cases are worded: the same on the public board and on the pages of those who post them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from jiuzhu.channels.kit.policy_wording import rhythm_word
from jiuzhu.channels.kit.wording import bracketed, said
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.money import Money
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.programmes import Rhythm
from jiuzhu.rooms.disclosure.states import BOARD_NAMES, CHANNEL_NAMES, NOTICES, OBJECTIONS, Board, Channel, NoticeState
from jiuzhu.rooms.disclosure.states import ObjectionState as Objected


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """What a notice shows, in words; a field that it does not have is empty."""

    name: str
    members: str
    amount: str
    result: str
    village: str


def board_name(board: Board) -> str:
    """A board."""
    return said(*BOARD_NAMES[board])


def channel_name(channel: Channel) -> str:
    """How an objection came in."""
    return said(*CHANNEL_NAMES[channel])


def notice_state_name(state: NoticeState) -> str:
    """The state of a notice."""
    return said(*NOTICES.names[state])


def objection_state_name(state: Objected) -> str:
    """The state of an objection."""
    return said(*OBJECTIONS.names[state])


def line_of(content: Mapping[str, str | int]) -> NoticeLine:
    """The content of a notice in words."""
    members = content.get("member_count")
    fen = content.get("amount_fen")
    amount = ""
    if fen is not None:
        yuan = gettext("%(yuan)s元") % {"yuan": f"{Money(int(fen)).yuan:,.2f}"}
        rhythm = str(content.get("rhythm", ""))
        amount = bracketed(yuan, rhythm_word(Rhythm(rhythm))) if rhythm in set(Rhythm) else yuan
    results = {
        "yes": gettext("拟符合条件"),
        "no": gettext("拟不符合条件"),
        "granted": gettext("符合条件"),
        "refused": gettext("不符合条件"),
        "ended": gettext("终止救助"),
    }
    result = str(content.get("result", ""))
    return NoticeLine(
        name=str(content.get("applicant_name", "")),
        members="" if members is None else ngettext("%(n)s人", "%(n)s人", int(members)) % {"n": members},
        amount=amount,
        result=results.get(result, result),
        village=str(content.get("village", "")),
    )


def programme_short(packs: PackSet, name: str, division: DivisionCode, on: date) -> str:
    """The short name of a programme in a place; its key when the packs no longer have it."""
    found = packs.programmes.get(name)
    if found is None:
        return name
    short = (found.version(division.value, on) or found.versions[-1]).short
    return said(short.zh, short.en or short.zh)
