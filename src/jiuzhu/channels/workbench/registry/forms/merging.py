"""Which of two records is kept, or that they are two persons."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import Form
from jiuzhu.channels.workbench.registry.forms.acts import reason


class MergeForm(Form):
    """The record that is kept, and why they are one person."""

    kept = forms.ChoiceField(label=_("保留哪条记录"))
    reason = reason()

    def __init__(self, *args: Any, records: Sequence[tuple[int, str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [
            (
                str(person_id),
                gettext("编号%(id)s　%(name)s　%(number)s") % {"id": person_id, "name": name, "number": number},
            )
            for person_id, name, number in records
        ]
        self.fields["kept"] = forms.ChoiceField(label=_("保留哪条记录"), choices=choices, widget=forms.RadioSelect)


class DismissForm(Form):
    """Why they are two persons."""

    reason = reason()


class OtherForm(Form):
    """The number of another record."""

    other = forms.IntegerField(label=_("另一条记录的人员编号"), min_value=1, help_text=_("在人员页面的标题中"))

    def __init__(self, *args: Any, person_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person_id = person_id

    def clean_other(self) -> int:
        """Another record than the one at hand."""
        other: int = self.cleaned_data["other"]
        if other == self.person_id:
            raise ValidationError(gettext("这是同一条记录，请填写另一条记录的编号。"))
        return other
