"""`python -m benchmarks.engine`: each contestant in a process of its own, one after the other; tables with ratios."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from benchmarks.engine.contestants import CONTESTANTS, SAMPLED
from benchmarks.engine.town import stored

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = _ROOT / "docs" / "reference" / "performance.md"
_BEGIN, _END = "<!-- engine: begin -->\n", "<!-- engine: end -->\n"
_PEERS = ("OpenFisca-core", "PolicyEngine-core", "zen-engine")
_SAMPLE = 10_000
_HAND = "SQL by hand"


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


def _contest(sizes: tuple[int, ...], peers: str | None, folder: Path) -> list[str]:
    lines = []
    for size in sizes:
        file = str(stored(folder, size))
        sample = str(stored(folder, min(size, _SAMPLE)))
        found: dict[str, dict[str, Any]] = {}
        for name in CONTESTANTS:
            if name in _PEERS and peers is None:
                continue
            print(f"{size:,}: {name}", file=sys.stderr)
            python = str(peers) if name in _PEERS else sys.executable
            answer = _answer(python, "benchmarks.engine.contest", name, sample if name in SAMPLED else file)
            if answer is not None:
                found[name] = answer
        lines += _table(size, found)
    return lines


def _table(size: int, found: dict[str, dict[str, Any]]) -> list[str]:
    hand = found[_HAND]
    per_hand = hand["warm"] / hand["households"]
    right = {one["households"]: one["digest"] for name, one in found.items() if name in (_HAND, "Python by hand")}
    lines = [
        f"\n**{size:,} households**\n",
        "| | households/s | warm : SQL by hand | cold s | warm s | CPU s | peak MB | same fen |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in found.items():
        rate = one["households"] / one["warm"]
        same = "bounds" if "unknown" in name else "yes" if right.get(one["households"], "") == one["digest"] else "no"
        note = "" if one["households"] == size else f" (sample of {one['households']:,})"
        lines.append(
            f"| {name}{note} | {rate:,.0f} | {one['warm'] / one['households'] / per_hand:.2f} | {one['cold']:.3f} |"
            f" {one['warm']:.3f} | {one['cpu']:.3f} | {one['peak_mb']:,.0f} | {same} |"
        )
    return lines


def _whole(sizes: tuple[int, ...], folder: Path) -> list[str]:
    lines = [
        "\n**All programmes that ship, settled and summed**\n",
        "| households | engine | households/s | seconds | peak MB |",
        "|---|---|---|---|---|",
    ]
    for size in sizes:
        for engine in ("numpy", "duckdb") if size <= 100_000 else ("numpy",):
            print(f"{size:,}: all programmes, {engine}", file=sys.stderr)
            one = _answer(sys.executable, "benchmarks.engine.whole", "screen", str(size), engine)
            if one is not None:
                rate = one["households"] / one["seconds"]
                lines.append(f"| {size:,} | {engine} | {rate:,.0f} | {one['seconds']:.1f} | {one['peak_mb']:,.0f} |")
    for what, told in (("moves", _of_moves), ("cases", _of_cases)):
        given = [str(stored(folder, max(sizes)))] if what == "moves" else []
        one = _answer(sys.executable, "benchmarks.engine.whole", what, *given)
        lines += [] if one is None else ["", told(one)]
    starts = [found for _ in range(3) if (found := _answer(sys.executable, "benchmarks.engine.whole", "start"))]
    if starts:
        parts = (f"{name} {min(one[name] for one in starts):.2f} s" for name in ("import", "load", "compile"))
        lines += ["", f"**Cold start, all packs**: {', '.join(parts)}."]
    return lines


def _of_moves(one: dict[str, Any]) -> str:
    return (
        f"**The compact rules, {one['households']:,} households**: twelve months {one['months_12']:.2f} s; a standard "
        f"moved {one['what_if']:.2f} s; {one['changed']:,} households found changed and worked out "
        f"{one['incremental']:.2f} s."
    )


def _of_cases(one: dict[str, Any]) -> str:
    def times(name: str, places: int) -> str:
        return f"{one[f'{name}_p50_ms']:.{places}f} / {one[f'{name}_p95_ms']:.{places}f} ms"

    return (
        f"**One household, all programmes** ({one['cases']} worked cases), p50 / p95: figures {times('assess', 2)}; "
        f"why, for dibao {times('explain', 2)}; what is missing ({one['unknown']} cases) {times('missing', 1)}."
    )


@click.command()
@click.option("--households", "sizes", multiple=True, type=click.IntRange(1000), default=(10_000, 100_000, 1_000_000))
@click.option("--peers", help="a Python that has openfisca-core, policyengine-core, zen-engine; else left out")
@click.option("--only", type=click.Choice(["contest", "whole"]), help="one half of it")
@click.option("--write", is_flag=True, help="put the tables into docs/reference/performance.md")
def main(*, sizes: tuple[int, ...], peers: str | None, only: str | None, write: bool) -> None:
    """Measure, print the tables, and write them where they are kept when asked to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [] if only == "whole" else _contest(sizes, peers, folder)
        lines += [] if only == "contest" else _whole(sizes, folder)
    text = "\n".join(lines).strip() + "\n"
    print(text)
    if write:
        page = _PAGE.read_text(encoding="utf-8")
        head, rest = page.split(_BEGIN)
        _PAGE.write_text(f"{head}{_BEGIN}\n{text}\n{_END}{rest.split(_END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
