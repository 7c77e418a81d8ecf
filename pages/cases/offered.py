"""What a composer offers while one types: ready answers by «/», whom to mention by «@»; what is asked before
a text leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h

from app.answer_words import holes
from app.french import long_date
from app.queries.at_hand import at_hand, unread_by
from app.queries.participants import Participant
from models.enums import Audience
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
_PEOPLE = Kind(
    "people", "@", "word", "Personnes qui liront ce texte", "personne", "personnes",
    "Personne de ce nom ne lira ce texte.", "Personne d’autre ne lira ce texte.",
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
        answers.append(Offer("Gérer les réponses prêtes", href="/reponses"))
        return {"answers": answers, "people": [_person(one) for one in found.people]}

    AtHand((_ANSWERS, _PEOPLE), find)


def ready_button() -> None:
    """Draw the button that does what «/» does, for a finger."""
    button = Markup(h.fragment[icon("ready"), h.span["Réponse prête"]], "button").classes("button ready")
    button.props("type=button data-offers=answers")


async def sure(
    page: Page, case_id: UUID, text: str, audience: Audience, send: Callable[[], Awaitable[None]]
) -> None:
    """Send, once the person has confirmed what the text leaves open, if anything: holes of a ready answer, and
    in a note the name of somebody who would not read it."""
    doubts = [f"Il reste à compléter : {', '.join(left)}."] if (left := holes(text)) else []
    if audience is Audience.OPERATORS and "@" in text:
        deaf = await page.read(unread_by, case_id, text)
        doubts += [f"{name} ne lit pas les notes entre Agents+ et n’en saura rien." for name in deaf]
    if not doubts:
        await send()
        return
    with Dialog("Envoyer ce texte") as dialog:
        for doubt in doubts:
            Words(doubt).classes("notice warn")
        dialog.buttons("Envoyer quand même", send)


def _person(one: Participant) -> Offer:
    absent = f" · en absence jusqu’au {long_date(one.away_until)}" if one.away_until else ""
    but_for = "" if one.reads_notes else Audience.OPERATORS.value
    return Offer(one.name, one.group + absent, f"@{one.name}", audience=but_for, is_word=True)


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN].rstrip() + "…"
