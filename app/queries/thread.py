"""The thread of a case as its page shows it: lines that the reader's side may see, files, who has read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mentions
from app.access import authorise
from app.french import short_name
from app.mentions import Mention
from app.policy import Action, side_in
from app.threads import readable_by
from app.work import Work
from models.account import Account
from models.case import ReadMark
from models.enums import Audience, EntryKind, EventKind, Side
from models.thread import Attachment, Entry

WINDOW = 60


@dataclass(frozen=True)
class FileLine:
    """A file of an entry; ``size`` in bytes."""

    id: UUID
    name: str
    size: int
    status: str


@dataclass(frozen=True)
class EntryView:
    """One line of the thread; ``is_withdrawn``: taken back by its author, it has no words any more."""

    id: UUID
    seq: int
    kind: EntryKind
    audience: Audience
    event: EventKind | None
    author_id: UUID | None
    author: str
    group: str
    text: str
    what: str
    at: datetime
    files: tuple[FileLine, ...]
    is_withdrawn: bool = False
    mentions: tuple[Mention, ...] = ()

    @property
    def sentence(self) -> str:
        """What an event says («Bruno C. (CAF – Aisne) prend en charge»), and a line that was taken back."""
        who = short_name(self.author)
        if self.is_withdrawn:
            what = "sa note" if self.kind is EntryKind.NOTE else "son message"
            return f"{who} annule l’envoi de {what}"
        who = f"{who} ({self.group})" if self.group else who
        return self.event.label.format(who=who, what=self.what) if self.event else ""


@dataclass(frozen=True)
class Reader:
    """Somebody who has read the case, and until which line."""

    name: str
    seq: int
    at: datetime
    account_id: UUID


def entries(
    work: Work, case_id: UUID, *, before: int | None = None, after: int = 0, limit: int = WINDOW
) -> tuple[EntryView, ...]:
    """Return lines that the actor's side reads, in order: the newest, the last ones ``before`` a line, or the
    next ones ``after`` a line (to be asked again until nothing comes: a page that was away has no hole)."""
    _, facts = authorise(work, case_id, Action.READ)
    return entries_for(work, case_id, side_in(work.actor, facts), before=before, after=after, limit=limit)


def entries_for(
    work: Work,
    case_id: UUID,
    side: Side | None,
    *,
    before: int | None = None,
    after: int = 0,
    limit: int = WINDOW,
) -> tuple[EntryView, ...]:
    """Return the same for a whole side: what live pages share. The caller has checked who is on that side."""
    query = select(Entry).where(
        col(Entry.case_id) == case_id,
        col(Entry.audience).in_(readable_by(side)),
        col(Entry.seq) > after,
    )
    if before is not None:
        query = query.where(col(Entry.seq) < before)
    order = col(Entry.seq).asc() if after else col(Entry.seq).desc()
    return _views(work, work.session.scalars(query.order_by(order).limit(limit)))


def withdrawn_for(work: Work, case_id: UUID, side: Side | None, *, since: datetime) -> tuple[EntryView, ...]:
    """Return the lines of a whole side that were taken back since then, as they are now."""
    query = select(Entry).where(
        col(Entry.case_id) == case_id,
        col(Entry.audience).in_(readable_by(side)),
        col(Entry.withdrawn_at) >= since,
    )
    return _views(work, work.session.scalars(query))


def readers(work: Work, case_id: UUID) -> tuple[Reader, ...]:
    """Return who has read the case, the last one first. The caller has checked the right to read it."""
    query = (
        select(
            col(Account.first_name), col(Account.last_name), col(ReadMark.seq), col(ReadMark.read_at),
            col(Account.id),
        )
        .join(Account, col(Account.id) == ReadMark.account_id)
        .where(col(ReadMark.case_id) == case_id)
        .order_by(col(ReadMark.read_at).desc(), col(ReadMark.account_id))
        .limit(20)
    )  # fmt: skip
    found = work.session.execute(query)
    return tuple(Reader(f"{first} {last[:1]}.", seq, at, id_) for first, last, seq, at, id_ in found)


def _views(work: Work, found: Iterable[Entry]) -> tuple[EntryView, ...]:
    lines = sorted(found, key=lambda entry: entry.seq)
    files = _files(work, [entry.id for entry in lines])
    return tuple(
        EntryView(
            entry.id, entry.seq, entry.kind, entry.audience, entry.event, entry.author_id, entry.author_name,
            entry.author_group, entry.text, str(entry.details.get("what", "")), entry.created_at,
            tuple(files[entry.id]), entry.withdrawn_at is not None, mentions.read(entry.details),
        )
        for entry in lines
    )  # fmt: skip


def _files(work: Work, entry_ids: list[UUID]) -> dict[UUID, list[FileLine]]:
    found: dict[UUID, list[FileLine]] = defaultdict(list)
    query = (
        select(
            col(Attachment.entry_id), col(Attachment.id), col(Attachment.name), col(Attachment.size),
            col(Attachment.status),
        )
        .where(col(Attachment.entry_id).in_(entry_ids))
        .order_by(col(Attachment.id))
    )  # fmt: skip
    for entry_id, id_, name, size, status in work.session.execute(query):
        if entry_id is not None:
            found[entry_id].append(FileLine(id_, name, size, status.label))
    return found
