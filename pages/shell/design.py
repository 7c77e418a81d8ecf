"""How everything looks: tokens first, then the parts, in the files beside this one. Colours exist only here.

A deployer entitled to the State's design system changes ``TOKENS``, ``DARK`` and ``SCALE`` and nothing else. In
both schemes each text colour is above 4.5:1 on its grounds, each border of a field above 3:1 (a test computes
them). ``/demonstration/composants`` shows every part made of them, in every state.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

TOKENS: dict[str, str] = {
    "ink": "#1a1c23",
    "ink-2": "#565b69",
    "line": "#dfe2e8",
    "line-2": "#eceef2",
    "ground": "#ffffff",
    "ground-2": "#f6f7f9",
    "field-line": "#80869a",
    "action": "#1c4ba0",
    "action-strong": "#153a7e",
    "action-tint": "#e9f0fb",
    "on-action": "#ffffff",
    "sent": "#4a5161",
    "sent-tint": "#eef0f4",
    "progress": "#1c4ba0",
    "progress-tint": "#e6effb",
    "resolved": "#17663a",
    "resolved-tint": "#e3f3e9",
    "late": "#a8261d",
    "late-tint": "#fcebe9",
    "note": "#6a4a09",
    "note-tint": "#fdf3dc",
    "note-ground": "#fef9ed",
    "note-line": "#bd8210",
    "paper": "#ffffff",
    "veil": "rgb(26 28 35 / 45%)",
}
# The same names in the dark. What is filled with the action's colour is light there, its words dark.
DARK: dict[str, str] = {
    "ink": "#eceef3",
    "ink-2": "#b3b9c7",
    "line": "#383d49",
    "line-2": "#2a2e38",
    "ground": "#15171c",
    "ground-2": "#1d2027",
    "field-line": "#7f879a",
    "action": "#9fbff8",
    "action-strong": "#c3d7fb",
    "action-tint": "#1f2c47",
    "on-action": "#0e1a31",
    "sent": "#c3c9d6",
    "sent-tint": "#2b303b",
    "progress": "#9fbff8",
    "progress-tint": "#1f2d49",
    "resolved": "#86d8a8",
    "resolved-tint": "#163124",
    "late": "#ffa89f",
    "late-tint": "#401d1a",
    "note": "#f0c878",
    "note-tint": "#3a2d11",
    "note-ground": "#252015",
    "note-line": "#b98b2e",
    "paper": "#ffffff",  # a signature is an image drawn in black
    "veil": "rgb(0 0 0 / 60%)",
}
# What is decided once and is no colour. Spaces stand on a grid of 8 px (4 inside small parts).
SCALE: dict[str, str] = {
    # The reader's own. Known names first: «system-ui» is a wide fallback on a bare Linux. Not Roboto: NiceGUI
    # holds it as a web font, which would be fetched, and the text drawn twice.
    "font": '"Segoe UI", -apple-system, BlinkMacSystemFont, Inter, "Noto Sans", "Liberation Sans", system-ui, '
    "sans-serif",
    "size-tiny": "0.75rem",
    "size-state": "0.8125rem",
    "size-meta": "0.875rem",
    "size-small": "0.9375rem",
    "size-lead": "1.125rem",
    "size-title": "1.375rem",
    "size-page": "1.75rem",
    "space-1": "4px",
    "space-2": "8px",
    "space-3": "12px",
    "space-4": "16px",
    "space-5": "24px",
    "space-6": "32px",
    "radius-1": "4px",
    "radius-2": "6px",
    "radius-3": "8px",
    "edge": "1px solid var(--line)",
    "edge-2": "1px solid var(--line-2)",
    "focus": "3px solid var(--action)",
}
# Text colour and the grounds it stands on: what the contrast test checks at 4.5:1, in both schemes.
PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "ground"), ("ink", "ground-2"), ("ink", "line-2"), ("ink", "action-tint"), ("ink", "note-ground"),
    ("ink", "note-tint"), ("ink-2", "ground"), ("ink-2", "ground-2"), ("ink-2", "action-tint"),
    ("ink-2", "note-ground"), ("action", "ground"), ("action", "ground-2"), ("action", "action-tint"),
    ("action", "note-ground"),
    ("action-strong", "ground"), ("on-action", "action"), ("on-action", "action-strong"), ("sent", "sent-tint"),
    ("sent", "ground"), ("progress", "progress-tint"), ("progress", "ground"), ("resolved", "resolved-tint"),
    ("resolved", "ground"), ("late", "late-tint"), ("late", "ground"), ("late", "ground-2"),
    ("late", "action-tint"), ("note", "note-tint"), ("note", "note-ground"), ("note", "ground"),
    ("on-action", "late"),
)  # fmt: skip
# What must be seen without being read, at 3:1: borders of fields, the focus, marks.
EDGES: tuple[tuple[str, str], ...] = (
    ("field-line", "ground"), ("field-line", "ground-2"), ("action", "ground"), ("action", "ground-2"),
    ("action", "action-tint"), ("late", "ground"), ("note-line", "ground"),
)  # fmt: skip

_HERE = Path(__file__).parent


def _rule(selector: str, values: dict[str, str], scheme: str) -> str:
    named = "".join(f" --{name}: {value};" for name, value in values.items())
    return f"{selector} {{ color-scheme: {scheme};{named} }}\n"


# Dark where the person's account says so, or where the device prefers it and the account leaves it the choice.
# ``:where`` weighs nothing, so that the sheets below may still change a token (more contrast). Paper is light.
_ROOT = (
    _rule(":root", TOKENS | SCALE, "light")
    + "@media screen {\n"
    + _rule(':root:where([data-appearance="dark"])', DARK, "dark")
    + "}\n@media screen and (prefers-color-scheme: dark) {\n"
    + _rule(':root:where(:not([data-appearance="light"]))', DARK, "dark")
    + "}\n"
)


def _sheet(*names: str) -> str:
    return _ROOT + "\n".join((_HERE / "css" / f"{name}.css").read_text() for name in names)


def _path(name: str, sheet: str) -> str:
    return f"/statique/{hashlib.sha256(sheet.encode()).hexdigest()[:12]}/{name}.css"


PUBLIC_CSS = _sheet("base", "public", "adapt")
PUBLIC_CSS_PATH = _path("public", PUBLIC_CSS)
SHEET_CSS = _sheet("base", "case_sheet", "adapt")
SHEET_CSS_PATH = _path("case_sheet", SHEET_CSS)
APP_CSS = _sheet(
    "base", "frame", "parts", "waiting", "lists", "narrowing", "thread", "live", "composer", "keys", "panes",
    "forms", "notices", "mandate", "paper", "trial_box", "admin", "adapt", "print",
)  # fmt: skip
APP_CSS_PATH = _path("app", APP_CSS)


def _held(sheet: str) -> str:
    """Return a sheet whose rules for hover, press and focus hold for classes too: states shown at rest."""
    held = r":is(:\1, .as-\1, :where(.field-as-\1) :is(input, textarea, select))"
    return re.sub(r":(hover|active|focus-visible)\b", held, sheet)


HELD_CSS = _held(APP_CSS) + (_HERE / "css" / "demonstration.css").read_text()
HELD_CSS_PATH = _path("demonstration", HELD_CSS)
SHEETS: dict[str, str] = {
    PUBLIC_CSS_PATH: PUBLIC_CSS, SHEET_CSS_PATH: SHEET_CSS, APP_CSS_PATH: APP_CSS, HELD_CSS_PATH: HELD_CSS,
}  # fmt: skip
