"""`jiuzhu verify`: a list of persons beside whole registers that departments sent as files.

It needs no database and keeps no personal data but what it writes into the folder that is named.
"""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiuzhu.config.commandline.policy.speaking import Voice, day_option, language_option, table

if TYPE_CHECKING:
    from jiuzhu.engine.bulk.problems import FileProblem
    from jiuzhu.engine.bulk.running import Batch, Piece


@click.group()
def command() -> None:
    """核对：将名单与各部门登记文件批量比对。"""


@command.command()
@click.argument("people", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("registers", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@day_option
@click.option("--only", multiple=True, help="one register, such as vehicles; may be given several times; all if none")
@click.option(
    "--stale-after", type=click.IntRange(1), help="days after which data are old (a local rule); never if none"
)
@click.option("--most-wrong", default=0, show_default=True, type=click.IntRange(0), help="wrong rows to set apart")
@click.option("--csv", "as_csv", is_flag=True, help="write results.csv too, a line per person and item")
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--memory", default="1GB", show_default=True, help="what may be held in memory; the rest goes to disk")
@click.option("--json", "as_json", is_flag=True, help="answer as JSON")
@language_option
def files(
    *,
    people: Path,
    registers: Path,
    out: Path,
    on: date,
    only: tuple[str, ...],
    stale_after: int | None,
    most_wrong: int,
    as_csv: bool,
    threads: int,
    memory: str,
    as_json: bool,
    language: str,
) -> None:
    """Verify the PEOPLE of a file against the files of a folder REGISTERS, into the folder OUT.

    Called again after an end, it goes on with what is not there yet. It decides nothing: it says what was found, what
    is possible, what is unknown, and where a person has to look.
    """
    from jiuzhu.engine.bulk.problems import FileRefused
    from jiuzhu.engine.bulk.registers import REGISTERS
    from jiuzhu.engine.bulk.results import write_csv
    from jiuzhu.engine.bulk.running import SUMMARY, Options, RegisterState, plain, run
    from jiuzhu.engine.problems import nearest

    voice = Voice(language, as_json=as_json)
    for name in only:
        if name not in REGISTERS:
            zh, en = nearest(name, REGISTERS)
            raise click.UsageError(
                voice.text(f"没有登记“{name}”。{zh}", f"there is no register {name!r}. {en}".rstrip())
            )
    which = only or tuple(REGISTERS)
    options = Options(on=on, stale_days=stale_after, most_wrong=most_wrong, threads=threads, memory=memory)
    try:
        with voice.steps("核对", "verifying") as step:
            batch = run(
                people, registers, out, options, progress=lambda done, whole, _what: step(done, whole), which=which
            )
    except FileRefused as refused:
        voice.data({"ok": False, "total": refused.total, "problems": [_plain(one, voice) for one in refused.problems]})
        _say(refused.problems, refused.total, voice)
        voice.line("未写入任何结果。", "no result was written.")
        sys.exit(1)
    if as_csv:
        write_csv(out, {code: REGISTERS[code] for code in which})
    ok = all(piece.state is not RegisterState.REFUSED for piece in batch.pieces)
    voice.data({"ok": ok, **plain(batch, options)})
    _show(batch, voice)
    voice.line(f"结果在 {out}，摘要为 {SUMMARY}。", f"the results are in {out}, the summary in {SUMMARY}.")
    sys.exit(0 if ok else 1)


def _show(batch: "Batch", voice: Voice) -> None:
    from jiuzhu.engine.bulk.registers import REGISTERS

    head = ["登记", "状态", "行数", "查有", "待甄别", "查无", "未知"]
    en = ["register", "state", "rows", "found", "to decide", "none", "unknown"]
    rows = [head if voice.language == "zh" else en]
    for piece in batch.pieces:
        register = REGISTERS[piece.register]
        counts = piece.persons or {"unknown": batch.listed.persons}
        rows.append(
            [
                voice.text(register.zh, register.en),
                voice.text(*_STATES[piece.state.value]),
                f"{piece.rows:,}",
                *(f"{counts.get(state, 0):,}" for state in ("found", "undecided", "none_found", "unknown")),
            ]
        )
    listed = batch.listed
    voice.line(
        f"{listed.households:,} 户 {listed.persons:,} 人；证件号码不能使用的 {listed.without_number:,} 人，"
        f"在名单中重复的 {listed.listed_twice:,} 行。",
        f"{listed.households:,} households, {listed.persons:,} persons; {listed.without_number:,} without a usable "
        f"number, {listed.listed_twice:,} rows of persons listed twice.",
    )
    for line in table(rows):
        voice.line(line, line)
    for piece in batch.pieces:
        _say(piece.problems, piece.wrong_rows, voice)
        _say_findings(piece, voice)
        _say_ignored(piece, voice)


_STATES = {"done": ("已核对", "verified"), "missing": ("无文件", "no file"), "refused": ("已拒绝", "refused")}


def _say(problems: "tuple[FileProblem, ...]", total: int, voice: Voice) -> None:
    for one in problems:
        voice.line(one.message("zh"), one.message("en"))
    if total > len(problems):
        voice.line(f"共 {total:,} 处。", f"{total:,} in all.")


def _say_findings(piece: "Piece", voice: Voice) -> None:
    """What the records hide, for how many persons, and what a person has to look at."""
    from jiuzhu.engine.bulk.registers import REGISTERS
    from jiuzhu.engine.matching.findings import MEANINGS, Finding

    register = REGISTERS[piece.register]
    for code, count in piece.findings.items():
        meaning = MEANINGS[Finding(code)]
        voice.line(
            f"{register.zh}，{count:,} 人：{meaning.zh}。{meaning.look_zh}。",
            f"{register.en}, {count:,} person(s): {meaning.en}. To look at: {meaning.look_en}.",
        )


def _say_ignored(piece: "Piece", voice: Voice) -> None:
    if piece.ignored:
        names = "、".join(piece.ignored) if voice.language == "zh" else ", ".join(piece.ignored)
        voice.line(f"{piece.file}：未使用的列 {names}。", f"{piece.file}: columns not used: {names}.")


def _plain(one: "FileProblem", voice: Voice) -> dict[str, str | int]:
    return {
        "file": one.file,
        "row": one.row,
        "column": one.column,
        "code": one.code,
        "message": voice.text(one.zh, one.en),
    }
