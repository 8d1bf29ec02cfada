"""A programme's folders in all layers become one `Programme`: a version for each division and stretch of days.

Letters that all programmes share stand in `notices/` of the layer itself; a programme's own letter comes before them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from jiuzhu.core.periods import Period
from jiuzhu.engine.documents import Table
from jiuzhu.engine.packs import letters, processes, terms
from jiuzhu.engine.packs.fields import SINCE_EVER
from jiuzhu.engine.packs.layering import Part, Shape, merged, turning_days
from jiuzhu.engine.packs.model import Layer
from jiuzhu.engine.packs.programmes import Change, Notice, Programme, Readme, Receiver, Version
from jiuzhu.engine.packs.references import References
from jiuzhu.engine.problems import Problems

FILES = ("programme.yaml", "process.yaml", "materials.yaml")
NOTICES = "notices"


@dataclass(slots=True)
class Folder:
    """What the layers hold of one programme: each file's parts from the State down, and the plain words.

    With a file that cannot be read `is_whole` is false, and nothing more is said of the programme.
    """

    files: dict[str, list[Part]] = field(default_factory=dict)
    readmes: list[Readme] = field(default_factory=list)
    is_whole: bool = True

    def add(self, file: str, layer: Layer, table: Table) -> None:
        """Take up a file of a layer."""
        self.files.setdefault(file, []).append(Part(layer, table))

    def chain(self, file: str, prefix: str) -> list[Part]:
        """The parts of a file that hold for the divisions under a prefix, the highest layer first."""
        return [part for part in self.files.get(file, []) if prefix.startswith(part.layer.prefix)]

    def prefixes(self) -> set[str]:
        """The divisions that have files of their own."""
        return {part.layer.prefix for parts in self.files.values() for part in parts}


def programmes(folders: Mapping[str, Folder], shared: Folder, references: References) -> dict[str, Programme]:
    """Every programme; a folder that holds only parameters and formulas is none."""
    found = {}
    for name, folder in folders.items():
        if folder.files and folder.is_whole:
            versions = tuple(_Joining(name, folder, shared, references).versions())
            found[name] = Programme(name, versions, tuple(folder.readmes))
    return found


class _Joining:
    def __init__(self, name: str, folder: Folder, shared: Folder, references: References) -> None:
        self.name, self.folder, self.shared, self.references = name, folder, shared, references

    def versions(self) -> Iterable[Version]:
        prefixes = self.folder.prefixes()
        based = {part.layer.prefix for part in self.folder.files.get("programme.yaml", [])}
        for prefix in sorted(prefixes | self.shared.prefixes()):
            if any(prefix.startswith(base) for base in based):
                yield from _coalesced(self.of_prefix(prefix))
            elif prefix in prefixes:
                self.refuse_baseless(prefix)

    def refuse_baseless(self, prefix: str) -> None:
        parts = [part for parts in self.folder.files.values() for part in parts if part.layer.prefix == prefix]
        self.references.problems.add(
            parts[0].table.place,
            "programme.base",
            f"制度“{self.name}”没有 programme.yaml，上级也没有。",
            f"neither this layer nor one above has a programme.yaml for {self.name!r}.",
            advice=("请补写 programme.yaml。", "Add programme.yaml."),
        )

    def of_prefix(self, prefix: str) -> Iterable[Version]:
        """The versions of a division, each from one day on which something changes to the next."""
        files = {file: self.folder.chain(file, prefix) for file in self.folder.files}
        for stem in letters.stems(self.shared.files):
            file = f"{NOTICES}/{stem}.yaml"
            files[file] = files.get(file) or self.shared.chain(file, prefix)
        days = turning_days(part for parts in files.values() for part in parts)
        turns = [SINCE_EVER, *sorted(day for day in days if day > SINCE_EVER)]
        for start, end in pairwise([*turns, None]):
            if start is not None:
                yield from self.stretch(prefix, files, Period(start, end))

    def stretch(self, prefix: str, files: Mapping[str, Sequence[Part]], stretch: Period) -> Iterable[Version]:
        table, changes = self.merged(files["programme.yaml"], terms.SHAPE, stretch.start)
        exists = _exists(table, self.references)
        if not exists.contains(stretch.start):
            return
        version = terms.read_terms(terms.fields_of(table, self.references), self.name, prefix, self.references)
        if version is None:
            return
        process = materials = None
        if parts := files.get("process.yaml"):
            table, more = self.merged(parts, processes.SHAPE, stretch.start)
            changes += more
            process = processes.read_process(table, version.category, self.references)
        if parts := files.get("materials.yaml"):
            table, more = self.merged(parts, letters.MATERIALS, stretch.start)
            changes += more
            materials = letters.read_materials(table, self.references)
        notices, more = self.notices(files, version.unit, stretch.start)
        yield replace(
            version,
            period=stretch,
            process=process,
            materials=materials,
            notices=notices,
            changes=changes + more,
        )

    def notices(
        self, files: Mapping[str, Sequence[Part]], unit: Receiver, on: date
    ) -> tuple[tuple[Notice, ...], tuple[Change, ...]]:
        found: list[Notice] = []
        changes: tuple[Change, ...] = ()
        for stem in letters.stems(files):
            parts = files[f"{NOTICES}/{stem}.yaml"]
            if not parts:
                continue
            table, more = self.merged(parts, letters.NOTICE, on)
            changes += more
            notice = letters.read_notice(table, stem, unit, self.references)
            if notice is not None:
                found.append(notice)
        return tuple(found), changes

    def merged(self, parts: Sequence[Part], shape: Shape, on: date) -> tuple[Table, tuple[Change, ...]]:
        return merged(parts, shape, on, self.references.instruments, self.references.problems)


def _exists(table: Table, references: References) -> Period:
    """When the programme exists; what is wrong with its days is said when the file is read."""
    silent = replace(references, problems=Problems())
    return terms.fields_of(table, silent).period()


def _coalesced(versions: Iterable[Version]) -> Iterable[Version]:
    """Neighbours that differ in nothing but their days become one."""
    pending: Version | None = None
    for version in versions:
        if pending is None:
            pending = version
        elif pending.period.end == version.period.start and replace(pending, period=version.period) == version:
            pending = replace(pending, period=Period(pending.period.start, version.period.end))
        else:
            yield pending
            pending = version
    if pending is not None:
        yield pending
