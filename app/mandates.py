"""The life of a mandate: presented, consented or refused, accepted, revoked. Each state is a transition of
``app.lifecycle``; each act is journaled, and tells the open pages of the case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import drafts, mandate_papers, receipts, referral_steps, threads, typed
from app import mandate_steps as steps
from app.access import authorise
from app.case_form import full_name
from app.chain_facts import scope_named
from app.deadlines import CONFIRMATION, add_months
from app.errors import Conflict, Invalid
from app.french import long_date
from app.journal import record
from app.lifecycle import MandateGesture
from app.mandate_document.evidence import sha256_as_kept
from app.mandate_steps import Giver
from app.mandate_text import beside, current, fill
from app.policy import Action
from app.signature import read_drawing
from app.work import Work
from models.case import Case
from models.enums import Capacity, CaseStatus, EntryKind, EventKind, MandateStatus, MandateWay, ProofKind
from models.mandate import Mandate, MandateScope
from models.organization import Group, Organization, Theme

MONTHS = 6
MAX_MONTHS = 12


def present(
    work: Work,
    case_id: UUID,
    *,
    more: frozenset[UUID] = frozenset(),
    months: int = MONTHS,
    way: MandateWay = MandateWay.SCREEN,
) -> UUID:
    """Write a mandate for this case and show it to the usager; return its id.

    It names the organisations of the case (of the draft, or of the mandate that held) and ``more``.
    Mandates not accepted yet are superseded; the one in force, which it amends, holds until it is accepted.
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
    for old in steps.pending(work, case_id):
        steps.move(work, old, MandateGesture.SUPERSEDE)
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
        text_id=text.id, way=way, holder={"name": holder}, theme_label=theme.label,
        shown_text={"plain": list(shown.plain), "full": list(shown.full)}, shown_sha256=shown.sha256,
        expires_at=expires_at,
    )  # fmt: skip
    work.session.add(mandate)
    work.session.flush()
    work.session.add_all(MandateScope(mandate_id=mandate.id, organization_id=id_) for id_ in scope)
    mandate.amends_id = next((one.id for one in steps.in_force(work, case_id)), None)
    steps.move(
        work, mandate, MandateGesture.PRESENT,
        case=str(case_id), structure=str(case.structure_id), holder=sha256_as_kept(mandate.holder),
        shown=shown.sha256, scope=scope_named(scope), until=expires_at.isoformat(), theme=theme.label,
        amends=str(mandate.amends_id or ""),
    )  # fmt: skip
    mandate.presented_at = work.now
    return mandate.id


def choose_way(work: Work, mandate_id: UUID, way: MandateWay) -> None:
    """Have a mandate that waits for its consent given in another way: the same text, nothing written again."""
    mandate, case, _ = steps.load(work, mandate_id)
    steps.expect_consent(work, mandate)
    if mandate.way is way:
        return
    mandate.way = way
    record(work, "mandate.way_chosen", case.id, mandate=mandate_id, way=way)
    threads.tell_case(work, case.id)


def sign(
    work: Work, mandate_id: UUID, *, shown_sha256: str, giver: Giver, drawing: object, language: str = ""
) -> None:
    """Keep the usager's consent, given by a drawn signature on the text whose hash is named. ``language`` is
    that of the translation shown beside it, if one was."""
    drawn = read_drawing(drawing)
    content = {**drawn.as_json(), "image": drawn.svg(), **_beside(work, mandate_id, language)}
    steps.keep_consent(work, mandate_id, shown_sha256, ProofKind.DRAWN, giver, content)


def declare(
    work: Work, mandate_id: UUID, *, shown_sha256: str, capacity: Capacity, name: str, language: str = ""
) -> None:
    """Keep the consent of somebody who cannot draw: the name typed before the aidant."""
    name = typed.line(name, "name")
    if not 2 <= len(name) <= 120:
        raise Invalid(name="Écrivez votre prénom et votre nom.")
    content = {"name": name, **_beside(work, mandate_id, language)}
    steps.keep_consent(work, mandate_id, shown_sha256, ProofKind.DECLARED, Giver(capacity, name), content)


def _beside(work: Work, mandate_id: UUID, language: str) -> dict[str, Any]:
    """Return what the proof says of the translation that was shown beside the French, if one was."""
    mandate = work.session.get(Mandate, mandate_id) if language else None
    return {"beside": beside(work, mandate, language).as_proof()} if mandate else {}


def refuse(work: Work, mandate_id: UUID) -> None:
    """Record that the usager does not agree."""
    mandate, _, _ = steps.load(work, mandate_id, Action.ANSWER_MANDATE)
    steps.move(work, mandate, MandateGesture.REFUSE)
    mandate.ended_at = work.now


