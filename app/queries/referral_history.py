"""What became of each referral of a case, step by step: who, what, when, and the due date from then on.

It holds what aidants may know too: gestures, never a text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.work import Work
from models.account import Account
from models.case import Referral, ReferralStep
from models.enums import ReferralStatus

MOST = 200  # steps of one case that are shown, the newest ones


@dataclass(frozen=True)
class StepView:
    """One step. ``gesture`` is the name of a ``Gesture``, or ``referral_steps.SENT``; ``who`` made it (the
    service, when empty), ``assignee`` has the referral from then on."""

    at: datetime
    gesture: str
    status: ReferralStatus
    who: str
    assignee: str
    due_at: datetime | None


def steps(work: Work, case_id: UUID) -> dict[UUID, tuple[StepView, ...]]:
    """Return the steps of each referral, oldest first. The caller has checked the right to read the case."""
    assignee = aliased(Account)
    query = (
        select(
            ReferralStep, col(Account.first_name), col(Account.last_name), col(assignee.first_name),
            col(assignee.last_name),
        )
        .join(Referral, col(Referral.id) == ReferralStep.referral_id)
        .outerjoin(Account, col(Account.id) == ReferralStep.account_id)
        .outerjoin(assignee, col(assignee.id) == ReferralStep.assignee_id)
        .where(col(Referral.case_id) == case_id)
        .order_by(col(ReferralStep.created_at).desc(), col(ReferralStep.id).desc())
        .limit(MOST)
    )  # fmt: skip
    found: dict[UUID, list[StepView]] = defaultdict(list)
    for step, first, last, its_first, its_last in reversed(work.session.execute(query).all()):
        found[step.referral_id].append(
            StepView(
                step.created_at, step.gesture, step.status, _short(first, last), _short(its_first, its_last),
                step.due_at,
            )
        )  # fmt: skip
    return {referral_id: tuple(lines) for referral_id, lines in found.items()}


def _short(first: str | None, last: str | None) -> str:
    return f"{first} {(last or '')[:1]}." if first else ""
