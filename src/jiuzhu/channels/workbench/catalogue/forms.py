"""Forms of the catalogue's pages."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.workbench.catalogue.wording import state_name
from jiuzhu.channels.workbench.registry.forms.fields import below
from jiuzhu.core.actors import Actor
from jiuzhu.rooms.catalogue.states import PACKS, PackState

Choice = tuple[str, str]
_FURTHEST = timedelta(days=366)


def _lines(count: int) -> forms.Textarea:
    return forms.Textarea({"rows": count})


def _title() -> forms.CharField:
    return forms.CharField(label=_("政策包名称"), max_length=100, help_text=_("例如“泰安市社会救助政策包2027年版”。"))


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("说明"),
        max_length=1000,
        required=False,
        widget=_lines(3),
        help_text=_("这一版改了什么、为什么改，供校验和发布的人查看。"),
    )


class StateForm(Form):
    """The state in which versions are listed."""

    state = forms.ChoiceField(required=False, label=_("状态"))
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("全部状态")), *((one.value, state_name(PACKS, one)) for one in PackState)]
        self.fields["state"] = forms.ChoiceField(required=False, label=_("状态"), choices=choices)
        self.order_fields(["state", "after"])


class BeginForm(Form):
    """What a draft is called."""

    title = _title()
    note = _note()


class DraftForm(Form):
    """A draft with its archive."""

    title = _title()
    note = _note()
    archive = forms.FileField(
        label=_("政策包压缩文件（.zip）"),
        help_text=_("把政策文件夹（如“370900-taian”）整个压缩。最多2000个文件，解压后不超过32兆字节。"),
    )


class PlainForm(Form):
    """An act that needs nothing but the decision."""


class ReasonForm(Form):
    """An act that needs its reason."""

    reason = forms.CharField(label=_("原因"), max_length=400, widget=_lines(3), help_text=_("将记入办理记录。"))


class PublishForm(Form):
    """By which document a version is published, and from which day on it holds."""

    document_number = forms.CharField(label=_("文号"), max_length=100, help_text=_("例如“泰民〔2026〕1号”。"))
    effective_on = forms.DateField(
        label=_("施行日期"),
        widget=DateInput(),
        help_text=_("从这一天起，各项办理按这一版执行；已有施行的版本时，不能早于今天。"),
    )


def _other(versions: Sequence[Choice]) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, label=_("与哪一版比较"), choices=[("", _("今天施行的政策")), *versions])


class CompareForm(Form):
    """The version to compare with; without one what is in force."""

    def __init__(self, *args: Any, versions: Sequence[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["other"] = _other(versions)


class MeasureForm(Form):
    """Whose households, by the rules of which day, and against what."""

    def __init__(self, *args: Any, versions: Sequence[Choice], actor: Actor, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = on
        self.fields["other"] = _other(versions)
        self.fields["division"] = forms.ChoiceField(required=False, label=_("测算范围"), choices=below(actor, on))
        self.fields["on"] = forms.DateField(
            label=_("按哪一天的政策"),
            initial=on,
            widget=DateInput(),
            help_text=_("两个版本都按这一天计算；家庭情况按现在登记的。"),
        )

    def clean_on(self) -> date:
        """From today, for a year: of an earlier day the facts are no longer those."""
        found: date = self.cleaned_data["on"]
        if not self.today <= found <= self.today + _FURTHEST:
            raise ValidationError(gettext("请选择今天起一年以内的日期。"))
        return found
