"""What a screen is given: who asks, where, and the ways to read, act, listen and move on.

One ``Page`` lives as long as the tab. Screens are functions ``(page) -> Follow | None``: they read first, so
that a refusal is a clean 404, then draw. ``Follow`` lets a screen take the next address itself (the list
stays while another case opens).
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from nicegui import Client, ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from app.errors import Forbidden, Invalid, NotFound, Refusal, SignedOut
from app.events import RightsChanged, SessionEnded
from app.work import BySession, Work
from pages.shell import live
from pages.shell.action import act, read
from pages.shell.live import Gathered, Hear
from pages.shell.living import living
from pages.shell.session import sign_in_again
from pages.shell.waiting import case_skeleton, list_skeleton

P = ParamSpec("P")
T = TypeVar("T")
SERVICE = "Administration+"

Follow = Callable[[], Awaitable[bool]]
Screen = Callable[["Page"], Awaitable[Follow | None]]
Find = Callable[[str], tuple[Screen, dict[str, str]] | None]


@dataclass(eq=False)
class Page:
    """A tab: its session, its address, and what it must let go of."""

    caller: BySession
    account_id: UUID
    account_name: str
    client: Client
    path: str = "/"
    params: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    title: str = SERVICE
    focus: str | tuple[str, ...] = "h1"  # after a move: the first of these that there is; empty: where it was
    outlet: Outlet | None = None
    _leaving: list[Callable[[], None]] = field(default_factory=list)

    def at(self, address: str, params: dict[str, str]) -> None:
        """Take note of where the tab is now."""
        split = urlsplit(address)
        self.path, self.params, self.query = split.path, params, dict(parse_qsl(split.query))
        self.focus = "h1"
        self.client.sub_pages_router.current_path = address  # where a sign-in leads back to

    @property
    def address(self) -> str:
        """The path and query shown."""
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")

    def id(self, name: str) -> UUID:
        """Return an id of the address; what is no id is not found."""
        try:
            return UUID(self.params[name] if name in self.params else self.query.get(name, ""))
        except ValueError as error:
            raise NotFound from error

    async def read(self, query: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Read with the rights held now."""
        return await read(self.caller, query, *args, **kwargs)

    async def act(self, service: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something, kept whole or not at all."""
        return await act(self.caller, service, *args, **kwargs)

    def called(self, title: str) -> None:
        """Name the screen: the tab's title."""
        self.title = self.client.title = f"{title} – {SERVICE}"
        self.client.run_javascript(f"document.title = {json.dumps(self.title)}")

    def watch(self, topics: Iterable[UUID], hear: Hear) -> None:
        """Hear signals until the screen is left."""
        self._leaving.append(live.watch(topics, hear))

    def watch_rights(self, again: Callable[[], Awaitable[None]]) -> None:
        """Draw the screen again when what the person may do has changed, for as long as the tab is open."""
        gathered = Gathered(0, lambda _: again())
        hear: Hear = lambda signal: gathered.soon() if isinstance(signal, RightsChanged) else None  # noqa: E731
        stop = live.watch([self.account_id], hear)
        self.client.on_delete(stop)
        self.client.on_delete(gathered.end)

    def on_leave(self, leave: Callable[[], None]) -> None:
        """Call this when the screen is left or the tab closed."""
        self._leaving.append(leave)

    def leave(self) -> None:
        """Let go of all that the screen held."""
        while self._leaving:
            self._leaving.pop()()

    def go(self, address: str) -> None:
        """Move to another screen."""
        if self.outlet is not None:
            self.outlet.run_method("go", address)

    def rename(self, address: str, *, is_step: bool = False) -> None:
        """Change the address shown, without moving. ``is_step``: one may go back to the address before."""
        split = urlsplit(address)
        self.path, self.query = split.path, dict(parse_qsl(split.query))
        if self.outlet is not None:
            self.outlet.rename(address, is_step=is_step)

    def open(self, address: str) -> None:
        """Load another page whole: in or out of the frame."""
        self.client.open(address)

    def download(self, address: str) -> None:
        """Have the browser keep what this address gives; the page stays."""
        self.client.download(address)

    def focus_on(self, selector: str) -> None:
        """Put the reading at this place, at the top of the screen."""
        if self.outlet is not None:
            self.outlet.run_method("focus", selector)

    def reveal(self, selector: str) -> None:
        """Scroll this into view where it stands in a line that scrolls; the focus stays where it is."""
        if self.outlet is not None:
            self.outlet.run_method("reveal", selector)

    def say(self, sentence: str, *, kind: str = "done") -> None:
        """Say what happened, in a corner of the screen and to assistive tools."""
        self.client.run_javascript(f"aplusSay({json.dumps(sentence)}, {json.dumps(kind)})")

    def refused(self, error: Exception) -> None:
        """Show an expected refusal in its own words; of anything else only that it failed, with a number that
        goes with it into the log (``pages.routes`` writes it once)."""
        if isinstance(error, SignedOut):
            living.forget(SessionEnded(self.caller.session_id))  # else the door may still think that it lives
            self.open(sign_in_again(self.address))
        elif isinstance(error, Refusal):
            self.say(error.sentence, kind="refused")
        else:
            number = secrets.token_hex(4)
            error.add_note(f"incident {number}")
            self.say(
                "Cela n’a pas fonctionné, et rien n’a été perdu. "
                f"Réessayez ; si cela continue, signalez l’incident {number}.",
                kind="refused",
            )


class Outlet(Element, component="outlet.js"):
    """Where screens are drawn. The newest address wins; the old screen stays until the new one is ready."""

    def __init__(self, page: Page, find: Find) -> None:
        super().__init__()
        self._props["shapes"] = {"list": str(list_skeleton()), "case": str(case_skeleton())}
        self.page = page
        self._find = find
        self._turn = 0
        self._address = ""  # of what is drawn, as the browser has it
        self._moving = asyncio.Lock()
        self._screen: Screen | None = None
        self._follow: Follow | None = None
        page.outlet = self
        self.on("go", self._go)
        page.client.on_delete(page.leave)

    async def first(self, address: str) -> None:
        """Draw the screen the tab was opened on; a refusal is the caller's to answer."""
        found = self._find(urlsplit(address).path)
        if found is None:
            raise NotFound
        screen, params = found
        self._address = address
        self.page.at(address, params)
        with self, ui.element("div").classes("screen"):
            self._follow = await screen(self.page)
        self._screen = screen

    async def again(self) -> None:
        """Draw the same address wholly anew: rights changed, and what stays on the screen with them."""
        self._follow = None
        await self.show(self.page.address)

    async def show(self, address: str) -> None:
        """Draw another address."""
        self._turn += 1
        turn = self._turn
        async with self._moving:
            if turn == self._turn:
                await self._show(address)

    def rename(self, address: str, *, is_step: bool) -> None:
        """Change the address that the browser shows, unless one has gone elsewhere meanwhile."""
        before, self._address = self._address, address
        self.run_method("rename", address, is_step, before)

    async def _show(self, address: str) -> None:
        self._address = address
        found = self._find(urlsplit(address).path)
        if found is not None and found[0] is self._screen and self._follow is not None:
            self.page.at(address, found[1])
            if await self._follow():
                self._shown()
                return
        with self:
            fresh = ui.element("div").classes("screen")
        leaving, self.page._leaving = self.page._leaving, []
        try:
            self._screen, self._follow = None, None
            with fresh:
                await self._draw(found, address)
        except Exception:
            fresh.delete()
            raise
        finally:
            for leave in leaving:
                leave()
        for old in list(self.default_slot.children):
            if old is not fresh:
                old.delete()
        self._shown()

    async def _draw(self, found: tuple[Screen, dict[str, str]] | None, address: str) -> None:
        try:
            if found is None:
                raise NotFound
            screen, params = found
            self.page.at(address, params)
            self._follow = await screen(self.page)
            self._screen = screen
        except (NotFound, Forbidden, Invalid) as error:
            ui.context.slot.parent.clear()
            refusal(self.page, error)

    def _shown(self) -> None:
        self.run_method("shown", self._address, self.page.title, self.page.focus)

    async def _go(self, event: GenericEventArguments) -> None:
        address: Any = event.args
        if isinstance(address, str) and address.startswith("/") and not address.startswith("//"):
            try:
                await self.show(address)
            except Exception:
                self.run_method("failed", address)
                raise


def refusal(page: Page, error: Refusal) -> None:
    """Draw a refusal in place of a screen."""
    title = "Page introuvable" if isinstance(error, NotFound) else "Vous n’avez pas accès à cette page"
    page.called(title)
    with ui.element("div").classes("empty"):
        TextElement(tag="h1", text=title)
        TextElement(tag="p", text=error.sentence)
        with ui.element("a").props('href="/demandes"').classes("button quiet"):
            TextElement(tag="span", text="Revenir aux demandes")
