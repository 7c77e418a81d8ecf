"""Screens without a browser: what each role is shown, what a forged event may do, what is let go of.

The simulated user calls handlers directly: whatever the guard of the socket would stop comes through here.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib import import_module
from inspect import isawaitable, signature
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from nicegui import Client
from nicegui.element import Element
from nicegui.events import GenericEventArguments
from nicegui.testing import User, user_simulation

from app import saved_views
from app.errors import Refusal
from app.queries.lists import Filter
from app.work import Database
from models.base import new_id
from models.enums import ReferralStatus
from pages.cases.list_pane import FIRST
from pages.cases.room import Room
from pages.components.choosing import Choosing
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.files import Files
from pages.components.fragment import Fragment
from pages.components.press import Press
from pages.components.words import Words
from pages.shell import live
from pages.shell.page import Outlet, Page
from tests.app import scenes
from tests.app.scenes import CAF, CPAM
from tests.conftest import Cast

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
E_ = TypeVar("E_", bound=Element)
APP = Path(__file__).with_name("simulated_app.py")


class Tab:
    """A simulated tab: what it shows, and its elements by kind."""

    def __init__(self, user: User) -> None:
        self.user = user

    async def sign_in(self, name: str) -> None:
        """Sign somebody in; the cookie is kept."""
        typed = {"email": f"{name}@demo.example", "password": "demonstration"}
        answer = await self.user.http_client.post("/connexion", data=typed, headers={"Origin": "http://test"})
        assert answer.status_code == 303

    @property
    def client(self) -> Client:
        """The page that is open."""
        assert self.user.client is not None
        return self.user.client

    def all(self, kind: type[E_]) -> list[E_]:
        """Return the elements of a kind."""
        return [one for one in self.client.elements.values() if isinstance(one, kind)]

    @property
    def shown(self) -> str:
        """Everything that the page says, markup included."""
        return "\n".join(
            str((dict(one.props), getattr(one, "text", ""))) for one in self.client.elements.values()
        )

    def press(self, words: str) -> Press:
        """Return the button of these words."""
        return next(one for one in self.all(Press) if one.words == words)

    async def fire(self, element: Element, event: str, args: Any = None) -> str:
        """Send an event as any browser could; return the refusal that it got, in its words."""
        (heard,) = [one.handler for one in element._event_listeners.values() if one.type == event]
        assert heard is not None
        with self.client:
            said = GenericEventArguments(sender=element, client=self.client, args=args)
            try:
                answer: Any = heard(said) if signature(heard).parameters else heard()
                if isawaitable(answer):
                    await answer
            except Refusal as refusal:
                return refusal.sentence
        return ""

    def facts(self) -> Fragment:
        """Return what stands beside the thread."""
        return next(one for one in self.all(Fragment) if "Organismes" in one.content)


@pytest.fixture
async def tab(committed: Database) -> AsyncIterator[Tab]:
    """Give a tab; the process is afterwards as it was, for the tests that follow."""
    threshold, modules = gc.get_threshold(), dict(sys.modules)
    async with user_simulation(main_file=APP) as user:
        yield Tab(user)
        for client in list(Client.instances.values()):
            client.delete()
        held = live.watching(), dict(Room.rooms)
    gc.unfreeze()
    gc.set_threshold(*threshold)
    sys.modules.update({name: module for name, module in modules.items() if name.startswith("pages")})
    assert held == (0, {}), "whoever leaves is not called any more"


def made(cast: Cast, *to: str) -> UUID:
    """Make a case that was sent now."""
    return scenes.sent_case(cast, to or (CAF,), at=datetime.now(UTC))


async def test_each_role_is_offered_what_is_theirs(tab: Tab) -> None:
    offers = {}
    for name in ("aline", "bruno", "colette", "denis"):
        await tab.sign_in(name)
        await tab.user.open("/demandes")
        new = await tab.user.http_client.get("/demandes/nouvelle")
        offers[name] = (
            "Nouvelle demande" in tab.shown,
            "Votre rôle ne donne pas accès" in tab.shown,
            new.status_code,
        )
    assert offers == {
        "aline": (True, False, 200), "bruno": (False, False, 403),
        "colette": (False, True, 403), "denis": (False, True, 403),
    }  # fmt: skip


async def test_a_page_that_is_late_says_so_in_french(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    await tab.sign_in("bruno")
    monkeypatch.setattr(import_module("pages.routes"), "_PATIENCE", 0.0)
    late = await tab.user.http_client.get("/demandes")
    assert late.status_code == 503
    assert "Le service est très sollicité." in late.text


async def test_a_note_between_agents_is_in_no_element_of_an_aidant(tab: Tab, cast: Cast) -> None:
    case_id = made(cast)
    scenes.note(cast, "bruno", case_id, "À ne dire à personne.", datetime.now(UTC))
    sees = {}
    for name in ("aline", "bruno"):
        await tab.sign_in(name)
        await tab.user.open(f"/demandes/{case_id}")
        sees[name] = "À ne dire à personne." in tab.shown
    assert sees == {"aline": False, "bruno": True}


async def test_forged_gestures_change_nothing(tab: Tab, cast: Cast) -> None:
    """The browser may send any word, on any group: the service says who may."""
    case_id = made(cast, CAF, CPAM)
    await tab.sign_in("bruno")
    await tab.user.open(f"/demandes/{case_id}")
    cpam, caf = str(cast.groups[CPAM]), str(cast.groups[CAF])
    forged: list[Any] = [
        {"act": "take", "group": cpam}, {"act": "withdraw", "group": caf}, {"act": "take", "group": "x"},
        {"act": "take", "group": str(new_id())}, {"act": "take"}, {"act": "pass", "group": cpam},
        {"act": "flag_procedure", "group": cpam}, {"act": "close"}, {"act": ["take"], "group": cpam},
        {"act": "take", "group": 7}, {"act": "take", "group": caf, "seen": "x"}, "take", None, 7, [],
    ]  # fmt: skip
    for args in forged:
        await tab.fire(tab.facts(), "act", args)
        for dialog in tab.all(Dialog):
            await tab.fire(next(one for one in tab.all(Press) if one.words != "Annuler"), "press")
            dialog.close()
    assert {row.status for row in scenes.referral_rows(case_id).values()} == {ReferralStatus.SENT}
    assert len(scenes.entry_rows(case_id)) == 2


async def test_forged_values_are_not_heard(tab: Tab, cast: Cast) -> None:
    case_id = made(cast)
    await tab.sign_in("bruno")
    await tab.user.open(f"/demandes/{case_id}")
    text, reads = (next(one for one in tab.all(Field) if one.label == label) for label in
                   ("Votre message", "Qui lira ce message"))  # fmt: skip
    (files,) = tab.all(Files)
    for value in (None, 7, ["a"], {"a": 1}, True):
        await tab.fire(text, "typed", value)
    assert text.value == ""
    await tab.fire(text, "typed", "Avec un fichier qui n’est pas à moi.")
    await tab.fire(reads, "typed", "administrators")
    await tab.fire(files, "files", [{"id": str(new_id()), "name": "a.pdf"}, {"id": 7}, "x", 7, None])
    await tab.fire(tab.press("Répondre"), "press")
    assert text.error == "L’un des fichiers n’est plus disponible. Retirez-le, puis joignez-le à nouveau."
    assert text.value == "Avec un fichier qui n’est pas à moi."
    await tab.fire(files, "files", "x")
    assert len(scenes.entry_rows(case_id)) == 2


async def test_forged_choices_of_many_change_nothing(tab: Tab, cast: Cast) -> None:
    """Gestures that the bar does not offer, ids that are none, another's case; and a press heard twice."""
    own, other = made(cast), made(cast, CPAM)
    await tab.sign_in("bruno")
    await tab.user.open("/demandes?vue=toutes")
    (bar,) = tab.all(Choosing)
    before = scenes.row_counts()
    forged: list[Any] = [
        None, [], {"gesture": "Je prends en charge", "keys": str(own), "number": 1},
        {"gesture": "Supprimer", "keys": [str(own)]},
        {"gesture": "Clôturer les débloquées", "keys": [str(own)]},
        {"gesture": "Je prends en charge", "keys": ["x"]}, {"gesture": "Je prends en charge", "keys": []},
        {"gesture": "Je prends en charge", "keys": [str(other), None, 3]},
        {"gesture": "Marquer comme lues", "keys": [str(new_id())] * 300},
    ]  # fmt: skip
    for said in forged:
        await tab.fire(bar, "gesture", said)
    assert scenes.row_counts() == before
    pressed = {"gesture": "Je prends en charge", "keys": [str(own)], "number": 2}
    await tab.fire(bar, "gesture", pressed)
    taken = scenes.row_counts()
    assert scenes.referral_rows(own)[CAF].assignee_id == cast.bruno
    await tab.fire(bar, "gesture", pressed)
    assert scenes.row_counts() == taken


