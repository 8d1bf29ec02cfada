"""The stylesheet: readable in light and dark, small, in layers, and every value it uses exists."""

import gzip
import re
from pathlib import Path

import pytest

import jiuzhu.channels.kit

STYLES = Path(jiuzhu.channels.kit.__file__).parent / "static" / "kit" / "css"
FILES = sorted(STYLES.glob("*.css"))
LAYERS = ("reset", "tokens", "base", "layout", "components", "density", "utilities", "print")

# what stands on what, as text
TEXT_PAIRS = [
    (text, ground)
    for ground in ("paper", "surface", "sunken")
    for text in ("ink", "ink-soft", "link", "accent", "accent-strong", "danger")
] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "accent-soft"),
    ("accent-strong", "accent-soft"),
    *[(f"{kind}", f"{kind}-soft") for kind in ("success", "warning", "danger", "info")],
    *[("ink", f"{kind}-soft") for kind in ("success", "warning", "danger", "info")],
    *[("link", f"{kind}-soft") for kind in ("success", "warning", "danger", "info")],
    ("surface", "danger"),
]
# edges of inputs and the focus ring, which must be seen but not read
EDGE_PAIRS = [
    (edge, ground) for ground in ("paper", "surface", "sunken") for edge in ("line-strong", "focus", "accent")
]


def _source() -> str:
    return re.sub(r"/\*.*?\*/", "", (STYLES / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)


def _block(selector: str) -> dict[str, str]:
    found = re.search(re.escape(selector) + r"\s*\{(.*?)\}", _source(), re.DOTALL)
    assert found is not None, selector
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", found.group(1)))


THEMES = {
    "light": _block(":root"),
    "dark": _block(':root[data-theme="dark"]'),
}


def _luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2 for two colours #rrggbb."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_the_standard_counts_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(theme: str, text: str, ground: str) -> None:
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_and_focus_can_be_seen_on_their_ground(theme: str, edge: str, ground: str) -> None:
    assert contrast(THEMES[theme][edge], THEMES[theme][ground]) >= 3


def test_dark_by_choice_and_dark_by_preference_are_the_same() -> None:
    assert _block(':root:not([data-theme="light"])') == THEMES["dark"]


def test_dark_names_every_colour_of_light() -> None:
    colours = {name for name, value in THEMES["light"].items() if value.startswith("#") or "rgb(" in value}
    assert colours == set(THEMES["dark"])


def test_every_value_used_is_defined() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in FILES)
    used = set(re.findall(r"var\(--([\w-]+)", text))
    defined = set(re.findall(r"--([\w-]+):", text))
    assert used - defined == set()
    assert defined - used == set(), "values that nothing uses"


def test_colours_stand_only_among_the_tokens() -> None:
    for file in FILES:
        if file.name not in {"tokens.css", "print.css"}:
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(", file.read_text(encoding="utf-8")), file.name


def test_the_whole_stylesheet_is_small() -> None:
    assert sum(len(gzip.compress(file.read_bytes())) for file in FILES) <= 25 * 1024


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_is_short_and_keeps_to_the_layers(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    layers = re.findall(r"@layer ([\w-]+) \{", text)
    assert layers
    assert set(layers) <= set(LAYERS)
    assert text.count("{") == text.count("}")


def test_the_order_of_the_layers_is_declared_first() -> None:
    assert _source().lstrip().startswith(f"@layer {', '.join(LAYERS)};")


def test_the_page_links_every_file_and_tokens_first() -> None:
    document = (STYLES.parents[2] / "templates" / "kit" / "document.html").read_text(encoding="utf-8")
    linked = re.findall(r"kit/css/([\w-]+\.css)", document)
    assert linked[0] == "tokens.css"
    assert sorted(linked) == [file.name for file in FILES]
