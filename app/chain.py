"""The mandate's chain: append an event, find the first one that was changed, moved or removed.

An event's hash is the SHA-256 of the canonical JSON (RFC 8785) of what its row says, the hash of the event
before it included: whoever changes one must make all that follow anew, and the head with them. Somebody who
owns the database can do that too; the last hash, noted elsewhere, is what they cannot change.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import rfc8785
from sqlalchemy import Dialect, LargeBinary, Row, Select, delete, func, insert, select, type_coerce, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.types import NullType
from sqlmodel import col

from app.security.vault import Tampered
from app.work import Work
from models.chain import DETAILS, START, ChainHead, MandateEvent, MandateEventDetail

_SALT = 32  # bytes
_CHUNK = 2_000  # rows held in memory at a time


class Said(NamedTuple):
    """What an event says, as its hash covers it: ``at`` in UTC, hashes in hexadecimal."""

    seq: int
    mandate_id: UUID
    kind: str
    at: datetime
    commitment: str
    previous_hash: str

    def hash(self) -> str:
        """Return the SHA-256 of this event's canonical JSON, in hexadecimal."""
        canonical = rfc8785.dumps(
            {
                "seq": self.seq,
                "mandate": str(self.mandate_id),
                "kind": self.kind,
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "commitment": self.commitment,
                "previous": self.previous_hash,
            }
        )
        return hashlib.sha256(canonical).hexdigest()


def commit_to(details: dict[str, Any], salt: bytes) -> str:
    """Return what binds an event to its details and tells none: SHA-256 of the salt, then canonical JSON."""
    return hashlib.sha256(salt + rfc8785.dumps(details)).hexdigest()


@dataclass(frozen=True)
class Report:
    """How many events are sound from the first on, the hash of the last of them, and what is wrong after it.

    ``reason`` is empty when all is well; ``first_bad`` is the number of the first event at fault.
    """

    count: int
    last_hash: str
    first_bad: int | None = None
    reason: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether nothing was changed, moved or removed."""
        return not self.reason


def append(work: Work, mandate_id: UUID, kind: str, details: dict[str, str]) -> None:
    """Add an event of a mandate at the end of the chain, in four statements.

    ``kind`` is a closed word; whatever concerns people, be it an identifier or a hash, goes into ``details``.
    Transactions that append wait here for each other: what orders events is ``seq``, not the instant.
    """
    session = work.session
    head = select(col(ChainHead.seq), col(ChainHead.hash)).with_for_update()
    last, previous = session.execute(head).one()
    salt = secrets.token_bytes(_SALT)
    event = Said(last + 1, mandate_id, kind, work.now, commit_to(details, salt), previous)
    made = event.hash()
    session.execute(insert(MandateEvent).values(**event._asdict(), hash=made))
    session.execute(insert(MandateEventDetail).values(seq=event.seq, salt=salt, details=details))
    session.execute(update(ChainHead).values(seq=event.seq, hash=made))


def erase_details(work: Work, mandate_id: UUID) -> None:
    """Erase what the events of a mandate say of people; the chain stays whole."""
    theirs = select(col(MandateEvent.seq)).where(col(MandateEvent.mandate_id) == mandate_id)
    work.session.execute(delete(MandateEventDetail).where(col(MandateEventDetail.seq).in_(theirs)))


def verify(work: Work) -> Report:
    """Read the whole chain, from its first event to its head, and stop at the first one at fault.

    Rows come as a stream: memory does not grow with them. Events appended meanwhile are left for next time.
    """
    session = work.session
    dialect = session.connection().dialect
    newest = select(func.max(col(MandateEvent.seq))).scalar_subquery()
    query = select(col(ChainHead.seq), _raw(ChainHead.hash, dialect), newest)
    head = session.execute(query).one_or_none()
    if head is None:
        return Report(0, START, None, "the head of the chain is missing")
    end, end_hash, newest_seq = head
    count, last = 0, START
    with session.execute(_rows(dialect, end), execution_options={"yield_per": _CHUNK}) as stream:
        for row in stream:
            if row.seq > count + 1:
                break
            fault = "it is one too many" if row.seq <= count else _fault(row, last, dialect)
            if fault:
                return Report(count, last, row.seq, fault)
            count, last = row.seq, _text(row.hash)
    if count < end:
        return Report(count, last, count + 1, "it is missing")
    if end_hash not in (last, last.encode()):
        return Report(count, last, count or None, "the head of the chain names another hash")
    if (newest_seq or 0) > count:
        return Report(count, last, count + 1, "it stands after the head of the chain")
    return Report(count, last)


def _rows(dialect: Dialect, until: int) -> Select[Any]:
    """Every event with its details, as stored rather than as understood: what is unreadable is found too."""
    event, detail = MandateEvent, MandateEventDetail
    kept = (event.mandate_id, event.kind, event.at, event.commitment, event.previous_hash, event.hash)
    query = select(
        col(event.seq),
        *(_raw(one, dialect) for one in kept),
        col(detail.seq).label("detailed"),
        col(detail.salt),
        type_coerce(col(detail.details), LargeBinary).label("details"),
    )
    beside = query.outerjoin(detail, col(detail.seq) == col(event.seq))
    return beside.where(col(event.seq) <= until).order_by(col(event.seq))


def _raw(column: Any, dialect: Dialect) -> Any:
    """A column as the driver gives it; on SQLite as bytes, for it would stumble on a text that is not UTF-8."""
    known = dialect.name == "sqlite"
    return (sql_cast(column, LargeBinary) if known else type_coerce(column, NullType)).label(column.key)


def _fault(row: Row[Any], previous: str, dialect: Dialect) -> str:
    """Return what is wrong with an event, given the hash before it; nothing when it is sound."""
    try:
        event = _read(row)
        made, found = event.hash(), _text(row.hash)
    except (ValueError, TypeError):
        return "one of its values cannot be read"
    if event.previous_hash != previous:
        return "it does not follow the event before it"
    if made != found:
        return "its values do not match its hash"
    if row.detailed is None:
        return ""  # erased: the commitment stays, and tells nothing
    try:
        committed = commit_to(DETAILS.process_result_value(row.details, dialect), row.salt)
    except (Tampered, ValueError, TypeError):
        return "its details cannot be read"
    return "" if committed == event.commitment else "its details do not match its commitment"


def _read(row: Row[Any]) -> Said:
    """Return what a row says; a value that is not written as the service writes it is a ``ValueError``."""
    mandate_id, at = row.mandate_id, row.at
    if isinstance(mandate_id, bytes):
        id_text, instant = _text(row.mandate_id), _text(row.at)
        mandate_id, at = UUID(id_text), datetime.fromisoformat(instant)
        if (mandate_id.hex, at.isoformat(" ", "microseconds")) != (id_text, instant):
            raise ValueError("the same value in another spelling")
        at = at.replace(tzinfo=UTC)
    return Said(row.seq, mandate_id, _text(row.kind), at, _text(row.commitment), _text(row.previous_hash))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
