"""Proposals for what is being typed in a field, beside which it is drawn: chosen by keys, finger or mouse."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass

from nicegui.element import Element
from nicegui.events import GenericEventArguments


@dataclass(frozen=True)
class Proposed:
    """One proposal: what is put in the field, what tells it from another, what comes back when it is chosen."""

    value: str
    hint: str
    data: str


class Suggest(Element, component="suggest.js"):
    """The list under the field that stands before it in the same place. Anything else may be typed."""

    def __init__(
        self,
        label: str,
        find: Callable[[str], Iterable[Proposed]],
        on_picked: Callable[[str], Awaitable[None]],
    ) -> None:
        super().__init__()
        self._props["label"] = label
        self._find, self._on_picked = find, on_picked
        self.on("seek", self._seek)
        self.on("picked", self._picked)

    def _seek(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, str):
            self.run_method("offer", event.args, [asdict(one) for one in self._find(event.args[:80])])

    async def _picked(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, str):
            await self._on_picked(event.args)
