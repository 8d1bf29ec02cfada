"""The form renderer: labels, hints, marks and errors tied to their inputs; dates in parts."""

import re
from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.strict_client import check_page

from jiuzhu.channels.kit.forms import DateInput, DateParts, DatePartsField, Form
from jiuzhu.channels.kit.gallery import SampleForm
from jiuzhu.channels.kit.templatetags.kit import error_lines, share


class EveryWidget(Form):
    """Each widget of Django once, so that no template is missing."""

    text = forms.CharField(required=False)
    number = forms.IntegerField(label="数", required=False)
    email = forms.EmailField(required=False)
    address = forms.URLField(required=False, assume_scheme="https")
    password = forms.CharField(required=False, widget=forms.PasswordInput)
    search = forms.CharField(required=False, widget=forms.SearchInput)
    phone = forms.CharField(required=False, widget=forms.TelInput)
    day = forms.DateField(required=False, widget=DateInput)
    moment = forms.DateTimeField(required=False)
    both = forms.SplitDateTimeField(required=False)
    hour = forms.TimeField(required=False)
    picked = forms.DateField(required=False, widget=forms.SelectDateWidget)
    hidden = forms.CharField(required=False, widget=forms.HiddenInput)
    hiddens = forms.MultipleChoiceField(required=False, choices=[("a", "A")], widget=forms.MultipleHiddenInput)
    one = forms.ChoiceField(required=False, choices=[("组", [("a", "A"), ("b", "B")])])
    some = forms.MultipleChoiceField(required=False, choices=[("a", "A")])
    radio = forms.ChoiceField(required=False, choices=[("组", [("a", "A")])], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(required=False, choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    tick = forms.BooleanField(required=False)
    tri = forms.NullBooleanField(required=False)
    file = forms.FileField(required=False)
    plain_file = forms.FileField(required=False, widget=forms.FileInput)
    story = forms.CharField(required=False, max_length=9, widget=forms.Textarea)
    parts = DatePartsField(required=False)


def test_every_widget_is_drawn_by_our_templates() -> None:
    text = str(EveryWidget({"text": "<b>"}))
    check_page(text, "every widget")
    assert "&lt;b&gt;" in text
    for visible in re.findall(r"<(?:input(?![^>]*type=\"hidden\")|select|textarea)[^>]*>", text):
        assert 'class="' in visible


def test_each_error_is_tied_to_its_input_and_linked_from_the_summary() -> None:
    form = SampleForm({"bad-born_year": "1956", "bad-born_month": "2", "bad-born_day": "30"}, prefix="bad")
    text = str(form)
    lines = list(error_lines(form))
    assert len(lines) == len(form.errors)
    for line in lines:
        assert f'id="{line.target}"' in text
        assert f'href="#{line.target}"' in text
    name = re.search(r'<input[^>]*name="bad-name"[^>]*>', text)
    assert name is not None
    assert 'aria-invalid="true"' in name.group()
    described = re.search(r'aria-describedby="([^"]+)"', name.group())
    assert described is not None
    for identifier in described.group(1).split():
        assert f'id="{identifier}"' in text


def test_a_form_without_errors_has_no_summary_and_marks_the_optional_fields() -> None:
    with translation.override("zh-hans"):
        text = str(SampleForm(prefix="new"))
    assert "data-error-summary" not in text
    assert text.count('class="mark">选填') == sum(not field.required for field in SampleForm.base_fields.values())


def test_what_is_missing_is_named() -> None:
    with translation.override("zh-hans"):
        errors = SampleForm({}).errors
    assert errors["name"] == ["请填写“姓名”。"]
    assert errors["living"] == ["请选择“居住情况”。"]
    assert errors["agree"] == ["请确认承诺内容。"]


def test_errors_of_the_whole_form_stand_in_the_summary_without_a_link() -> None:
    form = SampleForm({"name": "x"})
    form.add_error(None, "户主不能是本户以外的人")
    assert next(iter(error_lines(form))).target == ""
    assert "户主不能是本户以外的人" in str(form)


@given(st.dates())
def test_a_date_in_parts_comes_back_whole(day: date) -> None:
    assert DatePartsField().clean([str(day.year), f"{day.month}", f" {day.day} "]) == day
    assert DateParts().decompress(day) == [day.year, day.month, day.day]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["", "", ""], "required"),
        (["1956", "", "8"], "incomplete"),
        (["1956", "2", "30"], "invalid"),
        (["1956", "13", "1"], "invalid"),
        (["0", "1", "1"], "invalid"),
        (["99999999999999999999", "1", "1"], "invalid"),
        (["五六", "三", "八"], "invalid"),
        (["1956\u200b", "3", "8"], "invalid"),
        (None, "required"),
    ],
)
def test_a_wrong_date_is_refused_with_its_reason(parts: list[str] | None, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DatePartsField().clean(parts)
    assert refused.value.code == code


def test_full_width_digits_are_digits_and_nothing_is_no_date() -> None:
    assert DatePartsField().clean(["１９５６", "３", "８"]) == date(1956, 3, 8)
    assert DatePartsField(required=False).clean(["", " ", ""]) is None


def test_a_known_date_can_be_filled_in_by_the_browser() -> None:
    text = DateParts(autocomplete="bday").render("born", None, {"id": "born"})
    assert re.findall(r'autocomplete="([\w-]+)"', text) == ["bday-year", "bday-month", "bday-day"]


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_share_done_never_leaves_its_bounds(done: int, whole: int) -> None:
    assert 0 <= share(done, whole) <= 100
    assert share(whole, whole) == (100 if whole else 0)


def test_not_quite_all_is_not_called_all() -> None:
    assert share(999_999, 1_000_000) == 99
