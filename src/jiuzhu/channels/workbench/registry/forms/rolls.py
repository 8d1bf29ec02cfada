"""Uploading a roll, deciding on it, giving it up."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import Form
from jiuzhu.rooms.registry.states import RollMode


class UploadForm(Form):
    """The workbook."""

    file = forms.FileField(
        label=_("花名册文件（.xlsx）"), help_text=_("用本页下载的模板填写，最多5万行，不超过40兆字节。")
    )


class DecisionForm(Form):
    """What happens to households with errors."""

    mode = forms.ChoiceField(label=_("导入方式"))

    def __init__(self, *args: Any, with_errors: int, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(RollMode.GOOD_HOUSEHOLDS.value, gettext("只导入无误的家庭，有误的留在错误清单里"))]
        if not with_errors:
            choices = [(RollMode.ALL_OR_NOTHING.value, gettext("全部导入"))]
        self.fields["mode"] = forms.ChoiceField(
            label=_("导入方式"), choices=choices, initial=choices[0][0], widget=forms.RadioSelect
        )
