"""Importing household rolls: template, upload, check, preview, decision, progress, error file."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import said
from jiuzhu.channels.workbench.registry.forms.acts import ReasonForm
from jiuzhu.channels.workbench.registry.forms.fields import place_refusal
from jiuzhu.channels.workbench.registry.forms.rolls import DecisionForm, UploadForm
from jiuzhu.channels.workbench.registry.views.page import Act, carry_out, new_key, path_of, today
from jiuzhu.channels.workbench.registry.views.search import file_response
from jiuzhu.core.actors import Actor, PermissionRefused
from jiuzhu.core.errors import NotFound, Refusal
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.groundwork.tasks import progress
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import ROLLS, RollMode, RollSeverity, RollState

_RUNNING = (RollState.UPLOADED, RollState.IMPORTING)
_TAGS = {
    RollState.UPLOADED: "info",
    RollState.CHECKED: "warning",
    RollState.IMPORTING: "info",
    RollState.FINISHED: "success",
    RollState.CANCELLED: "neutral",
}


@needs(Permission.HOUSEHOLD_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def rolls(request: HttpRequest) -> HttpResponseBase:
    """The imports of the area, and the upload of another roll."""
    actor = actor_of(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                with transaction.atomic():
                    uploaded = actions.upload_roll(
                        actor=actor,
                        at=timezone.now(),
                        content=file.read(),
                        name=file.name,
                        request_id=getattr(request, "request_id", ""),
                    )
            except (PermissionRefused, NotFound):
                raise
            except Refusal as refusal:
                place_refusal(form, refusal)
                if not form.errors.get("file"):
                    form.add_error("file", form.errors.pop("__all__"))
            else:
                if uploaded.is_new:
                    messages.success(request, _("已上传，正在校验。可以离开本页，稍后再看。"))
                else:
                    messages.info(request, _("内容相同的花名册已经上传过，没有重复导入，下面是那一次的情况。"))
                return redirect("workbench:registry:roll", uploaded.roll.id)
    found = registry.roll_list(actor=actor)
    context = {"form": form, "rolls": [_line(roll) for roll in found], "key": new_key()}
    return render(request, "workbench/registry/rolls.html", context, status=status)


@needs(Permission.HOUSEHOLD_REGISTER)
@require_GET
def roll_template(request: HttpRequest) -> HttpResponse:
    """The template with the villages of the area."""
    made = registry.roll_template(actor=actor_of(request), at=timezone.now())
    return file_response(made.name, made.content)


@needs(Permission.HOUSEHOLD_REGISTER)
@require_GET
def roll(request: HttpRequest, roll_id: int) -> HttpResponse:
    """Where an import stands: progress, what the check found, what to decide, what was imported."""
    return _roll_page(request, roll_id)


@needs(Permission.HOUSEHOLD_REGISTER)
@require_GET
def roll_progress(request: HttpRequest, roll_id: int) -> HttpResponse:
    """The progress alone for a page that asks again and again; opened by itself it is the whole page."""
    if request.headers.get("HX-Request") != "true":
        return _roll_page(request, roll_id)
    actor = actor_of(request)
    preview = registry.roll_preview(actor=actor, roll_id=roll_id, limit=1)
    context = {"roll": _line(preview.roll), **_progress(actor, preview.roll, timezone.now())}
    response = render(request, "workbench/registry/roll_progress.html", context)
    if preview.roll.state not in _RUNNING:
        # what follows is another page: preview or result
        response.headers["HX-Refresh"] = "true"
    return response


@needs(Permission.HOUSEHOLD_REGISTER)
@require_GET
def roll_errors(request: HttpRequest, roll_id: int) -> HttpResponse:
    """The rows of households with errors, each with what to correct."""
    made = registry.roll_error_file(actor=actor_of(request), roll_id=roll_id)
    return file_response(made.name, made.content)


@needs(Permission.HOUSEHOLD_REGISTER)
@require_POST
@idempotent
def roll_confirm(request: HttpRequest, roll_id: int) -> HttpResponseBase:
    """Decide to import."""
    actor = actor_of(request)
    try:
        mode = RollMode(request.POST.get("mode", ""))
    except ValueError:
        return _roll_page(request, roll_id, error=_("请选择“导入方式”。"))
    try:
        with transaction.atomic():
            actions.confirm_roll(
                actor=actor,
                at=timezone.now(),
                roll_id=roll_id,
                mode=mode,
                request_id=getattr(request, "request_id", ""),
            )
    except (PermissionRefused, NotFound):
        raise
    except Refusal as refusal:
        return _roll_page(request, roll_id, error=said(refusal.message_zh, refusal.message_en))
    messages.success(request, _("已开始导入。可以离开本页，稍后再看。"))
    return redirect("workbench:registry:roll", roll_id)


@needs(Permission.HOUSEHOLD_REGISTER)
@require_POST
@idempotent
def roll_continue(request: HttpRequest, roll_id: int) -> HttpResponseBase:
    """Take up again what was interrupted."""
    actions.continue_roll(
        actor=actor_of(request),
        at=timezone.now(),
        roll_id=roll_id,
        request_id=getattr(request, "request_id", ""),
    )
    messages.success(request, _("已重新开始。已经导入的家庭不会重复导入。"))
    return redirect("workbench:registry:roll", roll_id)


@needs(Permission.HOUSEHOLD_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def roll_cancel(request: HttpRequest, roll_id: int) -> HttpResponseBase:
    """Give a roll up before it is imported."""
    actor = actor_of(request)
    preview = registry.roll_preview(actor=actor, roll_id=roll_id, limit=1)
    form = ReasonForm(request.POST or None)
    return carry_out(
        request,
        form=form,
        act=Act(
            _("取消导入"),
            preview.roll.file_name,
            reverse("workbench:registry:roll", args=[roll_id]),
            _("取消导入"),
            is_danger=True,
        ),
        perform=lambda: actions.cancel_roll(
            actor=actor, at=timezone.now(), roll_id=roll_id, reason=form.cleaned_data["reason"]
        ),
        done=_("已取消，没有导入任何家庭。"),
        leads_to=lambda _roll: reverse("workbench:registry:rolls"),
    )


def _roll_page(request: HttpRequest, roll_id: int, *, error: str = "") -> HttpResponse:
    actor = actor_of(request)
    preview = registry.roll_preview(actor=actor, roll_id=roll_id, after=request.GET.get("after", ""))
    one = preview.roll
    context = {
        "roll": _line(one),
        "place": path_of(one.division_code, today()),
        "problems": [
            {
                "row": problem.row,
                "column": said(problem.column_zh, problem.column_en),
                "message": said(problem.message_zh, problem.message_en),
                "is_error": problem.severity is RollSeverity.ERROR,
            }
            for problem in preview.problems
        ],
        "following": f"?after={preview.next_after}" if preview.next_after else "",
        "good": one.households - one.households_with_errors,
        "left_out": one.households - one.households_imported,
        "decision": DecisionForm(with_errors=one.households_with_errors),
        "key": new_key(),
        "error": error,
        **_progress(actor, one, timezone.now()),
    }
    return render(request, "workbench/registry/roll.html", context, status=422 if error else 200)


def _line(one: registry.RollView) -> dict[str, Any]:
    return {
        "id": one.id,
        "file_name": one.file_name,
        "state": one.state.value,
        "state_name": ROLLS.name(one.state, "en" if said("", "en") else "zh"),
        "tag": _TAGS[one.state],
        "rows": one.rows,
        "households": one.households,
        "households_with_errors": one.households_with_errors,
        "errors": one.errors,
        "warnings": one.warnings,
        "households_imported": one.households_imported,
        "persons_imported": one.persons_imported,
        "uploaded_at": one.uploaded_at,
        "finished_at": one.finished_at,
        "by_name": one.by_name,
        "is_running": one.state in _RUNNING,
        "may_cancel": one.state in (RollState.UPLOADED, RollState.CHECKED),
    }


def _progress(actor: Actor, one: registry.RollView, at: datetime) -> dict[str, object]:
    """How far the running step has come; another account's progress is not shown, only the state."""
    if one.state not in _RUNNING:
        return {}
    try:
        view = progress.progress_of(one.progress_key, actor=actor)
    except NotFound:
        return {"bar": None}
    return {"bar": view, "done": view.done + view.failed, "left": _left(view, at), "stopped": view.ended}


def _left(view: progress.ProgressView, at: datetime) -> str:
    """How long the rest takes at the pace so far."""
    done = view.done + view.failed
    if view.started_at is None or not view.total or not done:
        return _("正在准备。可以离开本页，回来再看。")
    left = (at - view.started_at) * (view.total - done) / done
    minutes = max(1, round(left / timedelta(minutes=1)))
    return _("大约还需%(minutes)s分钟。可以离开本页，回来再看。") % {"minutes": minutes}
