"""Packs out of an archive: in a private temporary folder, which is gone when they have been read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from jiuzhu.rooms.catalogue.rules.archives import files_of


@contextmanager
def unpacked(archive: bytes) -> Iterator[tuple[Path, ...]]:
    """The roots of an archive, in their order, below a folder that only this process may read.

    Raises:
        InvalidValue: it is no archive of packs; nothing has been written then.
    """
    files = files_of(archive)
    with TemporaryDirectory(prefix="jiuzhu-packs-") as made:
        for path, content in files.items():
            target = Path(made, *path.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield tuple(Path(made, root) for root in dict.fromkeys(path.split("/")[0] for path in files))
