"""«Annuler l’envoi»: offered for some seconds beside what has just been sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from nicegui.element import Element


class Undo(Element, component="undo.js"):
    """A button with its countdown, there only while it is offered. Whether it is in time, the service says."""

    def __init__(self, on_undo: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self.on("undo", lambda _: on_undo())

    def offer(self, time: timedelta) -> None:
        """Offer it from now on, for this long; offered again, it begins again."""
        self.run_method("offer", int(time.total_seconds()))

    def hide(self) -> None:
        """Offer it no more."""
        self.run_method("hide")
