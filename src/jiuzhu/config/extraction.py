"""Collecting the texts of the program into message catalogues, in pure Python (no GNU gettext needed).

Each Django app of ours keeps its own catalogue `locale/<language>/LC_MESSAGES/django.po`; source texts are Chinese.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGES = ("en",)
_KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A text without a finished translation."""

    catalogue: Path
    text: str
    fault: str


def catalogued_folders() -> list[Path]:
    """The folders of our apps: the package itself never holds texts outside them."""
    apps = sorted(path.parent for path in PACKAGE.rglob("apps.py"))
    return [*apps, PACKAGE / "config"]


def template_of(folder: Path) -> Catalog:
    """All texts of one app, with their places."""
    catalog = Catalog(charset="utf-8", project="jiuzhu", fuzzy=False)
    for file, line, message, context, comments in sorted(_texts(folder), key=lambda found: (str(found[0]), found[1])):
        # Django collapses nothing in messages of templates, so neither do we
        catalog.add(
            message, None, [(file.relative_to(PACKAGE).as_posix(), line)], auto_comments=comments, context=context
        )
    return catalog


def _texts(folder: Path) -> Iterator[tuple[Path, int, str | tuple[str, ...], str | None, list[str]]]:
    inner = {path.parent for path in folder.rglob("apps.py")} - {folder}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or inner & set(path.parents):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if "templates" not in path.parts:
                continue
            text = templatize(text, origin=str(path))
        for line, message, comments, context in extract(
            "python",
            BytesIO(text.encode()),
            keywords=_KEYWORDS,
            comment_tags=("Translators:",),
            options={"encoding": "utf-8"},
        ):
            yield path, line, message, context, list(comments)


def catalogue_path(folder: Path, language: str) -> Path:
    """Where the catalogue of an app lies."""
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def collect() -> list[Path]:
    """Bring every catalogue up to date with the texts; translations stay, unused ones go. Returns what changed."""
    changed = []
    for folder in catalogued_folders():
        template = template_of(folder)
        for language in LANGUAGES:
            path = catalogue_path(folder, language)
            if not len(template) and not path.exists():
                continue
            catalog = _read(path, language)
            catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
            catalog.obsolete.clear()
            written = BytesIO()
            write_po(written, catalog, omit_header=False, sort_output=True, no_location=True, width=0)
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != written.getvalue():
                path.write_bytes(written.getvalue())
                changed.append(path)
    return changed


def gaps() -> list[Gap]:
    """Every text that a language lacks or leaves fuzzy, and every catalogue entry that no text uses."""
    found = []
    for folder in catalogued_folders():
        template = template_of(folder)
        for language in LANGUAGES:
            path = catalogue_path(folder, language)
            catalog = _read(path, language)
            for message in template:
                if not message.id:
                    continue
                translated = catalog.get(message.id, message.context)
                if (
                    translated is None
                    or not translated.string
                    or (isinstance(translated.string, tuple | list) and not all(translated.string))
                ):
                    found.append(Gap(path, str(message.id), "missing"))
                elif translated.fuzzy:
                    found.append(Gap(path, str(message.id), "fuzzy"))
                elif list(translated.check()):
                    found.append(Gap(path, str(message.id), "placeholders differ"))
            found.extend(
                Gap(path, str(message.id), "unused")
                for message in catalog
                if message.id and template.get(message.id, message.context) is None
            )
    return found


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", project="jiuzhu", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")
