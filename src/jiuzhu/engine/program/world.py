"""What a formula may name, what a typed part of it is, and the words for both in problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from jiuzhu.engine.expressions.tree import Span
from jiuzhu.engine.kinds import Base, Kind, Unit
from jiuzhu.engine.packs.model import Entity, Parameter
from jiuzhu.engine.program.nodes import Key, Node
from jiuzhu.engine.program.quantities import Quantity


class TypeProblem(Exception):  # noqa: N818 (it is turned into a Problem with its place)
    """A part of a formula is not allowed: where, a stable code, a sentence and advice in both languages."""

    def __init__(self, span: Span, code: str, zh: str, en: str, advice: tuple[str, str] = ("", "")) -> None:
        super().__init__(en)
        self.span, self.code, self.zh, self.en, self.advice = span, code, zh, en, advice


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value that is no number: its node and kind."""

    node: Node
    kind: Kind


Typed: TypeAlias = Quantity | Value


@dataclass(frozen=True, slots=True)
class Known:
    """What a name stands for: its kind and how it is read; `is_fact` for what is not worked out."""

    kind: Kind
    typed: Typed
    is_fact: bool


@dataclass(frozen=True, slots=True)
class World:
    """Everything a formula may name, and the day on which ages are asked, or the first and the last of such days."""

    on: date
    entities: Mapping[str, Entity]
    parameters: Mapping[str, Parameter]
    variables: Mapping[Key, Known]
    until: date | None = None


UNIT_WORDS = {
    Unit.NONE: ("个数或比例", "a plain number"),
    Unit.YUAN: ("元", "yuan"),
    Unit.YUAN_MONTH: ("元/月", "yuan a month"),
    Unit.YUAN_YEAR: ("元/年", "yuan a year"),
    Unit.SQUARE_METRES: ("平方米", "square metres"),
    Unit.YEARS: ("年（岁）", "years"),
    Unit.MONTHS: ("月数", "months"),
    Unit.DAYS: ("天数", "days"),
}


def same(left: Kind, right: Kind) -> bool:
    """Whether values of two kinds can be compared."""
    return left.base is right.base and left.options == right.options


def kind_words(typed: Typed) -> tuple[str, str]:
    """What a part is, in Chinese and English."""
    if isinstance(typed, Quantity):
        return "数", "a number"
    return {
        Base.TRUTH: ("是非", "yes or no"),
        Base.DAY: ("日期", "a day"),
        Base.CODE: ("代码", "a code"),
        Base.OUTCOME: ("结论", "an outcome"),
    }.get(typed.kind.base, ("数", "a number"))
