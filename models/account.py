"""Who signs in, in which groups, and the sessions they hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from models.base import Record, UTCDateTime, stored
from models.enums import Appearance, MailPace, ScopeKind, Side


class Account(Record, table=True):
    """A person (or a counter's shared account) who may sign in. Invited, never self-made."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    email: str = Field(max_length=254, unique=True)
    first_name: str = Field(max_length=80)
    last_name: str = Field(max_length=80)
    password_hash: str = Field(max_length=255)
    is_active: bool = True
    has_shortcuts: bool = True
    appearance: Appearance = Field(default=Appearance.AUTO, sa_type=stored(Appearance))
    mail_pace: MailPace = Field(default=MailPace.AT_ONCE, sa_type=stored(MailPace))


class Membership(Record, table=True):
    """A person's place in a group; it gives access for as long as it lasts."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "group_id"), Index(None, "group_id"))

    account_id: UUID = Field(foreign_key="account.id")
    group_id: UUID = Field(foreign_key="group.id")
    side: Side | None = Field(default=None, sa_type=stored(Side))
    is_manager: bool = False


class Scope(Record, table=True):
    """A right that no group gives: coordinator of areas, observer of an organisation, administrator."""

    __tablename__ = "scope"
    __table_args__ = (Index(None, "account_id"),)

    account_id: UUID = Field(foreign_key="account.id")
    kind: ScopeKind = Field(sa_type=stored(ScopeKind))
    departement: str | None = Field(default=None, max_length=3)
    organization_id: UUID | None = Field(default=None, foreign_key="organization.id")


class AuthSession(Record, table=True):
    """A signed-in browser. Only the SHA-256 of its token is kept; ending it is a date, never a deletion.

    While ``handed_mandate_id`` is set, the screen is in an usager's hands: the session shows that mandate and
    nothing else, until the aidant takes it back (``handed_code``: a fingerprint; ``handed_tries``: refusals).
    """

    __tablename__ = "auth_session"
    __table_args__ = (Index(None, "account_id"),)

    account_id: UUID = Field(foreign_key="account.id")
    token_hash: bytes = Field(unique=True, max_length=32)
    device: str = Field(default="", max_length=120)
    last_seen_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    handed_mandate_id: UUID | None = None
    handed_code: bytes | None = Field(default=None, max_length=32)
    handed_tries: int = 0


class SignInAttempt(Record, table=True):
    """What is counted for throttling: a refused sign-in, with hashes of the address typed and of where it came
    from; a look at a mandate by its code, with hashes of the account and of where it came from."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "email_hash", "created_at"), Index(None, "origin_hash", "created_at"))

    email_hash: bytes = Field(max_length=32)
    origin_hash: bytes = Field(max_length=32)
