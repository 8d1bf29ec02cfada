"""Forms of the catalogue's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.workbench.catalogue.wording import state_name
from jiuzhu.rooms.catalogue.states import PACKS, PackState


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
