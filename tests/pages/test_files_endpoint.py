"""Files over HTTP: refused in words, streamed, never whole in memory, and nothing left of what failed."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.types import Message

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
PIECE = PDF.ljust(CHUNK, b"\0")
Browse = Callable[[str], "Browser"]


class Browser(NamedTuple):
    """Speaks ASGI itself, so that nothing stands between; the session is where its middleware puts it."""

    site: FastAPI
    session_id: UUID | None

    async def ask(
        self, method: str, path: str, pieces: Iterable[bytes | None] = (), **headers: str
    ) -> SimpleNamespace:
        """Ask, sending the body piece by piece (``None``: the line is cut). ``start`` is a megabyte at most."""
        answer = SimpleNamespace(status=0, headers={}, start=b"", size=0, json={})
        source, is_sent = iter(pieces), False
        path, _, query = path.partition("?")

        async def receive() -> Message:
            nonlocal is_sent
            if is_sent:
                await asyncio.Event().wait()  # nothing more until the answer
            piece = next(source, b"")
            is_sent = not piece
            request = {"type": "http.request", "body": piece, "more_body": not is_sent}
            return {"type": "http.disconnect"} if piece is None else request

        async def send(message: Message) -> None:
            answer.status = message.get("status", answer.status)
            answer.headers |= {name.decode(): value.decode() for name, value in message.get("headers", ())}
            body = message.get("body", b"")
            answer.size, answer.start = answer.size + len(body), (answer.start + body)[:MEGABYTE]

        named = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "scheme": "http",
            "headers": named, "client": ("127.0.0.1", 1), "server": ("test", 80),
            "state": {"session_id": self.session_id} if self.session_id else {},
        }  # fmt: skip
        await self.site(scope, receive, send)
        if answer.headers.get("content-type") == "application/json":
            answer.json = json.loads(answer.start)
        return answer

    async def upload(self, case_id: object, content: bytes = PDF, name: str = "a.pdf") -> SimpleNamespace:
        return await self.ask("POST", f"/demandes/{case_id}/fichiers", [content], X_Nom=quote(name, safe=""))


@pytest.fixture
def browse(tmp_path: Path, cast: Cast) -> Browse:
    """Give a signed-in browser to anybody of the cast; an empty name is nobody."""
    site = FastAPI()
    files.mount(site, FileStore(tmp_path / "files", b"a secret of the tests, of 32 bytes and more"))

    def sign_in(who: str) -> Browser:
        session = AuthSession(
            id=new_id(), created_at=NOW, account_id=getattr(cast, who or "aline"), token_hash=os.urandom(32),
            last_seen_at=NOW, expires_at=NOW + timedelta(hours=1),
        )  # fmt: skip
        with acting(ByNobody()) as work:
            work.session.add(session)
        return Browser(site, session.id if who else None)

    return sign_in


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    return scenes.sent_case(cast)


def kept(folder: Path) -> tuple[int, int]:
    with reading(ByNobody()) as work:
        rows = work.session.scalar(select(func.count()).select_from(Attachment)) or 0
    return sum(path.is_file() for path in folder.rglob("*")), rows


async def test_a_file_goes_up_comes_down_and_is_taken_back(
    browse: Browse, case_id: UUID, tmp_path: Path
) -> None:
    aline, content = browse("aline"), PDF + os.urandom(5 * CHUNK)
    sent = await aline.upload(case_id, content, "Relevé «août» d’été.pdf")
    assert sent.status == 201
    assert sent.json == {"id": sent.json["id"], "name": "Relevé «août» d’été.pdf", "size": len(content)}
    place = f"/pieces/{sent.json['id']}"
    got = await aline.ask("GET", place)
    assert (got.status, got.start) == (200, content)
    assert got.headers == {
        "content-type": "application/pdf", "content-length": str(len(content)), "cache-control": "no-store",
        "content-encoding": "identity", "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox",
        "content-disposition": "attachment; filename=\"Releve aout dete.pdf\"; "
        "filename*=UTF-8''Relev%C3%A9%20%C2%ABao%C3%BBt%C2%BB%20d%E2%80%99%C3%A9t%C3%A9.pdf",
    }  # fmt: skip
    assert (await browse("adam").ask("DELETE", place)).status == 404
    assert (await aline.ask("DELETE", place)).status == 204
    assert (await aline.ask("GET", place)).status == 404
    assert kept(tmp_path) == (0, 0)


async def test_refusals_have_their_number_and_their_sentence(
    browse: Browse, cast: Cast, case_id: UUID, tmp_path: Path
) -> None:
    aline, gone = browse("aline"), browse("aline")
    file_id = (await aline.upload(case_id)).json["id"]
    with acting(ByNobody()) as work:
        work.session.get_one(AuthSession, gone.session_id).ended_at = NOW
    for browser, status in ((browse(""), 401), (gone, 401), (browse("chloe"), 404), (browse("denis"), 404)):
        for method, path, known in (
            ("POST", "/demandes/{}/fichiers", case_id), ("GET", "/pieces/{}", file_id),
            ("DELETE", "/pieces/{}", file_id),
        ):  # fmt: skip
            ours = await browser.ask(method, path.format(known), [PDF])
            unknown = await browser.ask(method, path.format(new_id()), [PDF])
            assert (ours.status, ours.json) == (unknown.status, unknown.json) == (status, ours.json)
            assert (await aline.ask(method, path.format("1"))).status == 404
    assert (await aline.upload(case_id, b"")).status == 422
    for _ in range(9):
        assert (await aline.upload(case_id)).status == 201
    eleventh = await aline.upload(case_id)
    assert (eleventh.status, "10\u00a0fichiers" in eleventh.json["erreur"]) == (422, True)
    scenes.close(cast, case_id)
    assert (await aline.upload(case_id)).status == 409
    revoked = scenes.draft(cast, last_name="Autre")
    mandate_id = scenes.mandate(cast, revoked)
    scenes.send(cast, revoked)
    scenes.revoke(cast, mandate_id)
    assert (await browse("bruno").upload(revoked)).status == 403
    assert kept(tmp_path) == (10, 10)


@sqlite_only
@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("avis.pdf", "avis.pdf"), ("Avis.PDF", "Avis.PDF"), ("avis", "avis.pdf"), ("", "fichier.pdf"),
        (".pdf", "fichier.pdf"), ("avis.docx", "avis.pdf"), ("avis.2024", "avis.2024.pdf"),
        ("../../etc/passwd", "passwd.pdf"), ("C:\\Mes documents\\avis.pdf", "avis.pdf"), ("..", "fichier.pdf"),
        ("avis\r\nX-Evil: 1.pdf", "avis X-Evil: 1.pdf"), ("avis\x00\u202efdp.pdf", "avisfdp.pdf"),
        ("e\u0301te\u0301 «\u00a0a\u00a0».pdf", "été « a ».pdf"), ("a" * 300, "a" * 156 + ".pdf"),
    ],
)  # fmt: skip
async def test_names_are_tidied_and_tell_the_truth(
    browse: Browse, case_id: UUID, given: str, stored: str
) -> None:
    aline = browse("aline")
    sent = (await aline.upload(case_id, PDF, given)).json
    assert sent["name"] == stored
    shown = (await aline.ask("GET", f"/pieces/{sent['id']}")).headers["content-disposition"]
    assert shown.endswith(f"filename*=UTF-8''{quote(stored, safe='')}")


@sqlite_only
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facture.pdf", b"MZ\x90\0\x03\0\0\0" + bytes(3000)), ("facture.txt", b"<html><script>1</script>"),
        ("photo.jpg", b"<svg onload=alert(1)>"), ("facture.exe", PDF), ("facture.pdf.EXE", PDF),
        ("facture.js ", b"alert(1)"), ("a.bat. ", b"dir"), ("a.html", b"Bonjour"), ("a.docm", PDF),
    ],
)  # fmt: skip
async def test_content_decides_and_the_refusal_says_what_is_accepted(
    browse: Browse, case_id: UUID, tmp_path: Path, name: str, content: bytes
) -> None:
    refused = await browse("aline").upload(case_id, content, name)
    assert refused.status == 415
    assert "PDF, images (JPEG, PNG, WebP, GIF, TIFF, HEIC), documents Office" in refused.json["erreur"]
    assert kept(tmp_path) == (0, 0)


async def test_fifteen_megabytes_and_not_one_byte_more(browse: Browse, case_id: UUID, tmp_path: Path) -> None:
    aline, path, limit, taken = browse("aline"), f"/demandes/{case_id}/fichiers", settings().max_file_bytes, 0
    whole = [PIECE] * (limit // CHUNK)

    def endless() -> Iterable[bytes]:
        nonlocal taken
        while True:
            taken += CHUNK
            yield PIECE

    assert limit == 15 * MEGABYTE
    assert (await aline.ask("POST", path, whole)).status == 201
    assert (await aline.ask("POST", path, [*whole, b"\0"])).status == 413
    assert (await aline.ask("POST", path, endless())).status == 413
    assert 2 * limit < taken < 2 * limit + 8 * CHUNK  # let pass for a while, so that the answer is read
    assert (await aline.ask("POST", path, Content_Length=str(limit + 1))).status == 413
    assert "dépasse 15\u00a0Mo" in (await aline.upload(case_id, PIECE * 320)).json["erreur"]
    assert kept(tmp_path) == (1, 1)


@sqlite_only
async def test_fifteen_megabytes_are_never_whole_in_memory(browse: Browse, case_id: UUID) -> None:
    aline, path = browse("aline"), f"/demandes/{case_id}/fichiers"
    await aline.upload(case_id)  # what is loaded once and for all
    tracemalloc.start()
    try:
        file_id = (await aline.ask("POST", path, [PIECE] * 240)).json["id"]
        assert (await aline.ask("GET", f"/pieces/{file_id}")).size == 15 * MEGABYTE
        assert tracemalloc.get_traced_memory()[1] < 4 * MEGABYTE
    finally:
        tracemalloc.stop()


@sqlite_only
async def test_nothing_blocks_the_event_loop(
    browse: Browse, case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[str, threading.Thread] = {}

    def watch(place: Any, name: str) -> None:
        do = getattr(place, name)

        def watched(*args: Any) -> Any:
            threads[f"{place.__name__}.{name}"] = threading.current_thread()
            return do(*args)

        monkeypatch.setattr(place, name, watched)

    for place, names in (
        (attachments, "may_add add remove open_for_download"), (attachments.Incoming, "__init__ write finish"),
        (FileStore, "open remove"), (files, "_next"),
    ):  # fmt: skip
        for name in names.split():
            watch(place, name)
    path = f"/pieces/{(await (aline := browse('aline')).upload(case_id)).json['id']}"
    assert (await aline.ask("GET", path)).start == PDF
    assert (await aline.ask("DELETE", path)).status == 204
    assert len(threads) == 10
    assert threading.main_thread() not in threads.values()


async def test_what_stops_short_leaves_nothing(
    browse: Browse, cast: Cast, case_id: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aline, path = browse("aline"), f"/demandes/{case_id}/fichiers"
    await aline.ask("POST", path, [*[PIECE] * 9, None])
    assert kept(tmp_path) == (0, 0)

    def until_the_right_is_lost() -> Iterable[bytes]:
        yield PIECE
        scenes.leave(cast, "aline", scenes.GUISE)

    assert (await aline.ask("POST", path, until_the_right_is_lost())).status == 404
    assert kept(tmp_path) == (0, 0)
    monkeypatch.setattr(attachments, "add", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await browse("adam").upload(case_id)
    assert kept(tmp_path) == (0, 0)


@sqlite_only
async def test_a_damaged_file_is_not_given_back(browse: Browse, case_id: UUID, tmp_path: Path) -> None:
    aline = browse("aline")
    place = f"/pieces/{(await aline.upload(case_id, PIECE * 9)).json['id']}"
    whole = (path := next(path for path in tmp_path.rglob("*") if path.is_file())).read_bytes()
    path.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    with pytest.raises(Tampered):  # the line is cut: the browser sees that bytes are missing
        await aline.ask("GET", place)
    for damaged in (b"", whole[:-1], whole[:35] + whole[36:] + b"\0", None):
        path.unlink() if damaged is None else path.write_bytes(damaged)
        answer = await aline.ask("GET", place)
        assert (answer.status, "abîmé" in answer.json["erreur"]) == (500, True)
