"""The forms of the organization's pages."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.money import Money
from jiuzhu.core.names import InvalidName, PersonName
from jiuzhu.rooms.organization.actions import Seat
from jiuzhu.rooms.organization.states import (
    EMPLOYMENT_KIND_NAMES,
    GROUP_ROLE_NAMES,
    NEAR_RELATION_NAMES,
    OFFICE_KIND_NAMES,
    PROCUREMENT_METHOD_NAMES,
    GroupRole,
)

Names = Iterable[tuple[Any, tuple[str, str]]]


def language() -> str:
    """The tag of the page's language."""
    return get_language() or "zh-hans"


def options(names: Names, *, empty: str | None = None) -> list[tuple[str, str]]:
    """Choices in the page's language; `empty` is the label of the choice of none."""
    at = 1 if language().startswith("en") else 0
    first = [] if empty is None else [("", empty)]
    return first + [(str(key), texts[at]) for key, texts in names]


def _day(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=hint, widget=DateInput())


def _basis() -> forms.CharField:
    return forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和文号"))


def _long(label: Any, *, required: bool = True, hint: Any = "", longest: int = 400) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=longest, widget=forms.Textarea({"rows": 3})
    )


class DivisionField(forms.CharField):
    """A division code; 6, 9 or 12 digits."""

    def clean(self, value: Any) -> Any:
        """Read the code.

        Raises:
            ValidationError: it is none.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            return DivisionCode.parse(text)
        except InvalidValue as wrong:
            raise ValidationError(wrong.message(language())) from wrong


class YuanField(forms.CharField):
    """A sum in yuan, cleaned to fen."""

    def clean(self, value: Any) -> Any:
        """Read the sum.

        Raises:
            ValidationError: it is none.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            return Money.from_yuan(text).fen
        except InvalidValue as wrong:
            raise ValidationError(wrong.message(language())) from wrong


class PersonNameField(forms.CharField):
    """A person's name, without what cannot be part of one."""

    def clean(self, value: Any) -> Any:
        """Read the name.

        Raises:
            ValidationError: it is none; the message says which character is wrong.
        """
        text = super().clean(value)
        if not text:
            return text
        try:
            return PersonName.parse(text).value
        except InvalidName as wrong:
            raise ValidationError(wrong.message(language())) from wrong


