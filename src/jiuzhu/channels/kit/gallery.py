"""What the gallery shows: invented samples for every component (trial only)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiuzhu.channels.kit.context import NavigationItem
from jiuzhu.channels.kit.forms import DatePartsField, Form


class SampleForm(Form):
    """Every kind of field once."""

    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=40,
        help_text=gettext_lazy("请与身份证一致。"),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        required=False,
        widget=forms.TextInput({"type": "tel", "inputmode": "numeric", "autocomplete": "tel", "class": "input-short"}),
    )
    born = DatePartsField(label=gettext_lazy("出生日期"), help_text=gettext_lazy("例如 1956年3月8日"))
    living = forms.ChoiceField(
        label=gettext_lazy("居住情况"),
        choices=[
            ("alone", gettext_lazy("一个人住")),
            ("family", gettext_lazy("和家人同住")),
            ("home", gettext_lazy("住在养老机构")),
        ],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("需要哪些帮助"),
        required=False,
        choices=[
            ("living", gettext_lazy("基本生活")),
            ("medical", gettext_lazy("看病就医")),
            ("school", gettext_lazy("孩子上学")),
            ("housing", gettext_lazy("住房")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("与户主关系"),
        choices=[
            ("", gettext_lazy("请选择")),
            ("01", gettext_lazy("本人")),
            ("10", gettext_lazy("配偶")),
            ("20", gettext_lazy("子")),
        ],
    )
    story = forms.CharField(
        label=gettext_lazy("家庭困难情况"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 4}),
    )
    proof = forms.FileField(
        label=gettext_lazy("上传照片"), required=False, help_text=gettext_lazy("支持 JPG、PNG、PDF，每个不超过 10 MB。")
    )
    agree = forms.BooleanField(
        label=gettext_lazy("我承诺以上内容真实"), error_messages={"required": gettext_lazy("请确认承诺内容。")}
    )


def navigation() -> tuple[NavigationItem, ...]:
    """A sample navigation."""
    return (
        NavigationItem(_("我的一天"), "/kit/workbench/", "day", 12, current=True),
        NavigationItem(_("困难群众库"), "/kit/workbench/#registry", "household"),
        NavigationItem(_("组织网络"), "/kit/workbench/#organization", "office", 0),
        NavigationItem(_("审计追踪"), "/kit/workbench/#audit", "history"),
    )


def gallery_context() -> dict[str, Any]:
    """The samples, with one form untouched and one sent with mistakes."""
    return {
        "form": SampleForm(prefix="new"),
        "wrong_form": SampleForm({"bad-born_year": "1956", "bad-born_month": "2", "bad-born_day": "30"}, prefix="bad"),
        "navigation": navigation(),
        "posts": ((1, _("范镇 经办岗")), (2, _("范镇 审核岗"))),
        "names": ("王秀兰", "李建国", "李晓雨", "李建华"),
        "rows": SAMPLE_ROWS,
        "bars": SAMPLE_BARS,
    }


# name, place, programme, monthly amount in yuan, state kind, state word
SAMPLE_ROWS = (
    (
        "王秀兰",
        gettext_lazy("岱岳区 范镇 示例村"),
        gettext_lazy("最低生活保障"),
        "682.00",
        "success",
        gettext_lazy("已确认"),
    ),
    (
        "李建国",
        gettext_lazy("泰山区 财源街道 示例社区"),
        gettext_lazy("临时救助"),
        "2,000.00",
        "warning",
        gettext_lazy("公示中"),
    ),
    (
        "张桂英",
        gettext_lazy("宁阳县 磁窑镇 示例村"),
        gettext_lazy("特困人员救助供养"),
        "1,105.50",
        "info",
        gettext_lazy("核对中"),
    ),
    (
        "赵德福",
        gettext_lazy("东平县 州城街道 示例社区"),
        gettext_lazy("最低生活保障"),
        "—",
        "danger",
        gettext_lazy("不予确认"),
    ),
)
# label, persons; then, in a drawing of 560 × 240, the middle and left edge of the bar, its height, its upper edge
SAMPLE_BARS = (
    (gettext_lazy("泰山区"), 4210, 70, 40, 84, 116),
    (gettext_lazy("岱岳区"), 8120, 210, 180, 162, 38),
    (gettext_lazy("新泰市"), 9350, 350, 320, 187, 13),
    (gettext_lazy("肥城市"), 6020, 490, 460, 120, 80),
)
