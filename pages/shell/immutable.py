"""Files that never change under their address, kept compressed in memory.

A first visit asks for twenty of them. Each time, NiceGUI reads them in a thread and compresses them anew: more
work than the page itself. Behind a proxy that keeps them this costs nothing; without one it halves a cold load.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from posixpath import normpath

from nicegui import __version__
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Addresses with a version or a sum of the content in them. NiceGUI says «immutable» of its own further out.
UNDER = (
    "/statique/",
    *(f"/_nicegui/{__version__}/{kind}/" for kind in ("static", "libraries", "components", "esm")),
)
MOST_BYTES = 4_000_000  # in all; the files of a visit are 350 000
_WORTH = 500  # bytes from which it is compressed


@dataclass(frozen=True)
class _File:
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Immutable:
    """ASGI middleware: answers by itself what it has seen once, to whoever takes gzip.

    Kept are whole answers (200, no cookie) to plain requests under ``UNDER``, the headers of the inner
    applications with them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[str, _File] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or let through and remember."""
        if not _is_plain(scope):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if kept := self._kept.get(path):
            await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
            await send({"type": "http.response.body", "body": kept.body})
            return
        start: Message = {}
        body = bytearray()

        async def noting(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    self._keep(path, start, bytes(body))
            await send(message)

        await self._app(scope, receive, noting)

    def _keep(self, path: str, start: Message, body: bytes) -> None:
        headers = Headers(raw=start["headers"])
        is_whole = start["status"] == 200 and int(headers.get("content-length", "-1")) == len(body)
        if not is_whole or "set-cookie" in headers:
            return
        ours = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        if len(body) >= _WORTH and "content-encoding" not in headers:
            body = gzip.compress(body)
            ours += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        if self._bytes + len(body) <= MOST_BYTES and path not in self._kept:
            self._bytes += len(body)
            self._kept[path] = _File([*ours, (b"content-length", str(len(body)).encode())], body)


def _is_plain(scope: Scope) -> bool:
    """Whether it is a whole file that is asked for, by a browser that takes it compressed."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(UNDER):
        return False
    if normpath(scope["path"]) != scope["path"]:  # a file has one address: others («/./») would fill the memory
        return False
    headers = Headers(scope=scope)
    return (
        "gzip" in headers.get("accept-encoding", "")
        and "range" not in headers
        and "if-none-match" not in headers
    )
