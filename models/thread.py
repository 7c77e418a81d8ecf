"""The thread of a case: messages, operators' notes and events in one time line, and the files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import EncryptedJSON, Record, UTCDateTime, stored
from models.enums import AttachmentStatus, Audience, EntryKind, EventKind


class Entry(Record, table=True):
    """One line of the thread. ``seq`` counts 1, 2, 3… within a case; ``key`` makes a repeated post harmless.

    ``author_name`` and ``author_group`` are what was true when it was said, so that a thread never changes.
    Taken back within seconds by its author (``withdrawn_at``), a line keeps its place and loses its text.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        UniqueConstraint("case_id", "key"),
        CheckConstraint("kind <> 'note' OR audience = 'operators'", name="note_for_operators"),
    )

    case_id: UUID = Field(foreign_key="case.id")
    seq: int
    key: UUID
    kind: EntryKind = Field(sa_type=stored(EntryKind))
    audience: Audience = Field(default=Audience.EVERYBODY, sa_type=stored(Audience))
    event: EventKind | None = Field(default=None, sa_type=stored(EventKind))
    author_id: UUID | None = Field(default=None, foreign_key="account.id")
    author_name: str = Field(default="", max_length=120)
    author_group: str = Field(default="", max_length=120)
    text: str = Field(default="", max_length=10_000)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class MessageDraft(SQLModel, table=True):
    """What one person has typed in a case and not sent yet, encrypted. ``key`` is the coming message's."""

    __tablename__ = "message_draft"

    case_id: UUID = Field(foreign_key="case.id", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    key: UUID
    audience: Audience = Field(default=Audience.EVERYBODY, sa_type=stored(Audience))
    text: str = Field(sa_type=EncryptedJSON("message_draft.text"))
    saved_at: datetime = Field(sa_type=UTCDateTime)


class Attachment(Record, table=True):
    """A file of a case. Its bytes are on disk, encrypted; the row says what they are and who may ask for them.

    ``entry_id`` is empty while the file waits for the message it will leave with (or the case, for a draft).
    """

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("size >= 0", name="size_positive"),)

    case_id: UUID = Field(foreign_key="case.id", index=True)
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id", index=True)
    uploader_id: UUID = Field(foreign_key="account.id")
    status: AttachmentStatus = Field(default=AttachmentStatus.PENDING, sa_type=stored(AttachmentStatus))
    name: str = Field(max_length=160)
    media_type: str = Field(max_length=100)
    size: int
    sha256: bytes = Field(max_length=32)
    key_id: str = Field(max_length=16)
