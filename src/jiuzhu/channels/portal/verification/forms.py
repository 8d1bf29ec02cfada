"""Forms of a citizen's own pages of verification."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import Form


class AgreeForm(Form):
    """Agreement to a mandate that was read."""

    agreed = forms.BooleanField(label=_("我已阅读授权书全文，同意授权"))


class WithdrawForm(Form):
    """Why an agreement is taken back."""

    reason = forms.CharField(label=_("撤回原因"), max_length=400, help_text=_("简单写明即可，例如“不再申请”。"))


class DisputeForm(Form):
    """What is wrong with a result, and what proves it."""

    statement = forms.CharField(
        label=_("哪里不对"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("例如“这辆车2024年已经卖了，没有过户”。"),
    )
    evidence = forms.FileField(
        label=_("证明材料"), required=False, help_text=_("照片或 PDF，例如买卖合同、证明；没有的可以不上传。")
    )
