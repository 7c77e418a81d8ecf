"""The papers of a mandate: made once, when the structure accepts it, and given to who may see the mandate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.errors import NotFound
from app.journal import record
from app.mandate_document.evidence import evidence_of
from app.mandate_document.facts import DocumentFacts
from app.mandate_document.render import render
from app.mandate_text import LANGUAGE
from app.queries.mandates import MandateView, document
from app.work import Work
from models.enums import ProofKind
from models.mandate import Mandate, MandateDocument, MandateProof

# How far each proof goes, in the words of its document and its page.
STRENGTH: dict[ProofKind, str] = {
    ProofKind.DRAWN: (
        "La signature à l’écran prouve l’accord donné devant l’Aidant+ : tracé, heure et texte exact sont "
        "conservés ensemble. Elle n’est pas une signature électronique qualifiée."
    ),
    ProofKind.DECLARED: (
        "Le nom écrit devant l’Aidant+ prouve moins qu’une signature : c’est l’Aidant+ qui atteste que la "
        "personne l’a voulu. L’heure et le texte exact sont conservés avec lui."
    ),
}


@dataclass(frozen=True)
class Paper:
    """A paper to download. Its name says nothing of the person."""

    name: str
    media_type: str
    content: bytes


def make(work: Work, mandate: Mandate) -> None:
    """Make the document and the evidence of a mandate that has just been accepted, within that transaction."""
    work.session.flush()
    proof = work.session.scalars(
        select(MandateProof)
        .where(col(MandateProof.mandate_id) == mandate.id)
        .order_by(col(MandateProof.id).desc())
    ).first()
    assert proof is not None
    facts = _facts(document(work, mandate.id), proof)
    pdf = render(facts)
    work.session.add(
        MandateDocument(
            created_at=work.now, mandate_id=mandate.id, pdf=pdf, evidence=evidence_of(facts, pdf),
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        )
    )  # fmt: skip


def pdf(work: Work, mandate_id: UUID) -> Paper:
    """Return the document to who may see the mandate, and write in the journal that they took it."""
    _, kept = _kept(work, mandate_id)
    return Paper("mandat.pdf", "application/pdf", kept.pdf)


def evidence(work: Work, mandate_id: UUID) -> Paper:
    """Return the evidence to who handles the mandate; others get ``NotFound``."""
    view, kept = _kept(work, mandate_id)
    if not view.may_manage:
        raise NotFound
    return Paper("mandat-preuve.json", "application/json", kept.evidence)


def _kept(work: Work, mandate_id: UUID) -> tuple[MandateView, MandateDocument]:
    view = document(work, mandate_id)
    query = select(MandateDocument).where(col(MandateDocument.mandate_id) == mandate_id)
    if (kept := work.session.scalar(query)) is None:
        raise NotFound
    record(work, "mandate.downloaded", view.case_id, mandate=mandate_id)
    return view, kept


def _facts(view: MandateView, proof: MandateProof) -> DocumentFacts:
    assert view.presented_at is not None
    assert view.consented_at is not None
    assert view.accepted_at is not None
    assert view.proof is not None
    return DocumentFacts(
        mandate_id=str(view.id), holder=view.holder, structure=view.structure, organizations=view.organizations,
        language=LANGUAGE, text_version=view.text_version, text_sha256=view.text_sha256,
        plain_text=view.plain_text, full_text=view.full_text, shown_sha256=view.shown_sha256,
        way=view.way.value, consent=f"{view.way.label}. {proof.kind.label}. {proof.capacity.label}.",
        strength=STRENGTH[proof.kind], image=view.proof.image, declared_name=view.proof.name,
        proof=dict(proof.content), proof_sha256=proof.sha256, presented_at=view.presented_at,
        consented_at=view.consented_at, accepted_at=view.accepted_at, accepted_by=view.accepted_by,
        expires_at=view.expires_at,
    )  # fmt: skip
