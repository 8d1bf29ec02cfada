"""The citizens that the demonstration identity provider offers to be, as the loader of the city wrote them down."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from jiuzhu.demo.identity.provider import Citizen


@dataclass(frozen=True, slots=True)
class Offered:
    """A citizen with a sentence on the circumstances; invented, like everyone in the city."""

    name: str
    identity_number: str
    story_zh: str
    story_en: str

    @property
    def citizen(self) -> Citizen:
        """Whom the provider vouches for when this one is chosen."""
        return Citizen(self.name, self.identity_number)


def keep(folder: Path, people: list[Offered]) -> None:
    """Write the offered citizens down in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(person) for person in people], ensure_ascii=False, indent=1)
    (folder / "demo-citizens.json").write_text(text, encoding="utf-8")


def offered(folder: Path) -> list[Offered]:
    """The offered citizens; empty before a city is loaded."""
    file = folder / "demo-citizens.json"
    if not file.exists():
        return []
    return [Offered(**person) for person in json.loads(file.read_text(encoding="utf-8"))]
