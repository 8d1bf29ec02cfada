"""Message catalogues: each `locale/<language>/LC_MESSAGES/django.po` is compiled beside itself when newer.

Traditional Chinese is no translation: its catalogue is made from the simplified texts of the English one by conversion.
Only the program's own texts are converted; what people entered, above all names, is shown as it was written.
"""

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from opencc import OpenCC

PACKAGE = Path(__file__).resolve().parents[1]


def compile_catalogues(folder: Path = PACKAGE) -> list[Path]:
    """Compile the catalogues under `folder` whose source is newer than its compiled form; returns the files written.

    Raises:
        ValueError: a catalogue cannot be read; the message names file and line.
    """
    written = []
    for source in sorted(folder.glob("**/locale/*/LC_MESSAGES/*.po")):
        traditional = source.parents[2] / "zh_Hant" / "LC_MESSAGES" / source.with_suffix(".mo").name
        stale = [target for target in (source.with_suffix(".mo"), traditional) if _older(target, source)]
        if not stale:
            continue
        try:
            with source.open("rb") as lines:
                catalogue = read_po(lines, locale=source.parents[1].name, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            raise ValueError(f"{source}: {error}") from error
        for target in stale:
            _write(target, _traditional(catalogue) if target == traditional else catalogue)
        written += stale
    return written


def _older(target: Path, source: Path) -> bool:
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def _write(target: Path, catalogue: Catalog) -> None:
    # several processes may compile at once: each writes a file of its own and puts it in place whole
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}.mo")
    with fresh.open("wb") as compiled:
        write_mo(compiled, catalogue)
    fresh.replace(target)


def _traditional(catalogue: Catalog) -> Catalog:
    converter = OpenCC("s2tw")
    made = Catalog(locale="zh_Hant_TW", charset="utf-8", fuzzy=False)
    for message in catalogue:
        if not message.id:
            continue
        texts = message.id if isinstance(message.id, tuple | list) else (message.id,)
        converted = [converter.convert(text) for text in texts]
        # Chinese has one plural form: the first text serves it
        made.add(message.id, (converted[0],) if len(texts) > 1 else converted[0], context=message.context)
    return made
