"""Saying something in a case: a message to everybody, a note between agents; what is being typed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import attachments, referral_steps, referrals, search_index
from app.access import authorise
from app.attachments import FileView
from app.errors import Conflict, NotFound
from app.journal import record
from app.lifecycle import Gesture
from app.notify import notices
from app.policy import Action
from app.threads import MAX_TEXT, append, clean, is_spent, said_before, tell, tell_agents
from app.typed import text as plain
from app.work import Work
from models.base import new_id
from models.case import Case
from models.enums import AttachmentStatus, Audience, EntryKind, EventKind
from models.thread import Attachment, Entry, MessageDraft

RETRACTABLE = timedelta(seconds=10)
GRACE = timedelta(seconds=2)  # for the line: the page counts from when it hears that the message has left


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
    if not note and (answered := referrals.answer(work, case, facts)) is not None:
        entry.details = {**entry.details, "answered": [str(one) for one in answered]}
    record(work, "entry.posted", case.id, entry=entry.id)
    return entry.id


@dataclass(frozen=True)
class TakenBack:
    """What comes back to its author, to be written again under ``key``; ``files`` wait to be sent with it."""

    key: UUID
    text: str
    audience: Audience
    files: tuple[FileView, ...]


def take_back(work: Work, case_id: UUID, entry_id: UUID) -> TakenBack | None:
    """Take back one's own message or note, at most ``RETRACTABLE`` after saying it; again does nothing more.

    The line keeps its place in the thread and loses its words; an answer that moved a referral moves it back.
    The text becomes what the actor is writing in the case, before what they were; if either was a note it is
    one. ``Conflict`` when it is too late: time, the case closed or the referral moved since.
    """
    case, facts = authorise(work, case_id, Action.WRITE, lock=True)
    entry = work.session.get(Entry, entry_id, with_for_update=True)
    is_own = entry is not None and (entry.case_id, entry.author_id) == (case_id, work.actor.account_id)
    if entry is None or not is_own or entry.kind is EntryKind.EVENT:
        raise NotFound
    if entry.withdrawn_at is not None:
        return None
    if work.now - entry.created_at > RETRACTABLE + GRACE:
        raise Conflict(
            "Il est trop tard pour annuler l’envoi : le message est parti depuis plus de dix secondes."
        )
    after = select(Entry).where(col(Entry.case_id) == case_id, col(Entry.seq) > entry.seq)
    undone = _undo(work, case, entry, list(work.session.scalars(after.order_by(col(Entry.seq)))))
    notices.forget(work, case_id, undone)
    returned = _begin_again(work, case_id, entry)
    entry.withdrawn_at, entry.text, entry.details = work.now, "", {}
    search_index.forget(work, entry.id)
    record(work, "entry.withdrawn", case_id, entry=entry.id)
    (tell_agents if entry.audience is Audience.OPERATORS else tell)(work, case, facts)
    return returned


def _undo(work: Work, case: Case, entry: Entry, since: list[Entry]) -> tuple[int, ...]:
    """Undo the gesture that an answer was, its event in the thread included; return the lines taken back."""
    referral_id = entry.details.get("referral")
    if any(each.event is EventKind.CLOSED for each in since):
        raise Conflict("La demande a été clôturée depuis : l’envoi ne peut plus être annulé.")
    if referral_id is None:
        if since and since[0].event and _is_one_gesture(entry, since[0]):
            raise Conflict("Ce message accompagne un geste : l’envoi ne peut pas être annulé.")
        _unanswer(work, case, entry, since)
        return (entry.seq,)
    if any(each.details.get("referral") == referral_id for each in since):
        raise Conflict("Une autre réponse a suivi : l’envoi ne peut plus être annulé.")
    referrals.take_back(work, case, UUID(referral_id), Gesture[entry.details["gesture"]])
    if since and _is_one_gesture(entry, since[0]):
        since[0].withdrawn_at, since[0].details = work.now, {}
        return entry.seq, since[0].seq
    return (entry.seq,)


def _unanswer(work: Work, case: Case, entry: Entry, since: list[Entry]) -> None:
    """Have the questions that an aidant's message answered wait again; a message of the aidants that followed
    answers them in its place."""
    answered = entry.details.get("answered", [])
    later = next((one for one in since if one.withdrawn_at is None and "answered" in one.details), None)
    if later is not None:
        later.details = {**later.details, "answered": [*answered, *later.details["answered"]]}
    else:
        referral_steps.unanswer(work, case, [UUID(one) for one in answered])


def _is_one_gesture(entry: Entry, event: Entry) -> bool:
    return event.author_id == entry.author_id and event.created_at == entry.created_at


def _begin_again(work: Work, case_id: UUID, entry: Entry) -> TakenBack:
    """Make a message being written of one that was sent, its files included."""
    for file in work.session.scalars(select(Attachment).where(col(Attachment.entry_id) == entry.id)):
        # As if joined now: what waits unsent for two days is swept.
        file.entry_id, file.status, file.created_at = None, AttachmentStatus.PENDING, work.now
    draft = work.session.get(MessageDraft, (case_id, work.actor.account_id))
    back = TakenBack(new_id(), entry.text, entry.audience, ())
    if draft is None:
        draft = MessageDraft(
            case_id=case_id, account_id=work.actor.account_id, key=back.key, text="", audience=entry.audience,
            saved_at=work.now,
        )  # fmt: skip
        work.session.add(draft)
    if draft.text.strip() and draft.audience is Audience.OPERATORS:
        back = replace(back, audience=Audience.OPERATORS)
    draft.text = f"{entry.text}\n\n{draft.text}" if draft.text.strip() else entry.text
    draft.key, draft.audience, draft.saved_at = back.key, back.audience, work.now
    work.session.flush()
    return replace(back, files=attachments.pending(work, case_id))


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
