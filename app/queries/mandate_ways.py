"""How far the way chosen for a mandate has come: what left by SMS, what came back, which pages are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access import authorise
from app.errors import NotFound
from app.policy import Action
from app.sms.answers import says_nothing
from app.work import Work
from models.case import Case, CaseDraft
from models.enums import CaseStatus, OutgoingStatus, SmsAnswer
from models.mandate import Mandate, MandateCode, MandateScope
from models.organization import Organization
from models.outbox import IncomingSms, Outgoing

TRIES = 5  # of one code


@dataclass(frozen=True)
class Sent:
    """An SMS that left, or is about to: to which number, since when, and whether it went."""

    to: str
    at: datetime
    status: OutgoingStatus


@dataclass(frozen=True)
class Code:
    """The last code sent. ``tries_left`` is 0 when it opens nothing any more: used, over, five wrong tries."""

    sent: Sent
    expires_at: datetime
    tries_left: int


@dataclass(frozen=True)
class Answer:
    """An SMS that came back for this mandate: what it was understood as, its text, when."""

    answer: SmsAnswer | None
    text: str
    at: datetime


@dataclass(frozen=True)
class BySms:
    """Where the two ways by SMS stand. ``phone`` is the number to propose, as it was typed, or empty."""

    phone: str
    code: Code | None
    question: Sent | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class OnPaper:
    """Whose a document signed before must be, and what it must cover: organisations as (id, short name)."""

    holder: str
    organizations: tuple[tuple[UUID, str], ...]


def by_sms(work: Work, mandate_id: UUID) -> BySms:
    """Return where the ways by SMS stand, to who handles the mandate."""
    mandate, case = _load(work, mandate_id)
    return BySms(
        _phone(work, mandate, case), _code(work, mandate_id), _question(work, mandate_id),
        _answers(work, mandate_id),
    )  # fmt: skip


def on_paper(work: Work, mandate_id: UUID) -> OnPaper:
    """Return what a document signed before must say."""
    mandate, _ = _load(work, mandate_id)
    named = (
        select(col(Organization.id), col(Organization.short_name))
        .join(MandateScope, col(MandateScope.organization_id) == Organization.id)
        .where(col(MandateScope.mandate_id) == mandate_id)
        .order_by(col(Organization.short_name))
    )
    organizations = tuple((id_, name) for id_, name in work.session.execute(named))
    return OnPaper(str(mandate.holder["name"]), organizations)


def _answers(work: Work, mandate_id: UUID) -> tuple[Answer, ...]:
    """Return the SMS that came back for a mandate, the oldest first (10 at most)."""
    query = (
        select(IncomingSms)
        .where(col(IncomingSms.mandate_id) == mandate_id)
        .order_by(col(IncomingSms.received_at).desc())
        .limit(10)
    )
    return tuple(
        Answer(row.answer, str(row.text), row.received_at)
        for row in reversed(list(work.session.scalars(query)))
    )


def unclear_since_consent(work: Work, mandate_id: UUID) -> tuple[Answer, ...]:
    """Return what came by SMS since the agreement was given and says neither yes nor no, politeness left out,
    to who handles the mandate: the oldest first, 10 at most."""
    mandate, _ = _load(work, mandate_id)
    if mandate.consented_at is None:
        return ()
    later = [one for one in _answers(work, mandate_id) if one.at > mandate.consented_at]
    return tuple(one for one in later if one.answer is SmsAnswer.UNCLEAR and not says_nothing(one.text))


def _load(work: Work, mandate_id: UUID) -> tuple[Mandate, Case]:
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    case, _ = authorise(work, mandate.case_id, Action.MANAGE_MANDATE)
    return mandate, case


def _phone(work: Work, mandate: Mandate, case: Case) -> str:
    contact: dict[str, Any] = mandate.contact or {}
    if contact.get("phone"):
        return str(contact["phone"])
    if case.status is CaseStatus.DRAFT:
        return str(work.session.get_one(CaseDraft, case.id).form.get("phone", ""))
    return str((case.usager_contact or {}).get("phone", ""))


def _code(work: Work, mandate_id: UUID) -> Code | None:
    row = work.session.scalar(
        select(MandateCode)
        .where(col(MandateCode.mandate_id) == mandate_id, col(MandateCode.code) != b"")
        .order_by(col(MandateCode.id).desc())
        .limit(1)
    )
    sent = _last(work, mandate_id, "mandate-code")
    if row is None or sent is None:
        return None
    is_over = row.used_at is not None or work.now >= row.expires_at
    return Code(sent, row.expires_at, 0 if is_over else max(0, TRIES - row.tries))


def _question(work: Work, mandate_id: UUID) -> Sent | None:
    return _last(work, mandate_id, "mandate-ask")


def _last(work: Work, mandate_id: UUID, template: str) -> Sent | None:
    query = (
        select(Outgoing)
        .where(col(Outgoing.about_id) == mandate_id, col(Outgoing.template) == template)
        .order_by(col(Outgoing.id).desc())
        .limit(1)
    )
    row = work.session.scalar(query)
    return Sent(str(row.address), row.created_at, row.status) if row is not None else None
