"""Compiling the message catalogues."""

import gettext
import os
from pathlib import Path

import pytest

from jiuzhu.config.messages import PACKAGE, compile_catalogues

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: en\\n"\n\n'


def catalogue(folder: Path, text: str) -> Path:
    source = folder / "rooms" / "registry" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(HEADER + text, encoding="utf-8")
    return source


def translated(compiled: Path, text: str) -> str:
    with compiled.open("rb") as content:
        return gettext.GNUTranslations(content).gettext(text)


def test_a_catalogue_is_compiled_beside_itself_and_only_when_it_is_newer(tmp_path: Path) -> None:
    source = catalogue(tmp_path, 'msgid "低保"\nmsgstr "subsistence allowance"\n')
    compiled = source.with_suffix(".mo")
    assert compile_catalogues(tmp_path) == [compiled]
    assert translated(compiled, "低保") == "subsistence allowance"
    assert compile_catalogues(tmp_path) == []
    catalogue(tmp_path, 'msgid "低保"\nmsgstr "dibao"\n')
    later = compiled.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path) == [compiled]
    assert translated(compiled, "低保") == "dibao"
    assert [file.name for file in compiled.parent.glob("*.mo")] == ["django.mo"]


def test_an_unfinished_translation_falls_back_to_the_chinese_text(tmp_path: Path) -> None:
    source = catalogue(tmp_path, '#, fuzzy\nmsgid "低保"\nmsgstr "guess"\n\nmsgid "特困"\nmsgstr ""\n')
    compile_catalogues(tmp_path)
    assert translated(source.with_suffix(".mo"), "低保") == "低保"
    assert translated(source.with_suffix(".mo"), "特困") == "特困"


def test_a_broken_catalogue_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    source = catalogue(tmp_path, "nonsense\n")
    with pytest.raises(ValueError, match=r"django\.po"):
        compile_catalogues(tmp_path)
    assert list(source.parent.iterdir()) == [source]


def test_every_catalogue_of_the_program_compiles() -> None:
    compile_catalogues()
    for source in PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"):
        assert source.with_suffix(".mo").exists(), source
