"""The rules of a programme for everyone: each in words with its articles, and what rests on what as a picture."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jiuzhu.channels.kit import policy_wording as words
from jiuzhu.channels.kit.access import everyone
from jiuzhu.channels.kit.wording import bracketed, department_name
from jiuzhu.channels.public.programmes.views import place_of
from jiuzhu.core.errors import NotFound
from jiuzhu.engine.explaining.outlines import Line, Rule
from jiuzhu.engine.packs.model import ROOT, PackSet, Variable
from jiuzhu.rooms.catalogue import queries as catalogue

_LONGEST = 11
_FURTHEST = timedelta(days=366 * 3)


@everyone
@require_safe
def rules(request: HttpRequest, name: str) -> HttpResponse:
    """The rules in force in a county on a day, in the order in which they are worked out."""
    place = place_of(request)
    today = timezone.localdate()
    on = _day(request, today)
    given = {"name": name, "division": place["division"], "on": on}
    one = catalogue.public_programme(**given)
    found = catalogue.public_rules(**given)
    drawn = catalogue.public_picture(**given)
    packs = catalogue.public_packs(on)
    context = {
        **place,
        "key": name,
        "title": words.said_label(one.version.name),
        "short": words.said_label(one.version.short),
        "on": on,
        "today": today,
        "rules": [_rule(rule, packs) for rule in found],
        "picture": drawn,
        "nodes": [_node(node, packs) for node in drawn.nodes],
    }
    return render(request, "public/programmes/rules.html", context)


def _day(request: HttpRequest, today: date) -> date:
    text = request.GET.get("on", "").strip()
    if not text:
        return today
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.max
    if not date(2000, 1, 1) <= found <= today + _FURTHEST:
        raise NotFound(
            "catalogue.day", "请选择2000年以后、今后三年以内的日期", "Choose a day after 2000 and within three years."
        )
    return found


def _rule(rule: Rule, packs: PackSet) -> dict[str, Any]:
    variable, variables = rule.variable, packs.variables
    return {
        "anchor": variable.full_name.replace(".", "-"),
        "name": variable.full_name,
        "label": words.said_label(variable.label),
        "whose": "" if variable.entity == ROOT else _entity(variable, packs),
        # an outline that begins with cases has no sentence of its own
        "lines": [_line(one) for one in ((rule.line,) if rule.line.text else rule.line.lines)],
        "text": " ".join(rule.formula.text.split()),
        "basis": [words.cited(citation) for citation in rule.basis],
        "since": rule.formula.period.start if rule.formula.period.start.year > 1949 else None,
        "until": rule.formula.period.end,
        "reads": [
            {"anchor": f"{entity}-{key}", "label": words.said_label(variables[entity, key].label)}
            for entity, key in rule.reads
            if variables[entity, key].programme == variable.programme and variables[entity, key].source is None
        ],
    }


def _entity(variable: Variable, packs: PackSet) -> str:
    return words.said_label(packs.entities[variable.entity].label)


def _line(line: Line) -> dict[str, Any]:
    return {
        "lead": words.said_label(line.lead) if line.lead else "",
        "text": words.said_label(line.text) if line.text else "",
        "lines": [_line(one) for one in line.lines],
    }


def _node(node: catalogue.Node, packs: PackSet) -> dict[str, Any]:
    if node.variable is not None:
        full = words.said_label(node.variable.label)
        anchor = node.variable.full_name.replace(".", "-")
    elif node.kind == "facts":
        register = node.key.partition(":")[2]
        source = department_name(register) if register else _("申请人说明或入户调查")
        full = bracketed(source, ngettext("%(n)s项", "%(n)s项", node.count) % {"n": node.count})
        anchor = ""
    else:
        other = node.key.partition(":")[2]
        programme = packs.programmes.get(other)
        name = words.said_label(programme.versions[-1].short) if programme else _("共用规则")
        full, anchor = bracketed(name, _("其他制度")), ""
    limit = _LONGEST if full and ord(full[0]) > 0x2E7F else 2 * _LONGEST
    return {
        "kind": str(node.kind),
        "full": full,
        "text": full if len(full) <= limit else full[: limit - 1] + "…",
        "anchor": anchor,
        "x": node.x,
        "y": node.y,
        "text_x": node.x + 84,
        "text_y": node.y + 23,
    }
