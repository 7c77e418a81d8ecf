"""The page that verifies a mandate: the same for all before the sign-in; a file compared, and kept nowhere."""

from __future__ import annotations

import html
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app import mandate_papers
from app.config import settings
from app.mandate_document.code import new_code, shown_code
from app.security import sessions
from app.security.throttling import LOOKS_PER_ORIGIN
from app.work import Database
from pages.public import verify
from pages.public.skeleton import refusal_page
from pages.shell.session import Guard
from tests.app.scenes import act, draft, mandate, mandate_row, revoke
from tests.conftest import Cast

HOST = "http://127.0.0.1:8080"


@asynccontextmanager
async def browser(who: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """Open a browser on the service behind its guard, signed in or not."""
    service = FastAPI(openapi_url=None)
    service.include_router(verify.router)
    service.add_middleware(Guard, show=refusal_page)
    cookies = {}
    if who:
        opened = sessions.sign_in(f"{who}@demo.example", "demonstration", "192.0.2.9", "Essai")
        cookies = {"sid": opened.token}
    transport = httpx.ASGITransport(service, client=("192.0.2.1", 1))
    headers = {"Origin": HOST, "Accept": "text/html"}
    async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies=cookies, headers=headers) as one:
        yield one


@pytest.fixture
def held(committed: Database, cast: Cast) -> UUID:
    """Give a mandate in force."""
    return mandate(cast, draft(cast))


def words(answer: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def code_of(mandate_id: UUID) -> str:
    return mandate_row(mandate_id).code or ""


async def test_anybody_gets_a_page_of_one_length_in_one_time(held: UUID, cast: Cast) -> None:
    ended = mandate(cast, draft(cast))
    revoke(cast, ended)
    pages, times = [], []
    async with browser() as anybody:
        await anybody.get("/verifier/nonsense")  # whatever is made once is made
        for code in (code_of(held), code_of(ended), new_code(), "U" * 16):
            begun = time.perf_counter()
            pages.append(await anybody.get(f"/verifier/{code}"))
            times.append(time.perf_counter() - begun)
    said = [words(page) for page in pages]
    for text, state in zip(
        said,
        ("Mandat en vigueur", "Mandat terminé", "Code inconnu", "Ce n’est pas un code de mandat"),
        strict=True,
    ):
        assert state in text
        assert "Kaddour" not in text
        assert "S.\u00a0K." not in text
    assert len({len(page.content) for page in pages[:3]}) == 1
    assert min(times) >= 0.1
    for page in pages:
        assert page.status_code == 200
        assert page.headers["x-robots-tag"] == "noindex"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
        assert "<script" not in page.text
        assert page.text.count("<h1>") == 1


async def test_who_is_signed_in_sees_whose_it_is_and_types_the_short_code(held: UUID) -> None:
    short = mandate_row(held).short_code or ""
    async with browser("chloe") as chloe:
        asked = await chloe.get("/verifier", params={"code": shown_code(short).lower()})
        assert (asked.status_code, asked.headers["location"]) == (303, f"/verifier/{short}")
        said = words(await chloe.get(asked.headers["location"]))
        assert "S.\u00a0K." in html.unescape(said).replace("S. K.", "S.\u00a0K.")
        assert "Comparer le PDF" in said
        assert "Kaddour" not in said
        again = await chloe.get("/verifier", params={"code": "trop court"})
        assert again.status_code == 422
        assert 'aria-invalid="true"' in again.text
    async with browser() as anybody:
        said = words(await anybody.get(f"/verifier/{short}"))
        assert "Code court Connectez-vous, ou écrivez le code de 16 caractères." in said
        assert "Code inconnu" not in said
        assert await shapes(anybody, short, "0" * 8) == 1
        assert "Un code court ne se vérifie qu’une fois connecté." in said
    async with browser("denis") as denis:
        assert "S. K." not in words(await denis.get(f"/verifier/{code_of(held)}"))


async def shapes(one: httpx.AsyncClient, *codes: str) -> int:
    """Return how many lengths the pages of these codes have: none may tell that a short code exists."""
    return len({len((await one.get(f"/verifier/{code}")).content) for code in codes})


async def test_a_pdf_is_compared_and_one_changed_bit_is_seen(held: UUID, cast: Cast) -> None:
    with act(cast, "aline") as work:
        pdf = mandate_papers.pdf(work, held).content
    address = f"/verifier/{code_of(held)}"
    changed = pdf[:5000] + bytes([pdf[5000] ^ 1]) + pdf[5001:]
    async with browser("bruno") as bruno:
        for content, sentence in (
            (pdf, "Ce PDF est bien le document"),
            (changed, "Ce PDF n’est pas le document"),
        ):
            answer = await bruno.post(address, files={"fichier": ("mandat.pdf", content, "application/pdf")})
            assert answer.status_code == 200
            assert sentence in words(answer)
        answer = await bruno.post(address, files={"fichier": ("", b"", "application/octet-stream")})
        assert answer.status_code == 422
        large = b"x" * (settings().max_file_bytes + 1)
        answer = await bruno.post(address, files={"fichier": ("gros.pdf", large, "application/pdf")})
        assert answer.status_code == 413
        for body, kind in ((b"abc", "multipart/form-data; boundary=x"), (b"abc", "text/plain"), (b"", "")):
            answer = await bruno.post(address, content=body, headers={"Content-Type": kind})
            assert answer.status_code == 422
        foreign = await bruno.post(address, content=b"", headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
    async with browser() as anybody:
        answer = await anybody.post(address, files={"fichier": ("mandat.pdf", pdf, "application/pdf")})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/connexion?suite=%2Fverifier%2F")


async def test_too_many_looks_must_wait_and_no_log_holds_a_code(
    held: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # that is the visitor's own
    code = code_of(held)
    async with browser() as anybody:
        first = await anybody.get(f"/verifier/{code}")
        assert first.status_code == 200
        refused = first
        for _ in range(LOOKS_PER_ORIGIN):
            refused = await anybody.get(f"/verifier/{code}")
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "900"
        assert "en vigueur" not in words(refused)
    assert code not in caplog.text
