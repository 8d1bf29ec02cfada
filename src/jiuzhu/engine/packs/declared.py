"""Facts alone: what packs want to know, without reading the programmes that ask for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jiuzhu.engine.documents import read
from jiuzhu.engine.packs.loading import layer_folders
from jiuzhu.engine.packs.model import Entity, Variable
from jiuzhu.engine.packs.variables import read_entities, read_facts
from jiuzhu.engine.problems import Problems

_ENTITIES, _FACTS = "entities.yaml", "facts.yaml"


def declared_facts(roots: Sequence[Path], *, demo: bool = True) -> Mapping[tuple[str, str], Variable]:
    """All facts of the layers below some roots, by entity and name, those of a layer before those of its programmes.

    Raises:
        PackError: with every problem of the files that declare facts.
    """
    problems = Problems()
    entities: dict[str, Entity] = {}
    found: dict[tuple[str, str], Variable] = {}
    for _, folder, name in layer_folders(roots, problems, demo=demo):
        if (folder / _ENTITIES).is_file():
            entities |= read_entities(read(folder / _ENTITIES, f"{name}/{_ENTITIES}"), problems)
        for path in (folder, *sorted(one for one in folder.iterdir() if one.is_dir())):
            if (path / _FACTS).is_file():
                called = f"{name}/{_FACTS}" if path == folder else f"{name}/{path.name}/{_FACTS}"
                found |= read_facts(read(path / _FACTS, called), entities, problems)
    problems.raise_if_any()
    return found
