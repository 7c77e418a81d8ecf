"""The sheet to print and sign, PDF/UA-1 (ISO 14289-1) on A4: the text as shown, room for place, date and
signature, and what leads back to the mandate (a code to photograph, a reference to read)."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import segno

from app.french import long_date
from app.typesetting import typeset

_SOURCE = Path(__file__).with_name("to_sign.typ")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud and by hand


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


def reference(mandate_id: UUID) -> str:
    """Return what matches a sheet with its mandate, read by a person: 40 bits of a hash, «ABCD-EFGH».

    It opens nothing; it only tells apart the sheets of a structure.
    """
    number = int.from_bytes(hashlib.sha256(mandate_id.bytes).digest()[:5])
    letters = "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(8)))
    return f"{letters[:4]}-{letters[4:]}"


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
