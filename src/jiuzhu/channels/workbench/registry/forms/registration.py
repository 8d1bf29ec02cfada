"""The registration of a household: its particulars and one form for each member."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.kit.wording import said
from jiuzhu.channels.workbench.registry.forms.fields import codes, named, relations, village_field
from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD
from jiuzhu.core.identity import CitizenId
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry.states import DOCUMENT_NAMES, DocumentKind, RegisteredKind

MOST_MEMBERS = 20
_SHORT = {"class": "input-short"}


class HouseholdForm(Form):
    """Where the household is and since when."""

    division_code = forms.CharField(label=_("所在村（居）"))
    registered_kind = forms.ChoiceField(label=_("户口性质"))
    address = forms.CharField(label=_("住址"), required=False, max_length=200)
    place = forms.CharField(
        label=_("居住点"), required=False, max_length=64, help_text=_("小区、自然村或集中居住点的名称")
    )
    opened_on = forms.DateField(
        label=_("立户日期"), required=False, widget=DateInput(_SHORT), help_text=_("不填为今天")
    )

    def __init__(self, *args: Any, actor: Actor, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [(RegisteredKind.RURAL.value, gettext("农村")), (RegisteredKind.URBAN.value, gettext("城镇"))]
        self.fields["division_code"] = village_field(actor, on, label=gettext("所在村（居）"))
        self.fields["registered_kind"] = forms.ChoiceField(label=_("户口性质"), choices=kinds)


class MemberForm(Form):
    """A new person and the relation to the head. Birth date and sex follow from a citizen's number."""

    name = forms.CharField(label=_("姓名"), max_length=64, widget=forms.TextInput({"autocomplete": "off"}))
    relation = forms.ChoiceField(label=_("与户主关系"))
    document_kind = forms.ChoiceField(label=_("证件类型"))
    document_number = forms.CharField(
        label=_("证件号码"),
        required=False,
        max_length=32,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    sex = forms.ChoiceField(label=_("性别"), required=False)
    birth_date = forms.DateField(label=_("出生日期"), required=False, widget=DateInput(_SHORT))
    ethnicity = forms.ChoiceField(label=_("民族"))
    marital = forms.ChoiceField(label=_("婚姻状况"))
    phone = forms.CharField(
        label=_("联系电话"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    counts_as_member = forms.BooleanField(label=_("共同生活"), required=False, initial=True)

    def __init__(self, *args: Any, head: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["relation"] = forms.ChoiceField(label=_("与户主关系"), choices=relations(with_head=head))
        self.fields["document_kind"] = forms.ChoiceField(
            label=_("证件类型"), choices=named(DOCUMENT_NAMES), initial=DocumentKind.CITIZEN_ID.value
        )
        self.fields["sex"] = forms.ChoiceField(
            label=_("性别"), required=False, choices=[("", gettext("按证件")), *codes(SEX, without=("0", "9"))]
        )
        self.fields["ethnicity"] = forms.ChoiceField(label=_("民族"), choices=codes(ETHNIC_GROUP), initial="01")
        self.fields["marital"] = forms.ChoiceField(label=_("婚姻状况"), choices=codes(MARITAL_STATUS), initial="90")

    def member(self) -> actions.NewMember:
        """What the room takes; only after `is_valid`."""
        entered = self.cleaned_data
        return actions.NewMember(
            relation=entered["relation"],
            person=actions.Particulars(
                name=entered["name"],
                document_number=entered["document_number"],
                document_kind=DocumentKind(entered["document_kind"]),
                birth_date=entered["birth_date"],
                sex=entered["sex"],
                ethnicity=entered["ethnicity"],
                marital=entered["marital"],
                phone=entered["phone"],
            ),
            counts_as_member=entered["counts_as_member"],
        )


class RegistrationForms:
    """The household's form and its members' forms, `m0` to `m19`; `rows` says which are on the page."""

    def __init__(self, data: Any = None, *, actor: Actor, on: date) -> None:
        self.household = HouseholdForm(data, actor=actor, on=on, prefix="h")
        self.data = data
        self.rows = self._rows(data)
        self.members = [self._member(row) for row in self.rows]

    @staticmethod
    def _rows(data: Any) -> list[int]:
        texts = [] if data is None else data.getlist("row")
        rows = sorted({int(text) for text in texts if text.isascii() and text.isdigit() and int(text) < MOST_MEMBERS})
        return rows or [0]

    def _member(self, row: int) -> MemberForm:
        first = {"relation": HEAD} if row == self.rows[0] else {}
        return MemberForm(self.data if self._is_sent(row) else None, prefix=f"m{row}", initial=first)

    def _is_sent(self, row: int) -> bool:
        return self.data is not None and f"m{row}-name" in self.data

    def is_valid(self) -> bool:
        """Whether every form is complete; all are asked, so that all errors show at once."""
        return all([self.household.is_valid(), *[member.is_valid() for member in self.members]])

    @property
    def all(self) -> list[Form]:
        """All forms in the order of the page."""
        return [self.household, *self.members]

    def add(self) -> bool:
        """One more member; false when there are as many as one household may be registered with."""
        free = [row for row in range(MOST_MEMBERS) if row not in self.rows]
        if not free:
            return False
        row = next((row for row in free if row > self.rows[-1]), free[0])
        self.rows.append(row)
        self.members.append(self._member(row))
        return True

    def remove(self, row: int) -> None:
        """Take a member off the page; the last one stays."""
        if row in self.rows and len(self.rows) > 1:
            place = self.rows.index(row)
            del self.rows[place], self.members[place]

    def answers(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What was entered, for reading again before it is sent; only after `is_valid`."""
        pages = [(gettext("家庭信息"), _answers(self.household))]
        for place, member in enumerate(self.members, start=1):
            pages.append((gettext("成员%(place)s") % {"place": place}, _answers(member)))
        return pages


def _answers(form: Form) -> list[tuple[str, str]]:
    lines = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if isinstance(value, bool):
            shown = gettext("是") if value else gettext("否")
        elif isinstance(field, forms.ChoiceField):
            shown = str(next((text for key, text in field.widget.choices if str(key) == str(value)), value))
        else:
            shown = str(value) if value else ""
        if name in ("sex", "birth_date") and not value:
            shown = _told(form, name)
        lines.append((str(field.label), shown or "—"))
    return lines


def _told(form: Form, name: str) -> str:
    """Birth date and sex as the citizen's number tells them."""
    entered = form.cleaned_data
    if entered.get("document_kind") != DocumentKind.CITIZEN_ID or not entered.get("document_number"):
        return ""
    identity = CitizenId.parse(entered["document_number"], today=date.max)
    return str(identity.birth_date) if name == "birth_date" else said(*SEX.names(identity.sex.value))
