"""What the verbs of `jiuzhu policy` share: options, the packs that are read, and how problems are shown."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import east_asian_width

import click

from jiuzhu.config.environment import ROOT
from jiuzhu.engine.packs.model import PackSet, Programme
from jiuzhu.engine.problems import PackError, Problem, nearest

if TYPE_CHECKING:
    from jiuzhu.engine.authoring.cases import Scenario

SHIPPED = ROOT / "policies"
F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def language_option(function: F) -> F:
    """`--language`."""
    return click.option(
        "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="language of the messages"
    )(function)


def day_option(function: F) -> F:
    """`--on`, a day; today when it is not given."""

    def read(_context: click.Context, _parameter: click.Parameter, given: datetime | None) -> date:
        return date.today() if given is None else given.date()  # noqa: DTZ011 (the day of the desk at which it is run)

    return click.option(
        "--on", type=click.DateTime(["%Y-%m-%d"]), callback=read, help="the day of the rules, 2026-07-01; today if none"
    )(function)


def packs_options(function: F) -> F:
    """The options of every verb that reads packs."""
    options = [
        click.option(
            "--policies",
            "folders",
            multiple=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="a folder of layers, laid over the shipped ones; may be given several times",
        ),
        click.option("--alone", is_flag=True, help="read only the folders given, not the shipped packs"),
        click.option("--json", "as_json", is_flag=True, help="answer as JSON"),
        language_option,
    ]
    for option in reversed(options):
        function = option(function)
    return function


def layers_of(folders: Sequence[Path], *, alone: bool) -> list[Path]:
    """The folders whose layers are read: the shipped ones first, unless they are left out."""
    if alone and not folders:
        raise click.UsageError("--alone needs at least one --policies DIR")
    return [*([] if alone else [SHIPPED]), *folders]


class Voice:
    """Says things in one language, as text or as JSON."""

    def __init__(self, language: str, *, as_json: bool) -> None:
        self.language, self.as_json = language, as_json

    def text(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def line(self, zh: str, en: str) -> None:
        """A line for people; JSON has its own."""
        if not self.as_json:
            click.echo(self.text(zh, en))

    def data(self, found: dict[str, Any]) -> None:
        if self.as_json:
            click.echo(json.dumps(found, ensure_ascii=False, indent=1))

    def problem(self, one: Problem) -> dict[str, Any]:
        """A problem as plain data."""
        return {
            "file": one.place.file,
            "line": one.place.line,
            "column": one.place.column,
            "code": one.code,
            "message": self.text(one.zh, one.en),
            "advice": self.text(one.advice_zh, one.advice_en),
        }

    def problems(self, found: Sequence[Problem]) -> list[dict[str, Any]]:
        """Show problems, and return them as plain data."""
        for one in found:
            if not self.as_json:
                click.echo(one.message(self.language))
        return [self.problem(one) for one in found]

    @contextmanager
    def facts(self) -> Iterator[None]:
        """Work on facts of a population: what is wrong with them is shown, and ends the command with 1."""
        from jiuzhu.engine.population.problems import PopulationError

        try:
            yield
        except PopulationError as error:
            for one in error.problems:
                self.line(one.message("zh"), one.message("en"))
            self.data(
                {"ok": False, "total": error.total, "problems": [one.message(self.language) for one in error.problems]}
            )
            self.line(
                f"共 {error.total} 处不能使用，未写入任何内容。", f"{error.total} values cannot be used; nothing done."
            )
            sys.exit(1)

    @contextmanager
    def steps(self, zh: str, en: str) -> Iterator[Callable[[int, int], None]]:
        """A progress bar on the error stream, where a person watches."""
        if not sys.stderr.isatty():
            yield lambda _done, _all: None
            return
        with click.progressbar(length=1, label=self.text(zh, en), file=sys.stderr) as bar:

            def step(done: int, whole: int) -> None:
                bar.length = whole
                bar.update(done - bar.pos)

            yield step


def or_shown(voice: Voice, work: Callable[[], T]) -> T:
    """Do something with packs; what is wrong with them is shown and ends the command with 1."""
    try:
        return work()
    except PackError as error:
        shown = voice.problems(error.problems)
        voice.data({"ok": False, "problems": shown})
        voice.line(f"共 {len(shown)} 个问题。", f"{len(shown)} problem(s).")
        sys.exit(1)


def load_packs(roots: Sequence[Path], voice: Voice) -> PackSet:
    """Read the packs."""
    from jiuzhu.engine.packs.loading import load

    return or_shown(voice, lambda: load(roots))


def cases_of(files: Sequence[tuple[Path, str]], packs: PackSet, voice: Voice) -> "tuple[Scenario, ...]":
    """Read case files."""
    from jiuzhu.engine.authoring.case_files import read_cases

    return or_shown(voice, lambda: read_cases(files, packs))


def in_folders_of(problems: Sequence[Problem], programmes: Sequence[str]) -> list[Problem]:
    """The problems in the folders of some programmes; all, when none is named."""
    return [one for one in problems if not programmes or any(f"/{name}/" in one.place.file for name in programmes)]


def refuse_unknown(named: Sequence[str], programmes: Mapping[str, Programme], voice: Voice) -> None:
    """Refuse the name of a programme that there is not."""
    for name in named:
        if name not in programmes:
            zh, en = nearest(name, programmes)
            raise click.UsageError(
                voice.text(f"没有制度“{name}”。{zh}", f"there is no programme {name!r}. {en}".rstrip())
            )


def programme_names(packs: PackSet, division: str, on: date, language: str) -> dict[str, str]:
    """The short names of programmes as they are called on a day."""
    found = {}
    for name, programme in packs.programmes.items():
        version = programme.version(division, on) or programme.versions[-1]
        found[name] = version.short.said(language) or name
    return found


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines in columns: the first to the left, the others to the right; Chinese characters are two wide."""
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        first = row[0] + " " * (widths[0] - _width(row[0]))
        rest = (" " * (widths[at] - _width(row[at])) + row[at] for at in range(1, len(row)))
        lines.append("  ".join((first, *rest)).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def yuan(fen: int) -> str:
    """Fen as yuan with thousands apart."""
    return f"{Decimal(fen) / 100:,.2f}"
