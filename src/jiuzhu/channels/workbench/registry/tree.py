"""The picture of a household: a row for each generation, boxes for members, lines from the head's row to the others."""

from collections.abc import Sequence
from dataclasses import dataclass

BOX_WIDTH = 176
BOX_HEIGHT = 58
GAP_X = 20
GAP_Y = 40
MARGIN = 8


@dataclass(frozen=True, slots=True)
class Relative:
    """A member as drawn: name, a line below it, the page it leads to, whether head, head's spouse, counted."""

    name: str
    note: str
    href: str
    is_head: bool
    is_spouse: bool
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A member's place in the drawing; `middle` is the middle of the text."""

    relative: Relative
    x: int
    y: int
    middle: int
    name_y: int
    note_y: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The drawing: its size, boxes in reading order, and the lines as one path."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: str


def drawn(generations: Sequence[Sequence[Relative]]) -> Tree:
    """Place the generations below each other, each row in the middle, and join rows by a bus."""
    rows = [row for row in generations if row]
    widest = max((len(row) for row in rows), default=1)
    width = 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * GAP_X
    boxes: list[Box] = []
    lines: list[str] = []
    above: tuple[int, int] | None = None
    for place, row in enumerate(rows):
        y = MARGIN + place * (BOX_HEIGHT + GAP_Y)
        own = 2 * MARGIN + len(row) * BOX_WIDTH + (len(row) - 1) * GAP_X
        left = MARGIN + (width - own) // 2
        middles = []
        for column, relative in enumerate(row):
            x = left + column * (BOX_WIDTH + GAP_X)
            middle = x + BOX_WIDTH // 2
            middles.append(middle)
            boxes.append(Box(relative, x, y, middle, y + 25, y + 46))
        if above is not None:
            lines.append(_bus(above, middles, y))
        above = ((middles[0] + middles[-1]) // 2, y + BOX_HEIGHT)
        lines.append(_couple(row, middles, y))
    height = 2 * MARGIN + len(rows) * BOX_HEIGHT + max(0, len(rows) - 1) * GAP_Y
    return Tree(width, height, tuple(boxes), "".join(lines))


def _couple(row: Sequence[Relative], middles: list[int], y: int) -> str:
    """A line between the head and the spouse when they stand side by side."""
    level = y + BOX_HEIGHT // 2
    return "".join(
        f"M{middles[place] + BOX_WIDTH // 2} {level}h{GAP_X}"
        for place in range(len(row) - 1)
        if row[place].is_head and row[place + 1].is_spouse
    )


def _bus(above: tuple[int, int], middles: list[int], y: int) -> str:
    """From the middle of the row above down to a level line, and from it to each box."""
    x, bottom = above
    level = bottom + GAP_Y // 2
    first, last = min(x, *middles), max(x, *middles)
    drops = "".join(f"M{middle} {level}V{y}" for middle in middles)
    start = f"M{x} {bottom}V{level}"
    return f"{start}M{first} {level}H{last}{drops}" if first != last else f"{start}{drops}"
