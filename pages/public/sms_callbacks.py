"""Where providers of SMS tell what came back. No session and no origin: each call proves itself (``app.sms``).

200 once it is kept; 400 what holds no SMS; 403 what is forged; 404 for another provider; 503 to be told again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import incoming_sms
from app.errors import Invalid, NotFound
from app.sms.driver import Callback, Forged, Malformed, Unavailable

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

_MAX_FIELDS = 50
# A provider is asked back before it is believed: who calls must not take the threads of people at work.
_desk = ThreadPoolExecutor(2, thread_name_prefix="sms-callback")
_MOST_WAITING = 20
_waiting: set[int] = set()
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (Forged, 403), (Malformed, 400), (Invalid, 400), (NotFound, 404), (Unavailable, 503),
)  # fmt: skip


@router.api_route("/api/sms/{provider}", methods=["GET", "POST"])
async def called(request: Request, provider: str) -> Response:
    """Take one call."""
    try:
        fields = _fields(await request.body(), request.headers.get("content-type", ""))
    except (ValueError, RecursionError):
        return Response(status_code=400)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    callback = Callback(dict(request.query_params), fields, token.strip() if kind.lower() == "bearer" else "")
    # Counted once the body is there: before, whoever sends it slowly would keep the others out.
    if len(_waiting) >= _MOST_WAITING:
        return Response(status_code=503, headers={"Retry-After": "60"})
    _waiting.add(id(callback))
    try:
        await asyncio.get_running_loop().run_in_executor(_desk, incoming_sms.receive, provider, callback)
    except tuple(kind for kind, _ in _STATUS) as refusal:
        status = next(status for kind, status in _STATUS if isinstance(refusal, kind))
        log.info("a call for an SMS was answered %d", status)
        return Response(status_code=status)
    finally:
        _waiting.discard(id(callback))
    return Response(status_code=200)


def _fields(body: bytes, media_type: str) -> dict[str, Any]:
    """Return the fields of a form or of a JSON object; anything else is a ``ValueError``."""
    if not body.strip():
        return {}
    if media_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError
    return found
