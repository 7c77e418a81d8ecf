"""Every part there is, in every state, made with the very components of the screens: what is to be reused.

For everybody signed in, in the demonstration only (elsewhere the page does not exist).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import htpy as h
from nicegui import ui

from app.config import settings
from app.errors import NotFound
from pages.components.words import Words
from pages.demonstration import case_parts, content, controls, mandate_parts
from pages.shell import design
from pages.shell.page import Follow, Page


@dataclass(frozen=True)
class Part:
    """A part: its name, the file it comes from, and what draws it in its states."""

    name: str
    source: str
    draw: Callable[[Page], None]


PARTS: tuple[Part, ...] = (
    Part("Couleurs", "pages/shell/design.py", content.colours),
    Part("Tailles et espaces", "pages/shell/design.py", content.scale),
    Part("Icônes", "pages/shell/icons.py", content.icons),
    Part("Boutons", "pages/components/press.py", controls.buttons),
    Part("Champs", "pages/components/field.py", controls.fields),
    Part("Choix", "pages/components/field.py", controls.choices),
    Part("Recherche", "pages/components/search.py", controls.search),
    Part("Propositions", "pages/components/suggest.py", controls.suggest),
    Part("Réponses prêtes", "pages/components/at_hand.py", controls.at_hand),
    Part("Fichiers à joindre", "pages/components/files.py", controls.files),
    Part("Dialogues", "pages/components/dialog.py", controls.dialogs),
    Part("Ce qui est dit", "pages/shell/layout.py", controls.toasts),
    Part("Annuler l’envoi", "pages/components/undo.py", controls.undo),
    Part("Qui est là", "pages/components/presence.py", controls.presence),
    Part("États", "pages/components/states.py", content.states),
    Part("Lignes d’une liste", "pages/components/rows.py", content.rows),
    Part("Vue vide", "pages/components/rows.py", content.empty),
    Part("Pourquoi une demande est trouvée", "pages/components/passages.py", case_parts.passages),
    Part("Choix de plusieurs demandes", "pages/components/choosing.py", case_parts.choosing),
    Part("Tête d’une demande", "pages/components/facts.py", content.head_of_case),
    Part("Demande à réorienter", "pages/components/redirecting.py", case_parts.redirecting),
    Part("Fil", "pages/components/timeline.py", content.thread),
    Part("À côté du fil", "pages/components/facts.py", content.beside),
    Part("Numéros de la personne", "pages/components/identifiers.py", case_parts.identifiers),
    Part("Historique d’un organisme", "pages/components/history.py", case_parts.histories),
    Part("Absences", "pages/components/absences.py", case_parts.absences),
    Part("Avis", "pages/shell/css/parts.css", content.notices),
    Part("Texte d’un mandat", "pages/components/mandate_words.py", content.mandate),
    Part("Signature", "pages/components/signature.py", controls.signature),
    Part("Façons de donner l’accord", "pages/components/ways.py", mandate_parts.ways),
    Part("Question par SMS", "pages/components/ways.py", mandate_parts.by_sms),
    Part("Pages d’un papier", "pages/components/page_upload.py", mandate_parts.pages),
    Part("Coins d’une page", "pages/components/page_frame.py", mandate_parts.corners),
    Part("Cachet", "pages/components/mandate_seal.py", mandate_parts.seal),
    Part("Reçu", "pages/components/receipt_gesture.py", mandate_parts.receipt),
    Part("Séparation de deux panneaux", "pages/components/splitter.py", controls.splitter),
    Part("Retour", "pages/components/way_back.py", controls.back),
    Part("En attendant", "pages/shell/waiting.py", content.waiting),
)


async def components(page: Page) -> Follow | None:
    """Draw them all, each under its name and its file."""
    if not settings().is_demo:
        raise NotFound
    page.called("Composants")
    with ui.element("div").classes("plain-page parts"):
        ui.element("link").props(f'rel=stylesheet href="{design.HELD_CSS_PATH}"')
        Words("Composants", "h1")
        Words(
            "Les éléments dont les écrans sont faits, dans chacun de leurs états. Rien ici n’est réel."
        ).classes("meta")
        ui.html(str(_contents()), tag="nav").props('aria-label="Éléments"')
        for number, part in enumerate(PARTS):
            with ui.element("section").classes("part").props(f'aria-labelledby="element-{number}"'):
                ui.html(str(h.h2(id=f"element-{number}", tabindex="-1")[part.name]))
                ui.html(str(h.p(".meta")[h.code[part.source]]))
                part.draw(page)
    return None


def _contents() -> h.Element:
    return h.ul(".contents")[
        (h.li[h.a(href=f"#element-{number}", data_plain="")[part.name]] for number, part in enumerate(PARTS))
    ]
