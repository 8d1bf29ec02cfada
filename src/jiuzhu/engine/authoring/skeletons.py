"""A new programme begins as a copy of the smallest complete one, under a name of its own."""

import re
import shutil
import tempfile
from pathlib import Path

from jiuzhu.engine.kinds import Base, Kind
from jiuzhu.engine.packs.folders import NOTICES
from jiuzhu.engine.packs.model import ROOT, PackSet

_NAME = "xin_zhidu"
_SOURCE = Path(__file__).parent / "skeleton" / _NAME
_NOWHERE, _NO_FACTS = "000000000000", "household: {}"
_ALLOWED = re.compile(r"[a-z][a-z0-9_]{1,39}")
LAYER = re.compile(r"\d{6}-[a-z][a-z0-9-]*")
# names of files that the source cannot have, because only data of these kinds are installed with the program
_RENAMED = {"README.txt": "README.md"}


class InvalidName(ValueError):  # noqa: N818 (named like the other refusals of values)
    """A programme cannot be called so; says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def lay_out(name: str, layer: Path, packs: PackSet | None = None) -> Path:
    """Write the folder of a new programme into the folder of a layer, whole or not at all.

    Its cases get the facts that the packs require of every household.

    Raises:
        InvalidName: the name is no word of small letters, or there is such a folder already.
    """
    if not _ALLOWED.fullmatch(name) or name == NOTICES:
        raise InvalidName(
            f"“{name}”不能作为制度的名称：用小写拼音、数字和下划线，以字母开头。",
            f"{name!r} cannot be a programme's name: write small letters, digits and _, beginning with a letter.",
        )
    target = layer / name
    if target.exists():
        raise InvalidName(f"{layer.name} 已有 {name}。", f"{layer.name} already has {name}.")
    changes = {_NAME: name, _NOWHERE: layer.name[:6].ljust(12, "0"), _NO_FACTS: f"household: {{{_required(packs)}}}"}
    layer.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=layer, prefix=".new-") as made:
        copy = Path(made) / name
        for source in sorted(path for path in _SOURCE.rglob("*") if path.is_file()):
            file = copy / source.relative_to(_SOURCE)
            file = file.with_name(_RENAMED.get(file.name, file.name).replace(_NAME, name))
            file.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8")
            for old, new in changes.items():
                text = text.replace(old, new)
            file.write_text(text, encoding="utf-8")
        shutil.move(copy, target)
    return target


def _required(packs: PackSet | None) -> str:
    """The facts that every household must have, each with a plain value."""
    variables = packs.variables.values() if packs is not None else ()
    return ", ".join(f"{one.name}: {_plain(one.kind)}" for one in variables if one.required and one.entity == ROOT)


def _plain(kind: Kind) -> str:
    if kind.base is Base.TRUTH:
        return "no"
    if kind.base is Base.DAY:
        return "2000-01-01"
    return str(kind.decode(max(kind.lowest, 0)))
