"""What is wrong with the facts of a population: whose fact, in which row, what was found and what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class RowProblem:
    """One value that cannot be used. Rows count from 0 in the order in which they were given; -1 is the whole column.

    `fact` is empty where the row itself is wrong, `household` 0 where it is not known. `zh` and `en` say what was
    expected.
    """

    entity: str
    fact: str
    row: int
    household: int
    value: str
    code: str
    zh: str
    en: str

    def message(self, language: str) -> str:
        """One line in a language: `entity.fact, row, household: value; expected …`."""
        name = f"{self.entity}.{self.fact}" if self.fact else self.entity
        if language.startswith("zh"):
            row = f"第 {self.row} 行" if self.row >= 0 else "整列"
            of = f"（户 {self.household}）" if self.household else ""
            return f"{name} {row}{of}：值为“{self.value}”，应当是{self.zh}。"
        row = f"row {self.row}" if self.row >= 0 else "the whole column"
        of = f" (household {self.household})" if self.household else ""
        return f"{name}, {row}{of}: found {self.value}, expected {self.en}."


class PopulationError(Exception):
    """Facts cannot be used. `problems` holds the first of each column, `total` says how many values are wrong."""

    def __init__(self, problems: Iterable[RowProblem], total: int) -> None:
        self.problems = tuple(problems)
        self.total = total
        said = "\n".join(problem.message("en") for problem in self.problems)
        more = total - len(self.problems)
        super().__init__(said + (f"\nand {more} more" if more > 0 else ""))


class RowProblems:
    """Collects problems; of each column the first ones are kept and all are counted."""

    def __init__(self) -> None:
        self.kept: list[RowProblem] = []
        self.total = 0

    def add(self, problems: Iterable[RowProblem], total: int) -> None:
        """Note the first problems of a column, and how many there are."""
        self.kept += problems
        self.total += total

    def raise_if_any(self) -> None:
        """Stop when something was found.

        Raises:
            PopulationError: with what was found.
        """
        if self.total:
            raise PopulationError(self.kept, self.total)
