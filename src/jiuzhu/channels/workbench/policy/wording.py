"""How programmes and outcomes are called on the pages."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiuzhu.channels.kit.policy_wording import rhythm_word
from jiuzhu.channels.kit.wording import in_english, said
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.programmes import Receiver, Rhythm, Version
from jiuzhu.engine.settlement.claims import State
from jiuzhu.journeys import screen as journey


def version_of(packs: PackSet, programme: str, division: DivisionCode, on: date) -> Version | None:
    """The programme as it is for a place on a day; the last there was when there is none; None for an unknown name."""
    found = packs.programmes.get(programme)
    return None if found is None else found.version(division.value, on) or found.versions[-1]


def programme_name(packs: PackSet, programme: str, division: DivisionCode, on: date) -> str:
    """The short name of a programme; its key when the packs no longer have it."""
    version = version_of(packs, programme, division, on)
    return programme if version is None else version.short.said("en" if in_english() else "zh") or programme


def unit_name(unit: str) -> str:
    """What is counted."""
    return _("户") if unit == Receiver.HOUSEHOLD else _("人")


def outcome_name(low: int, high: int) -> str:
    """An outcome between two bounds, in a word."""
    words = {
        Outcome.YES: pgettext("outcome", "符合"),
        Outcome.DISC: pgettext("outcome", "由经办人员决定"),
        Outcome.REFER: pgettext("outcome", "转介"),
        Outcome.NO: pgettext("outcome", "不符合"),
    }
    return words[Outcome(low)] if low == high else pgettext("outcome", "尚不能确定")


def outcome_tag(low: int, high: int) -> str:
    """The sort of tag that an outcome wears."""
    if low != high:
        return "warning"
    return {Outcome.YES: "success", Outcome.DISC: "info", Outcome.REFER: "info"}.get(Outcome(low), "neutral")


def state_name(state: State) -> str:
    """What becomes of a claim once all programmes are settled together."""
    return {
        State.GRANTED: pgettext("outcome", "符合"),
        State.NOT_ENTITLED: pgettext("outcome", "不符合"),
        State.UNKNOWN: pgettext("outcome", "尚不能确定"),
        State.DISCRETION: pgettext("outcome", "由经办人员决定"),
        State.REFERRED: pgettext("outcome", "转介"),
        State.GIVES_WAY: pgettext("outcome", "让位于其他制度"),
        State.COVERED: pgettext("outcome", "其他制度已足额"),
        State.TO_CHOOSE: pgettext("outcome", "待申请人选择"),
        State.OPEN: pgettext("outcome", "待其他制度确定"),
    }[state]


def state_tag(state: State) -> str:
    """The sort of tag that a claim wears."""
    return {State.GRANTED: "success", State.UNKNOWN: "warning", State.OPEN: "warning", State.TO_CHOOSE: "warning"}.get(
        state, "info" if state in (State.DISCRETION, State.REFERRED) else "neutral"
    )


def rhythm_name(rhythm: str) -> str:
    """When money is paid; nothing for what is given in kind."""
    return rhythm_word(Rhythm(rhythm)) if rhythm and rhythm != Rhythm.IN_KIND else ""


def amount(low_fen: int, high_fen: int) -> str:
    """An amount, or between what it lies."""
    low, high = (f"{Decimal(fen) / 100:,.2f}" for fen in (low_fen, high_fen))
    return low if low == high else said(f"{low} 至 {high}", f"{low} to {high}")


def because_text(because: str) -> str:
    """Why a screening did not reach its end: the program's own words are translated."""
    words = {
        journey.OTHER_PACKS: _("政策包在筛查开始后已更换，请重新发起筛查"),
        journey.INTERRUPTED: _("筛查中断，已完成的部分已保存，请重新发起筛查；仍不成功时请联系系统管理员查看日志"),
    }
    return words.get(because, because)
