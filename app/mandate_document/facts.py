"""What the document of one accepted mandate says: plain values, read once, nothing of the case's story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class SealPlan(Enum):
    """What the document may say of its seal, which is appended after it was made: title of a page's foot, and
    sentence. True whether or not the seal has come."""

    TRIAL = (
        "Document d’essai",
        "Document d’essai, sans valeur : les personnes sont inventées. Le cachet ajouté à sa suite est un "
        "cachet d’essai. Il montre que rien n’a changé depuis ; il n’engage personne.",
    )
    PLANNED = (
        "Cachet ajouté à la suite",
        "Le cachet électronique est ajouté à la suite de ce document, sans le changer. Le lecteur de PDF le "
        "montre ; s’il n’en montre aucun, ce document n’est pas scellé.",
    )
    NONE = (
        "Document fait sans cachet",
        "Ce document a été fait sans cachet électronique. S’il en a reçu un plus tard, le cachet est ajouté à "
        "sa suite et le lecteur de PDF le montre.",
    )

    @property
    def foot(self) -> str:
        """What stands at the foot of each page."""
        return self.value[0]

    @property
    def sentence(self) -> str:
        """What the last part says."""
        return self.value[1]


@dataclass(frozen=True)
class PageImage:
    """A page of a paper mandate as photographed, or a file that was attached. ``sha256`` is of ``content``."""

    media_type: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class DocumentFacts:
    """Everything that the document and its evidence say of a mandate.

    Instants carry their zone. ``shown_sha256`` covers ``language``, ``plain_text``, ``full_text`` and
    ``text_sha256`` as ``app.mandate_text.fill`` writes them; ``proof_sha256`` covers ``proof``, the proof's
    content as ``app.mandates`` keeps it. ``image`` is the signature as SVG, or empty when there is none;
    ``signer`` whose it is when not the person's own (a witness).
    ``details`` say in words what else the proof holds (a masked number, a witness); ``pages`` are those of a
    paper mandate, in order. ``address`` is the page that verifies ``code``, and what the QR code holds.
    """

    mandate_id: str
    holder: str
    structure: str
    organizations: tuple[str, ...]
    language: str
    text_version: int
    text_sha256: str
    plain_text: tuple[str, ...]
    full_text: tuple[str, ...]
    shown_sha256: str
    way: str
    consent: str
    strength: str
    image: str
    declared_name: str
    proof: dict[str, Any]
    proof_sha256: str
    presented_at: datetime
    consented_at: datetime
    accepted_at: datetime
    accepted_by: str
    expires_at: datetime
    code: str
    short_code: str
    address: str
    seal: SealPlan = SealPlan.NONE
    details: tuple[tuple[str, str], ...] = ()
    pages: tuple[PageImage, ...] = ()
    signer: str = ""
