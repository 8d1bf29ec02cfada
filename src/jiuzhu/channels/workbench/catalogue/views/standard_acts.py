"""Acts on standards: propose, consult, approve, drop, publish, replace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.forms import Form
from jiuzhu.channels.workbench.catalogue.forms import PlainForm, ReasonForm
from jiuzhu.channels.workbench.catalogue.standard_forms import ConsultForm, ProposeForm, PublishStandardForm
from jiuzhu.channels.workbench.catalogue.views.pack_acts import sent
from jiuzhu.channels.workbench.catalogue.views.standards import floors_told, name_of, places_of
from jiuzhu.channels.workbench.catalogue.wording import verb_name
from jiuzhu.channels.workbench.registry.views.page import Act, carry_out, today
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.rooms.catalogue import actions, queries
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.states import STANDARDS

_TEMPLATE = "workbench/catalogue/act.html"
_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.STANDARD_PROPOSE)
@require_http_methods(_METHODS)
@idempotent
def propose(request: HttpRequest) -> HttpResponseBase:
    """Propose a figure; `q` narrows the list of figures by words, `parameter` and `division` choose from the board."""
    actor, on = actor_of(request), today()
    text = request.GET.get("q", "").strip()[:64]
    figures = queries.public_settable(on=on, text=text)
    chosen = {name: request.GET.get(name, "") for name in ("parameter", "division")}
    form = ProposeForm(sent(request), figures=figures, places=places_of(actor, on), initial=chosen)
    back = reverse("workbench:catalogue:proposals")
    return carry_out(
        request,
        form=form,
        act=Act(_("拟定标准"), _("标准的拟定和公布"), back, _("拟定")),
        perform=lambda: actions.propose_standard(
            actor=actor,
            at=timezone.now(),
            parameter=form.cleaned_data["parameter"],
            division=DivisionCode(form.cleaned_data["division"]),
            value=form.cleaned_data["value"],
            valid_from=form.cleaned_data["valid_from"],
            valid_to=form.cleaned_data["valid_to"],
            reasoning=form.cleaned_data["reasoning"],
        ),
        done=_("已拟定。下一步请征求意见。"),
        leads_to=lambda standard_id: reverse("workbench:catalogue:standard", args=[standard_id]),
        template="workbench/catalogue/propose.html",
        more={"text": text, "count": len(figures)},
    )


@needs(Permission.STANDARD_CONSULT)
@require_http_methods(_METHODS)
@idempotent
def consult(request: HttpRequest, standard_id: int) -> HttpResponseBase:
    """Record who was asked and what came of it."""
    actor = actor_of(request)
    return _step(
        request,
        standard_id,
        "consult",
        ConsultForm(sent(request)),
        lambda form: actions.consult_standard(
            actor=actor,
            at=timezone.now(),
            standard_id=standard_id,
            whom=form.cleaned_data["whom"],
            result=form.cleaned_data["result"],
        ),
        _("已登记征求意见的结果。下一步由另一人批准。"),
    )


@needs(Permission.STANDARD_APPROVE)
@require_http_methods(_METHODS)
@idempotent
def approve(request: HttpRequest, standard_id: int) -> HttpResponseBase:
    """Approve a standard that is not below a floor."""
    actor = actor_of(request)
    return _step(
        request,
        standard_id,
        "approve",
        PlainForm(sent(request)),
        lambda _form: actions.approve_standard(actor=actor, at=timezone.now(), standard_id=standard_id),
        _("已批准。下一步请以文件公布。"),
        lead=_("低于规定最低标准的不能批准；拟定的人不能批准自己拟定的标准。"),
    )


@needs(Permission.STANDARD_DROP)
@require_http_methods(_METHODS)
@idempotent
def drop(request: HttpRequest, standard_id: int) -> HttpResponseBase:
    """Drop a standard that has not been approved."""
    actor = actor_of(request)
    return _step(
        request,
        standard_id,
        "drop",
        ReasonForm(sent(request)),
        lambda form: actions.drop_standard(
            actor=actor, at=timezone.now(), standard_id=standard_id, reason=form.cleaned_data["reason"]
        ),
        _("已登记未通过。"),
        is_danger=True,
    )


@needs(Permission.STANDARD_PUBLISH)
@require_http_methods(_METHODS)
@idempotent
def publish(request: HttpRequest, standard_id: int) -> HttpResponseBase:
    """Publish an approved standard by a document."""
    actor = actor_of(request)
    return _step(
        request,
        standard_id,
        "publish",
        PublishStandardForm(sent(request)),
        lambda form: actions.publish_standard(
            actor=actor,
            at=timezone.now(),
            standard_id=standard_id,
            document_title=form.cleaned_data["document_title"],
            document_number=form.cleaned_data["document_number"],
            effective_on=form.cleaned_data["effective_on"],
        ),
        _("已公布。从执行日期起，各项办理按新标准计算。"),
        lead=_("公布后任何人都能在“救助标准”页面看到；同一地区原来的标准在执行日期前一天终止。"),
    )


@needs(Permission.STANDARD_REPLACE)
@require_http_methods(_METHODS)
@idempotent
def replace(request: HttpRequest, standard_id: int) -> HttpResponseBase:
    """Record that a later standard has taken its place."""
    actor = actor_of(request)
    return _step(
        request,
        standard_id,
        "replace",
        PlainForm(sent(request)),
        lambda _form: actions.replace_standard(actor=actor, at=timezone.now(), standard_id=standard_id),
        _("已登记被替代。"),
        lead=_("新标准执行之日起登记。"),
    )


def _step(
    request: HttpRequest,
    standard_id: int,
    verb: str,
    form: Form,
    perform: Callable[[Form], object],
    done: str,
    *,
    lead: str = "",
    is_danger: bool = False,
) -> HttpResponseBase:
    """The page of one step of a standard of the actor's own area."""
    actor, on = actor_of(request), today()
    one = queries.standard(actor=actor, at=timezone.now(), standard_id=standard_id)
    actor.require_scope(one.division)
    name = verb_name(STANDARDS, verb)
    floors = one.floors
    if floors is None:
        floors = queries.public_floors(
            parameter=one.parameter, value=one.value, division=one.division, on=one.period.start
        )
    back = reverse("workbench:catalogue:standard", args=[standard_id])
    return carry_out(
        request,
        form=form,
        act=Act(name, name_of(one, on), back, name, lead, is_danger=is_danger),
        perform=lambda: perform(form),
        done=done,
        template=_TEMPLATE,
        more={"facts": [(_("最低标准"), told) for told in floors_told(floors)] if verb == "approve" else []},
    )
