"""How every change is made: fill in, see what follows, confirm. Works without script; nothing is written before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.core.actors import PermissionRefused
from jiuzhu.core.errors import Refusal

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the path to a page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Change:
    """What the page of a change says, and where it leads.

    `consequences` tells, from the values filled in, what the change brings with it; a change that
    `asks` is confirmed on a page of its own. `notes` are said before anything is filled in.
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


def add_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal where the reader looks for it: at its field, else above the form."""
    place = refusal.field if refusal.field in form.fields else None
    form.add_error(place, refusal.message(get_language() or "zh-hans"))


def shown_values(form: forms.Form) -> list[tuple[str, str]]:
    """Label and value of every field that was filled in, for reading over."""
    shown = []
    for bound in form.visible_fields():
        value = form.cleaned_data.get(bound.name)
        text = _shown(bound.field, value)
        if text:
            shown.append((str(bound.label), text))
    return shown


def _shown(asked: forms.Field, value: Any) -> str:
    if isinstance(asked, forms.BooleanField):
        return gettext("是") if value else gettext("否")
    if isinstance(asked, forms.ChoiceField):
        names = {str(key): str(name) for key, name in _flat(asked.choices)}
        wanted = value if isinstance(value, list | tuple) else [value]
        return "、".join(names.get(str(one), str(one)) for one in wanted if one not in (None, ""))
    return "" if value is None else str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found = []
    for key, name in choices:
        found += list(name) if isinstance(name, list | tuple) else [(key, name)]
    return found


def _draw(request: HttpRequest, change: Change, form: forms.Form, *, status: int = 200) -> HttpResponse:
    context = {"change": change, "form": form, "submit": _("下一步：核对") if change.asks else change.submit}
    return render(request, "workbench/organization/change.html", context, status=status)


def _ask(request: HttpRequest, change: Change, form: forms.Form) -> HttpResponse:
    consequences = change.consequences(form.cleaned_data) if change.consequences else ()
    return render(
        request,
        "workbench/organization/confirm.html",
        {"change": change, "form": form, "values": shown_values(form), "consequences": consequences},
    )
