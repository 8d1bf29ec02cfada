"""From folders to a `PackSet`: layers in order, each with instruments, entities, facts, and a folder per programme.

A layer's folder is called `370000-shandong`: six digits of its division, and a name. Several roots may be given; their
layers of the same division are read one after the other, so anyone can lay packs of their own over those that ship.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from jiuzhu.core.citations import Citation
from jiuzhu.engine.documents import MOST_BYTES, Table, read
from jiuzhu.engine.packs.citations import read_instruments
from jiuzhu.engine.packs.folders import FILES, NOTICES, Folder, programmes
from jiuzhu.engine.packs.model import Entity, Layer, PackSet, Parameter, Variable
from jiuzhu.engine.packs.parameters import joined, read_parameters
from jiuzhu.engine.packs.programmes import Readme
from jiuzhu.engine.packs.references import References
from jiuzhu.engine.packs.variables import read_entities, read_facts, read_formulas
from jiuzhu.engine.problems import PackError, Place, Problem, Problems

DEMO = "-demo"
_FOLDER = re.compile(r"(?P<code>[0-9]{6})-(?P<name>[a-z][a-z0-9-]*)")
V = TypeVar("V")


def load(roots: Sequence[Path], *, demo: bool = True) -> PackSet:
    """Read everything below the roots; without `demo` no layer of demonstration values.

    Raises:
        PackError: with every problem of every file.
    """
    loader = _Loader()
    for layer, folder, name in layer_folders(roots, loader.problems, demo=demo):
        loader.layer(layer, folder, name)
    found = loader.finished()
    loader.problems.raise_if_any()
    return found


def layer_folders(roots: Sequence[Path], problems: Problems, *, demo: bool = True) -> list[tuple[Layer, Path, str]]:
    """The layers below some roots, from the State down: each with its folder and how problems call it.

    Folders whose names end in `-demo` hold demonstration values; without `demo` they are passed over.
    """
    found: list[tuple[Layer, Path, str]] = []
    for root in roots:
        if not root.is_dir():
            place = Place(str(root), 1, 1)
            problems.add(place, "pack.folder", "没有这个文件夹。", "there is no such folder.")
            continue
        for folder in sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")):
            match = _FOLDER.fullmatch(folder.name)
            if match is None:
                problems.add(
                    Place(f"{root.name}/{folder.name}", 1, 1),
                    "pack.layer",
                    "文件夹的名称应当是六位区划代码、连字符和名称。",
                    "a layer's folder is called by six digits, a hyphen and a name.",
                    advice=("例如 370000-shandong。", "For example 370000-shandong."),
                )
                continue
            if not demo and folder.name.endswith(DEMO):
                continue
            code = match["code"]
            prefix = code[:4] if code.endswith("00") else code
            prefix = prefix[:2] if prefix.endswith("00") else prefix
            found.append((Layer("" if prefix == "00" else prefix, match["name"]), folder, f"{root.name}/{folder.name}"))
    return sorted(found, key=lambda one: len(one[0].prefix))


class _Loader:
    def __init__(self) -> None:
        self.problems = Problems()
        self.digest = hashlib.sha256()
        self.layers: list[Layer] = []
        self.instruments: dict[str, Citation] = {}
        self.entities: dict[str, Entity] = {}
        self.parameters: list[dict[str, Parameter]] = []
        self.variables: dict[tuple[str, str], Variable] = {}
        self.folders: dict[str, Folder] = {}
        self.shared = Folder()

    def layer(self, layer: Layer, folder: Path, name: str) -> None:
        """Read one layer: what all share first, then a programme after the other."""
        self.layers.append(layer)
        problems = self.problems
        programmes = sorted(
            path
            for path in folder.iterdir()
            if path.is_dir() and not path.name.startswith(".") and path.name != NOTICES
        )
        # a programme's folder may bring instruments and facts of its own, so that it can be copied as it is
        places = [(folder, name), *((path, f"{name}/{path.name}") for path in programmes)]
        for path, called in places:
            for table in self.read(path, called, "instruments.yaml"):
                self.instruments |= self.fresh(read_instruments(table, problems), self.instruments, table.place)
        for table in self.read(folder, name, "entities.yaml"):
            self.entities |= self.fresh(read_entities(table, problems), self.entities, table.place)
        for path, called in places:
            for table in self.read(path, called, "facts.yaml"):
                self.add(read_facts(table, self.entities, problems))
        self.notices(layer, folder, name, self.shared)
        for path in programmes:
            self.programme(layer, path, f"{name}/{path.name}")

    def programme(self, layer: Layer, path: Path, called: str) -> None:
        """Read a programme's folder."""
        for table in self.read(path, called, "parameters.yaml"):
            self.parameters.append(read_parameters(table, layer, self.instruments, self.problems))
        for table in self.read(path, called, "formulas.yaml"):
            self.add(
                read_formulas(table, self.entities, self.instruments, layer, path.name, self.problems), layer=layer
            )
        folder = self.folders.setdefault(path.name, Folder())
        for file in FILES:
            found = list(self.read(path, called, file))
            folder.is_whole = folder.is_whole and bool(found) == (path / file).is_file()
            for table in found:
                folder.add(file, layer, table)
        self.notices(layer, path, called, folder)
        self.plain_words(layer, path / "README.md", f"{called}/README.md", folder)

    def plain_words(self, layer: Layer, path: Path, called: str, folder: Folder) -> None:
        """Read what a layer says of a programme in plain words."""
        if not path.is_file():
            return
        place = Place(called, 1, 1)
        if path.stat().st_size > MOST_BYTES:
            self.problems.add(
                place, "document.size", f"文件超过 {MOST_BYTES} 字节。", f"the file has more than {MOST_BYTES} bytes."
            )
            return
        content = path.read_bytes()
        self.digest.update(called.encode() + b"\0" + content + b"\0")
        try:
            folder.readmes.append(Readme(layer.name, layer.prefix, content.decode("utf-8"), place))
        except UnicodeDecodeError:
            self.problems.add(place, "document.encoding", "文件不是 UTF-8 编码。", "the file is not UTF-8.")

    def notices(self, layer: Layer, path: Path, called: str, folder: Folder) -> None:
        """Read the letters of a folder."""
        for file in sorted((path / NOTICES).glob("*.yaml")):
            for table in self.read(path, called, f"{NOTICES}/{file.name}"):
                folder.add(f"{NOTICES}/{file.name}", layer, table)

    def read(self, folder: Path, name: str, file: str) -> Iterable[Table]:
        """The table of a file, or nothing when there is no such file or it cannot be read."""
        path = folder / file
        if not path.is_file():
            return
        called = f"{name}/{file}"
        try:
            table = read(path, called)
        except PackError as error:
            self.problems.extend(error.problems)
            return
        self.digest.update(called.encode() + b"\0" + path.read_bytes() + b"\0")
        yield table

    def fresh(self, found: dict[str, V], known: dict[str, V], place: Place) -> dict[str, V]:
        """Only what is new; what is defined twice is a problem."""
        for name in found.keys() & known.keys():
            self.problems.add(place, "pack.twice", f"“{name}”已经在上级定义。", f"{name!r} is defined above.")
        return {name: value for name, value in found.items() if name not in known}

    def add(self, found: dict[tuple[str, str], Variable], layer: Layer | None = None) -> None:
        """Take variables up; a lower layer may add versions of a formula, and no more."""
        for key, later in found.items():
            earlier = self.variables.get(key)
            if earlier is None:
                self.variables[key] = later
                continue
            if earlier.source is not None or later.source is not None or layer is None or not layer.prefix:
                self.problems.add(
                    later.place,
                    "variable.twice",
                    f"“{later.full_name}”在 {earlier.place} 已经定义。",
                    f"{later.full_name} is already defined at {earlier.place}.",
                )
                continue
            self.variables[key] = _with_versions(earlier, later, self.problems.add)

    def finished(self) -> PackSet:
        """Everything read, joined."""
        parameters = joined(self.parameters, self.problems)
        for variable in self.variables.values():
            self.problems.extend(_overlaps(variable))
        references = References(self.instruments, self.variables, parameters, self.problems)
        return PackSet(
            tuple(self.layers),
            self.instruments,
            self.entities,
            parameters,
            self.variables,
            self.digest.hexdigest(),
            programmes(self.folders, self.shared, references),
        )


