"""A poor network: a loss is said, what is typed stays, what was missed is fetched, nothing is sent twice."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select, update
from sqlmodel import col

from app.demo.people import PASSWORD
from app.security.vault import Vault
from app.work import ByNobody, acting, reading
from models.account import AuthSession
from models.case import CaseDraft
from tests.browser import Server, SignIn, ready, serve
from tests.journeys.screens import box, follow, press, row, thread, write
from tests.journeys.stage import Stage, behind, copy_of, database_of
from tests.network import POOR, Network, Quality, port_of
from tests.pages.guarded_server import eventually

pytestmark = pytest.mark.browser

LOST = "Connexion perdue. Ce que vous écrivez est gardé."
FOUND = "Connexion rétablie."
ENDED = "Votre session s’est terminée. Reconnectez-vous : votre texte est gardé."
FORGETS_AFTER = 2  # seconds for which this server keeps the page of a cut connection


@pytest.fixture(scope="module")
def folder(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(server, tmp_path_factory.mktemp("network") / "own")


@pytest.fixture(scope="module")
def hasty(folder: Path) -> Iterator[Server]:
    """Give a server that forgets a lost page soon."""
    with serve(folder, reconnect_seconds=str(FORGETS_AFTER)) as running:
        yield running


@pytest.fixture
def stage(hasty: Server) -> Iterator[Stage]:
    settings = database_of(hasty)
    with behind(settings.url, Vault(settings.secret)) as staged:
        yield staged


class Trip:
    """A case, and people who open it, each with a network of their own."""

    def __init__(self, browser: Browser, server: Server, case_id: UUID) -> None:
        self._browser, self._server, self.case_id = browser, server, case_id

    @contextmanager
    def by(self, who: str, quality: Quality | None = None) -> Iterator[tuple[Page, Network]]:
        """Open the case as somebody."""
        network = Network(port_of(self._server.url))
        with network.running():
            there = SignIn(self._browser, replace(self._server, url=network.url))
            page = there(f"{who}@demo.example", f"/demandes/{self.case_id}")
            network.quality = quality or network.quality
            yield page, network
            there.close()
            assert there.faults == [], there.faults


def long_case(stage: Stage) -> UUID:
    """Make a case whose thread is longer than a screen."""
    case_id = stage.case(subject="Sous le tunnel")
    stage.say("aline", case_id, *(f"Message {n}.\n\nAvec plusieurs lignes.\n\nEt une fin." for n in range(9)))
    return case_id


@pytest.fixture
def trip(browser: Browser, hasty: Server, stage: Stage) -> Trip:
    return Trip(browser, hasty, long_case(stage))


def mark(page: Page) -> None:
    """Leave a sign that goes away when the page is loaded again."""
    page.evaluate("window.sameAsBefore = true")


def count_attempts(page: Page) -> None:
    """Note how often the page tries to connect again before it says that the line is lost."""
    page.evaluate("""() => {
        let attempts = 0;
        window.socket.io.on("reconnect_attempt", () => { attempts += 1; });
        const line = document.querySelector(".connection");
        new MutationObserver(() => {
            if (line.matches(".shown")) window.attemptsBeforeItSaidSo ??= attempts;
        }).observe(line, { attributes: true });
    }""")


def is_same(page: Page) -> bool:
    """Whether the page was not loaded again."""
    return bool(page.evaluate("window.sameAsBefore === true"))


def wait_for_another(page: Page) -> None:
    """Wait until the page was loaded again."""
    page.wait_for_function("window.sameAsBefore !== true && window.did_handshake === true")


def times(page: Page, words: str) -> Locator:
    """Return the messages of the thread that say just this."""
    return thread(page).locator(".message .text").get_by_text(words, exact=True)


def test_a_short_cut_is_said_and_nothing_is_lost_or_sent_twice(browser: Browser, server: Server) -> None:
    """On a server that keeps a lost page for 45 seconds."""
    settings = database_of(server)
    with behind(settings.url, Vault(settings.secret)) as staged:
        trip = Trip(browser, server, long_case(staged))
    with trip.by("bruno") as (bruno, network), trip.by("aline") as (aline, _):
        expect(bruno.locator(".presence")).to_contain_text("Aline")
        mark(bruno)
        count_attempts(bruno)
        network.cut()
        expect(bruno.get_by_text(LOST)).to_be_visible()
        assert bruno.evaluate("window.attemptsBeforeItSaidSo") == 0  # it does not wait to have tried
        expect(bruno.get_by_text("Nouvel essai")).to_be_visible()
        expect(bruno.locator(".presence")).to_be_hidden()
        write(bruno, "Écrit pendant la coupure.", "Répondre")
        write(aline, "Dit pendant la coupure.", "Envoyer")
        press(bruno, "Réessayer")
        expect(bruno.get_by_text(LOST)).to_be_visible()
        network.heal()
        expect(bruno.get_by_text(FOUND)).to_be_visible()
        expect(times(bruno, "Dit pendant la coupure.")).to_have_count(1)
        expect(times(aline, "Écrit pendant la coupure.")).to_have_count(1)
        expect(times(bruno, "Écrit pendant la coupure.")).to_have_count(1)
        expect(box(bruno)).to_have_value("")
        expect(bruno.locator(".presence")).to_be_visible()
        assert is_same(bruno)
        expect(bruno.get_by_text(FOUND)).to_have_count(0)


def test_a_long_cut_leads_back_to_the_same_place(trip: Trip) -> None:
    with trip.by("bruno") as (bruno, network):
        mark(bruno)
        place = bruno.get_by_role("region", name="Fil")
        place.evaluate("place => { place.scrollTop = 240 }")
        box(bruno).press_sequentially("Enregistré,")
        network.cut()
        expect(bruno.get_by_text(LOST)).to_be_visible()
        box(bruno).press_sequentially(" puis pas encore.")
        box(bruno).evaluate("area => area.setSelectionRange(4, 4)")
        bruno.wait_for_timeout(1000 * FORGETS_AFTER + 500)
        network.heal()
        wait_for_another(bruno)
        expect(box(bruno)).to_have_value("Enregistré, puis pas encore.")
        expect(box(bruno)).to_be_focused()
        assert box(bruno).evaluate("area => area.selectionStart") == 4
        assert abs(place.evaluate("place => place.scrollTop") - 240) < 40
        press(bruno, "Répondre")
        expect(times(bruno, "Enregistré, puis pas encore.")).to_have_count(1)


def test_a_tablet_that_slept_finds_its_text_again(trip: Trip) -> None:
    with trip.by("aline") as (aline, _), trip.by("marc") as (marc, network):
        expect(aline.locator(".presence")).to_contain_text("Marc")
        mark(marc)
        box(marc).press_sequentially("Avant de dormir")
        tablet = marc.context.new_cdp_session(marc)
        network.hold()
        tablet.send("Page.setWebLifecycleState", {"state": "frozen"})
        expect(aline.locator(".presence")).not_to_contain_text("Marc")  # the server has noticed a dead line
        time.sleep(FORGETS_AFTER + 0.5)
        network.heal()
        tablet.send("Page.setWebLifecycleState", {"state": "active"})
        wait_for_another(marc)
        expect(box(marc)).to_have_value("Avant de dormir")
        expect(marc.get_by_text(LOST)).to_have_count(0)


def test_a_dead_line_is_noticed_by_who_types(trip: Trip) -> None:
    """Nobody tells the browser: it asks, and says so; what was typed meanwhile is there and leaves once."""
    with trip.by("bruno") as (bruno, network):
        network.hold()
        bruno.wait_for_timeout(5100)
        box(bruno).press_sequentially("Dans le vide")
        expect(bruno.get_by_text(LOST)).to_be_visible()
        network.heal()
        expect(bruno.get_by_text(LOST)).to_have_count(0)
        ready(bruno)
        expect(box(bruno)).to_have_value("Dans le vide")
        press(bruno, "Répondre")
        expect(times(bruno, "Dans le vide")).to_have_count(1)
        expect(box(bruno)).to_have_value("")


def test_an_ended_session_says_so_and_leads_back_to_the_text(trip: Trip, stage: Stage) -> None:
    with trip.by("adam") as (adam, _):
        box(adam).press_sequentially("Commencé, ")
        expect(adam.get_by_text("Brouillon enregistré")).to_be_visible()
        with acting(ByNobody()) as work:
            mine = col(AuthSession.account_id) == stage.cast.adam
            work.session.execute(update(AuthSession).where(mine).values(ended_at=work.now))
        adam.keyboard.insert_text("puis la suite")
        expect(adam.get_by_text(ENDED)).to_be_visible()
        adam.get_by_label("Adresse e-mail").fill("adam@demo.example")
        adam.get_by_label("Mot de passe").fill(PASSWORD)
        press(adam, "Se connecter")
        adam.wait_for_url(f"**/demandes/{trip.case_id}")
        expect(box(adam)).to_have_value("Commencé, puis la suite")
        expect(box(adam)).to_be_focused()


def test_a_poor_network_works_and_says_what_it_does(browser: Browser, server: Server) -> None:
    """300 ms, 1 Mbit/s, two packets lost in a hundred; the browser's cache is empty; a server as patient as the
    real one."""
    settings = database_of(server)
    with behind(settings.url, Vault(settings.secret)) as staged:
        trip = Trip(browser, server, long_case(staged))
    with trip.by("aline", POOR) as (page, _), trip.by("bruno") as (bruno, _):
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.goto("/demandes")
        ready(page)
        row(page, "Sous le tunnel").first.click()
        expect(page.locator("[aria-busy=true]").first).to_be_attached()
        expect(thread(page)).to_contain_text("Message 8.")
        press_and_see(page)
        expect(times(bruno, "Envoyé de loin.")).to_have_count(1)
        write(bruno, "Bien reçu.", "Répondre")
        expect(times(page, "Bien reçu.")).to_have_count(1)
        expect(page.get_by_text(LOST)).to_have_count(0)


def press_and_see(page: Page) -> None:
    """Send a message, and see at once that it is on its way."""
    box(page).fill("Envoyé de loin.")
    send = page.get_by_role("button", name="Envoyer", exact=True)
    send.click()
    expect(send).to_have_attribute("aria-busy", "true", timeout=300)
    expect(times(page, "Envoyé de loin.")).to_have_count(1)


def test_a_killed_server_loses_nothing(browser: Browser, hasty: Server, folder: Path, trip: Trip) -> None:
    """A draft begun at the counter, a message that was sent, the last keys, which that server never heard.

    The last test of this file: it kills the file's server.
    """
    opened = SignIn(browser, hasty)
    aline = opened("aline@demo.example", "/demandes/nouvelle")
    aline.get_by_label("Thème").select_option(label="Retraite")
    aline.get_by_label("Oui", exact=True).check()
    aline.get_by_label("Pourquoi est-ce urgent ?").press_sequentially("Plus aucun revenu")
    expect(aline).to_have_url(re.compile("brouillon="))
    eventually(lambda: kept_drafts("Plus aucun revenu"), 1)
    opened.close()
    with trip.by("bruno") as (bruno, network):
        write(bruno, "Ceci est parti.", "Répondre")
        expect(times(bruno, "Ceci est parti.")).to_have_count(1)
        mark(bruno)
        box(bruno).press_sequentially("Tapé avant, ")
        hasty.process.kill()
        hasty.process.wait()
        expect(bruno.get_by_text(LOST)).to_be_visible()
        box(bruno).press_sequentially("et pendant.")
        with serve(folder) as second:
            network.target = port_of(second.url)
            wait_for_another(bruno)
            expect(times(bruno, "Ceci est parti.")).to_have_count(1)
            expect(box(bruno)).to_have_value("Tapé avant, et pendant.")
            expect(box(bruno)).to_be_focused()
            press(bruno, "Répondre")
            expect(times(bruno, "Tapé avant, et pendant.")).to_have_count(1)
            opened = SignIn(browser, second)
            elsewhere = opened("aline@demo.example", "/demandes/nouvelle")
            follow(elsewhere.get_by_role("link", name="Reprendre").first)
            expect(elsewhere.get_by_label("Thème")).to_have_value("retraite")
            expect(elsewhere.get_by_label("Oui", exact=True)).to_be_checked()
            expect(elsewhere.get_by_label("Pourquoi est-ce urgent ?")).to_have_value("Plus aucun revenu")
            opened.close()


def kept_drafts(words: str) -> int:
    """Return how many drafts hold these words in the database."""
    with reading(ByNobody()) as work:
        return sum(words in str(draft.form) for draft in work.session.scalars(select(CaseDraft)))
