"""The door: a form that works without JavaScript, back to the page asked for, never to another site."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from pages.public.sign_in import device_name, local_path
from tests.pages.guarded_server import Guarded, guarded

__all__ = ["guarded"]

OUTSIDE = [
    "https://evil.example", "http:evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\/evil.example", "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/\r\nSet-Cookie: sid=x",
    " //evil.example", "/\x00", "/\x85/evil.example", "/\u2028x", "javascript:alert(1)", "data:text/html,x",
    "evil.example", "", "/", "?x=1", "#x", "/connexion", "/connexion?suite=/x", "/connexion/", "/deconnexion",
    "/" + "x" * 2000,
]  # fmt: skip
INSIDE = [
    "/demandes", "/demandes/0192?vue=retard&page=2", "/demandes/été", "/mandats/1/", "/x//evil.example",
    "/@evil.example", "/%5Cevil.example", "/connexions",
]  # fmt: skip


def enter(
    guarded: Guarded, email: str = "aline@demo.example", password: str = "demonstration", suite: str = ""
) -> httpx.Response:
    with guarded.http() as browser:
        return browser.post("/connexion", data={"email": email, "password": password, "suite": suite})


def read(answer: httpx.Response) -> str:
    """The words of a page."""
    return html.unescape(re.sub(r"<[^>]*>", " ", answer.text))


def test_the_form_needs_no_script_and_says_what_it_asks(guarded: Guarded) -> None:
    with guarded.http() as browser:
        page = browser.get("/connexion")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert '<html lang="fr">' in page.text
    assert page.text.count("<h1>") == 1
    for words in ("Adresse e-mail", "Mot de passe", "Se connecter", "Démonstration", "aline@demo.example"):
        assert words in read(page)
    for name in ("email", "password"):
        assert f'<label for="{name}">' in page.text
    assert 'autocomplete="current-password"' in page.text


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(guarded: Guarded) -> None:
    answer = enter(guarded)
    assert (answer.status_code, answer.headers["location"]) == (303, "/demandes")
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"sid=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax", cookie)


@pytest.mark.parametrize("asked", OUTSIDE)
def test_no_address_leads_to_another_site(asked: str) -> None:
    assert local_path(asked) == "/demandes"


@pytest.mark.parametrize("asked", INSIDE)
def test_the_page_asked_for_is_remembered(asked: str) -> None:
    assert local_path(asked) == asked


@pytest.mark.parametrize("asked", OUTSIDE + INSIDE)
def test_signing_in_leads_there_and_stays_on_this_site(guarded: Guarded, asked: str) -> None:
    cookie = guarded.sign_in("aline")
    with guarded.http(cookie) as browser:
        answer = browser.get("/connexion", params={"suite": asked})
    here = httpx.URL(guarded.base + "/connexion")
    reached = here.join(answer.headers["location"])
    assert (reached.scheme, reached.host, reached.port) == (here.scheme, here.host, here.port)
    wanted = asked if asked in INSIDE else "/demandes"
    assert reached == here.join(wanted)


def test_a_stranger_who_asks_for_a_page_gets_it_after_signing_in(guarded: Guarded) -> None:
    with guarded.http() as browser:
        sent = browser.get("/essai?vue=retard&q=a%26b")
        form = browser.get(sent.headers["location"])
        suite = re.search(r'name="suite" value="([^"]*)"', form.text)
        assert suite is not None
        typed = {"email": "aline@demo.example", "password": "demonstration", "suite": html.unescape(suite[1])}
        answer = browser.post("/connexion", data=typed)
        assert answer.headers["location"] == "/essai?vue=retard&q=a%26b"
        assert browser.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("aline@demo.example", "wrong"),
        ("personne@demo.example", "demonstration"),
        ("ancien@demo.example", "demonstration"),
    ],
)
def test_wrong_unknown_and_deactivated_answer_alike(guarded: Guarded, email: str, password: str) -> None:
    answer = enter(guarded, email, password, "/essai")
    reference = enter(guarded, "autre@demo.example", "x", "/essai")
    assert answer.status_code == 401
    assert answer.text.replace(f'value="{email}"', "") == reference.text.replace(
        'value="autre@demo.example"', ""
    )
    assert "set-cookie" not in answer.headers
    assert "L’adresse e-mail ou le mot de passe ne convient pas." in read(answer)


def test_a_refusal_is_said_at_the_top_and_keeps_what_was_typed_but_the_password(guarded: Guarded) -> None:
    answer = enter(guarded, '"><script>x</script>@demo.example', "un secret", "/essai")
    assert 'value="&#34;&gt;&lt;script&gt;x&lt;/script&gt;@demo.example"' in answer.text
    assert 'value="/essai"' in answer.text
    assert "un secret" not in answer.text
    top = answer.text.index('role="alert"')
    assert answer.text.index("<h1>") < top < answer.text.index("<form")
    assert 'tabindex="-1" autofocus' in answer.text
    assert answer.text.count("autofocus") == 1
    assert answer.text.count('aria-describedby="erreur"') == 2
    assert 'id="erreur" class="field-error"' in answer.text


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({"email": "", "password": "x"}, ["Écrivez votre adresse e-mail."]),
        ({"email": "a@b.fr", "password": " "}, ["Écrivez votre mot de passe."]),
        ({}, ["Écrivez votre adresse e-mail.", "Écrivez votre mot de passe."]),
        ({str(n): "x" for n in range(50)}, ["Écrivez votre adresse e-mail."]),
    ],
)
def test_an_empty_field_is_said_and_is_no_attempt(
    guarded: Guarded, typed: dict[str, str], sentences: list[str]
) -> None:
    before = guarded.count("sign_in_attempt")
    with guarded.http() as browser:
        answer = browser.post("/connexion", data=typed)
    assert answer.status_code == 422
    for sentence in sentences:
        assert read(answer).count(sentence) == 2  # at the top and under the field
    assert guarded.count("sign_in_attempt") == before


@pytest.mark.parametrize(
    "body", [b"\xff\xfe=\xff", b"email=%FF&password=%00", b"email=a%00b&password=x", b"&&&=", b"{}"]
)
def test_a_body_that_is_no_form_is_refused_calmly(guarded: Guarded, body: bytes) -> None:
    with guarded.http() as browser:
        assert browser.post("/connexion", content=body).status_code in (401, 422)
    assert "Traceback" not in guarded.log


def test_the_eleventh_attempt_must_wait(guarded: Guarded) -> None:
    for _ in range(10):
        assert enter(guarded, "bruno@demo.example", "wrong").status_code == 401
    answer = enter(guarded, "bruno@demo.example", "demonstration")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert "attendez un quart d’heure" in read(answer)
    assert "set-cookie" not in answer.headers


def test_signing_out_takes_the_cookie_and_the_session(guarded: Guarded) -> None:
    cookie = guarded.sign_in("aline")
    answer = guarded.sign_out(cookie)
    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")
    assert 'sid=""' in answer.headers["set-cookie"]
    with guarded.http(cookie) as browser:
        assert browser.get("/essai").status_code == 303
    assert guarded.sign_out(cookie).status_code == 303  # twice is none the worse
    assert guarded.sign_out("").status_code == 303


def test_signing_in_again_ends_the_session_before(guarded: Guarded) -> None:
    before = guarded.sign_in("aline")
    with guarded.http(before) as browser:
        answer = browser.post("/connexion", data={"email": "aline@demo.example", "password": "demonstration"})
        assert answer.cookies["sid"] != before
        assert browser.get("/essai", headers={"Cookie": f"sid={before}"}).status_code == 303
        assert browser.get("/essai", headers={"Cookie": f"sid={answer.cookies['sid']}"}).status_code == 200


def test_the_start_leads_to_work_or_to_the_door(guarded: Guarded) -> None:
    with guarded.http() as browser:
        assert browser.get("/").headers["location"] == "/connexion"
    with guarded.http(guarded.sign_in("aline")) as browser:
        assert browser.get("/").headers["location"] == "/demandes"
        assert browser.get("/connexion").headers["location"] == "/demandes"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0",
            "Firefox, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPad"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", "Edge, Windows"),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_session_is_named_after_its_browser(agent: str, name: str) -> None:
    assert device_name(agent) == name
