"""What the screens of each way share: in which capacity, the way back, and a mandate that waits no more."""

from __future__ import annotations

from nicegui import ui

from app.mandate_steps import SELF, Giver
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


class GiverFields:
    """The questions: for whom does the person agree, and who agrees when it is somebody else?"""

    def __init__(
        self, label: str = "La personne donne son accord", name: str = "Prénom et nom de qui donne l’accord",
        options: list[tuple[str, str]] | None = None, value: Giver = SELF,
    ) -> None:  # fmt: skip
        self._name: Field | None
        self._capacity = Field(
            label, kind="select", value=value.capacity.value,
            options=options or [(one.value, capacity_words(one)) for one in Capacity],
        )  # fmt: skip
        self._label, self._last, self._name = name, value.name, None
        self._place = ui.element("div").classes("giver")
        self._capacity.when_changed(self._show)
        self._draw()

    @property
    def fields(self) -> dict[str, Field]:
        """The field that a refusal may be about, when it is asked."""
        return {"giver": self._name} if self._name else {}

    @property
    def giver(self) -> Giver:
        """What was answered; a capacity that is none of them is the person's own."""
        said = next((one for one in Capacity if one.value == self._capacity.value), Capacity.SELF)
        return Giver(said, str(self._name.value) if self._name else self._last)

    async def _show(self) -> None:
        self._draw()

    def _draw(self) -> None:
        """Ask who agrees when it is not the person; what was typed comes back with the question."""
        is_asked = self.giver.capacity is not Capacity.SELF
        if is_asked is (self._name is not None):
            return
        self._last = self.giver.name
        with self._place.clear():
            self._name = Field(self._label, value=self._last) if is_asked else None


def draw_way_back(mandate: MandateView) -> None:
    """Draw the way back to the case: nothing typed elsewhere is lost by it."""
    with (
        ui.element("div").classes("row-of-buttons"),
        ui.element("a").props(f'href="{way_back(mandate)}"').classes("button quiet"),
    ):
        Words("Revenir à la demande" if mandate.is_draft_case else "Revenir au mandat", "span")


def draw_over(status: MandateStatus, *, is_draft_case: bool) -> None:
    """Say where a mandate stands that waits for no consent, and what to do next."""
    Fragment(mandate_chip(status)).classes("recap").props("role=status")
    then = _THEN.get(status, "Ce mandat n’est pas encore présenté à la personne.")
    Words(then.format(back="à la demande" if is_draft_case else "au mandat"))
