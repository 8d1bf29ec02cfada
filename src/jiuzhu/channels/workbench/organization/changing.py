"""How every change is made: fill in, see what follows, confirm. Works without script; nothing is written before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jiuzhu.channels.kit.wording import listed
from jiuzhu.channels.workbench.organization.forms import YuanField
from jiuzhu.channels.workbench.templatetags.workbench_organization import yuan
from jiuzhu.core.actors import PermissionRefused
from jiuzhu.core.errors import Refusal
from jiuzhu.core.periods import InvalidPeriod
from jiuzhu.groundwork.idempotency.views import FIELD as KEY
from jiuzhu.groundwork.idempotency.views import idempotent

Values = Mapping[str, Any]

_KEY_LENGTH = 32
# what the room calls a value, and what a form does
_ALSO_CALLED = {
    "office_id": "office_code",
    "post_id": "post",
    "successor_id": "successor",
    "seats": "head_is_principal",
    "valid_from": "day",
}


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the path to a page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A search field of its own: its parameter, label, hint and what it holds now."""

    name: str
    label: str
    hint: str
    value: str


@dataclass(frozen=True, slots=True)
class Change:
    """What the page of a change says, and where it leads.

    `consequences` tells, from the values filled in, what the change brings with it; a change that
    `asks` is confirmed on a page of its own. `notes` are said before anything is filled in. `elsewhere` is a field by
    which the same page opens for another thing. `template` draws the form.
    """

    title: str
    submit: str
    done: str
    back: str
    crumbs: Sequence[Crumb] = ()
    lead: str = ""
    basis: str = ""
    asks: bool = True
    danger: bool = False
    consequences: Callable[[Values], Sequence[str]] | None = None
    target: Callable[[Any], str] | None = None
    notes: Sequence[str] = ()
    elsewhere: Elsewhere | None = None
    template: str = "workbench/organization/change.html"


class _TakenBack(Exception):  # noqa: N818 (carries a rehearsal out of its transaction)
    pass


def rehearse(act: Callable[[], object]) -> None:
    """Do it and take it back, so that every rule has had its say before anyone confirms.

    Raises:
        Refusal: whatever the action refuses.
    """
    try:
        with transaction.atomic():
            act()
            raise _TakenBack
    except _TakenBack:
        return


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the values sent, None while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def changes(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that looks and changes. Only pages from which a change is made carry a key, and it is made once a key."""
    once = idempotent(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        # going back from the confirmation leaves its key unused
        return (view if "back" in request.POST else once)(request, *args, **named)

    return require_http_methods(["GET", "HEAD", "POST"])(wrapped)


def change_page(
    request: HttpRequest,
    change: Change,
    form: forms.Form,
    act: Callable[[Values], object],
) -> HttpResponseBase:
    """Show the form, check it with the room's own rules, ask once, do it, and lead on with a message."""
    if request.method != "POST":
        return _draw(request, change, form)
    if not form.is_valid():
        return _draw(request, change, form, status=422)
    if "back" in request.POST:
        return _draw(request, change, form)
    values = form.cleaned_data
    sure = "sure" in request.POST or not change.asks
    try:
        outcome = None
        if sure:
            outcome = act(values)
        else:
            rehearse(lambda: act(values))
    except PermissionRefused:
        raise
    except Refusal as refusal:
        add_refusal(form, refusal)
        return _draw(request, change, form, status=422)
    if not sure:
        return _ask(request, change, form)
    messages.success(request, change.done)
    return redirect(change.target(outcome) if change.target else change.back)


@contextmanager
def concerning(field: str) -> Iterator[None]:
    """Say which field a refusal is about that does not know it: a code typed in, under which nothing was found."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = refusal.field or field
        raise


def add_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal where the reader looks for it: at its field, else above the form."""
    named = refusal.field or ""
    wanted = [named, _ALSO_CALLED.get(named, ""), *(("valid_to", "day") if isinstance(refusal, InvalidPeriod) else ())]
    place = next((name for name in wanted if name in form.fields), None)
    form.add_error(place, refusal.message(get_language() or "zh-hans"))


def new_key() -> str:
    """A key under which a page's form takes effect once."""
    return get_random_string(_KEY_LENGTH)


def shown_values(form: forms.Form) -> list[tuple[str, str]]:
    """Label and value of every field that was filled in, for reading over; mappings are told as consequences."""
    shown = []
    for bound in form.visible_fields():
        value = form.cleaned_data.get(bound.name)
        text = "" if isinstance(value, Mapping) else _shown(bound, value)
        if text:
            shown.append((str(bound.label), text))
    return shown


def _shown(bound: forms.BoundField, value: Any) -> str:
    asked = bound.field
    if isinstance(asked, forms.BooleanField):
        return gettext("是") if value else gettext("否")
    if isinstance(asked, forms.ChoiceField):
        names = {str(key): str(name) for key, name in _flat(asked.choices)}
        wanted = value if isinstance(value, list | tuple) else [value]
        return listed(names.get(str(one), str(one)) for one in wanted if one not in (None, ""))
    if isinstance(asked, YuanField):
        return yuan(value) if value is not None else ""
    if isinstance(value, list):
        return str(bound.value() or "").strip()  # the lines as they were written
    return "" if value is None else str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found = []
    for key, name in choices:
        found += list(name) if isinstance(name, list | tuple) else [(key, name)]
    return found


def _draw(request: HttpRequest, change: Change, form: forms.Form, *, status: int = 200) -> HttpResponse:
    context = {
        "change": change,
        "form": form,
        "submit": _("下一步：核对") if change.asks else change.submit,
        # a form that comes back with an error has taken no effect and keeps its key
        "key": "" if change.asks else request.POST.get(KEY) or new_key(),
    }
    return render(request, change.template, context, status=status)


def _ask(request: HttpRequest, change: Change, form: forms.Form) -> HttpResponse:
    consequences = change.consequences(form.cleaned_data) if change.consequences else ()
    return render(
        request,
        "workbench/organization/confirm.html",
        {
            "change": change,
            "form": form,
            "values": shown_values(form),
            "consequences": consequences,
            "key": new_key(),
        },
    )
