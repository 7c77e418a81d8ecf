"""The life of a mandate: presented, consented or refused, accepted, revoked. Each state is a transition of
``app.lifecycle``; each act is journaled, and tells the open pages of the case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import chain, drafts, mandate_papers, threads, typed
from app.access import authorise
from app.case_form import full_name
from app.deadlines import add_months
from app.errors import Conflict, Invalid, NotFound
from app.french import long_date
from app.journal import record
from app.lifecycle import MANDATE_MOVES, MandateGesture, mandate_status
from app.mandate_document.evidence import sha256_as_kept
from app.mandate_text import current, fill
from app.policy import Action, CaseFacts
from app.signature import read_drawing
from app.work import Work
from models.case import Case
from models.enums import Capacity, CaseStatus, EntryKind, EventKind, MandateStatus, ProofKind
from models.mandate import Mandate, MandateProof, MandateScope
from models.organization import Group, Organization, Theme

MONTHS = 6
MAX_MONTHS = 12
_PENDING = (MandateStatus.DRAFT, MandateStatus.PRESENTED, MandateStatus.CONSENTED)


def present(work: Work, case_id: UUID, *, more: frozenset[UUID] = frozenset(), months: int = MONTHS) -> UUID:
    """Write a mandate for this case and show it to the usager; return its id.

    It names the organisations of the case (of the draft, or of the mandate that held) and ``more``.
    Mandates not accepted yet are superseded; the one in force holds until the new one is accepted.
    """
    case, _ = authorise(work, case_id, Action.MANAGE_MANDATE, lock=True)
    if not 1 <= months <= MAX_MONTHS:
        raise Invalid(months=f"Un mandat dure de 1 à {MAX_MONTHS} mois.")
    holder, theme_code, scope = _subject(work, case)
    scope |= more
    named = work.session.scalars(
        select(Organization).where(col(Organization.id).in_(scope)).order_by(col(Organization.short_name))
    )
    names = tuple((one.short_name, one.full_name) for one in named)
    if not names or len(names) < len(scope):
        raise Invalid(organizations="Choisissez au moins un organisme avant de faire signer le mandat.")
    theme = work.session.get(Theme, theme_code) if theme_code else None
    if theme is None:
        raise Invalid(theme="Choisissez le thème avant de faire signer le mandat.")
    for old in _pending(work, case_id):
        _move(work, old, MandateGesture.SUPERSEDE)
    expires_at = add_months(work.now, months)
    text = current(work)
    shown = fill(
        text,
        usager=holder,
        structure=work.session.get_one(Group, case.structure_id).name,
        organizations=names,
        problem=theme.label,
        until=long_date(expires_at),
    )
    mandate = Mandate(
        created_at=work.now, case_id=case_id, structure_id=case.structure_id, author_id=work.actor.account_id,
        text_id=text.id, holder={"name": holder}, theme_label=theme.label,
        shown_text={"plain": list(shown.plain), "full": list(shown.full)}, shown_sha256=shown.sha256,
        expires_at=expires_at,
    )  # fmt: skip
    work.session.add(mandate)
    work.session.flush()
    work.session.add_all(MandateScope(mandate_id=mandate.id, organization_id=id_) for id_ in scope)
    _move(work, mandate, MandateGesture.PRESENT, shown=shown.sha256)
    mandate.presented_at = work.now
    return mandate.id


def sign(work: Work, mandate_id: UUID, *, shown_sha256: str, capacity: Capacity, drawing: object) -> None:
    """Keep the usager's consent, given by a drawn signature on the text whose hash is named."""
    drawn = read_drawing(drawing)
    content = {**drawn.as_json(), "image": drawn.svg()}
    _consent(work, mandate_id, shown_sha256, ProofKind.DRAWN, capacity, content)


def declare(work: Work, mandate_id: UUID, *, shown_sha256: str, capacity: Capacity, name: str) -> None:
    """Keep the consent of somebody who cannot draw: the name typed before the aidant."""
    name = typed.line(name, "name")
    if not 2 <= len(name) <= 120:
        raise Invalid(name="Écrivez votre prénom et votre nom.")
    _consent(work, mandate_id, shown_sha256, ProofKind.DECLARED, capacity, {"name": name})


def refuse(work: Work, mandate_id: UUID) -> None:
    """Record that the usager does not agree."""
    mandate, _, _ = _load(work, mandate_id)
    _move(work, mandate, MandateGesture.REFUSE)
    mandate.ended_at = work.now


def accept(work: Work, mandate_id: UUID) -> None:
    """Accept the mandate in the structure's name (art. 1984 Code civil): from now on it holds."""
    mandate, case, facts = _load(work, mandate_id)
    if mandate.status is MandateStatus.ACTIVE:
        return
    mandate.accepted_at, mandate.accepted_by_id = work.now, work.actor.account_id
    _move(work, mandate, MandateGesture.ACCEPT)
    mandate_papers.make(work, mandate)
    for old in _in_force(work, case.id):
        if old is not mandate:
            _move(work, old, MandateGesture.SUPERSEDE)
            old.ended_at = work.now
    if case.status is not CaseStatus.DRAFT:
        threads.append(work, case, facts, kind=EntryKind.EVENT, event=EventKind.MANDATE_ACCEPTED)


def revoke(work: Work, mandate_id: UUID, reason: str) -> None:
    """Record that the usager takes the mandate back: sharing is frozen at once."""
    mandate, case, facts = _load(work, mandate_id)
    reason = typed.line(reason, "reason")
    if not 3 <= len(reason) <= 300:
        raise Invalid(reason="Dites en quelques mots comment la personne vous l’a demandé.")
    if mandate.status is MandateStatus.REVOKED:
        return
    _move(work, mandate, MandateGesture.REVOKE, reason=reason)
    mandate.ended_at, mandate.end_reason = work.now, reason
    if case.status is not CaseStatus.DRAFT:
        threads.append(work, case, facts, kind=EntryKind.EVENT, event=EventKind.MANDATE_REVOKED)


