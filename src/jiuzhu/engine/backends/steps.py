"""The steps of a program over arrays, and how a list of them is written as the text of a function.

A step whose operand is needed no more writes over it: fewer arrays are made, and they stay in the cache.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jiuzhu.engine.population.model import Column, Mask, Values, Whole

_IN_PLACE = frozenset(
    {
        "add",
        "subtract",
        "multiply",
        "negative",
        "maximum",
        "minimum",
        "floor_divide",
        "right_shift",
        "bitwise_and",
        "bitwise_or",
        "logical_not",
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction. `is_fresh`: its result is an array of its own, which a later step may write over."""

    name: str
    function: str
    arguments: tuple[str, ...]
    is_truth: bool
    entity: str
    is_fresh: bool


def written(steps: Sequence[Step], outputs: Sequence[str]) -> str:
    """The text of `run(piece)`."""
    by_name = {step.name: step for step in steps}
    last = {name: at for at, step in enumerate(steps) for name in step.arguments if name in by_name}
    last |= dict.fromkeys(outputs, len(steps))
    lines = ["def run(piece):", " facts, divisions, areas = piece.facts, piece.divisions, piece.areas"]
    lines += [" counts, ends, owners = piece.counts, piece.ends, piece.owners"]
    for at, step in enumerate(steps):
        dying = [name for name in dict.fromkeys(step.arguments) if name in by_name and last[name] == at]
        arguments = ", ".join(step.arguments)
        if step.function in _IN_PLACE:
            over = next((name for name in dying if _can_hold(by_name[name], step)), None)
            arguments += f", out={over}" if over else ""
        lines.append(f" {step.name} = {step.function}({arguments})" if arguments else f" {step.name} = {step.function}")
        if step.name not in last:
            dying.append(step.name)
        if dying:
            lines.append(f" del {', '.join(dying)}")
    return "\n".join([*lines, f" return ({', '.join(outputs)}{',' if outputs else ''})"]) + "\n"


def _can_hold(operand: Step, result: Step) -> bool:
    return operand.is_fresh and operand.is_truth == result.is_truth and operand.entity == result.entity


def _between(running: Whole, ends: Whole) -> Whole:
    at = running.take(ends)
    return np.asarray(np.subtract(at[1:], at[:-1]))


def total(values: Whole, ends: Whole) -> Whole:
    """The sum over each household's members. Running totals may wrap; their differences are right all the same."""
    running = np.empty(len(values) + 1, dtype=np.int64)
    running[0] = 0
    np.cumsum(values, out=running[1:])
    return _between(running, ends)


def number_of(truths: Mask, ends: Whole) -> Whole:
    """How many of each household's members are so."""
    running = np.empty(len(truths) + 1, dtype=np.int64)
    running[0] = 0
    np.cumsum(truths, out=running[1:])
    return _between(running, ends)


def any_of(truths: Mask, ends: Whole) -> Mask:
    """Whether one of each household's members is so."""
    return np.asarray(np.greater(number_of(truths, ends), 0))


def every_of(truths: Mask, ends: Whole) -> Mask:
    """Whether all of each household's members are so, or there are none."""
    return np.asarray(np.equal(number_of(truths, ends), np.subtract(ends[1:], ends[:-1])))


def for_any(counts: Whole, truth: Mask) -> Mask:
    """ANY of what is the same for all members."""
    return np.asarray(np.logical_and(counts > 0, truth))


def for_every(counts: Whole, truth: Mask) -> Mask:
    """EVERY of what is the same for all members."""
    return np.asarray(np.logical_or(counts == 0, truth))


def counted(*truths: "Mask | bool") -> Any:
    """How many are true."""
    found: Any = 0
    for truth in truths:
        found = found + (truth.view(np.int8) if isinstance(truth, np.ndarray) else int(truth))
    return whole(found)


def whole(values: Values) -> Any:
    """Truths and small numbers as 64-bit numbers."""
    return values.astype(np.int64) if isinstance(values, np.ndarray) else int(values)


def rounded_up(number: Whole, divisor: Whole) -> Whole:
    """A quotient of numbers that are not negative, halves up."""
    return np.asarray(np.floor_divide(np.add(number, np.right_shift(divisor, 1)), divisor))


def rounded(number: Whole, divisor: Whole) -> Whole:
    """A quotient, halves away from zero."""
    half = np.right_shift(divisor, 1) - (np.less(number, 0) & (np.bitwise_and(divisor, 1) == 0))
    return np.asarray(np.floor_divide(np.add(number, half), divisor))


def months_since(day: Whole, today: int) -> Whole:
    """Full months from a day to today."""
    months = np.floor_divide(day, 100)
    years = np.floor_divide(months, 100)
    since = (today // 10000 - years) * 12 + (today // 100 % 100) - (months - years * 100)
    return np.asarray(since - np.less(today % 100, day - months * 100))


def spread(fact: Column | None, owners: Whole) -> Column | None:
    """A fact of the household for each of its members."""
    return None if fact is None else fact.taken(owners)


def assumed_truth(fact: Column | None, instead: "Mask | bool", count: int) -> Mask:
    """A fact that is yes or no, or what is assumed where it is unknown."""
    if fact is None:
        return np.broadcast_to(np.asarray(instead, dtype=np.bool_), (count,))
    return fact.values if fact.unknown is None else np.where(fact.unknown, instead, fact.values)


def assumed(fact: Column | None, instead: "Whole | int", count: int) -> Whole:
    """A fact that is a number, or what is assumed where it is unknown."""
    if fact is None:
        return np.broadcast_to(np.asarray(instead, dtype=np.int64), (count,))
    values = fact.values if fact.values.dtype == np.int64 else fact.values.astype(np.int64)
    return values if fact.unknown is None else np.where(fact.unknown, instead, values)


NAMES: dict[str, Callable[..., Any]] = {
    name: getattr(np, name) for name in (*_IN_PLACE, "less", "less_equal", "equal", "not_equal", "where", "take")
} | {
    function.__name__: function
    for function in (
        total,
        number_of,
        any_of,
        every_of,
        for_any,
        for_every,
        counted,
        whole,
        rounded_up,
        rounded,
        months_since,
        spread,
        assumed_truth,
        assumed,
    )
}
