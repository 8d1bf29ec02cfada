"""Forms of the pages of verification."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.kit.verification_wording import item_name, occasion_name, source_name
from jiuzhu.channels.kit.wording import said
from jiuzhu.rooms.verification.ports import CAUSES, Cause, FieldType, Item, sources
from jiuzhu.rooms.verification.states import METHOD_NAMES, SIGNED_BY_NAMES, Occasion, SignatureMethod, SignedBy

_BY_OFFICER = (Cause.OTHER, Cause.NO_ANSWER, Cause.REFUSED, Cause.DOWN)
_BY_HAND = (SignatureMethod.HANDWRITTEN, SignatureMethod.UPLOADED)


class NothingForm(Form):
    """Nothing to fill in: the step is confirmed."""


class WhyForm(Form):
    """The reason of a step."""

    reason = forms.CharField(label=_("原因"), max_length=400, widget=forms.Textarea({"rows": 3}))


class LookForm(Form):
    """Why somebody looks at what sources said."""

    why = forms.CharField(
        label=_("查看事由"),
        max_length=200,
        help_text=_("写明办理什么事项；您的姓名、岗位、时间和事由会记录下来，被查询人可以看到。"),
    )


class MandateForm(Form):
    """What a mandate names."""

    programmes = forms.MultipleChoiceField(label=_("救助制度"), widget=forms.CheckboxSelectMultiple)
    purpose = forms.CharField(label=_("用途"), max_length=200)
    valid_from = forms.DateField(label=_("授权起始日期"), widget=DateInput)
    valid_to = forms.DateField(label=_("授权终止日期"), widget=DateInput)
    covers_reviews = forms.BooleanField(
        label=_("包括以后的定期核查"), required=False, help_text=_("不选的，每次核查都要重新签署授权书。")
    )
    items = forms.MultipleChoiceField(
        label=_("授权事项"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只选办理事项需要的；默认全选。"),
    )

    def __init__(self, *args: Any, programmes: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("programmes", programmes), ("items", item_choices())):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (declared above)
            field.choices = list(choices)
        self.fields["items"].initial = [key for key, _name in item_choices()]


class SignForm(Form):
    """One person's signature, on the screen or on paper."""

    signed_by = forms.ChoiceField(label=_("由谁签署"), widget=forms.RadioSelect)
    method = forms.ChoiceField(label=_("签名形式"), widget=forms.RadioSelect)
    signer_name = forms.CharField(label=_("签署人姓名"), max_length=64)
    drawn = forms.CharField(
        label=_("手写签名"),
        required=False,
        max_length=400_000,
        widget=forms.HiddenInput,
    )
    paper = forms.FileField(
        label=_("已签名的授权书"), required=False, help_text=_("照片或 PDF；在屏幕上手写签名的不用上传。")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["signed_by"] = forms.ChoiceField(
            label=_("由谁签署"),
            widget=forms.RadioSelect,
            choices=[(one.value, said(*SIGNED_BY_NAMES[one])) for one in SignedBy],
        )
        self.fields["method"] = forms.ChoiceField(
            label=_("签名形式"),
            widget=forms.RadioSelect,
            choices=[(one.value, said(*METHOD_NAMES[one])) for one in _BY_HAND],
        )
        self.order_fields(["signed_by", "signer_name", "method", "paper", "drawn"])


class OrderForm(Form):
    """What a verification is ordered for."""

    mandate_id = forms.ChoiceField(label=_("授权书"), widget=forms.RadioSelect)
    programmes = forms.MultipleChoiceField(label=_("救助制度"), widget=forms.CheckboxSelectMultiple)
    occasion = forms.ChoiceField(label=_("事由"), widget=forms.RadioSelect)
    purpose = forms.CharField(label=_("用途"), max_length=200)
    entrustment_id = forms.ChoiceField(
        label=_("单位委托"), required=False, help_text=_("救助制度由其他部门牵头的，选择该单位的委托。")
    )

    def __init__(
        self,
        *args: Any,
        mandates: Sequence[tuple[str, str]],
        programmes: Sequence[tuple[str, str]],
        entrustments: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        occasions = [(one.value, occasion_name(one)) for one in Occasion if one is not Occasion.BATCH]
        for name, choices in (
            ("mandate_id", mandates),
            ("programmes", programmes),
            ("occasion", occasions),
            ("entrustment_id", [("", "—"), *entrustments]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
            field.choices = list(choices)


class UnavailableForm(Form):
    """Why an item is recorded as unknown."""

    cause = forms.ChoiceField(label=_("无法查询的原因"))
    reason = forms.CharField(label=_("说明"), max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cause"] = forms.ChoiceField(
            label=_("无法查询的原因"), choices=[(one.value, said(*CAUSES[one])) for one in _BY_OFFICER]
        )
        self.order_fields(["cause", "reason"])


class DisputeForm(Form):
    """An objection that a person makes at the window."""

    filed_by = forms.CharField(label=_("提出人"), max_length=64)
    statement = forms.CharField(label=_("异议理由"), max_length=2000, widget=forms.Textarea({"rows": 5}))
    evidence = forms.FileField(label=_("证明材料"), required=False, help_text=_("照片或 PDF。"))


class DecisionForm(Form):
    """How a dispute is decided, in words."""

    reason = forms.CharField(
        label=_("办理说明"),
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("写明来源单位复核的结论和采信的理由，当事人会看到。"),
    )


class BatchForm(Form):
    """A batch: the persons of a file."""

    title = forms.CharField(label=_("名称"), max_length=100)
    programmes = forms.MultipleChoiceField(label=_("救助制度"), widget=forms.CheckboxSelectMultiple)
    purpose = forms.CharField(label=_("用途"), max_length=200)
    group = forms.ChoiceField(label=_("对象"), required=False)
    listing = forms.FileField(
        label=_("名单"), required=False, help_text=_("Excel 或 CSV，第一列为身份证号；不上传名单的，请选择对象。")
    )

    def __init__(
        self, *args: Any, programmes: Sequence[tuple[str, str]], groups: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, choices in (("programmes", programmes), ("group", [("", "—"), *groups])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
            field.choices = list(choices)


class EntrustmentForm(Form):
    """What a unit entrusts."""

    unit_name = forms.CharField(label=_("委托单位"), max_length=100)
    department = forms.ChoiceField(label=_("部门"))
    programmes = forms.MultipleChoiceField(label=_("救助制度"), widget=forms.CheckboxSelectMultiple)
    document_number = forms.CharField(label=_("委托文号"), max_length=100)
    valid_from = forms.DateField(label=_("生效日期"), widget=DateInput)
    valid_to = forms.DateField(label=_("终止日期"), widget=DateInput)

    def __init__(
        self,
        *args: Any,
        programmes: Sequence[tuple[str, str]],
        departments: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for name, choices in (("programmes", programmes), ("department", departments)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
            field.choices = list(choices)


class ReplyForm(Form):
    """A department officer's answer: nothing found, or up to `LINES` lines of the item's fields."""

    LINES = 3

    finding = forms.ChoiceField(label=_("查询结果"), widget=forms.RadioSelect)
    data_as_of = forms.DateField(label=_("数据日期"), widget=DateInput)
    reference = forms.CharField(label=_("业务流水号"), max_length=90)

    def __init__(self, *args: Any, item: Item, **options: Any) -> None:
        super().__init__(*args, **options)
        self.item = item
        self.fields["finding"] = forms.ChoiceField(
            label=_("查询结果"),
            widget=forms.RadioSelect,
            choices=[("found", said("查有信息", "Something found")), ("none_found", said("查无信息", "Nothing found"))],
        )
        for number in range(1, self.LINES + 1):
            for one in item.fields:
                label = said(f"第{number}条 {one.zh}", f"Line {number}: {one.en}")
                self.fields[f"line{number}_{one.name}"] = _field(one.type, label, one.codes)
        self.order_fields(["finding", "data_as_of", "reference"])

    def rows(self) -> list[dict[str, str]]:
        """The lines that were filled in; none when nothing was found."""
        if self.cleaned_data.get("finding") != "found":
            return []
        lines = [
            {one.name: str(self.cleaned_data.get(f"line{number}_{one.name}") or "") for one in self.item.fields}
            for number in range(1, self.LINES + 1)
        ]
        return [one for one in lines if any(one.values())]


def _field(kind: FieldType, label: str, codes: Any) -> forms.Field:
    if kind is FieldType.CODE:
        return forms.ChoiceField(
            label=label, required=False, choices=[("", "—"), *((zh, said(zh, en)) for zh, en in codes.values())]
        )
    if kind is FieldType.TRUTH:
        return forms.ChoiceField(
            label=label, required=False, choices=[("", "—"), ("是", said("是", "yes")), ("否", said("否", "no"))]
        )
    if kind is FieldType.DAY:
        return forms.DateField(label=label, required=False, widget=DateInput)
    return forms.CharField(label=label, required=False, max_length=200)


def item_choices() -> list[tuple[str, str]]:
    """Every item of every connected source."""
    return [
        (f"{source.name}.{one.name}", f"{source_name(source.name)} · {item_name(source.name, one.name)}")
        for source in sources()
        for one in source.items
    ]
