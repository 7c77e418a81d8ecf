"""The usager's page over HTTP, behind the door: plain, private, changed by its own form and by nothing else."""

from __future__ import annotations

import asyncio
import html
import logging
import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app import cases
from app.config import settings
from app.mandate_steps import in_force
from app.receipts import link_of
from app.security.pace import Pace
from app.work import ByNobody, reading
from models.enums import MandateStatus, Outcome, Usefulness
from models.mandate import Mandate
from pages.public import usager
from pages.public.skeleton import refusal_page
from pages.shell.session import Guard
from tests.app.scenes import GUISE, act, draft, mandate, mandate_row, present, sent_case
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("committed", "clock")
FORM = {"Origin": "http://127.0.0.1:8080"}


@pytest.fixture(autouse=True)
def paced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a visitor who was never here."""
    monkeypatch.setattr(usager, "_lost", Pace(limit=3, window=60))


@pytest.fixture
def mandate_id(cast: Cast) -> UUID:
    case_id = sent_case(cast)
    with reading(ByNobody()) as work:
        return in_force(work, case_id)[0].id


@pytest.fixture
def link(mandate_id: UUID) -> str:
    with reading(ByNobody()) as work:
        return link_of(work, work.session.get_one(Mandate, mandate_id)).removeprefix(settings().address)


@pytest.fixture
def application() -> FastAPI:
    made = FastAPI()
    made.add_middleware(Guard, show=refusal_page)
    made.include_router(usager.router)
    return made


def ask(application: FastAPI, method: str, path: str, **headers: str) -> httpx.Response:
    """Send one request as a browser that follows nothing."""

    async def send() -> httpx.Response:
        door: Any = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=door, base_url=settings().address) as browser:
            return await browser.request(method, path, headers={"Accept": "text/html", **headers})

    return asyncio.run(send())


def words(answer: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def test_it_says_everything_to_who_has_no_account(application: FastAPI, link: str) -> None:
    answer = ask(application, "GET", link)
    assert answer.status_code == 200
    said = words(answer)
    for part in (
        GUISE, "Caisse d’allocations familiales", "Logement", "Il est en cours", "23 mai 2027",
        "Mme Samira Kaddour", "J’annule mon accord", "demander vos données",
        "Personne ne doit vous demander un mot de passe",
        "To cancel it", "Para anularlo", "Para o anular", "اضغط", "натисніть", "düğmeye",
    ):  # fmt: skip
        assert part in said, part
    assert "<script" not in answer.text
    assert 'lang="ar" dir="rtl"' in answer.text
    assert answer.text.count("<h1>") == 1


@pytest.mark.parametrize(
    ("end", "referrer"), [("", "no-referrer"), ("/reprendre", "strict-origin"), ("x", "no-referrer")]
)
def test_it_is_kept_out_of_caches_searches_and_referers(
    application: FastAPI, link: str, end: str, referrer: str
) -> None:
    headers = ask(application, "GET", link + end).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["referrer-policy"] == referrer
    assert "script-src" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_looking_at_it_changes_nothing(application: FastAPI, link: str, mandate_id: UUID) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in (link, f"{link}/reprendre"):
            ask(application, method, path)
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert ask(application, "POST", f"{link}/reprendre", **headers).status_code == 403
    assert ask(application, "POST", link, **FORM).status_code == 405
    assert mandate_row(mandate_id).status is MandateStatus.ACTIVE


def test_it_is_taken_back_after_a_question_and_once(application: FastAPI, link: str, mandate_id: UUID) -> None:
    question = ask(application, "GET", f"{link}/reprendre")
    assert f'<form method="post" action="{link}/reprendre">' in question.text
    assert "Je garde mon accord" in words(question)
    for _ in range(2):
        answer = ask(application, "POST", f"{link}/reprendre", **FORM)
        assert (answer.status_code, answer.headers["location"]) == (303, link)
    row = mandate_row(mandate_id)
    assert (row.status, row.end_reason) == (MandateStatus.REVOKED, "par le lien reçu")
    for path in (link, f"{link}/reprendre"):
        after = ask(application, "GET", path)
        assert "Votre accord est annulé" in words(after)
        assert "ne peut plus écrire à votre place" in words(after)
        assert "<form" not in after.text
        assert "J’annule mon accord" not in words(after)


def test_what_ended_with_its_case_says_so_and_is_taken_back(
    application: FastAPI, cast: Cast, link: str, mandate_id: UUID
) -> None:
    with act(cast, "aline") as work:
        cases.close(work, mandate_row(mandate_id).case_id, Outcome.SOLVED, Usefulness.VERY)
    shown = ask(application, "GET", link)
    said = words(shown)
    for part in ("Votre accord est terminé", "avec votre demande", f"Si {GUISE} rouvre la demande, il servira"):
        assert part in said, part
    assert "Il est en cours" not in said
    assert f'href="{link}/reprendre"' in shown.text
    question = ask(application, "GET", f"{link}/reprendre")
    assert "Votre demande est close. Si elle est rouverte, cet accord ne servira plus." in words(question)
    assert f'<form method="post" action="{link}/reprendre">' in question.text
    assert ask(application, "POST", f"{link}/reprendre", **FORM).status_code == 303
    assert mandate_row(mandate_id).status is MandateStatus.REVOKED
    after = words(ask(application, "GET", link))
    assert "Votre accord est annulé" in after
    assert "J’annule mon accord" not in after


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_leads_nowhere(application: FastAPI, link: str, method: str) -> None:
    end = "/reprendre" if method == "POST" else ""
    shapes = set()
    for path in (link[:-1], link[:-1] + ("A" if link[-1] != "A" else "B"), "/mandat/%00"):
        answer = ask(application, method, path + end, **FORM)
        assert answer.status_code == 404
        shapes.add(answer.text)
    assert len(shapes) == 1
    assert "Ce lien ne sert plus" in shapes.pop()


def test_who_tries_addresses_waits_and_a_link_that_leads_somewhere_never(
    application: FastAPI, link: str, clock: Any
) -> None:
    """A town hall is one address: what a neighbour tries does not keep somebody from taking back."""
    for number in range(3):
        assert ask(application, "GET", f"/mandat/{number}").status_code == 404
    answer = ask(application, "GET", "/mandat/3")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert ask(application, "GET", link).status_code == 200
    assert ask(application, "POST", f"{link}/reprendre", **FORM).status_code == 303


def test_the_door_opens_for_these_addresses_only(application: FastAPI) -> None:
    for path in (
        "/mandat",
        "/mandat/",
        "/mandat/x/autre",
        "/mandat/x/reprendre/",
        f"/mandat/{'x' * 101}",
        "/mandats/x",
    ):
        assert ask(application, "GET", path).status_code == 303, path


def test_the_log_holds_no_link(
    application: FastAPI, link: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    token = link.rpartition("/")[2]
    ask(application, "GET", link)
    monkeypatch.setattr("app.usager_control.own_mandate", lambda *_: 1 / 0)
    assert ask(application, "GET", link).status_code == 500
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert ours
    assert token not in "".join(caplog.handler.format(record) for record in ours)


def test_a_mandate_that_is_not_given_yet_has_no_way_back(application: FastAPI, cast: Cast) -> None:
    case_id = sent_case(cast)
    asked = present(cast, case_id)
    with act(cast, "aline") as work:
        link = link_of(work, work.session.get_one(Mandate, asked)).removeprefix(settings().address)
    said = words(ask(application, "GET", link))
    assert f"{GUISE} vous demande votre accord" in said
    assert "J’annule mon accord" not in said
    assert "Donné le" not in said


def test_before_the_case_is_sent_no_organisation_is_said_to_be_told(application: FastAPI, cast: Cast) -> None:
    given = mandate(cast, draft(cast))
    with reading(ByNobody()) as work:
        link = link_of(work, work.session.get_one(Mandate, given)).removeprefix(settings().address)
    assert 'lang="ar"' in ask(application, "GET", f"{link}/reprendre").text  # asked in Arabic too
    assert ask(application, "POST", f"{link}/reprendre", **FORM).status_code == 303
    said = words(ask(application, "GET", link))
    assert "Votre conseiller est prévenu. Rien n’a été transmis." in said
    assert "organismes sont prévenus" not in said
