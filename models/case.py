"""A case, what it was before being sent, its referrals, and who takes part in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import EncryptedJSON, Record, UTCDateTime, stored
from models.enums import (
    CaseStatus,
    Civility,
    IdentifierKind,
    Outcome,
    Party,
    ReferralStatus,
    Side,
    Usefulness,
)

_OPEN_REFERRAL = "status IN ('sent', 'in_progress')"
_DUE = text("due_at IS NOT NULL")
_RESOLVED = text("status = 'resolved'")
_OPEN_IN_STRUCTURE = text("is_open AND party = 'structure'")


class Case(Record, table=True):
    """A demande: an usager's problem, raised by a structure. Columns are complete from ``sent`` on.

    ``search_text`` is what a list is filtered by, folded: subject, usager, commune.
    """

    __tablename__ = "case"
    __table_args__ = (
        CheckConstraint("status = 'draft' OR (sent_at IS NOT NULL AND subject <> '')", name="sent_complete"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_dated"),
        Index(None, "author_id", "status"),
        Index("ix_case_usager", "structure_id", "usager_key"),
        Index("ix_case_resolved", "resolved_at", postgresql_where=_RESOLVED, sqlite_where=_RESOLVED),
    )

    author_id: UUID = Field(foreign_key="account.id")
    structure_id: UUID = Field(foreign_key="group.id")
    status: CaseStatus = Field(default=CaseStatus.DRAFT, sa_type=stored(CaseStatus))
    theme_code: str | None = Field(default=None, foreign_key="theme.code")
    blockage_code: str | None = Field(default=None, foreign_key="blockage.code")
    procedure_code: str | None = Field(default=None, foreign_key="procedure.code")
    departement: str = Field(default="", max_length=3)
    commune: str = Field(default="", max_length=80)
    civility: Civility = Field(default=Civility.NONE, sa_type=stored(Civility))
    usager_first_name: str = Field(default="", max_length=80)
    usager_last_name: str = Field(default="", max_length=80)
    usager_born_on: date | None = None
    usager_contact: dict[str, Any] | None = Field(default=None, sa_type=EncryptedJSON("case.usager_contact"))
    usager_key: bytes | None = Field(default=None, max_length=32)
    subject: str = Field(default="", max_length=120)
    search_text: str = Field(default="", max_length=480)
    is_urgent: bool = False
    urgency_reason: str = Field(default="", max_length=300)
    last_seq: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: Outcome | None = Field(default=None, sa_type=stored(Outcome))
    usefulness: Usefulness | None = Field(default=None, sa_type=stored(Usefulness))


class CaseDraft(SQLModel, table=True):
    """What was typed for a case not sent yet, as typed: encrypted, saved at each pause, gone once sent."""

    __tablename__ = "case_draft"

    case_id: UUID = Field(foreign_key="case.id", primary_key=True)
    form: dict[str, Any] = Field(sa_type=EncryptedJSON("case_draft.form"))
    step: int = 1
    saved_at: datetime = Field(sa_type=UTCDateTime)


class Referral(Record, table=True):
    """A case sent to one group: its own state, assignee and due date, so that no answer hides a silence.

    ``due_at`` is empty when the clock does not run: waiting for the aidant, resolved, not theirs, withdrawn.
    """

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("case_id", "group_id"),
        CheckConstraint(f"due_at IS NULL OR {_OPEN_REFERRAL}", name="due_while_open"),
        Index("ix_referral_late", "group_id", "due_at", postgresql_where=_DUE, sqlite_where=_DUE),
        Index("ix_referral_due", "due_at", postgresql_where=_DUE, sqlite_where=_DUE),
        Index("ix_referral_assignee", "assignee_id", postgresql_where=text(_OPEN_REFERRAL),
              sqlite_where=text(_OPEN_REFERRAL)),
        Index("ix_referral_resolved", "group_id", "resolved_at",
              postgresql_where=text("resolved_at IS NOT NULL"), sqlite_where=text("resolved_at IS NOT NULL")),
    )  # fmt: skip

    case_id: UUID = Field(foreign_key="case.id")
    group_id: UUID = Field(foreign_key="group.id")
    status: ReferralStatus = Field(default=ReferralStatus.SENT, sa_type=stored(ReferralStatus))
    assignee_id: UUID | None = Field(default=None, foreign_key="account.id")
    sent_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    is_waiting: bool = False
    resolved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    better_organization_id: UUID | None = Field(default=None, foreign_key="organization.id")
    had_standard_procedure: bool = False


class ReferralStep(Record, table=True):
    """One step in the life of a referral: by which gesture, where it led, whose it is then and its due date.
    It is what the history of a referral shows; the journal keeps the rest."""

    __tablename__ = "referral_step"
    __table_args__ = (Index(None, "referral_id"),)

    referral_id: UUID = Field(foreign_key="referral.id")
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    gesture: str = Field(max_length=24)
    status: ReferralStatus = Field(sa_type=stored(ReferralStatus))
    assignee_id: UUID | None = Field(default=None, foreign_key="account.id")
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Lateness(SQLModel, table=True):
    """Up to whom the silence of a referral past this due date was told (``app.escalation.Level``); one that has
    another due date since has been told to nobody."""

    __tablename__ = "lateness"

    referral_id: UUID = Field(foreign_key="referral.id", primary_key=True)
    due_at: datetime = Field(sa_type=UTCDateTime)
    level: int


class CaseIdentifier(SQLModel, table=True):
    """How an organisation knows the usager of a case (numéro d'allocataire, NIR…), encrypted."""

    __tablename__ = "case_identifier"

    case_id: UUID = Field(foreign_key="case.id", primary_key=True)
    kind: IdentifierKind = Field(sa_type=stored(IdentifierKind), primary_key=True)
    value: str = Field(sa_type=EncryptedJSON("case_identifier.value"))


class Participation(SQLModel, table=True):
    """Who takes part in a case, one row a group or an invited person: the scope of every list.

    ``holder_id`` is a group or an account. ``activity_at`` and ``last_seq`` are what *that side* may see move:
    a note between agents changes nothing in the structure's row. ``is_open`` follows the case.
    """

    __tablename__ = "participation"
    __table_args__ = (
        Index("ix_participation_list", "holder_id", "is_open", "activity_at", "case_id"),
        Index("ix_participation_still", "activity_at", postgresql_where=_OPEN_IN_STRUCTURE,
              sqlite_where=_OPEN_IN_STRUCTURE),
    )  # fmt: skip

    case_id: UUID = Field(foreign_key="case.id", primary_key=True)
    holder_id: UUID = Field(primary_key=True)
    party: Party = Field(sa_type=stored(Party))
    side: Side = Field(sa_type=stored(Side))
    is_open: bool = True
    activity_at: datetime = Field(sa_type=UTCDateTime)
    last_seq: int = 0


class ReadMark(SQLModel, table=True):
    """How far one person has read one case."""

    __tablename__ = "read_mark"

    case_id: UUID = Field(foreign_key="case.id", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    seq: int
    read_at: datetime = Field(sa_type=UTCDateTime)
