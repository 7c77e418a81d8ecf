"""A page's socket belongs to the session that opened the page, and comes from our own pages; a real server."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.pages.guarded_server import Guarded, bruno, eventually, guarded, tabs
from tests.socket_client import Refused, SocketClient

__all__ = ["bruno", "guarded", "tabs"]


def test_another_person_s_socket_cannot_act_on_a_page(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    """Executed by the framework: the id of the page is all it asks for."""
    hers, his = tabs(guarded.sign_in("aline")), tabs(bruno)
    button = hers.find("Visible")
    his.fire(button, "click", {}, listener=hers.listener(button, "click"), client_id=hers.client_id)
    his.fire(his.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, his.client_id), ["Visible"])
    assert guarded.effects(bruno, hers.client_id) == []


def test_a_socket_speaks_for_its_own_page_only(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    one, two = tabs(bruno), tabs(bruno)
    button = one.find("Visible")
    two.fire(button, "click", {}, listener=one.listener(button, "click"), client_id=one.client_id)
    two.fire(two.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, two.client_id), ["Visible"])
    assert guarded.effects(bruno, one.client_id) == []


@pytest.mark.parametrize("query", [{"tab_id": ""}, {"document_id": ""}, {"next_message_id": "x"}])
def test_a_handshake_that_no_browser_makes_is_refused(
    guarded: Guarded, bruno: str, query: dict[str, str]
) -> None:
    before = len(guarded.log)
    tab = guarded.page(bruno).connect(**query)
    assert not tab.is_connected
    assert tab.messages == [("refused", {"message": "Implicit handshake failed"})]
    assert guarded.log[before:] == ""
    tab.close()


def test_another_person_cannot_open_a_socket_on_a_page(guarded: Guarded, bruno: str) -> None:
    hers = guarded.page(guarded.sign_in("aline"))
    thief = SocketClient(guarded.base, bruno)
    thief.client_id, thief.tab_id = hers.client_id, hers.tab_id
    with pytest.raises(Refused) as refused:
        thief.connect()
    assert refused.value.status == 403
    hers.connect().close()  # the page is still its owner's


def test_another_person_cannot_shake_hands_later_for_a_page(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    hers, his = guarded.page(guarded.sign_in("aline")), guarded.page(bruno)
    his.connect(implicit_handshake="false")
    his.emit("handshake", {"client_id": hers.client_id, "tab_id": hers.tab_id, "document_id": "x"})
    button = hers.find("Visible")
    his.fire(button, "click", {}, listener=hers.listener(button, "click"), client_id=hers.client_id)
    his.emit("handshake", {"client_id": his.client_id, "tab_id": his.tab_id, "document_id": "y"})
    his.fire(his.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, his.client_id), ["Visible"])
    assert guarded.effects(bruno, hers.client_id) == []
    his.close()


def test_a_socket_names_exactly_one_page(guarded: Guarded, bruno: str) -> None:
    hers, his = guarded.page(guarded.sign_in("aline")), guarded.page(bruno)
    with pytest.raises(Refused) as refused:
        his.connect(client_id="")
    assert refused.value.status == 403
    address = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
    with guarded.http(bruno) as browser:
        answer = browser.get(f"{address}&client_id={his.client_id}&client_id={hers.client_id}")
    assert answer.status_code == 403


def test_an_anonymous_socket_that_knows_the_page_is_refused(guarded: Guarded) -> None:
    hers = guarded.page(guarded.sign_in("aline"))
    stranger = SocketClient(guarded.base)
    stranger.client_id, stranger.tab_id = hers.client_id, hers.tab_id
    with pytest.raises(Refused) as refused:
        stranger.connect()
    assert refused.value.status == 403
    with guarded.http("") as browser:
        polled = browser.get(
            f"/_nicegui_ws/socket.io/?EIO=4&transport=polling&client_id={hers.client_id}",
            headers={"Accept": "*/*", "Sec-Fetch-Dest": "empty"},
        )
    assert polled.status_code == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "none", "http://127.0.0.1:1"])
def test_a_socket_from_another_site_is_refused(guarded: Guarded, bruno: str, origin: str) -> None:
    page = guarded.page(bruno, origin=origin)
    with pytest.raises(Refused) as refused:
        page.connect()
    assert refused.value.status == 403
    if origin != "none":
        with guarded.http(bruno, Origin=origin) as browser:
            address = f"/_nicegui_ws/socket.io/?EIO=4&transport=polling&client_id={page.client_id}"
            assert browser.get(address).status_code == 403


def test_a_polled_connection_belongs_to_who_opened_it(guarded: Guarded, bruno: str) -> None:
    cookie = guarded.sign_in("aline")
    hers, his = guarded.page(cookie), guarded.page(bruno)
    address = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
    with guarded.http(cookie) as browser:
        opened = browser.get(
            f"{address}&client_id={hers.client_id}&implicit_handshake=true&document_id=d&tab_id=t&next_message_id=0"
        )
        pipe = json.loads(opened.text[1:])["sid"]
    stolen = f"{address}&client_id={his.client_id}&sid={pipe}"
    with guarded.http(bruno) as browser:
        assert browser.post(stolen, content="40").status_code == 403
        assert browser.get(stolen).status_code == 403
    with guarded.http(cookie) as browser:
        assert browser.post(f"{address}&client_id={hers.client_id}&sid={pipe}", content="40").status_code == 200
