"""Pages of a paper mandate over HTTP: one file a request, as the camera, a scanner or a folder gives it.

``POST /mandats/{id}/pages`` takes the bytes of one file as its body (``X-Remplace``: the page that it takes the
place of) and answers 201 ``{"pages": [id, …]}``; refusals are ``{"erreur": sentence}``. It serves every mandate
that takes pages: paper (a PDF is drawn page by page), or one that the structure had (a PDF is kept as it is).
Where a request comes from is checked in front of these routes, with its session (``pages.shell.session``).
"""

from __future__ import annotations

from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from app import mandate_pages, mandate_paper
from app.config import settings
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, SignedOut
from app.french import NBSP
from app.mandate_papers import Paper
from app.paper_images import prepare
from app.work import BySession, Work
from models.enums import MandateWay
from pages.shell.action import act, on_pictures, read

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


class _TooLarge(Invalid):
    """More bytes than a file may have (413)."""

    def __init__(self) -> None:
        most = settings().max_file_bytes // (1024 * 1024)
        super().__init__(file=f"Ce fichier dépasse {most}{NBSP}Mo. Choisissez un fichier plus léger.")


_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (SignedOut, 401), (Forbidden, 403), (NotFound, 404), (Conflict, 409), (_TooLarge, 413), (Invalid, 422),
)  # fmt: skip


def mount(app: FastAPI) -> None:
    """Add the routes of pages and of the sheet to sign to the application."""

    async def upload(request: Request) -> Response:
        try:
            caller, mandate_id = _caller(request), _id(request.path_params["mandate_id"])
            replaced = request.headers.get("X-Remplace", "")
            instead_of = _id(replaced) if replaced else None
            way = await read(caller, mandate_pages.may_add, mandate_id)
            content = await _received(request)
            prepared = await on_pictures(prepare, content, keep_pdf=way is MandateWay.EXISTING)
            ids = await act(caller, mandate_pages.add_pages, mandate_id, prepared, instead_of=instead_of)
        except Refusal as refusal:
            await _let_pass(request)
            return _refused(refusal)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        return JSONResponse({"pages": [str(one) for one in ids]}, 201, _HEADERS)

    async def show(request: Request) -> Response:
        return await _shown(request, whole=False)

    async def show_whole(request: Request) -> Response:
        return await _shown(request, whole=True)

    async def to_sign(request: Request) -> Response:
        try:
            mandate_id = _id(request.path_params["mandate_id"])
            return _given(await act(_caller(request), _sheet, mandate_id))
        except Refusal as refusal:
            return _refused(refusal)

    for path, endpoint, method in (
        ("/mandats/{mandate_id}/pages", upload, "POST"),
        ("/mandats/{mandate_id}/pages/{page_id}", show, "GET"),
        ("/mandats/{mandate_id}/pages/{page_id}/entiere", show_whole, "GET"),
        ("/mandats/{mandate_id}/a-signer.pdf", to_sign, "GET"),
    ):
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False, response_model=None)


def _sheet(work: Work, mandate_id: UUID) -> Paper:
    return mandate_paper.sheet(work, mandate_id, settings().address)


async def _shown(request: Request, *, whole: bool) -> Response:
    try:
        mandate_id, page_id = (_id(request.path_params[name]) for name in ("mandate_id", "page_id"))
        return _given(await read(_caller(request), mandate_pages.page, mandate_id, page_id, whole=whole))
    except Refusal as refusal:
        return _refused(refusal)


async def _received(request: Request) -> bytes:
    """Return the body, counted as it comes: a picture is read whole anyway."""
    announced = request.headers.get("Content-Length", "")
    most = settings().max_file_bytes
    if announced.isdecimal() and int(announced) > most:
        raise _TooLarge
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise _TooLarge
    return bytes(body)


async def _let_pass(request: Request) -> None:
    """Read what is left of a refused body, up to once more the limit: a browser whose connection is closed
    while it still sends shows a cut line instead of our sentence."""
    left = settings().max_file_bytes
    try:
        async for piece in request.stream():
            left -= len(piece)
            if left < 0:
                return
    except (ClientDisconnect, RuntimeError):  # gone, or read to its end already
        return


def _caller(request: Request) -> BySession:
    session_id = getattr(request.state, "session_id", None)
    if not isinstance(session_id, UUID):
        raise SignedOut
    return BySession(session_id)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound from None


def _given(paper: Paper) -> Response:
    """A picture is shown in our page; a PDF is kept as a file."""
    how = "inline" if paper.media_type.startswith("image/") else "attachment"
    headers = _HEADERS | {"Content-Disposition": f'{how}; filename="{paper.name}"'}
    return Response(paper.content, media_type=paper.media_type, headers=headers)


def _refused(refusal: Refusal) -> Response:
    status = next(number for kind, number in _STATUS if isinstance(refusal, kind))
    return JSONResponse({"erreur": refusal.sentence}, status, _HEADERS)
