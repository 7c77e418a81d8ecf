"""The keys of the service, and the dialog that lists them. No key without its control, which names it:
``data-shortcut="e"``, or ``data-shortcut="n gn"`` for «n» and for «g» then «n»."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from app import preferences
from app.policy import Actor, may_administer
from app.preferences import Preferences
from models.enums import Side
from pages.shell.page import Page

Line = tuple[tuple[str, ...], str, str]


class Keys(Element, component="keys.js"):
    """Hears single keys for the whole tab. Drawn in the frame only: the hand-over screen has none."""

    def __init__(self, page: Page, actor: Actor, chosen: Preferences) -> None:
        super().__init__()
        self._page = page
        self._props.update(on=chosen.has_shortcuts, parts=_parts(actor))
        self.on("wanted", self._wanted)

    def follow(self, chosen: Preferences) -> None:
        """Act, or not, as was chosen on another page."""
        self._props["on"] = chosen.has_shortcuts
        self.update()

    async def _wanted(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, bool):
            await self._page.act(preferences.choose_shortcuts, event.args)


def _parts(actor: Actor) -> list[dict[str, Any]]:
    """Return what the dialog lists: the keys that can serve this person."""
    raises, answers = bool(actor.groups(Side.AIDANT)), bool(actor.groups(Side.AGENT))
    everywhere: list[Line] = [
        (("?",), "", "Afficher cette liste"),
        (("g", "d"), "puis", "Aller aux demandes"),
        (("g", "b"), "puis", "Aller aux notifications"),
        (("g", "c"), "puis", "Aller à votre compte"),
        (("Échap",), "", "Revenir : de la fenêtre, du champ ou de la demande à la liste"),
    ]
    if may_administer(actor):
        everywhere.insert(3, (("g", "a"), "puis", "Aller à l’administration"))
    if raises:
        everywhere.insert(1, (("n",), "", "Nouvelle demande"))
    listed: list[Line] = [
        (("/",), "", "Chercher dans la liste"),
        (("j", "k"), "et", "Demande suivante, précédente"),
        (("↓", "↑"), "et", "De même, dans la liste"),
        (("Entrée",), "", "Ouvrir la demande"),
        (("x",), "", "Choisir la demande, ou ne plus la choisir"),
    ]
    opened: list[Line] = [
        (("r",), "", "Répondre"),
        (("/",), "", "En début de ligne d’un message, choisir une réponse prête"),
        (("@",), "", "Dans un message, nommer une personne de la demande"),
        (("Ctrl", "Entrée"), "+", "Envoyer"),
    ]
    if answers:
        opened.append((("t",), "", "Prendre en charge, si la demande est libre"))
    if raises:
        opened.append((("e",), "", "Clôturer"))
    parts = [("Partout", everywhere)]
    if raises or answers:
        parts += [("Dans la liste", listed), ("Dans une demande", opened)]
    return [
        {"title": title, "lines": [{"keys": k, "between": b, "words": w} for k, b, w in lines]}
        for title, lines in parts
    ]
