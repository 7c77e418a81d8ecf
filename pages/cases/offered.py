"""What a composer offers while one types: ready answers by «/»; and what is asked before a text leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h

from app.answer_words import holes
from app.french import NBSP
from app.queries.at_hand import at_hand
from pages.components.at_hand import AtHand, Kind, Offer, Offers
from pages.components.dialog import Dialog
from pages.components.words import Words
from pages.shell.icons import icon
from pages.shell.markup import Markup
from pages.shell.page import Page

_ANSWERS = Kind(
    "answers", "/", "line", "Réponses prêtes", "réponse prête", "réponses prêtes",
    "Aucune réponse prête avec ces mots.", "Aucune réponse prête pour l’instant.",
)  # fmt: skip
_SHOWN = 70  # characters of an answer beside its title


def offered(page: Page, case_id: UUID) -> None:
    """Draw, beside the text of a composer, what may be put in it."""

    async def find() -> Offers:
        found = await page.read(at_hand, case_id)
        answers = [
            Offer(one.title, f"{one.holder} · {_beginning(one.text)}", one.text, is_searched=True)
            for one in found.answers
        ]
        return {"answers": [*answers, Offer("Gérer les réponses prêtes", href="/reponses")]}

    AtHand((_ANSWERS,), find)


def ready_button() -> None:
    """Draw the button that does what «/» does, for a finger."""
    button = Markup(h.fragment[icon("ready"), h.span["Réponse prête"]], "button").classes("button ready")
    button.props("type=button data-offers=answers")


async def sure(text: str, send: Callable[[], Awaitable[None]]) -> None:
    """Send, once the person has confirmed what the text leaves open, if anything."""
    left = holes(text)
    if not left:
        await send()
        return
    with Dialog("Envoyer ce texte") as dialog:
        Words(f"Il reste à compléter{NBSP}: {', '.join(left)}.").classes("notice warn")
        dialog.buttons("Envoyer quand même", send)


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN].rstrip() + "…"
