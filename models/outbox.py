"""What leaves by SMS or e-mail, written in the transaction that causes it, and the SMS that come back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import EncryptedJSON, Record, UTCDateTime, stored
from models.enums import Channel, OutgoingStatus, SmsAnswer

_GIVEN_UP = text("status = 'failed' AND fault <> 'over'")


class Outgoing(Record, table=True):
    """A message to send, at least once; ``dedupe_key`` makes it once in all that writes it.

    ``template`` is a closed word, ``about_id`` the mandate or case concerned, ``to_key`` the fingerprint of a
    phone. ``content`` is exactly what leaves: ``text`` and, for an e-mail, ``subject`` and ``html``. ``fault``
    is a closed word: why the last try failed.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index(None, "status", "next_at"),
        Index("ix_outgoing_failed", "next_at", postgresql_where=_GIVEN_UP, sqlite_where=_GIVEN_UP),
        Index(None, "about_id"),
        Index(None, "provider", "provider_ref"),
        Index(None, "to_key", "created_at"),
    )

    channel: Channel = Field(sa_type=stored(Channel))
    template: str = Field(max_length=40)
    dedupe_key: str = Field(max_length=120)
    about_id: UUID | None = None
    address: str = Field(sa_type=EncryptedJSON("outgoing.address"))
    content: dict[str, Any] = Field(sa_type=EncryptedJSON("outgoing.content"))
    to_key: bytes | None = Field(default=None, max_length=32)
    status: OutgoingStatus = Field(default=OutgoingStatus.WAITING, sa_type=stored(OutgoingStatus))
    tries: int = 0
    next_at: datetime = Field(sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    provider: str = Field(default="", max_length=16)
    provider_ref: str = Field(default="", max_length=80)
    fault: str = Field(default="", max_length=24)


class IncomingSms(Record, table=True):
    """An SMS received, stored before its provider is answered, once whatever the provider repeats.

    ``sender_key`` is the fingerprint of its number. ``handled_at`` is when it was acted on; ``mandate_id`` the
    mandate it was about, if any.
    """

    __tablename__ = "incoming_sms"
    __table_args__ = (
        UniqueConstraint("provider", "provider_ref"),
        Index(None, "sender_key"),
        Index(None, "mandate_id"),
        Index(None, "handled_at"),
    )

    provider: str = Field(max_length=16)
    provider_ref: str = Field(max_length=80)
    sender_key: bytes = Field(max_length=32)
    sender: str = Field(sa_type=EncryptedJSON("incoming_sms.sender"))
    text: str = Field(sa_type=EncryptedJSON("incoming_sms.text"))
    received_at: datetime = Field(sa_type=UTCDateTime)
    answer: SmsAnswer | None = Field(default=None, sa_type=stored(SmsAnswer))
    handled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    mandate_id: UUID | None = Field(default=None, foreign_key="mandate.id")
