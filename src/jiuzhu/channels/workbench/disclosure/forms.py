"""Forms of the notices and objections."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import Form
from jiuzhu.channels.kit.notice_wording import channel_name
from jiuzhu.channels.kit.policy_wording import place_word
from jiuzhu.rooms.disclosure.states import Channel


class NothingForm(Form):
    """Nothing to fill in: the step is confirmed."""


class PlacesForm(Form):
    """The places in which a notice has been put up, each confirmed."""

    places = forms.MultipleChoiceField(label=_("已张贴的地点"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, where: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["places"] = forms.MultipleChoiceField(
            label=_("已张贴的地点"),
            widget=forms.CheckboxSelectMultiple,
            choices=[(one, place_word(one)) for one in where],
            help_text=_("逐处确认；有一处没有张贴，公示期就不能开始。"),
        )


class WhyForm(Form):
    """The reason of a step that the public sees."""

    reason = forms.CharField(label=_("原因"), max_length=400, widget=forms.Textarea({"rows": 3}))


class FindingForm(Form):
    """What was looked into, and what was found."""

    finding = forms.CharField(
        label=_("核查结论"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("写明核查了什么、向谁了解、查明了什么。"),
    )


class AnswerForm(Form):
    """What the objector is told."""

    answer = forms.CharField(
        label=_("答复内容"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("不要写申请家庭的收入、财产、病情等内容。"),
    )


class ReceivedForm(Form):
    """An objection that came in on paper, by telephone or in person."""

    channel = forms.ChoiceField(label=_("收到方式"))
    text = forms.CharField(label=_("异议内容"), max_length=2000, widget=forms.Textarea({"rows": 5}))
    name = forms.CharField(label=_("姓名"), required=False, max_length=100, help_text=_("匿名的不填。"))
    contact = forms.CharField(label=_("联系方式"), required=False, max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        by_hand = [one for one in Channel if one is not Channel.WEB]
        self.fields["channel"] = forms.ChoiceField(
            label=_("收到方式"), choices=[(one.value, channel_name(one)) for one in by_hand]
        )
        self.order_fields(["channel", "text", "name", "contact"])
