"""What people were told, as stored: plain functions for tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Engine, event, select
from sqlmodel import col

from app.work import ByNobody, acting, reading
from models.account import Account
from models.notice import Notice
from tests.conftest import Cast


def rows() -> list[Notice]:
    """Every notice, the oldest first."""
    with reading(ByNobody()) as work:
        return list(work.session.scalars(select(Notice).order_by(col(Notice.created_at), col(Notice.id))))


def unread(cast: Cast) -> dict[str, list[str]]:
    """What each person has not read, by their name in the cast."""
    with reading(ByNobody()) as work:
        emails = {row[0]: row[1] for row in work.session.execute(select(col(Account.id), col(Account.email)))}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows():
        if row.read_at is None:
            name = emails[row.account_id].partition("@")[0] if row.account_id else "mailbox"
            found[name].append(row.kind.value)
    return dict(found)


def nothing_told(*, read: bool = False) -> None:
    """Begin from nothing: what was told until now is gone, or read."""
    with acting(ByNobody()) as work:
        for row in work.session.scalars(select(Notice)):
            if read:
                row.read_at, row.mail_due_at = work.now, None
            else:
                work.session.delete(row)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note what is asked of the database."""
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        if statement.split(" ", 1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            seen.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def people_of(rows_: list[Notice]) -> set[UUID | None]:
    """Whom these are for."""
    return {row.account_id for row in rows_}
