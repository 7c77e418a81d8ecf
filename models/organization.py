"""Organisations, the groups that act for them, where they act, and the lists a case is qualified with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Record, stored
from models.enums import GroupKind


class Organization(Record, table=True):
    """An organisation of the domain (CAF, CPAM, France Services…)."""

    __tablename__ = "organization"

    code: str = Field(max_length=24, unique=True)
    short_name: str = Field(max_length=40)
    full_name: str = Field(max_length=120)
    kind: GroupKind = Field(sa_type=stored(GroupKind))


class Group(Record, table=True):
    """A structure, or one organisation's team for one or more départements («CAF – Aisne»)."""

    __tablename__ = "group"
    __table_args__ = (UniqueConstraint("name"), Index(None, "organization_id"))

    name: str = Field(max_length=120)
    kind: GroupKind = Field(sa_type=stored(GroupKind))
    organization_id: UUID = Field(foreign_key="organization.id")
    commune: str = Field(default="", max_length=80)
    guidance: str = Field(default="", max_length=500)
    is_open: bool = True


class GroupArea(SQLModel, table=True):
    """A département that a group covers (for a structure: where it stands)."""

    __tablename__ = "group_area"
    __table_args__ = (Index(None, "departement"),)

    group_id: UUID = Field(foreign_key="group.id", primary_key=True)
    departement: str = Field(max_length=3, primary_key=True)


class Theme(SQLModel, table=True):
    """What a problem is about («Logement»)."""

    __tablename__ = "theme"

    code: str = Field(max_length=24, primary_key=True)
    label: str = Field(max_length=80)
    position: int


class Blockage(SQLModel, table=True):
    """In which way the person is stuck («Absence de paiement»)."""

    __tablename__ = "blockage"

    code: str = Field(max_length=24, primary_key=True)
    label: str = Field(max_length=80)
    position: int


class Procedure(SQLModel, table=True):
    """The procedure concerned («APL»)."""

    __tablename__ = "procedure"

    code: str = Field(max_length=24, primary_key=True)
    label: str = Field(max_length=80)
    position: int


class RoutingRule(SQLModel, table=True):
    """Which organisations are proposed for a theme, the likeliest first."""

    __tablename__ = "routing_rule"

    theme_code: str = Field(foreign_key="theme.code", max_length=24, primary_key=True)
    organization_id: UUID = Field(foreign_key="organization.id", primary_key=True)
    rank: int
