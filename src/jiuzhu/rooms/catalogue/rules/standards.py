"""Standards of assistance: reading a figure, the floors that packs state, and when a standard may be published.

A pack states a floor as a comparison in a figure whose name ends in `_floor_met`:
`p.tekun_basic_urban_yuan_month >= p.dibao_standard_urban_yuan_month * p.tekun_floor_multiple`. What stands to the right
is the least that the parameter to the left may be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Self

from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.periods import Period
from jiuzhu.engine.explaining.wording import value_words
from jiuzhu.engine.expressions.tree import Binary, Call, Expression, Name, Number, Unary, children
from jiuzhu.engine.kinds import Base, NotOfKindError
from jiuzhu.engine.packs.model import PackSet, Parameter
from jiuzhu.engine.packs.pieces import Label

FLOOR = "_floor_met"


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor that packs state: the rule that says it, and the least in words; None when it is not known there."""

    rule: str
    label: Label
    least: Label | None
    is_met: bool | None

    def to_plain(self) -> list[Any]:
        """The floor as it is stored."""
        least = None if self.least is None else [self.least.zh, self.least.en]
        return [self.rule, self.label.zh, self.label.en, least, self.is_met]

    @classmethod
    def from_plain(cls, stored: Sequence[Any]) -> Self:
        """The floor that was stored."""
        rule, zh, en, least, is_met = stored
        return cls(rule, Label(zh, en), None if least is None else Label(*least), is_met)


def figure_of(packs: PackSet, name: str) -> Parameter:
    """The parameter of the packs for which a standard can be set: a number.

    Raises:
        InvalidValue: there is none of this name, or it is no number.
    """
    found = packs.parameters.get(name)
    if found is None or found.kind.base is not Base.NUMBER:
        raise InvalidValue(
            "catalogue.standard.parameter",
            f"政策包没有名为“{name}”的数值参数，请从列表中选择",
            f"The packs have no number called {name!r}; choose one of the list.",
            field="parameter",
        )
    return found


def read_value(parameter: Parameter, text: str) -> int:
    """A figure as it was typed, as it is held in memory.

    Raises:
        InvalidValue: it is no number of this kind, or outside the range of the parameter.
    """
    kind = parameter.kind
    try:
        value = kind.encode(text.strip())
    except NotOfKindError as wrong:
        raise InvalidValue(
            "catalogue.standard.value", f"应当填写{wrong.zh}", f"Enter {wrong}.", field="value"
        ) from None
    if not kind.lowest <= value <= kind.highest:
        lowest, highest = kind.decode(kind.lowest), kind.decode(kind.highest)
        raise InvalidValue(
            "catalogue.standard.range",
            f"应当在{lowest}至{highest}之间，请核对",
            f"It lies between {lowest} and {highest}; check it.",
            field="value",
        )
    return value


def in_words(parameter: Parameter, value: int) -> Label:
    """A figure with its unit, in both languages."""
    return value_words(parameter.kind, Fraction(value, 10**parameter.kind.places))


def set_by_city_or_county(division: DivisionCode) -> RuleRefused | None:
    """Standards are set by cities and counties (社会救助法 arts. 17, 19)."""
    if division.level in (DivisionLevel.CITY, DivisionLevel.COUNTY):
        return None
    return RuleRefused(
        "catalogue.standard.level",
        "救助标准由市、县（市、区）制定，请选择市或县",
        "Standards are set by a city or a county; choose one.",
        field="division",
    )


def floors_of(packs: PackSet, parameter: Parameter, value: int, division: DivisionCode, on: date) -> tuple[Floor, ...]:
    """The floors that packs state for a parameter in a place on a day; empty when they state none."""
    amount = Fraction(value, 10**parameter.kind.places)
    found = []
    for variable in packs.variables.values():
        if not variable.name.endswith(FLOOR):
            continue
        inside = [one for one in variable.formulas if division.value.startswith(one.prefix) and one.period.contains(on)]
        formula = max(inside, key=lambda one: len(one.prefix), default=None)
        for side in () if formula is None else _least(formula.tree, parameter.name):
            least = _worked_out(side, packs, division.value, on)
            words = None if least is None else value_words(parameter.kind, least)
            found.append(Floor(variable.full_name, variable.label, words, None if least is None else amount >= least))
    return tuple(found)


