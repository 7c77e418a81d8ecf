"""How everything looks: tokens first, then the parts, in the files beside this one. Colours exist only here.

A deployer entitled to the State's design system changes ``TOKENS`` and nothing else. Each text colour is above
4.5:1 on its ground, each border of a field above 3:1 (a test computes them).
"""

from __future__ import annotations

import hashlib
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
    "note-line": "#c78a12",
    "veil": "rgb(26 28 35 / 45%)",
}
# Text colour and the grounds it stands on: what the contrast test checks at 4.5:1.
PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "ground"), ("ink", "ground-2"), ("ink", "action-tint"), ("ink", "note-ground"),
    ("ink-2", "ground"), ("ink-2", "ground-2"), ("ink-2", "action-tint"), ("ink-2", "note-ground"),
    ("action", "ground"), ("action", "ground-2"), ("action", "action-tint"), ("on-action", "action"),
    ("on-action", "action-strong"), ("sent", "sent-tint"), ("progress", "progress-tint"),
    ("resolved", "resolved-tint"), ("resolved", "ground"), ("late", "late-tint"), ("late", "ground"),
    ("late", "ground-2"), ("late", "action-tint"), ("note", "note-tint"), ("note", "note-ground"),
    ("on-action", "late"),
)  # fmt: skip

_HERE = Path(__file__).parent
_ROOT = ":root {\n" + "".join(f"  --{name}: {value};\n" for name, value in TOKENS.items()) + "}\n"


def _sheet(*names: str) -> str:
    return _ROOT + "\n".join((_HERE / "css" / f"{name}.css").read_text() for name in names)


def _path(name: str, sheet: str) -> str:
    return f"/statique/{hashlib.sha256(sheet.encode()).hexdigest()[:12]}/{name}.css"


PUBLIC_CSS = _sheet("base", "public")
PUBLIC_CSS_PATH = _path("public", PUBLIC_CSS)
APP_CSS = _sheet("base", "frame", "parts", "lists", "thread", "forms", "mandate", "print")
APP_CSS_PATH = _path("app", APP_CSS)
SHEETS: dict[str, str] = {PUBLIC_CSS_PATH: PUBLIC_CSS, APP_CSS_PATH: APP_CSS}
