"""Texts made into PDF: the one room that sets type. What people typed is data, never markup.

A document is a ``.typ`` file of ours that reads ``sys.inputs.said``, JSON: nothing of it is evaluated. Only the
fonts of the package are used, so that the same words give the same bytes everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

Standard = Literal["a-2a", "ua-1"]
_LAST_LATIN = 0x24F
_PUNCTUATION = range(0x2010, 0x2040)
# Thousands of characters that no font of the package has: asking for each would take minutes.
_NEVER = (range(0x2E80, 0xA4D0), range(0xAC00, 0xD800), range(0xE000, 0xFB00), range(0x20000, 0xE0000))
_TRIAL = b'#set document(title: "?")\n#set text(lang: "fr", font: "Libertinus Serif")\n#par(sys.inputs.said)'


def typeset(
    source: Path,
    said: dict[str, Any],
    *,
    standards: Iterable[Standard],
    at: datetime,
    drawn: Collection[str] = (),
) -> bytes:
    """Return a document as PDF, dated ``at``. ``drawn`` names what is no text but a picture (SVG).

    PDF/UA and PDF/A refuse a character that no font can draw (an emoji): it is then named by its code point.
    """
    content = source.read_bytes()
    try:
        return _compiled(content, said, standards, at)
    except typst.TypstError:
        missing = _missing(frozenset().union(*_texts(said, drawn)))
        return _compiled(content, _named(said, missing, drawn), standards, at)


def _compiled(content: bytes, said: Any, standards: Iterable[Standard], at: datetime) -> bytes:
    pdf = typst.compile(
        content, format="pdf", font_paths=_fonts(), ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)}, pdf_standards=[*standards],
        timestamp=int(at.timestamp()),
    )  # fmt: skip
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _texts(value: Any, drawn: Collection[str]) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in drawn:
                yield from _texts(one, drawn)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, drawn)


def _missing(characters: frozenset[str]) -> frozenset[str]:
    """Return those of these characters that cannot be drawn."""
    rare = [one for one in sorted(characters) if not _is_plain(ord(one))]
    never = {one for one in rare if any(ord(one) in block for block in _NEVER)}
    return frozenset(never | set(_not_drawn("".join(one for one in rare if one not in never))))


def _is_plain(code: int) -> bool:
    return 0x20 <= code <= _LAST_LATIN or code in _PUNCTUATION or code in (0x9, 0xA)


def _not_drawn(characters: str) -> str:
    """Ask for all of them at once, and halve what is refused."""
    if not characters or _is_drawn(characters):
        return ""
    if len(characters) == 1:
        return characters
    half = len(characters) // 2
    return _not_drawn(characters[:half]) + _not_drawn(characters[half:])


@lru_cache(maxsize=4_000)
def _is_drawn(characters: str) -> bool:
    try:
        typst.compile(
            _TRIAL, format="pdf", font_paths=_fonts(), ignore_system_fonts=True,
            sys_inputs={"said": characters}, pdf_standards=["ua-1"], timestamp=0,
        )  # fmt: skip
    except typst.TypstError:
        return False
    return True


def _named(value: Any, missing: frozenset[str], drawn: Collection[str]) -> Any:
    if isinstance(value, str):
        return "".join(f"[U+{ord(one):04X}]" if one in missing else one for one in value)
    if isinstance(value, dict):
        return {key: one if key in drawn else _named(one, missing, drawn) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_named(one, missing, drawn) for one in value]
    return value
