"""The door on HTTP: who is let in, from where, with how much, and what every answer carries; a real server."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.responses import Response

from app.config import Settings
from pages.shell import session
from tests.pages.guarded_server import Guarded, bruno, eventually, guarded
from tests.socket_client import Refused, SocketClient

__all__ = ["bruno", "guarded"]


def test_an_old_cookie_is_worth_nothing_after_signing_out(guarded: Guarded) -> None:
    cookie = guarded.sign_in("aline")
    page = guarded.page(cookie)
    guarded.sign_out(cookie)
    with guarded.http(cookie) as browser:
        answer = browser.get("/essai?x=1")
        ended = "/connexion?suite=%2Fessai%3Fx%3D1&raison=fin"
        assert (answer.status_code, answer.headers["location"]) == (303, ended)
        assert "Votre session s’est terminée." in browser.get(ended).text
    with pytest.raises(Refused):
        page.connect()


def upload(guarded: Guarded, tab: SocketClient, cookie: str, size: int, **headers: str) -> httpx.Response:
    url = next(
        element["props"]["url"] for element in tab.elements.values() if "url" in element.get("props", {})
    )
    with guarded.http(cookie, Accept="application/json", **headers) as browser:
        return browser.post(url, files={"file": ("a.txt", b"x" * size)})


def test_uploads_to_a_page_are_its_session_s(guarded: Guarded, bruno: str) -> None:
    """Without the guard: 200 for anybody, of any size."""
    cookie = guarded.sign_in("aline")
    tab = guarded.page(cookie).connect()
    assert upload(guarded, tab, "", 10).status_code == 401
    assert upload(guarded, tab, bruno, 10).status_code == 403
    assert upload(guarded, tab, cookie, 10, Origin="https://evil.example").status_code == 403
    assert upload(guarded, tab, cookie, 70_000).status_code == 413
    assert guarded.effects(bruno, tab.client_id) == []
    assert upload(guarded, tab, cookie, 10).status_code == 200
    eventually(lambda: guarded.effects(bruno, tab.client_id), ["fichier"])
    guarded.sign_out(cookie)
    assert upload(guarded, tab, cookie, 10).status_code == 401
    tab.close()


@pytest.mark.parametrize("origin", ["", "https://evil.example", "null", "http://127.0.0.1:1"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/deconnexion"), ("POST", "/connexion"), ("DELETE", "/x"), ("PUT", "/x")]
)
def test_changes_asked_by_another_site_are_refused(
    guarded: Guarded, bruno: str, method: str, path: str, origin: str
) -> None:
    with guarded.http(bruno, Origin=origin) as browser:
        assert browser.request(method, path).status_code == 403
        assert browser.get("/essai/moi").status_code == 200  # still signed in


def test_the_address_people_use_may_differ_from_the_host_behind_a_proxy(guarded: Guarded, bruno: str) -> None:
    with guarded.http(bruno, Host="service.example") as browser:
        assert browser.post("/essai/corps", content=b"abc").json() == 3  # APLUS_PUBLIC_URL, by default this one
        assert browser.post("/essai/corps", headers={"Origin": "http://service.example"}).status_code == 200
        assert browser.post("/essai/corps", headers={"Origin": "http://other.example"}).status_code == 403


def test_a_body_announced_too_large_is_refused_before_it_comes(guarded: Guarded, bruno: str) -> None:
    line = http.client.HTTPConnection(guarded.base.removeprefix("http://"), timeout=10)
    line.putrequest("POST", "/essai/corps")
    for name, value in {"Origin": guarded.base, "Cookie": f"sid={bruno}", "Content-Length": "65537"}.items():
        line.putheader(name, value)
    line.endheaders()
    assert line.getresponse().status == 413
    line.close()


def test_bodies_are_limited_announced_or_not(guarded: Guarded, bruno: str) -> None:
    def pieces(count: int) -> Iterator[bytes]:
        yield from (b"x" * 1024 for _ in range(count))

    with guarded.http(bruno) as browser:
        assert browser.post("/essai/corps", content=b"x" * 65_536).json() == 65_536
        assert browser.post("/essai/corps", content=b"x" * 65_537).status_code == 413
        assert browser.post("/essai/corps", content=pieces(64)).json() == 65_536
        assert browser.post("/essai/corps", content=pieces(65)).status_code == 413
        assert browser.post("/demandes/1/fichiers", content=pieces(100)).json() == 102_400


@pytest.mark.parametrize(
    "path",
    [
        "/essai",
        "/demandes",
        "/essai/moi",
        "/_nicegui/x",
        "/statique",
        "/connexion/",
        "/invente",
        "//evil.example/x",
    ],
)
def test_a_stranger_s_visit_goes_to_the_door(guarded: Guarded, path: str) -> None:
    with guarded.http() as browser:
        answer = browser.get(guarded.base + path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/connexion?suite=%2F")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Dest": "empty"}, {"Sec-Fetch-Dest": "image"}, {"Accept": "application/json"}]
)
def test_a_stranger_s_script_is_told(guarded: Guarded, headers: dict[str, str]) -> None:
    with guarded.http(**headers) as browser:
        answer = browser.get("/essai/moi")
        assert (answer.status_code, answer.json()) == (
            401, {"erreur": "Votre session est terminée. Reconnectez-vous pour continuer."},
        )  # fmt: skip
        for method in ("POST", "DELETE"):
            assert browser.request(method, "/demandes/1").status_code == 401


@pytest.mark.parametrize("path", ["/connexion", "/", "/favicon.ico", "/_nicegui/{version}/static/nicegui.js"])
def test_what_is_public_is_shown_to_strangers(guarded: Guarded, bruno: str, path: str) -> None:
    with guarded.http(bruno) as browser:
        found = re.search(r"/_nicegui/([\d.]+)/", browser.get("/essai").text)
    assert found is not None
    with guarded.http() as browser:
        answer = browser.get(path.format(version=found[1]))
    assert answer.status_code in (200, 303)
    assert "suite" not in answer.headers.get("location", "")


def test_the_state_says_who_asks(guarded: Guarded, bruno: str) -> None:
    with guarded.http(bruno) as browser:
        assert browser.get("/essai/moi").json()["account_name"] == "Bruno Essai"


def test_every_answer_carries_the_headers(guarded: Guarded, bruno: str) -> None:
    with guarded.http(bruno) as hers, guarded.http() as browser:
        answers = [
            browser.get("/connexion"), browser.get("/essai"), browser.post("/x"), browser.get("/favicon.ico"),
            hers.get("/essai"), hers.get("/essai/moi"), hers.get("/essai/panne"), hers.get("/nulle-part"),
            hers.post("/essai/corps", content=b"x" * 70_000), hers.post("/x", headers={"Origin": "null"}),
        ]  # fmt: skip
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["permissions-policy"] == "camera=(self), microphone=(), geolocation=()"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "strict-transport-security" not in answer.headers  # plain http on loopback


def test_each_page_s_scripts_carry_its_own_nonce(guarded: Guarded, bruno: str) -> None:
    nonces = []
    with guarded.http(bruno) as browser:
        for _ in range(2):
            page = browser.get("/essai")
            policy = page.headers["content-security-policy"]
            nonce = re.search(r"script-src 'self' 'nonce-([\w-]+)' 'unsafe-eval'", policy)
            assert nonce is not None
            assert "'unsafe-inline'" not in policy.split("style-src")[0]
            assert page.text.count("<script") == page.text.count(f'<script nonce="{nonce[1]}"') > 5
            assert int(page.headers["content-length"]) == len(page.content)
            nonces.append(nonce[1])
        plain = browser.get("/connexion", follow_redirects=False)
    assert nonces[0] != nonces[1]
    assert "script-src" not in plain.headers["content-security-policy"]


def test_a_failure_says_only_that_it_failed(guarded: Guarded, bruno: str) -> None:
    with guarded.http(bruno) as browser:
        page = browser.get("/essai/panne")
        script = browser.get("/essai/panne", headers={"Accept": "application/json"})
    assert (page.status_code, script.status_code) == (500, 500)
    assert "usager" not in page.text
    reference = re.search(r"incident ([0-9a-f]{8})", page.text)
    assert reference is not None
    assert f"failure {reference[1]}" in guarded.log
    assert script.json()["erreur"].startswith("La page n’a pas pu")


def test_over_https_the_cookie_and_the_origin_are_stricter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "settings", lambda: Settings(public_url="https://service.example/"))
    response = Response()
    session.set_cookie(response, "token")
    assert response.headers["set-cookie"] == (
        "__Host-sid=token; HttpOnly; Max-Age=604800; Path=/; SameSite=lax; Secure"
    )
    for origin, is_ours in {
        "https://service.example": True,
        "https://SERVICE.example": True,
        "http://service.example": False,
        "https://other.example": True,  # the host that was asked
        "http://other.example": False,
        "": False,
    }.items():
        said = Headers({"host": "other.example", **({"origin": origin} if origin else {})})
        assert session._is_ours(said) is is_ours, origin
