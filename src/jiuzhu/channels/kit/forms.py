"""Forms as the kit draws them: marks for required and optional fields, hints, errors tied to inputs, dates in parts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_CHOICES = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField, forms.BooleanField)


class Form(forms.Form):
    """A form whose messages name the field: 请填写“姓名”, instead of one sentence for all."""

    def full_clean(self) -> None:
        """Name the fields before any is checked: also those that a form adds while it is made."""
        for name, field in self.fields.items():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                text = gettext("请选择“%(label)s”。") if isinstance(field, _CHOICES) else gettext("请填写“%(label)s”。")
                field.error_messages["required"] = text % {"label": field.label or name}
        super().full_clean()


class DateInput(forms.DateInput):
    """The browser's own date input; right for staff at a keyboard."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateParts(forms.MultiWidget):
    """A date as three number inputs, year, month and day: no calendar to scroll through, right for every keyboard.

    `autocomplete` is the browser's word for the date, such as `bday`.
    """

    template_name = "kit/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None, *, autocomplete: str = "") -> None:
        def part(name: str, digits: int) -> forms.TextInput:
            known = {"autocomplete": f"{autocomplete}-{name}"} if autocomplete else {"autocomplete": "off"}
            return forms.TextInput({"inputmode": "numeric", "maxlength": digits, **known})

        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "year": part("year", 4),
            "month": part("month", 2),
            "day": part("day", 2),
        }
        super().__init__(widgets, dict(attrs or {}))

    def decompress(self, value: Any) -> list[int | None]:
        """Take a date apart."""
        return [value.year, value.month, value.day] if isinstance(value, date) else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Label each part."""
        context = super().get_context(name, value, attrs)
        labels = (_("年"), _("月"), _("日"))
        for part, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            part["label"] = label
        return context


class DatePartsField(forms.MultiValueField):
    """A date given as year, month and day; says which part is wrong."""

    widget = DateParts
    default_error_messages = {
        "incomplete": _("请把年、月、日填写完整。"),
        "invalid": _("没有这一天，请核对年、月、日，例如 1956年3月8日。"),
    }

    def __init__(self, **options: Any) -> None:
        parts = (forms.IntegerField(), forms.IntegerField(), forms.IntegerField())
        super().__init__(parts, require_all_fields=True, **options)

    def clean(self, value: Any) -> Any:
        """Read the parts; full-width digits are taken as digits.

        Raises:
            ValidationError: a part is missing or is no number, or there is no such day.
        """
        texts = [str(part or "").strip() for part in value or ["", "", ""]]
        if not any(texts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(texts):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            year, month, day = (int(text) for text in texts)
            found = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        self.validate(found)
        self.run_validators(found)
        return found

    def compress(self, data_list: Any) -> Any:
        """Put the parts together; `clean` has its own way, this is the library's hook."""
        return date(*data_list) if data_list else None
