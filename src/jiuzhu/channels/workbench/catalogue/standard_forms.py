"""Forms of the pages of standards."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.kit.policy_wording import said_label
from jiuzhu.channels.kit.wording import bracketed
from jiuzhu.channels.workbench.catalogue.wording import state_name
from jiuzhu.rooms.catalogue.queries import Settable
from jiuzhu.rooms.catalogue.states import STANDARDS, StandardState

Choice = tuple[str, str]


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class BoardForm(Form):
    """The day of which standards are shown, and words to narrow them by."""

    q = forms.CharField(required=False, max_length=64, label=_("名称"), widget=forms.TextInput({"type": "search"}))
    on = forms.DateField(required=False, label=_("哪一天"), widget=DateInput())

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = on


class ProposalsForm(Form):
    """The state in which proposals are listed."""

    state = forms.ChoiceField(required=False, label=_("状态"))
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("全部状态")), *((one.value, state_name(STANDARDS, one)) for one in StandardState)]
        self.fields["state"] = forms.ChoiceField(required=False, label=_("状态"), choices=choices)
        self.order_fields(["state", "after"])


class ProposeForm(Form):
    """Which figure, where, how much, from when, and how it was worked out."""

    def __init__(self, *args: Any, figures: Sequence[Settable], places: Sequence[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(one.name, bracketed(said_label(one.label), one.name)) for one in figures]
        self.fields["parameter"] = forms.ChoiceField(
            label=_("标准"), choices=[("", _("请选择")), *named], help_text=_("先在上面按名称查找，可以缩短这个列表。")
        )
        self.fields["division"] = forms.ChoiceField(label=_("适用地区"), choices=[("", _("请选择")), *places])
        self.fields["value"] = forms.CharField(
            label=_("数值"), max_length=20, help_text=_("按文件上的写法填写数字，例如“966”或“966.70”，单位见所选标准。")
        )
        self.fields["valid_from"] = forms.DateField(label=_("执行日期"), widget=DateInput())
        self.fields["valid_to"] = forms.DateField(
            label=_("终止日期"), required=False, widget=DateInput(), help_text=_("一般不填：下一个标准公布后自动接续。")
        )
        self.fields["reasoning"] = forms.CharField(
            label=_("测算依据"),
            max_length=2000,
            widget=_text(5),
            help_text=_("写明依据的文件、上年居民人均消费支出等数据和算法。"),
        )


class ConsultForm(Form):
    """Who was asked, and what came of it."""

    whom = forms.CharField(
        label=_("征求意见对象"), max_length=400, help_text=_("例如“市财政局、市统计局、各县（市、区）民政局”。")
    )
    result = forms.CharField(label=_("征求意见结果"), max_length=2000, widget=_text(4))


class PublishStandardForm(Form):
    """The document that publishes a standard."""

    document_title = forms.CharField(label=_("文件名称"), max_length=200)
    document_number = forms.CharField(label=_("文号"), max_length=100, help_text=_("例如“泰民〔2026〕1号”。"))
    effective_on = forms.DateField(
        label=_("执行日期"), required=False, widget=DateInput(), help_text=_("不填则按拟定的执行日期。")
    )
