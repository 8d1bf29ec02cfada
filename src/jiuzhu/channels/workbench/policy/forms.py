"""Forms of the policy pages."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.workbench.registry.forms.fields import below
from jiuzhu.core.actors import Actor

_FURTHEST = timedelta(days=366)


class ScreeningForm(Form):
    """Where to screen, and by the rules of which day; the facts are those known now."""

    division = forms.ChoiceField(required=False, label=_("筛查范围"))
    on = forms.DateField(
        label=_("按哪一天的政策"),
        widget=DateInput(),
        help_text=_("已公布、尚未施行的标准，可以选择施行以后的日期。"),
    )

    def __init__(self, *args: Any, actor: Actor, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = on
        self.fields["division"] = forms.ChoiceField(required=False, label=_("筛查范围"), choices=below(actor, on))
        self.fields["on"].initial = on
        self.order_fields(["division", "on"])

    def clean_on(self) -> date:
        """From today, for a year: of an earlier day the facts are no longer those."""
        found: date = self.cleaned_data["on"]
        if not self.today <= found <= self.today + _FURTHEST:
            raise ValidationError(gettext("请选择今天起一年以内的日期。"))
        return found


class FindingsForm(Form):
    """The programme and the place of which findings are listed."""

    programme = forms.ChoiceField(label=_("制度"))
    division = forms.ChoiceField(required=False, label=_("区划"))
    after = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, on: date, programmes: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["programme"] = forms.ChoiceField(label=_("制度"), choices=programmes)
        self.fields["division"] = forms.ChoiceField(required=False, label=_("区划"), choices=below(actor, on))
        self.order_fields(["programme", "division", "after"])
