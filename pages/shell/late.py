"""A press on what has left the page meanwhile is answered: silence would look like a service that hangs."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from nicegui import Client
from nicegui.element import Element

TOO_LATE = "Cette page a changé entre-temps. Rien n’a été fait : regardez-la avant de recommencer."
_KEPT = 200  # controls remembered for one page: those a slow line may still show
_gone: WeakKeyDictionary[Client, dict[int, Once]] = WeakKeyDictionary()


class Once:
    """Counts the presses of one control as the browser numbers them: 1, 2, 3… A cut line makes it say them
    again."""

    def __init__(self) -> None:
        self._last = 0

    def is_new(self, number: Any) -> bool:
        """Whether this press is another than those heard before; one without a number always is."""
        if isinstance(number, bool) or not isinstance(number, int):
            return True
        is_new = number > self._last
        self._last = max(number, self._last)
        return is_new


class Pressed(Element):
    """A control that numbers its presses, and is remembered for a while after it has left its page."""

    def __init__(self) -> None:
        super().__init__()
        self.presses = Once()

    def _handle_delete(self) -> None:
        gone = _gone.setdefault(self.client, {})
        gone[self.id] = self.presses
        if len(gone) > _KEPT:
            del gone[next(iter(gone))]
        super()._handle_delete()


def is_late(client: Client, element_id: Any, said: Any) -> bool:
    """Whether this is a press not heard before on a control that its page has no more, or shows no more.
    ``said`` is its number, or what it said with its number in it."""
    number = said.get("number") if isinstance(said, dict) else said
    if isinstance(number, bool) or not isinstance(number, int):
        return False
    element = client.elements.get(element_id)
    presses = element.presses if isinstance(element, Pressed) else _gone.get(client, {}).get(element_id)
    return presses is not None and presses.is_new(number)
