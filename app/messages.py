"""Saying something in a case: a message to everybody, a note between agents; what is being typed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import attachments, referrals
from app.access import authorise
from app.journal import record
from app.policy import Action
from app.threads import MAX_TEXT, append, clean, is_spent, said_before
from app.typed import text as plain
from app.work import Work
from models.enums import Audience, EntryKind
from models.thread import MessageDraft


def post(
    work: Work,
    case_id: UUID,
    text: str,
    *,
    key: UUID,
    audience: Audience = Audience.EVERYBODY,
    attachment_ids: tuple[UUID, ...] = (),
) -> UUID:
    """Add a message (or, for operators only, a note) and return its id; the same ``key`` twice adds nothing.

    An agent's message to everybody counts as a gesture on their own referrals; an aidant's message
    restarts the clock of those who wait for it.
    """
    note = audience is Audience.OPERATORS
    case, facts = authorise(work, case_id, Action.WRITE_NOTES if note else Action.WRITE, lock=True)
    if (known := said_before(work, case_id, key, text)) is not None:
        return known
    text = clean(text, may_be_empty=bool(attachment_ids))
    entry = append(
        work, case, facts, key=key, kind=EntryKind.NOTE if note else EntryKind.MESSAGE, text=text,
        audience=audience,
    )  # fmt: skip
    attachments.claim(work, case, entry, attachment_ids)
    if not note:
        referrals.answer(work, case, facts)
    record(work, "entry.posted", case.id, entry=entry.id)
    return entry.id


@dataclass(frozen=True)
class Typed:
    """A message being written: found again on another device, or after the server was killed."""

    key: UUID
    text: str
    audience: Audience
    saved_at: datetime


def keep(work: Work, case_id: UUID, text: str, *, key: UUID, audience: Audience) -> datetime | None:
    """Keep what is typed, over what was there; nothing typed is nothing kept. Returns when, or ``None``."""
    authorise(work, case_id, Action.WRITE, lock=True)
    text = plain(text, "text")
    mine = (case_id, work.actor.account_id)
    draft = work.session.get(MessageDraft, mine)
    if text.strip() and is_spent(work, case_id, key):
        said_before(work, case_id, key, text)  # another text is typed since: it needs a key of its own
    if not text.strip() or is_spent(work, case_id, key):
        if draft is not None:
            work.session.delete(draft)
            work.session.flush()
        return None
    if draft is None:
        draft = MessageDraft(case_id=case_id, account_id=mine[1], key=key, text="", saved_at=work.now)
        work.session.add(draft)
    draft.key, draft.text, draft.audience, draft.saved_at = key, text[: 2 * MAX_TEXT], audience, work.now
    return work.now


def typed(work: Work, case_id: UUID) -> Typed | None:
    """Return what the actor was writing in this case, unless it has left meanwhile."""
    draft = work.session.get(MessageDraft, (case_id, work.actor.account_id))
    if draft is None or is_spent(work, case_id, draft.key):
        return None
    return Typed(draft.key, draft.text, draft.audience, draft.saved_at)
