"""Files over HTTP: refused in words, streamed, never whole in memory, and nothing left of what failed."""

from __future__ import annotations

import os
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import attachments
from app.config import settings
from app.security.files import CHUNK, FileStore
from app.security.vault import Tampered
from app.work import ByNobody, acting, reading
from models.account import AuthSession
from models.base import new_id
from models.thread import Attachment
from pages import files
from tests.app import scenes
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database", "clock")
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PDF = b"%PDF-1.7\n" + bytes(range(256))
MEGABYTE = 1024 * 1024
ONE_PIECE = PDF.ljust(CHUNK, b"\0")


class FakeSessions:
    """Stands where the session's middleware does: a header says who is signed in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})
        if given := dict(scope["headers"]).get(b"x-test-session"):
            state["session_id"] = UUID(given.decode())
        await self.app(scope, receive, send)


@pytest.fixture
def site(tmp_path: Path) -> FastAPI:
    app = FastAPI()
    files.mount(app, FileStore(tmp_path / "files", b"a secret of the tests, of 32 bytes and more"))
    app.add_middleware(FakeSessions)
    return app


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    return scenes.sent_case(cast)


def session(cast: Cast, who: str) -> dict[str, str]:
    row = AuthSession(
        id=new_id(), created_at=NOW, account_id=getattr(cast, who), token_hash=os.urandom(32),
        last_seen_at=NOW, expires_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    with acting(ByNobody()) as work:
        work.session.add(row)
    return {"X-Test-Session": str(row.id)}


@pytest.fixture
async def browse(site: FastAPI, cast: Cast) -> AsyncIterator[Callable[[str], httpx.AsyncClient]]:
    """Give a client for anybody of the cast; an empty name is nobody."""
    opened: list[httpx.AsyncClient] = []

    def client(who: str) -> httpx.AsyncClient:
        headers = session(cast, who) if who else {}
        opened.append(
            httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://test", headers=headers)
        )
        return opened[-1]

    yield client
    for each in opened:
        await each.aclose()


Browse = Callable[[str], httpx.AsyncClient]


async def upload(
    client: httpx.AsyncClient, case_id: object, content: bytes | AsyncIterator[bytes] = PDF, name: str = "a.pdf"
) -> httpx.Response:
    headers = {"X-Nom": quote(name, safe="", errors="surrogatepass")}
    return await client.post(f"/demandes/{case_id}/fichiers", content=content, headers=headers)


async def asgi(
    site: FastAPI, method: str, path: str, headers: dict[str, str], pieces: Iterable[bytes | None] = ()
) -> tuple[int, dict[bytes, bytes], int]:
    """Speak ASGI itself, so that nothing stands between: status, headers, bytes received. ``None`` among the
    pieces is a line that is cut."""
    status, answered, size, source = 0, dict[bytes, bytes](), 0, iter(pieces)

    async def receive() -> Message:
        try:
            piece = next(source)
        except StopIteration:
            return {"type": "http.request", "body": b"", "more_body": False}
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message: Message) -> None:
        nonlocal status, answered, size
        if message["type"] == "http.response.start":
            status, answered = message["status"], dict(message["headers"])
        else:
            size += len(message.get("body", b""))

    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("test", 80),
    }  # fmt: skip
    await site(scope, receive, send)
    return status, answered, size


def on_disk(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def rows() -> list[str]:
    with reading(ByNobody()) as work:
        return list(work.session.scalars(select(col(Attachment.name))))


async def test_a_file_goes_up_comes_down_and_is_taken_back(
    browse: Browse, case_id: UUID, tmp_path: Path
) -> None:
    aline, content = browse("aline"), PDF + os.urandom(5 * CHUNK)
    sent = await upload(aline, case_id, content, "Relevé «août» d’été.pdf")
    assert sent.status_code == 201
    assert sent.json().keys() == {"id", "name", "size"}
    assert (sent.json()["name"], sent.json()["size"]) == ("Relevé «août» d’été.pdf", len(content))
    place = f"/pieces/{sent.json()['id']}"
    got = await aline.get(place)
    assert (got.status_code, got.content) == (200, content)
    assert {name: got.headers[name] for name in ("content-type", "content-length", "cache-control")} == {
        "content-type": "application/pdf", "content-length": str(len(content)), "cache-control": "no-store",
    }  # fmt: skip
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "sandbox"
    assert got.headers["content-disposition"] == (
        'attachment; filename="Releve aout dete.pdf"; '
        "filename*=UTF-8''Relev%C3%A9%20%C2%ABao%C3%BBt%C2%BB%20d%E2%80%99%C3%A9t%C3%A9.pdf"
    )
    assert (await browse("adam").delete(place)).status_code == 404
    assert (await aline.delete(place)).status_code == 204
    assert (await aline.get(place)).status_code == 404
    assert (on_disk(tmp_path), rows()) == ([], [])


async def test_refusals_have_their_number_and_their_sentence(
    browse: Browse, cast: Cast, case_id: UUID, tmp_path: Path
) -> None:
    aline = browse("aline")
    file_id = (await upload(aline, case_id)).json()["id"]
    gone = browse("aline")
    with acting(ByNobody()) as work:
        signed_in = work.session.get_one(AuthSession, UUID(gone.headers["X-Test-Session"]))
        signed_in.ended_at = NOW
    for client, status in ((browse(""), 401), (gone, 401), (browse("chloe"), 404), (browse("denis"), 404)):
        answers = [
            await upload(client, case_id), await client.get(f"/pieces/{file_id}"),
            await client.delete(f"/pieces/{file_id}"),
        ]  # fmt: skip
        assert [answer.status_code for answer in answers] == [status] * 3
        unknown = [await upload(client, new_id()), await client.get(f"/pieces/{new_id()}")]
        assert [answer.json() for answer in unknown] == [answers[0].json(), answers[1].json()]
        assert all(answer.json()["erreur"].endswith(".") for answer in answers)
    for path in ("/pieces/1", "/pieces/..%2F..%2Fsecret"):
        assert (await aline.get(path)).status_code == 404
    assert (await upload(aline, "1")).json()["erreur"].startswith("Cette page n’existe pas")
    assert (await upload(aline, case_id, b"")).status_code == 422
    for _ in range(9):
        assert (await upload(aline, case_id)).status_code == 201
    eleventh = await upload(aline, case_id)
    assert (eleventh.status_code, "10 fichiers" in eleventh.json()["erreur"]) == (422, True)
    scenes.close(cast, case_id)
    assert (await upload(aline, case_id)).status_code == 409
    revoked = scenes.draft(cast, last_name="Autre")
    mandate_id = scenes.mandate(cast, revoked)
    scenes.send(cast, revoked)
    scenes.revoke(cast, mandate_id)
    assert (await upload(browse("bruno"), revoked)).status_code == 403
    assert len(on_disk(tmp_path)) == len(rows()) == 10


@sqlite_only
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("avis.pdf", "avis.pdf"), ("Avis.PDF", "Avis.PDF"), ("avis", "avis.pdf"), ("", "fichier.pdf"),
        (".pdf", "fichier.pdf"), ("avis.docx", "avis.pdf"), ("avis.2024", "avis.2024.pdf"),
        ("../../etc/passwd", "passwd.pdf"), ("C:\\Mes documents\\avis.pdf", "avis.pdf"), ("..", "fichier.pdf"),
        ("avis\r\nX-Evil: 1.pdf", "avis X-Evil: 1.pdf"), ("avis\x00\u202efdp.pdf", "avisfdp.pdf"),
        ("e\u0301te\u0301 «\u00a0a\u00a0».pdf", "été « a ».pdf"), ("a" * 300 + ".pdf", "a" * 156 + ".pdf"),
        ("a" * 300, "a" * 156 + ".pdf"), ("facture.exe.pdf", "facture.exe.pdf"), ("年金.pdf", "年金.pdf"),
    ],
)  # fmt: skip
async def test_names_are_tidied_and_tell_the_truth(
    browse: Browse, case_id: UUID, given: str, kept: str
) -> None:
    aline = browse("aline")
    sent = (await upload(aline, case_id, PDF, given)).json()
    assert sent["name"] == kept
    shown = (await aline.get(f"/pieces/{sent['id']}")).headers["content-disposition"]
    assert shown.endswith(f"filename*=UTF-8''{quote(kept, safe='')}")


@sqlite_only
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facture.pdf", b"MZ\x90\0\x03\0\0\0" + bytes(3000)), ("facture.txt", b"<html><script>1</script>"),
        ("photo.jpg", b"<svg onload=alert(1)>"), ("facture.exe", PDF), ("facture.pdf.EXE", PDF),
        ("facture.js ", b"alert(1)"), ("a.bat", b"dir"), ("a.html", b"Bonjour"), ("a.docm", PDF),
    ],
)  # fmt: skip
async def test_content_decides_and_the_refusal_says_what_is_accepted(
    browse: Browse, case_id: UUID, tmp_path: Path, name: str, content: bytes
) -> None:
    refused = await upload(browse("aline"), case_id, content, name)
    assert refused.status_code == 415
    assert "PDF, images (JPEG, PNG, WebP, GIF, TIFF, HEIC), documents Office" in refused.json()["erreur"]
    assert (on_disk(tmp_path), rows()) == ([], [])


async def test_fifteen_megabytes_and_not_one_byte_more(
    site: FastAPI, browse: Browse, cast: Cast, case_id: UUID, tmp_path: Path
) -> None:
    aline, path = session(cast, "aline"), f"/demandes/{case_id}/fichiers"
    limit = settings().max_file_bytes
    assert limit == 15 * MEGABYTE
    whole = [ONE_PIECE] * (limit // CHUNK)
    assert (await asgi(site, "POST", path, aline, whole))[0] == 201
    assert (await asgi(site, "POST", path, aline, [*whole, b"\0"]))[0] == 413
    taken = 0

    def endless() -> Iterable[bytes]:
        nonlocal taken
        while True:
            taken += CHUNK
            yield ONE_PIECE

    assert (await asgi(site, "POST", path, aline, endless()))[0] == 413
    assert limit < taken < 2 * limit + 8 * CHUNK
    announced = aline | {"Content-Length": str(limit + 1)}
    assert (await asgi(site, "POST", path, announced, [b"", b""]))[0] == 413
    told = (await upload(browse("aline"), case_id, bytes(20 * MEGABYTE))).json()
    assert told == {"erreur": "Ce fichier dépasse 15\u00a0Mo. Joignez un fichier plus léger."}
    assert len(on_disk(tmp_path)) == len(rows()) == 1


@sqlite_only
async def test_fifteen_megabytes_are_never_whole_in_memory(site: FastAPI, cast: Cast, case_id: UUID) -> None:
    aline, path = session(cast, "aline"), f"/demandes/{case_id}/fichiers"
    await asgi(site, "POST", path, aline, [PDF])  # what is loaded once and for all
    tracemalloc.start()
    try:
        assert (await asgi(site, "POST", path, aline, [ONE_PIECE] * 240))[0] == 201
        sent_peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        with scenes.see(cast, "aline") as work:
            file = attachments.pending(work, case_id)[-1]
        assert (await asgi(site, "GET", f"/pieces/{file.id}", aline))[2] == 15 * MEGABYTE
        received_peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert max(sent_peak, received_peak) < 4 * MEGABYTE


@sqlite_only
async def test_nothing_blocks_the_event_loop(
    browse: Browse, case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[str, threading.Thread] = {}

    def watch(place: object, name: str) -> None:
        do = getattr(place, name)

        def watched(*args: Any) -> Any:
            threads[name] = threading.current_thread()
            return do(*args)

        monkeypatch.setattr(place, name, watched)

    for place, name in (
        (attachments, "may_add"), (attachments, "add"), (attachments, "remove"),
        (attachments, "open_for_download"), (attachments.Incoming, "__init__"), (attachments.Incoming, "write"),
        (attachments.Incoming, "finish"), (FileStore, "open"), (FileStore, "remove"), (files, "_next"),
    ):  # fmt: skip
        watch(place, name)
    aline = browse("aline")
    path = f"/pieces/{(await upload(aline, case_id)).json()['id']}"
    assert (await aline.get(path)).content == PDF
    assert (await aline.delete(path)).status_code == 204
    assert len(threads) == 10
    assert threading.main_thread() not in threads.values()


async def test_what_stops_short_leaves_nothing(
    site: FastAPI, cast: Cast, case_id: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aline, path = session(cast, "aline"), f"/demandes/{case_id}/fichiers"
    await asgi(site, "POST", path, aline, [*[ONE_PIECE] * 9, None])
    assert on_disk(tmp_path) == []

    def until_the_right_is_lost() -> Iterable[bytes]:
        yield ONE_PIECE
        scenes.leave(cast, "aline", scenes.GUISE)

    assert (await asgi(site, "POST", path, aline, until_the_right_is_lost()))[0] == 404
    assert on_disk(tmp_path) == []
    monkeypatch.setattr(attachments, "add", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await asgi(site, "POST", f"/demandes/{case_id}/fichiers", session(cast, "adam"), [PDF])
    assert (on_disk(tmp_path), rows()) == ([], [])


@sqlite_only
async def test_a_damaged_file_is_not_given_back(
    site: FastAPI, cast: Cast, browse: Browse, case_id: UUID, tmp_path: Path
) -> None:
    aline = browse("aline")
    file_id = (await upload(aline, case_id, ONE_PIECE * 9)).json()["id"]
    [path] = on_disk(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    with pytest.raises(Tampered):  # the line is cut: the browser sees that bytes are missing
        await asgi(site, "GET", f"/pieces/{file_id}", session(cast, "aline"))
    for damaged in (b"", whole[:-1], whole[:35] + whole[36:] + b"\0", None):
        path.unlink() if damaged is None else path.write_bytes(damaged)
        answer = await aline.get(f"/pieces/{file_id}")
        assert (answer.status_code, "abîmé" in answer.json()["erreur"]) == (500, True)
