"""What the policy says of one household by what is known of it now, and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.policy_wording import rhythm_word, said_label
from jiuzhu.channels.kit.wording import department_name, in_english
from jiuzhu.channels.workbench.policy.wording import amount, state_name, state_tag
from jiuzhu.channels.workbench.registry.views.page import masked, path_of, today
from jiuzhu.core.errors import NotFound
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.vocabulary import DEPARTMENTS
from jiuzhu.engine.settlement.claims import State
from jiuzhu.journeys import assess as journey
from jiuzhu.rooms.determination.permissions import Permission

# what needs a look comes first, what does not apply last
_ORDER = (
    State.GRANTED,
    State.TO_CHOOSE,
    State.DISCRETION,
    State.OPEN,
    State.REFERRED,
    State.COVERED,
    State.GIVES_WAY,
    State.UNKNOWN,
    State.NOT_ENTITLED,
)


@needs(Permission.SCREENING_VIEW)
@require_GET
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """All programmes for a household and its members; `programme` and `person` ask for the reasons of one."""
    actor, on = masked(actor_of(request)), today()
    found = journey.assess_household(
        actor=actor,
        at=timezone.now(),
        on=on,
        household_id=household_id,
        programme=request.GET.get("programme", "")[:40],
        person_id=_number(request.GET.get("person", "")),
        registers={code: Label(name, name) for code in DEPARTMENTS if (name := department_name(code))},
    )
    rows = sorted(found.claims, key=lambda one: (_ORDER.index(one.state), one.programme, one.person_id or 0))
    own = found.detail.household
    context = {
        "household": own,
        "place": path_of(own.division_code, on),
        "head": next((one.person.name for one in found.detail.members if one.is_head), ""),
        "on": on,
        "pack_digest": found.pack_digest,
        "rows": [_row(one) for one in rows if one.state is not State.NOT_ENTITLED],
        "others": [_row(one) for one in rows if one.state is State.NOT_ENTITLED],
        "told": _told(found.told) if found.told else None,
    }
    return render(request, "workbench/policy/household.html", context)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound("assess.person", "没有这个人员", "There is no such person.")
    return int(text)


def _row(one: journey.ClaimView) -> dict[str, Any]:
    return {
        "programme": one.programme,
        "label": said_label(one.label),
        "person_id": one.person_id,
        "whom": one.person_name or _("全家"),
        "state": state_name(one.state),
        "tag": state_tag(one.state),
        "rhythm": rhythm_word(one.rhythm) if one.rhythm and one.high_fen else "",
        "amount": amount(one.low_fen, one.high_fen) if one.rhythm and one.high_fen and _is_shown(one) else "",
        "reasons": [said_label(reason) for reason in one.reasons],
    }


def _is_shown(one: journey.ClaimView) -> bool:
    """An amount whose outcome is open says nothing yet."""
    return one.state in (State.GRANTED, State.TO_CHOOSE, State.DISCRETION)


def _told(told: journey.Told) -> dict[str, Any]:
    lines = told.en if in_english() else told.zh
    return {
        "claim": _row(told.claim),
        "text": "\n".join(lines),
        "missing": [said_label(label) for label in told.missing],
        "more": told.more_missing,
    }
