"""What the pages of acts have in common: a form, one act of the room, a message, and the way back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string

from jiuzhu.channels.kit.forms import Form
from jiuzhu.channels.kit.wording import said
from jiuzhu.channels.workbench.registry.forms.fields import place_refusal
from jiuzhu.core.actors import Actor, PermissionRefused
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, NotFound, Refusal
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry.permissions import Permission

_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Act:
    """An act's page: its title, whose act it is, where it leads back to, the word on its button."""

    title: str
    subject: str
    back: str
    submit: str
    lead: str = ""
    is_danger: bool = False


def masked(actor: Actor) -> Actor:
    """The same officer without the right to whole numbers: pages show them only when they are asked for."""
    return replace(actor, permissions=actor.permissions - {Permission.PERSON_SEE_IDENTITY.value})


def new_key() -> str:
    """A key under which a form takes effect once."""
    return get_random_string(_KEY_LENGTH)


def path_of(division_code: str, on: date) -> str:
    """The names of a division and those around it, from the highest down."""
    found = organization.public_path(DivisionCode(division_code), on)
    return " / ".join(said(one.name, one.name_en or one.name) for one in found)


def carry_out(
    request: HttpRequest,
    *,
    form: Form,
    act: Act,
    perform: Callable[[], object],
    done: str,
    leads_to: Callable[[object], str] | None = None,
    aliases: Mapping[str, str] | None = None,
    template: str = "workbench/registry/act.html",
    more: Mapping[str, object] | None = None,
) -> HttpResponseBase:
    """Show the form; when it is sent and complete, act and lead on with a message.

    Refusals of the room stand at the fields they name. What the actor may not do or see goes on as 403 or 404.

    Raises:
        PermissionRefused, NotFound: from the act.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    result = perform()
            except (PermissionRefused, NotFound):
                raise
            except Refusal as refusal:
                place_refusal(form, refusal, aliases=aliases)
                status = 409 if isinstance(refusal, Conflict) else 422
            else:
                messages.success(request, done)
                return redirect(leads_to(result) if leads_to is not None else act.back)
    return show_act(request, form=form, act=act, status=status, template=template, more=more)


def show_act(
    request: HttpRequest,
    *,
    form: Form,
    act: Act,
    status: int = 200,
    template: str = "workbench/registry/act.html",
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The page of an act."""
    context = {"form": form, "act": act, "key": request.POST.get("idempotency_key") or new_key(), **(more or {})}
    return render(request, template, context, status=status)


def today() -> date:
    """The day of the request, in the city's time."""
    return timezone.localdate()
