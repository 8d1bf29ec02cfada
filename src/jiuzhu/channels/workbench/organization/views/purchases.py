"""The list of purchased services: how each is bought, supervised and evaluated."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization import forms
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.organization.placing import area_of
from jiuzhu.channels.workbench.templatetags.workbench_organization import yuan
from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import NotFound
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries import ServiceView
from jiuzhu.rooms.organization.states import SERVICE_STATE_NAMES, ProcurementMethod, ServiceState


@needs(Permission.SERVICE_VIEW)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The list, the newest first."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    before = request.GET.get("before", "")
    page = queries.purchased_services(
        actor=actor,
        state=ServiceState(state) if state in set(ServiceState) else None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    following = ""
    if page.next_before is not None:
        parameters = request.GET.copy()
        parameters["before"] = str(page.next_before)
        following = f"?{parameters.urlencode()}"
    return render(
        request,
        "workbench/organization/services.html",
        {
            "page": page,
            "places": queries.public_divisions([row.division for row in page.rows], timezone.localdate()),
            "states": forms.options(SERVICE_STATE_NAMES.items(), empty=_("全部")),
            "state": state,
            "following": following,
            "may_record": actor.may(Permission.SERVICE_RECORD),
            "may_evaluate": actor.may(Permission.SERVICE_EVALUATE),
        },
    )


@needs(Permission.SERVICE_RECORD)
@changes
def record(request: HttpRequest) -> HttpResponseBase:
    """A new item of the list, for the actor's own division."""
    actor = actor_of(request)
    change = Change(
        title=_("登记政府购买服务项目"),
        submit=_("确认登记"),
        done=_("已列入清单。"),
        back=_home(),
        crumbs=_crumbs(),
    )

    def act(values: Values) -> int:
        return actions.record_purchased_service(
            actor=actor,
            at=timezone.now(),
            division=area_of(actor),
            code=values["code"],
            name=values["name"],
            content=values["content"],
            method=ProcurementMethod(values["method"]),
            procedure_note=values["procedure_note"],
            budget_fen=values["budget_fen"],
        )

    return change_page(request, change, forms.ServiceForm(posted(request)), act)


@needs(Permission.SERVICE_RECORD)
@changes
def contract(request: HttpRequest, service_id: int) -> HttpResponseBase:
    """Who provides the service."""
    actor, service = _begin(request, service_id)
    change = Change(
        title=_("登记合同"),
        lead=_("%(name)s，预算%(budget)s") % {"name": service.name, "budget": yuan(service.budget_fen)},
        submit=_("确认登记"),
        done=_("已登记合同。"),
        back=_home(),
        crumbs=_crumbs(),
    )

    def act(values: Values) -> None:
        actions.contract_purchased_service(
            actor=actor,
            at=timezone.now(),
            service_id=service_id,
            provider=values["provider"],
            provider_is_social_organization=values["provider_is_social_organization"],
            contract_number=values["contract_number"],
            contract_fen=values["contract_fen"],
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
        )

    return change_page(request, change, forms.ContractForm(posted(request)), act)


@needs(Permission.SERVICE_EVALUATE)
@changes
def evaluate(request: HttpRequest, service_id: int) -> HttpResponseBase:
    """What supervision found, and the score."""
    actor, service = _begin(request, service_id)
    change = Change(
        title=_("监督评估"),
        lead=f"{service.name} · {service.provider}",
        submit=_("确认评估"),
        done=_("已登记评估结果。"),
        back=_home(),
        crumbs=_crumbs(),
    )

    def act(values: Values) -> None:
        actions.evaluate_purchased_service(
            actor=actor,
            at=timezone.now(),
            service_id=service_id,
            score=values["score"],
            supervision_note=values["supervision_note"],
            evaluation_note=values["evaluation_note"],
        )

    return change_page(request, change, forms.EvaluationForm(posted(request)), act)


@needs(Permission.SERVICE_RECORD)
@changes
def cancel(request: HttpRequest, service_id: int) -> HttpResponseBase:
    """Take a service without a contract off the list."""
    actor, service = _begin(request, service_id)
    change = Change(
        title=_("取消项目"),
        lead=service.name,
        submit=_("确认取消"),
        done=_("已取消项目。"),
        back=_home(),
        crumbs=_crumbs(),
        danger=True,
    )

    def act(values: Values) -> None:
        actions.cancel_purchased_service(actor=actor, at=timezone.now(), service_id=service_id, reason=values["reason"])

    return change_page(request, change, forms.ReasonForm(posted(request)), act)


def _begin(request: HttpRequest, service_id: int) -> tuple[Actor, ServiceView]:
    actor = actor_of(request)
    rows = queries.purchased_services(actor=actor, before=service_id + 1, limit=1).rows
    if not rows or rows[0].id != service_id:
        raise NotFound("organization.not_found", "未找到该服务项目，请核对", "There is no such service; check it.")
    return actor, rows[0]


def _home() -> str:
    return reverse("workbench:organization:services")


def _crumbs() -> list[Crumb]:
    return [Crumb(_("政府购买服务"), _home())]
