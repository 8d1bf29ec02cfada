"""What a citizen may decide about their own data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import Form


class WithdrawForm(Form):
    """Why an authorisation is withdrawn; any reason will do."""

    reason = forms.CharField(label=_("撤回原因"), max_length=200, help_text=_("简单写一句就行，例如：不再申请。"))
