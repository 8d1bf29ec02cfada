"""The variables that facts may speak of, and whether a value suits its variable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import yaml

from jiuzhu.core.code_lists.gbt_26341_disability import DISABILITY_GRADE, DISABILITY_TYPE
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.states import SubjectKind

Value = bool | int | str

_LARGEST_FEN = 10**14
_LARGEST_INT = 10**9
_LONGEST_TEXT = 200
# counts need none: the English name of the variable says what is counted
_UNITS_EN = {"亩": "mu", "平方米": "m²", "千瓦时/月": "kWh/month", "小时/周": "hours/week"}
_STANDARD_CODES = {"GB/T 26341 type": DISABILITY_TYPE, "GB/T 26341 grade": DISABILITY_GRADE}


class VariableType(StrEnum):
    """What values a variable takes; dates are stored as ISO text, money as integer fen."""

    BOOL = "bool"
    INT = "int"
    FEN = "fen"
    DATE = "date"
    CODE = "code"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable; `codes` maps a code to its names, `largest` bounds numbers and the length of text."""

    key: str
    subject: SubjectKind
    type: VariableType
    zh: str
    en: str
    unit: str
    unit_en: str
    department: str
    personal_data: str
    codes: Mapping[str, tuple[str, str]]
    smallest: int
    largest: int
    column: str


@lru_cache(maxsize=1)
def variables() -> Mapping[str, Variable]:
    """All variables by key, in the order of the file."""
    text = files("jiuzhu.rooms.registry").joinpath("data/variables.yaml").read_text(encoding="utf-8")
    return load(text)


def load(text: str) -> Mapping[str, Variable]:
    """Read the file of variables.

    Raises:
        ValueError: a key stands twice, or a code list is missing.
    """
    document = yaml.safe_load(text)
    lists = {
        name: {str(code): (names[0], names[1]) for code, names in rows.items()}
        for name, rows in document["codes"].items()
    }
    lists |= {name: {code: (zh, en) for code, zh, en in table.items()} for name, table in _STANDARD_CODES.items()}
    found: dict[str, Variable] = {}
    for row in document["variables"]:
        key, kind = row["key"], VariableType(row["type"])
        if key in found:
            raise ValueError(f"variable {key} stands twice")
        if kind is VariableType.CODE and row["codes"] not in lists:
            raise ValueError(f"variable {key}: no code list {row['codes']}")
        default = {VariableType.FEN: _LARGEST_FEN, VariableType.TEXT: _LONGEST_TEXT}.get(kind, _LARGEST_INT)
        found[key] = Variable(
            key=key,
            subject=SubjectKind(row["subject"]),
            type=kind,
            zh=row["zh"],
            en=row["en"],
            unit=row.get("unit", ""),
            unit_en=_UNITS_EN.get(row.get("unit", ""), ""),
            department=row["department"],
            personal_data=row["class"],
            codes=lists[row["codes"]] if kind is VariableType.CODE else {},
            smallest=row.get("min", 0),
            largest=row.get("max", default),
            column=row.get("column", ""),
        )
    return found


def variable(key: str) -> Variable:
    """Return one variable.

    Raises:
        InvalidValue: there is none of that key.
    """
    found = variables().get(key)
    if found is None:
        raise InvalidValue(
            "registry.variable.unknown",
            f"没有代码为“{key[:40]}”的指标，请从指标清单中选择",
            f"No variable has the key “{key[:40]}”; choose one from the list.",
            field="variable",
        )
    return found


def check_value(one: Variable, value: object) -> Value:
    """Return the value as stored when it suits the variable.

    Raises:
        InvalidValue: wrong type, out of range, unknown code, or text with characters that cannot be seen.
    """
    if one.type is VariableType.BOOL and isinstance(value, bool):
        return value
    if one.type in (VariableType.INT, VariableType.FEN) and isinstance(value, int) and not isinstance(value, bool):
        if one.smallest <= value <= one.largest:
            return value
        raise _refused(
            one, f"应在{one.smallest}至{one.largest}{one.unit}之间", f"must be {one.smallest} to {one.largest}"
        )
    if one.type is VariableType.DATE:
        return _date(one, value)
    if isinstance(value, str) and one.type is VariableType.CODE:
        if value in one.codes:
            return value
        choices = "、".join(f"{code}（{zh}）" for code, (zh, _) in one.codes.items())
        raise _refused(one, f"应为下列之一：{choices}", f"must be one of: {', '.join(one.codes)}")
    if isinstance(value, str) and one.type is VariableType.TEXT:
        return clean_text(value, field=one.key, label=(one.zh, one.en), longest=one.largest)
    wanted = _WANTED[one.type]
    raise _refused(one, f"应为{wanted[0]}", f"must be {wanted[1]}")


def shown_value(one: Variable, value: Value, language: str = "zh") -> str:
    """The value for people: codes by name, money in yuan, yes and no."""
    english = language.startswith("en")
    if one.type is VariableType.BOOL:
        return ("yes" if value else "no") if english else ("是" if value else "否")
    if one.type is VariableType.CODE:
        names = one.codes.get(str(value), (str(value), str(value)))
        return names[1] if english else names[0]
    if one.type is VariableType.FEN and isinstance(value, int):
        yuan = f"{value // 100:,}.{value % 100:02d}"
        per = {"分/月": ("元/月", " yuan/month"), "分/年": ("元/年", " yuan/year")}.get(one.unit, ("元", " yuan"))
        return yuan + per[1 if english else 0]
    if english:
        return f"{value} {one.unit_en}".rstrip()
    return f"{value}{one.unit}"


_WANTED: dict[VariableType, tuple[str, str]] = {
    VariableType.BOOL: ("“是”或“否”", "yes or no"),
    VariableType.INT: ("整数", "a whole number"),
    VariableType.FEN: ("以分为单位的整数", "a whole number of fen"),
    VariableType.DATE: ("日期", "a date"),
    VariableType.CODE: ("代码", "a code"),
    VariableType.TEXT: ("文字", "text"),
}


def _date(one: Variable, value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise _refused(one, "应为存在的日期，例如2026-03-01", "must be a date that exists, such as 2026-03-01")


def _refused(one: Variable, zh: str, en: str) -> InvalidValue:
    return InvalidValue("registry.fact.value", f"“{one.zh}”的值{zh}，请改正", f"{one.en} {en}.", field=one.key)
