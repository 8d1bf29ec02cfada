"""Collecting the static files."""

from pathlib import Path

from pytest_django.fixtures import Settings

from jiuzhu.config.static import collect_if_changed


def test_files_are_collected_when_one_has_changed_and_only_then(tmp_path: Path, settings: Settings) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}", encoding="utf-8")
    settings.STATICFILES_DIRS = [str(source)]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    assert collect_if_changed()
    assert not collect_if_changed()
    (source / "b.css").write_text("b{}", encoding="utf-8")
    assert collect_if_changed()
    assert (tmp_path / "collected" / "b.css").exists()
    (source / "a.css").unlink()
    assert collect_if_changed()
    assert not (tmp_path / "collected" / "a.css").exists()
    assert not collect_if_changed()
