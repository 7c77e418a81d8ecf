"""Choosing several items of a list, and what is done with them: a bar under it, there while one chooses.

What is chosen is known by the browser alone until a gesture is pressed; it stays chosen however the list moves,
and goes with its item. Items carry ``pick(key, name)``; the key «x» chooses the one that has the focus.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import htpy as h
from nicegui.events import GenericEventArguments

from pages.shell.late import Pressed

Chosen = Callable[[str, tuple[str, ...]], Awaitable[None]]


class Choosing(Pressed, component="choosing.js"):
    """The bar. ``on_gesture`` is given the gesture's words and the keys, texts that nobody vouches for."""

    def __init__(self, one: str, many: str, on_gesture: Chosen) -> None:
        super().__init__()
        self._props.update(one=one, many=many, gestures=(), more=False)
        self._on_gesture = on_gesture
        self._is_running = False
        self.on("gesture", self._heard)

    def offer(self, gestures: Iterable[str]) -> None:
        """Offer these gestures."""
        gestures = tuple(gestures)
        if gestures != self._props["gestures"]:
            self._props["gestures"] = gestures
            self.update()

    def goes_on(self, more: bool) -> None:
        """Say whether the list holds more than it shows: only what is shown is chosen."""
        if more != self._props["more"]:
            self._props["more"] = more
            self.update()

    def start(self) -> None:
        """Show what there is to choose from."""
        self.run_method("begin")

    def end(self) -> None:
        """Choose nothing any more."""
        self.run_method("end")

    async def _heard(self, event: GenericEventArguments) -> None:
        said = event.args
        if not isinstance(said, dict) or not isinstance(said.get("keys"), list):
            return
        if self._is_running or not self.presses.is_new(said.get("number")):
            return
        self._is_running = True
        try:
            keys = tuple(key for key in said["keys"] if isinstance(key, str))
            await self._on_gesture(str(said.get("gesture", "")), keys)
        finally:
            self._is_running = False
            if not self.is_deleted:
                self.run_method("settle")


def pick(name: str) -> h.Element:
    """Return what chooses an item: a box that shows while one chooses, or under the mouse."""
    return h.label(".pick")[h.input(type="checkbox", data_pick="", aria_label=f"Choisir : {name}")]
