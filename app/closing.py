"""What the service closes by itself, never unannounced: a case resolved for 30 days (domain, section 3), a case
that nobody touched for 12 months (section 11).

The jobs call ``run_resolved`` and ``run_still`` as often as they like. An announcement always leaves its whole
delay, however long the service was down before. Notes between agents count for nothing here: a closing put off
would tell the aidant that there was one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, exists, func, literal_column, select, text
from sqlmodel import col

from app import cases, threads
from app.deadlines import (
    ANNOUNCED_DAYS,
    RESOLVED_ANNOUNCE_DAYS,
    RESOLVED_REMIND_DAYS,
    STILL_ANNOUNCED_MONTHS,
    STILL_MONTHS,
    add_days,
    add_months,
)
from app.french import long_date
from app.notify.notices import tell
from app.one_by_one import one_by_one
from app.queries import people
from app.queries.visibility import case_facts
from app.work import Work
from models.case import Case, Participation
from models.enums import Audience, CaseStatus, EntryKind, EventKind, NoticeKind, Outcome
from models.notice import Notice
from models.thread import Entry


class Step(Enum):
    """What is to be done with a quiet case now."""

    REMIND = "reminded"
    ANNOUNCE = "announced"
    CLOSE = "closed"


@dataclass(frozen=True)
class Quiet:
    """Since when a case is quiet; when its closing was last announced since then, when somebody last said
    something to everybody, whether its aidant was reminded."""

    since: datetime
    announced_at: datetime | None
    spoken_at: datetime | None = None
    is_reminded: bool = False


def resolved_step(quiet: Quiet, now: datetime) -> Step | None:
    """Return what a resolved case asks for. A word after the announcement cancels it: its days begin
    again."""
    since, announced_at, spoken_at = quiet.since, quiet.announced_at, quiet.spoken_at
    if announced_at is not None:
        if spoken_at is None or spoken_at <= announced_at:
            return Step.CLOSE if now >= resolved_end(since, announced_at) else None
        since = spoken_at
    if now >= add_days(since, RESOLVED_ANNOUNCE_DAYS):
        return Step.ANNOUNCE
    is_due = announced_at is None and not quiet.is_reminded and now >= add_days(since, RESOLVED_REMIND_DAYS)
    return Step.REMIND if is_due else None


def still_step(quiet: Quiet, now: datetime) -> Step | None:
    """Return what an open case that nobody touches asks for."""
    if quiet.announced_at is None:
        is_due = now >= add_months(quiet.since, STILL_MONTHS - STILL_ANNOUNCED_MONTHS)
        return Step.ANNOUNCE if is_due else None
    return Step.CLOSE if now >= still_end(quiet.since, quiet.announced_at) else None


def resolved_end(_since: datetime, announced_at: datetime) -> datetime:
    """Return when a resolved case closes, announced then."""
    return add_days(announced_at, ANNOUNCED_DAYS)


def still_end(since: datetime, announced_at: datetime) -> datetime:
    """Return when a case that nobody touches closes, announced then."""
    return max(add_months(since, STILL_MONTHS), add_months(announced_at, STILL_ANNOUNCED_MONTHS))


def _announced(since: Any) -> ScalarSelect[Any]:
    """When the closing of a case was last announced, after this."""
    query = select(func.max(col(Entry.created_at))).where(
        col(Entry.case_id) == col(Case.id), col(Entry.event) == EventKind.CLOSING_SOON,
        col(Entry.created_at) >= since,
    )  # fmt: skip
    return query.scalar_subquery()


def _resolved(now: datetime) -> Select[*tuple[Any, ...]]:
    """The resolved cases that may ask for something: an index holds no other, so that history costs nothing."""
    since = col(Case.resolved_at)
    spoken = select(func.max(col(Entry.created_at))).where(
        col(Entry.case_id) == col(Case.id), col(Entry.audience) == Audience.EVERYBODY,
        col(Entry.author_id).is_not(None), col(Entry.withdrawn_at).is_(None),
    )  # fmt: skip
    reminded = exists().where(
        col(Notice.case_id) == col(Case.id), col(Notice.kind) == NoticeKind.TO_CLOSE,
        col(Notice.created_at) >= since,
    )  # fmt: skip
    query = select(col(Case.id), since, _announced(since), spoken.scalar_subquery(), reminded)
    resolved = col(Case.status) == literal_column("'resolved'")  # in the words of the index
    return query.where(resolved, since <= add_days(now, -RESOLVED_REMIND_DAYS))


def _still(now: datetime) -> Select[*tuple[Any, ...]]:
    """The open cases that nobody touched for long, as their structure sees them move."""
    since = col(Participation.activity_at)
    query = select(col(Case.id), since, _announced(since)).join(
        Participation, col(Participation.case_id) == Case.id
    )
    return query.where(
        text("participation.is_open AND participation.party = 'structure'"),  # in the words of the index
        # Three days more than need be: a month back from 28 February is no 31st.
        since <= add_days(add_months(now, STILL_ANNOUNCED_MONTHS - STILL_MONTHS), 3),
        col(Case.status).in_((CaseStatus.SENT, CaseStatus.IN_PROGRESS, CaseStatus.TO_REDIRECT)),
    )  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Which cases are quiet, what they ask for (one of ``steps``), when an announced one closes, and with which
    outcome."""

    cases: Callable[[datetime], Select[*tuple[Any, ...]]]
    step: Callable[[Quiet, datetime], Step | None]
    steps: tuple[Step, ...]
    end: Callable[[datetime, datetime], datetime]
    outcome: Outcome


