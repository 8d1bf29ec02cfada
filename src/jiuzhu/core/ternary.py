"""Yes, no and unknown; and values that may be unknown, with the reasons.

An unanswered question is unknown, never no. The connectives are Kleene's strong ones: a result is known as soon as the
known parts decide it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, Never, TypeVar, cast

from jiuzhu.core.errors import RuleRefused

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")
V = TypeVar("V")


class Ternary(Enum):
    """A truth value of three. It has no plain truth: `if ternary` is an error, ask `is Ternary.YES`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> "Ternary":  # noqa: FBT001 (the value converted, not a switch)
        """Make one of a boolean, None being unknown."""
        if value is None:
            return cls.UNKNOWN
        return cls.YES if value else cls.NO

    @property
    def as_bool(self) -> bool | None:
        """The boolean, None for unknown."""
        return None if self is Ternary.UNKNOWN else self is Ternary.YES

    @property
    def is_known(self) -> bool:
        """Whether it is yes or no."""
        return self is not Ternary.UNKNOWN

    def __and__(self, other: "Ternary") -> "Ternary":
        return all_of((self, other))

    def __or__(self, other: "Ternary") -> "Ternary":
        return any_of((self, other))

    def __invert__(self) -> "Ternary":
        return _OPPOSITE[self]

    def __bool__(self) -> Never:
        raise TypeError("a ternary value is neither true nor false; compare it with Ternary.YES, NO or UNKNOWN")


_OPPOSITE = {Ternary.YES: Ternary.NO, Ternary.NO: Ternary.YES, Ternary.UNKNOWN: Ternary.UNKNOWN}


def all_of(values: Iterable[Ternary]) -> Ternary:
    """Return no if one is no, else unknown if one is unknown, else yes; yes of nothing."""
    found = set(values)
    return next((value for value in (Ternary.NO, Ternary.UNKNOWN) if value in found), Ternary.YES)


def any_of(values: Iterable[Ternary]) -> Ternary:
    """Return yes if one is yes, else unknown if one is unknown, else no; no of nothing."""
    found = set(values)
    return next((value for value in (Ternary.YES, Ternary.UNKNOWN) if value in found), Ternary.NO)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so or is not known: a stable code, a sentence in two languages, the field concerned."""

    code: str
    message_zh: str
    message_en: str
    field: str | None = None


class UnknownValue(RuleRefused):
    """The value was asked of a result that is unknown."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(
            "result.unknown",
            "该值尚不清楚：" + "；".join(reason.message_zh for reason in reasons),
            "This value is not known: " + "; ".join(reason.message_en for reason in reasons),
            field=reasons[0].field,
        )
        self.reasons = reasons
        self.args = (reasons,)


@dataclass(frozen=True, slots=True)
class Result(Generic[T_co]):
    """A value, or unknown with at least one reason. Make it with `known` or `unknown`.

    Raises:
        ValueError: it is unknown without a reason.
    """

    is_known: bool
    content: T_co | None
    reasons: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        if not self.is_known and not self.reasons:
            raise ValueError("an unknown result needs a reason")

    @property
    def value(self) -> T_co:
        """The value.

        Raises:
            UnknownValue: it is not known.
        """
        if not self.is_known:
            raise UnknownValue(self.reasons)
        return cast("T_co", self.content)

    def map(self, function: "Callable[[T_co], U]") -> "Result[U]":
        """Apply a function to a known value; unknown stays unknown for the same reasons."""
        if self.is_known:
            return known(function(self.value), *self.reasons)
        return Result(is_known=False, content=None, reasons=self.reasons)

    def combine(self, other: "Result[U]", function: "Callable[[T_co, U], V]") -> "Result[V]":
        """Apply a function to two known values; unknown as soon as one is, with the reasons of all that are unknown."""
        if self.is_known and other.is_known:
            return known(function(self.value, other.value), *joined(self.reasons, other.reasons))
        missing = [result.reasons for result in (self, other) if not result.is_known]
        return Result(is_known=False, content=None, reasons=joined(*missing))


def known(value: T, *reasons: Reason) -> Result[T]:
    """Make a known result, with the reasons for it if there are any to tell."""
    return Result(is_known=True, content=value, reasons=reasons)


def unknown(*reasons: Reason) -> "Result[Never]":
    """Make an unknown result.

    Raises:
        ValueError: no reason is given.
    """
    return Result(is_known=False, content=None, reasons=reasons)


def joined(*groups: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Join reasons, each once, in their first order."""
    return tuple(dict.fromkeys(reason for group in groups for reason in group))
