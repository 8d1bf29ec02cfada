"""The variables that facts may speak of, and whether a value suits its variable.

What the rules of the programmes read is declared in the packs (`facts.yaml`); `data/variables.yaml` adds what is only
recorded, and how a few facts are kept. Money is kept in fen: `pension_yuan_month` of the packs is the variable
`pension_fen_month` here. Other numbers are kept as whole numbers of their last decimal place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from typing import Any

import yaml

from jiuzhu.core.code_lists.gbt_26341_disability import DISABILITY_GRADE
from jiuzhu.core.errors import InvalidValue
from jiuzhu.engine.kinds import Base, Kind, Unit
from jiuzhu.engine.packs.model import Variable as Declared
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.states import SubjectKind

Value = bool | int | str

_LARGEST_FEN = 10**14
_LARGEST_INT = 10**9
_LONGEST_TEXT = 200
# counts need none: the name of the variable says what is counted
_UNITS: dict[Unit, tuple[str, str]] = {
    Unit.YUAN: ("分", "fen"),
    Unit.YUAN_MONTH: ("分/月", "fen/month"),
    Unit.YUAN_YEAR: ("分/年", "fen/year"),
    Unit.SQUARE_METRES: ("平方米", "m²"),
    Unit.YEARS: ("年", "years"),
    Unit.MONTHS: ("个月", "months"),
    Unit.DAYS: ("天", "days"),
}
_UNITS_EN = {"亩": "mu", "千瓦时/月": "kWh/month", "小时/周": "hours/week"}
_STANDARD_CODES = {
    "GB/T 26341 grade": {"0": ("无", "none"), **{code: (zh, en) for code, zh, en in DISABILITY_GRADE.items()}}
}
# kept by the register itself, as columns of persons, households and memberships
HELD = frozenset({("household", "urban_registration"), ("person", "birth_date"), ("person", "counts_as_member")})


class VariableType(StrEnum):
    """What values a variable takes; dates are stored as ISO text, numbers with decimals as whole numbers."""

    BOOL = "bool"
    INT = "int"
    FEN = "fen"
    DECIMAL = "decimal"
    DATE = "date"
    CODE = "code"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable; `codes` maps a code to its names, `largest` bounds numbers and the length of text.

    `places` are the decimals of a number; `unit` is that of the whole number kept. `fact` is its name in the packs,
    empty when no rule reads it, and `stored` the code kept for each code of the packs.
    """

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
    places: int = 0
    fact: str = ""
    stored: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Process:
    """What this process knows; both are replaced as a whole, so that no thread meets a half-read list."""

    declared: Mapping[tuple[str, str], Declared]
    variables: Mapping[str, Variable]


_PROCESS = _Process({}, {})


def install(declared: Mapping[tuple[str, str], Declared]) -> None:
    """Make the facts that packs declare, and the register's own, the variables of this process."""
    if declared is _PROCESS.declared:
        return
    text = files("jiuzhu.rooms.registry").joinpath("data/variables.yaml").read_text(encoding="utf-8")
    _PROCESS.variables = load(text, declared)
    _PROCESS.declared = declared


def variables() -> Mapping[str, Variable]:
    """All variables by key: the register's own, and those of the packs in their order."""
    if not _PROCESS.variables:
        raise RuntimeError("no packs are installed: the application registry installs them at start")
    return _PROCESS.variables


def stored_key(fact: str, unit: Unit) -> str:
    """The key under which a fact of the packs is kept."""
    return fact.replace("_yuan", "_fen") if unit in (Unit.YUAN, Unit.YUAN_MONTH, Unit.YUAN_YEAR) else fact


def load(text: str, declared: Mapping[tuple[str, str], Declared]) -> Mapping[str, Variable]:
    """Read the register's own file, and put it beside what the packs declare of persons and households.

    Raises:
        ValueError: a key stands twice, a code list is missing, or it says how to keep a fact that no pack declares.
            A pack may declare what the register has of its own; then the pack's holds.
    """
    document = yaml.safe_load(text)
    lists = {
        name: {str(code): (names[0], names[1]) for code, names in rows.items()}
        for name, rows in document["codes"].items()
    } | _STANDARD_CODES
    kept: dict[str, dict[str, Any]] = {row["key"]: row for row in document["kept"]}
    found: dict[str, Variable] = {}
    for (entity, name), one in declared.items():
        if entity in set(SubjectKind) and (entity, name) not in HELD:
            key = stored_key(name, one.kind.unit)
            found[key] = _of_packs(key, one, kept.pop(key, {}), lists)
    if kept:
        raise ValueError(f"no pack declares {', '.join(kept)}")
    own: dict[str, Variable] = {}
    for row in document["variables"]:
        if row["key"] in own:
            raise ValueError(f"variable {row['key']} stands twice")
        own[row["key"]] = _own(row, lists)
    return own | found


