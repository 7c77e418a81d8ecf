"""The one door: who is asking, on HTTP and on the socket, before anything else of ours or NiceGUI's runs.

Sources: nicegui.md, section 5; OWASP cheat sheets on sessions and on cross-site request forgery.
"""

from __future__ import annotations

import functools
import logging
import re
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

from fastapi import Request, Response
from nicegui import Client, __version__, core
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import settings
from app.errors import SignedOut
from app.security.headers import every_answer, page_policy
from app.security.sessions import SessionInfo
from pages.shell.bundle import lead_there
from pages.shell.held import WAITS, is_there, may_ask, place_of
from pages.shell.living import living, session_of

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024
MAX_FRAME = 200_000  # characters of a socket's message; what a person types is 10 000 at most
# Files are counted as they come, by their own routes.
UPLOADS = re.compile(r"/demandes/[^/]+/fichiers$|/mandats/[^/]+/pages$|/verifier/[^/]+$")

# Where providers of SMS call: no browser of ours, hence no origin and no session. Each call proves itself.
CALLBACKS = re.compile(r"/api/sms/[^/]+")

_ASKS = "/session"  # where a page asks whether its session lives
_SOCKET = "/_nicegui_ws/"
_PAGE = re.compile(r"/_nicegui/client/([^/]+)/")
_PUBLIC = frozenset({"/", "/connexion", "/deconnexion", "/sante", "/favicon.ico", "/verifier"})
# The usager's page of a mandate, whose address is its key, and the question behind it.
_PUBLIC_LINK = re.compile(r"/mandat/[^/]{1,100}(?:/reprendre)?")
_FILES = (
    "/statique/",
    *(f"/_nicegui/{__version__}/{kind}/" for kind in ("static", "libraries", "components", "esm", "resources")),
)
_PUBLIC_UNDER = (*_FILES, "/verifier/")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FOREIGN = (
    "Cette action ne vient pas d’une page du service : elle a été refusée. Revenez à l’accueil, puis réessayez."
)
_NOT_YOURS = "Cette page appartient à une autre session. Rechargez-la."
_TOO_LARGE = "L’envoi est trop volumineux : rien n’a été enregistré. Joignez un fichier plus léger."


def sign_in_again(address: str) -> str:
    """Return where to go when a session has ended: the sign-in says so, and leads back to this address."""
    return f"/connexion?suite={quote(address, safe='')}&raison=fin"


def cookie_name() -> str:
    """Return the cookie's name; ``__Host-`` makes browsers insist on Secure, this host and no other path."""
    return "__Host-sid" if settings().is_secure else "sid"


def set_cookie(response: Response, token: str) -> None:
    """Give the browser its token."""
    response.set_cookie(
        cookie_name(), token, max_age=settings().session_max_minutes * 60, path="/",
        secure=settings().is_secure, httponly=True, samesite="lax",
    )  # fmt: skip


def clear_cookie(response: Response) -> None:
    """Take the token back."""
    response.delete_cookie(cookie_name(), path="/", secure=settings().is_secure, httponly=True, samesite="lax")


class _TooLarge(Exception):
    """A body went beyond its limit while it was read."""


class Guard:
    """ASGI middleware. Sets ``session_id``, ``account_id`` and ``account_name`` of the state (or ``None``).

    ``show`` makes the page of a refusal from its status and sentence. Whoever is not signed in is sent to
    ``/connexion`` (or told 401, when it is a script that asks); requests that change something, and sockets,
    must come from our own pages; a page's socket and uploads belong to the session that opened the page. A
    screen handed over (``handed`` of the state: its mandate) is led back to where it was, whatever it asks.
    """

    def __init__(self, app: ASGIApp, show: Callable[[int, str], str]) -> None:
        self._app = app
        self._show = show
        _give_scripts_a_nonce()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what may pass."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        token = cookie_parser(headers.get("cookie", "")).get(cookie_name(), "")
        # A browser left alone reconnects and asks for ever.
        is_use = not scope["path"].startswith(_SOCKET) and scope["path"] != _ASKS
        info = await living.by_token(token, is_use=is_use) if token else None
        state = scope.setdefault("state", {})
        state["session_id"] = info.session_id if info else None
        state["account_id"] = info.account_id if info else None
        state["account_name"] = info.name if info else None
        state["handed"] = info.handed if info else None
        if scope["type"] == "http":
            await self._http(scope, headers, info, receive, send)
        elif not _is_ours(headers) or info is None or not _owns(scope, info):
            await send({"type": "websocket.close", "code": 1008})  # before the handshake: HTTP 403
        else:
            await self._app(scope, receive, send)

    async def _http(
        self, scope: Scope, headers: Headers, info: SessionInfo | None, receive: Receive, send: Send
    ) -> None:
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                ours = MutableHeaders(scope=message)
                for name, value in every_answer(is_secure=settings().is_secure).items():
                    ours.setdefault(name, value)
            await send(message)

        limit = _limit(scope["path"])
        refusal = self._refusal(scope, headers, info, limit)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        try:
            await self._app(scope, _counted(receive, limit), answer)
        except Exception as error:
            if started:
                raise
            await self._failure(headers, error)(scope, receive, answer)

    def _refusal(
        self, scope: Scope, headers: Headers, info: SessionInfo | None, limit: int | None
    ) -> Response | None:
        path, method = scope["path"], scope["method"]
        must_be_ours = (method not in _SAFE and not _is_callback(path, method)) or (
            path.startswith(_SOCKET) and "origin" in headers
        )
        if must_be_ours and not _is_ours(headers):
            return self._refuse(403, _FOREIGN, headers)
        if info is None and not _is_public(path):
            if method in ("GET", "HEAD") and _is_visit(headers):
                query = scope["query_string"].decode("latin-1")
                asked = quote(path) + (f"?{query}" if query else "")
                had_one = cookie_name() in cookie_parser(headers.get("cookie", ""))
                door = sign_in_again(asked) if had_one else f"/connexion?suite={quote(asked, safe='')}"
                return RedirectResponse(door, 303, {"Cache-Control": "no-store"})
            return JSONResponse({"erreur": SignedOut().sentence}, 401)
        if info is not None and info.handed is not None and not _is_let_by(path, info.handed):
            if method in ("GET", "HEAD") and _is_visit(headers):
                return RedirectResponse(place_of(info.handed), 303, {"Cache-Control": "no-store"})
            return self._refuse(403, WAITS, headers)
        if info is not None and not _owns(scope, info):
            return self._refuse(403, _NOT_YOURS, headers)
        length = headers.get("content-length", "0")
        if limit is not None and not (length.isdecimal() and int(length) <= limit):
            return self._refuse(413, _TOO_LARGE, headers)
        return None

    def _failure(self, headers: Headers, error: Exception) -> Response:
        if isinstance(error, _TooLarge):
            return self._refuse(413, _TOO_LARGE, headers)
        reference = secrets.token_hex(4)
        log.error("failure %s", reference, exc_info=error)
        sentence = (
            f"La page n’a pas pu être affichée. Réessayez ; si cela continue, signalez l’incident {reference}."
        )
        return self._refuse(500, sentence, headers)

    def _refuse(self, status: int, sentence: str, headers: Headers) -> Response:
        if _is_visit(headers):
            return HTMLResponse(self._show(status, sentence), status, {"Cache-Control": "no-store"})
        return JSONResponse({"erreur": sentence}, status)


