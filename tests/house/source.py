"""The source tree as the house tests read it: parsed once, named by module."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "jiuzhu"
ROOMS = tuple(sorted(path.name for path in (PACKAGE / "rooms").iterdir() if (path / "__init__.py").exists()))


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """The path as a reader would look for it."""
        return str(self.path.relative_to(ROOT))


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the package, migrations left out."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text(encoding="utf-8")
        found.append(Module(path, name, text, ast.parse(text, str(path))))
    return tuple(found)


def within(prefix: str) -> tuple[Module, ...]:
    """The modules of a package."""
    return tuple(module for module in modules() if module.name == prefix or module.name.startswith(prefix + "."))
