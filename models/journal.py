"""Who did what and when, for the record: identifiers only, never a name or a text of a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.base import Record


class JournalEntry(Record, table=True):
    """One act. ``action`` is a word of ``app.journal``; ``details`` hold identifiers and closed values."""

    __tablename__ = "journal"
    __table_args__ = (Index(None, "case_id", "created_at"), Index(None, "actor_id", "created_at"))

    actor_id: UUID | None = None
    action: str = Field(max_length=40)
    case_id: UUID | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
