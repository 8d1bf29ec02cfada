"""The form by which anyone objects to a notice."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import Form


class ObjectionForm(Form):
    """What is wrong with what is posted; a name only from those who want an answer."""

    text = forms.CharField(
        label=_("哪里不对"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("请写清楚您知道的情况，例如家里有车、有房、有人上班。不要写别人的证件号码和病情。"),
    )
    name = forms.CharField(
        label=_("您的姓名"),
        required=False,
        max_length=100,
        help_text=_("可以不写。写了姓名和联系方式的，一定会答复您；您的身份对外保密。"),
    )
    contact = forms.CharField(
        label=_("联系方式"), required=False, max_length=200, help_text=_("电话或者地址，写了姓名的请填写。")
    )

    def clean(self) -> dict[str, object]:
        """A name needs a way to answer."""
        found = super().clean() or {}
        if found.get("name") and not found.get("contact"):
            self.add_error("contact", ValidationError(gettext("写了姓名的，请留下电话或地址，以便答复。")))
        return found