class RenameForm(Form):
    """Another name from a day on."""

    name = forms.CharField(label=_("新名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    day = _day(_("生效日期"))
    basis = _basis()


class CreateDivisionForm(Form):
    """A new statutory division."""

    code = DivisionField(label=_("区划代码"), max_length=12, help_text=_("12位统计用区划代码"))
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    day = _day(_("生效日期"))
    basis = _basis()


class ZoneForm(Form):
    """A functional zone of the city."""

    name = forms.CharField(label=_("功能区名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    code = DivisionField(
        label=_("代码"), max_length=12, required=False, help_text=_("不填时由系统取用国家标准未使用的县级序号")
    )
    day = _day(_("生效日期"))
    basis = _basis()


class CloseDivisionForm(Form):
    """The end of a division."""

    successor = DivisionField(
        label=_("承继区划代码"), max_length=12, required=False, help_text=_("机构、岗位和人员随之转到承继区划")
    )
    day = _day(_("撤销日期"))
    basis = _basis()


class MergeForm(Form):
    """Which divisions merge, and the new codes of what lies below them."""

    sources = forms.MultipleChoiceField(label=_("被合并的区划"), widget=forms.CheckboxSelectMultiple)
    day = _day(_("生效日期"))
    basis = _basis()
    moved = forms.CharField(
        label=_("下级区划的新代码"),
        required=False,
        help_text=_("每行一个：原代码 空格 新代码。不填时系统按顺序拟定，下一步可以核对修改。"),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, sources: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["sources"].choices = sources  # type: ignore[attr-defined]  # a field of choices

    def clean_sources(self) -> list[DivisionCode]:
        """The codes."""
        return [DivisionCode(value) for value in self.cleaned_data["sources"]]

    def clean_moved(self) -> dict[DivisionCode, DivisionCode]:
        """Old code to new code; says which line cannot be read."""
        moved: dict[DivisionCode, DivisionCode] = {}
        for number, line in enumerate(self.cleaned_data["moved"].splitlines(), 1):
            parts = line.split()
            if not parts:
                continue
            try:
                if len(parts) != 2:
                    raise ValidationError(
                        gettext("第%(n)d行应为“原代码 新代码”，请核对。") % {"n": number}, code="line"
                    )
                moved[DivisionCode.parse(parts[0])] = DivisionCode.parse(parts[1])
            except InvalidValue as wrong:
                text = gettext("第%(n)d行：%(reason)s") % {"n": number, "reason": wrong.message(language())}
                raise ValidationError(text, code="line") from wrong
        return moved


class AdministrationForm(Form):
    """Who administers a division."""

    office_code = forms.CharField(label=_("管理机构代码"), max_length=64)
    day = _day(_("生效日期"))
    basis = _basis()


class FiguresForm(Form):
    """Population and service radius."""

    population = forms.IntegerField(label=_("常住人口（人）"), min_value=0)
    service_radius_m = forms.IntegerField(label=_("服务半径（米）"), min_value=1, required=False)
    as_of = _day(_("截至日期"))
    source = forms.CharField(label=_("数据来源"), max_length=200)


class OfficeForm(Form):
    """A new office."""

    code = forms.CharField(label=_("机构代码"), max_length=64, help_text=_("字母、数字、“-”和“_”，设立后不再更改"))
    kind = forms.ChoiceField(label=_("类别"))
    name = forms.CharField(label=_("机构名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    department_code = forms.CharField(label=_("部门代码"), max_length=40, required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    hours = forms.CharField(label=_("办公时间"), max_length=200, required=False)
    day = _day(_("设立日期"))
    basis = _basis()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["kind"].choices = options(OFFICE_KIND_NAMES.items(), empty=gettext("请选择"))  # type: ignore[attr-defined]  # a field of choices


class ContactForm(Form):
    """Where and when the public finds an office."""

    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    hours = forms.CharField(label=_("办公时间"), max_length=200, required=False)


class CloseOfficeForm(Form):
    """The end of an office."""

    successor = forms.CharField(label=_("承继机构代码"), max_length=64, required=False)
    day = _day(_("撤销日期"))
    basis = _basis()


class PostForm(Form):
    """A new post of an office."""

    title = forms.CharField(label=_("岗位名称"), max_length=60)
    title_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("角色"), help_text=_("角色决定岗位有哪些权限"))
    code = forms.CharField(label=_("岗位代码"), max_length=80)
    division = DivisionField(label=_("服务的区划代码"), max_length=12)
    headcount = forms.IntegerField(label=_("核定人数"), min_value=1, max_value=999)
    day = _day(_("设置日期"))

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["role"].choices = [("", gettext("请选择")), *roles]  # type: ignore[attr-defined]  # a field of choices


class ClosePostForm(Form):
    """The end of a post."""

    day = _day(_("撤销日期"))


class StaffForm(Form):
    """A person who works in an office."""

    staff_number = forms.CharField(label=_("工号"), max_length=32, help_text=_("也是登录名；字母、数字、“-”和“_”"))
    name = PersonNameField(label=_("姓名"), max_length=60)
    office_code = forms.CharField(label=_("单位代码"), max_length=64)
    employment = forms.ChoiceField(label=_("用工形式"))
    rank = forms.CharField(label=_("职级"), max_length=40, required=False)
    office_phone = forms.CharField(label=_("办公电话"), max_length=40, required=False)
    with_account = forms.BooleanField(
        label=_("开通登录账号"), required=False, initial=True, help_text=_("只做近亲属备案的村（居）委会成员不需要账号")
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["employment"].choices = options(EMPLOYMENT_KIND_NAMES.items(), empty=gettext("请选择"))  # type: ignore[attr-defined]  # a field of choices


class StaffChangeForm(StaffForm):
    """A person's entry, brought up to date."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        del self.fields["staff_number"], self.fields["with_account"]


class AppointForm(Form):
    """A person's term in a post."""

    post = forms.TypedChoiceField(label=_("岗位"), coerce=int, widget=forms.RadioSelect)
    valid_from = _day(_("任职日期"))
    valid_to = _day(_("任期届满日期"), required=False, hint=_("从这一天起不再任职；不填为未定任期"))
    appointed_by = forms.CharField(label=_("任命机关"), max_length=100)
    document_number = forms.CharField(label=_("任命文号"), max_length=100)

    def __init__(self, *args: Any, posts: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["post"].choices = posts  # type: ignore[attr-defined]  # a field of choices


class EndForm(Form):
    """The end of an appointment."""

    day = _day(_("结束日期"), hint=_("从这一天起不再任职"))
    reason = forms.CharField(label=_("原因"), max_length=200)


class ReasonForm(Form):
    """Why something is done."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class EmptyForm(Form):
    """Nothing to fill in."""


class FilingForm(Form):
    """A near relative."""

    relative_name = PersonNameField(label=_("近亲属姓名"), max_length=60)
    relation = forms.ChoiceField(label=_("关系"), help_text=_("近亲属与备案人员的关系"))
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["relation"].choices = options(NEAR_RELATION_NAMES.items(), empty=gettext("请选择"))  # type: ignore[attr-defined]  # a field of choices


class GroupForm(Form):
    """A leading group with its members."""

    name = forms.CharField(label=_("领导小组名称"), max_length=100)
    document_number = forms.CharField(label=_("文号"), max_length=100)
    day = _day(_("成立（调整）日期"))
    head = PersonNameField(label=_("组长姓名"), max_length=60)
    head_title = forms.CharField(label=_("组长职务"), max_length=100)
    head_is_principal = forms.BooleanField(label=_("组长是政府主要负责同志"), required=False)
    others = _long(
        _("副组长和成员"),
        required=False,
        hint=_("每行一人：副组长（或成员） 姓名 职务，用空格隔开"),
        longest=4000,
    )

    def clean_others(self) -> list[Seat]:
        """One seat a line; says which line cannot be read."""
        words = {texts[at]: role for role, texts in GROUP_ROLE_NAMES.items() for at in (0, 1)}
        seats = []
        for number, line in enumerate(self.cleaned_data["others"].splitlines(), 1):
            parts = line.split(maxsplit=2)
            if not parts:
                continue
            role = words.get(parts[0])
            if len(parts) != 3 or role is None or role is GroupRole.HEAD:
                raise ValidationError(
                    gettext("第%(n)d行应为“副组长（或成员） 姓名 职务”，请核对。") % {"n": number}, code="line"
                )
            try:
                seats.append(Seat(role, PersonName.parse(parts[1]).value, parts[2]))
            except InvalidName as wrong:
                text = gettext("第%(n)d行：%(reason)s") % {"n": number, "reason": wrong.message(language())}
                raise ValidationError(text, code="line") from wrong
        return seats

    def seats(self) -> list[Seat]:
        """Everyone, the head first."""
        values = self.cleaned_data
        head = Seat(GroupRole.HEAD, values["head"], values["head_title"], values["head_is_principal"])
        return [head, *values["others"]]


class ServiceForm(Form):
    """An item of the list of purchased services."""

    code = forms.CharField(label=_("项目编号"), max_length=32)
    name = forms.CharField(label=_("项目名称"), max_length=100)
    content = _long(_("服务内容"))
    method = forms.ChoiceField(label=_("采购方式"))
    procedure_note = _long(_("购买流程"))
    budget_fen = YuanField(label=_("预算（元）"), max_length=24)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["method"].choices = options(PROCUREMENT_METHOD_NAMES.items(), empty=gettext("请选择"))  # type: ignore[attr-defined]  # a field of choices


class ContractForm(Form):
    """Who provides a service, for how much and for how long."""

    provider = forms.CharField(label=_("承接主体"), max_length=100)
    provider_is_social_organization = forms.BooleanField(label=_("承接主体是社会组织"), required=False)
    contract_number = forms.CharField(label=_("合同编号"), max_length=60)
    contract_fen = YuanField(label=_("合同金额（元）"), max_length=24)
    valid_from = _day(_("合同起始日期"))
    valid_to = _day(_("合同届满日期"))


class EvaluationForm(Form):
    """What supervision found, and the score."""

    score = forms.DecimalField(label=_("评估得分"), min_value=0, max_value=100, max_digits=5, decimal_places=2)
    supervision_note = _long(_("监督情况"))
    evaluation_note = _long(_("评估意见"))


class UploadForm(Form):
    """A workbook to import."""

    file = forms.FileField(label=_("Excel文件"), help_text=_("由本系统导出或按模板填写的.xlsx文件，不超过4 MB"))

    def clean_file(self) -> Any:
        """The upload; refuses what could not come back in the confirmation."""
        upload = self.cleaned_data["file"]
        if upload.size > 4 * 1024 * 1024:
            raise ValidationError(gettext("文件超过4 MB，请分成几个文件导入。"), code="size")
        return upload
