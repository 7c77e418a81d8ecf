"""The file of a list over HTTP: a key that serves once, to its session, with the rights held then."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from app.queries.lists import Filter
from app.spreadsheets import FileKind
from app.work import ByNobody, BySession, acting
from models.account import AuthSession
from pages.cases import export
from tests.app.scenes import CAF, GUISE, leave, sent_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database", "clock")
Ask = Callable[[str, UUID], Any]


@pytest.fixture
def ask() -> Ask:
    """Ask for an address as a session that its middleware found."""
    site = FastAPI()

    @site.middleware("http")
    async def find(request: Request, call_next: Any) -> Response:
        request.state.session_id = UUID(request.headers["X-Session"])
        answer: Response = await call_next(request)
        return answer

    export.mount(site)

    async def asked(address: str, session_id: UUID) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://test") as client:
            return await client.get(address, headers={"X-Session": str(session_id)})

    return asked


def session_of(cast: Cast, who: str) -> UUID:
    session = AuthSession(
        created_at=NOW, account_id=getattr(cast, who), token_hash=uuid4().bytes, last_seen_at=NOW,
        expires_at=NOW.replace(year=2027),
    )  # fmt: skip
    with acting(ByNobody(), at=NOW) as work:
        work.session.add(session)
    return session.id


async def test_a_key_gives_the_list_once(cast: Cast, ask: Ask) -> None:
    case_id, session_id = sent_case(cast, (CAF,), subject="=1+1 non versé"), session_of(cast, "aline")
    for kind, begins in ((FileKind.CSV, b"\xef\xbb\xbf"), (FileKind.XLSX, b"PK")):
        address = export.address_of(BySession(session_id), Filter(words="kaddour"), kind)
        assert "kaddour" not in address
        assert (await ask(address, session_of(cast, "bruno"))).status_code == 404, "another's key"
        answer = await ask(address, session_id)
        assert answer.status_code == 200
        assert answer.content.startswith(begins)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="demandes-2026-11-23.{kind}"'
        if kind is FileKind.CSV:
            assert str(case_id) in answer.text
            assert '"\'=1+1 non versé"' in answer.text
        again = await ask(address, session_id)
        assert (again.status_code, "Revenez à la liste" in again.text) == (404, True)


async def test_rights_are_asked_when_the_file_is(cast: Cast, ask: Ask) -> None:
    case_id, session_id = sent_case(cast), session_of(cast, "aline")
    address = export.address_of(BySession(session_id), Filter(), FileKind.CSV)
    leave(cast, "aline", GUISE)
    assert str(case_id) not in (await ask(address, session_id)).text


async def test_a_key_waits_a_minute(cast: Cast, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id, clock = session_of(cast, "aline"), SimpleNamespace(now=1000.0)
    monkeypatch.setattr(export, "monotonic", lambda: clock.now)
    old = export.address_of(BySession(session_id), Filter(), FileKind.CSV)
    clock.now += 61
    assert (await ask(old, session_id)).status_code == 404
    export.address_of(BySession(session_id), Filter(), FileKind.CSV)
    assert len(export._asked) == 1, "what nobody fetched is let go of"
