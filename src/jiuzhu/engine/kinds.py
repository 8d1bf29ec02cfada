"""What a value is: yes or no, a number with its unit and places, a day, one of some codes, or an outcome.

In memory every value is a whole number (64 bits): money in fen, rates in ten-thousandths, days as yyyymmdd, codes and
outcomes by their place in the list, yes and no as 1 and 0. A period is part of the unit, so a month never meets a year.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

MOST = 2**62
# plain digits only: what else Python reads as a number (1e999999, 1_000, full-width digits) is none here
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,12})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotOfKindError(ValueError):
    """A text or value is none of its kind; says in both languages what is expected, such as `a number …`."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


class Base(StrEnum):
    """The five sorts of values."""

    TRUTH = "truth"
    NUMBER = "number"
    DAY = "day"
    CODE = "code"
    OUTCOME = "outcome"


class Unit(StrEnum):
    """The unit of a number; NONE for counts and rates."""

    NONE = ""
    YUAN = "yuan"
    YUAN_MONTH = "yuan_month"
    YUAN_YEAR = "yuan_year"
    SQUARE_METRES = "square_metres"
    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"


class Outcome(IntEnum):
    """What a programme's rule proposes.

    DISC: only an officer's recorded decision may grant it. REFER: another body decides; it is handed over.
    """

    NO = 0
    REFER = 1
    DISC = 2
    YES = 3


_MULTIPLIED = {
    (Unit.YUAN_MONTH, Unit.MONTHS): Unit.YUAN,
    (Unit.YUAN_YEAR, Unit.YEARS): Unit.YUAN,
}
_DIVIDED = {
    (Unit.YUAN, Unit.MONTHS): Unit.YUAN_MONTH,
    (Unit.YUAN, Unit.YEARS): Unit.YUAN_YEAR,
    (Unit.YUAN, Unit.YUAN_MONTH): Unit.MONTHS,
    (Unit.YUAN, Unit.YUAN_YEAR): Unit.YEARS,
}
# units whose numbers may stand in a formula; a figure in yuan or square metres is policy and belongs in parameters
BARE = frozenset({Unit.NONE, Unit.YEARS, Unit.MONTHS, Unit.DAYS})


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of values. `places` are decimals of a number; `options` the codes of a CODE, in order.

    `names` are the options' names in Chinese and English, `stored` the codes under which registers keep them; kinds
    that differ only in these are the same kind.
    """

    base: Base
    unit: Unit = Unit.NONE
    places: int = 0
    options: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 1
    names: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    stored: tuple[str, ...] = field(default=(), compare=False)

    def encode(self, text: str) -> int:
        """Read a value as it stands in a file.

        Raises:
            NotOfKindError: it is no value of this kind; the message says what is expected.
        """
        if self.base is Base.TRUTH:
            return _one_of(text, ("no", "yes"))
        if self.base is Base.CODE:
            return _one_of(text, self.options)
        if self.base is Base.OUTCOME:
            return _one_of(text, tuple(outcome.name for outcome in Outcome))
        if self.base is Base.DAY:
            return _day(text)
        return self._number(text)

    def _number(self, text: str) -> int:
        number, divisor = Decimal(text).as_integer_ratio() if _NUMBER.fullmatch(text) else (0, 0)
        scale: int = 10**self.places
        if not divisor or scale % divisor:
            if not self.places:
                raise NotOfKindError("整数", "a whole number")
            raise NotOfKindError(f"最多 {self.places} 位小数的数", f"a number with at most {self.places} decimals")
        return number * (scale // divisor)

    def decode(self, value: int) -> "bool | int | Decimal | date | str | Outcome":
        """Turn a value in memory into what Python calls it."""
        match self.base:
            case Base.TRUTH:
                return bool(value)
            case Base.DAY:
                return date(value // 10000, value // 100 % 100, value % 100)
            case Base.CODE:
                return self.options[value]
            case Base.OUTCOME:
                return Outcome(value)
            case _:
                return Decimal(value).scaleb(-self.places) if self.places else value


def _one_of(text: str, options: tuple[str, ...]) -> int:
    if text not in options:
        raise NotOfKindError(f" {'、'.join(options)} 之一", f"one of {', '.join(options)}")
    return options.index(text)


def _day(text: str) -> int:
    found = read_day(text)
    if found is None:
        raise NotOfKindError("日期，例如 2026-07-01", "a day such as 2026-07-01")
    return encode_day(found)


def read_day(text: str) -> date | None:
    """A day as files write it, 2026-07-01; None when it is none."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def encode_day(day: date) -> int:
    """A day as it is held in memory: yyyymmdd."""
    return day.year * 10000 + day.month * 100 + day.day


_YUAN = 10**12  # fen: ten thousand million yuan
TRUTH = Kind(Base.TRUTH)
OUTCOME = Kind(Base.OUTCOME, highest=max(Outcome))
COUNT = Kind(Base.NUMBER, highest=10**6)
DAY = Kind(Base.DAY, lowest=18000101, highest=22001231)
YEARS = Kind(Base.NUMBER, Unit.YEARS, highest=150)
MONTHS = Kind(Base.NUMBER, Unit.MONTHS, highest=1800)

# the words of `type:` in packs; ranges are widest limits, a variable may narrow them by `lowest` and `highest`
KINDS: dict[str, Kind] = {
    "truth": TRUTH,
    "count": COUNT,
    "rate": Kind(Base.NUMBER, places=4, highest=100 * 10**4),
    "years": YEARS,
    "months": MONTHS,
    "days": Kind(Base.NUMBER, Unit.DAYS, highest=60000),
    "yuan": Kind(Base.NUMBER, Unit.YUAN, 2, lowest=-_YUAN, highest=_YUAN),
    "yuan_month": Kind(Base.NUMBER, Unit.YUAN_MONTH, 2, lowest=-_YUAN, highest=_YUAN),
    "yuan_year": Kind(Base.NUMBER, Unit.YUAN_YEAR, 2, lowest=-_YUAN, highest=_YUAN),
    "square_metres": Kind(Base.NUMBER, Unit.SQUARE_METRES, 2, highest=10**8),
    "day": DAY,
    "outcome": OUTCOME,
    "code": Kind(Base.CODE),
}


def multiplied(left: Unit, right: Unit) -> Unit | None:
    """The unit of a product, None when there is none."""
    if Unit.NONE in (left, right):
        return right if left is Unit.NONE else left
    return _MULTIPLIED.get((left, right)) or _MULTIPLIED.get((right, left))


def divided(left: Unit, right: Unit) -> Unit | None:
    """The unit of a quotient, None when there is none."""
    if right is Unit.NONE:
        return left
    if left is right:
        return Unit.NONE
    return _DIVIDED.get((left, right))
