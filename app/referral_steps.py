"""The steps of a referral's life: each made here as the table of transitions says, and kept for its history."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.deadlines import FIRST_GESTURE_DAYS, NEXT_GESTURE_DAYS, add_working_days
from app.errors import Conflict
from app.journal import record
from app.lifecycle import Clock, Gesture, Move, move
from app.work import Work
from models.case import Case, Referral, ReferralStep
from models.enums import ReferralStatus

SENT = "SENT"  # the step that opens a referral, or opens it again; the others bear the name of their gesture
RESUMED = "RESUMED"  # a new mandate: who could not act may again


def make(work: Work, case: Case, referral: Referral, gesture: Gesture, *, assignee: UUID | None = None) -> Move:
    """Move a referral as its table says, its clock included, or refuse what has no row (``Conflict``).

    ``assignee`` is whose it is from now on; without one it stays whose it was, unless the move frees it.
    """
    step = move(referral.status, gesture)
    if step is None:
        raise Conflict(
            f"La demande est maintenant « {referral.status.label} » pour cet organisme. "
            "Ce geste n’est plus possible."
        )
    if step.to is not referral.status:
        referral.resolved_at = work.now if step.to is ReferralStatus.RESOLVED else None
    referral.status = step.to
    if step.clock is Clock.STOP:
        referral.due_at = None
    elif step.clock is Clock.RESTART or (step.clock is Clock.GO_ON and not referral.is_waiting):
        referral.due_at = add_working_days(work.now, NEXT_GESTURE_DAYS, case.departement)
    if step.clock in (Clock.RESTART, Clock.STOP):
        referral.is_waiting = step.waits
    referral.assignee_id = None if step.frees else assignee or referral.assignee_id
    keep(work, referral, gesture.name)
    record(work, "referral.moved", case.id, referral=referral.id, gesture=gesture.name, to=step.to)
    return step


def restart(work: Work, case: Case, step: str) -> None:
    """Have the clocks of an open case start again: while nobody might act on it, none ran. Those that wait
    for the aidant stay stopped."""
    running = select(Referral).where(
        col(Referral.case_id) == case.id, col(Referral.is_waiting).is_(False),
        col(Referral.status).in_((ReferralStatus.SENT, ReferralStatus.IN_PROGRESS)),
    )  # fmt: skip
    for referral in work.session.scalars(running):
        days = FIRST_GESTURE_DAYS if referral.status is ReferralStatus.SENT else NEXT_GESTURE_DAYS
        referral.due_at = add_working_days(work.now, days, case.departement)
        keep(work, referral, step)


def unanswer(work: Work, case: Case, answered: list[UUID]) -> None:
    """Have these wait for the aidant again, since the answer is taken back; not those that moved since."""
    for referral_id in answered:
        steps = select(col(ReferralStep.gesture)).where(col(ReferralStep.referral_id) == referral_id)
        last = work.session.scalar(steps.order_by(col(ReferralStep.id).desc()).limit(1))
        if last == Gesture.ANSWERED.name:
            make(work, case, work.session.get_one(Referral, referral_id), Gesture.UNANSWERED)


def keep(work: Work, referral: Referral, gesture: str) -> None:
    """Keep, for its history, what a referral has become by this step."""
    work.session.add(
        ReferralStep(
            created_at=work.now, referral_id=referral.id, account_id=work.actor.account, gesture=gesture,
            status=referral.status, assignee_id=referral.assignee_id, due_at=referral.due_at,
        )
    )  # fmt: skip
