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
    traditional = source.parents[2] / "zh_Hant" / "LC_MESSAGES" / "django.mo"
    assert compile_catalogues(tmp_path) == [compiled, traditional]
    assert translated(compiled, "低保") == "subsistence allowance"
    assert compile_catalogues(tmp_path) == []
    catalogue(tmp_path, 'msgid "低保"\nmsgstr "dibao"\n')
    later = compiled.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path) == [compiled, traditional]
    assert translated(compiled, "低保") == "dibao"
    assert [file.name for file in compiled.parent.glob("*.mo")] == ["django.mo"]


def test_traditional_chinese_follows_from_the_simplified_text(tmp_path: Path) -> None:
    plural = '\nmsgid "%(n)s 户"\nmsgid_plural "%(n)s 户"\nmsgstr[0] "%(n)s household"\nmsgstr[1] "%(n)s households"\n'
    source = catalogue(tmp_path, f'msgid "低保边缘家庭"\nmsgstr "near-poor family"\n{plural}')
    compile_catalogues(tmp_path)
    compiled = source.parents[2] / "zh_Hant" / "LC_MESSAGES" / "django.mo"
    assert translated(compiled, "低保边缘家庭") == "低保邊緣家庭"
    with compiled.open("rb") as content:
        assert gettext.GNUTranslations(content).ngettext("%(n)s 户", "%(n)s 户", 2) == "%(n)s 戶"


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
