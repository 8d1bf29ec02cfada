"""One household: everything on one page, its history, who looked, and the acts on it."""

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import (
    custody_name,
    department_name,
    evidence_name,
    flag_name,
    group_name,
    guardianship_name,
    in_english,
    protection_name,
    registered_name,
    said,
    topics,
)
from jiuzhu.channels.workbench.registry.forms.acts import EndMembershipForm, GroupForm, HeadForm, LookForm, SplitForm
from jiuzhu.channels.workbench.registry.forms.facts import FactForm, VariableForm
from jiuzhu.channels.workbench.registry.forms.registration import MemberForm
from jiuzhu.channels.workbench.registry.tree import Relative, drawn
from jiuzhu.channels.workbench.registry.views.page import Act, carry_out, masked, path_of, show_act, today
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD, RELATION
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import RegisteredKind, SubjectKind

_ACTS: tuple[tuple[Permission, str, Callable[[], str]], ...] = (
    (Permission.FACT_RECORD, "household_fact", lambda: _("登记家庭情况")),
    (Permission.GROUP_TAG, "household_group", lambda: _("标注困难群众类别")),
    (Permission.HOUSEHOLD_CHANGE, "household_member", lambda: _("增加成员")),
    (Permission.HOUSEHOLD_CHANGE, "household_head", lambda: _("变更户主")),
    (Permission.HOUSEHOLD_SPLIT, "household_split", lambda: _("分户")),
)


@needs(Permission.HOUSEHOLD_VIEW)
@require_GET
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """The household 360°: members, facts with their sources, groups, life, guardians; numbers masked."""
    context = _detail(masked(actor_of(request)), household_id, gettext_noop("查看家庭信息"))
    context["actions"] = links(actor_of(request), _ACTS, household_id)
    context["can_reveal"] = actor_of(request).may(Permission.PERSON_SEE_IDENTITY)
    context["split_id"] = request.GET.get("split", "") if request.GET.get("split", "").isdigit() else ""
    return render(request, "workbench/registry/household.html", context)


@needs(Permission.PERSON_SEE_IDENTITY)
@require_POST
def household_numbers(request: HttpRequest, household_id: int) -> HttpResponse:
    """The same page with whole numbers and the address; the look is logged with its purpose."""
    actor = actor_of(request)
    form = LookForm(request.POST)
    allowed = form.is_valid()
    purpose = form.cleaned_data["purpose"] if allowed else gettext_noop("查看家庭信息")
    context = _detail(actor if allowed else masked(actor), household_id, purpose)
    context |= {"actions": links(actor, _ACTS, household_id), "can_reveal": True, "look_form": form, "shown": allowed}
    return render(request, "workbench/registry/household.html", context, status=200 if allowed else 422)


@needs(Permission.HISTORY_VIEW)
@require_GET
def household_history(request: HttpRequest, household_id: int, person_id: int | None = None) -> HttpResponse:
    """Who changed what, member by member; the head's first."""
    return _trail(request, household_id, person_id, "history")


@needs(Permission.HISTORY_VIEW)
@require_GET
def household_looks(request: HttpRequest, household_id: int, person_id: int | None = None) -> HttpResponse:
    """Who looked at whom, member by member; the head's first."""
    return _trail(request, household_id, person_id, "looks")


