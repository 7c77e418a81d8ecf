"""What is downloaded of a mandate: its document, and the evidence that goes with it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from fastapi import Response

from app.errors import Refusal
from app.mandate_papers import Paper
from app.work import BySession, Work
from pages.shell.action import act


async def download(caller: BySession, paper: Callable[[Work, UUID], Paper], mandate_id: str) -> Response:
    """Return a paper as a file to keep, to who may have it; else 404. Each download is journaled."""
    try:
        found = await act(caller, paper, UUID(mandate_id))
    except (ValueError, Refusal):
        return Response(status_code=404)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }  # fmt: skip
    return Response(found.content, media_type=found.media_type, headers=headers)
