"""Each forgery of nicegui.md, section 5.1, that comes through a socket: none of them does anything.

A real server, a client that says whatever it is told to. A forged event is followed by an honest one on the
same socket: once that one has had its effect, the forged one has had its chance. «Executed» is what the
framework alone did.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from pages.shell.late import TOO_LATE
from tests.pages.guarded_server import Guarded, bruno, eventually, guarded, tabs
from tests.socket_client import SocketClient

__all__ = ["bruno", "guarded", "tabs"]

ENDED = "/connexion?suite=%2Fessai&raison=fin"


def expire(guarded: Guarded, name: str) -> None:
    """Let the time of somebody's sessions be over."""
    guarded.execute(
        "UPDATE auth_session SET expires_at = '2020-01-01 00:00:00'"
        " WHERE account_id = (SELECT id FROM account WHERE email = ?)",
        f"{name}@demo.example",
    )


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


def answers(tab: SocketClient) -> int:
    """How many presses were said to come too late."""
    return sum(
        name == "run_javascript" and json.dumps(TOO_LATE) in payload["code"] for name, payload in tab.messages
    )


def test_a_press_that_comes_after_its_button_is_gone_is_answered(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    """Once: a line that comes back makes the browser say it again. Heard while it was there, it is no news."""
    tab = tabs(bruno)
    button = tab.find(text="Prendre")
    listener = tab.listener(button, "press")
    tab.fire(button, "press", 1)
    tab.fire(tab.find("Redessiner"), "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["pris", "redessiné"])
    for number in (1, 2, 2):
        tab.fire(button, "press", number, listener=listener)
    tab.fire(tab.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["pris", "redessiné", "Visible"])
    eventually(lambda: answers(tab), 1)


def test_a_press_on_a_button_put_away_is_answered(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    tab = tabs(bruno)
    tab.fire(tab.find(text="Rangé"), "press", 1)
    eventually(lambda: answers(tab), 1)
    assert guarded.effects(bruno, tab.client_id) == []


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
        {"args": ["[" * 20_000]},
    ],
    ids=lambda message: json.dumps(message)[:40],
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
@pytest.mark.parametrize("payload", [None, 1, {}, {"client_id": "x"}, {"client_id": "own"}, {"client_id": {}}])
def test_no_message_makes_the_server_fail(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str, name: str, payload: object
) -> None:
    tab = tabs(bruno)
    before = len(guarded.log)
    own = payload if payload != {"client_id": "own"} else {"client_id": tab.client_id}
    tab.emit(name, own)
    tab.send(f'42["{name}"]')
    tab.fire(tab.find("Visible"), "click", {})
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["Visible"])
    assert guarded.log[before:] == ""


def test_signing_out_in_one_tab_closes_the_others(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    """Executed by the framework: the other tabs go on."""
    cookie = guarded.sign_in("aline")
    one, two, elsewhere = tabs(cookie), tabs(cookie), tabs(bruno)
    assert guarded.sign_out(cookie).status_code == 303
    for tab in (one, two):
        opened = tab.wait_for(lambda message: message[0] == "open")
        assert opened[1] == {"path": ENDED, "new_tab": False}
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
    expire(guarded, "aline")
    deadline = time.monotonic() + 10  # what is known may be five seconds old
    while not any(name == "open" for name, _ in tab.messages) and time.monotonic() < deadline:
        tab.fire(tab.find("Visible"), "click", {})
        time.sleep(0.25)
    assert tab.wait_for(lambda message: message[0] == "open")[1]["path"] == ENDED
    done = len(guarded.effects(bruno, tab.client_id))
    tab.fire(tab.find("Visible"), "click", {})
    assert len(guarded.effects(bruno, tab.client_id)) == done


def test_a_page_nobody_touches_leaves_when_its_session_is_over(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    tab, elsewhere = tabs(guarded.sign_in("aline")), tabs(bruno)
    expire(guarded, "aline")
    with guarded.http(bruno) as browser:
        assert browser.get("/essai/regard").status_code == 200
    assert tab.wait_for(lambda message: message[0] == "open")[1]["path"] == ENDED
    tab.wait_for(lambda message: message[0] == "disconnected")
    assert elsewhere.is_connected


def test_a_browser_left_alone_does_not_keep_its_session(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    cookie = guarded.sign_in("aline")
    tab = tabs(cookie)
    with guarded.http(bruno) as browser:
        assert browser.get("/essai/oubli").status_code == 200
    guarded.execute("UPDATE auth_session SET last_seen_at = '2026-01-01 00:00:00'")
    for number in range(5):
        tab.emit("ack", {"client_id": tab.client_id, "next_message_id": number})
        tab.emit("javascript_response", {"client_id": tab.client_id, "request_id": "x", "result": number})
    again = SocketClient(guarded.base, cookie)
    again.client_id, again.tab_id = tab.client_id, tab.tab_id
    again.connect().close()
    with guarded.http(cookie) as browser:
        address = f"/_nicegui_ws/socket.io/?EIO=4&transport=polling&client_id={tab.client_id}"
        assert browser.get(address).status_code == 200
    assert guarded.count("auth_session WHERE last_seen_at > '2026-01-02'") == 0


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
    assert tab.closed.wait(10)
    assert guarded.effects(bruno, tab.client_id) == []


def test_a_long_text_still_goes_through(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    tab = tabs(bruno)
    tab.fire(tab.find("Libre"), "update:value", "x" * 190_000)
    eventually(lambda: [len(effect) for effect in guarded.effects(bruno, tab.client_id)], [190_006])
