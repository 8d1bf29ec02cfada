"""`jiuzhu policy`: check packs, run their worked cases, explain a case, begin a new programme.

Nothing here needs a database or settings: packs can be written and tried on a machine that has only the program.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from jiuzhu.config.environment import ROOT
from jiuzhu.engine.packs.model import PackSet, Programme
from jiuzhu.engine.problems import PackError, Problem, nearest

SHIPPED = ROOT / "policies"
F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def command() -> None:
    """政策包：检查、运行案例、解释一个案例、新建制度。"""


def _language_option(function: F) -> F:
    return click.option(
        "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="language of the messages"
    )(function)


def _packs_options(function: F) -> F:
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
        _language_option,
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _roots(folders: Sequence[Path], *, alone: bool) -> list[Path]:
    if alone and not folders:
        raise click.UsageError("--alone needs at least one --policies DIR")
    return [*([] if alone else [SHIPPED]), *folders]


class _Voice:
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


def _load(roots: Sequence[Path], voice: _Voice) -> PackSet:
    """Read the packs; what is wrong with them is shown and ends the command with 1."""
    from jiuzhu.engine.packs.loading import load

    try:
        return load(roots)
    except PackError as error:
        shown = voice.problems(error.problems)
        voice.data({"ok": False, "problems": shown})
        voice.line(f"共 {len(shown)} 个问题。", f"{len(shown)} problem(s).")
        sys.exit(1)


@command.command()
@click.argument("programmes", nargs=-1)
@_packs_options
def check(*, programmes: tuple[str, ...], folders: tuple[Path, ...], alone: bool, as_json: bool, language: str) -> None:
    """Read and compile all packs, on each day on which something changes; exit code 1 when anything is wrong.

    With PROGRAMMES, only what is wrong in their folders counts; packs that cannot be read at all stop it anyway.
    """
    from jiuzhu.engine.checking import check as check_all

    voice, roots = _Voice(language, as_json=as_json), _roots(folders, alone=alone)
    packs = _load(roots, voice)
    with voice.steps("编译", "compiling") as step:
        report = check_all(packs, roots, step=step)
    _known(programmes, packs.programmes, voice)
    problems = voice.problems(_of(report.problems, programmes))
    noted = _of(report.notes, programmes)
    if noted:
        voice.line("提示：", "Notes:")
    notes = voice.problems(noted)
    voice.data(
        {
            "ok": not problems,
            "problems": problems,
            "notes": notes,
            "programmes": sorted(packs.programmes),
            "days": [day.isoformat() for day in report.days],
            "divisions": list(report.prefixes),
            "programs": report.programs,
            "digest": packs.digest,
        }
    )
    voice.line(
        f"{len(packs.programmes)} 项制度，{len(report.days)} 个变动日，编译 {report.programs} 次，"
        f"{len(problems)} 个问题，{len(notes)} 个提示。",
        f"{len(packs.programmes)} programmes, {len(report.days)} turning days, {report.programs} programs compiled, "
        f"{len(problems)} problem(s), {len(notes)} note(s).",
    )
    sys.exit(1 if problems else 0)


def _of(problems: Sequence[Problem], programmes: Sequence[str]) -> list[Problem]:
    """The problems in the folders of some programmes; all, when none is named."""
    return [one for one in problems if not programmes or any(f"/{name}/" in one.place.file for name in programmes)]


def _known(named: Sequence[str], programmes: Mapping[str, Programme], voice: _Voice) -> None:
    """Refuse the name of a programme that there is not."""
    for name in named:
        if name not in programmes:
            zh, en = nearest(name, programmes)
            raise click.UsageError(
                voice.text(f"没有制度“{name}”。{zh}", f"there is no programme {name!r}. {en}".rstrip())
            )


@command.command("new-programme")
@click.argument("name")
@click.option(
    "--policies",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="your folder of layers; made when it is not there",
)
@click.option("--layer", help="the layer's folder, such as 370900-ours; not needed where there is one")
@click.option("--alone", is_flag=True, help="do not look at the shipped packs")
@_language_option
def new_programme(*, name: str, folder: Path, layer: str | None, alone: bool, language: str) -> None:
    """Copy the smallest complete programme under a NAME of its own; `check` and `test` accept it as it is."""
    from jiuzhu.engine.skeletons import InvalidName, lay_out

    voice = _Voice(language, as_json=False)
    target = folder / _layer(folder, layer, voice)
    roots = [*([] if alone else [SHIPPED]), *([folder] if folder.is_dir() else [])]
    packs = _load(roots, voice)
    try:
        if name in packs.programmes:
            raise InvalidName(f"已有制度“{name}”。", f"there is a programme {name!r} already.")
        made = lay_out(name, target, packs)
    except InvalidName as refusal:
        raise click.ClickException(voice.text(refusal.zh, refusal.en)) from refusal
    for file in sorted(path for path in made.rglob("*") if path.is_file()):
        voice.line(f"已写入 {file}", f"wrote {file}")
    voice.line(
        f"下一步：jiuzhu policy check --policies {folder}",
        f"Next: jiuzhu policy check --policies {folder} --language en",
    )


def _layer(folder: Path, layer: str | None, voice: _Voice) -> str:
    """The layer to write to: the one that is named, or the only one there is."""
    from jiuzhu.engine.skeletons import LAYER

    if layer is not None:
        if LAYER.fullmatch(layer):
            return layer
        raise click.UsageError(
            voice.text(
                f"“{layer}”不是层级文件夹的名称：六位区划代码、连字符和名称，例如 370900-ours。",
                f"{layer!r} is no name of a layer: six digits of the division, a hyphen and a name, as in 370900-ours.",
            )
        )
    layers = [path.name for path in folder.glob("*") if path.is_dir() and LAYER.fullmatch(path.name)]
    if len(layers) != 1:
        raise click.UsageError(
            voice.text(
                "请用 --layer 写明层级文件夹，例如 --layer 370900-ours。",
                "Name the layer's folder with --layer, such as --layer 370900-ours.",
            )
        )
    return layers[0]
