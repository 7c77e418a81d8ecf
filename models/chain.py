"""The mandate's chain: each event bound to the one before it, so that what was changed is found.

The rows of ``mandate_event`` are only ever added: the database itself refuses to change or remove them
(triggers of migration 0003). They hold no personal data; what may have to be erased one day stands beside
them, and is only committed to. The chain begins with that migration: what earlier mandates went through
before it is not in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import EncryptedJSON, UTCDateTime

START = "0" * 64  # what the first event names as the hash before it
DETAILS = EncryptedJSON("mandate_event_detail.details")


class MandateEvent(SQLModel, table=True):
    """One event of one mandate, in the one line of all mandates: ``seq`` is 1, 2, 3… without a hole.

    ``kind`` is a word of ``app.lifecycle.MandateGesture``, or of what was asked by SMS (``asked``,
    ``code_sent``) or of what left since (``receipt``, ``sealed``); ``commitment`` the salted SHA-256 of the
    details; ``hash`` the SHA-256 of all the rest of the row (see ``app.chain``), both in hexadecimal.
    ``mandate_id`` is no foreign key: a draft thrown away takes its mandates with it, not what happened.
    """

    __tablename__ = "mandate_event"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    mandate_id: UUID = Field(index=True)
    kind: str = Field(max_length=24)
    at: datetime = Field(sa_type=UTCDateTime)
    commitment: str = Field(max_length=64)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class MandateEventDetail(SQLModel, table=True):
    """What an event says of people: who acted, on what proof, why. Erasing it leaves the chain whole."""

    __tablename__ = "mandate_event_detail"

    seq: int = Field(
        primary_key=True, foreign_key="mandate_event.seq", sa_column_kwargs={"autoincrement": False}
    )
    salt: bytes
    details: dict[str, Any] = Field(sa_type=DETAILS)


class ChainHead(SQLModel, table=True):
    """The last event, in the only row of this table: locked by each new one, and missed by none removed."""

    __tablename__ = "chain_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int
    hash: str = Field(max_length=64)