def accept(work: Work, mandate_id: UUID) -> None:
    """Accept the mandate in the structure's name (art. 1984 Code civil): from now on it holds. Of an open case
    that was frozen without one, what is awaited is given its whole time again."""
    mandate, case, facts = steps.load(work, mandate_id)
    if mandate.status is MandateStatus.ACTIVE:
        return
    steps.expect(work, mandate, MandateGesture.ACCEPT)
    was_frozen = not steps.in_force(work, case.id)
    mandate.accepted_at, mandate.accepted_by_id = work.now, work.actor.account_id
    if mandate.way is MandateWay.VERBAL:
        mandate.confirm_by = work.now + CONFIRMATION
    steps.move(work, mandate, MandateGesture.ACCEPT, **mandate_papers.make(work, mandate))
    for old in steps.in_force(work, case.id):
        if old is not mandate:
            steps.move(work, old, MandateGesture.SUPERSEDE)
            old.ended_at = work.now
    if was_frozen and case.status not in (CaseStatus.DRAFT, CaseStatus.CLOSED):
        referral_steps.restart(work, case, referral_steps.RESUMED)
    if case.status is not CaseStatus.DRAFT:
        threads.append(work, case, facts, kind=EntryKind.EVENT, event=EventKind.MANDATE_ACCEPTED)
    receipts.receipt(work, mandate)


def revoke(work: Work, mandate_id: UUID, reason: str) -> None:
    """Record that the usager takes the mandate back: sharing is frozen at once, and reopening a closed case
    resumes nothing that it ended.

    By the usager (a link, a STOP), ``reason`` says which; by an aidant, how the person asked for it.
    """
    mandate, case, facts = steps.load(work, mandate_id, Action.ANSWER_MANDATE)
    reason = typed.line(reason, "reason")
    if not 3 <= len(reason) <= 300:
        raise Invalid(reason="Dites en quelques mots comment la personne vous l’a demandé.")
    if mandate.status is MandateStatus.REVOKED:
        return
    is_frozen = mandate.status is not MandateStatus.ENDED or not steps.in_force(work, case.id)
    # Given to widen it and accepted by nobody yet, or ended with the case before it: to accept the one or to
    # resume the other later would undo what the person says now.
    others = steps.with_status(work, case.id, (MandateStatus.CONSENTED, MandateStatus.ENDED))
    for one in (mandate, *(other for other in others if other is not mandate)):
        steps.move(work, one, MandateGesture.REVOKE, reason=reason)
        one.ended_at, one.end_reason = work.now, reason
    if case.status is not CaseStatus.DRAFT and is_frozen:
        by_usager = work.actor.usager_of is not None
        event = EventKind.MANDATE_TAKEN_BACK if by_usager else EventKind.MANDATE_REVOKED
        threads.append(work, case, facts, kind=EntryKind.EVENT, event=event)


def renounce(work: Work, mandate_id: UUID) -> None:
    """Give up a mandate that is not in force yet (a wrong name, an organisation forgotten)."""
    mandate, _, _ = steps.load(work, mandate_id)
    if mandate.status is MandateStatus.ACTIVE:
        raise Conflict("Ce mandat est en vigueur. Pour y mettre fin, enregistrez sa révocation.")
    steps.move(work, mandate, MandateGesture.RENOUNCE)
    mandate.ended_at = work.now


def end_with_case(work: Work, case: Case) -> None:
    """End the mandate of a case that closes."""
    for mandate in steps.in_force(work, case.id):
        steps.move(work, mandate, MandateGesture.END)
        mandate.ended_at = work.now
    for mandate in steps.pending(work, case.id):
        steps.move(work, mandate, MandateGesture.RENOUNCE)
        mandate.ended_at = work.now


def resume_with_case(work: Work, case: Case) -> None:
    """Let the mandate that ended with the case hold again when it is reopened within its term, unless the
    person has refused one or taken one back since."""
    if steps.in_force(work, case.id):
        return
    over = steps.with_status(work, case.id, (MandateStatus.ENDED, MandateStatus.REFUSED, MandateStatus.REVOKED))
    mandate = max(over, key=lambda one: (one.ended_at or work.now, one.id), default=None)
    if mandate is None or mandate.status is not MandateStatus.ENDED:
        raise Conflict(
            "Le mandat n’est plus en vigueur. Faites signer un nouveau mandat, puis rouvrez la demande."
        )
    steps.move(work, mandate, MandateGesture.RESUME)
    mandate.ended_at = None


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
