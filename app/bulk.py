"""One gesture on many cases, each as if it were made alone.

Each case has a transaction of its own and goes through the very service of one case: its rights, its checks,
its line in the thread, what it tells people. A refusal undoes none of the others and is reported in its own
words. Many at once are held to more than one alone: nobody's case is taken over, nothing unblocked is taken up
again, and only unblocked cases are closed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import cases, referrals, threads
from app.access import authorise
from app.errors import Conflict, Invalid, Refusal, SignedOut
from app.french import number
from app.lifecycle import CaseGesture, Gesture
from app.policy import Action
from app.queries import people
from app.queries.visibility import visible_cases
from app.work import Caller, Work, acting, reading
from models.case import Case, Referral
from models.enums import CaseStatus, Outcome, ReferralStatus, Side, Usefulness

log = logging.getLogger(__name__)
MOST = 200  # cases at once
_END = 2**31 - 1  # beyond every line of a thread
_FAILED = "Cela n’a pas fonctionné pour cette demande. Rien n’y a été changé : réessayez."


class BulkGesture(StrEnum):
    """What is done to many cases, in the words of its button."""

    TAKE = Gesture.TAKE.value
    PASS = Gesture.PASS.value
    READ = "Marquer comme lues"
    CLOSE = f"{CaseGesture.CLOSE.value} les débloquées"


@dataclass(frozen=True)
class Choice:
    """What is asked once for all: the colleague who takes over, or what came of the cases."""

    colleague: UUID | None = None
    outcome: Outcome | None = None
    usefulness: Usefulness | None = None


@dataclass(frozen=True)
class Refused:
    """A case on which the gesture was refused, and why. Its subject is for who may read it."""

    case_id: UUID
    subject: str
    sentence: str


@dataclass(frozen=True)
class Report:
    """What came of a gesture: how many cases it was made on, and those that refused it."""

    done: int
    refused: tuple[Refused, ...]


def offered(work: Work) -> tuple[BulkGesture, ...]:
    """Return the gestures that make sense for this actor; each case is asked for its rights again."""
    aidant, agent = work.actor.groups(Side.AIDANT), work.actor.groups(Side.AGENT)
    answering = (BulkGesture.TAKE, BulkGesture.PASS) if agent else ()
    return (*answering, BulkGesture.READ, *((BulkGesture.CLOSE,) if aidant else ()))


def colleagues(work: Work) -> tuple[people.PersonView, ...]:
    """Return to whom the actor may hand cases over: the other agents of their groups."""
    found = people.agents_of(work, work.actor.groups(Side.AGENT))
    return tuple({one.id: one for one in found if one.id != work.actor.account_id}.values())


def run(
    caller: Caller, gesture: BulkGesture, case_ids: Iterable[UUID], choice: Choice | None = None, *,
    told: Callable[[int], None] = lambda _: None, at: datetime | None = None,
) -> Report:  # fmt: skip
    """Make a gesture on each case, and report. ``told`` hears how many are behind after each one."""
    ids, choice = _checked(case_ids), choice or Choice()
    if gesture is BulkGesture.CLOSE:
        cases.require_closing(choice.outcome, choice.usefulness)
    refused: dict[UUID, str] = {}
    for count, case_id in enumerate(ids, start=1):
        try:
            with acting(caller, at=at) as work:
                _make(work, gesture, case_id, choice)
        except SignedOut:
            raise
        except Refusal as refusal:
            refused[case_id] = refusal.sentence
        except Exception:
            log.exception("a gesture on many cases failed on one")
            refused[case_id] = _FAILED
        told(count)
    subjects: dict[UUID, str] = {}
    if refused:
        with reading(caller, at=at) as work:
            query = select(col(Case.id), col(Case.subject)).where(col(Case.id).in_(refused))
            subjects = {row[0]: row[1] for row in work.session.execute(query.where(visible_cases(work.actor)))}
    return Report(
        len(ids) - len(refused), tuple(Refused(id_, subjects.get(id_, ""), why) for id_, why in refused.items())
    )


def _checked(case_ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """Return each case once."""
    ids = tuple(dict.fromkeys(case_ids))
    if not ids:
        raise Invalid(cases="Choisissez au moins une demande.")
    if len(ids) > MOST:
        raise Invalid(cases=f"{number(MOST)} demandes au plus à la fois. Choisissez-en moins.")
    return ids


def _make(work: Work, gesture: BulkGesture, case_id: UUID, choice: Choice) -> None:
    match gesture:
        case BulkGesture.TAKE:
            _take(work, case_id)
        case BulkGesture.PASS:
            _pass(work, case_id, choice.colleague)
        case BulkGesture.READ:
            threads.mark_read(work, case_id, _END)
        case BulkGesture.CLOSE:
            case, _ = authorise(work, case_id, Action.CLOSE, lock=True)
            if case.status is not CaseStatus.RESOLVED:
                raise Conflict(f"Cette demande est « {case.status.label} ». Ouvrez-la pour la clôturer.")
            cases.close(work, case_id, choice.outcome, choice.usefulness)


def _take(work: Work, case_id: UUID) -> None:
    """Take what is free; what a colleague follows stays theirs."""
    for referral in _not_theirs(work, _waiting(work, case_id)):
        referrals.take(work, case_id, referral.group_id, seen=None)


def _pass(work: Work, case_id: UUID, colleague: UUID | None) -> None:
    if colleague is None:
        raise Invalid(colleague="Choisissez un collègue dans la liste.")
    waiting = _waiting(work, case_id)
    possible = [one for one in waiting if people.is_agent_of(work, colleague, one.group_id)]
    for referral in _not_theirs(work, possible or waiting[:1], colleague):
        referrals.pass_to(work, case_id, referral.group_id, colleague)


def _not_theirs(work: Work, waiting: list[Referral], to: UUID | None = None) -> list[Referral]:
    """Return those that nobody else follows (but who they go ``to``), or refuse: a colleague's case is taken
    over one at a time."""
    kept = [one for one in waiting if one.assignee_id in (None, work.actor.account_id, to)]
    if not kept:
        who = people.name_of(work, waiting[0].assignee_id)
        raise Conflict(f"{who} suit déjà cette demande. Rien n’a été changé.")
    return kept


def _waiting(work: Work, case_id: UUID) -> list[Referral]:
    """Return the actor's own referrals of a case that wait for an answer, or refuse."""
    case, facts = authorise(work, case_id, Action.READ, lock=True)
    kept = [one for one in threads.own_referrals(work, case) if one.group_id in facts.recipients]
    authorise(work, case_id, Action.HANDLE, group_id=kept[0].group_id if kept else None)
    open_ = (ReferralStatus.SENT, ReferralStatus.IN_PROGRESS)
    waiting = [one for one in kept if one.status in open_]
    if not waiting:
        raise Conflict(f"Cette demande est « {kept[0].status.label} » chez vous. Ouvrez-la pour la reprendre.")
    return waiting
