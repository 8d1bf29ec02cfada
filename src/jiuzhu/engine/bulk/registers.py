"""The registers that can come as files: their columns, the figures each gives, and what its rows can hide.

A figure has two bounds: what is sure to be the person's (`low`) and the most it can be (`high`). What a row hides puts
the two apart; a row about which a person has to decide whose it is adds to the upper bound only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jiuzhu.engine.matching.findings import Finding

WHOLE_SHARE = 1_000_000_000


class FieldKind(StrEnum):
    """How a cell is read. Money is read in yuan or, under the code that ends in `_fen`, in fen."""

    NUMBER = "number"
    NAME = "name"
    SEX = "sex"
    DATE = "date"
    DIVISION = "division"
    MONEY = "money"
    COUNT = "count"
    SHARE = "share"
    CODE = "code"


class Sum(StrEnum):
    """How the rows of one person become a figure."""

    TOTAL = "sum"
    GREATEST = "max"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its code, the headings that mean it, how a cell is read; `codes` gives the texts of each code."""

    code: str
    kind: FieldKind
    headings: tuple[str, ...]
    required: bool = False
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """A figure per person; `low` and `high` are SQL over the columns of one row that is the person's."""

    code: str
    zh: str
    en: str
    low: str
    high: str
    by: Sum = Sum.TOTAL


@dataclass(frozen=True, slots=True)
class Register:
    """A register; `hidden` says under which condition (SQL) a row carries a finding."""

    code: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    items: tuple[Item, ...]
    hidden: tuple[tuple[Finding, str], ...] = ()

    @property
    def columns(self) -> tuple[Field, ...]:
        """The columns by which a row finds its person, and the register's own."""
        return (*IDENTITY, *self.fields)


IDENTITY = (
    Field("number", FieldKind.NUMBER, ("身份证号", "身份证号码", "公民身份号码", "证件号码", "id_number")),
    Field("name", FieldKind.NAME, ("姓名", "权利人", "户名", "所有人")),
    Field("birth_date", FieldKind.DATE, ("出生日期", "birth")),
    Field("sex", FieldKind.SEX, ("性别",)),
    Field("division_code", FieldKind.DIVISION, ("区划代码", "division")),
)
SEXES = {"1": ("1", "男", "male", "m"), "2": ("2", "女", "female", "f")}


def _money(code: str, *headings: str, required: bool = True) -> Field:
    return Field(code, FieldKind.MONEY, headings, required)


_SHARE = Field("share", FieldKind.SHARE, ("份额", "共有份额", "持股比例", "出资比例"))
_OWN_SHARE = f"share / {WHOLE_SHARE}"


def _by_share(amount: str) -> str:
    """The person's part of an amount, to the nearest fen, exact."""
    return f"CAST((CAST({amount} AS HUGEINT) * share * 2 + {WHOLE_SHARE}) // {2 * WHOLE_SHARE} AS BIGINT)"


_VEHICLE_STATE = {
    "normal": ("正常",),
    "sold": ("已转让未过户", "转让未过户", "已报备转让"),
    "scrapped": ("报废", "注销"),
}
_HOME_STATE = {"owned": ("正常", "现势"), "demolished": ("已拆除", "待注销"), "inherited": ("继承未办", "继承未分割")}
_COMPANY_STATE = {
    "active": ("存续", "开业", "在业"),
    "dormant": ("停业", "歇业", "吊销", "吊销未注销"),
    "struck": ("注销",),
}
_PURPOSE = {
    "ordinary": ("普通", "储蓄"),
    "student": ("学生", "助学"),
    "compensation": ("补偿款", "赔偿款", "征地补偿", "工伤补偿"),
}
_INSURANCE = {
    "contribution": ("缴费",),
    "pension": ("养老金", "养老待遇"),
    "unemployment": ("失业金", "失业待遇"),
    "lump_sum": ("一次性待遇", "一次性补偿", "工伤一次性补助"),
}
_OWNERS = Field("owners", FieldKind.COUNT, ("共有人数", "权利人数"))
_JOINT = "(share IS NULL AND coalesce(holders, 1) > 1)"
_PART_UNKNOWN = "(share IS NULL AND coalesce(owners, 1) > 1)"
_STANDS = "coalesce(state, 'owned') = 'owned'"
_SPECIAL = "coalesce(purpose, 'ordinary') <> 'ordinary'"
_BALANCE = f"CASE WHEN share IS NULL THEN balance_fen ELSE {_by_share('balance_fen')} END"
_PPM = "(share + 500) // 1000"
_CAPITAL = f"CASE WHEN share IS NULL THEN capital_fen ELSE {_by_share('capital_fen')} END"
_LIVE = "coalesce(state, 'active')"


def _paid(kind: str) -> str:
    return f"CASE WHEN kind IN ({kind}) THEN amount_fen ELSE 0 END"