def _with_versions(earlier: Variable, later: Variable, note: Callable[..., None]) -> Variable:
    if (earlier.kind.base, earlier.kind.unit) != (later.kind.base, later.kind.unit):
        note(
            later.place,
            "variable.type",
            f"“{later.full_name}”在 {earlier.place} 是另一种类型。",
            f"{later.full_name} has another type at {earlier.place}.",
        )
        return earlier
    return Variable(
        earlier.entity,
        earlier.name,
        earlier.kind,
        earlier.label,
        earlier.place,
        programme=earlier.programme,
        formulas=earlier.formulas + later.formulas,
        exact=earlier.exact,
        reasons=later.reasons or earlier.reasons,
        personal_data=later.personal_data or earlier.personal_data,
    )


def _overlaps(variable: Variable) -> Iterable[Problem]:
    for at, later in enumerate(variable.formulas):
        for earlier in variable.formulas[:at]:
            if earlier.prefix == later.prefix and earlier.period.overlaps(later.period):
                yield Problem(
                    later.place,
                    "variable.conflict",
                    f"“{variable.full_name}”与 {earlier.place} 的公式时段重叠。",
                    f"{variable.full_name} overlaps the formula at {earlier.place} in time.",
                    "请给前一个公式写上 to。",
                    "Give the earlier formula its `to`.",
                )
