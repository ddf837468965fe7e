"""Contrast of the palette in both themes, computed from the style sheets, and the size of what public readers load."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CSS = ROOT / "static" / "css"
BUILD = ROOT / "static" / "build"

TEXT = [  # (text, ground): 4.5 : 1, WCAG 2.2 1.4.3
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "surface-2"),
    ("ink-2", "ground"),
    ("ink-2", "surface"),
    ("ink-2", "surface-2"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("accent", "surface-2"),
    ("accent", "accent-soft"),
    ("accent-hover", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("late", "surface"),
    ("late", "ground"),
    ("late", "late-soft"),
    ("on-late", "late"),
    ("ink", "late-soft"),
    ("ink-2", "late-soft"),
    ("soon", "surface"),
    ("soon", "ground"),
    ("soon", "soon-soft"),
    ("ink", "soon-soft"),
    ("good", "surface"),
    ("good", "ground"),
    ("good", "good-soft"),
    ("surface", "ink"),
]
EDGES = [("line-strong", "surface"), ("accent", "surface"), ("late", "surface")]  # 3 : 1, WCAG 2.2 1.4.11
STATUS_WORDS = ("ink", "ink-2", "accent", "bad", "warn", "good")
STATUS_TEXT = [(text, ground) for text in STATUS_WORDS for ground in ("ground", "surface")]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", block))


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def themes() -> dict[str, dict[str, str]]:
    source = (CSS / "tokens.css").read_text()
    light, dark = source.split('[data-bs-theme="dark"] {', 1)
    return {"light": colours(light), "dark": colours(dark.split("}", 1)[0])}


def status_themes() -> dict[str, dict[str, str]]:
    source = (CSS / "status.css").read_text()
    light, dark = source.split("prefers-color-scheme: dark", 1)
    return {"light": colours(light), "dark": colours(dark.split("}", 1)[0])}


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(theme: str) -> None:
    palette = themes()[theme]
    weak = {(text, ground): round(contrast(palette[text], palette[ground]), 2) for text, ground in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_controls_can_be_seen(theme: str) -> None:
    palette = themes()[theme]
    weak = {(edge, ground): round(contrast(palette[edge], palette[ground]), 2) for edge, ground in EDGES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_public_pages_keep_the_contrast(theme: str) -> None:
    palette = status_themes()[theme]
    weak = {(text, ground): round(contrast(palette[text], palette[ground]), 2) for text, ground in STATUS_TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    assert contrast(palette["ground"], palette["accent"]) >= 4.5


def test_public_pages_load_little() -> None:
    if not (BUILD / "status.css").is_file():
        pytest.fail("static/build is missing: run `npm run build`")
    assert (BUILD / "status.css").stat().st_size <= 12_000
    assert (BUILD / "status.js").stat().st_size <= 3_000


def test_no_style_sheet_loads_anything_from_elsewhere() -> None:
    for path in BUILD.glob("*.css"):
        assert re.findall(r"url\((?!\s*[\"']?data:)[^)]*\)|@import", path.read_text()) == [], path
