"""The filter of the audit trail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.workbench.audit.wording import table_name
from jiuzhu.groundwork.audit.queries import audited_tables


class AuditFilter(Form):
    """Days, table, row, name of the actor, number of the request; all optional."""

    since = forms.DateField(label=_("从"), required=False, widget=DateInput())
    until = forms.DateField(label=_("到"), required=False, widget=DateInput())
    table = forms.ChoiceField(label=_("内容"), required=False)
    row_id = forms.IntegerField(label=_("记录编号"), required=False, min_value=1)
    who = forms.CharField(label=_("操作人"), required=False, max_length=64)
    request_id = forms.CharField(label=_("请求编号"), required=False, max_length=64)
    before_id = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = sorted((table_name(table, label), table) for table, label in audited_tables())
        choices = [("", _("全部")), *((table, name) for name, table in names)]
        self.fields["table"].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since is not None and until is not None and until < since:
            self.add_error("until", _("结束日期早于开始日期，请调整。"))
        return cleaned
