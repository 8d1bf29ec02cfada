"""Message catalogues: each `locale/<language>/LC_MESSAGES/django.po` is compiled beside itself when newer."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

PACKAGE = Path(__file__).resolve().parents[1]


def compile_catalogues(folder: Path = PACKAGE) -> list[Path]:
    """Compile the catalogues under `folder` whose source is newer than its compiled form; returns the files written.

    Raises:
        ValueError: a catalogue cannot be read; the message names file and line.
    """
    written = []
    for source in sorted(folder.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            with source.open("rb") as lines:
                catalogue = read_po(lines, locale=source.parents[1].name, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            raise ValueError(f"{source}: {error}") from error
        # several processes may compile at once: each writes a file of its own and puts it in place whole
        fresh = target.with_suffix(f".{os.getpid()}.mo")
        with fresh.open("wb") as compiled:
            write_mo(compiled, catalogue)
        fresh.replace(target)
        written.append(target)
    return written
