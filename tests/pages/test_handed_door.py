"""The door of a screen handed over: what its cookie still opens, by HTTP and by socket; a real server."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from pages.shell.held import WAITS, place_of
from tests.pages.guarded_server import Guarded, bruno, eventually, guarded, tabs
from tests.socket_client import Refused, SocketClient

__all__ = ["bruno", "guarded", "tabs"]

# The same in each process that collects these tests: they are in their names.
MANDATE, ANOTHER = UUID(int=1 << 96), UUID(int=2 << 96)
PLACE = place_of(MANDATE)


def session_of(guarded: Guarded, cookie: str) -> UUID:
    with guarded.http(cookie) as browser:
        return UUID(browser.get("/essai/moi").json()["session_id"])


def hand_over(guarded: Guarded, cookie: str, witness: str, *, told: bool = True) -> UUID:
    """Bind a session to the mandate, as ``app.handing`` does; ``told``: with its signal."""
    session_id = session_of(guarded, cookie)
    guarded.execute(
        "UPDATE auth_session SET handed_mandate_id = ? WHERE id = ?", MANDATE.hex, session_id.hex
    )  # fmt: skip
    with guarded.http(witness) as browser:
        if told:
            browser.get("/essai/remise", params={"session": str(session_id), "mandate": str(MANDATE)})
        else:
            browser.get("/essai/oubli")
    return session_id


@pytest.fixture
def handed(guarded: Guarded, bruno: str) -> str:
    """The cookie of a session whose screen was handed over."""
    cookie = guarded.sign_in("aline")
    hand_over(guarded, cookie, bruno)
    return cookie


@pytest.mark.parametrize(
    "path",
    ["/", "/essai", "/essai/moi", "/connexion", "/demandes/1", "/nulle-part", f"/mandats/{MANDATE}",
     "/demandes/1/imprimer", "/demandes/1/demande.pdf",
     f"/mandats/{MANDATE}/mandat.pdf", f"/mandats/{MANDATE.hex}/signer", f"/mandats/{ANOTHER}/signer",
     f"{PLACE}/", f"{PLACE}x", "//essai", "/mandat/abc", "/verifier/abc"],
)  # fmt: skip
def test_a_visit_is_led_back_and_a_script_told(guarded: Guarded, handed: str, path: str) -> None:
    with guarded.http(handed) as browser:
        answer = browser.get(guarded.base + path)
        assert (answer.status_code, answer.headers["location"]) == (303, PLACE)
        assert answer.headers["cache-control"] == "no-store"
        script = browser.get(guarded.base + path, headers={"Accept": "application/json"})
        assert (script.status_code, script.json()) == (403, {"erreur": WAITS})
        for method in ("POST", "DELETE", "PUT"):
            assert browser.request(method, guarded.base + path).status_code == 403


def test_its_place_static_files_and_the_way_out_are_open(guarded: Guarded, handed: str, bruno: str) -> None:
    with guarded.http(handed) as browser:
        page = browser.get(PLACE)
        assert page.status_code == 200
        assert browser.get("/favicon.ico").status_code == 200
        script = page.text.split('src="/_nicegui/')[1].split('"')[0]
        assert browser.get(f"/_nicegui/{script}").status_code == 200
        assert browser.post("/connexion", data={"email": "bruno@demo.example"}).status_code == 403
    guarded.sign_out(handed)
    with guarded.http(handed) as browser:
        assert browser.get(PLACE).headers["location"].startswith("/connexion")


def test_open_pages_leave_and_the_place_stays(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    cookie, elsewhere = guarded.sign_in("aline"), guarded.sign_in("aline")
    tab, other = tabs(cookie), tabs(elsewhere)
    place = SocketClient(guarded.base, cookie).load(PLACE).connect()
    button, listener = tab.find("Visible"), tab.listener(tab.find("Visible"), "click")
    hand_over(guarded, cookie, bruno)
    assert tab.wait_for(lambda message: message[0] == "open")[1]["path"] == PLACE
    tab.fire(button, "click", {}, listener=listener)
    assert tab.closed.wait(10)
    place.fire(place.find("Ici"), "click", {})
    eventually(lambda: guarded.effects(bruno, place.client_id), ["Ici"])
    assert guarded.effects(bruno, tab.client_id) == []
    other.fire(other.find("Visible"), "click", {})  # another device of the same account
    eventually(lambda: guarded.effects(bruno, other.client_id), ["Visible"])
    place.close()


def test_a_page_whose_signal_was_missed_leaves_at_its_next_event(
    guarded: Guarded, tabs: Callable[..., SocketClient], bruno: str
) -> None:
    cookie = guarded.sign_in("aline")
    tab = tabs(cookie)
    hand_over(guarded, cookie, bruno, told=False)
    tab.fire(tab.find("Visible"), "click", {})
    assert tab.wait_for(lambda message: message[0] == "open")[1]["path"] == PLACE
    assert guarded.effects(bruno, tab.client_id) == []


def test_no_socket_is_opened_for_a_page_loaded_before(guarded: Guarded, bruno: str) -> None:
    cookie = guarded.sign_in("aline")
    page = guarded.page(cookie)
    hand_over(guarded, cookie, bruno, told=False)
    with pytest.raises(Refused) as refused:
        page.connect()
    assert refused.value.status == 403
