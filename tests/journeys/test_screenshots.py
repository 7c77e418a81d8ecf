"""The main screens look as they are known to look: pictures of reference, at three sizes, with tolerance.

When a change is meant: ``uv run python -m tests.references``, look at the pictures, keep them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.browser import ROOT
from tests.references import compare
from tests.references.screens import PICTURES, SCREENS, SIZES, painter, pictures, prepared, said

SHOTS = ROOT / "tests" / "shots"  # not kept: what was seen, when it is not what was expected


@pytest.mark.browser
def test_the_main_screens_look_as_they_are_known(tmp_path: Path) -> None:
    wrong = []
    with prepared(tmp_path) as made, painter() as browser:
        for name, png in pictures(browser, made):
            known = PICTURES / f"{name}.png"
            actual = compare.read(png)
            tiles = compare.differing(compare.read(known.read_bytes()), actual) if known.exists() else [(0, 0)]
            if tiles:
                SHOTS.mkdir(exist_ok=True)
                actual.save(SHOTS / f"{name}.png")
                compare.marked(actual, tiles).save(SHOTS / f"{name}-apart.png")
                wrong.append(f"{name}: {len(tiles)} tiles, see {said(SHOTS / name)}-apart.png")
    assert not wrong, "\n".join(["", *wrong, "If it is meant: uv run python -m tests.references"])


def test_every_screen_has_its_pictures_and_no_other() -> None:
    expected = {f"{screen.name}-{size}.png" for screen in SCREENS for size in SIZES}
    assert {path.name for path in PICTURES.glob("*.png")} == expected
    assert sum(path.stat().st_size for path in PICTURES.glob("*.png")) < 1_500_000


def _screen(button: int = 900, colour: str = "#1c4ba0", tint: str = "#f6f7f9", text: float = 0) -> Image.Image:
    """Draw something like a screen: a soft ground, lines like words, a button."""
    large = Image.new("RGB", (2880, 1800), "#ffffff")
    draw = ImageDraw.Draw(large)
    draw.rectangle((0, 0, 600, 1800), fill=tint)
    for y in range(100, 1700, 44):
        for x in range(700, 2400, 22):
            draw.line((x + text, y, x + 8 + text, y + 16), fill="#1a1c23", width=3)
    draw.rounded_rectangle((button * 2, 1640, button * 2 + 240, 1720), 12, fill=colour)
    return large.resize((1440, 900), Image.Resampling.LANCZOS)


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({}, False),
        ({"text": 0.6}, False),  # a third of a pixel: letters drawn by another version
        ({"button": 908}, True),
        ({"colour": "#a8261d"}, True),
        ({"tint": "#eceef2"}, True),
    ],
)
def test_what_moves_or_changes_colour_is_seen_and_smoothing_is_not(
    change: dict[str, float | str], differs: bool
) -> None:
    """A test of the test: its tolerance is neither blind nor nervous."""
    other = _screen(**change)  # type: ignore[arg-type]
    assert bool(compare.differing(_screen(), other)) is differs
