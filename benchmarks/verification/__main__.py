"""`python -m benchmarks.verification`: each contestant in a process of its own, one after the other; tables."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from benchmarks.verification.contestants import CONTESTANTS
from benchmarks.verification.invented import REGISTERS, citizens, made
from benchmarks.verification.labelled import PERSONS
from benchmarks.verification.labelled import made as labelled

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = _ROOT / "docs" / "reference" / "performance.md"
_BEGIN, _END = "<!-- verification: begin -->\n", "<!-- verification: end -->\n"
_PEERS = ("pandas", "Splink")


def _answer(python: str, *arguments: str) -> dict[str, Any] | None:
    """What a measurement says; None, with its last words on the error stream, when it failed."""
    environment = {**os.environ, "PYTHONPATH": f"{_ROOT}:{_ROOT / 'src'}"}
    done = subprocess.run(
        [python, "-m", *arguments], cwd=_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{' '.join(arguments)}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _batch(folder: Path, peers: str | None, households: int, rows: int) -> list[str]:
    found: dict[str, dict[str, Any]] = {}
    for name in CONTESTANTS:
        if name in _PEERS and peers is None:
            continue
        print(f"{rows:,} rows: {name}", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=folder) as out:
            python = str(peers) if name in _PEERS else sys.executable
            answer = _answer(python, "benchmarks.verification.contest", name, str(folder), out)
        if answer is not None:
            found[name] = answer
    return _table(found, households, rows)


def _table(found: dict[str, dict[str, Any]], households: int, rows: int) -> list[str]:
    hand = found["DuckDB by hand"]
    lines = [
        f"**{households:,} households beside {len(REGISTERS)} registers of {rows:,} rows**\n",
        "| | seconds | : DuckDB by hand | CPU s | peak MB | rows matched by number | same |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for name, one in found.items():
        same = (one["matched"], one["differs"]) == (hand["matched"], hand["differs"])
        load = f" (after {one['load']:.0f} s of loading)" if one.get("load") else ""
        cpu = f"{one['cpu']:.1f}" if one.get("cpu") else ""
        lines.append(
            f"| {name}{load} | {one['seconds']:.1f} | {one['seconds'] / hand['seconds']:.2f} | {cpu} |"
            f" {one['peak_mb']:,} | {sum(one['matched']):,} | {'yes' if same else 'no'} |"
        )
    return lines


def _names(folder: Path, peers: str | None) -> list[str]:
    aim = labelled(folder, citizens(3 * PERSONS))
    lines = [
        f"\n**{PERSONS:,} persons beside {2 * PERSONS:,} records without numbers, half of them theirs**\n",
        "| | seconds | F1 at even odds | best F1 | pairs |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in ("jiuzhu", "Splink"):
        if name in _PEERS and peers is None:
            continue
        python = str(peers) if name in _PEERS else sys.executable
        one = _answer(python, "benchmarks.verification.labelled", name, str(aim))
        if one is not None:
            lines.append(f"| {name} | {one['seconds']:.1f} | {one['f1']:.4f} | {one['best']:.4f} | {one['pairs']:,} |")
    return lines


@click.command()
@click.option("--households", default=2_000, show_default=True, type=click.IntRange(100))
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(1000), help="of each register")
@click.option("--population", default=60_000, show_default=True, type=click.IntRange(1000), help="who own them")
@click.option("--peers", help="a Python that has pandas, pyarrow and splink; else these are left out")
@click.option(
    "--var",
    default=_ROOT / "var" / "benchmarks" / "verification",
    type=click.Path(path_type=Path),
    help="where the registers are kept; 1 GB for ten million rows of each, and 8 GB for PostgreSQL",
)
@click.option("--write", is_flag=True, help="put the tables into docs/reference/performance.md")
def main(*, households: int, rows: int, population: int, peers: str | None, var: Path, write: bool) -> None:
    """Make the registers where they are missing, measure, print the tables."""
    folder = made(var.resolve(), households=households, rows=rows, population=population)
    lines = _batch(folder, peers, households, rows) + _names(var.resolve(), peers)
    load = os.getloadavg()
    lines.append(f"\n{os.cpu_count()} cores, load of the machine at the end {load[0]:.1f} (5 minutes: {load[1]:.1f}).")
    text = "\n".join(lines).strip() + "\n"
    print(text)
    if write:
        page = _PAGE.read_text(encoding="utf-8")
        head, rest = page.split(_BEGIN)
        _PAGE.write_text(f"{head}{_BEGIN}\n{text}\n{_END}{rest.split(_END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
