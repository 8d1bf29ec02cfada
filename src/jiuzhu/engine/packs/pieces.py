"""What several files of a pack are made of: names in both languages, and formulas."""

from dataclasses import dataclass

from jiuzhu.core.citations import Citation
from jiuzhu.core.periods import Period
from jiuzhu.engine.expressions.tree import Expression
from jiuzhu.engine.problems import Place


@dataclass(frozen=True, slots=True)
class Label:
    """A name shown to people, in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """The name in a language."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Formula:
    """How a variable is worked out during a period, for the divisions under `prefix`.

    `text` is the source as it stands in the file and `place` where it begins, so that a problem names its column.
    """

    prefix: str
    period: Period
    text: str
    tree: Expression
    basis: tuple[Citation, ...]
    place: Place

    def place_of(self, offset: int) -> Place:
        """The place in the file of an offset in the text."""
        before = self.text[:offset]
        line = before.count("\n")
        column = offset - (before.rfind("\n") + 1) + (1 if line else self.place.column)
        return Place(self.place.file, self.place.line + line, column)
