"""The tree of a formula as it was written; names are not resolved and nothing is typed yet."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets in the formula's text: from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was typed, such as `0.5`; its text is kept because 0.50 says two places."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text in single quotes, without them."""

    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """TRUE or FALSE."""

    span: Span
    value: bool


@dataclass(frozen=True, slots=True)
class Name:
    """`income`, `person.income`, or `p.standard`: an owner (empty when not written) and a name."""

    span: Span
    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}.{self.name}" if self.owner else self.name


@dataclass(frozen=True, slots=True)
class Unary:
    """`-` or `NOT` before an expression."""

    span: Span
    operator: str
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides of `+ - * / = <> < <= > >=`."""

    span: Span
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Chain:
    """Two or more sides of AND or of OR."""

    span: Span
    operator: str
    operands: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class OneOf:
    """`x IN (a, b)`; `negated` for NOT IN."""

    span: Span
    operand: "Expression"
    options: "tuple[Expression, ...]"
    negated: bool


@dataclass(frozen=True, slots=True)
class Between:
    """`x BETWEEN low AND high`, both ends included."""

    span: Span
    operand: "Expression"
    low: "Expression"
    high: "Expression"


@dataclass(frozen=True, slots=True)
class Case:
    """`CASE WHEN condition THEN value … ELSE value END`; the branches in order, and the rest."""

    span: Span
    branches: "tuple[tuple[Expression, Expression], ...]"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the whitelist and its arguments."""

    span: Span
    function: str
    arguments: "tuple[Expression, ...]"


Expression: TypeAlias = Number | Text | Truth | Name | Unary | Binary | Chain | OneOf | Between | Case | Call


def children(node: Expression) -> tuple[Expression, ...]:
    """The direct parts of a node, in the order they were written."""
    match node:
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Chain(operands=operands):
            return operands
        case OneOf(operand=operand, options=options):
            return (operand, *options)
        case Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case Case(branches=branches, otherwise=otherwise):
            return (*(part for branch in branches for part in branch), otherwise)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


AGGREGATES = frozenset({"sum", "count_if", "any", "every"})


def members_of(aggregate: Call) -> str:
    """The entity that an aggregate goes through: a bare name inside it is the member's. Empty when it names none."""
    return next((name.owner for name in names(aggregate) if name.owner not in ("", "p", "household")), "")


def names(node: Expression) -> list[Name]:
    """Every name in a formula, in the order they were written."""
    if isinstance(node, Name):
        return [node]
    return [found for child in children(node) for found in names(child)]
