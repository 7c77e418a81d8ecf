"""Colours exist in one place, and every text of the service can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.config import Settings
from app.errors import NotFound
from pages.demonstration import components
from pages.shell import design

ROOT = Path(design.__file__).parents[2]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|:\s*(?:white|black|red|blue|green)\b")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


SCHEMES = {"light": design.TOKENS, "dark": design.DARK}


def contrast(scheme: str, one: str, other: str) -> float:
    """Contrast ratio of two tokens (WCAG 2.2)."""
    tokens = SCHEMES[scheme]
    light, dark = sorted((luminance(tokens[one]), luminance(tokens[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("pair", design.PAIRS, ids="-on-".join)
def test_text_can_be_read(pair: tuple[str, str], scheme: str) -> None:
    assert contrast(scheme, *pair) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("pair", design.EDGES, ids="-on-".join)
def test_borders_of_fields_and_the_focus_can_be_seen(pair: tuple[str, str], scheme: str) -> None:
    assert contrast(scheme, *pair) >= 3


def test_the_dark_has_every_colour() -> None:
    assert design.DARK.keys() == design.TOKENS.keys()


def test_every_state_is_a_pair_that_is_checked() -> None:
    """A text colour on its own tint: whoever adds a state has its contrast computed."""
    tints = {name.removesuffix("-tint") for name in design.TOKENS if name.endswith("-tint")}
    assert {(name, f"{name}-tint") for name in tints} <= set(design.PAIRS)


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
    """What a script sets (widths of panes) is used with a fallback, and is no token."""
    css = "".join(path.read_text() for path in (ROOT / "pages/shell/css").glob("*.css"))
    given = "".join(design.SCALE.values())
    used = set(re.findall(r"var\(--([\w-]+)\)", css + given))
    tokens = set(design.TOKENS | design.SCALE)
    own = set(re.findall(r"--([\w-]+):", css)) - tokens
    assert used - own == tokens


def test_what_is_decided_once_is_not_written_again() -> None:
    """Radii, sizes of text and thin lines are the tokens', in every sheet."""
    said = {"radius": "border-radius: {};", "size": "font-size: {};", "edge": ": {};"}
    written = {
        pattern.format(value)
        for name, value in design.SCALE.items()
        if (pattern := said.get(name.split("-")[0]))
    }
    found = [
        f"{path.name}: {again}"
        for path in (ROOT / "pages/shell/css").glob("*.css")
        for again in written
        if again in path.read_text()
    ]
    assert found == []


def test_every_sheet_is_served() -> None:
    sheets = "".join(design.SHEETS.values())
    folder = ROOT / "pages/shell/css"
    assert [path.name for path in folder.glob("*.css") if path.read_text() not in sheets] == []


def test_states_are_shown_at_rest_by_their_own_rules() -> None:
    rule = ".button.danger:is(:hover, :active) {"
    assert rule in design.APP_CSS
    assert ".as-hover" not in design.APP_CSS
    assert ".as-hover" in design.HELD_CSS
    assert rule not in design.HELD_CSS


async def test_the_components_are_shown_in_the_demonstration_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "settings", lambda: Settings(demo=False))
    with pytest.raises(NotFound):
        await components.components(NotImplemented)


def test_a_sheet_s_address_changes_with_it() -> None:
    assert all(path.count("/") == 3 for path in design.SHEETS)
    assert len({path.split("/")[2] for path in design.SHEETS}) == len(design.SHEETS)