async def test_what_is_not_shown_yet_is_not_said_to_be_chosen(tab: Tab, cast: Cast) -> None:
    for _ in range(FIRST + 1):
        made(cast)
    await tab.sign_in("bruno")
    await tab.user.open("/demandes?vue=toutes")
    (bar,) = tab.all(Choosing)
    assert bar.props["more"] is True
    await tab.fire(tab.press("Afficher la suite"), "press")
    assert bar.props["more"] is False


async def test_a_view_that_was_kept_is_its_person_s_own(tab: Tab, cast: Cast) -> None:
    """Its words are in no address; another's id, an unknown one and what is no id answer alike."""
    case_id = made(cast)
    with scenes.act(cast, "bruno") as work:
        view_id = saved_views.keep(work, "Une famille", Filter(words="kaddour"))
    await tab.sign_in("bruno")
    await tab.user.open(f"/demandes?vue-enregistree={view_id}")
    assert "Une famille" in tab.shown
    assert f"/demandes/{case_id}?vue-enregistree={view_id}" in tab.shown
    assert "kaddour" not in "".join(re.findall(r'href="[^"]*"', tab.shown))
    for who, wrong in (("bruno", new_id()), ("bruno", "x"), ("marc", view_id), ("aline", view_id)):
        await tab.sign_in(who)
        for path in ("/demandes", f"/demandes/{case_id}"):
            answer = await tab.user.http_client.get(f"{path}?vue-enregistree={wrong}")
            assert answer.status_code == 404
            assert "Une famille" not in answer.text