REGISTERS: dict[str, Register] = {
    one.code: one
    for one in (
        Register(
            "vehicles",
            "机动车登记",
            "motor vehicles",
            (Field("state", FieldKind.CODE, ("车辆状态", "状态"), codes=_VEHICLE_STATE),),
            (
                Item(
                    "vehicles",
                    "车辆（辆）",
                    "vehicles",
                    "CASE WHEN coalesce(state, 'normal') = 'normal' THEN 1 ELSE 0 END",
                    "CASE WHEN coalesce(state, 'normal') <> 'scrapped' THEN 1 ELSE 0 END",
                ),
            ),
            ((Finding.SOLD_NOT_TRANSFERRED, "state = 'sold'"),),
        ),
        Register(
            "deposits",
            "银行存款",
            "deposits",
            (
                _money("balance_fen", "余额", "存款余额", "balance_yuan"),
                Field("holders", FieldKind.COUNT, ("持有人数", "联名人数")),
                _SHARE,
                Field("purpose", FieldKind.CODE, ("账户性质", "款项性质"), codes=_PURPOSE),
            ),
            (
                Item(
                    "deposits_fen",
                    "存款（分）",
                    "deposits (fen)",
                    f"CASE WHEN {_JOINT} OR {_SPECIAL} THEN 0 ELSE {_BALANCE} END",
                    _BALANCE,
                ),
            ),
            (
                (Finding.CO_OWNED, f"share < {WHOLE_SHARE}"),
                (Finding.JOINT_ACCOUNT, _JOINT),
                (Finding.STUDENT_ACCOUNT, "purpose = 'student'"),
                (Finding.LUMP_SUM, "purpose = 'compensation'"),
                (Finding.VALUE_MISSING, "balance_fen IS NULL"),
            ),
        ),
        Register(
            "real_estate",
            "不动产登记",
            "real estate",
            (_OWNERS, _SHARE, Field("state", FieldKind.CODE, ("房屋状态", "状态"), codes=_HOME_STATE)),
            (
                Item("homes", "房屋（套）", "homes", f"CASE WHEN {_STANDS} THEN 1 ELSE 0 END", "1"),
                Item(
                    "home_share_ppm",
                    "房屋份额（百万分之一）",
                    "shares in homes (ppm)",
                    f"CASE WHEN NOT ({_STANDS}) OR {_PART_UNKNOWN} THEN 0"
                    f" WHEN share IS NULL THEN 1000000 ELSE {_PPM} END",
                    f"CASE WHEN share IS NULL THEN 1000000 ELSE {_PPM} END",
                ),
            ),
            (
                (Finding.CO_OWNED, f"share < {WHOLE_SHARE}"),
                (Finding.SHARE_UNKNOWN, _PART_UNKNOWN),
                (Finding.DEMOLISHED, "state = 'demolished'"),
                (Finding.INHERITED, "state = 'inherited'"),
            ),
        ),
        Register(
            "companies",
            "市场主体登记",
            "companies and traders",
            (
                _money("capital_fen", "出资额", "注册资本", "capital_yuan", required=False),
                _SHARE,
                Field("state", FieldKind.CODE, ("登记状态", "状态"), codes=_COMPANY_STATE),
            ),
            (
                Item(
                    "companies",
                    "市场主体（个）",
                    "companies",
                    f"CASE WHEN {_LIVE} = 'active' THEN 1 ELSE 0 END",
                    f"CASE WHEN {_LIVE} <> 'struck' THEN 1 ELSE 0 END",
                ),
                Item(
                    "capital_fen",
                    "出资（分）",
                    "capital (fen)",
                    f"CASE WHEN {_LIVE} = 'active' AND share IS NOT NULL THEN {_CAPITAL} ELSE 0 END",
                    f"CASE WHEN {_LIVE} = 'struck' THEN 0 ELSE {_CAPITAL} END",
                ),
            ),
            (
                (Finding.CO_OWNED, f"share < {WHOLE_SHARE}"),
                (Finding.SHARE_UNKNOWN, f"share IS NULL AND {_LIVE} <> 'struck'"),
                (Finding.DORMANT_COMPANY, "state = 'dormant'"),
                (Finding.VALUE_MISSING, f"capital_fen IS NULL AND {_LIVE} <> 'struck'"),
            ),
        ),
        Register(
            "social_insurance",
            "社会保险",
            "social insurance",
            (
                Field("kind", FieldKind.CODE, ("类别", "险种待遇"), required=True, codes=_INSURANCE),
                _money("amount_fen", "金额", "缴费基数或待遇", "amount_yuan"),
            ),
            (
                Item(
                    "contribution_base_fen_month",
                    "缴费基数（分/月）",
                    "contribution base (fen a month)",
                    _paid("'contribution'"),
                    _paid("'contribution'"),
                    Sum.GREATEST,
                ),
                Item(
                    "benefits_fen_month",
                    "养老、失业待遇（分/月）",
                    "pensions and unemployment benefit (fen a month)",
                    _paid("'pension', 'unemployment'"),
                    _paid("'pension', 'unemployment'"),
                ),
                Item("lump_sums_fen", "一次性待遇（分）", "lump sums (fen)", "0", _paid("'lump_sum'")),
            ),
            ((Finding.LUMP_SUM, "kind = 'lump_sum'"), (Finding.VALUE_MISSING, "amount_fen IS NULL")),
        ),
        Register(
            "deaths",
            "死亡登记",
            "deaths",
            (Field("died_on", FieldKind.DATE, ("死亡日期",)),),
            (Item("dead", "已登记死亡", "registered as dead", "1", "1", Sum.GREATEST),),
            ((Finding.DECEASED_NOT_CANCELLED, "true"),),
        ),
    )
}
