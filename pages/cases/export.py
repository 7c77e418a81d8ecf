"""A list as a file over HTTP: ``GET /demandes/export/{key}``.

What a list is narrowed by may name an usager, so that it never stands in an address: the screen leaves it here
under a key, which serves once, within a minute, to the session it was given to. Rights are asked again then.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from app import exports
from app.deadlines import PARIS
from app.errors import Refusal
from app.queries.lists import Filter
from app.spreadsheets import FileKind, written
from app.work import BySession
from pages.shell.action import act, on_pictures

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
_SECONDS = 60.0
_MOST = 1_000  # keys at once: beyond, the oldest go
_SPENT = "Ce fichier n’est plus disponible. Revenez à la liste et exportez-la à nouveau."


@dataclass(frozen=True)
class _Asked:
    caller: BySession
    shown: Filter
    kind: FileKind
    until: float


_asked: dict[str, _Asked] = {}


def address_of(caller: BySession, shown: Filter, kind: FileKind) -> str:
    """Leave what is to be exported, and return the address that gives it, once."""
    now = monotonic()
    for key in [key for key, asked in _asked.items() if asked.until < now][:_MOST]:
        del _asked[key]
    if len(_asked) >= _MOST:
        del _asked[next(iter(_asked))]
    key = secrets.token_urlsafe(24)
    _asked[key] = _Asked(caller, shown, kind, now + _SECONDS)
    return f"/demandes/export/{key}"


def mount(app: FastAPI) -> None:
    """Add the route of exports to the application."""

    async def export(request: Request) -> Response:
        session_id = getattr(request.state, "session_id", None)
        asked = _asked.get(request.path_params["key"])
        if asked is None or asked.caller.session_id != session_id or asked.until < monotonic():
            return PlainTextResponse(_SPENT, 404, _HEADERS)
        del _asked[request.path_params["key"]]
        try:
            table = await act(asked.caller, exports.table, asked.shown, asked.kind)
        except Refusal as refusal:
            return PlainTextResponse(refusal.sentence, 403, _HEADERS)
        content = await on_pictures(written, table, asked.kind)
        name = f"demandes-{datetime.now(UTC).astimezone(PARIS):%Y-%m-%d}.{asked.kind}"
        headers = _HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=asked.kind.media_type, headers=headers)

    app.add_api_route("/demandes/export/{key}", export, methods=["GET"], include_in_schema=False)
