"""What one presses and fills, in every state: buttons, fields, choices, files, dialogs, what is said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import htpy as h
from nicegui import ui

from app.errors import Invalid
from app.french import NBSP
from pages.components.at_hand import AtHand, Kind, Offer, Offers
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.files import Files
from pages.components.presence import PresenceLine, in_thread
from pages.components.press import Press
from pages.components.search import Search
from pages.components.signature import Signature
from pages.components.splitter import Splitter
from pages.components.suggest import Proposed, Suggest
from pages.components.undo import Undo
from pages.components.way_back import way_back
from pages.components.words import Words
from pages.demonstration.samples import LONG, id_of
from pages.shell.page import Page
from pages.shell.presence import Present

_LOOKS = (
    ("primary", "Envoyer"), ("quiet", "Demander une précision"), ("plain", "Joindre"), ("danger", "Révoquer"),
)  # fmt: skip
# Pseudo-classes cannot be held still: ``design.HELD_CSS`` gives their very rules to these classes.
_HELD = (("Survol", "as-hover"), ("Focus", "as-focus-visible"), ("Appui", "as-active"))
_TOPICS = (
    ("sante", "Santé"),
    ("logement", "Logement"),
    ("retraite", "Retraite", "Pensions, trimestres, réversion"),
)


@contextmanager
def beside(caption: str) -> Iterator[None]:
    """Name a line of examples."""
    with ui.element("div").classes("sample"):
        Words(caption, "h3")
        with ui.element("div").classes("row-of-buttons"):
            yield


async def _nothing() -> None:
    """Be pressed, and done."""


async def _slow() -> None:
    await asyncio.sleep(3)


def buttons(_: Page) -> None:
    """Draw each look at rest, then held, disabled, at work, with a sign, with long words."""
    with beside("Au repos"):
        for look, words in _LOOKS:
            Press(words, _nothing, look=look)
    for caption, held in _HELD:
        with beside(caption):
            for look, words in _LOOKS:
                Press(words, _nothing, look=look).classes(held)
    with beside("Indisponible"):
        for look, words in _LOOKS:
            Press(words, _nothing, look=look).props("disabled")
    with beside("Au travail : trois secondes après l’appui, un second appui n’a pas d’effet"):
        for look, words in _LOOKS:
            Press(words, _slow, look=look)
    with beside("Avec un signe, avec un texte long"):
        Press("Faire signer sur cet écran", _nothing, look="primary", sign="pen")
        Press("Joindre un fichier", _nothing, sign="clip")
        Press(LONG, _nothing)


def fields(_: Page) -> None:
    """Draw each kind of field, then the states of one."""
    with ui.element("div").classes("sample columns"):
        Field("Objet", hint="Une ligne, sans nom de personne.")
        Field("Téléphone", optional=True, inputmode="tel", value="06 12 34 56 78")
        Field("Thème", kind="select", empty="Choisissez un thème", options=_TOPICS)
        Field("Situation", kind="area", placeholder="Ce qui s’est passé, et depuis quand", value=LONG)
        Field("Date de naissance", value="hier").error = "Écrivez le jour, le mois et l’année : 14/05/1987."
        Field(
            "Thème", kind="select", empty="Choisissez un thème", options=_TOPICS
        ).error = "Choisissez un thème."
    Words("Survol, focus", "h3")
    with ui.element("div").classes("sample columns"):
        for _caption, held in _HELD[:2]:
            Field("Commune", value="Vervins").classes(f"field-{held}")
    Words("Indisponible", "h3")
    with (
        ui.element("fieldset")
        .props('disabled aria-label="Champs indisponibles"')
        .classes("sample columns field")
    ):
        Field("Commune", value="Vervins")
        Field("Thème", kind="select", options=_TOPICS, value="sante")


def search(_: Page) -> None:
    """Draw the field of words above a list."""

    async def found(words: str) -> None:
        answer.set_text(f"Cherché{NBSP}: {words}" if words else "")

    with ui.element("div").classes("sample narrow"):
        Search("Rechercher dans les demandes", found, shortcut="/")
        answer = Words("").classes("meta").props("role=status")


def suggest(_: Page) -> None:
    """Draw a field that proposes: «V», «G» or «H» give something."""
    places = [Proposed(name, "Aisne", name) for name in ("Vervins", "Guise", "Hirson")]

    async def picked(_: str) -> None:
        """Keep nothing."""

    with ui.element("div").classes("sample narrow"):
        Field("Commune", hint="Écrivez les premières lettres.")
        Suggest(
            "Propositions",
            lambda typed: [one for one in places if typed and one.value.startswith(typed)],
            picked,
        )


def at_hand(_: Page) -> None:
    """Draw a text in which «/» at the beginning of a line offers two answers."""
    kind = Kind(
        "samples", "/", "line", "Exemples", "exemple", "exemples", "Aucun exemple avec ces mots.",
        "Aucun exemple.",
    )  # fmt: skip

    async def find() -> Offers:
        samples = [
            Offer("Bonjour", "Pour commencer", "Bonjour,"),
            Offer("Merci", "Pour finir", "Merci beaucoup."),
        ]
        return {"samples": samples}

    with ui.element("form").props("onsubmit=return(false)").classes("sample narrow"):
        Field("Message", kind="area", hint="Commencez une ligne par une barre oblique.")
        AtHand((kind,), find)


def undo(_: Page) -> None:
    """Offer to take back what was just sent, ten seconds."""

    async def offer() -> None:
        taking_back.offer(timedelta(seconds=10))

    async def taken_back() -> None:
        taking_back.hide()

    with ui.element("div").classes("sample row-of-buttons"):
        Press("Envoyer", offer, look="primary")
        taking_back = Undo(taken_back)


def presence(_: Page) -> None:
    """Draw who else is there: writing, reading, several."""
    for present in (
        Present(writing=(f"Basile{NBSP}T.",), reading=(f"Bruno{NBSP}C.", f"Marc{NBSP}D.")),
        Present(reading=(f"Aline{NBSP}L.",)),
    ):
        PresenceLine(lambda _: None).show(in_thread(present))


def choices(_: Page) -> None:
    """Draw choices: one of several, several, in tiles, with an error."""
    with ui.element("div").classes("sample columns"):
        Field("Urgence", kind="radio", options=_TOPICS, value="sante")
        Field("Organismes", kind="checks", options=_TOPICS, value=["logement"], optional=True)
        Field("Thème", kind="radio", options=_TOPICS, value="retraite", tiles=True)
        wrong = Field("Organismes", kind="checks", options=_TOPICS, value=[], hint="Un ou plusieurs.")
        wrong.error = "Choisissez au moins un organisme."


def files(_: Page) -> None:
    """Draw the picker with what was sent; a file sent from here is refused, in words."""
    with ui.element("div").classes("sample"):
        Files(id_of("draft"), initial=[(id_of("a"), "recepisse-c2s.pdf"), (id_of("b"), f"{LONG}.pdf")])
    ui.html(
        str(
            h.div(".sample.upload")[
                h.h3["Envoi en cours"],
                h.ul[
                    h.li[
                        h.span(".name")["avis-imposition.pdf"],
                        h.progress(value="0.4", max="1", aria_label="Envoi de avis-imposition.pdf"),
                    ]
                ],
            ]
        )
    )


def signature(_: Page) -> None:
    """Draw the box to sign in."""
    Signature()


def splitter(_: Page) -> None:
    """Show the line between two panes; it is seen from 1280 px on."""
    with ui.element("div").classes("sample split"):
        Words("Les vues")
        Splitter("views")
        Words("La liste")


def dialogs(page: Page) -> None:
    """Offer each dialog: a question, one with a refusal, one that cannot be undone."""

    async def ask() -> None:
        with Dialog("Clôturer la demande") as dialog:
            words = dialog.field("words", Field("Ce qui a été fait", kind="area"))

            async def done() -> None:
                if not words.value:
                    raise Invalid(words="Dites en une phrase ce qui a été fait.")
                page.say("Vous avez fermé l’exemple.")

            dialog.buttons("Clôturer la demande", done)

    async def warn() -> None:
        with Dialog("Enregistrer la révocation") as dialog:
            Words("Le partage est suspendu aussitôt.").classes("notice warn")
            dialog.buttons("Enregistrer la révocation", _nothing, look="danger")

    async def tell() -> None:
        with Dialog("Nommer d’autres organismes") as dialog:
            Words("Tous les organismes présents dans ce département sont déjà nommés.").classes("notice")
            dialog.only_close()

    with beside("Une question, un geste grave, une information"):
        Press("Ouvrir la question", ask)
        Press("Ouvrir l’avertissement", warn, look="danger")
        Press("Ouvrir l’information", tell)


def toasts(page: Page) -> None:
    """Offer what is said in a corner: done, refused. They leave by themselves."""

    async def done() -> None:
        page.say("Le brouillon est enregistré.")

    async def refused() -> None:
        page.say("Quelqu’un a déjà pris en charge cette demande.", kind="refused")

    with beside("Dits dans un coin, et aux aides techniques"):
        Press("C’est fait", done)
        Press("C’est refusé", refused)
    ui.html(
        str(
            h.div(".sample.columns")[
                h.p(".said.done")["Le brouillon est enregistré."],
                h.p(".said.refused")["Quelqu’un a déjà pris en charge cette demande."],
            ]
        )
    )


def back(_: Page) -> None:
    """Draw the way back from a screen that no tab leads to."""
    way_back("Mon compte", "/compte")