@pytest.mark.parametrize(("query", "stay"), [("vue=toutes", False), ("vue=toutes&tri=echeance", True)])
async def test_the_words_of_a_view_that_was_kept_stay_with_it(
    tab: Tab, cast: Cast, query: str, stay: bool
) -> None:
    """Another view is not searched for them; the same list sorted or filtered otherwise is."""
    made(cast)
    with scenes.act(cast, "bruno") as work:
        view_id = saved_views.keep(work, "Une famille", Filter(words="kaddour"))
    await tab.sign_in("bruno")
    await tab.user.open(f"/demandes?vue-enregistree={view_id}")
    assert "kaddour" in _said(tab)
    await tab.fire(tab.all(Outlet)[0], "go", f"/demandes?{query}")
    assert ("kaddour" in _said(tab)) is stay


def _said(tab: Tab) -> str:
    """What a list says above its rows."""
    return "".join(str(getattr(one, "text", "")) for one in tab.all(Words))


async def test_a_step_of_another_form_is_no_step(tab: Tab) -> None:
    await tab.sign_in("aline")
    for step in ("0", "99", "-1", "deux", "١"):
        await tab.user.open(f"/demandes/nouvelle?etape={step}")
        assert "Le problème" in tab.shown


async def test_what_is_left_is_let_go_of(tab: Tab, cast: Cast) -> None:
    """A forgotten watcher is a leak, and a page that answers for somebody who left."""
    cases = [made(cast, CAF, CPAM) for _ in range(2)]
    draft = scenes.draft(cast, at=datetime.now(UTC))
    await tab.sign_in("aline")
    await tab.user.open("/demandes")
    (outlet,) = tab.all(Outlet)
    at_first, elements = live.watching(), len(tab.client.elements)
    for turn in range(20):
        await outlet.show(f"/demandes/{cases[turn % 2]}?vue=toutes")
        assert set(Room.rooms) == {cases[turn % 2]}
        if turn % 3 == 0:
            await outlet.show("/demandes")
            assert Room.rooms == {}
        if turn % 5 == 0:
            await outlet.show(f"/demandes/nouvelle?brouillon={draft}&etape=5")
            await outlet.show(f"/demandes/{new_id()}")
    await outlet.show("/demandes")
    assert (Room.rooms, live.watching()) == ({}, at_first)
    assert len(tab.client.elements) == elements

    for _ in range(20):
        tab.client.delete()
        await tab.user.open(f"/demandes/{cases[0]}")
    assert len(Room.rooms[cases[0]].viewers) == 1


async def test_a_move_that_fails_leaves_what_is_there(
    tab: Tab, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tab.sign_in("bruno")
    await tab.user.open(f"/demandes/{made(cast)}")
    (outlet,) = tab.all(Outlet)
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(outlet, "run_method", lambda *words: said.append(words))
    before = [one.id for one in outlet.default_slot.children]

    async def broken(_: Page) -> None:
        raise OSError("the disk")

    monkeypatch.setattr(outlet, "_find", lambda _: (broken, {}))
    with pytest.raises(OSError, match="the disk"):
        await tab.fire(outlet, "go", "/compte")
    assert said == [("failed", "/compte")]
    assert [one.id for one in outlet.default_slot.children] == before
