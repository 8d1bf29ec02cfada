"""What is wrong with a file: which file, row and column, what was found and what to do. Never a value of a person."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """One problem. Rows count as in a spreadsheet (the heading of a CSV is row 1); 0 is the whole file or column."""

    file: str
    row: int
    column: str
    code: str
    zh: str
    en: str

    def message(self, language: str) -> str:
        """One line in a language: `file, row, column: what, and what to do`."""
        chinese = language.startswith("zh")
        where = [self.file]
        if self.row:
            where.append(f"第{self.row}行" if chinese else f"row {self.row}")
        if self.column:
            where.append(f"“{self.column}”列" if chinese else f"column “{self.column}”")
        return f"{' '.join(where)}：{self.zh}" if chinese else f"{', '.join(where)}: {self.en}"


class FileRefused(Exception):  # noqa: N818
    """A file cannot be used. `problems` holds the first of each kind, `total` says how many there are."""

    def __init__(self, problems: Iterable[FileProblem], total: int = 0) -> None:
        self.problems = tuple(problems)
        self.total = max(total, len(self.problems))
        super().__init__("\n".join(one.message("en") for one in self.problems))


def refuse(file: str, code: str, zh: str, en: str, *, row: int = 0, column: str = "") -> FileRefused:
    """A refusal for one reason."""
    return FileRefused([FileProblem(file, row, column, code, zh, en)])
