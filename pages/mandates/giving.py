"""What the screens of each way share: in which capacity, the way back, and a mandate that waits no more."""

from __future__ import annotations

from nicegui import ui

from app.queries.mandates import MandateView
from models.enums import Capacity, MandateStatus
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.states import mandate_chip
from pages.components.ways import way_back
from pages.components.words import Words

# Why no consent is waited for, and what is left to do.
_THEN = {
    MandateStatus.CONSENTED: "La personne a donné son accord. "
    "Il reste à l’accepter au nom de votre structure, en revenant {back}.",
    MandateStatus.ACTIVE: "La personne a donné son accord et votre structure l’a accepté. "
    "Il n’y a plus rien à demander.",
    MandateStatus.REFUSED: "La personne a refusé. Si elle change d’avis, faites signer un nouveau mandat.",
    MandateStatus.REVOKED: "La personne a annulé son accord. "
    "Si elle change d’avis, faites signer un nouveau mandat.",
    MandateStatus.EXPIRED: "Ce mandat est arrivé à sa fin. Pour continuer, faites signer un nouveau mandat.",
    MandateStatus.RENOUNCED: "Votre structure a abandonné ce mandat. "
    "Pour agir, faites signer un nouveau mandat.",
    MandateStatus.SUPERSEDED: "Un nouveau mandat a remplacé celui-ci. Ouvrez la demande pour le voir.",
    MandateStatus.ENDED: "Ce mandat s’est terminé avec la demande. Pour continuer, rouvrez la demande.",
}


def capacity_words(capacity: Capacity) -> str:
    """Return for whom the person agrees, as the aidant reads it; the person reads the label."""
    return "Pour elle-même ou lui-même" if capacity is Capacity.SELF else capacity.label


def capacity_field(label: str = "La personne donne son accord") -> Field:
    """Draw the question: for whom does the person agree?"""
    return Field(
        label, kind="select", value=Capacity.SELF.value,
        options=[(one.value, capacity_words(one)) for one in Capacity],
    )  # fmt: skip


def chosen_capacity(field: Field) -> Capacity:
    """Return the capacity chosen; what is none of them is the person's own."""
    return next((one for one in Capacity if one.value == field.value), Capacity.SELF)


def draw_way_back(mandate: MandateView) -> None:
    """Draw the way back to the case: nothing typed elsewhere is lost by it."""
    with (
        ui.element("div").classes("row-of-buttons"),
        ui.element("a").props(f'href="{way_back(mandate)}"').classes("button quiet"),
    ):
        Words("Revenir à la demande" if mandate.is_draft_case else "Revenir au mandat", "span")


def draw_over(mandate: MandateView) -> None:
    """Say where a mandate stands that waits for no consent, and what to do next."""
    Fragment(mandate_chip(mandate.status)).classes("recap").props("role=status")
    then = _THEN.get(mandate.status, "Ce mandat n’est pas encore présenté à la personne.")
    Words(then.format(back="à la demande" if mandate.is_draft_case else "au mandat"))
