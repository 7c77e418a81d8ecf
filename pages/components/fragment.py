"""A piece of HTML made in Python: lists, threads, facts. One element however many rows it shows.

The markup is escaped by construction (``htpy``) and sanitised again in the browser. Clicks on what carries
``data-act`` come back as ``Act``: a word and an id that the browser may have forged, so that services check.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import htpy as h
from nicegui.events import GenericEventArguments

from app.errors import NotFound
from pages.shell.late import Pressed


@dataclass(frozen=True)
class Act:
    """What was clicked: the word of the gesture, and the control's dataset, texts that nobody vouches for."""

    name: str
    data: dict[str, str]

    def id(self, name: str = "id") -> UUID:
        """Return an id of the control; what is no id is nobody's (``NotFound``)."""
        try:
            return UUID(self.data.get(name, ""))
        except ValueError as error:
            raise NotFound from error


_LONG = 2_000  # characters from which the server waits to be told that the browser has them


class Fragment(Pressed, component="fragment.js"):
    """Shows HTML and takes live changes. ``follow``: new items at the bottom are followed, as in a thread.
    ``calm``: a list whose items move only while nobody looks at it. ``me``: what names this account
    (``data-to``) is marked as one's own: the HTML is the same for all who see it."""

    def __init__(
        self,
        content: h.Renderable | str,
        *,
        tag: str = "div",
        follow: bool = False,
        calm: bool = False,
        on_act: Callable[[Act], Awaitable[None]] | None = None,
        on_seen: Callable[[], Awaitable[None]] | None = None,
        start: str = "",
        me: str = "",
    ) -> None:
        super().__init__()
        html = str(content)
        self._props["html"] = html
        self._props["tag"] = tag
        self._props["start"] = start
        self._props["follow"] = follow
        self._props["calm"] = calm
        if me:
            self._props["me"] = me
        self._on_act = on_act
        self._drawn: int | None = hash(html)  # of what stands there, unless items came or went since
        if len(html) > _LONG:
            self.on("shown", self._forget)
        if on_seen is not None:
            self.on("seen", lambda _: on_seen())
        if on_act is not None:
            self.on("act", self._heard)

    @property
    def content(self) -> str:
        """The HTML it was drawn or last replaced with, until the browser has it."""
        return str(self._props.get("html", ""))

    def replace(self, content: h.Renderable | str) -> None:
        """Show something else, focus and place kept. Nothing is sent when nothing changed."""
        html = str(content)
        if hash(html) == self._drawn:
            return
        self._drawn = hash(html)
        if "html" in self._props:
            with self._props.suspend_updates():
                self._props["html"] = html
        self.run_method("replace", html)

    def renew(self, content: h.Renderable | str) -> None:
        """Show the same list as it is now: what moved in it waits while somebody looks at it."""
        self._drawn = None
        self.run_method("renew", str(content))

    def append(self, content: str) -> None:
        """Add items at the end; those whose key is already there are left out."""
        self._drawn = None
        self.run_method("append", content)

    def prepend(self, content: str) -> None:
        """Add items at the beginning, without moving what is read."""
        self._drawn = None
        self.run_method("prepend", content)

    def put(self, key: str, content: str) -> None:
        """Add, change or (when ``content`` is empty) remove one item of a list, ordered by ``data-rank``."""
        self._drawn = None
        self.run_method("put", key, content)

    def change(self, key: str, content: str) -> None:
        """Change an item where it stands, if it is there; remove it when ``content`` is empty."""
        self._drawn = None
        self.run_method("change", key, content)

    def point_at(self, key: str) -> None:
        """Show which item is open."""
        self.run_method("mark", key)

    def note(self, key: str, words: str) -> None:
        """Put words at the place of an item that is made for them (``data-here``), or take them away."""
        self.run_method("note", key, words)

    def to_end(self) -> None:
        """Show the end: one has just said something there."""
        self.run_method("toEnd")

    def below(self, key: str, words: str) -> None:
        """Put a line under one item of a thread, the only one that has such a line."""
        self.run_method("below", key, words)

    def _forget(self) -> None:
        """The browser has it: a list of fifty rows would be 100 KB here for each open page."""
        with self._props.suspend_updates():
            self._props.pop("html", None)

    async def _heard(self, event: GenericEventArguments) -> None:
        data: Any = event.args
        if not isinstance(data, dict) or self._on_act is None:
            return
        if not self.presses.is_new(data.get("number")):
            return
        texts = {str(name): value for name, value in data.items() if isinstance(value, str)}
        try:
            await self._on_act(Act(texts.pop("act", ""), texts))
        finally:
            if not self.is_deleted:  # its gesture may have drawn its place anew
                self.run_method("settle")
