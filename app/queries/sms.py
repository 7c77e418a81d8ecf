"""The SMS of a mandate as its aidants read them: what was answered, and how it was understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access import authorise
from app.errors import NotFound
from app.policy import Action
from app.work import Work
from models.enums import SmsAnswer
from models.mandate import Mandate
from models.outbox import IncomingSms


@dataclass(frozen=True)
class AnswerView:
    """An SMS that a person sent about a mandate. ``answer`` is how it was understood: unclear is to be read."""

    received_at: datetime
    text: str
    answer: SmsAnswer


def answers(work: Work, mandate_id: UUID) -> tuple[AnswerView, ...]:
    """Return what was answered about a mandate, the oldest first, to who may manage it."""
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    authorise(work, mandate.case_id, Action.MANAGE_MANDATE)
    query = (
        select(IncomingSms)
        .where(col(IncomingSms.mandate_id) == mandate_id)
        .order_by(col(IncomingSms.received_at), col(IncomingSms.id))
    )
    rows = work.session.scalars(query)
    return tuple(AnswerView(row.received_at, row.text, row.answer or SmsAnswer.UNCLEAR) for row in rows)
