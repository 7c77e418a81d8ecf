"""«Boîte d’essai»: what the demonstration would have sent is there at once, and is answered there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app import outbox, outbox_sending
from app.phones import phone_key
from app.work import ByNobody, acting
from models.enums import Channel, MandateStatus, MandateWay
from models.mandate import Mandate
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.shell import live
from pages.shell.page import Outlet
from tests.app.configured import Configure, configured
from tests.app.scenes import draft, mandate_row, present
from tests.conftest import Cast
from tests.pages.test_screens import Tab, tab

__all__ = ["configured", "tab"]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
BOX, PHONE = "/demonstration/boite", "+33612345678"


def ask(cast: Cast, phone: str = PHONE) -> UUID:
    """Ask for a mandate by SMS now, as the ways do."""
    now = datetime.now(UTC)
    mandate_id = present(cast, draft(cast, at=now), at=now)
    with acting(ByNobody(), at=now) as work:
        row = work.session.get_one(Mandate, mandate_id)
        row.way, row.contact, row.phone_key = (
            MandateWay.SMS_REPLY,
            {"phone": phone, "capacity": "self"},
            phone_key(work.vault, phone),
        )
        text = f"Répondez OUI ou NON à {phone[-2:]}."
        outbox.put(work, Channel.SMS, "mandate-ask", phone, text, dedupe_key=str(mandate_id), about=mandate_id)
    return mandate_id


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until the page says so, twenty seconds at most."""
    for _ in range(400):
        if is_so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it was not shown")


def said(tab: Tab) -> str:
    return "\n".join(one.content for one in tab.all(Fragment))


async def test_an_sms_is_answered_as_the_person_would(tab: Tab, cast: Cast) -> None:
    mandate_id = ask(cast)
    await tab.sign_in("bruno")
    await tab.user.open(BOX)
    assert "Répondez OUI ou NON à 78." in said(tab)
    assert "En attente" in said(tab)
    outbox_sending.run()
    await until(lambda: "En attente" not in said(tab))
    assert await tab.fire(tab.press("Répondre OUI"), "press") == ""
    assert mandate_row(mandate_id).status is MandateStatus.CONSENTED
    await until(lambda: ">OUI<" in said(tab))


async def test_what_is_typed_goes_the_same_way(tab: Tab, cast: Cast) -> None:
    mandate_id = ask(cast)
    await tab.sign_in("aline")
    await tab.user.open(BOX)
    (text,) = tab.all(Field)
    await tab.fire(text, "typed", "Oui")
    await tab.fire(tab.press("Envoyer la réponse"), "press")
    assert mandate_row(mandate_id).status is MandateStatus.PRESENTED  # it has not left
    outbox_sending.run()
    for wrong in ("", "x" * 161):
        await tab.fire(text, "typed", wrong)
        await tab.fire(tab.press("Envoyer la réponse"), "press")
        assert text.error == "Écrivez une réponse de 160\u00a0caractères au plus."
    await tab.fire(text, "typed", "<b>Non</b> merci")
    await tab.fire(tab.press("Envoyer la réponse"), "press")
    assert text.error == ""
    await until(lambda: "&lt;b&gt;Non&lt;/b&gt; merci" in said(tab))
    assert mandate_row(mandate_id).status is MandateStatus.PRESENTED  # «b» is no word of an answer


async def test_what_comes_while_it_is_open_is_shown(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("aline")
    await tab.user.open(BOX)
    assert "Aucun SMS pour l’instant." in said(tab)
    ask(cast)
    await until(lambda: "OUI ou NON à 78." in said(tab))
    assert "Aucun SMS pour l’instant." not in said(tab)
    ask(cast, "+33698765432")
    await until(lambda: "OUI ou NON à 32." in said(tab))
    with acting(ByNobody()) as work:
        outbox.put(
            work, Channel.MAIL, "x", "samira@exemple.fr", "Lisez http://127.0.0.1:8080/mandat/abc.",
            dedupe_key="m", subject="Votre reçu", html="<script>alert(1)</script>",
        )  # fmt: skip
    await until(lambda: "Votre reçu" in said(tab))
    assert '<a href="/mandat/abc" data-plain="">http://127.0.0.1:8080/mandat/abc</a>.' in said(tab)
    assert "<script" not in said(tab)
    (outlet,) = tab.all(Outlet)
    await outlet.show("/compte")
    assert live.OUTBOX not in live._watchers


async def test_elsewhere_than_in_the_demonstration_there_is_none(
    tab: Tab, cast: Cast, configured: Configure
) -> None:
    await tab.sign_in("aline")
    assert (await tab.user.http_client.get(BOX)).status_code == 200
    configured()
    assert (await tab.user.http_client.get(BOX)).status_code == 404