@needs(Permission.HOUSEHOLD_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def household_member(request: HttpRequest, household_id: int) -> HttpResponseBase:
    """Add a new person to the household."""
    actor = actor_of(request)
    detail = _own(actor, household_id, gettext_noop("增加成员"))
    form = MemberForm(request.POST or None, head=False)
    return carry_out(
        request,
        form=form,
        act=_act(_("增加成员"), detail, _("增加")),
        perform=lambda: actions.add_member(
            actor=actor, at=timezone.now(), household_id=household_id, member=form.member()
        ),
        done=_("已增加成员。"),
    )


@needs(Permission.HOUSEHOLD_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def household_head(request: HttpRequest, household_id: int) -> HttpResponseBase:
    """Make another member the head."""
    actor = actor_of(request)
    detail = _own(actor, household_id, gettext_noop("变更户主"))
    form = HeadForm(request.POST or None, members=_others(detail))
    return carry_out(
        request,
        form=form,
        act=_act(_("变更户主"), detail, _("变更")),
        perform=lambda: actions.change_head(
            actor=actor,
            at=timezone.now(),
            household_id=household_id,
            new_head_id=int(form.cleaned_data["new_head_id"]),
            relations=form.relations(),
            reason=form.cleaned_data["reason"],
        ),
        done=_("已变更户主。"),
    )


@needs(Permission.HOUSEHOLD_SPLIT)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def household_split(request: HttpRequest, household_id: int) -> HttpResponseBase:
    """Split members out into a household of their own."""
    actor = actor_of(request)
    detail = _own(actor, household_id, gettext_noop("分户"))
    form = SplitForm(request.POST or None, members=_others(detail))

    def split() -> object:
        going = form.going()
        heads = [person_id for person_id, relation in going.items() if relation == HEAD]
        return actions.split_household(
            actor=actor,
            at=timezone.now(),
            household_id=household_id,
            head_id=heads[0] if len(heads) == 1 else 0,
            person_ids=list(going),
            relations=going,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            address=form.cleaned_data["address"],
        )

    return carry_out(
        request,
        form=form,
        act=_act(
            _("分户"),
            detail,
            _("分户"),
            lead=_("为分出的每个人选择其与新户户主的关系，其中一人选“户主”；其余的人留在原户。"),
        ),
        perform=split,
        done=_("已分户。"),
        leads_to=lambda split_id: f"{_page(household_id)}?split={split_id}",
    )


@needs(Permission.GROUP_TAG)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def household_group(request: HttpRequest, household_id: int) -> HttpResponseBase:
    """Tag the household with a target group."""
    actor = actor_of(request)
    detail = _own(actor, household_id, gettext_noop("标注困难群众类别"))
    form = GroupForm(request.POST or None, subject=SubjectKind.HOUSEHOLD, initial={"valid_from": today()})
    return carry_out(
        request,
        form=form,
        act=_act(_("标注困难群众类别"), detail, _("标注")),
        perform=lambda: actions.tag_group(actor=actor, at=timezone.now(), household_id=household_id, **form.values()),
        done=_("已标注。"),
    )


@needs(Permission.FACT_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def household_fact(request: HttpRequest, household_id: int) -> HttpResponseBase:
    """Record a fact of the household: its variable first, then the value."""
    actor = actor_of(request)
    detail = _own(actor, household_id, gettext_noop("登记家庭情况"))
    return record_fact(
        request,
        actor,
        _act(_("登记家庭情况"), detail, _("登记")),
        SubjectKind.HOUSEHOLD,
        {"household_id": household_id},
    )


@needs(Permission.HOUSEHOLD_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def leave(request: HttpRequest, household_id: int, person_id: int) -> HttpResponseBase:
    """End a membership."""
    actor = actor_of(request)
    detail = _own(actor, household_id, gettext_noop("退出家庭"))
    members = dict(_all(detail))
    if person_id not in members:
        raise OutOfScope
    form = EndMembershipForm(request.POST or None, initial={"end_on": today()})
    return carry_out(
        request,
        form=form,
        act=_act(_("%(name)s退出家庭") % {"name": members[person_id]}, detail, _("确认退出"), is_danger=True),
        perform=lambda: actions.end_membership(
            actor=actor, at=timezone.now(), person_id=person_id, **form.cleaned_data
        ),
        done=_("已办理退出。"),
    )


def record_fact(
    request: HttpRequest, actor: Actor, act: Act, subject: SubjectKind, of: Mapping[str, int]
) -> HttpResponseBase:
    """The two steps by which a fact is recorded, for a household or a person."""
    key = request.GET.get("variable", "")
    variable = registry.public_variables().get(key)
    if variable is None or variable.subject is not subject:
        form = VariableForm(request.GET if "variable" in request.GET else None, subject=subject)
        form.is_valid()
        return show_act(request, form=form, act=act, template="workbench/registry/variable.html")
    fact_form = FactForm(request.POST or None, variable=variable, actor=actor, initial={"valid_from": today()})
    name = said(variable.zh, variable.en)
    return carry_out(
        request,
        form=fact_form,
        act=Act(_("登记：%(name)s") % {"name": name}, act.subject, act.back, act.submit),
        perform=lambda: actions.record_fact(actor=actor, at=timezone.now(), fact=fact_form.fact(**of)),
        done=_("已登记“%(name)s”。") % {"name": name},
        aliases={"variable": "value", key: "value"},
    )


def links(
    actor: Actor, acts: tuple[tuple[Permission, str, Callable[[], str]], ...], *place: int
) -> list[tuple[str, str]]:
    """The acts this actor may do, as labels and addresses."""
    return [
        (label(), reverse(f"workbench:registry:{name}", args=place))
        for permission, name, label in acts
        if actor.may(permission)
    ]


def _page(household_id: int) -> str:
    return reverse("workbench:registry:household", args=[household_id])


def _own(actor: Actor, household_id: int, purpose: str) -> Any:
    return registry.household_detail(actor=masked(actor), at=timezone.now(), household_id=household_id, purpose=purpose)


def _act(title: str, detail: Any, submit: str, *, lead: str = "", is_danger: bool = False) -> Act:
    head = detail.head.person.name if detail.head is not None else _("无户主")
    return Act(title, f"{head} · {detail.household.number}", _page(detail.household.id), submit, lead, is_danger)


def _all(detail: Any) -> list[tuple[int, str]]:
    return [(one.person.id, one.person.name) for one in detail.members]


def _others(detail: Any) -> list[tuple[int, str]]:
    return [(one.person.id, one.person.name) for one in detail.members if not one.is_head]


def _trail(request: HttpRequest, household_id: int, person_id: int | None, tab: str) -> HttpResponse:
    actor, at = actor_of(request), timezone.now()
    purpose = gettext_noop("查看变更历史") if tab == "history" else gettext_noop("查看查阅记录")
    detail = _own(actor, household_id, purpose)
    known = [*_all(detail), *((one.person_id, one.name) for one in detail.former_members)]
    head = detail.head.person.id if detail.head is not None else (known[0][0] if known else None)
    chosen = person_id if person_id is not None else head
    if person_id is not None and person_id not in dict(known):
        raise OutOfScope
    context: dict[str, object] = {
        "household": detail.household,
        "place": path_of(detail.household.division_code, today()),
        "head": detail.head.person.name if detail.head is not None else "",
        "tab": tab,
        "known": list(dict(known).items()),
        "chosen": chosen,
        "address": f"workbench:registry:household_{tab}_of",
    }
    if chosen is not None and tab == "history":
        context["entries"] = registry.history_of_person(actor=actor, at=at, person_id=chosen, purpose=purpose)
    elif chosen is not None:
        context["looks"] = registry.looks_at_person(actor=actor, at=at, person_id=chosen)
    return render(request, "workbench/registry/household_trail.html", context)


def _under_name(relation: str, age: int) -> str:
    """The second line of a box, short enough for it; the table below the drawing has the whole words."""
    if in_english():
        return f"{textwrap.shorten(relation, 20, placeholder='…')} · {age}"
    return f"{relation} · " + _("%(age)s岁") % {"age": age}


def _detail(actor: Actor, household_id: int, purpose: str) -> dict[str, object]:
    detail = registry.household_detail(actor=actor, at=timezone.now(), household_id=household_id, purpose=purpose)
    home = detail.household
    names = dict(_all(detail))
    tree = drawn(
        [
            [
                Relative(
                    name=one.person.name,
                    note=_under_name(said(one.relation_zh, one.relation_en), one.person.age),
                    href=reverse("workbench:registry:person", args=[one.person.id]),
                    is_head=one.is_head,
                    is_spouse=RELATION.is_spouse(one.relation),
                    is_counted=one.counts_as_member,
                )
                for one in generation.members
            ]
            for generation in detail.tree
        ]
    )
    shown = topics(
        [
            ("", None, detail.variables),
            *((one.person.name, one.person.id, one.variables) for one in detail.members),
        ]
    )
    return {
        "household": home,
        "place": path_of(home.division_code, today()),
        "kind": registered_name(RegisteredKind(home.registered_kind)),
        "flag": flag_name(home.flag) if home.flag else "",
        "head": detail.head.person.name if detail.head is not None else "",
        "tree": tree,
        "members": [
            {
                "person": one.person,
                "relation": said(one.relation_zh, one.relation_en),
                "sex": said(one.person.sex_zh, one.person.sex_en),
                "is_head": one.is_head,
                "counted": one.counts_as_member,
                "groups": [said(tag.zh, tag.en) for tag in one.groups if tag.valid_to is None],
                "custody": custody_name(one.person.custody),
                "protection": protection_name(one.person.protection),
                "conditions": [
                    said(v.current.shown, v.current.shown_en) for v in one.variables if v.key in _CONDITIONS
                ],
            }
            for one in detail.members
        ],
        "topics": shown,
        "conflicts": sum(topic.conflicts for topic in shown),
        "groups": [tag_line(tag) for tag in detail.groups],
        "events": [event_line(one, names) for one in detail.events],
        "former": [
            {
                "person_id": one.person_id,
                "name": one.name,
                "relation": said(one.relation_zh, one.relation_en),
                "start_on": one.start_on,
                "end_on": one.end_on,
                "reason": one.end_reason,
            }
            for one in detail.former_members
        ],
        "guardianships": [guardian_line(one) for one in detail.guardianships],
        "tab": "household",
    }


_CONDITIONS = frozenset(
    {"disability_type", "disability_grade", "illness_kind", "self_care", "student_stage", "employment"}
)


def tag_line(tag: Any) -> dict[str, object]:
    """A tag as shown."""
    return {
        "id": tag.id,
        "name": group_name(tag.group),
        "evidence": evidence_name(tag.evidence_kind),
        "ref": tag.evidence_ref,
        "valid_from": tag.valid_from,
        "valid_to": tag.valid_to,
    }


def event_line(one: Any, names: Mapping[int, str]) -> dict[str, object]:
    """A life event as shown."""
    return {
        "title": said(one.zh, one.en),
        "who": names.get(one.person_id, ""),
        "person_id": one.person_id,
        "on": one.happened_on,
        "evidence": one.evidence,
    }


def guardian_line(one: Any) -> dict[str, object]:
    """A guardianship as shown."""
    return {
        "id": one.id,
        "ward": one.ward_name,
        "ward_id": one.ward_id,
        "guardian": one.guardian_name,
        "guardian_id": one.guardian_id,
        "kind": guardianship_name(one.kind),
        "start_on": one.start_on,
        "end_on": one.end_on,
    }


def authorisation_line(one: Any) -> dict[str, object]:
    """An authorisation as shown."""
    known = registry.public_variables()
    return {
        "id": one.id,
        "department": department_name(one.department_code),
        "variables": [said(known[key].zh, known[key].en) for key in one.variables if key in known],
        "purpose": one.purpose,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "withdrawn_at": one.withdrawn_at,
        "is_live": one.is_live,
    }
