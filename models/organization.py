"""Organisations, the groups that act for them, where they act, and the lists a case is qualified with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Record, UTCDateTime, stored
from models.enums import GroupKind, IdentifierKind


class Organization(Record, table=True):
    """An organisation of the domain (CAF, CPAM, France Services…).

    ``identifier`` is how it knows people. The NIR is asked for only once an administrator has turned it on for
    the organisation: ``nir_basis`` is the legal basis then recorded, empty while it is off.
    """

    __tablename__ = "organization"

    code: str = Field(max_length=24, unique=True)
    short_name: str = Field(max_length=40)
    full_name: str = Field(max_length=120)
    kind: GroupKind = Field(sa_type=stored(GroupKind))
    identifier: IdentifierKind = Field(default=IdentifierKind.NONE, sa_type=stored(IdentifierKind))
    nir_basis: str = Field(default="", max_length=300)
    nir_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    nir_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Group(Record, table=True):
    """A structure, or one organisation's team for one or more départements («CAF – Aisne»).

    ``mailbox`` is the team's own address («BAL»), told as well when it is not empty.
    """

    __tablename__ = "group"
    __table_args__ = (UniqueConstraint("name"), Index(None, "organization_id"))

    name: str = Field(max_length=120)
    kind: GroupKind = Field(sa_type=stored(GroupKind))
    organization_id: UUID = Field(foreign_key="organization.id")
    commune: str = Field(default="", max_length=80)
    guidance: str = Field(default="", max_length=500)
    mailbox: str = Field(default="", max_length=254)
    is_open: bool = True


class GroupArea(SQLModel, table=True):
    """A département that a group covers (for a structure: where it stands)."""

    __tablename__ = "group_area"
    __table_args__ = (Index(None, "departement"),)

    group_id: UUID = Field(foreign_key="group.id", primary_key=True)
    departement: str = Field(max_length=3, primary_key=True)


class Theme(SQLModel, table=True):
    """What a problem is about («Logement»). One that is no longer offered keeps its place in older cases."""

    __tablename__ = "theme"

    code: str = Field(max_length=24, primary_key=True)
    label: str = Field(max_length=80)
    position: int
    is_offered: bool = True


class Blockage(SQLModel, table=True):
    """In which way the person is stuck («Absence de paiement»)."""

    __tablename__ = "blockage"

    code: str = Field(max_length=24, primary_key=True)
    label: str = Field(max_length=80)
    position: int
    is_offered: bool = True


class Procedure(SQLModel, table=True):
    """The procedure concerned («APL»)."""

    __tablename__ = "procedure"

    code: str = Field(max_length=24, primary_key=True)
    label: str = Field(max_length=80)
    position: int
    is_offered: bool = True


class RoutingRule(SQLModel, table=True):
    """Which organisations are proposed for a theme, the likeliest first."""

    __tablename__ = "routing_rule"

    theme_code: str = Field(foreign_key="theme.code", max_length=24, primary_key=True)
    organization_id: UUID = Field(foreign_key="organization.id", primary_key=True)
    rank: int


class ProcedureRule(SQLModel, table=True):
    """Which organisations are proposed for a procedure, before those of the theme, the likeliest first."""

    __tablename__ = "procedure_rule"

    procedure_code: str = Field(foreign_key="procedure.code", max_length=24, primary_key=True)
    organization_id: UUID = Field(foreign_key="organization.id", primary_key=True)
    rank: int