def _of_packs(
    key: str, one: Declared, kept: Mapping[str, Any], lists: Mapping[str, Mapping[str, tuple[str, str]]]
) -> Variable:
    kind, source = one.kind, one.source
    codes = dict(zip(kind.stored, kind.names, strict=True)) if kind.base is Base.CODE else {}
    if "codes" in kept:
        codes = dict(_list(key, kept["codes"], lists))
    unit, unit_en = _UNITS.get(kind.unit, (kept.get("unit", ""), _UNITS_EN.get(kept.get("unit", ""), "")))
    return Variable(
        key=key,
        subject=SubjectKind(one.entity),
        type=VariableType.CODE if codes else _type(kind),
        zh=one.label.zh,
        en=one.label.en,
        unit=unit,
        unit_en=unit_en,
        department=source.register if source else "",
        personal_data=source.personal_data if source else "none",
        codes=codes,
        smallest=kind.lowest,
        largest=kind.highest,
        column=kept.get("column", ""),
        places=kind.places,
        fact=one.name,
        stored=dict(zip(kind.options, kind.stored, strict=True)) if kind.base is Base.CODE else {},
    )


def stored_code(one: Variable, code: str) -> str | None:
    """The code under which a code of the packs, or of the register itself, is kept; None when neither knows it."""
    return code if code in one.codes else one.stored.get(code)


def _type(kind: Kind) -> VariableType:
    if kind.unit in (Unit.YUAN, Unit.YUAN_MONTH, Unit.YUAN_YEAR):
        return VariableType.FEN
    return {
        Base.TRUTH: VariableType.BOOL,
        Base.DAY: VariableType.DATE,
        Base.CODE: VariableType.CODE,
    }.get(kind.base, VariableType.DECIMAL if kind.places else VariableType.INT)


def _own(row: Mapping[str, Any], lists: Mapping[str, Mapping[str, tuple[str, str]]]) -> Variable:
    kind = VariableType(row["type"])
    default = {VariableType.FEN: _LARGEST_FEN, VariableType.TEXT: _LONGEST_TEXT}.get(kind, _LARGEST_INT)
    return Variable(
        key=row["key"],
        subject=SubjectKind(row["subject"]),
        type=kind,
        zh=row["zh"],
        en=row["en"],
        unit=row.get("unit", ""),
        unit_en=_UNITS_EN.get(row.get("unit", ""), ""),
        department=row["department"],
        personal_data=row["class"],
        codes=_list(row["key"], row["codes"], lists) if kind is VariableType.CODE else {},
        smallest=row.get("min", 0),
        largest=row.get("max", default),
        column=row.get("column", ""),
        places=2 if kind is VariableType.FEN else 0,
    )


def _list(key: str, name: str, lists: Mapping[str, Mapping[str, tuple[str, str]]]) -> Mapping[str, tuple[str, str]]:
    if name not in lists:
        raise ValueError(f"variable {key}: no code list {name}")
    return lists[name]


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
    if (
        one.type in (VariableType.INT, VariableType.FEN, VariableType.DECIMAL)
        and isinstance(value, int)
        and not isinstance(value, bool)
    ):
        if one.smallest <= value <= one.largest:
            return value
        least, most = (f"{Decimal(end).scaleb(-one.places):,f}" for end in (one.smallest, one.largest))
        unit = one.unit.replace("分", "元") if one.type is VariableType.FEN else one.unit
        raise _refused(one, f"应在{least}至{most}{unit}之间", f"must be {least} to {most}")
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
    if one.type is VariableType.DECIMAL and isinstance(value, int):
        value = f"{Decimal(value).scaleb(-one.places).normalize():,f}"
    if english:
        return f"{value} {one.unit_en}".rstrip()
    return f"{value}{one.unit}"


_WANTED: dict[VariableType, tuple[str, str]] = {
    VariableType.BOOL: ("“是”或“否”", "yes or no"),
    VariableType.INT: ("整数", "a whole number"),
    VariableType.FEN: ("以分为单位的整数", "a whole number of fen"),
    VariableType.DECIMAL: ("以最小位计的整数", "a whole number of its last decimal place"),
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
