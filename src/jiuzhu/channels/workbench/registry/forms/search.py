"""What the lists are narrowed by."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import Form
from jiuzhu.channels.kit.wording import group_name
from jiuzhu.channels.workbench.registry.forms.fields import below
from jiuzhu.core.actors import Actor
from jiuzhu.rooms.registry.states import GROUPS, RegisteredKind


def _group_choices() -> list[tuple[str, str]]:
    return [("", gettext("全部类别")), *((group.value, group_name(group)) for group in GROUPS)]


class SearchForm(Form):
    """Text, division, group; all may be left out. `everyone` asks for the whole list."""

    q = forms.CharField(required=False, max_length=64, label=_("查找内容"))
    division = forms.ChoiceField(required=False, label=_("区划"))
    group = forms.ChoiceField(required=False, label=_("困难群众类别"))
    everyone = forms.BooleanField(required=False, label=_("全部人员"))
    after = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division"] = forms.ChoiceField(required=False, label=_("区划"), choices=below(actor, on))
        self.fields["group"] = forms.ChoiceField(required=False, label=_("困难群众类别"), choices=_group_choices())


class HouseholdsForm(Form):
    """Division, group, kind of registration, and whether something waits to be settled."""

    division = forms.ChoiceField(required=False, label=_("区划"))
    group = forms.ChoiceField(required=False, label=_("困难群众类别"))
    kind = forms.ChoiceField(required=False, label=_("户口性质"))
    state = forms.ChoiceField(required=False, label=_("状态"))
    after = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [
            ("", gettext("全部")),
            (RegisteredKind.URBAN.value, gettext("城镇")),
            (RegisteredKind.RURAL.value, gettext("农村")),
        ]
        states = [("", gettext("在册")), ("flagged", gettext("待处理")), ("closed", gettext("含已销户"))]
        self.fields["division"] = forms.ChoiceField(required=False, label=_("区划"), choices=below(actor, on))
        self.fields["group"] = forms.ChoiceField(required=False, label=_("困难群众类别"), choices=_group_choices())
        self.fields["kind"] = forms.ChoiceField(required=False, label=_("户口性质"), choices=kinds)
        self.fields["state"] = forms.ChoiceField(required=False, label=_("状态"), choices=states)


class CountsForm(Form):
    """The division that is counted."""

    division = forms.ChoiceField(required=False, label=_("区划"))

    def __init__(self, *args: Any, actor: Actor, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division"] = forms.ChoiceField(required=False, label=_("区划"), choices=below(actor, on))
