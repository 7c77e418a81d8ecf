"""Files over HTTP: one file a request, streamed both ways, never whole in memory.

``POST /demandes/{case_id}/fichiers`` takes the bytes of one file as its body and its name in ``X-Nom``
(percent-encoded UTF-8), and answers 201 ``{"id", "name", "size"}``. ``DELETE /pieces/{id}`` takes back a
file not sent yet, ``GET /pieces/{id}`` downloads. Refusals are ``{"erreur": sentence}``. Where a request
comes from is checked in front of these routes, with its session (``pages.shell.session``).
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from urllib.parse import quote, unquote
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.requests import ClientDisconnect

from app import attachments
from app.config import settings
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, SignedOut
from app.security.files import CHUNK, FileReader, FileStore
from app.security.vault import Tampered
from app.work import BySession, acting, reading
from pages.shell.action import in_thread

log = logging.getLogger(__name__)
_CHUNKS = 4  # a hop to a thread for each chunk would cost more than its encryption
_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (SignedOut, 401), (Forbidden, 403), (NotFound, 404), (Conflict, 409),
    (attachments.TooLarge, 413), (attachments.WrongKind, 415), (Invalid, 422),
)  # fmt: skip
_PRIVATE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
}


def mount(app: FastAPI, store: FileStore) -> None:
    """Add the routes of files to the application."""

    async def upload(request: Request) -> Response:
        body = request.stream()
        try:
            caller, case_id = caller_of(request), _id(request, "case_id")
            await in_thread(_check_may_add, caller, case_id)
            received = await _receive(request, body, store)
            await in_thread(_register, caller, case_id, received, store)
        except Refusal as refusal:
            await _let_pass(body)
            return _refused(refusal)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        answer = {"id": str(received.id), "name": received.name, "size": received.size}
        return JSONResponse(answer, 201, _PRIVATE)

    async def take_back(request: Request) -> Response:
        try:
            await in_thread(_take_back, caller_of(request), _id(request, "attachment_id"), store)
        except Refusal as refusal:
            return _refused(refusal)
        return Response(status_code=204)

    async def download(request: Request) -> Response:
        try:
            file = await in_thread(_download, caller_of(request), _id(request, "attachment_id"))
        except Refusal as refusal:
            return _refused(refusal)
        try:
            reader, chunks, first = await in_thread(_open, store, file)
        except (FileNotFoundError, Tampered):
            log.exception("file %s cannot be given back", file.id)
            return JSONResponse(
                {"erreur": "Ce fichier est abîmé. Prévenez l’équipe du service."}, 500, _PRIVATE
            )
        headers = _PRIVATE | {
            "Content-Type": file.media_type,
            "Content-Length": str(file.size),
            "Content-Disposition": _disposition(file.name),
            # PDF and Office files are compressed already; this keeps their length said.
            "Content-Encoding": "identity",
        }
        return StreamingResponse(_stream(reader, chunks, first), headers=headers)

    for path, endpoint, method in (
        ("/demandes/{case_id}/fichiers", upload, "POST"),
        ("/pieces/{attachment_id}", take_back, "DELETE"),
        ("/pieces/{attachment_id}", download, "GET"),
    ):
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False, response_model=None)


def caller_of(request: Request) -> BySession:
    """Return who asks, as the session's middleware found them; ``SignedOut`` when nobody is signed in."""
    session_id = getattr(request.state, "session_id", None)
    if not isinstance(session_id, UUID):
        raise SignedOut
    return BySession(session_id)


async def _receive(request: Request, body: AsyncIterator[bytes], store: FileStore) -> attachments.Received:
    """Keep the body as a file; when it is refused, cut short or abandoned, nothing of it stays."""
    name = unquote(request.headers.get("X-Nom", ""), errors="replace")
    announced = request.headers.get("Content-Length", "")
    size = int(announced) if announced.isdecimal() else 0
    incoming = await in_thread(attachments.Incoming, store, name, size)
    waiting = bytearray()
    try:
        async for piece in body:
            waiting += piece
            if len(waiting) >= _CHUNKS * CHUNK:
                await in_thread(incoming.write, bytes(waiting))
                waiting.clear()
        await in_thread(incoming.write, bytes(waiting))
        return await in_thread(incoming.finish)
    except BaseException:
        await in_thread(incoming.discard)
        raise


async def _let_pass(body: AsyncIterator[bytes]) -> None:
    """Read what is left of a refused body, up to once more the limit: a browser whose connection is closed
    while it still sends shows a cut line instead of our sentence."""
    left = settings().max_file_bytes
    try:
        async for piece in body:
            left -= len(piece)
            if left < 0:
                return
    except ClientDisconnect:
        return


def _check_may_add(caller: BySession, case_id: UUID) -> None:
    with reading(caller) as work:
        attachments.may_add(work, case_id)


def _register(caller: BySession, case_id: UUID, received: attachments.Received, store: FileStore) -> None:
    is_registered = False
    try:
        with acting(caller) as work:
            attachments.add(work, case_id, received)
            is_registered = True
    finally:
        # Past this point only the commit can fail, perhaps after having happened: the sweep will know.
        if not is_registered:
            store.remove(received.id)


def _take_back(caller: BySession, attachment_id: UUID, store: FileStore) -> None:
    with acting(caller) as work:
        attachments.remove(work, attachment_id)
    store.remove(attachment_id)


def _download(caller: BySession, attachment_id: UUID) -> attachments.Download:
    with acting(caller) as work:
        return attachments.open_for_download(work, attachment_id)


def _open(store: FileStore, file: attachments.Download) -> tuple[FileReader, Iterator[bytes], bytes]:
    """Open a file and read its first bytes, so that a damaged one is refused before anything is sent."""
    reader = store.open(file.id)
    try:
        if reader.size != file.size:
            raise Tampered("not the size that was registered")
        chunks = iter(reader)
        return reader, chunks, _next(chunks)
    except BaseException:
        reader.close()
        raise


def _next(chunks: Iterator[bytes]) -> bytes:
    return b"".join(islice(chunks, _CHUNKS))


async def _stream(reader: FileReader, chunks: Iterator[bytes], piece: bytes) -> AsyncIterator[bytes]:
    try:
        while piece:
            yield piece
            piece = await in_thread(_next, chunks)
    finally:
        reader.close()


def _id(request: Request, name: str) -> UUID:
    try:
        return UUID(request.path_params[name])
    except ValueError:
        raise NotFound from None


def _refused(refusal: Refusal) -> Response:
    status = next(status for kind, status in _STATUS if isinstance(refusal, kind))
    return JSONResponse({"erreur": refusal.sentence}, status, _PRIVATE)


def _disposition(name: str) -> str:
    """Return the header that makes a browser save the file under its name (RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(c for c in plain if c.isalnum() or c in " ._-()")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
