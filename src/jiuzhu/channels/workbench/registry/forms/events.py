"""Life events: for each kind the details that it asks for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.workbench.registry.forms.acts import day, person_choices
from jiuzhu.channels.workbench.registry.forms.fields import VillageField, codes, relations
from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.rooms.registry.states import LifeEventKind

_SHORT = {"class": "input-short"}
_NUMBERS = frozenset({"new_head_id", "spouse_id", "household_id"})


class EventForm(Form):
    """When it happened and by what it is proved, and the details of its kind."""

    happened_on = day(_("发生日期"))
    evidence = forms.CharField(label=_("依据"), max_length=200, help_text=_("证明材料的名称和编号，或数据来源"))

    def __init__(
        self,
        *args: Any,
        kind: LifeEventKind,
        actor: Actor,
        on: date,
        members: Sequence[tuple[int, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.details_of_kind = _details(kind, actor, on, members)
        self.fields = {
            "happened_on": self.fields["happened_on"],
            **self.details_of_kind,
            "evidence": self.fields["evidence"],
        }

    def details(self) -> dict[str, str | int]:
        """The details given, in the form of the room."""
        found: dict[str, str | int] = {}
        for name in self.details_of_kind:
            value = self.cleaned_data.get(name)
            if value in (None, ""):
                continue
            found[name] = int(value) if name in _NUMBERS else str(value)
        return found


def _details(kind: LifeEventKind, actor: Actor, on: date, members: Sequence[tuple[int, str]]) -> dict[str, forms.Field]:
    if kind is LifeEventKind.BIRTH:
        return {
            "name": forms.CharField(label=gettext("孩子姓名"), max_length=64),
            "sex": forms.ChoiceField(
                label=gettext("性别"), choices=codes(SEX, empty=gettext("请选择"), without=("9",))
            ),
            "relation": forms.ChoiceField(label=gettext("与户主关系"), choices=relations()),
            "document_number": forms.CharField(label=gettext("居民身份证号"), required=False, max_length=18),
            "ethnicity": forms.ChoiceField(
                label=gettext("民族"), required=False, choices=codes(ETHNIC_GROUP, empty=gettext("随父（母）"))
            ),
        }
    if kind is LifeEventKind.DEATH:
        return {
            "new_head_id": forms.ChoiceField(
                label=gettext("新户主（死者是户主时）"),
                required=False,
                choices=[("", gettext("由系统按配偶、年长成年人推定")), *person_choices(members)[1:]],
            )
        }
    if kind is LifeEventKind.MOVE:
        return {
            # a household may move out of the officer's area: by code any village is taken, by name those of the area
            "division_code": VillageField(
                actor=actor,
                on=on,
                label=gettext("迁入村（居）"),
                help_text=gettext("辖区内填名称或代码；迁出辖区的填12位区划代码"),
            ),
            "address": forms.CharField(label=gettext("新住址"), required=False, max_length=200),
            "place": forms.CharField(label=gettext("居住点"), required=False, max_length=64),
        }
    if kind is LifeEventKind.MARRIAGE:
        return {"spouse_id": _person_number(gettext("配偶的人员编号")), **_joining(required=False)}
    if kind is LifeEventKind.DIVORCE:
        return {"spouse_id": _person_number(gettext("原配偶的人员编号"))}
    if kind is LifeEventKind.ADOPTION:
        return _joining(required=True)
    if kind is LifeEventKind.IMPRISONMENT:
        return {"until": forms.DateField(label=gettext("刑期届满日"), required=False, widget=DateInput(_SHORT))}
    return {}


def _person_number(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, help_text=gettext("对方已登记的填写，在人员页面的标题中")
    )


def _joining(*, required: bool) -> dict[str, forms.Field]:
    return {
        "household_id": forms.IntegerField(
            label=gettext("转入家庭编号"),
            required=required,
            min_value=1,
            help_text=gettext("转入另一家庭的填写，在家庭页面的标题中"),
        ),
        "relation": forms.ChoiceField(label=gettext("与该户户主关系"), required=required, choices=relations()),
    }
