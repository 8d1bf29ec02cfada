"""How versions, standards and their steps are called on the pages."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiuzhu.channels.kit.wording import in_english
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.transitions import TransitionTable
from jiuzhu.journeys import check_pack as checking
from jiuzhu.journeys import measure as measuring
from jiuzhu.rooms.catalogue.queries import Step
from jiuzhu.rooms.catalogue.states import PackState, StandardState

S = TypeVar("S", bound=StrEnum)
_TAGS: dict[str, str] = {
    PackState.DRAFT: "draft",
    PackState.CHECKED: "info",
    PackState.PUBLISHED: "success",
    PackState.SUPERSEDED: "neutral",
    PackState.WITHDRAWN: "neutral",
    StandardState.PROPOSED: "draft",
    StandardState.CONSULTED: "info",
    StandardState.APPROVED: "warning",
    StandardState.REPLACED: "neutral",
    StandardState.DROPPED: "neutral",
}


def state_name(table: TransitionTable[S], state: S) -> str:
    """A state in the reader's language."""
    return table.name(state, "en" if in_english() else "zh")


def state_tag(state: StrEnum) -> str:
    """The sort of tag that a state wears."""
    return _TAGS[state.value]


def verb_name(table: TransitionTable[S], verb: str) -> str:
    """A step in the reader's language; the birth of a thing has a name of its own."""
    for one in table.transitions:
        if one.verb == verb:
            return one.en if in_english() else one.zh
    return {
        "draft": pgettext("step", "起草"),
        "redraft": pgettext("step", "修改草案"),
        "propose": pgettext("step", "拟定"),
    }.get(verb, verb)


def buttons(table: TransitionTable[S], state: S, actor: Actor, division: DivisionCode) -> list[dict[str, Any]]:
    """The steps that the actor may take from here, in the order of the table."""
    if not actor.covers(division):
        return []
    return [
        {"verb": one.verb, "name": verb_name(table, one.verb), "is_danger": one.verb in ("withdraw", "drop")}
        for one in table.allowed(state, actor.permissions)
    ]


def history(table: TransitionTable[S], steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps with who took them, the newest first."""
    found = [
        {
            "name": verb_name(table, one.verb),
            "at": one.at,
            "by": " · ".join(part for part in (one.actor_name, one.actor_post) if part),
            "reason": one.reason,
        }
        for one in steps
    ]
    return found[::-1]


def stopped_text(message: str) -> str:
    """Why a job ended before its end: the program's own words are translated."""
    words = {
        checking.INTERRUPTED: _("校验中断，请重新发起校验；仍不成功时请联系系统管理员查看日志"),
        measuring.INTERRUPTED: _("测算中断，请重新发起；仍不成功时请联系系统管理员查看日志"),
        measuring.OTHER_PACKS: _("政策包或标准在测算开始后已更换，请重新测算"),
    }
    return words.get(message, message)
