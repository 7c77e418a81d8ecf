"""A case as a PDF that all can read: PDF/UA-1 (ISO 14289-1), on A4."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from app.case_paper.sheet import Sheet
from app.typesetting import typeset

_SOURCE = Path(__file__).with_name("sheet.typ")


def render(sheet: Sheet) -> bytes:
    """Return the sheet as PDF. It takes as long as the thread is: in no transaction."""
    said = asdict(sheet) | {"title": sheet.title}
    del said["printed_at"]
    return typeset(_SOURCE, said, standards=["ua-1"], at=sheet.printed_at)
