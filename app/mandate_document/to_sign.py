"""The sheet to print and sign, PDF/UA-1 (ISO 14289-1) on A4: the text as shown, room for place, date and
signature, and what leads back to the mandate (a code to photograph, a reference to read)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import segno

from app.french import long_date
from app.references import reference
from app.typesetting import typeset

_SOURCE = Path(__file__).with_name("to_sign.typ")


@dataclass(frozen=True)
class Sheet:
    """What the sheet says; ``address`` is where its photographs go, ``capacities`` what one may sign as."""

    mandate_id: UUID
    holder: str
    structure: str
    plain: tuple[str, ...]
    full: tuple[str, ...]
    shown_sha256: str
    presented_at: datetime
    address: str
    capacities: tuple[str, ...]


def render(sheet: Sheet) -> bytes:
    """Return the sheet as PDF; the same sheet gives the same bytes."""
    content = {
        "holder": sheet.holder, "structure": sheet.structure, "plain": sheet.plain, "full": sheet.full,
        "reference": reference(sheet.mandate_id), "presented": long_date(sheet.presented_at),
        "shown": sheet.shown_sha256, "code": _code(sheet.address), "capacities": sheet.capacities,
    }  # fmt: skip
    return typeset(_SOURCE, content, standards=["ua-1"], at=sheet.presented_at, drawn=("code",))


def _code(address: str) -> str:
    written = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        written, kind="svg", border=4, xmldecl=False, light="#ffffff", dark="#000000"
    )
    return written.getvalue().decode()
