"""What people are told: one row for each person (or group mailbox) and each thing that happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Record, UTCDateTime, stored
from models.enums import NoticeKind

_UNREAD = text("read_at IS NULL")
_TO_MAIL = text("mail_due_at IS NOT NULL")


class Notice(Record, table=True):
    """One thing that somebody is told, in the bell and by e-mail; ``dedupe_key`` makes it once.

    ``account_id`` is the person; without one, ``group_id`` is the group whose mailbox is told. ``details`` hold
    identifiers and closed values only, never a name or a text of the case. ``mail_due_at`` is when an e-mail
    that gathers it leaves, empty once it left, was read before, or when none is wanted.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        CheckConstraint("account_id IS NOT NULL OR group_id IS NOT NULL", name="somebody"),
        Index("ix_notice_bell", "account_id", "created_at"),
        Index("ix_notice_unread", "account_id", "case_id", postgresql_where=_UNREAD, sqlite_where=_UNREAD),
        Index("ix_notice_mail", "mail_due_at", postgresql_where=_TO_MAIL, sqlite_where=_TO_MAIL),
        Index(None, "case_id"),
    )

    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    group_id: UUID | None = Field(default=None, foreign_key="group.id")
    case_id: UUID | None = Field(default=None, foreign_key="case.id")
    kind: NoticeKind = Field(sa_type=stored(NoticeKind))
    seq: int | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    is_urgent: bool = False
    dedupe_key: str = Field(max_length=160)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    mail_due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
