"""Registering a household: fill in, read again, confirm."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.registry.forms.fields import place_refusal
from jiuzhu.channels.workbench.registry.forms.registration import RegistrationForms
from jiuzhu.channels.workbench.registry.views.page import new_key, today
from jiuzhu.core.actors import Actor, PermissionRefused
from jiuzhu.core.errors import Conflict, Refusal
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import RegisteredKind


@needs(Permission.HOUSEHOLD_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def register(request: HttpRequest) -> HttpResponseBase:
    """The form; one more or one fewer member; the answers to read again; the registration itself."""
    actor = actor_of(request)
    forms = RegistrationForms(request.POST or None, actor=actor, on=today())
    if request.method != "POST":
        return _form(request, forms)
    step = request.POST.get("step", "check")
    if step == "add":
        if not forms.add():
            messages.error(request, _("一户最多登记20名成员，其余的请在登记后增加。"))
        return _form(request, forms, focus=len(forms.rows) - 1)
    if step.startswith("remove-"):
        forms.remove(int(step.removeprefix("remove-")) if step.removeprefix("remove-").isdigit() else -1)
        return _form(request, forms)
    if step == "edit":
        return _form(request, forms)
    if not forms.is_valid():
        return _form(request, forms, status=422)
    try:
        made = _registered(actor, forms, for_good=step == "confirm")
    except PermissionRefused:
        raise
    except Refusal as refusal:
        _place(forms, refusal)
        return _form(request, forms, status=409 if isinstance(refusal, Conflict) else 422)
    if step != "confirm":
        context = {"pages": forms.answers(), "sent": _sent(request), "key": new_key()}
        return render(request, "workbench/registry/register_check.html", context)
    messages.success(request, _("已登记家庭，户编号 %(number)s。") % {"number": made.number})
    return redirect("workbench:registry:household", made.household_id)


def _registered(actor: Actor, forms: RegistrationForms, *, for_good: bool) -> actions.RegisteredHousehold:
    """Register; without `for_good` only to find out what the room says, and nothing is kept."""
    entered = forms.household.cleaned_data
    with transaction.atomic():
        made = actions.register_household(
            actor=actor,
            at=timezone.now(),
            division_code=entered["division_code"],
            registered_kind=RegisteredKind(entered["registered_kind"]),
            members=[member.member() for member in forms.members],
            address=entered["address"],
            place=entered["place"],
            opened_on=entered["opened_on"],
        )
        if not for_good:
            transaction.set_rollback(True)
    return made


def _place(forms: RegistrationForms, refusal: Refusal) -> None:
    """At the member's form when the refusal names a row, else at the household's."""
    row = refusal.row
    if row is not None and 1 <= row <= len(forms.members):
        place_refusal(forms.members[row - 1], refusal)
    elif refusal.field == "relation":
        place_refusal(forms.members[0], refusal)
    else:
        place_refusal(forms.household, refusal)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    left_out = {"csrfmiddlewaretoken", "step", "idempotency_key"}
    return [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]


def _form(
    request: HttpRequest, forms: RegistrationForms, *, status: int = 200, focus: int | None = None
) -> HttpResponse:
    context = {
        "forms": forms,
        "members": list(zip(forms.rows, forms.members, strict=True)),
        "has_errors": any(form.is_bound and form.errors for form in forms.all) and status != 200,
        "focus": focus,
    }
    fragment = request.headers.get("HX-Target") == "members" and request.headers.get("HX-Request") == "true"
    template = "workbench/registry/register_members.html" if fragment else "workbench/registry/register.html"
    return render(request, template, context, status=status)
