"""What calls /api/sms: from anywhere, without a session, and believed only when it proves itself."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlmodel import col

from app import incoming_sms, outbox
from app.phones import phone_key
from app.sms import ovh
from app.work import ByNobody, Database, acting, reading
from models.enums import Channel, MandateStatus, MandateWay, OutgoingStatus
from models.mandate import Mandate
from models.outbox import IncomingSms, Outgoing
from pages.public import sms_callbacks
from pages.public.skeleton import refusal_page
from pages.shell.session import MAX_BODY, Guard
from tests.app.configured import Configure, configured
from tests.app.scenes import draft, mandate_row, present
from tests.app.sms.providers import ACCOUNT, CONSUMER, KEY, SECRET, Provider, brevo_event, ovh_sms, provider
from tests.conftest import NOW, Cast

__all__ = ["configured"]
PHONE, TOKEN = "+33612345678", {"Authorization": "Bearer jeton"}


@pytest.fixture
def server() -> Iterator[Provider]:
    with provider() as said:
        said.clock = int(time.time())
        ovh._clocks.clear()
        yield said


@pytest.fixture
async def web(committed: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger before the door."""
    app = FastAPI()
    app.include_router(sms_callbacks.router)
    app.add_middleware(Guard, show=refusal_page)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://plus.exemple.fr") as client:
        yield client


@pytest.fixture
def brevo(server: Provider, configured: Configure) -> Provider:
    configured(
        sms_provider="brevo", sms_url=server.url.replace("/1.0", "/v3"), sms_key=KEY, sms_callback_token="jeton"
    )
    return server


@pytest.fixture
def by_ovh(server: Provider, configured: Configure) -> Provider:
    configured(
        sms_provider="ovh", sms_url=server.url, sms_account=ACCOUNT, sms_key=KEY, sms_secret=SECRET,
        sms_consumer_key=CONSUMER,
    )  # fmt: skip
    return server


@pytest.fixture
def asked(committed: Database, cast: Cast) -> UUID:
    """A mandate asked by SMS an hour before what the provider tells."""
    at = NOW - timedelta(hours=1)
    mandate_id = present(cast, draft(cast, at=at), at=at)
    with acting(ByNobody(), at=at) as work:
        row = work.session.get_one(Mandate, mandate_id)
        row.way, row.contact, row.phone_key = (
            MandateWay.SMS_REPLY,
            {"phone": PHONE, "capacity": "self"},
            phone_key(work.vault, PHONE),
        )
        outbox.put(work, Channel.SMS, "mandate-ask", PHONE, "OUI ou NON ?", dedupe_key="1", about=mandate_id)
        left = update(Outgoing).where(col(Outgoing.about_id) == mandate_id)
        work.session.execute(left.values(status=OutgoingStatus.SENT, sent_at=at))
    return mandate_id


def kept() -> int:
    with reading(ByNobody()) as work:
        return work.session.scalar(select(func.count()).select_from(IncomingSms)) or 0


async def test_an_answer_is_kept_and_acted_on_once(
    web: httpx.AsyncClient, brevo: Provider, asked: UUID
) -> None:
    for _ in range(2):
        answer = await web.post("/api/sms/brevo", json=brevo_event("Oui"), headers=TOKEN)
        assert (answer.status_code, answer.content) == (200, b"")
    assert (kept(), mandate_row(asked).status) == (1, MandateStatus.CONSENTED)
    later = await web.post("/api/sms/brevo?token=jeton", json=brevo_event("Stop", at="2026-11-23T09:32:00Z"))
    assert later.status_code == 200
    assert (kept(), mandate_row(asked).status) == (2, MandateStatus.REVOKED)


async def test_many_at_once_are_one(web: httpx.AsyncClient, brevo: Provider, asked: UUID) -> None:
    calls = (web.post("/api/sms/brevo", json=brevo_event("Oui"), headers=TOKEN) for _ in range(8))
    assert {answer.status_code for answer in await asyncio.gather(*calls)} == {200}
    assert (kept(), mandate_row(asked).status) == (1, MandateStatus.CONSENTED)


