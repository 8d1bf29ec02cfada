"""`python -m benchmarks.fuzz`: try very many inputs; print how many of each kind, how fast, and what was found."""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter

import click
from benchmarks.fuzz.mutating import corpus
from benchmarks.fuzz.trying import ON, Finding, Trying

from jiuzhu.engine.authoring.skeletons import lay_out
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.program.compiling import compile_program

_ROOT = Path(__file__).resolve().parents[2]
_SHARES = {"formula": 0.72, "document": 0.25, "cases": 0.01, "packs": 0.02}
_SHOWN = 10
_ENTITIES = """household: {label: 家庭, label_en: household}
person: {label: 成员, label_en: member, parent: household, most: 20}
"""


def _work(kind: str, first: int, count: int, seed: int) -> tuple[str, int, float, list[Finding]]:
    packs = load([_ROOT / "policies"])
    formulas = [one.text for variable in packs.variables.values() for one in variable.formulas]
    with tempfile.TemporaryDirectory() as folder:
        sample = _laid_out(Path(folder) / "packs")
        trying = Trying(corpus(_ROOT / "policies", formulas), packs, sample, Path(folder))
        start = perf_counter()
        found = [one for number in range(first, first + count) if (one := trying.one(kind, f"{seed}-{kind}-{number}"))]
        return kind, count, perf_counter() - start, found


def _laid_out(target: Path) -> dict[str, str]:
    """The smallest complete programme and nothing else, written to a folder; its texts by name."""
    entities = target / "000000-state" / "entities.yaml"
    entities.parent.mkdir(parents=True)
    entities.write_text(_ENTITIES, encoding="utf-8")
    lay_out("xin_zhidu", target / "370900-ours", load([target]))
    compile_program(load([target]), on=ON, root="3709")  # what is damaged below is sound as it stands
    return {str(path.relative_to(target)): path.read_text(encoding="utf-8") for path in target.rglob("*.yaml")}


@click.command()
@click.option("--inputs", default=1_000_000, show_default=True, type=click.IntRange(100))
@click.option("--seed", default=1, show_default=True)
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64))
def main(*, inputs: int, seed: int, processes: int) -> None:
    """Try so many inputs; exit code 1 when something was neither read nor refused."""
    parts = 8
    jobs = [
        (kind, part * int(inputs * share) // parts, int(inputs * share) // parts)
        for kind, share in _SHARES.items()
        for part in range(parts)
    ]
    done: dict[str, tuple[int, float]] = {}
    findings: list[Finding] = []
    with ProcessPoolExecutor(processes) as pool:
        futures = [pool.submit(_work, kind, first, count, seed) for kind, first, count in jobs]
        for future in futures:
            kind, count, seconds, found = future.result()
            before = done.get(kind, (0, 0.0))
            done[kind] = before[0] + count, before[1] + seconds
            findings += found
            print(f"{kind:10} {done[kind][0]:>9,} tried, {len(findings)} found", file=sys.stderr)
    for kind, (count, seconds) in done.items():
        print(f"| {kind} | {count:,} | {count / seconds:,.0f} |")
    print(f"{sum(count for count, _ in done.values()):,} inputs, {len(findings)} findings")
    for one in findings[:_SHOWN]:
        print(f"--- {one.kind} {one.seed}\n{one.text[:500]!r}\n{one.trace}")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