def _is_public(path: str) -> bool:
    is_known = path in _PUBLIC or path.startswith(_PUBLIC_UNDER)
    return is_known or any(pattern.fullmatch(path) for pattern in (CALLBACKS, _PUBLIC_LINK))


def _is_callback(path: str, method: str) -> bool:
    return method == "POST" and CALLBACKS.fullmatch(path) is not None


def _is_let_by(path: str, handed: UUID) -> bool:
    """Whether a screen handed over may ask for this path; whose a socket is, ``_owns`` says."""
    return may_ask(path, handed) or path.startswith((_SOCKET, *_FILES))


def _is_visit(headers: Headers) -> bool:
    """Whether a person's browser is opening a page, rather than a script asking for data."""
    if destination := headers.get("sec-fetch-dest"):
        return destination == "document"
    accepted = headers.get("accept", "*/*")
    return "text/html" in accepted or "*/*" in accepted


def _is_ours(headers: Headers) -> bool:
    """Whether the request comes from one of our own pages: without an Origin it does not."""
    origin = headers.get("origin", "").lower()
    given = urlsplit(settings().address.lower())
    if origin == f"{given.scheme}://{given.netloc}":
        return True
    schemes = ("https",) if settings().is_secure else ("http", "https")
    host = headers.get("host", "").lower()
    return bool(host) and origin in {f"{scheme}://{host}" for scheme in schemes}


def _owns(scope: Scope, info: SessionInfo) -> bool:
    """Whether this session may speak for the page that the request names, if it names one.

    An unknown page is let through: NiceGUI answers that it is gone, and the browser loads it again.
    """
    if found := _PAGE.match(scope["path"]):
        return _is_page_of(info, found[1])
    if not scope["path"].startswith(_SOCKET):
        return bool(scope["type"] == "http")
    query = parse_qs(scope["query_string"].decode("latin-1"))
    clients, pipes = query.get("client_id", []), query.get("sid", [])
    if len(clients) != 1 or not _is_page_of(info, clients[0]):
        return False
    return all(_is_pipe_of(info.session_id, pipe) for pipe in pipes)


def _is_page_of(info: SessionInfo, client_id: str) -> bool:
    client = Client.instances.get(client_id)
    if client is None:
        return True
    return session_of(client) == info.session_id and (info.handed is None or is_there(client, info.handed))


def _is_pipe_of(session_id: UUID, pipe: str) -> bool:
    """Whether an engine.io connection (polled, or being upgraded) was opened with this session."""
    opened: dict[str, Any] | None = core.sio.environ.get(pipe)
    return opened is None or bool(opened["asgi.scope"]["state"]["session_id"] == session_id)


def _limit(path: str) -> int | None:
    if UPLOADS.match(path):
        return None
    return MAX_FRAME if path.startswith(_SOCKET) else MAX_BODY


def _counted(receive: Receive, limit: int | None) -> Receive:
    if limit is None:
        return receive
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise _TooLarge
        return message

    return counting


def _give_scripts_a_nonce() -> None:
    """Every page that NiceGUI builds gets a policy of its own; its texts are escaped, so only tags match."""
    original = Client.build_response
    if getattr(original, "gives_nonce", False):
        return

    @functools.wraps(original)
    def build_response(self: Client, request: Request, status_code: int = 200) -> Response:
        response = original(self, request, status_code)
        nonce = secrets.token_urlsafe(16)
        page = lead_there(self, bytes(response.body).decode())
        response.body = page.replace("<script", f'<script nonce="{nonce}"').encode()
        response.headers["Content-Length"] = str(len(response.body))
        response.headers["Content-Security-Policy"] = page_policy(nonce)
        return response

    build_response.gives_nonce = True  # type: ignore[attr-defined]
    Client.build_response = build_response  # type: ignore[method-assign]
