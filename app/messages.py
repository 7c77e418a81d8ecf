"""Saying something in a case: a message to everybody, or a note between agents."""

from __future__ import annotations

from uuid import UUID

from app import attachments, referrals
from app.access import authorise
from app.journal import record
from app.policy import Action
from app.threads import append, clean, said_before
from app.work import Work
from models.enums import Audience, EntryKind


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
    if (known := said_before(work, case_id, key)) is not None:
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
