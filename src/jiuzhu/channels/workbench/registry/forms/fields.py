"""Choices in the reader's language, the field of a village, and refusals of the room at their fields."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.wording import bracketed, in_english, listed, said
from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD, RELATION, SELF
from jiuzhu.core.code_lists.table import CodeList
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import Refusal
from jiuzhu.rooms.organization import queries as organization

Choice = tuple[str, str]
_SHOWN_MATCHES = 5


def codes(table: CodeList, *, empty: str = "", without: Iterable[str] = ()) -> list[Choice]:
    """The rows of a code list as choices; `empty` is the first, unchosen one."""
    left_out = set(without)
    rows = [(code, f"{code} {said(zh, en)}") for code, zh, en in table.items() if code not in left_out]
    return [("", empty), *rows] if empty else rows


def relations(*, with_head: bool = False) -> list[Choice]:
    """Relations to the head (GB/T 4761-2008)."""
    left_out = {SELF} if with_head else {SELF, HEAD}
    return codes(RELATION, empty=gettext("请选择"), without=left_out)


def named(names: Mapping[Any, tuple[str, str]], *, empty: str = "") -> list[Choice]:
    """Kinds of the room with their names as choices."""
    rows = [(str(kind), said(*pair)) for kind, pair in names.items()]
    return [("", empty), *rows] if empty else rows


class VillageField(forms.CharField):
    """A village or community of the actor's area, by its code or by enough of its name to tell it from others."""

    def __init__(self, *, actor: Actor, on: date, **options: Any) -> None:
        super().__init__(max_length=64, **options)
        self.area = actor.scope.division
        self.on = on
        self.help_text = options.get("help_text") or _("12位区划代码，或村（居）名称、拼音首字母")

    def clean(self, value: Any) -> str:
        """The code of the one village meant.

        Raises:
            ValidationError: none, or more than one; the message lists the candidates.
        """
        text = str(super().clean(value) or "").strip()
        if not text or self.area is None:
            return text
        if len(text) == 12 and text.isascii() and text.isdigit():
            return text
        found = organization.public_search_divisions(text, self.on, within=self.area, limit=200)
        villages = [one for one in found if one.level is DivisionLevel.VILLAGE]
        exact = [one for one in villages if one.name == text] or villages
        if len(exact) == 1:
            return exact[0].code.value
        if not exact:
            raise ValidationError(
                gettext("辖区内没有名称含“%(text)s”的村（居），请核对，或填写12位区划代码。") % {"text": text[:20]}
            )
        names = listed(bracketed(one.full_name, one.code) for one in exact[:_SHOWN_MATCHES])
        raise ValidationError(
            gettext("有%(count)s个村（居）符合“%(text)s”，请填写其中一个的代码：%(names)s")
            % {"count": len(exact), "text": text[:20], "names": names}
        )


def village_field(actor: Actor, on: date, *, label: str) -> forms.Field:
    """A list to choose from for a township and below, a text field for a county or the city."""
    area = actor.scope.division
    if area is not None and area.level >= DivisionLevel.TOWNSHIP:
        if area.level is DivisionLevel.VILLAGE:
            found = tuple(organization.public_divisions([area], on).values())
        else:
            found = organization.public_children(area, on)
        choices = [(one.code.value, said(one.name, one.name_en or one.name)) for one in found]
        if len(choices) > 1:
            choices = [("", gettext("请选择")), *choices]
        return forms.ChoiceField(label=label, choices=choices)
    return VillageField(actor=actor, on=on, label=label)


def below(actor: Actor, on: date) -> list[Choice]:
    """The actor's area and the divisions directly below it, to narrow a list by."""
    area = actor.scope.division
    if area is None:
        return []
    rows = [(one.code.value, said(one.name, one.name_en or one.name)) for one in organization.public_children(area, on)]
    return [("", gettext("全部辖区")), *rows]


def division_of(text: str) -> DivisionCode | None:
    """The division chosen in a filter; none when nothing was chosen.

    Raises:
        InvalidDivisionCode: the text is no code.
    """
    return DivisionCode(text) if text else None


def place_refusal(form: forms.BaseForm, refusal: Refusal, *, aliases: Mapping[str, str] | None = None) -> None:
    """Show a refusal of the room at the field it names, or over the form when it names none of them."""
    text = refusal.message("en" if in_english() else "zh")
    name = (aliases or {}).get(refusal.field or "", refusal.field or "")
    form.add_error(name if name in form.fields else None, text)
