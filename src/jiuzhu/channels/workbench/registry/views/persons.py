"""One person: everything on one page, history, who looked, and the acts on the record."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import custody_name, document_name, protection_name, said, topics
from jiuzhu.channels.workbench.registry.forms.acts import (
    AuthorisationForm,
    CorrectionForm,
    GroupForm,
    GuardianForm,
    LookForm,
    ProtectionForm,
)
from jiuzhu.channels.workbench.registry.forms.events import EventForm
from jiuzhu.channels.workbench.registry.views.households import (
    authorisation_line,
    event_line,
    guardian_line,
    links,
    record_fact,
    tag_line,
)
from jiuzhu.channels.workbench.registry.views.page import Act, carry_out, masked, path_of, today
from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import NotFound
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import (
    EVENT_NAMES,
    DocumentKind,
    GuardianshipKind,
    LifeEventKind,
    ProtectionKind,
    SubjectKind,
)

_ACTS = (
    (Permission.FACT_RECORD, "person_fact", lambda: _("登记个人情况")),
    (Permission.EVENT_RECORD, "person_events", lambda: _("登记生活事件")),
    (Permission.GROUP_TAG, "person_group", lambda: _("标注困难群众类别")),
    (Permission.GUARDIAN_SET, "person_guardian", lambda: _("登记监护人")),
    (Permission.AUTHORISATION_GRANT, "person_authorisation", lambda: _("登记核对授权")),
    (Permission.PERSON_CORRECT, "person_correct", lambda: _("更正信息")),
    (Permission.PERSON_PROTECT, "person_protect", lambda: _("设置保护")),
    (Permission.PERSON_MERGE, "merge_with", lambda: _("与另一人合并")),
)


@needs(Permission.PERSON_VIEW)
@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """The person 360°, numbers masked."""
    actor = actor_of(request)
    context = _detail(masked(actor), person_id, gettext_noop("查看个人信息"))
    context["actions"] = links(actor, _ACTS, person_id)
    context["can_reveal"] = actor.may(Permission.PERSON_SEE_IDENTITY)
    context["merge_id"] = request.GET.get("merge", "") if request.GET.get("merge", "").isdigit() else ""
    return render(request, "workbench/registry/person.html", context)


@needs(Permission.PERSON_SEE_IDENTITY)
@require_POST
def person_numbers(request: HttpRequest, person_id: int) -> HttpResponse:
    """The same page with whole numbers; the look is logged with its purpose."""
    actor = actor_of(request)
    form = LookForm(request.POST)
    allowed = form.is_valid()
    purpose = form.cleaned_data["purpose"] if allowed else gettext_noop("查看个人信息")
    context = _detail(actor if allowed else masked(actor), person_id, purpose)
    context |= {"actions": links(actor, _ACTS, person_id), "can_reveal": True, "look_form": form, "shown": allowed}
    return render(request, "workbench/registry/person.html", context, status=200 if allowed else 422)


@needs(Permission.HISTORY_VIEW)
@require_GET
def person_history(request: HttpRequest, person_id: int) -> HttpResponse:
    """Who changed what of the person, when and why."""
    actor, at = actor_of(request), timezone.now()
    detail = _own(actor, person_id, gettext_noop("查看变更历史"))
    entries = registry.history_of_person(actor=actor, at=at, person_id=person_id, purpose=gettext_noop("查看变更历史"))
    context = {"person": detail.person, "tab": "history", "entries": entries}
    return render(request, "workbench/registry/person_trail.html", context)


@needs(Permission.HISTORY_VIEW)
@require_GET
def person_looks(request: HttpRequest, person_id: int) -> HttpResponse:
    """Who looked at the person's record, when and for what."""
    actor = actor_of(request)
    detail = _own(actor, person_id, gettext_noop("查看查阅记录"))
    looks = registry.looks_at_person(actor=actor, at=timezone.now(), person_id=person_id)
    context = {"person": detail.person, "tab": "looks", "looks": looks}
    return render(request, "workbench/registry/person_trail.html", context)


