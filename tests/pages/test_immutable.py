"""What never changes is answered from memory, once it was said to be so; nothing else is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from nicegui import __version__
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pages.shell import immutable
from pages.shell.immutable import Immutable

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
BODY = b"a { color: red } " * 100


class Inside:
    """What stands behind: counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer = Response(BODY, headers=FOR_EVER, media_type="text/css")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await self.answer(scope, receive, send)


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
async def browser(inside: Inside) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Immutable(inside)), base_url="http://test"
    ) as it:
        yield it


async def test_it_is_asked_for_once(browser: httpx.AsyncClient, inside: Inside) -> None:
    first, second = [await browser.get("/statique/1/app.css") for _ in range(2)]
    assert inside.asked == 1
    assert first.content == second.content == BODY
    assert second.headers["content-encoding"] == "gzip"
    assert second.headers["vary"] == "Accept-Encoding"
    assert int(second.headers["content-length"]) < len(BODY)
    assert {name: second.headers[name] for name in FOR_EVER} == FOR_EVER


@pytest.mark.parametrize(
    "answer",
    [
        Response(BODY, 404, headers=FOR_EVER),
        Response(BODY, headers=FOR_EVER | {"Set-Cookie": "sid=1"}),
    ],
    ids=["not there", "somebody's"],
)
async def test_what_is_not_kept(browser: httpx.AsyncClient, inside: Inside, answer: Response) -> None:
    inside.answer = answer
    for _ in range(2):
        assert (await browser.get("/statique/1/app.css")).content == BODY
    assert inside.asked == 2


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/demandes", {}),
        ("GET", f"/_nicegui/{__version__}/dynamic_resources/codehilite_dark.css", {}),
        ("POST", "/statique/1/app.css", {}),
        ("GET", "/statique/1/app.css", {"Range": "bytes=0-3"}),
        ("GET", "/statique/1/app.css", {"Accept-Encoding": "identity"}),
        ("GET", "/statique/1/%2E/app.css", {}),
        ("GET", "/statique/1//app.css", {}),
    ],
)
async def test_who_is_let_through(
    browser: httpx.AsyncClient, inside: Inside, method: str, path: str, headers: dict[str, str]
) -> None:
    await browser.get("/statique/1/app.css")
    for _ in range(2):
        await browser.request(method, path, headers=headers)
    assert inside.asked == 3


async def test_memory_has_an_end(
    browser: httpx.AsyncClient, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(immutable, "MOST_BYTES", 10)
    for _ in range(2):
        await browser.get("/statique/1/app.css")
    assert inside.asked == 2