async def test_calls_that_would_wait_behind_too_many_are_told_to_come_back(
    web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(incoming_sms, "receive", lambda *_: gate.wait(30))
    calls = [asyncio.create_task(web.post("/api/sms/brevo", json={})) for _ in range(23)]
    while sum(call.done() for call in calls) < 3:
        await asyncio.sleep(0.01)
    gate.set()
    assert sorted([(await call).status_code for call in calls]) == [200] * 20 + [503] * 3


async def test_what_is_forged_or_holds_nothing_leaves_nothing(
    web: httpx.AsyncClient, brevo: Provider, asked: UUID
) -> None:
    tried = {
        "without a token": await web.post("/api/sms/brevo", json=brevo_event("Oui")),
        "another's": await web.post("/api/sms/brevo?token=faux", json=brevo_event("Oui")),
        "no id": await web.post("/api/sms/brevo", json=brevo_event("Oui") | {"messageId": ""}, headers=TOKEN),
        "no object": await web.post("/api/sms/brevo", json=[brevo_event("Oui")], headers=TOKEN),
        "no JSON": await web.post("/api/sms/brevo", content=b"{", headers=TOKEN),
        "too deep": await web.post("/api/sms/brevo", content=b"[" * 60_000, headers=TOKEN),
        "no text": await web.post("/api/sms/brevo", content=b"\xff\xfe", headers=TOKEN),
        "another provider": await web.post("/api/sms/ovh", json={"id": 7}, headers=TOKEN),
        "no provider": await web.post("/api/sms/x", json={"id": 7}, headers=TOKEN),
        "too long": await web.post("/api/sms/brevo", content=b"x" * (MAX_BODY + 1), headers=TOKEN),
        "another method": await web.put("/api/sms/brevo", json=brevo_event("Oui"), headers=TOKEN),
        "below": await web.post("/api/sms/brevo/x", json=brevo_event("Oui"), headers=TOKEN),
    }
    assert {name: answer.status_code for name, answer in tried.items()} == {
        "without a token": 403, "another's": 403, "no id": 400, "no object": 400, "no JSON": 400,
        "too deep": 400, "no text": 400, "another provider": 404, "no provider": 404, "too long": 413,
        "another method": 403, "below": 403,
    }  # fmt: skip
    assert (kept(), mandate_row(asked).status) == (0, MandateStatus.PRESENTED)


async def test_ovh_is_asked_before_it_is_believed(
    web: httpx.AsyncClient, by_ovh: Provider, asked: UUID
) -> None:
    forged = await web.post("/api/sms/ovh", json={"id": 7, "sender": PHONE, "message": "Oui"})
    empty = await web.get("/api/sms/ovh?id=&message=Oui")
    assert (forged.status_code, empty.status_code, kept()) == (400, 400, 0)
    by_ovh.incoming[7] = ovh_sms(7, "Non merci")
    by_ovh.failing = 503
    assert (await web.get("/api/sms/ovh?id=7&message=Oui")).status_code == 503
    by_ovh.failing = 0
    for method in ("GET", "POST"):  # told again, and the other way
        form = {"id": "7", "message": "Oui"}
        told = {"params": form} if method == "GET" else {"data": form}
        assert (await web.request(method, "/api/sms/ovh", **told)).status_code == 200  # type: ignore[arg-type]
    assert (kept(), mandate_row(asked).status) == (1, MandateStatus.REFUSED)


async def test_what_could_not_be_acted_on_is_kept_for_the_job(
    web: httpx.AsyncClient, brevo: Provider, asked: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(incoming_sms, "handle", fail)
        assert (await web.post("/api/sms/brevo", json=brevo_event("Oui"), headers=TOKEN)).status_code == 200
    assert (kept(), mandate_row(asked).status) == (1, MandateStatus.PRESENTED)
    assert incoming_sms.handle_waiting() == "1 handled"
    assert mandate_row(asked).status is MandateStatus.CONSENTED


async def test_a_lost_call_is_made_up_for_by_the_job(
    committed: Database, by_ovh: Provider, asked: UUID
) -> None:
    by_ovh.incoming[7] = ovh_sms(7, "Oui")
    assert [incoming_sms.fetch_recent(), incoming_sms.fetch_recent()] == ["1 seen", "0 seen"]
    assert incoming_sms.handle_waiting() == "1 handled"
    assert mandate_row(asked).status is MandateStatus.CONSENTED


async def test_in_the_demonstration_nobody_calls(web: httpx.AsyncClient, committed: Database) -> None:
    assert (await web.post("/api/sms/console", json={"id": 7})).status_code == 403
    assert kept() == 0
