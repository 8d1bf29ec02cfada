"""The columns of a provider: its name for a field, and how its text is read and (by the simulators) written.

A reader takes the trimmed text of a cell and raises `Unreadable` when it is anything but what was agreed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.money import Money
from jiuzhu.rooms.verification.ports import Value

_DAY8 = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?: 00:00:00)?")
_COUNT = re.compile(r"-?[0-9]{1,15}")
_MEASURE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_LONGEST_TEXT = 500


class Unreadable(ValueError):  # noqa: N818 (the text is unreadable)
    """A cell is not what was agreed; `zh` and `en` say what it should be and never repeat it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a provider."""

    name: str
    read: Callable[[str], Value]
    write: Callable[[Value], str]


@dataclass(frozen=True, slots=True)
class ItemMapping:
    """How a provider writes the records of one item.

    `columns` is by field of the item; `number` and `holder` are the provider's columns for whose record it is, and
    `reference` for its own number of the record. Old registers leave the number out: `number_optional` lets a record
    through on its name, with a warning that a person has to look.
    """

    columns: Mapping[str, Column]
    number: str = "sfzh"
    holder: str = "xm"
    reference: str = "lsh"
    number_optional: bool = False


def text(name: str) -> Column:
    """Plain text."""

    def read(cell: str) -> Value:
        if len(cell) > _LONGEST_TEXT or not cell.isprintable():
            raise Unreadable(f"应为不超过{_LONGEST_TEXT}字的文字", f"text of at most {_LONGEST_TEXT} characters")
        return cell

    return Column(name, read, str)


def code(name: str, codes: Mapping[str, str]) -> Column:
    """A code of the provider, to a code of ours; a code nobody agreed on is refused."""
    back = {ours: theirs for theirs, ours in reversed(list(codes.items()))}

    def read(cell: str) -> Value:
        if cell not in codes:
            raise Unreadable(
                f"应为约定的代码（{'、'.join(codes)}）之一", f"one of the agreed codes ({', '.join(codes)})"
            )
        return codes[cell]

    return Column(name, read, lambda value: back[str(value)])


def yuan(name: str) -> Column:
    """Money in yuan with at most two decimals; to whole fen."""

    def read(cell: str) -> Value:
        try:
            return Money.from_yuan(cell).fen
        except InvalidValue:
            raise Unreadable("应为以元为单位、最多两位小数的金额", "a sum in yuan with at most two decimals") from None

    return Column(name, read, lambda value: Money(int(str(value))).plain)


def wan_yuan(name: str) -> Column:
    """Money in units of ten thousand yuan with at most six decimals; to whole fen."""

    def read(cell: str) -> Value:
        fen = _number(cell) * 1_000_000
        if fen != fen.to_integral_value():
            raise Unreadable("应为以万元为单位、最多六位小数的金额", "a sum in ten thousand yuan, at most six decimals")
        return int(fen)

    return Column(name, read, lambda value: f"{Decimal(str(value)) / 1_000_000:f}")


def fen(name: str) -> Column:
    """Money in whole fen."""
    return Column(name, count(name).read, str)


def count(name: str) -> Column:
    """A whole number."""

    def read(cell: str) -> Value:
        if not _COUNT.fullmatch(cell):
            raise Unreadable("应为整数", "a whole number")
        return int(cell)

    return Column(name, read, str)


def measure(name: str) -> Column:
    """A number with decimals."""
    return Column(name, _number, str)


def percent(name: str) -> Column:
    """A share in per cent, with or without the sign."""

    def read(cell: str) -> Value:
        value = _number(cell.removesuffix("%"))
        if not 0 <= value <= 100:
            raise Unreadable("应为0至100的百分比", "a percentage from 0 to 100")
        return value

    return Column(name, read, lambda value: f"{value}%")


def fraction(name: str) -> Column:
    """A share written as a fraction (`1/3`), to per cent with six decimals."""

    def read(cell: str) -> Value:
        parts = re.fullmatch(r"([0-9]{1,6})/([1-9][0-9]{0,5})", cell)
        if not parts or int(parts[1]) > int(parts[2]):
            raise Unreadable("应为不大于1的分数，例如1/2", "a fraction not above one, such as 1/2")
        return (Decimal(parts[1]) * 100 / Decimal(parts[2])).quantize(Decimal("0.000001"))

    return Column(name, read, lambda value: f"{round(Decimal(str(value)))}/100")


def day8(name: str) -> Column:
    """A day as eight digits (`20260101`)."""
    return Column(name, lambda cell: _day(_DAY8, cell), lambda value: _as_day(value).strftime("%Y%m%d"))


def day(name: str) -> Column:
    """A day with hyphens or strokes (`2026-01-01`, `2026/1/1`)."""
    return Column(name, lambda cell: _day(_DAY, cell), lambda value: _as_day(value).isoformat())


def truth(name: str, yes: str = "1", no: str = "0") -> Column:
    """Yes or no, in the provider's two words; an empty cell is neither."""

    def read(cell: str) -> Value:
        if cell not in (yes, no):
            raise Unreadable(f"应为{yes}或{no}", f"{yes} or {no}")
        return cell == yes

    return Column(name, read, lambda value: yes if value else no)


def _number(cell: str) -> Decimal:
    if not _MEASURE.fullmatch(cell):
        raise Unreadable("应为数字", "a number")
    try:
        return Decimal(cell)
    except InvalidOperation:  # pragma: no cover (the form was checked above)
        raise Unreadable("应为数字", "a number") from None


def _day(form: re.Pattern[str], cell: str) -> date:
    parts = form.fullmatch(cell)
    try:
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        pass
    shown = "20260131" if form is _DAY8 else "2026-01-31"
    raise Unreadable(f"应为日期，例如{shown}", f"a day, such as {shown}")


def _as_day(value: Value) -> date:
    if not isinstance(value, date):
        raise TypeError("a column of days writes days only")
    return value