def _least(tree: Expression, name: str) -> Iterator[Expression]:
    """What a parameter is compared with as the least it may be, wherever the formula does so."""
    match tree:
        case Binary(operator=">=", left=Name(owner="p", name=found), right=side) if found == name:
            yield side
        case Binary(operator="<=", left=side, right=Name(owner="p", name=found)) if found == name:
            yield side
        case _:
            for child in children(tree):
                yield from _least(child, name)


def _worked_out(tree: Expression, packs: PackSet, division: str, on: date) -> Fraction | None:
    """A figure that rests on numbers and parameters alone; None when one is not on file or more is asked."""
    match tree:
        case Number(text=text):
            return Fraction(text)
        case Name(owner="p", name=name) if name in packs.parameters:
            parameter = packs.parameters[name]
            entry = parameter.entry(division, on)
            return None if entry is None else Fraction(entry.value, 10**parameter.kind.places)
        case Unary(operator="-", operand=operand):
            inner = _worked_out(operand, packs, division, on)
            return None if inner is None else -inner
        case Binary(operator=operator, left=left, right=right):
            return _joined(operator, *(_worked_out(side, packs, division, on) for side in (left, right)))
        case Call(function="greatest" | "least" as function, arguments=arguments):
            values = [_worked_out(one, packs, division, on) for one in arguments]
            known = [one for one in values if one is not None]
            return (max(known) if function == "greatest" else min(known)) if len(known) == len(values) else None
        case _:
            return None


def _joined(operator: str, left: Fraction | None, right: Fraction | None) -> Fraction | None:
    if left is None or right is None or (operator == "/" and not right):
        return None
    found: Mapping[str, Fraction] = {"+": left + right, "-": left - right, "*": left * right}
    return left / right if operator == "/" else found.get(operator)


def not_below_the_provincial_floor(floors: Sequence[Floor]) -> RuleRefused | None:
    """A standard is not approved below a floor of the packs; a floor that is not known is shown as such."""
    broken = next((one for one in floors if one.is_met is False), None)
    if broken is None or broken.least is None:
        return None
    return RuleRefused(
        "catalogue.standard.floor",
        f"低于规定的最低标准{broken.least.zh}（{broken.label.zh}），请退回重新拟定",
        f"It is below the floor of {broken.least.en} ({broken.label.en}); have it proposed anew.",
        field="value",
    )


def document_number_is_given(document_number: str) -> RuleRefused | None:
    """A standard is published by a document with a number (政府信息公开条例 art. 26)."""
    if document_number.strip():
        return None
    return RuleRefused(
        "catalogue.standard.document",
        "请填写公布标准的文号，例如泰民〔2026〕1号",
        "Enter the number of the document that publishes the standard, such as 泰民〔2026〕1号.",
        field="document_number",
    )


def periods_do_not_overlap(earlier: Period, later: Period) -> RuleRefused | None:
    """Of two standards of one parameter and place, the earlier ends where the later begins, or before."""
    if not earlier.overlaps(later):
        return None
    return RuleRefused(
        "catalogue.standard.overlap",
        f"与已公布的标准（{earlier.start}起）时段重叠，请改用更晚的施行日期",
        f"It overlaps the published standard that holds from {earlier.start}; choose a later first day.",
        field="effective_on",
    )


def leaves_no_gap(earlier: Period, later: Period) -> RuleRefused | None:
    """A standard that ends before the one it replaces would have ended would leave days without any."""
    if later.end is None or (earlier.end is not None and earlier.end <= later.end):
        return None
    return RuleRefused(
        "catalogue.standard.gap",
        "新标准的终止日期早于被替代的标准，其后将没有标准可用，请把终止日期留空",
        "The new standard ends before the one it replaces would; leave its end open, or days would have none.",
        field="valid_to",
    )


def replacement_has_begun(later: Period | None, on: date) -> RuleRefused | None:
    """A standard is replaced once a later one has been published and its first day has come."""
    if later is None:
        return RuleRefused(
            "catalogue.standard.no_later",
            "没有已公布的新标准，请先公布新标准",
            "No later standard has been published; publish one first.",
        )
    if on < later.start:
        return RuleRefused(
            "catalogue.standard.still_in_force",
            f"新标准自{later.start}起执行，届时再登记替代",
            f"The new standard holds from {later.start}; record the replacement then.",
        )
    return None
