"""Persons registered twice: the desk, the comparison side by side, merging and dismissing."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import document_name, group_name, in_english, listed, said
from jiuzhu.channels.workbench.registry.forms.merging import DismissForm, MergeForm, OtherForm
from jiuzhu.channels.workbench.registry.forms.search import CountsForm
from jiuzhu.channels.workbench.registry.views.page import Act, carry_out, masked, path_of, today
from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission


@needs(Permission.PERSON_MERGE)
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that look like one person, the likeliest first."""
    actor = actor_of(request)
    form = CountsForm(request.GET, actor=actor, on=today())
    context: dict[str, object] = {"form": form}
    area = actor.scope.division
    chosen = DivisionCode(form.cleaned_data["division"]) if form.is_valid() and form.cleaned_data["division"] else area
    if chosen is not None and chosen.level >= DivisionLevel.COUNTY:
        found = registry.find_duplicates(actor=actor, division=chosen)
        context["found"] = found
        context["pairs"] = [
            {
                "first": _line(pair.first),
                "second": _line(pair.second),
                "score": pair.score,
                "reasons": said("；", "; ").join(pair.reasons_en if in_english() else pair.reasons_zh),
            }
            for pair in found.pairs
        ]
    return render(request, "workbench/registry/duplicates.html", context, status=422 if form.errors else 200)


@needs(Permission.PERSON_MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def compare(request: HttpRequest, person_id: int, other_id: int) -> HttpResponseBase:
    """Two records side by side, and which of them is kept."""
    actor, on = actor_of(request), today()
    first, second = _detail(actor, person_id), _detail(actor, other_id)
    form = MergeForm(
        request.POST or None,
        records=[(one.person.id, one.person.name, one.person.document_number) for one in (first, second)],
    )

    def merge() -> object:
        kept = int(form.cleaned_data["kept"])
        return actions.merge_persons(
            actor=actor,
            at=timezone.now(),
            kept_id=kept,
            merged_id=other_id if kept == person_id else person_id,
            reason=form.cleaned_data["reason"],
        )

    def kept_page(merge_id: object) -> str:
        return f"{reverse('workbench:registry:person', args=[int(form.cleaned_data['kept'])])}?merge={merge_id}"

    return carry_out(
        request,
        form=form,
        act=Act(
            _("比对两条记录"),
            first.person.name,
            reverse("workbench:registry:duplicates"),
            _("合并"),
            lead=_("合并后，被合并记录的情况、事件、类别和监护关系转入保留的记录；合并可以撤销。"),
        ),
        perform=merge,
        done=_("已合并。"),
        leads_to=kept_page,
        template="workbench/registry/compare.html",
        more={
            "ids": (person_id, other_id),
            "lines": _compared(first, second, on),
        },
    )


@needs(Permission.PERSON_MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def dismiss(request: HttpRequest, person_id: int, other_id: int) -> HttpResponseBase:
    """Note that two records are two persons."""
    actor = actor_of(request)
    first, second = _detail(actor, person_id), _detail(actor, other_id)
    form = DismissForm(request.POST or None)
    return carry_out(
        request,
        form=form,
        act=Act(
            _("不是同一人"),
            f"{first.person.name} · {second.person.name}",
            reverse("workbench:registry:duplicates"),
            _("确认不是同一人"),
            lead=_("确认后，这两条记录不再列为疑似重复。"),
        ),
        perform=lambda: actions.dismiss_duplicate(
            actor=actor,
            at=timezone.now(),
            person_ids=(person_id, other_id),
            reason=form.cleaned_data["reason"],
        ),
        done=_("已记录：不是同一人。"),
    )


@needs(Permission.PERSON_MERGE)
@require_GET
def merge_with(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Which other record this one is to be compared with, by its number."""
    detail = _detail(actor_of(request), person_id)
    form = OtherForm(request.GET if "other" in request.GET else None, person_id=person_id)
    if form.is_bound and form.is_valid():
        return redirect("workbench:registry:compare", person_id, form.cleaned_data["other"])
    back = reverse("workbench:registry:person", args=[person_id])
    act = Act(_("与另一人合并"), detail.person.name, back, _("比对"))
    context = {"form": form, "act": act}
    return render(request, "workbench/registry/variable.html", context, status=422 if form.errors else 200)


def _line(one: Any) -> dict[str, object]:
    return {
        "id": one.person_id,
        "name": one.name,
        "sex": said(*SEX.names(one.sex)),
        "birth_date": one.birth_date,
        "number": one.document_number,
        "household_id": one.household_id,
        "household": one.household_number,
        "died_on": one.died_on,
    }


def _detail(actor: Actor, person_id: int) -> Any:
    return registry.person_detail(
        actor=masked(actor), at=timezone.now(), person_id=person_id, purpose=gettext_noop("比对疑似重复")
    )


def _compared(first: Any, second: Any, on: date) -> list[dict[str, object]]:
    rows = []
    for label, one, other in zip(_labels(), _values(first, on), _values(second, on), strict=True):
        rows.append({"label": label, "one": one or "—", "other": other or "—", "differs": one != other})
    return rows


def _labels() -> tuple[str, ...]:
    return (
        _("编号"), _("姓名"), _("性别"), _("出生日期"), _("证件"), _("联系电话"), _("民族"), _("婚姻状况"),
        _("所在村（居）"), _("现有家庭"), _("困难群众类别"), _("登记的情况"), _("生活事件"), _("死亡日期"),
    )  # fmt: skip


def _values(detail: Any, on: date) -> tuple[str, ...]:
    one = detail.person
    home = detail.household
    return (
        str(one.id),
        one.name,
        said(one.sex_zh, one.sex_en),
        str(one.birth_date),
        f"{document_name(one.document_kind)} {one.document_number}",
        one.phone,
        said(one.ethnicity_zh, one.ethnicity_en),
        said(one.marital_zh, one.marital_en),
        path_of(one.division_code, on),
        f"{home.household_number} {said(home.relation_zh, home.relation_en)}" if home is not None else "",
        listed(group_name(tag.group) for tag in detail.groups if tag.valid_to is None),
        _("%(count)s项") % {"count": len(detail.variables)},
        _("%(count)s件") % {"count": len(detail.events)},
        str(one.died_on or ""),
    )
