"""The list of programmes and one of them, for a county and a day; open to everyone, without personal data."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiuzhu.channels.kit import policy_wording as words
from jiuzhu.channels.kit.access import everyone
from jiuzhu.channels.kit.wording import bracketed, group_name, in_english, listed, said
from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound
from jiuzhu.engine.packs.programmes import Material, Publication, TermUnit
from jiuzhu.rooms.catalogue import queries as catalogue
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.registry.states import TargetGroup

_VISITOR = system_actor("公开查询", permissions=[Permission.DIVISION_VIEW])


@everyone
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes by class, narrowed by words or by a group of people."""
    place = place_of(request)
    text = request.GET.get("q", "").strip()[:64]
    group = request.GET.get("group", "")
    found = catalogue.public_programmes(division=place["division"], on=timezone.localdate())
    rows = [_line(one) for one in found if _matches(one, text) and (not group or group in one.version.groups)]
    context = {
        **place,
        "text": text,
        "group": group,
        "groups": [(one.value, group_name(one)) for one in TargetGroup],
        "classes": [(name, list(lines)) for name, lines in groupby(rows, key=lambda row: row["category"])],
        "count": len(rows),
        "all": len(found),
    }
    return render(request, "public/programmes/list.html", context)


@everyone
@require_safe
def programme(request: HttpRequest, name: str) -> HttpResponse:
    """One programme: who, what, how much, papers, steps and clocks, remedies, law."""
    place = place_of(request)
    one = catalogue.public_programme(name=name, division=place["division"], on=timezone.localdate())
    version = one.version
    context = {
        **place,
        **_line(one),
        "decided_by": words.actor_word(version.decided_by),
        "venues": listed(words.venue_word(venue) for venue in version.venues),
        "group_names": listed(group_name(TargetGroup(group)) for group in version.groups),
        # older names are Chinese only
        "aliases": "" if in_english() else listed(alias.name for alias in version.aliases),
        "standards": [_standard(standard, place["names"]) for standard in one.standards],
        "has_demo": one.has_demo,
        "materials": [_material(material) for material in version.materials or ()],
        "relations": [
            words.relation_word(rule.how, words.said_label(one.others[rule.programme])) for rule in version.excludes
        ],
        "basis": [words.cited(citation) for citation in version.basis if citation.in_force(timezone.localdate())],
        "since": version.period.start,
        **_process(one),
    }
    return render(request, "public/programmes/programme.html", context)


def place_of(request: HttpRequest) -> dict[str, Any]:
    """The county that was chosen, or the whole city; and what can be chosen."""
    today = timezone.localdate()
    try:
        node = organization.division_tree(actor=_VISITOR, at=today, code=None)
    except NotFound:  # no divisions yet: the programmes of the packs' own place
        if request.GET.get("division"):
            raise
        own = DivisionCode(catalogue.public_packs(today).layers[-1].prefix.ljust(12, "0"))
        return {"division": own, "place_code": "", "place": "", "places": [], "names": {}}
    names = {one.code.value: said(one.name, one.name_en or one.name) for one in (node.division, *node.children)}
    text = request.GET.get("division", "").strip()
    if text and text not in names:
        try:
            DivisionCode(text)
        except InvalidValue as wrong:
            raise NotFound(wrong.code, wrong.message_zh, wrong.message_en) from wrong
        raise NotFound("catalogue.place", "请从列表中选择县（市、区）", "Choose a county of the list.")
    code = text or node.division.code.value
    return {
        "division": DivisionCode(code),
        "place_code": text,
        "place": names[code],
        "places": [("", _("全市")), *((key, name) for key, name in names.items() if key != node.division.code.value)],
        "names": names,
    }


def _matches(one: catalogue.ProgrammeView, text: str) -> bool:
    version = one.version
    told = [version.name, version.short, one.who, *(amount.label for amount in one.amounts)]
    texts = [part for label in told for part in (label.zh, label.en)] + [alias.name for alias in version.aliases]
    return all(any(word.lower() in part.lower() for part in texts) for word in text.split())


def _line(one: catalogue.ProgrammeView) -> dict[str, Any]:
    version = one.version
    return {
        "key": one.name,
        "title": words.said_label(version.name),
        "short": words.said_label(version.short),
        "category": words.category_name(version.category),
        "lead": words.lead_name(version.lead),
        "who": words.said_label(one.who),
        "amounts": [
            bracketed(
                words.said_label(amount.label),
                listed((words.rhythm_word(amount.rhythm), words.receiver_name(version.unit))),
            )
            for amount in one.amounts
        ],
    }


def _standard(one: catalogue.Standard, names: dict[str, str]) -> dict[str, Any]:
    def value(found: catalogue.StandardValue, where: str) -> dict[str, Any]:
        return {
            "where": where,
            "value": words.said_label(found.value),
            "since": found.since,
            "until": found.until,
            "demo": found.demo,
            "basis": listed(words.cited(citation) for citation in found.basis),
        }

    rows = [] if one.here is None else [value(one.here, "")]
    for found in one.below:
        code = "" if found.division is None else found.division.value
        rows.append(value(found, names.get(code, code)))
    return {"label": words.said_label(one.label), "values": rows}


def _material(one: Material) -> dict[str, Any]:
    return {
        "label": words.said_label(one.label),
        "from_whom": words.actor_word(one.from_whom),
        "forms": listed(words.form_word(form) for form in one.accepts),
        "why": words.said_label(one.why_not_fetched),
        "is_for_all": one.when is None,
    }


def _process(one: catalogue.ProgrammeView) -> dict[str, Any]:
    process = one.version.process
    if process is None:
        return {"steps": []}
    names = {step.key: words.said_label(step.label) for step in process.steps}
    steps = [
        {
            "label": bracketed(names[step.key], words.actor_word(step.actor)),
            "term": words.term_words(step.deadline, one.term(step.deadline), names) if step.deadline else "",
            "posted": _posted(step.publishes) if step.publishes else "",
        }
        for step in process.steps
    ]
    return {
        "steps": steps,
        "limits": [
            (words.case_word(limit.case), words.term_words(limit.term, one.term(limit.term), names))
            for limit in process.limits
        ],
        "reviews": [
            (words.said_label(review.label), words.length_of(one.term(review.every), review.every.unit))
            for review in process.reviews
        ],
        "remedies": [
            {
                "label": words.said_label(remedy.label),
                "length": words.length_of(one.term(remedy.term), remedy.term.unit),
                "first": remedy.first,
                "basis": listed(words.cited(citation) for citation in remedy.basis),
            }
            for remedy in process.remedies
        ],
    }


def _posted(posted: Publication) -> str:
    """What is posted, where, for how long."""
    told = {
        "fields": listed(words.field_word(field) for field in posted.fields),
        "places": listed(words.place_word(place) for place in posted.where),
    }
    if posted.days_nd is None:
        return _("公示：%(fields)s；地点：%(places)s") % told
    told["length"] = words.length_of(posted.days_nd, TermUnit.NATURAL_DAYS)
    return _("公示：%(fields)s；地点：%(places)s；时间：%(length)s") % told
