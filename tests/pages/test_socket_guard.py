"""Each forgery of nicegui.md, section 5.1, that comes through a socket: none of them does anything.

A real server, a client that says whatever it is told to. A forged event is followed by an honest one on the
same socket: once that one has had its effect, the forged one has had its chance. «Executed» is what the
framework alone did.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest

from tests.pages.guarded_server import Guarded, eventually, guarded
from tests.socket_client import Refused, SocketClient

__all__ = ["guarded"]


@pytest.fixture
def tabs(guarded: Guarded) -> Iterator[Callable[..., SocketClient]]:
    """Open the page of trials, in as many tabs as wanted."""
    opened: list[SocketClient] = []

    def open_tab(cookie: str, **options: str) -> SocketClient:
        opened.append(guarded.page(cookie, **options))
        return opened[-1].connect()

    yield open_tab
    for tab in opened:
        tab.close()


@pytest.fixture(scope="module")
def bruno(guarded: Guarded) -> str:
    """The cookie of somebody else, who stays signed in."""
    return guarded.sign_in("bruno")


def test_what_a_person_can_do_works(guarded: Guarded, tabs: Callable[..., SocketClient]) -> None:
    cookie = guarded.sign_in("aline")
    tab = tabs(cookie)
    tab.fire(tab.find("Visible"), "click", {})
    tab.fire(tab.find("Libre"), "update:value", "bonjour")
    tab.fire(tab.find("Dans un dialogue ouvert"), "click", {})
    eventually(
        lambda: guarded.effects(cookie, tab.client_id), ["Visible", "libre bonjour", "Dans un dialogue ouvert"]
    )


@pytest.mark.parametrize(
    ("text", "event", "argument"),
    [
        ("Caché", "click", {}),
        ("Désactivé", "click", {}),
        ("props disable", "click", {}),  # executed by the framework
        ("Sous un parent caché", "click", {}),  # executed
        ("Dans un fieldset disabled", "click", {}),  # executed
        ("Sous props disable", "click", {}),  # executed
        ("Sous un parent désactivé", "click", {}),  # executed
        ("Dans un dialogue fermé", "click", {}),  # executed
        ("Lecture seule", "update:value", "changé"),  # executed
    ],
)
def test_what_nobody_can_reach_does_nothing(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str, text: str, event: str, argument: object
) -> None:
    tab = tabs(bruno)
    tab.fire(tab.find(text), event, argument)
    tab.fire(tab.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["Visible"])


def test_the_browser_cannot_open_a_dialog(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    tab = tabs(bruno)
    tab.fire(tab.find(**{"aria-label": "fermé"}), "update:modelValue", True)
    tab.fire(tab.find("Dans un dialogue fermé"), "click", {})
    tab.fire(tab.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["Visible"])


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "text",
        {},
        {"client_id": None},
        {"client_id": ["x"]},
        {"id": "0"},
        {"id": 999_999},
        {"id": True},
        {"listener_id": None},
        {"listener_id": "00000000-0000-0000-0000-000000000000"},
        {"args": "text"},
        {"args": [1]},
        {"args": ["{"]},
        {"args": {}},
    ],
    ids=json.dumps,
)
def test_malformed_events_do_nothing_and_are_no_failure(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str, message: object
) -> None:
    tab = tabs(bruno)
    button = tab.find("Visible")
    honest = {"id": button, "client_id": tab.client_id, "listener_id": tab.listener(button, "click")}
    before = len(guarded.log)
    tab.emit("event", honest | {"args": ["{}"]} | message if isinstance(message, dict) and message else message)
    tab.fire(button, "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["Visible"])
    assert "Traceback" not in guarded.log[before:]


@pytest.mark.parametrize("name", ["event", "handshake", "ack", "javascript_response", "log", "invented"])
@pytest.mark.parametrize("payload", [None, 1, {}, {"client_id": "x"}, {"client_id": {}, "level": "error"}])
def test_no_message_makes_the_server_fail(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str, name: str, payload: object
) -> None:
    tab = tabs(bruno)
    before = len(guarded.log)
    tab.emit(name, payload)
    tab.send(f'42["{name}"]')
    tab.fire(tab.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["Visible"])
    assert guarded.log[before:] == ""


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


def test_signing_out_in_one_tab_closes_the_others(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    """Executed by the framework: the other tabs go on."""
    cookie = guarded.sign_in("aline")
    one, two, elsewhere = tabs(cookie), tabs(cookie), tabs(bruno)
    assert guarded.sign_out(cookie).status_code == 303
    for tab in (one, two):
        opened = tab.wait_for(lambda message: message[0] == "open")
        assert opened[1] == {"path": "/connexion", "new_tab": False}
        tab.wait_for(lambda message: message[0] == "disconnected")
        tab.fire(tab.find("Visible"), "click", {})
    elsewhere.fire(elsewhere.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, elsewhere.client_id), ["Visible"])
    assert guarded.effects(bruno, one.client_id) == []
    assert guarded.effects(bruno, two.client_id) == []
    assert elsewhere.is_connected


def test_a_page_left_open_past_the_end_of_its_session_leaves_and_comes_back(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    cookie = guarded.sign_in("aline")
    tab = tabs(cookie)
    tab.fire(tab.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["Visible"])
    guarded.execute(
        "UPDATE auth_session SET expires_at = '2020-01-01 00:00:00' WHERE account_id ="
        " (SELECT id FROM account WHERE email = ?)", "aline@demo.example",
    )  # fmt: skip
    deadline = time.monotonic() + 10  # what is known may be five seconds old
    while not any(name == "open" for name, _ in tab.messages) and time.monotonic() < deadline:
        tab.fire(tab.find("Visible"), "click", {})
        time.sleep(0.25)
    assert tab.wait_for(lambda message: message[0] == "open")[1]["path"] == "/connexion?suite=%2Fessai"
    done = len(guarded.effects(bruno, tab.client_id))
    tab.fire(tab.find("Visible"), "click", {})
    assert len(guarded.effects(bruno, tab.client_id)) == done


def test_nothing_of_the_browser_is_written_in_the_log(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    tab = tabs(bruno)
    for level in ("debug", "info", "warning", "error"):
        tab.emit("log", {"client_id": tab.client_id, "level": level, "message": "ligne forgée"})
    tab.fire(tab.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["Visible"])
    assert "ligne forgée" not in guarded.log


@pytest.mark.parametrize("size", [201_000, 2_000_000])
def test_a_frame_that_is_too_large_closes_the_socket(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str, size: int
) -> None:
    tab = tabs(bruno)
    tab.fire(tab.find("Libre"), "update:value", "x" * size)
    assert tab.closed.wait(5)
    assert guarded.effects(bruno, tab.client_id) == []


def test_a_long_text_still_goes_through(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    tab = tabs(bruno)
    tab.fire(tab.find("Libre"), "update:value", "x" * 190_000)
    eventually(lambda: [len(effect) for effect in guarded.effects(bruno, tab.client_id)], [190_006])
