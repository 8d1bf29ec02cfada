"""Every folder of `sources` is a source: read its manifest, check it against its mapping, connect it.

A city's own sources may live in a folder beside the program; `find` takes further folders.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from jiuzhu.connectors import sources
from jiuzhu.connectors.manifests import FILE, read_manifest
from jiuzhu.connectors.reading.columns import ItemMapping
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.engine.problems import PackError, Place, Problem
from jiuzhu.rooms.verification.ports import AnyConnector, BatchConnector, Connector, ManualConnector, Source, Transport

_KINDS = {Transport.HTTP: Connector, Transport.FILE: BatchConnector, Transport.MANUAL: ManualConnector}


@dataclass(frozen=True, slots=True)
class Found:
    """A folder that was found to be a source."""

    folder: Path
    source: Source
    mapping: Mapping[str, ItemMapping]
    module: ModuleType

    def connect(self, wiring: Wiring) -> AnyConnector:
        """The source's connector.

        Raises:
            PackError: the folder's `connect` gives a connector of another transport.
        """
        made: AnyConnector = self.module.connect(self.source, wiring)
        if not isinstance(made, _KINDS[self.source.transport]):
            raise _refusal(
                self.folder,
                "manifest.transport",
                f"连接器与传输方式“{self.source.transport.value}”不符。",
                f"the connector does not fit the transport {self.source.transport.value!r}.",
            )
        return made


def find(further: Iterable[Path] = ()) -> tuple[Found, ...]:
    """Every source, by name.

    Raises:
        PackError: a manifest, or the mapping beside it, is broken; names every problem of every folder.
    """
    for folder in further:
        if str(folder) not in sources.__path__:
            sources.__path__.append(str(folder))
    found: list[Found] = []
    problems: list[Problem] = []
    for folder in sorted(_folders(), key=lambda one: one.name):
        try:
            found.append(_read(folder))
        except PackError as wrong:
            problems += wrong.problems
    if problems:
        raise PackError(problems)
    return tuple(found)


def connect_all(wiring_of: Callable[[Source], Wiring], further: Iterable[Path] = ()) -> tuple[AnyConnector, ...]:
    """Find and connect every source.

    Raises:
        PackError: as `find` and `Found.connect` do.
    """
    return tuple(one.connect(wiring_of(one.source)) for one in find(further))


def _folders() -> Iterator[Path]:
    for root in sources.__path__:
        for folder in Path(root).iterdir() if Path(root).is_dir() else ():
            if folder.is_dir() and not folder.name.startswith(("_", ".")):
                yield folder


def _read(folder: Path) -> Found:
    if not (folder / FILE).is_file():
        raise _refusal(folder, "manifest.missing", "文件夹中没有 manifest.yaml。", "the folder holds no manifest.yaml.")
    source = read_manifest(folder / FILE, f"{folder.name}/{FILE}")
    package = f"{sources.__name__}.{folder.name}"
    for part in ("connector", "mapping"):
        if find_spec(f"{package}.{part}") is None:
            raise _refusal(folder, f"manifest.{part}", f"文件夹中没有 {part}.py。", f"the folder holds no {part}.py.")
    mapping: Mapping[str, ItemMapping] = import_module(f"{package}.mapping").MAPPING
    _check_mapping(folder, source, mapping)
    return Found(folder, source, mapping, import_module(f"{package}.connector"))


def _check_mapping(folder: Path, source: Source, mapping: Mapping[str, ItemMapping]) -> None:
    asked = {item.name: {one.name for one in item.fields} for item in source.items}
    mapped = {name: set(one.columns) for name, one in mapping.items()}
    if asked == mapped:
        return
    names = sorted(
        {
            f"{item}.{name}"
            for item in asked.keys() | mapped.keys()
            for name in asked.get(item, set()) ^ mapped.get(item, set())
        }
    )
    raise _refusal(
        folder,
        "manifest.mapping",
        f"manifest.yaml 与 mapping.py 的字段不一致：{'、'.join(names)}。",
        f"manifest.yaml and mapping.py name different fields: {', '.join(names)}.",
    )


def _refusal(folder: Path, code: str, zh: str, en: str) -> PackError:
    return PackError([Problem(Place(f"{folder.name}/{FILE}", 1, 1), code, zh, en)])
