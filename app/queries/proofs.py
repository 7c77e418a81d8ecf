"""What proves a consent, as screens read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.proof_words import STRENGTH_OF, Strength, proof_facts
from app.work import Work
from models.enums import Capacity, ProofKind
from models.mandate import MandateProof


@dataclass(frozen=True)
class ProofView:
    """What proves a consent. ``image`` is a signature as SVG, or empty; ``name`` the name declared; ``giver``
    who agreed for the person, or empty.

    ``witness_image`` is the signature of a spoken mandate's witness; ``facts`` what else is kept, in words.
    """

    kind: ProofKind
    capacity: Capacity
    image: str
    name: str
    giver: str
    sha256: str
    witness_image: str
    facts: tuple[tuple[str, str], ...]

    @property
    def strength(self) -> Strength:
        """How far it goes."""
        return STRENGTH_OF[self.kind]


def proof_of(work: Work, mandate_id: UUID) -> ProofView | None:
    """Return the last proof of a mandate's consent, to who was let see the mandate; nothing before it."""
    query = (
        select(MandateProof)
        .where(col(MandateProof.mandate_id) == mandate_id)
        .order_by(col(MandateProof.id).desc())
        .limit(1)
    )
    proof = work.session.scalar(query)
    if proof is None:
        return None
    content: dict[str, Any] = proof.content
    return ProofView(
        proof.kind, proof.capacity, str(content.get("image", "")), str(content.get("name", "")),
        str(content.get("giver", "")), proof.sha256, str(content.get("witness_image", "")),
        proof_facts(proof.kind, content),
    )  # fmt: skip
