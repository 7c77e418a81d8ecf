"""The mandate: the text that was shown, what it covers, its life and what proves it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import EncryptedBytes, EncryptedJSON, Record, UTCDateTime, stored
from models.enums import Capacity, MandateStatus, MandateWay, ProofKind


class MandateText(Record, table=True):
    """A version of the mandate's text. Never changed once used: a new wording is a new version."""

    __tablename__ = "mandate_text"
    __table_args__ = (UniqueConstraint("language", "version"),)

    language: str = Field(max_length=8)
    version: int
    published_on: date
    body: str
    plain_body: str
    sha256: str = Field(max_length=64)


class Mandate(Record, table=True):
    """An usager's authorisation for one case and named organisations (arts. 1984 s. Code civil).

    ``shown_text`` is the text exactly as shown, names filled in; ``shown_sha256`` its SHA-256.
    ``status`` is what happened; whether it still holds at an instant also depends on ``expires_at``.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("status <> 'active' OR accepted_at IS NOT NULL", name="active_accepted"),
        Index(None, "case_id"),
    )

    case_id: UUID = Field(foreign_key="case.id")
    structure_id: UUID = Field(foreign_key="group.id")
    author_id: UUID = Field(foreign_key="account.id")
    text_id: UUID = Field(foreign_key="mandate_text.id")
    way: MandateWay = Field(default=MandateWay.SCREEN, sa_type=stored(MandateWay))
    status: MandateStatus = Field(default=MandateStatus.DRAFT, sa_type=stored(MandateStatus))
    holder: dict[str, Any] = Field(sa_type=EncryptedJSON("mandate.holder"))
    theme_label: str = Field(max_length=80)
    shown_text: dict[str, Any] = Field(sa_type=EncryptedJSON("mandate.shown_text"))
    shown_sha256: str = Field(max_length=64)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    presented_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    consented_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    accepted_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    end_reason: str = Field(default="", max_length=300)


class MandateScope(SQLModel, table=True):
    """An organisation that a mandate names."""

    __tablename__ = "mandate_scope"

    mandate_id: UUID = Field(foreign_key="mandate.id", primary_key=True)
    organization_id: UUID = Field(foreign_key="organization.id", primary_key=True)


class MandateProof(Record, table=True):
    """What proves one consent. ``content`` depends on the kind: strokes and image, or the name declared."""

    __tablename__ = "mandate_proof"

    mandate_id: UUID = Field(foreign_key="mandate.id", index=True)
    kind: ProofKind = Field(sa_type=stored(ProofKind))
    capacity: Capacity = Field(sa_type=stored(Capacity))
    content: dict[str, Any] = Field(sa_type=EncryptedJSON("mandate_proof.content"))
    sha256: str = Field(max_length=64)


class MandateDocument(Record, table=True):
    """The document of an accepted mandate and its evidence, made once, at the acceptance, and never again."""

    __tablename__ = "mandate_document"
    __table_args__ = (UniqueConstraint("mandate_id"),)

    mandate_id: UUID = Field(foreign_key="mandate.id")
    pdf: bytes = Field(sa_type=EncryptedBytes("mandate_document.pdf"))
    evidence: bytes = Field(sa_type=EncryptedBytes("mandate_document.evidence"))
    pdf_sha256: str = Field(max_length=64)
