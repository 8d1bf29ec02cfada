"""The form by which anyone compares a file in hand with the one that was issued."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import Form
from jiuzhu.groundwork.files.limits import UploadLimits


class CompareForm(Form):
    """The PDF that somebody was given. It is measured and forgotten."""

    file = forms.FileField(
        label=_("您手中的PDF文件"),
        help_text=_("只在这里比对一次，不保存。打印后再扫描的文件不能这样比对，请核对内容。"),
    )

    def clean_file(self) -> object:
        """A file that nobody could have been given is not read."""
        file = self.cleaned_data["file"]
        if file.size > UploadLimits().size_bytes:
            raise ValidationError(gettext("文件太大，本系统不出具这样大的文书。请确认是否选错文件。"))
        return file
