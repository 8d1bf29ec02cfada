"""English is complete: no text without translation, no fuzzy one, none left over."""

from jiuzhu.config import extraction


def test_every_text_has_a_finished_english_translation() -> None:
    found = [f"{gap.catalogue.relative_to(extraction.PACKAGE)}: {gap.fault}: {gap.text}" for gap in extraction.gaps()]
    assert found == []
