"""«Envois»: administrators see what could not leave, and have it tried again; nobody else enters."""

from __future__ import annotations

import pytest

from app import outbox
from app.work import ByNobody, acting, reading
from models.enums import Channel, OutgoingStatus
from models.outbox import Outgoing
from pages.components.fragment import Fragment
from tests.conftest import Cast
from tests.pages.test_screens import Tab, tab

__all__ = ["tab"]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PLACE = "/administration/envois"


async def test_what_was_given_up_is_tried_again(tab: Tab, cast: Cast) -> None:
    with acting(ByNobody()) as work:
        id_ = outbox.put(
            work,
            Channel.MAIL,
            "notices",
            "bernard@exemple.fr",
            "Bonjour.",
            dedupe_key="1",
            subject="Du nouveau",
        )
        row = work.session.get_one(Outgoing, id_)
        row.status, row.fault, row.tries = OutgoingStatus.FAILED, "bad_address", 1
    await tab.sign_in("denis")
    await tab.user.open(PLACE)
    shown = next(one for one in tab.all(Fragment) if "Abandonné" in one.content)
    assert "b…@…fr" in shown.content
    assert "bernard" not in tab.shown
    assert "Du nouveau" not in tab.shown
    assert tab.press("Tout réessayer").visible
    assert await tab.fire(shown, "act", {"act": "retry", "id": str(id_), "number": 1}) == ""
    with reading(ByNobody()) as work:
        assert work.session.get_one(Outgoing, id_).status is OutgoingStatus.WAITING
    assert "Tout est parti" in shown.content
    assert not tab.press("Tout réessayer").visible
    assert await tab.fire(shown, "act", {"act": "retry", "id": str(id_), "number": 2}), "it waits already"


@pytest.mark.parametrize("who", ["aline", "marc", "colette", "olivier"])
async def test_nobody_else_enters(tab: Tab, cast: Cast, who: str) -> None:
    await tab.sign_in(who)
    answer = await tab.user.http_client.get(PLACE)
    assert answer.status_code == 403
    assert "réservée aux administrateurs" in answer.text
    await tab.user.open("/demandes")
