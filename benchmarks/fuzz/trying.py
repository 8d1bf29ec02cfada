"""One input through what reads it; anything but an answer or the documented refusal is a finding."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from benchmarks.fuzz.mutating import Corpus, damaged, invented

from jiuzhu.engine.authoring.case_files import read_cases
from jiuzhu.engine.documents import parse as parse_document
from jiuzhu.engine.expressions.parser import parse as parse_formula
from jiuzhu.engine.expressions.tokens import FormulaError
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.problems import PackError
from jiuzhu.engine.program.compiling import compile_program

ON = date(2026, 9, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that was neither read nor refused."""

    kind: str
    seed: str
    text: str
    trace: str


class Trying:
    """Tries inputs of all kinds; `folder` is one of its own, in which packs are laid out."""

    def __init__(self, corpus: Corpus, packs: PackSet, sample: Mapping[str, str], folder: Path) -> None:
        self.corpus, self.packs, self.sample, self.folder = corpus, packs, sample, folder
        self.kinds: dict[str, Callable[[Random], str]] = {
            "formula": self.formula,
            "document": self.document,
            "cases": self.cases,
            "packs": self.whole_packs,
        }

    def one(self, kind: str, seed: str) -> Finding | None:
        """Try the input of a seed."""
        random = Random(seed)
        try:
            self.text = ""
            self.kinds[kind](random)
        except (FormulaError, PackError):
            return None
        except Exception:  # noqa: BLE001 (this is what is looked for)
            return Finding(kind, seed, self.text, traceback.format_exc())
        return None

    def formula(self, random: Random) -> str:
        self.text = (
            invented(random)
            if random.random() < 0.3
            else damaged(random, random.choice(self.corpus.formulas), random.choice(self.corpus.formulas))
        )
        parse_formula(self.text)
        return self.text

    def document(self, random: Random) -> str:
        _, text = random.choice(self.corpus.files)
        start = random.randrange(max(1, len(text) - 2000))
        piece = text if len(text) < 3000 else text[text.find("\n", start) + 1 :][:2000]
        self.text = (
            invented(random) if random.random() < 0.2 else damaged(random, piece, random.choice(self.corpus.files)[1])
        )
        parse_document(self.text, "fuzz.yaml")
        return self.text

    def cases(self, random: Random) -> str:
        _, text = random.choice(self.corpus.cases)
        self.text = damaged(random, text, random.choice(self.corpus.cases)[1])
        path = self.folder / "cases.yaml"
        path.write_text(self.text, encoding="utf-8", errors="surrogatepass")
        read_cases([(path, "cases.yaml")], self.packs)
        return self.text

    def whole_packs(self, random: Random) -> str:
        name = random.choice(sorted(self.sample))
        self.text = damaged(random, self.sample[name], random.choice(self.corpus.files)[1])
        path = self.folder / "packs" / name
        try:
            path.write_text(self.text, encoding="utf-8", errors="surrogatepass")
            compile_program(load([self.folder / "packs"]), on=ON, root="3709")
        finally:
            path.write_text(self.sample[name], encoding="utf-8")
        return self.text
