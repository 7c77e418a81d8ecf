"""The papers of a mandate: made once, when the structure accepts it, and given to who may see the mandate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.chain_facts import papers_named
from app.config import settings
from app.errors import NotFound
from app.journal import record
from app.mandate_document.code import SHORT_LENGTH, new_code
from app.mandate_document.details import details_of, signature_of
from app.mandate_document.evidence import evidence_of
from app.mandate_document.facts import DocumentFacts, PageImage, SealPlan
from app.mandate_document.render import render
from app.mandate_text import LANGUAGE
from app.queries.mandates import MandateView, document
from app.work import Work
from models.enums import ProofKind, SealLevel
from models.mandate import Mandate, MandateDocument, MandatePage, MandateProof

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
    ProofKind.SMS_REPLY: (
        "La réponse par SMS prouve l’accord donné depuis le téléphone de la personne : numéro, texte reçu, "
        "heure et texte exact du mandat sont conservés. Elle ne prouve pas qui tenait le téléphone."
    ),
    ProofKind.SMS_CODE: (
        "Le code reçu par SMS et donné à l’accueil prouve que la personne était présente avec son téléphone. "
        "Numéro, heure et texte exact sont conservés. Il n’est pas une signature."
    ),
    ProofKind.PAPER: (
        "Le papier signé prouve l’accord comme toute signature manuscrite : l’image de chaque page est "
        "conservée, relue par l’Aidant+. L’original reste à la structure ou à la personne."
    ),
    ProofKind.WITNESS: (
        "L’accord oral prouve moins qu’un écrit : un témoin, qui n’est pas l’Aidant+, signe que le texte a été "
        "lu et accepté. Il est à confirmer par écrit sous sept jours."
    ),
    ProofKind.EXISTING: (
        "Le mandat déjà signé pour la structure prouve ce que son texte dit : le fichier est conservé, "
        "l’Aidant+ a vérifié ses dates et ce qu’il couvre."
    ),
}


@dataclass(frozen=True)
class Paper:
    """A paper to download. Its name says nothing of the person."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class SealView:
    """The codes of a mandate and where its seal stands. ``fault`` is the closed word of why it has none yet,
    empty before the first try."""

    code: str
    short_code: str
    level: SealLevel | None
    sealed_at: datetime | None
    fault: str


def make(work: Work, mandate: Mandate) -> dict[str, str]:
    """Give a mandate that is being accepted its codes, its document and its evidence, within that transaction;
    return what its event in the chain says of them."""
    work.session.flush()
    proof = work.session.scalars(
        select(MandateProof)
        .where(col(MandateProof.mandate_id) == mandate.id)
        .order_by(col(MandateProof.id).desc())
    ).first()
    assert proof is not None
    _give_codes(work, mandate)
    facts = _facts(document(work, mandate.id), mandate, proof, _pages(work, mandate.id))
    pdf = render(facts)
    evidence = evidence_of(facts, pdf)
    work.session.add(
        MandateDocument(
            created_at=work.now, mandate_id=mandate.id, pdf=pdf, evidence=evidence,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        )
    )  # fmt: skip
    return {**papers_named(pdf, evidence), "short_code": facts.short_code}


def pdf(work: Work, mandate_id: UUID) -> Paper:
    """Return the document to who may see the mandate, sealed if it is, and write in the journal that they took
    it."""
    _, kept = _kept(work, mandate_id)
    return Paper("mandat.pdf", "application/pdf", kept.sealed_pdf or kept.pdf)


def evidence(work: Work, mandate_id: UUID) -> Paper:
    """Return the evidence that goes with it to who handles the mandate; others get ``NotFound``."""
    view, kept = _kept(work, mandate_id)
    if not view.may_manage:
        raise NotFound
    return Paper("mandat-preuve.json", "application/json", kept.sealed_evidence or kept.evidence)


def seal_of(work: Work, mandate_id: UUID) -> SealView | None:
    """Return where the seal of a mandate stands to who may see the mandate; nothing before its acceptance."""
    document(work, mandate_id)
    query = (
        select(
            col(Mandate.code), col(Mandate.short_code), col(MandateDocument.seal_level),
            col(MandateDocument.sealed_at), col(MandateDocument.seal_fault),
        )
        .join(MandateDocument, col(MandateDocument.mandate_id) == Mandate.id)
        .where(col(Mandate.id) == mandate_id)
    )  # fmt: skip
    found = work.session.execute(query).one_or_none()
    return SealView(found[0] or "", found[1] or "", *found[2:]) if found else None


def _give_codes(work: Work, mandate: Mandate) -> None:
    """Draw both codes, again should one be taken: a second time is rare, a third one is a fault."""
    for is_last in (False, False, True):
        codes = {"code": new_code(), "short_code": new_code(SHORT_LENGTH)}
        try:
            with work.session.begin_nested():
                work.session.execute(update(Mandate).where(col(Mandate.id) == mandate.id).values(codes))
            break
        except IntegrityError:
            if is_last:
                raise
    work.session.refresh(mandate, list(codes))


def _pages(work: Work, mandate_id: UUID) -> tuple[PageImage, ...]:
    query = (
        select(MandatePage)
        .where(col(MandatePage.mandate_id) == mandate_id, col(MandatePage.confirmed_at).is_not(None))
        .order_by(col(MandatePage.position))
    )
    return tuple(PageImage(page.media_type, page.content, page.sha256) for page in work.session.scalars(query))


def _kept(work: Work, mandate_id: UUID) -> tuple[MandateView, MandateDocument]:
    view = document(work, mandate_id)
    query = select(MandateDocument).where(col(MandateDocument.mandate_id) == mandate_id)
    if (kept := work.session.scalar(query)) is None:
        raise NotFound
    record(work, "mandate.downloaded", view.case_id, mandate=mandate_id)
    return view, kept


def _facts(
    view: MandateView, mandate: Mandate, proof: MandateProof, pages: tuple[PageImage, ...]
) -> DocumentFacts:
    assert view.presented_at is not None
    assert view.consented_at is not None
    assert view.accepted_at is not None
    assert view.proof is not None
    assert mandate.code is not None
    assert mandate.short_code is not None
    image, signer = signature_of(proof.content)
    ours = settings()
    plan = SealPlan.TRIAL if ours.is_demo else SealPlan.PLANNED if ours.seal_certificate else SealPlan.NONE
    return DocumentFacts(
        mandate_id=str(view.id), holder=view.holder, structure=view.structure, organizations=view.organizations,
        language=LANGUAGE, text_version=view.text_version, text_sha256=view.text_sha256,
        plain_text=view.plain_text, full_text=view.full_text, shown_sha256=view.shown_sha256,
        way=view.way.value, consent=f"{view.way.label}. {proof.kind.label}. {proof.capacity.label}.",
        strength=STRENGTH[proof.kind], image=image, signer=signer, declared_name=view.proof.name,
        proof=dict(proof.content), proof_sha256=proof.sha256, presented_at=view.presented_at,
        consented_at=view.consented_at, accepted_at=view.accepted_at, accepted_by=view.accepted_by,
        expires_at=view.expires_at, code=mandate.code, short_code=mandate.short_code,
        address=f"{ours.address}/verifier/{mandate.code}", seal=plan,
        details=details_of(proof.kind, proof.content), pages=pages,
    )  # fmt: skip
