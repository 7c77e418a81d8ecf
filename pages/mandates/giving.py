"""What the screens of each way share: in which capacity, the way back, and a mandate that waits no more."""

from __future__ import annotations

from nicegui import ui

from app.queries.mandates import MandateView
from models.enums import Capacity
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.states import mandate_chip
from pages.components.ways import way_back
from pages.components.words import Words


def capacity_field() -> Field:
    """Draw the question: for whom does the person agree?"""
    return Field(
        "La personne donne son accord", kind="select", value=Capacity.SELF.value,
        options=[(one.value, one.label) for one in Capacity],
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
    """Say where a mandate stands that waits for no consent."""
    Fragment(mandate_chip(mandate.status)).classes("recap").props("role=status")
    Words("Ce mandat n’attend plus d’accord. Revenez en arrière pour voir la suite.")
