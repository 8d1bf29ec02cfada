"""A what-if: values of policy moved on a day, everywhere or in some divisions, and nothing else changed."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from jiuzhu.core.periods import Period
from jiuzhu.engine.kinds import Base, NotOfKindError
from jiuzhu.engine.packs.model import Entry, PackSet, Parameter
from jiuzhu.engine.problems import Place, nearest
from jiuzhu.engine.program.nodes import half_away

_TEXT = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?:@(?P<prefix>[0-9]{0,12}))?(?P<how>\+=|-=|\*=|=)(?P<value>.+)")
_FACTOR = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_NOWHERE = Place("what-if", 1, 1)


class ChangeError(ValueError):
    """A change that cannot be made; says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter set (`=`), raised (`+=`), lowered (`-=`) or multiplied (`*=`), for the divisions under `prefix`.

    `value` is in the unit of the parameter: yuan, not fen; a factor for `*=`.
    """

    name: str
    prefix: str
    how: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}{'@' + self.prefix if self.prefix else ''}{self.how}{self.value}"


def read_change(text: str) -> Change:
    """Read `name=900`, `name@370902=900`, `name+=50`, `name*=1.1`.

    Raises:
        ChangeError: the text is none of these.
    """
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise ChangeError(
            f"“{text}”不是改动，请写成 名称=数值、名称@区划=数值、名称+=数值 或 名称*=倍数。",
            f"{text!r} is no change; write name=value, name@division=value, name+=value or name*=factor.",
        )
    return Change(match["name"], match["prefix"] or "", match["how"], match["value"].strip())


def changed_parameters(packs: PackSet, changes: Iterable[Change], *, on: date) -> tuple[Mapping[str, Parameter], str]:
    """The parameters with changes made on a day, and a digest that names packs and changes.

    Raises:
        ChangeError: there is no such parameter, the value is none of its kind or out of its range, or there is no
            value on that day to be raised.
    """
    parameters = dict(packs.parameters)
    said = []
    for change in changes:
        parameter = parameters.get(change.name)
        if parameter is None:
            zh, en = nearest(change.name, parameters)
            raise ChangeError(f"没有参数“{change.name}”。{zh}", f"there is no parameter {change.name!r}. {en}".rstrip())
        parameters[change.name] = _changed(parameter, change, on)
        said.append(str(change))
    text = "\n".join((packs.digest, on.isoformat(), *said))
    return parameters, hashlib.sha256(text.encode()).hexdigest()


def _changed(parameter: Parameter, change: Change, on: date) -> Parameter:
    alive = [one for one in parameter.entries if one.period.contains(on)]
    inside = [one for one in alive if one.prefix.startswith(change.prefix)]
    above = [one for one in alive if change.prefix.startswith(one.prefix) and one not in inside]
    base = max(above, key=lambda one: len(one.prefix), default=None)
    if not any(one.prefix == change.prefix for one in inside) and (base is not None or change.how == "="):
        start = Period(on) if base is None else base.period
        inside.append(Entry(change.prefix, start, 0 if base is None else base.value, (), demo=True, place=_NOWHERE))
    if not inside:
        raise ChangeError(
            f"{parameter.label.zh}（{parameter.name}）在 {on} 没有数值，无法按“{change.how}”调整，请用“=”给出数值。",
            f"{parameter.name} has no value on {on} that {change.how!r} could change; give one with '='.",
        )
    moved = [replace(one, value=_value(parameter, change, one.value), demo=True, basis=()) for one in inside]
    others = [one for one in parameter.entries if one not in inside]
    return replace(parameter, entries=(*others, *moved))


def _value(parameter: Parameter, change: Change, before: int) -> int:
    kind = parameter.kind
    try:
        if change.how == "*=":
            if kind.base is not Base.NUMBER:
                raise NotOfKindError("数", "a number")
            value = _times(before, change.value)
        else:
            value = kind.encode(change.value)
            if change.how != "=":
                if kind.base is not Base.NUMBER:
                    raise NotOfKindError("数", "a number")
                value = before + value if change.how == "+=" else before - value
    except NotOfKindError as error:
        raise ChangeError(
            f"“{change}”：{parameter.label.zh}应为{error.zh}。", f"{change}: {parameter.name} needs {error}."
        ) from error
    if not kind.lowest <= value <= kind.highest:
        low, high = kind.decode(kind.lowest), kind.decode(kind.highest)
        raise ChangeError(
            f"“{change}”：{parameter.label.zh}应在 {low} 至 {high} 之间。",
            f"{change}: {parameter.name} lies between {low} and {high}.",
        )
    return value


def _times(before: int, text: str) -> int:
    if not _FACTOR.fullmatch(text):
        raise NotOfKindError("倍数，例如 1.1", "a factor such as 1.1")
    found = Fraction(text) * before
    return half_away(found.numerator, found.denominator)