@needs(Permission.FACT_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def person_fact(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Record a fact of the person: its variable first, then the value."""
    actor = actor_of(request)
    detail = _own(actor, person_id, gettext_noop("登记个人情况"))
    act = _act(_("登记个人情况"), detail, _("登记"))
    return record_fact(request, actor, act, SubjectKind.PERSON, {"person_id": person_id})


@needs(Permission.EVENT_RECORD)
@require_GET
def person_events(request: HttpRequest, person_id: int) -> HttpResponse:
    """Which kind of event is to be recorded."""
    detail = _own(actor_of(request), person_id, gettext_noop("登记生活事件"))
    kinds = [
        (said(*names), reverse("workbench:registry:person_event", args=[person_id, kind.value]))
        for kind, names in EVENT_NAMES.items()
    ]
    context = {"act": _act(_("登记生活事件"), detail, ""), "kinds": kinds}
    return render(request, "workbench/registry/events.html", context)


@needs(Permission.EVENT_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def person_event(request: HttpRequest, person_id: int, kind: str) -> HttpResponseBase:
    """Record a life event; what follows from it is done with it."""
    actor = actor_of(request)
    if kind not in set(LifeEventKind):
        raise NotFound(
            "registry.event.kind", "没有这种生活事件，请从列表中选择", "No such life event; choose one from the list."
        )
    event = LifeEventKind(kind)
    detail = _own(actor, person_id, gettext_noop("登记生活事件"))
    form = EventForm(
        request.POST or None, kind=event, actor=actor, on=today(), members=_housemates(actor, detail, event)
    )
    return carry_out(
        request,
        form=form,
        act=_act(_("登记“%(kind)s”") % {"kind": said(*EVENT_NAMES[event])}, detail, _("登记")),
        perform=lambda: actions.record_life_event(
            actor=actor,
            at=timezone.now(),
            kind=event,
            person_id=person_id,
            happened_on=form.cleaned_data["happened_on"],
            evidence=form.cleaned_data["evidence"],
            details=form.details(),
        ),
        done=_("已登记“%(kind)s”，相关的家庭、类别和监护关系已同时变更。") % {"kind": said(*EVENT_NAMES[event])},
        # a household that moved may lie outside the officer's area from now on
        leads_to=(lambda _event: reverse("workbench:registry:search")) if event is LifeEventKind.MOVE else None,
    )


@needs(Permission.GROUP_TAG)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def person_group(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Tag the person with a target group."""
    actor = actor_of(request)
    detail = _own(actor, person_id, gettext_noop("标注困难群众类别"))
    form = GroupForm(request.POST or None, subject=SubjectKind.PERSON, initial={"valid_from": today()})
    return carry_out(
        request,
        form=form,
        act=_act(_("标注困难群众类别"), detail, _("标注")),
        perform=lambda: actions.tag_group(actor=actor, at=timezone.now(), person_id=person_id, **form.values()),
        done=_("已标注。"),
    )


@needs(Permission.GUARDIAN_SET)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def person_guardian(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Record who answers for the person."""
    actor = actor_of(request)
    detail = _own(actor, person_id, gettext_noop("登记监护人"))
    form = GuardianForm(
        request.POST or None, members=_housemates(actor, detail, LifeEventKind.DEATH), initial={"start_on": today()}
    )
    return carry_out(
        request,
        form=form,
        act=_act(_("登记监护人"), detail, _("登记")),
        perform=lambda: actions.set_guardian(
            actor=actor,
            at=timezone.now(),
            ward_id=person_id,
            kind=GuardianshipKind(form.cleaned_data["kind"]),
            start_on=form.cleaned_data["start_on"],
            guardian_id=form.chosen,
            guardian_body=form.cleaned_data["guardian_body"],
            evidence=form.cleaned_data["evidence"],
        ),
        done=_("已登记监护人。"),
    )


@needs(Permission.AUTHORISATION_GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def person_authorisation(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Record that a department may see what it is asked for."""
    actor = actor_of(request)
    detail = _own(actor, person_id, gettext_noop("登记核对授权"))
    form = AuthorisationForm(request.POST or None, initial={"valid_from": today()})
    return carry_out(
        request,
        form=form,
        act=_act(_("登记核对授权"), detail, _("登记")),
        perform=lambda: actions.grant_authorisation(
            actor=actor, at=timezone.now(), person_id=person_id, **form.cleaned_data
        ),
        done=_("已登记授权。"),
    )


@needs(Permission.PERSON_CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def person_correct(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Correct particulars, with a reason."""
    actor = actor_of(request)
    detail = _own(actor, person_id, gettext_noop("更正信息"))
    one = detail.person
    initial = {
        "name": one.name,
        "name_note": one.name_note,
        "document_kind": one.document_kind.value,
        "birth_date": one.birth_date,
        "sex": one.sex,
    }
    form = CorrectionForm(request.POST or None, initial=initial)
    lead = _("现有证件号码 %(number)s，联系电话 %(phone)s。") % {
        "number": one.document_number or "—",
        "phone": one.phone or "—",
    }

    def correct() -> None:
        changes = form.changes()
        if "document_kind" in changes:
            changes["document_kind"] = DocumentKind(changes["document_kind"])
        actions.correct_person(
            actor=actor, at=timezone.now(), person_id=person_id, reason=form.cleaned_data["reason"], **changes
        )

    return carry_out(
        request,
        form=form,
        act=_act(_("更正信息"), detail, _("更正"), lead=lead),
        perform=correct,
        done=_("已更正。"),
    )


@needs(Permission.PERSON_PROTECT)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def person_protect(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Hide the person's address and telephone, or lift this."""
    actor = actor_of(request)
    detail = _own(actor, person_id, gettext_noop("设置保护"))
    form = ProtectionForm(request.POST or None, initial={"protection": detail.person.protection.value})
    return carry_out(
        request,
        form=form,
        act=_act(
            _("设置保护"),
            detail,
            _("保存"),
            lead=_("受保护人员的住址和电话只向有专门权限的人员显示，每次查看都留痕。"),
        ),
        perform=lambda: actions.protect_person(
            actor=actor,
            at=timezone.now(),
            person_id=person_id,
            protection=ProtectionKind(form.cleaned_data["protection"]),
            reason=form.cleaned_data["reason"],
        ),
        done=_("已保存保护设置。"),
    )


def _page(person_id: int) -> str:
    return reverse("workbench:registry:person", args=[person_id])


def _own(actor: Actor, person_id: int, purpose: str) -> Any:
    return registry.person_detail(actor=masked(actor), at=timezone.now(), person_id=person_id, purpose=purpose)


def _act(title: str, detail: Any, submit: str, *, lead: str = "") -> Act:
    one = detail.person
    return Act(title, f"{one.name} · {one.document_number or one.birth_date}", _page(one.id), submit, lead)


def _housemates(actor: Actor, detail: Any, event: LifeEventKind) -> list[tuple[int, str]]:
    """The other members of the person's household, where an act lets one of them be chosen."""
    if event is not LifeEventKind.DEATH or detail.household is None or not actor.may(Permission.HOUSEHOLD_VIEW):
        return []
    home = registry.household_detail(
        actor=masked(actor),
        at=timezone.now(),
        household_id=detail.household.household_id,
        purpose=gettext_noop("选择同户成员"),
    )
    return [(one.person.id, one.person.name) for one in home.members if one.person.id != detail.person.id]


def _detail(actor: Actor, person_id: int, purpose: str) -> dict[str, object]:
    detail = registry.person_detail(actor=actor, at=timezone.now(), person_id=person_id, purpose=purpose)
    one = detail.person
    shown = topics([("", None, detail.variables)])
    return {
        "person": one,
        "place": path_of(one.division_code, today()),
        "sex": said(one.sex_zh, one.sex_en),
        "ethnicity": said(one.ethnicity_zh, one.ethnicity_en),
        "marital": said(one.marital_zh, one.marital_en),
        "document": document_name(one.document_kind),
        "custody": custody_name(one.custody),
        "protection": protection_name(one.protection),
        "home": detail.household,
        "home_relation": said(detail.household.relation_zh, detail.household.relation_en) if detail.household else "",
        "memberships": [
            {
                "household_id": past.household_id,
                "number": past.household_number,
                "relation": said(past.relation_zh, past.relation_en),
                "start_on": past.start_on,
                "end_on": past.end_on,
                "reason": past.end_reason,
            }
            for past in detail.memberships
        ],
        "topics": shown,
        "conflicts": sum(topic.conflicts for topic in shown),
        "groups": [tag_line(tag) for tag in detail.groups],
        "events": [event_line(event, {}) for event in detail.events],
        "guardianships": [guardian_line(guardian) for guardian in (*detail.guardians, *detail.wards)],
        "authorisations": [authorisation_line(given) for given in detail.authorisations],
        "tab": "person",
    }
