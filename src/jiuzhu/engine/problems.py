"""What is wrong with a pack: where, what was found, what was expected, and what to do; all problems, not the first."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem. `code` is stable; `zh` and `en` say what was found and expected, `advice_*` what to do."""

    place: Place
    code: str
    zh: str
    en: str
    advice_zh: str = ""
    advice_en: str = ""

    def message(self, language: str) -> str:
        """One line in a language: `file:line:column: what. Advice`."""
        chinese = language.startswith("zh")
        said, advice = (self.zh, self.advice_zh) if chinese else (self.en, self.advice_en)
        gap = "" if chinese else " "
        return f"{self.place}: {said}{gap if advice else ''}{advice}"


class PackError(Exception):
    """Packs cannot be used; `problems` names every reason, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(problem.message("en") for problem in self.problems))


class Problems:
    """Collects problems while reading goes on, so that one run names all of them."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, place: Place, code: str, zh: str, en: str, *, advice: tuple[str, str] = ("", "")) -> None:
        """Note one; `advice` is Chinese and English."""
        self._found.append(Problem(place, code, zh, en, *advice))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note those that another reader has found."""
        self._found.extend(problems)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(tuple(self._found))

    def raise_if_any(self) -> None:
        """Stop when something was found.

        Raises:
            PackError: with everything found so far.
        """
        if self._found:
            raise PackError(self._found)


def nearest(name: str, known: Iterable[str]) -> tuple[str, str]:
    """Advice (Chinese, English) naming the valid name that is closest; empty when none is close."""
    names = sorted(set(known))
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"是否想写 {close[0]}？", f"Did you mean {close[0]}?"
    if names and len(names) <= 12:
        return f"可用的有：{'、'.join(names)}。", f"Valid names: {', '.join(names)}."
    return "", ""
