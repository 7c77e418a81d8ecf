"""Colours exist in one place, and every text of the service can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pages.shell import design

ROOT = Path(design.__file__).parents[2]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|:\s*(?:white|black|red|blue|green)\b")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two tokens (WCAG 2.2)."""
    light, dark = sorted((luminance(design.TOKENS[one]), luminance(design.TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("pair", design.PAIRS, ids="-on-".join)
def test_text_can_be_read(pair: tuple[str, str]) -> None:
    assert contrast(*pair) >= 4.5


@pytest.mark.parametrize("ground", ["ground", "ground-2"])
def test_the_border_of_a_field_can_be_seen(ground: str) -> None:
    assert contrast("field-line", ground) >= 3


def test_colours_stand_in_the_tokens_only() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "pages").rglob("*")
        if path.suffix in (".py", ".css", ".js") and path.name != "design.py"
        for line in path.read_text().splitlines()
        if COLOUR.search(line)
    ]
    assert found == []


def test_every_token_used_exists_and_every_one_is_used() -> None:
    css = "".join(path.read_text() for path in (ROOT / "pages/shell/css").glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)\)", css))
    assert used == set(design.TOKENS)


def test_a_sheet_s_address_changes_with_it() -> None:
    assert all(path.count("/") == 3 for path in design.SHEETS)
    assert len({path.split("/")[2] for path in design.SHEETS}) == len(design.SHEETS)
