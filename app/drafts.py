"""A case being written: saved as typed from the first character. Only its author sees it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app import chain
from app.access import authorise, require
from app.case_form import STEPS, Form, Ready, clean, full_name, read
from app.errors import Conflict, Forbidden
from app.journal import record
from app.personal_data import words
from app.policy import Action, CaseFacts
from app.queries.identifiers import asks
from app.security import sessions
from app.work import Work
from models.base import new_id
from models.case import Case, CaseDraft
from models.enums import CaseStatus, IdentifierKind
from models.mandate import Mandate, MandatePage, MandateScope
from models.organization import Group, GroupArea, Organization
from models.outbox import IncomingSms, Outgoing
from models.thread import Attachment


def start(work: Work, structure_id: UUID, form: Form, *, case_id: UUID | None = None) -> UUID:
    """Begin a case in the name of a structure, with what is typed so far; return its id.

    ``case_id`` is chosen by the page, so that a repeated first save does not make two drafts. A structure that
    was closed raises no case any more (``Forbidden``).
    """
    actor = work.actor
    require(work, Action.CREATE, CaseFacts(actor.account_id, structure_id, CaseStatus.DRAFT))
    if not work.session.get_one(Group, structure_id).is_open:
        raise Forbidden(
            "Votre structure est fermée dans Administration+ : elle ne peut plus faire de demande. "
            "Adressez-vous à votre animateur territorial."
        )
    case_id = case_id or new_id()
    case = Case(id=case_id, created_at=work.now, author_id=actor.account_id, structure_id=structure_id)
    try:
        with work.session.begin_nested():
            work.session.add(case)
    except IntegrityError:
        save(work, case_id, form, 1)
        return case_id
    work.session.add(CaseDraft(case_id=case_id, form=_without_nir(work, clean(form)), saved_at=work.now))
    record(work, "case.drafted", case_id)
    return case_id


def save(work: Work, case_id: UUID, form: Form, step: int) -> datetime:
    """Keep what is typed, over what was there; return when."""
    case, _ = authorise(work, case_id, Action.READ, lock=True)
    if case.status is not CaseStatus.DRAFT:
        raise Conflict("Cette demande a déjà été transmise.")
    draft = work.session.get_one(CaseDraft, case_id)
    draft.form = _without_nir(work, clean({**draft.form, **form}))
    draft.step = min(max(step, 1), STEPS)
    draft.saved_at = work.now
    return work.now


def _without_nir(work: Work, form: Form) -> Form:
    """Keep no NIR when no organisation asks for it (any more)."""
    nir = IdentifierKind.NIR.value
    on = select(col(Organization.id)).where(asks(), col(Organization.identifier) == IdentifierKind.NIR).limit(1)
    return {**form, nir: ""} if form[nir] and work.session.scalar(on) is None else form


def discard(work: Work, case_id: UUID) -> None:
    """Throw a draft away, with its files' rows, the mandates shown for it and what was asked by SMS."""
    case, _ = authorise(work, case_id, Action.READ, lock=True)
    if case.status is not CaseStatus.DRAFT:
        raise Conflict("Cette demande a déjà été transmise : elle ne peut plus être abandonnée.")
    signed = select(col(Mandate.id)).where(
        col(Mandate.case_id) == case_id, col(Mandate.consented_at).is_not(None)
    )
    if work.session.scalar(signed.limit(1)) is not None:
        raise Conflict(
            "La personne a déjà donné son accord : ce brouillon se garde avec sa preuve. "
            "Transmettez la demande, ou laissez le brouillon : il n’est vu que de vous."
        )
    session = work.session
    session.execute(delete(Attachment).where(col(Attachment.case_id) == case_id))
    session.execute(delete(CaseDraft).where(col(CaseDraft.case_id) == case_id))
    unsigned = select(col(Mandate.id)).where(col(Mandate.case_id) == case_id)
    mandate_ids = session.scalars(unsigned).all()
    sessions.end_handed(work, mandate_ids)
    for mandate_id in mandate_ids:
        chain.erase_details(work, mandate_id)
    session.execute(delete(MandatePage).where(col(MandatePage.mandate_id).in_(unsigned)))
    session.execute(delete(Outgoing).where(col(Outgoing.about_id).in_(unsigned)))
    answered = update(IncomingSms).where(col(IncomingSms.mandate_id).in_(unsigned))
    session.execute(answered.values(mandate_id=None))
    session.execute(delete(MandateScope).where(col(MandateScope.mandate_id).in_(unsigned)))
    session.execute(delete(Mandate).where(col(Mandate.case_id) == case_id))
    session.delete(case)
    record(work, "case.discarded", case_id)


def mandate_subject(work: Work, case: Case) -> tuple[str, str | None, frozenset[UUID]]:
    """Return what a draft's mandate is about: the usager's name, the theme, the organisations chosen."""
    draft = work.session.get_one(CaseDraft, case.id)
    ready = read(work, draft.form, steps=3)
    scope = frozenset(group.organization_id for group in ready.groups) | ready.also
    return full_name(ready.civility, ready.first_name, ready.last_name), ready.theme, scope


def usager_key(work: Work, structure_id: UUID, ready: Ready) -> bytes:
    """Return the keyed fingerprint by which the same usager is recognised within one structure."""
    name = (" ".join(words(part)) for part in (ready.last_name, ready.first_name))
    return work.vault.fingerprint("usager", structure_id.hex, *name, ready.born_on.isoformat())


def departement_of(work: Work, structure_id: UUID) -> str:
    """Return the département where a structure stands, proposed for its usagers."""
    query = select(col(GroupArea.departement)).where(col(GroupArea.group_id) == structure_id).limit(1)
    return work.session.scalar(query) or ""
