"""Signals after a commit: that something changed and whom it may concern, never what it says.

Within a process they go straight to the listeners. Between processes PostgreSQL carries them
(``NOTIFY`` in the transaction that causes them, ``app.work`` listens); payloads hold identifiers only.
Who is reading and who is writing is whispered: told the same way, outside any transaction, stored nowhere.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

log = logging.getLogger(__name__)
CHANNEL = "aplus"
PAYLOAD_LIMIT = 7900  # PostgreSQL carries 8000 bytes; beyond, the others are told to ask again


@dataclass(frozen=True)
class CaseChanged:
    """A case, its referrals or its thread changed. ``holders`` are the groups and accounts concerned,
    those who just lost it included."""

    case_id: UUID
    holders: frozenset[UUID]


@dataclass(frozen=True)
class CaseRead:
    """Somebody read a case further: only who looks at it, and their own lists, show that."""

    case_id: UUID
    account_id: UUID


@dataclass(frozen=True)
class RightsChanged:
    """What these accounts may do changed: their open pages must ask again."""

    account_ids: frozenset[UUID]


@dataclass(frozen=True)
class PreferencesChanged:
    """This person chose how the screens look and answer: their open pages follow."""

    account_id: UUID


@dataclass(frozen=True)
class SessionEnded:
    """A session was ended: its open pages must leave."""

    session_id: UUID


@dataclass(frozen=True)
class SessionHanded:
    """The screen of a session went into an usager's hands for this mandate, or came back (``None``): its other
    open pages must leave or come back."""

    session_id: UUID
    mandate_id: UUID | None


@dataclass(frozen=True)
class OutboxChanged:
    """Something is to be sent or to be answered (``is_waiting``: what does so need not wait for its hour), or
    was."""

    is_waiting: bool


@dataclass(frozen=True)
class NoticesChanged:
    """These people were told something, or have read what they were told: their bell follows."""

    account_ids: frozenset[UUID]


@dataclass(frozen=True)
class JobsChanged:
    """What runs by itself began or ended, or was asked for (``is_asked``: whoever runs it need not wait)."""

    is_asked: bool


@dataclass(frozen=True)
class Missed:
    """Signals of other processes may have been missed (the line was cut): open pages must ask again."""


class Doing(StrEnum):
    """What somebody does in a case that they have open."""

    READING = "reads"
    WRITING = "writes"
    NOTING = "notes"
    GONE = "gone"


@dataclass(frozen=True)
class Presence:
    """One open tab on a case (its ``place``), whose it is, and what they do there."""

    place: UUID
    case_id: UUID
    account_id: UUID
    doing: Doing


@dataclass(frozen=True)
class PresenceChanged:
    """Who came, went, began or ceased to write. It is whispered (see ``app.work.whisper``), and said again
    now and then; when it happened is when it is heard, since hosts do not share a clock."""

    presences: tuple[Presence, ...]


Signal = (
    CaseChanged
    | CaseRead
    | RightsChanged
    | PreferencesChanged
    | SessionEnded
    | SessionHanded
    | PresenceChanged
    | OutboxChanged
    | NoticesChanged
    | JobsChanged
    | Missed
)
_listeners: list[Callable[[Signal], None]] = []


def listen(listener: Callable[[Signal], None]) -> Callable[[], None]:
    """Call ``listener`` for every signal, in the thread that commits; return what stops it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener) if listener in _listeners else None


def publish(signal: Signal) -> None:
    """Tell every listener of this process. A failing listener is logged and hinders no other."""
    for listener in list(_listeners):
        try:
            listener(signal)
        except Exception:
            log.exception("a listener failed on %s", type(signal).__name__)


def encode(signal: Signal) -> str:
    """Return a signal as the text of a NOTIFY."""
    match signal:
        case CaseChanged(case_id, holders):
            return json.dumps(["case", case_id.hex, [holder.hex for holder in holders]])
        case CaseRead(case_id, account_id):
            return json.dumps(["read", case_id.hex, account_id.hex])
        case RightsChanged(account_ids):
            return json.dumps(["rights", [account_id.hex for account_id in account_ids]])
        case PreferencesChanged(account_id):
            return json.dumps(["preferences", account_id.hex])
        case SessionEnded(session_id):
            return json.dumps(["session", session_id.hex])
        case SessionHanded(session_id, mandate_id):
            return json.dumps(["handed", session_id.hex, mandate_id.hex if mandate_id else None])
        case PresenceChanged(presences):
            told = [[p.place.hex, p.case_id.hex, p.account_id.hex, p.doing] for p in presences]
            return json.dumps(["presence", told])
        case OutboxChanged(is_waiting):
            return json.dumps(["outbox", is_waiting])
        case NoticesChanged(account_ids):
            return json.dumps(["notices", [account_id.hex for account_id in account_ids]])
        case JobsChanged(is_asked):
            return json.dumps(["jobs", is_asked])
        case Missed():
            return json.dumps(["missed"])


def decode(text: str) -> Signal:
    """Return the signal that ``encode`` wrote."""
    kind, *rest = json.loads(text)
    if kind == "case":
        return CaseChanged(UUID(rest[0]), frozenset(map(UUID, rest[1])))
    if kind == "read":
        return CaseRead(UUID(rest[0]), UUID(rest[1]))
    if kind == "rights":
        return RightsChanged(frozenset(map(UUID, rest[0])))
    if kind == "notices":
        return NoticesChanged(frozenset(map(UUID, rest[0])))
    if kind == "jobs":
        return JobsChanged(bool(rest[0]))
    if kind == "preferences":
        return PreferencesChanged(UUID(rest[0]))
    if kind == "handed":
        return SessionHanded(UUID(rest[0]), UUID(rest[1]) if rest[1] else None)
    if kind == "presence":
        told = (Presence(UUID(at), UUID(case), UUID(who), Doing(doing)) for at, case, who, doing in rest[0])
        return PresenceChanged(tuple(told))
    if kind == "outbox":
        return OutboxChanged(bool(rest[0]))
    return SessionEnded(UUID(rest[0])) if kind == "session" else Missed()
