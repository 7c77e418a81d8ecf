"""What people keep at hand for their daily work: ready answers, saved views, absences."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from models.base import EncryptedJSON, Record


class ReadyAnswer(Record, table=True):
    """A text that is written often, a person's own or common to a group; it holds variables, no case's data."""

    __tablename__ = "ready_answer"
    __table_args__ = (
        CheckConstraint("(group_id IS NULL) <> (account_id IS NULL)", name="one_holder"),
        Index(None, "group_id"),
        Index(None, "account_id"),
    )

    group_id: UUID | None = Field(default=None, foreign_key="group.id")
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    title: str = Field(max_length=80)
    text: str = Field(max_length=4_000)


class SavedView(Record, table=True):
    """A list that somebody narrowed and named. ``shown`` is encrypted: words typed may name a usager."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    account_id: UUID = Field(foreign_key="account.id")
    name: str = Field(max_length=60)
    position: int = 0
    shown: dict[str, Any] = Field(sa_type=EncryptedJSON("saved_view.shown"))


class Absence(Record, table=True):
    """Days, both included, on which somebody does not work, and who stands in for them in that group."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="in_order"),
        CheckConstraint("stand_in_id IS NULL OR stand_in_id <> account_id", name="somebody_else"),
        Index(None, "account_id", "ends_on"),
        Index(None, "stand_in_id", "ends_on"),
        Index(None, "group_id", "ends_on"),
    )

    account_id: UUID = Field(foreign_key="account.id")
    group_id: UUID = Field(foreign_key="group.id")
    starts_on: date
    ends_on: date
    stand_in_id: UUID | None = Field(default=None, foreign_key="account.id")
