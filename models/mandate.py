"""The mandate: the text that was shown, what it covers, its life and what proves it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import EncryptedBytes, EncryptedJSON, Record, UTCDateTime, stored
from models.enums import Capacity, MandateStatus, MandateWay, ProofKind, SealLevel


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
    ``code`` (80 bits) and ``short_code`` lead to its verification. ``contact`` is where the usager is written
    to for this mandate (``phone`` in E.164, ``email``), ``phone_key`` the fingerprint that an incoming SMS is
    matched by. ``confirm_by`` is when a spoken mandate must have been confirmed in writing. ``amends_id`` is
    the mandate that this one widens.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("status <> 'active' OR accepted_at IS NOT NULL", name="active_accepted"),
        Index(None, "case_id"),
        Index(None, "code", unique=True),
        Index(None, "short_code", unique=True),
        Index(None, "phone_key"),
        Index(None, "status", "expires_at"),
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
    code: str | None = Field(default=None, max_length=16)
    short_code: str | None = Field(default=None, max_length=8)
    contact: dict[str, Any] | None = Field(default=None, sa_type=EncryptedJSON("mandate.contact"))
    phone_key: bytes | None = Field(default=None, max_length=32)
    confirm_by: datetime | None = Field(default=None, sa_type=UTCDateTime)
    amends_id: UUID | None = Field(default=None, foreign_key="mandate.id")


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
    """The document of an accepted mandate and its evidence, made once, at the acceptance, and never again.

    ``sealed_pdf`` is the same document with its seal appended (PAdES), ``sealed_evidence`` the evidence that
    names it; both are written once too. ``seal_fault`` is a closed word: why the last try to seal failed;
    ``seal_next_at`` is when the next one may begin (a try under way puts it off, so that one only is).
    """

    __tablename__ = "mandate_document"
    __table_args__ = (UniqueConstraint("mandate_id"), Index(None, "sealed_at", "seal_fault"))

    mandate_id: UUID = Field(foreign_key="mandate.id")
    pdf: bytes = Field(sa_type=EncryptedBytes("mandate_document.pdf"))
    evidence: bytes = Field(sa_type=EncryptedBytes("mandate_document.evidence"))
    pdf_sha256: str = Field(max_length=64, index=True)
    sealed_pdf: bytes | None = Field(default=None, sa_type=EncryptedBytes("mandate_document.sealed_pdf"))
    sealed_evidence: bytes | None = Field(
        default=None, sa_type=EncryptedBytes("mandate_document.sealed_evidence")
    )
    sealed_sha256: str | None = Field(default=None, max_length=64, index=True)
    sealed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seal_level: SealLevel | None = Field(default=None, sa_type=stored(SealLevel))
    seal_tries: int = 0
    seal_next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seal_fault: str = Field(default="", max_length=24)


class MandatePage(Record, table=True):
    """A page of a paper mandate as photographed, or a file of an existing one. Read once more by the aidant
    (``confirmed_at``) before it proves anything; ``sha256`` is that of ``content``. Until then ``source`` is
    the whole picture that the page was cut from, ``framing`` how: ``received`` (the SHA-256 of the file and
    the place in it), ``corners``, ``turns``, ``contrast``."""

    __tablename__ = "mandate_page"
    __table_args__ = (UniqueConstraint("mandate_id", "position"),)

    mandate_id: UUID = Field(foreign_key="mandate.id")
    position: int
    media_type: str = Field(max_length=40)
    content: bytes = Field(sa_type=EncryptedBytes("mandate_page.content"))
    sha256: str = Field(max_length=64)
    source: bytes | None = Field(default=None, sa_type=EncryptedBytes("mandate_page.source"))
    framing: dict[str, Any] | None = Field(default=None, sa_type=EncryptedJSON("mandate_page.framing"))
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class MandateCode(Record, table=True):
    """A code sent by SMS, to be typed at the counter: 10 minutes, 5 tries. ``code`` and ``phone_key`` are
    fingerprints; the rows also count what was sent to a number and by an account: a question to be answered by
    SMS is a row whose ``code`` is empty. ``mandate_id`` is no foreign key: a draft thrown away takes its
    mandates with it, not the count."""

    __tablename__ = "mandate_code"
    __table_args__ = (
        Index(None, "mandate_id"),
        Index(None, "phone_key", "created_at"),
        Index(None, "account_id", "created_at"),
    )

    mandate_id: UUID
    account_id: UUID = Field(foreign_key="account.id")
    phone_key: bytes = Field(max_length=32)
    code: bytes = Field(max_length=32)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    tries: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
