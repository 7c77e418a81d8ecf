"""Telling people: one row for each person and each thing, written in the transaction that causes it.

Nobody is told of their own act, and the same ``key`` is told once. What leaves by e-mail is gathered from these
rows by a job (domain, section 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.events import NoticesChanged
from app.work import Work
from models.base import new_id
from models.enums import NoticeKind
from models.notice import Notice


def tell(
    work: Work, accounts: Iterable[UUID], kind: NoticeKind, *, key: str, case_id: UUID | None = None,
    group_id: UUID | None = None, seq: int | None = None, is_urgent: bool = False, **details: Any,
) -> int:  # fmt: skip
    """Tell these accounts, the actor excepted; return how many were told that had not been.

    ``key`` names the thing (120 characters at most); ``details`` are identifiers and closed values. Whoever
    calls has chosen accounts that may know of it: nothing is filtered here.
    """
    wanted = {f"{key}:{one.hex}": one for one in accounts if one != work.actor.account}
    if not wanted:
        return 0
    known = select(col(Notice.dedupe_key)).where(col(Notice.dedupe_key).in_(wanted))
    for told in work.session.scalars(known):
        del wanted[told]
    plain = {name: str(value) for name, value in details.items()}
    work.session.add_all(
        Notice(
            id=new_id(), created_at=work.now, account_id=account_id, group_id=group_id, case_id=case_id,
            kind=kind, seq=seq, details=plain, is_urgent=is_urgent, dedupe_key=dedupe_key,
        )
        for dedupe_key, account_id in wanted.items()
    )  # fmt: skip
    if wanted:
        work.session.flush()
        work.signal(NoticesChanged(frozenset(wanted.values())))
    return len(wanted)