def renounce(work: Work, mandate_id: UUID) -> None:
    """Give up a mandate that is not in force yet (a wrong name, an organisation forgotten)."""
    mandate, _, _ = _load(work, mandate_id)
    if mandate.status is MandateStatus.ACTIVE:
        raise Conflict("Ce mandat est en vigueur. Pour y mettre fin, enregistrez sa révocation.")
    _move(work, mandate, MandateGesture.RENOUNCE)
    mandate.ended_at = work.now


def end_with_case(work: Work, case: Case) -> None:
    """End the mandate of a case that closes."""
    for mandate in _in_force(work, case.id):
        _move(work, mandate, MandateGesture.END)
        mandate.ended_at = work.now
    for mandate in _pending(work, case.id):
        _move(work, mandate, MandateGesture.RENOUNCE)
        mandate.ended_at = work.now


def resume_with_case(work: Work, case: Case) -> None:
    """Let the mandate that ended with the case hold again when it is reopened within its term."""
    if _in_force(work, case.id):
        return
    ended = _with_status(work, case.id, (MandateStatus.ENDED,))
    if not ended:
        raise Conflict(
            "Le mandat n’est plus en vigueur. Faites signer un nouveau mandat, puis rouvrez la demande."
        )
    mandate = ended[-1]
    _move(work, mandate, MandateGesture.RESUME)
    mandate.ended_at = None


def _consent(
    work: Work, mandate_id: UUID, shown: str, kind: ProofKind, capacity: Capacity, content: dict[str, Any]
) -> None:
    mandate, _, _ = _load(work, mandate_id)
    if shown != mandate.shown_sha256:
        raise Conflict("Le texte a changé depuis son affichage. Rechargez la page, puis relisez-le.")
    proof = {**content, "at": work.now.isoformat(), "shown": shown, "capacity": capacity.value}
    sha256 = sha256_as_kept(proof)
    _move(work, mandate, MandateGesture.CONSENT, shown=shown, proof=sha256)
    mandate.consented_at = work.now
    work.session.add(
        MandateProof(
            created_at=work.now, mandate_id=mandate.id, kind=kind, capacity=capacity, content=proof,
            sha256=sha256,
        )
    )  # fmt: skip


def _load(work: Work, mandate_id: UUID) -> tuple[Mandate, Case, CaseFacts]:
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    case, facts = authorise(work, mandate.case_id, Action.MANAGE_MANDATE, lock=True)
    work.session.refresh(mandate)
    return mandate, case, facts


_WORDS = {
    MandateGesture.PRESENT: "mandate.presented", MandateGesture.CONSENT: "mandate.consented",
    MandateGesture.REFUSE: "mandate.refused", MandateGesture.ACCEPT: "mandate.accepted",
    MandateGesture.REVOKE: "mandate.revoked", MandateGesture.RENOUNCE: "mandate.renounced",
    MandateGesture.SUPERSEDE: "mandate.superseded", MandateGesture.END: "mandate.ended",
    MandateGesture.RESUME: "mandate.resumed",
}  # fmt: skip


def _move(work: Work, mandate: Mandate, gesture: MandateGesture, **details: str) -> None:
    """Make a transition of the table, from the state at this instant, or refuse it.

    It goes into the chain with who acts and ``details``: hashes of what was shown and proves it, a reason.
    """
    status = mandate_status(mandate.status, mandate.expires_at, work.now)
    to = MANDATE_MOVES.get((status, gesture))
    if to is None:
        raise Conflict(f"Ce mandat est maintenant « {status.label} » : ce n’est plus possible.")
    mandate.status = to
    chain.append(work, mandate.id, gesture.name.lower(), {"actor": str(work.actor.account_id), **details})
    record(work, _WORDS[gesture], mandate.case_id, mandate=mandate.id)
    threads.tell_case(work, mandate.case_id)


def _pending(work: Work, case_id: UUID) -> list[Mandate]:
    return _with_status(work, case_id, _PENDING)


def _in_force(work: Work, case_id: UUID) -> list[Mandate]:
    return _with_status(work, case_id, (MandateStatus.ACTIVE,))


def _with_status(work: Work, case_id: UUID, statuses: tuple[MandateStatus, ...]) -> list[Mandate]:
    """The mandates in these states and within their term, the oldest first."""
    query = select(Mandate).where(
        col(Mandate.case_id) == case_id, col(Mandate.status).in_(statuses), col(Mandate.expires_at) > work.now
    )
    return list(work.session.scalars(query.order_by(col(Mandate.id))))


def _subject(work: Work, case: Case) -> tuple[str, str | None, frozenset[UUID]]:
    """Return whose mandate it is, about what, and the organisations it names to begin with."""
    if case.status is CaseStatus.DRAFT:
        return drafts.mandate_subject(work, case)
    held = (
        select(col(Mandate.id))
        .where(col(Mandate.case_id) == case.id, col(Mandate.accepted_at).is_not(None))
        .order_by(col(Mandate.id).desc())
        .limit(1)
    )
    named = select(col(MandateScope.organization_id)).where(
        col(MandateScope.mandate_id) == held.scalar_subquery()
    )
    return (
        full_name(case.civility, case.usager_first_name, case.usager_last_name),
        case.theme_code,
        frozenset(work.session.scalars(named)),
    )
