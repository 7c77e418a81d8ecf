"""The life of a whole case: sent from its draft, closed, reopened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col

from app import attachments, case_identifiers, drafts, mandates, referrals, search_index, threads, typed
from app.access import authorise
from app.case_form import Ready, read
from app.errors import Conflict, Forbidden, Invalid, OutsideMandate
from app.journal import record
from app.lifecycle import CASE_MOVES, REOPENING_DAYS, CaseGesture
from app.personal_data import fold
from app.policy import Action, CaseFacts
from app.queries.mandates import in_force, lacks, unnamed
from app.queries.visibility import case_facts
from app.work import Work
from models.case import Case, CaseDraft, Participation, Referral
from models.enums import (
    CaseStatus,
    EntryKind,
    EventKind,
    Outcome,
    Party,
    Side,
    Usefulness,
)


def send(work: Work, case_id: UUID) -> UUID:
    """Send a draft to its recipients and return its id; sending it twice sends it once.

    Everything is checked again: the fields, the recipients, and a mandate in force that names each of them.
    """
    case, facts = authorise(work, case_id, Action.READ, lock=True)
    if case.status is not CaseStatus.DRAFT:
        return case.id
    draft = work.session.get_one(CaseDraft, case_id)
    ready = read(work, draft.form)
    _require_mandate(work, case, ready)
    files = tuple(file.id for file in attachments.pending(work, case.id))
    _fill(work, case, ready)
    work.session.execute(delete(CaseDraft).where(col(CaseDraft.case_id) == case_id))
    work.session.add(
        Participation(
            case_id=case.id, holder_id=case.structure_id, party=Party.STRUCTURE, side=Side.AIDANT,
            activity_at=work.now,
        )
    )  # fmt: skip
    for group in ready.groups:
        referrals.add_recipient(work, case, group.id)
    search_index.keep_head(work, case)
    facts = case_facts(work, case)
    message = threads.append(work, case, facts, kind=EntryKind.MESSAGE, text=ready.description)
    attachments.claim(work, case, message, files)
    names = ", ".join(group.name for group in ready.groups)
    threads.append(work, case, facts, kind=EntryKind.EVENT, event=EventKind.SENT, details={"what": names})
    record(work, "case.sent", case.id)
    return case.id


def close(work: Work, case_id: UUID, outcome: Outcome | None, usefulness: Usefulness | None) -> None:
    """Close a case, saying what came of it; its mandate ends with it."""
    case, facts = authorise(work, case_id, Action.CLOSE, lock=True)
    outcome, usefulness = require_closing(outcome, usefulness)
    _end(work, case, facts, EventKind.CLOSED, outcome, usefulness)


def close_by_service(work: Work, case: Case, facts: CaseFacts, outcome: Outcome) -> None:
    """Close a case that the caller has locked and whose closing was announced; only the service may."""
    if work.actor.account is not None or work.actor.usager_of is not None:
        raise Forbidden("Seul le service clôture ainsi une demande.")
    _end(work, case, facts, EventKind.CLOSED_BY_SERVICE, outcome, None)


def _end(
    work: Work, case: Case, facts: CaseFacts, event: EventKind, outcome: Outcome, usefulness: Usefulness | None
) -> None:
    """End a case, its clocks and its mandate, whoever closes it."""
    status = _to(case, CaseGesture.CLOSE)
    what = {"what": outcome.label.lower()}
    threads.append(work, case, facts, kind=EntryKind.EVENT, event=event, details=what)
    assert status is not None
    case.status, case.closed_at = status, work.now
    case.outcome, case.usefulness = outcome, usefulness
    waiting = col(Referral.case_id) == case.id
    work.session.execute(update(Referral).where(waiting).values(due_at=None, is_waiting=False))
    _open_participations(work, case, False)
    mandates.end_with_case(work, case)
    record(work, "case.closed", case.id, outcome=outcome, usefulness=usefulness or "", event=event)


def require_closing(outcome: Outcome | None, usefulness: Usefulness | None) -> tuple[Outcome, Usefulness]:
    """Return what is said when a case is closed, or refuse what is missing of it."""
    missing = {
        **({"outcome": "Dites où en est le problème."} if outcome is None else {}),
        **({"usefulness": "Dites si Administration+ a été utile."} if usefulness is None else {}),
    }
    if outcome is None or usefulness is None:
        raise Invalid(**missing)
    return outcome, usefulness


def reopen(work: Work, case_id: UUID, reason: str) -> None:
    """Reopen a closed case, within six months and with a reason; its mandate must still be within its term."""
    case, facts = authorise(work, case_id, Action.REOPEN, lock=True)
    reason = typed.line(reason, "reason")
    if not 5 <= len(reason) <= 300:
        raise Invalid(reason="Dites en quelques mots pourquoi vous rouvrez la demande.")
    _to(case, CaseGesture.REOPEN)
    if case.closed_at is not None and work.now - case.closed_at > timedelta(days=REOPENING_DAYS):
        raise Forbidden("Cette demande est clôturée depuis plus de six mois. Faites une nouvelle demande.")
    mandates.resume_with_case(work, case)
    case.closed_at, case.outcome, case.usefulness, case.resolved_at = None, None, None, None
    case.status = CaseStatus.IN_PROGRESS
    referrals.reopen_referrals(work, case)
    _open_participations(work, case, True)
    referrals.settle(work, case)
    threads.append(
        work, case, replace(facts, status=case.status), kind=EntryKind.EVENT, event=EventKind.REOPENED,
        details={"what": reason},
    )  # fmt: skip
    record(work, "case.reopened", case.id)


def _to(case: Case, gesture: CaseGesture) -> CaseStatus | None:
    if (case.status, gesture) not in CASE_MOVES:
        raise Conflict(f"Cette demande est maintenant « {case.status.label} » : ce geste n’est plus possible.")
    return CASE_MOVES[case.status, gesture]


def _require_mandate(work: Work, case: Case, ready: Ready) -> None:
    """Refuse to send without a mandate in force, of this usager, for this theme, naming each recipient."""
    mandate = in_force(work, case.id)
    if mandate is None:
        raise Forbidden(
            "Sans mandat en vigueur, la demande ne peut pas être transmise. Faites signer la personne."
        )
    usager, groups = f"{ready.first_name} {ready.last_name}", [group.id for group in ready.groups]
    outside = unnamed(work, mandate, groups)
    if lacking := lacks(work, mandate, usager, ready.theme, groups):
        raise (
            OutsideMandate(lacking, tuple(outside), tuple(outside.values())) if outside else Forbidden(lacking)
        )


def _fill(work: Work, case: Case, ready: Ready) -> None:
    """Copy the checked values of the form into the case."""
    status = _to(case, CaseGesture.SEND)
    assert status is not None
    case.theme_code, case.blockage_code, case.procedure_code = ready.theme, ready.blockage, ready.procedure
    case.is_urgent, case.urgency_reason = ready.is_urgent, ready.urgency_reason
    case.civility = ready.civility
    case.usager_first_name, case.usager_last_name = ready.first_name, ready.last_name
    case.usager_born_on, case.commune, case.departement = ready.born_on, ready.commune, ready.departement
    case.usager_contact = {"phone": ready.phone} if ready.phone else None
    case.usager_key = drafts.usager_key(work, case.structure_id, ready)
    case.subject = ready.subject
    words = (ready.subject, ready.first_name, ready.last_name, ready.commune)
    case.search_text = fold(" ".join(words))[:480]
    case_identifiers.keep(work, case.id, ready.identifiers)
    case.status, case.sent_at = status, work.now
    work.session.flush()


def _open_participations(work: Work, case: Case, is_open: bool) -> None:
    ours = col(Participation.case_id) == case.id
    work.session.execute(update(Participation).where(ours).values(is_open=is_open))