RESOLVED = Rule(_resolved, resolved_step, tuple(Step), resolved_end, Outcome.SOLVED)
STILL = Rule(_still, still_step, (Step.ANNOUNCE, Step.CLOSE), still_end, Outcome.DROPPED)


def run_resolved(at: datetime | None = None) -> str:
    """Remind, announce and close what is resolved; return how much was done, in words."""
    return _run(RESOLVED, at)


def run_still(at: datetime | None = None) -> str:
    """Announce and close what nobody touches; return how much was done, in words."""
    return _run(STILL, at)


def _run(rule: Rule, at: datetime | None) -> str:
    done: Counter[Step] = Counter()

    def find(work: Work) -> list[UUID]:
        rows = work.session.execute(rule.cases(work.now)).all()
        return [case_id for case_id, *known in rows if rule.step(Quiet(*known), work.now) is not None]

    def see_to(work: Work, case_id: UUID) -> bool:
        case = work.session.scalars(select(Case).where(col(Case.id) == case_id).with_for_update()).one()
        row = work.session.execute(rule.cases(work.now).where(col(Case.id) == case_id)).one_or_none()
        step = rule.step(Quiet(*row[1:]), work.now) if row is not None else None
        if row is None or step is None:  # reopened, moved or closed meanwhile
            return False
        is_done = _take(work, case, step, rule, since=row[1])
        done[step] += is_done
        return is_done

    one_by_one(find, see_to, at)
    return ", ".join(f"{done[step]} {step.value}" for step in rule.steps)


def _take(work: Work, case: Case, step: Step, rule: Rule, *, since: datetime) -> bool:
    """Take the step, and return whether it was one: there may be nobody to remind. What stands in the thread is
    told by its line (``app.notify.rules``)."""
    if step is Step.REMIND:
        key, aidants = f"to-close:{case.id}:{work.now:%Y%m%d%H%M%S}", people.aidants_of_the_case(work, case)
        return tell(work, aidants, NoticeKind.TO_CLOSE, key=key, case_id=case.id) > 0
    facts = case_facts(work, case)
    if step is Step.CLOSE:
        cases.close_by_service(work, case, facts, rule.outcome)
    else:
        until = long_date(rule.end(since, work.now))
        threads.append(
            work, case, facts, kind=EntryKind.EVENT, event=EventKind.CLOSING_SOON, details={"what": until}
        )
    return True
