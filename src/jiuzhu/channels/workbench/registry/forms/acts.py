"""Forms of single acts on a household or a person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.kit.wording import department_name, group_name, protection_name
from jiuzhu.channels.workbench.registry.forms.fields import Choice, codes, named, relations
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.states import (
    DOCUMENT_NAMES,
    EVIDENCE_NAMES,
    GROUPS,
    GUARDIANSHIP_NAMES,
    EvidenceKind,
    ProtectionKind,
    SubjectKind,
    TargetGroup,
)

_SHORT = {"class": "input-short"}


def day(label: Any, *, required: bool = True, initial: date | None = None, help_text: Any = "") -> forms.DateField:
    """A date as the browser takes it."""
    return forms.DateField(
        label=label, required=required, initial=initial, help_text=help_text, widget=DateInput(_SHORT)
    )


def reason() -> forms.CharField:
    """Why something is changed: it stands in the history for ever."""
    return forms.CharField(label=_("原因"), max_length=200, help_text=_("写明依据，将记入变更历史"))


def person_choices(members: Sequence[tuple[int, str]]) -> list[Choice]:
    """Persons to choose from."""
    return [("", gettext("请选择")), *((str(person_id), name) for person_id, name in members)]


class ReasonForm(Form):
    """An act that needs no more than its reason."""

    reason = reason()


class LookForm(Form):
    """Why whole numbers are looked at."""

    purpose = forms.CharField(label=_("查看用途"), max_length=200)


class HeadForm(Form):
    """The new head, and the relations to them that the old ones do not tell."""

    reason = reason()

    def __init__(self, *args: Any, members: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.members = members
        head = forms.ChoiceField(label=gettext("新户主"), choices=person_choices(members))
        choices = [("", gettext("由原关系推定")), *relations()[1:]]
        given = {
            f"relation_{person_id}": forms.ChoiceField(
                label=gettext("%(name)s与新户主的关系") % {"name": name}, required=False, choices=choices
            )
            for person_id, name in members
        }
        self.fields = {"new_head_id": head, **given, "reason": self.fields["reason"]}

    def relations(self) -> dict[int, str]:
        """The relations that were chosen, by person."""
        new_head = int(self.cleaned_data["new_head_id"])
        return {
            person_id: chosen
            for person_id, _name in self.members
            if person_id != new_head and (chosen := self.cleaned_data[f"relation_{person_id}"])
        }


class SplitForm(Form):
    """Who goes, who heads the new household, since when."""

    on = day(_("分户日期"))
    address = forms.CharField(label=_("新住址"), required=False, max_length=200, help_text=_("不填则沿用原住址"))
    reason = reason()

    def __init__(self, *args: Any, members: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.members = members
        choices = [("", gettext("留在原户")), *relations(with_head=True)[1:]]
        going = {
            f"relation_{person_id}": forms.ChoiceField(
                label=gettext("%(name)s在新户中") % {"name": name}, required=False, choices=choices
            )
            for person_id, name in members
        }
        self.fields = {**going, **self.fields}

    def going(self) -> dict[int, str]:
        """Who goes, with the relation to the new head."""
        return {
            person_id: chosen
            for person_id, _name in self.members
            if (chosen := self.cleaned_data[f"relation_{person_id}"])
        }


class ExistingMemberForm(Form):
    """A registered person who belongs to no household joins one."""

    person_id = forms.IntegerField(label=_("人员编号"), min_value=1, help_text=_("在人员页面的地址或标题中"))
    relation = forms.ChoiceField(label=_("与户主关系"))
    start_on = day(_("加入日期"), required=False, help_text=_("不填为今天"))
    counts_as_member = forms.BooleanField(label=_("共同生活"), required=False, initial=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["relation"] = forms.ChoiceField(label=_("与户主关系"), choices=relations())


class EndMembershipForm(Form):
    """When and why a member leaves."""

    end_on = day(_("退出日期"))
    reason = reason()


class GroupForm(Form):
    """A target group with the evidence it asks for."""

    group = forms.ChoiceField(label=_("困难群众类别"))
    valid_from = day(_("起始日期"))
    evidence_kind = forms.ChoiceField(label=_("依据类型"))
    evidence_ref = forms.CharField(label=_("依据文号或说明"), max_length=200)

    def __init__(self, *args: Any, subject: SubjectKind, **options: Any) -> None:
        super().__init__(*args, **options)
        groups = [(group.value, group_name(group)) for group, known in GROUPS.items() if subject in known.subjects]
        kinds = {kind for group, known in GROUPS.items() if subject in known.subjects for kind in known.evidence}
        evidence = {kind: names for kind, names in EVIDENCE_NAMES.items() if kind in kinds}
        self.fields["group"] = forms.ChoiceField(label=_("困难群众类别"), choices=[("", gettext("请选择")), *groups])
        self.fields["evidence_kind"] = forms.ChoiceField(
            label=_("依据类型"), choices=named(evidence, empty=gettext("请选择"))
        )

    def values(self) -> dict[str, Any]:
        """The arguments of the act."""
        entered = self.cleaned_data
        return {
            **entered,
            "group": TargetGroup(entered["group"]),
            "evidence_kind": EvidenceKind(entered["evidence_kind"]),
        }


class EndGroupForm(Form):
    """When and why a tag ends."""

    valid_to = day(_("终止日期"))
    reason = reason()


class GuardianForm(Form):
    """Who answers for the person: somebody of the household, somebody registered, or a body."""

    kind = forms.ChoiceField(label=_("监护类型"))
    guardian_id = forms.ChoiceField(label=_("监护人（同户成员）"), required=False)
    other_id = forms.IntegerField(
        label=_("监护人（其他已登记人员的编号）"), required=False, min_value=1, help_text=_("在人员页面的标题中")
    )
    guardian_body = forms.CharField(label=_("监护机构"), required=False, max_length=128, help_text=_("仅机构监护填写"))
    start_on = day(_("开始日期"))
    evidence = forms.CharField(label=_("依据"), required=False, max_length=200)

    def __init__(self, *args: Any, members: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(
            label=_("监护类型"), choices=named(GUARDIANSHIP_NAMES, empty=gettext("请选择"))
        )
        self.fields["guardian_id"] = forms.ChoiceField(
            label=_("监护人（同户成员）"), required=False, choices=person_choices(members)
        )

    @property
    def chosen(self) -> int | None:
        """The person chosen, if any."""
        own = self.cleaned_data["guardian_id"]
        return int(own) if own else self.cleaned_data["other_id"]


class EndGuardianshipForm(Form):
    """When a guardianship ends."""

    end_on = day(_("终止日期"))


class AuthorisationForm(Form):
    """Which department may see what it asks for, for what, until when."""

    department_code = forms.ChoiceField(label=_("被授权部门"))
    purpose = forms.CharField(label=_("用途"), max_length=200, help_text=_("例如：最低生活保障核对"))
    valid_from = day(_("生效日期"))
    valid_to = day(_("终止日期"), required=False, help_text=_("到这一天不再有效；不填为长期，可随时撤回"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        departments = dict.fromkeys(one.department for one in registry.public_variables().values() if one.department)
        choices = [("", gettext("请选择")), *((code, department_name(code)) for code in sorted(departments))]
        self.fields["department_code"] = forms.ChoiceField(label=_("被授权部门"), choices=choices)


class CorrectionForm(Form):
    """Particulars to be corrected; number and telephone stay when left empty."""

    name = forms.CharField(label=_("姓名"), max_length=64)
    name_note = forms.CharField(
        label=_("姓名备注"), required=False, max_length=64, help_text=_("生僻字的写法、曾用名等")
    )
    document_kind = forms.ChoiceField(label=_("证件类型"))
    document_number = forms.CharField(
        label=_("新的证件号码"), required=False, max_length=32, help_text=_("不填则不变"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    birth_date = day(_("出生日期"))
    sex = forms.ChoiceField(label=_("性别"))
    ethnicity = forms.ChoiceField(label=_("民族"), required=False)
    marital = forms.ChoiceField(label=_("婚姻状况"), required=False)
    phone = forms.CharField(
        label=_("新的联系电话"), required=False, max_length=20, help_text=_("不填则不变"),
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    reason = reason()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        unchanged = gettext("不变")
        self.fields["document_kind"] = forms.ChoiceField(label=_("证件类型"), choices=named(DOCUMENT_NAMES))
        self.fields["sex"] = forms.ChoiceField(label=_("性别"), choices=codes(SEX))
        self.fields["ethnicity"] = forms.ChoiceField(
            label=_("民族"), required=False, choices=codes(ETHNIC_GROUP, empty=unchanged)
        )
        self.fields["marital"] = forms.ChoiceField(
            label=_("婚姻状况"), required=False, choices=codes(MARITAL_STATUS, empty=unchanged)
        )

    def changes(self) -> dict[str, Any]:
        """Only what differs from what stood there; empty fields of number and telephone mean no change."""
        initial: Mapping[str, Any] = self.initial
        entered = self.cleaned_data
        kept = ("document_number", "phone", "ethnicity", "marital")
        found = {
            name: value
            for name, value in entered.items()
            if name != "reason" and value != initial.get(name) and not (name in kept and not value)
        }
        if "document_number" in found:  # a new number brings its own birth date and sex
            for name in ("birth_date", "sex"):
                if entered[name] == initial.get(name):
                    found.pop(name, None)
        return found


class ProtectionForm(Form):
    """Why address and telephone are hidden, or that they no longer are."""

    protection = forms.ChoiceField(label=_("保护类别"), required=False)
    reason = reason()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [(kind.value, protection_name(kind) or gettext("不保护（解除）")) for kind in ProtectionKind]
        self.fields["protection"] = forms.ChoiceField(label=_("保护类别"), required=False, choices=kinds)
