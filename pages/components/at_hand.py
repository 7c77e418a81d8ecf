"""What is put in a long text by a sign, or by a button: a list that narrows as one types, without a mouse.

Everything it offers is sent once, when the text is first used: no key waits for the server. Escape leaves what
was typed; what is chosen is put at the cursor, can be undone by the browser, and is heard like any key.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

from nicegui.element import Element


@dataclass(frozen=True)
class Offer:
    """Something that may be chosen: its name, what tells it from others, the text that is put.

    ``href``: a place it leads to instead, offered last. ``audience``: who writes for that one only is not
    offered it. Words are also looked for in ``text`` when ``is_searched``; a space follows it when ``is_word``.
    """

    label: str
    hint: str = ""
    text: str = ""
    href: str = ""
    audience: str = ""
    is_searched: bool = False
    is_word: bool = False


@dataclass(frozen=True)
class Kind:
    """What a sign offers. ``mark`` opens it at the beginning of a line (``where`` is ``line``), of a word
    (``word``) or anywhere (``any``), and so does a button of the same form with ``data-offers`` and its name.

    ``one`` and ``many`` name what is counted; ``none`` says that nothing answers what was typed, ``empty``
    that there is nothing at all.
    """

    name: str
    mark: str
    where: str
    label: str
    one: str
    many: str
    none: str
    empty: str


Offers = dict[str, list[Offer]]


class AtHand(Element, component="at_hand.js"):
    """Beside a long text, in the same form. ``find`` gives what each kind offers, when the text is used."""

    def __init__(self, kinds: tuple[Kind, ...], find: Callable[[], Awaitable[Offers]]) -> None:
        super().__init__()
        self._props["kinds"] = [asdict(one) for one in kinds]
        self._find = find
        self.on("ask", self._give)

    async def _give(self) -> None:
        found = await self._find()
        if not self.is_deleted:
            self.run_method("give", {name: [_plain(one) for one in offers] for name, offers in found.items()})


def _plain(offer: Offer) -> dict[str, Any]:
    return {name: value for name, value in asdict(offer).items() if value}
