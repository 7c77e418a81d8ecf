"""Telling people: one row for each person and each thing, written in the transaction that causes it.

Nobody is told of their own act, and the same ``key`` is told once, whichever process says it first. What leaves
by e-mail is gathered from these rows by a job (``app.notify.mails``; domain, section 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.errors import NotFound
from app.events import NoticesChanged
from app.notify.pace import mail_due
from app.work import Work
from models.account import Account
from models.base import new_id
from models.enums import MailPace, NoticeKind
from models.notice import Notice
from models.organization import Group

TO_MAILBOX = frozenset({NoticeKind.NEW_CASE, NoticeKind.LATE})
_AT_ONCE = 500  # rows of one statement


def tell(
    work: Work, accounts: Iterable[UUID], kind: NoticeKind, *, key: str, case_id: UUID | None = None,
    group_id: UUID | None = None, seq: int | None = None, is_urgent: bool = False, **details: Any,
) -> int:  # fmt: skip
    """Tell these accounts, the actor excepted; return how many were told that had not been.

    ``key`` names the thing (120 characters at most); ``details`` are identifiers and closed values. Whoever
    calls has chosen accounts that may know of it: nothing is filtered here but accounts that were closed.
    With ``group_id`` the mailbox of that group is told too of what concerns it (``TO_MAILBOX``).
    """
    common: dict[str, Any] = {
        "created_at": work.now, "case_id": case_id, "kind": kind, "seq": seq, "is_urgent": is_urgent,
        "details": {name: str(value) for name, value in details.items()},
    }  # fmt: skip
    wanted = {one for one in accounts if one != work.actor.account}
    people = select(col(Account.id), col(Account.mail_pace)).where(
        col(Account.id).in_(wanted), col(Account.is_active)
    )
    rows = [
        {**common, "id": new_id(), "account_id": account_id, "group_id": group_id,
         "dedupe_key": f"{key}:{account_id.hex}", "mail_due_at": mail_due(pace, work.now, is_urgent=is_urgent)}
        for account_id, pace in (work.session.execute(people).all() if wanted else ())
    ]  # fmt: skip
    if group_id is not None and kind in TO_MAILBOX:
        rows += _for_mailbox(work, group_id, key, common)
    told: set[UUID] = set()
    for first in range(0, len(rows), _AT_ONCE):
        told.update(_insert(work, rows[first : first + _AT_ONCE]))
    if told:
        work.signal(NoticesChanged(frozenset(told)))
    return len(told)


def forget(work: Work, case_id: UUID, seqs: Iterable[int]) -> None:
    """Take back what was told of these lines to who has not read it yet: its author took the words back."""
    gone = delete(Notice).where(
        col(Notice.case_id) == case_id, col(Notice.seq).in_(tuple(seqs)), col(Notice.read_at).is_(None)
    )
    _signal(work, gone.returning(col(Notice.account_id)))


def forget_message(work: Work, case_id: UUID, seq: int, accounts: frozenset[UUID]) -> None:
    """Take back what was told of the message of a gesture, in this same act, to who is told of the gesture."""
    work.session.execute(
        delete(Notice).where(
            col(Notice.case_id) == case_id, col(Notice.seq) == seq, col(Notice.created_at) == work.now,
            col(Notice.kind) == NoticeKind.MESSAGE, col(Notice.account_id).in_(accounts),
        ).execution_options(synchronize_session=False)
    )  # fmt: skip


def read_up_to(work: Work, case_id: UUID, seqs: Mapping[UUID, int]) -> None:
    """Mark as read what these people were told of the case up to these lines: they have it before their eyes.
    What is about no line (a silence, a term) is read with the case."""
    if not seqs:
        return
    theirs: list[ColumnElement[bool]] = [
        and_(col(Notice.account_id) == who, or_(col(Notice.seq).is_(None), col(Notice.seq) <= seq))
        for who, seq in seqs.items()
    ]
    mark(work, and_(col(Notice.case_id) == case_id, or_(*theirs)))


def repace(work: Work, account_id: UUID, pace: MailPace) -> None:
    """Have what waits for an e-mail to this person leave at another pace; what is urgent waits for none."""
    waiting = update(Notice).where(
        col(Notice.account_id) == account_id, col(Notice.read_at).is_(None),
        col(Notice.mail_due_at).is_not(None), col(Notice.is_urgent).is_(False),
    )  # fmt: skip
    due = mail_due(pace, work.now, is_urgent=False)
    work.session.execute(waiting.values(mail_due_at=due).execution_options(synchronize_session=False))


def mark_told(work: Work, notice_id: UUID) -> None:
    """Mark as read, at the actor's wish, one notice and what they were told before in the same case; of
    anybody else's there is none (``NotFound``)."""
    one = work.session.get(Notice, notice_id)
    if one is None or one.account_id is None or one.account_id != work.actor.account:
        raise NotFound
    same = col(Notice.id) == one.id
    if one.case_id is not None:
        same = and_(col(Notice.case_id) == one.case_id, col(Notice.created_at) <= one.created_at)
    mark(work, and_(col(Notice.account_id) == one.account_id, same))


def mark_all_told(work: Work) -> None:
    """Mark everything that the actor was told as read."""
    if work.actor.account is None:
        raise NotFound
    mark(work, col(Notice.account_id) == work.actor.account)


def mark(work: Work, which: ColumnElement[bool]) -> None:
    """Mark these as read; no e-mail tells of them any more."""
    read = update(Notice).where(which, col(Notice.read_at).is_(None))
    _signal(work, read.values(read_at=work.now, mail_due_at=None).returning(col(Notice.account_id)))


def _for_mailbox(work: Work, group_id: UUID, key: str, common: dict[str, Any]) -> list[dict[str, Any]]:
    boxes = select(col(Group.id)).where(col(Group.id) == group_id, col(Group.mailbox) != "", col(Group.is_open))
    due = mail_due(MailPace.AT_ONCE, work.now, is_urgent=common["is_urgent"])
    return [
        {**common, "id": new_id(), "account_id": None, "group_id": box, "mail_due_at": due,
         "dedupe_key": f"{key}:box:{box.hex}"}
        for box in work.session.scalars(boxes)
    ]  # fmt: skip


def _insert(work: Work, rows: list[dict[str, Any]]) -> list[UUID]:
    """Write what was not written before, by this process or by another, and return to whom."""
    dialect: Any = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    written = dialect.insert(Notice).values(rows).on_conflict_do_nothing(index_elements=["dedupe_key"])
    found: Iterable[UUID | None] = work.session.scalars(written.returning(Notice.account_id)).all()
    return [one for one in found if one is not None]


def _signal(work: Work, statement: Any) -> None:
    """Run what changes notices, and have the bells of their people follow."""
    changed = work.session.scalars(statement.execution_options(synchronize_session=False)).all()
    if people := frozenset(one for one in changed if one is not None):
        work.signal(NoticesChanged(people))
