"""E-mails of what people were told: one for each person and burst, gathered by case when its time has come.

What is urgent, or chosen so, leaves soon after the first notice, and takes along all that waits for the same
person; what was read meanwhile leaves no more. The e-mail is written into the outbox in the transaction that
marks its notices, so that nothing is told twice and nothing forgotten, whoever is killed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col

from app.actors import load_actor
from app.config import settings
from app.errors import SignedOut
from app.notify.pace import BURST, URGENT
from app.notify.words import Waiting, digest, group_digest, preferences
from app.one_by_one import one_by_one
from app.outbox import put
from app.policy import Actor
from app.queries.visibility import visible_cases
from app.usager_words import Mail
from app.work import ByAccount, Work
from models.account import Account
from models.case import Case
from models.enums import Channel, NoticeKind
from models.notice import Notice
from models.organization import Group

PERSON, MAILBOX = "notices", "notices-group"
# What is told to those who do not, or no longer, read the case: without a way to it.
_WITHOUT_CASE = frozenset(
    {NoticeKind.WITHDRAWN, NoticeKind.LATE_TO_MANAGER, NoticeKind.LATE_TO_COORDINATOR, NoticeKind.NOBODY_THERE}
)
_AT_ONCE = 1_000


def run(at: datetime | None = None) -> str:
    """Write the e-mails whose time has come; return how many, without a word about whom."""
    return f"{one_by_one(_due, _write, at)} written"


_Whose = tuple[UUID | None, UUID | None]  # an account; without one, the group whose mailbox it is


def _due(work: Work) -> list[_Whose]:
    """Who has something whose time has come (an index holds nothing but what waits for an e-mail)."""
    query = select(col(Notice.account_id), col(Notice.group_id)).where(col(Notice.mail_due_at) <= work.now)
    found = {
        (account_id, None if account_id else group_id): None
        for account_id, group_id in work.session.execute(
            query.order_by(col(Notice.mail_due_at)).limit(_AT_ONCE)
        )
    }
    return list(found)


def _write(work: Work, whose: _Whose) -> bool:
    """Write one e-mail with all that waits for this person or mailbox, if its time has still come."""
    account_id, group_id = whose
    waiting = _waiting(work, _of(account_id, group_id))
    if not any(row.mail_due_at and row.mail_due_at <= work.now for row in waiting):
        return False
    if (later := _gathered_until(work, _of(account_id, group_id), waiting)) is not None:
        for row in waiting:
            row.mail_due_at = max(row.mail_due_at or later, later) if row.is_urgent else row.mail_due_at
        return False
    for row in waiting:
        row.mail_due_at = None
    if account_id is None:
        return _to_mailbox(work, group_id, waiting)
    return _to_person(work, account_id, waiting)


def _gathered_until(work: Work, whose: ColumnElement[bool], waiting: list[Notice]) -> datetime | None:
    """Until when what is urgent waits for more, if an e-mail told this person of something urgent just before:
    what they have not read yet is the burst that goes on. ``None`` when the e-mail leaves now."""
    if any(not row.is_urgent and row.mail_due_at and row.mail_due_at <= work.now for row in waiting):
        return None
    told = select(func.max(Notice.created_at)).where(
        whose, col(Notice.is_urgent), col(Notice.read_at).is_(None), col(Notice.mail_due_at).is_(None),
        col(Notice.created_at) > work.now - URGENT - BURST,
    )  # fmt: skip
    last = work.session.scalar(told)
    return last + URGENT + BURST if last is not None else None


def _of(account_id: UUID | None, group_id: UUID | None) -> ColumnElement[bool]:
    if account_id is not None:
        return col(Notice.account_id) == account_id
    return and_(col(Notice.account_id).is_(None), col(Notice.group_id) == group_id)


def _waiting(work: Work, whose: ColumnElement[bool]) -> list[Notice]:
    query = (
        select(Notice)
        .where(whose, col(Notice.read_at).is_(None), col(Notice.mail_due_at).is_not(None))
        .order_by(col(Notice.created_at), col(Notice.id))
        .with_for_update()
    )
    return list(work.session.scalars(query))


def _to_person(work: Work, account_id: UUID, rows: list[Notice]) -> bool:
    try:
        actor = load_actor(work.session, ByAccount(account_id), work.now)
    except SignedOut:  # the account was closed
        return False
    found = _by_case(rows, _readable(work, actor, rows))
    if not found:
        return False
    email = work.session.get_one(Account, account_id).email
    _put(work, PERSON, email, digest(found, settings().address), rows)
    return True


def _to_mailbox(work: Work, group_id: UUID | None, rows: list[Notice]) -> bool:
    group = work.session.get_one(Group, group_id)
    if not group.mailbox or not group.is_open:
        return False
    everything = {row.case_id for row in rows if row.case_id}
    _put(work, MAILBOX, group.mailbox, group_digest(_by_case(rows, everything), settings().address), rows)
    return True


def _put(work: Work, template: str, to: str, mail: Mail, rows: list[Notice]) -> None:
    put(
        work, Channel.MAIL, template, to, mail.text, dedupe_key=f"{template}:{rows[-1].id}",
        subject=mail.subject, html=mail.html, unsubscribe=preferences(settings().address),
    )  # fmt: skip


def _readable(work: Work, actor: Actor, rows: Iterable[Notice]) -> set[UUID]:
    wanted = {row.case_id for row in rows if row.case_id}
    query = select(col(Case.id)).where(col(Case.id).in_(wanted), visible_cases(actor))
    return set(work.session.scalars(query)) if wanted else set()


def _by_case(rows: list[Notice], readable: set[UUID]) -> list[Waiting]:
    """Gather by case, urgent ones first, then as they came; what leads to no case comes last."""
    counts: defaultdict[UUID | None, Counter[NoticeKind]] = defaultdict(Counter)
    urgent = set()
    for row in rows:
        place = row.case_id if row.case_id in readable else None
        if place is None and row.kind not in _WITHOUT_CASE:
            continue
        counts[place][row.kind] += 1
        urgent |= {place} if row.is_urgent else set()
    found = [Waiting(place, dict(kinds), place in urgent) for place, kinds in counts.items()]
    return sorted(found, key=lambda one: (one.case_id is None, not one.is_urgent))
