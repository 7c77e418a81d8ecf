"""What a mandate's dates ask for: reminders before its term and of what must be confirmed, and its end itself.

``run`` is called by the jobs, as often as they like: each reminder leaves once. After an outage it sends what
still makes sense, and nothing else: no word of an end that has come, no chase that a later one has overtaken.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlmodel import col

from app import mandate_steps as steps
from app import threads
from app.aidant_mail import address_of, write_to_aidants
from app.deadlines import TERM_IS_NEAR
from app.french import long_date
from app.lifecycle import MandateGesture, mandate_holds
from app.outbox import put
from app.queries.visibility import case_facts, holds
from app.receipts import link_of, may_answer
from app.usager_words import aidant_confirm_mail, aidant_ends_mail, ends_mail, ends_sms
from app.work import ByNobody, Work, acting, reading
from models.case import Case
from models.enums import CaseStatus, Channel, EntryKind, EventKind, MandateStatus
from models.mandate import Mandate
from models.organization import Group
from models.outbox import Outgoing

BEFORE = TERM_IS_NEAR  # of the term, for the aidants and for the usager
CONFIRM_BEFORE = timedelta(days=2)  # of the day by which a spoken mandate is confirmed: the fifth of seven
CONFIRM_AGAIN = timedelta(days=7)
_AIDANTS, _USAGER, _CONFIRM = "mandate-ends", "mandate-ends-usager", "mandate-confirm"
_UNDER_WAY = (MandateStatus.PRESENTED, MandateStatus.CONSENTED, MandateStatus.ACTIVE)


def run() -> str:
    """Do what is due now, a transaction a mandate; return how much was done, in words."""
    ended = _each(_past_their_term, _expire)
    told = _each(_near_their_term, _tell_before_the_term)
    chased = _each(_to_confirm, _chase)
    return f"{ended} expired, {told} reminded, {chased} chased"


def _each(query: Callable[[Work], list[UUID]], step: Callable[[Work, Mandate, Case], bool]) -> int:
    """Make a step for each mandate found; each is read again, its case locked, by then it may have changed."""
    with reading(ByNobody()) as work:
        found = query(work)
    done = 0
    for mandate_id in found:
        with acting(ByNobody()) as work:
            mandate = work.session.get(Mandate, mandate_id)
            if mandate is None:  # its draft was thrown away
                continue
            case = work.session.scalars(
                select(Case).where(col(Case.id) == mandate.case_id).with_for_update()
            ).one()
            work.session.refresh(mandate)
            done += step(work, mandate, case)
    return done


def _past_their_term(work: Work) -> list[UUID]:
    query = select(col(Mandate.id)).where(
        col(Mandate.status).in_(_UNDER_WAY), col(Mandate.expires_at) <= work.now
    )
    return list(work.session.scalars(query))


def _expire(work: Work, mandate: Mandate, case: Case) -> bool:
    """Write down that the term has come: it held no more since then, whether or not this ran."""
    if mandate.status not in _UNDER_WAY or mandate.expires_at > work.now:
        return False
    was_active = mandate.status is MandateStatus.ACTIVE
    steps.move(work, mandate, MandateGesture.EXPIRE, term=mandate.expires_at.isoformat())
    mandate.ended_at = mandate.expires_at
    facts = case_facts(work, case)
    if was_active and _is_open(case) and not facts.has_valid_mandate:
        threads.append(work, case, facts, kind=EntryKind.EVENT, event=EventKind.MANDATE_EXPIRED)
    return True


def _near_their_term(work: Work) -> list[UUID]:
    query = (
        select(col(Mandate.id))
        .join(Case, col(Case.id) == Mandate.case_id)
        .where(
            holds(work.now), col(Mandate.expires_at) <= work.now + BEFORE, _open_in_sql(),
            or_(
                ~_told(_AIDANTS),
                ~_told(_USAGER) & col(Mandate.contact).is_not(None),
            ),
        )
    )  # fmt: skip
    return list(work.session.scalars(query))


def _tell_before_the_term(work: Work, mandate: Mandate, case: Case) -> bool:
    if not _holds(work, mandate, case) or mandate.expires_at > work.now + BEFORE:
        return False
    until = long_date(mandate.expires_at)
    told = False
    if not _was_told(work, mandate, _AIDANTS):
        mail = aidant_ends_mail(until, address_of(case))
        told = write_to_aidants(work, mandate, case, _AIDANTS, mail, f"{_AIDANTS}:{mandate.id}")
    if mandate.contact is not None and not _was_told(work, mandate, _USAGER):
        told = _to_usager(work, mandate, mandate.contact, until) or told
    return told


def _to_confirm(work: Work) -> list[UUID]:
    query = (
        select(col(Mandate.id))
        .join(Case, col(Case.id) == Mandate.case_id)
        .where(
            holds(work.now), col(Mandate.confirm_by) <= work.now + CONFIRM_BEFORE,
            col(Case.status) != CaseStatus.CLOSED,
        )
    )  # fmt: skip
    return list(work.session.scalars(query))


def _chase(work: Work, mandate: Mandate, case: Case) -> bool:
    """Chase what was only spoken, before the day, on the day, then each week; the last one that is due."""
    if mandate.confirm_by is None or not mandate_holds(mandate.status, mandate.expires_at, work.now):
        return False
    number = _chases_due(mandate.confirm_by, work.now)
    if number == 0 or case.status is CaseStatus.CLOSED:
        return False
    key = f"{_CONFIRM}:{mandate.id}:{number}"
    known = select(col(Outgoing.id)).where(
        col(Outgoing.about_id) == mandate.id, col(Outgoing.dedupe_key).startswith(key + ":")
    )
    if work.session.scalar(known.limit(1)) is not None:
        return False
    until = long_date(mandate.confirm_by)
    mail = aidant_confirm_mail(until, address_of(case), is_past=work.now >= mandate.confirm_by)
    return write_to_aidants(work, mandate, case, _CONFIRM, mail, key)


def _chases_due(confirm_by: datetime, now: datetime) -> int:
    """Return how many chases are due by now, those of before included."""
    if now < confirm_by - CONFIRM_BEFORE:
        return 0
    return 1 if now < confirm_by else 2 + (now - confirm_by) // CONFIRM_AGAIN


def _to_usager(work: Work, mandate: Mandate, contact: dict[str, str], until: str) -> bool:
    structure, link = work.session.get_one(Group, mandate.structure_id).name, link_of(work, mandate)
    key = f"{_USAGER}:{mandate.id}"
    if phone := contact.get("phone"):
        text = ends_sms(structure, until, link, may_answer=may_answer(work, mandate, phone))
        put(work, Channel.SMS, _USAGER, phone, text, dedupe_key=key, about=mandate.id)
    elif email := contact.get("email"):
        mail = ends_mail(structure, until, link)
        put(
            work, Channel.MAIL, _USAGER, email, mail.text, dedupe_key=key, about=mandate.id,
            subject=mail.subject, html=mail.html,
        )  # fmt: skip
    else:
        return False
    return True


def _holds(work: Work, mandate: Mandate, case: Case) -> bool:
    return _is_open(case) and mandate_holds(mandate.status, mandate.expires_at, work.now)


def _is_open(case: Case) -> bool:
    return case.status not in (CaseStatus.DRAFT, CaseStatus.CLOSED)


def _open_in_sql() -> ColumnElement[bool]:
    return col(Case.status).not_in((CaseStatus.DRAFT, CaseStatus.CLOSED))


def _told(template: str) -> ColumnElement[bool]:
    return exists().where(col(Outgoing.about_id) == col(Mandate.id), col(Outgoing.template) == template)


def _was_told(work: Work, mandate: Mandate, template: str) -> bool:
    query = select(col(Outgoing.id)).where(
        col(Outgoing.about_id) == mandate.id, col(Outgoing.template) == template
    )
    return work.session.scalar(query.limit(1)) is not None
