"""What every table shares: identity, time, closed vocabularies and encrypted columns."""

from __future__ import annotations

import enum
import json
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Enum, LargeBinary, MetaData, TypeDecorator
from sqlmodel import Field, SQLModel
from uuid_utils import uuid7

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def new_id() -> UUID:
    """Return a fresh UUIDv7 (RFC 9562): ordered by time, so that indexes grow at one end."""
    return UUID(bytes=uuid7().bytes)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, stored in UTC on both engines; a naive value is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant and turn an aware one into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back with its zone (SQLite keeps none)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Cipher(Protocol):
    """What encrypts columns; the service gives one at start (see ``app.security.vault``)."""

    def seal(self, clear: bytes, context: bytes) -> bytes:
        """Encrypt ``clear``, bound to ``context``."""
        ...

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt what ``seal`` gave for the same ``context``; anything else is refused."""
        ...


_cipher: list[Cipher] = []


def use_cipher(cipher: Cipher) -> None:
    """Choose what encrypts columns in this process."""
    _cipher[:] = [cipher]


class EncryptedJSON(TypeDecorator[Any]):
    """A JSON value encrypted at rest (AES-GCM), bound to its column so that values cannot be swapped."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        if value is None:
            return None
        clear = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return _cipher[0].seal(clear, self.context.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Decrypt on the way out."""
        if value is None:
            return None
        return json.loads(_cipher[0].open(bytes(value), self.context.encode()))


class EncryptedBytes(TypeDecorator[bytes]):
    """A small file encrypted at rest (AES-GCM), bound to its column like ``EncryptedJSON``."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        return None if value is None else _cipher[0].seal(value, self.context.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Decrypt on the way out."""
        return None if value is None else _cipher[0].open(bytes(value), self.context.encode())


def stored(kind: type[enum.Enum]) -> Any:
    """Return the column type of a closed vocabulary: its values as text, with a CHECK on both engines."""
    return lambda: Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=24,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Record(SQLModel):
    """A row with an identity and a birth."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
