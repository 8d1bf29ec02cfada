"""Inputs: random ones, and those that ship with some of their text cut, doubled, moved or replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

_MARKS = (
    *"()[]{}<>=!+-*/%&|^~?:;,.'\"`@#$\\ \n\t\r\x00\x1b\x85\u2028\ufeff\u202e０１Ａ（），。；“”是否低保𠮷",
    *("--", "/*", "*/", "||", "::", "->", "<<:", "&a", "*a", "!!python/object", "{{", "}}", "%s", "\\x41", "é"),
)
_WORDS = (
    *("CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "IN", "BETWEEN", "TRUE", "FALSE", "NULL", "SELECT"),
    *("sum", "any", "every", "count_if", "greatest", "least", "age", "months_since", "per_month", "per_year", "p."),
    *("read_csv", "__import__", "lambda", "exec", "drop table", "1e999999", "9" * 40, "0.1", "-1", "yes", "no", "null"),
    *("household.", "person.", "supporter.", "from:", "to:", "basis:", "formula:", "type:", "label:", "options:"),
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Corpus:
    """What ships: formulas, and files with the names by which problems call them."""

    formulas: Sequence[str]
    files: Sequence[tuple[str, str]]
    cases: Sequence[tuple[str, str]]


def corpus(policies: Path, formulas: Sequence[str]) -> Corpus:
    """The texts below a folder of layers."""
    texts = [
        (str(path.relative_to(policies)), path.read_text(encoding="utf-8")) for path in sorted(policies.rglob("*.yaml"))
    ]
    return Corpus(
        formulas,
        [one for one in texts if "/cases/" not in one[0]],
        [one for one in texts if "/cases/" in one[0]],
    )


def damaged(random: Random, text: str, other: str) -> str:
    """A text with a few changes; `other` lends pieces."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        at = random.randrange(len(text) + 1)
        end = min(len(text), at + random.randrange(1, _LONGEST))
        match random.randrange(8):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + random.choice(_MARKS) + text[at:]
            case 2:
                text = text[:at] + random.choice(_WORDS) + text[end:]
            case 3:
                text = text[:end] + text[at:end] * random.choice((1, 1, 2, 40)) + text[end:]
            case 4:
                lines = text.split("\n")
                random.shuffle(lines) if len(lines) < _LONGEST else lines.reverse()
                text = "\n".join(lines)
            case 5:
                start = random.randrange(len(other) + 1)
                text = text[:at] + other[start : start + random.randrange(1, _LONGEST)] + text[end:]
            case 6:
                text = text[:at] + text[at:end].swapcase() + text[end:]
            case _:
                text = text[:at] + random.choice(_MARKS) * random.choice((1, 3, 300)) + text[end:]
    return text


def invented(random: Random) -> str:
    """A text of nothing but words and marks."""
    pieces = [random.choice(_WORDS if random.random() < 0.6 else _MARKS) for _ in range(random.randrange(1, 40))]
    return random.choice(("", " ", "\n", "\n  ")).join(pieces)
