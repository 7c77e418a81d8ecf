"""The thread of a case: saying something, and knowing what was read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import col

from app import mentions, search_index, typed
from app.access import authorise
from app.actors import actors_of
from app.errors import AlreadyUsed, Invalid
from app.events import CaseChanged, CaseRead
from app.french import number
from app.notify import lines, notices
from app.policy import Action, CaseFacts, may, side_in
from app.queries.participants import participants
from app.queries.visibility import case_facts
from app.work import Work
from models.base import new_id
from models.case import Case, Participation, ReadMark, Referral
from models.enums import Audience, EntryKind, EventKind, Side
from models.organization import Group
from models.thread import Entry, MessageDraft

MAX_TEXT = 10_000


def clean(text: object, *, may_be_empty: bool = False) -> str:
    """Return a text fit to be kept, or refuse it (``Invalid``): 1 to 10 000 characters."""
    kept = _trimmed(text)
    if not kept and not may_be_empty:
        raise Invalid(text="Écrivez un message avant d’envoyer.")
    if len(kept) > MAX_TEXT:
        raise Invalid(
            text=f"Ce message est trop long : {number(len(kept))} caractères, {number(MAX_TEXT)} au plus."
        )
    return kept


def said_before(work: Work, case_id: UUID, key: UUID, text: object) -> UUID | None:
    """Return the entry that this key already made in this case, if any: the same press, heard twice.

    The same key with another text, or from somebody else, is ``AlreadyUsed``: nothing typed is dropped.
    """
    query = select(col(Entry.id), col(Entry.author_id), col(Entry.text)).where(
        col(Entry.case_id) == case_id, col(Entry.key) == key
    )
    row = work.session.execute(query).one_or_none()
    if row is None:
        return None
    known: UUID = row[0]
    if row[1] != work.actor.account_id or row[2] != _trimmed(text):
        raise AlreadyUsed
    return known


def _trimmed(text: object) -> str:
    return typed.text(text, "text").replace("\r\n", "\n").strip()


def is_spent(work: Work, case_id: UUID, key: UUID) -> bool:
    """Whether a message has already left under this key."""
    query = select(col(Entry.id)).where(col(Entry.case_id) == case_id, col(Entry.key) == key)
    return work.session.scalar(query) is not None


def append(
    work: Work,
    case: Case,
    facts: CaseFacts,
    *,
    kind: EntryKind,
    key: UUID | None = None,
    text: str = "",
    audience: Audience = Audience.EVERYBODY,
    event: EventKind | None = None,
    details: dict[str, Any] | None = None,
) -> Entry:
    """Write the next line of a thread that the caller has locked, move the case up in the lists of those who
    may read it, and tell those whose work it is (``app.notify.rules``). What the service says by itself (a
    term, an announcement) is new to them too, but nobody touched the case: it moves nothing up."""
    case.last_seq += 1
    entry = Entry(
        id=new_id(),
        created_at=work.now,
        case_id=case.id,
        seq=case.last_seq,
        key=key or new_id(),
        kind=kind,
        audience=audience,
        event=event,
        author_id=work.actor.account,
        author_name=work.actor.name,
        author_group=signature(work, facts),
        text=text,
        details={**(details or {}), **_mentions(work, case, facts, kind, audience, text)},
    )
    work.session.add(entry)
    work.session.flush()
    search_index.keep(work, case, entry, {facts.structure_id, *facts.recipients, *facts.invited})
    if key is not None:
        work.session.execute(
            delete(MessageDraft)
            .where(
                col(MessageDraft.case_id) == case.id,
                col(MessageDraft.account_id) == work.actor.account_id,
                col(MessageDraft.key) == key,
            )
            .execution_options(synchronize_session=False)
        )
    moved = update(Participation).where(col(Participation.case_id) == case.id)
    if audience is Audience.OPERATORS:
        moved = moved.where(col(Participation.side) == Side.AGENT)
    is_an_act = work.actor.account is not None or work.actor.usager_of is not None
    moved = moved.values(last_seq=case.last_seq, **({"activity_at": work.now} if is_an_act else {}))
    work.session.execute(moved.execution_options(synchronize_session=False))
    # Who manages a group may write a line without reading the case: they have read nothing.
    reads = work.actor.account and side_in(work.actor, facts) is not None
    read = {work.actor.account: case.last_seq} if work.actor.account and reads else {}
    if audience is Audience.OPERATORS:
        _mark(work, case.id, read, _newest(work, case.id, Side.AIDANT))
        tell_agents(work, case, facts)
    else:
        _mark(work, case.id, read, case.last_seq)
        tell(work, case, facts)
    lines.hear(work, case, facts, entry)
    return entry


def _mentions(
    work: Work, case: Case, facts: CaseFacts, kind: EntryKind, audience: Audience, text: str
) -> dict[str, Any]:
    """Whom a line names by «@», among those who may read it. The description of a case, its first line, was
    written before there was anybody to name."""
    if kind is EntryKind.EVENT or case.last_seq == 1 or "@" not in text:
        return {}
    readers = participants(work, facts)
    return mentions.kept(
        mentions.found(
            text, [(one.id, one.name) for one in readers if one.reads_notes or audience is Audience.EVERYBODY]
        )
    )


def tell(work: Work, case: Case, facts: CaseFacts, *lost: UUID) -> None:
    """Signal a change of the case to all who take part in it, and to those who just ceased to."""
    holders = {facts.structure_id, *facts.recipients, *facts.invited, *lost}
    work.signal(CaseChanged(case.id, frozenset(holders)))


def tell_agents(work: Work, case: Case, facts: CaseFacts) -> None:
    """Signal a change that agents only may know of: no list of the structure is read again for it."""
    work.signal(CaseChanged(case.id, frozenset({*facts.recipients, *facts.invited})))


def tell_case(work: Work, case_id: UUID) -> None:
    """Signal a change beside the thread (its mandate, a draft) to all who take part in the case."""
    places = select(col(Participation.holder_id)).where(col(Participation.case_id) == case_id)
    own = {work.actor.account} if work.actor.account else set()
    work.signal(CaseChanged(case_id, frozenset({*own, *work.session.scalars(places)})))


def mark_read(work: Work, case_id: UUID, seq: int) -> None:
    """Remember that the actor has read the case up to this line; never backwards, never beyond the end."""
    _, facts = authorise(work, case_id, Action.READ, lock=True)
    newest = _newest(work, case_id, side_in(work.actor, facts))
    said = _newest(work, case_id, Side.AIDANT)
    _mark_and_tell(work, case_id, {work.actor.account_id: min(int(seq), newest)}, said)


def mark_all_read(work: Work, case_id: UUID, seqs: dict[UUID, int]) -> None:
    """Remember up to which line each of these sessions has read the case, as ``mark_read`` does for one;
    those that ended or may not read it any more are left out."""
    case = work.session.scalar(select(Case).where(col(Case.id) == case_id).with_for_update())
    if case is None:
        return
    facts = case_facts(work, case)
    newest = {side: _newest(work, case_id, side) for side in Side}
    read: dict[UUID, int] = {}
    for session_id, actor in actors_of(work.session, frozenset(seqs), work.now).items():
        side = side_in(actor, facts)
        if side is not None and may(actor, Action.READ, facts):
            seq = min(seqs[session_id], newest[side])
            read[actor.account_id] = max(seq, read.get(actor.account_id, 0))
    _mark_and_tell(work, case_id, read, newest[Side.AIDANT])


def readable_by(side: Side | None) -> tuple[Audience, ...]:
    """Return the audiences that somebody on this side reads."""
    return (Audience.EVERYBODY, Audience.OPERATORS) if side is Side.AGENT else (Audience.EVERYBODY,)


def _newest(work: Work, case_id: UUID, side: Side | None) -> int:
    """Return the last line that this side reads."""
    query = select(col(Entry.seq)).where(
        col(Entry.case_id) == case_id, col(Entry.audience).in_(readable_by(side))
    )
    return work.session.scalar(query.order_by(col(Entry.seq).desc()).limit(1)) or 0


def _mark_and_tell(work: Work, case_id: UUID, seqs: dict[UUID, int], said: int) -> None:
    for account_id in _mark(work, case_id, seqs, said):
        work.signal(CaseRead(case_id, account_id))


def _mark(work: Work, case_id: UUID, seqs: dict[UUID, int], said: int) -> list[UUID]:
    """Move the marks of these accounts forward, and return those that moved.

    When somebody read is shown to aidants too: it moves only when a line that they read, up to ``said``, was
    read, else the hour alone would tell them of a note.
    """
    seqs = {account_id: seq for account_id, seq in seqs.items() if seq > 0}
    query = select(ReadMark).where(col(ReadMark.case_id) == case_id, col(ReadMark.account_id).in_(seqs))
    known = {mark.account_id: mark for mark in work.session.scalars(query)}
    moved = []
    for account_id, seq in seqs.items():
        mark = known.get(account_id)
        if mark is None:
            work.session.add(ReadMark(case_id=case_id, account_id=account_id, seq=seq, read_at=work.now))
        elif mark.seq < seq:
            mark.read_at = work.now if mark.seq < said else mark.read_at
            mark.seq = seq
        else:
            continue
        moved.append(account_id)
    work.session.flush()
    notices.read_up_to(work, case_id, seqs)
    return moved


def signature(work: Work, facts: CaseFacts) -> str:
    """Return the group in whose name the actor speaks in this case."""
    ours = {m.group_id for m in work.actor.memberships if m.side is not None}
    groups = ours & {facts.referral_group} or ours & {facts.structure_id} or ours & facts.recipients or ours
    names = work.session.scalars(
        select(col(Group.name)).where(col(Group.id).in_(groups)).order_by(col(Group.name))
    )
    return next(iter(names), "")


def own_referrals(work: Work, case: Case) -> list[Referral]:
    """The referrals of the actor's own groups in this case."""
    return list(
        work.session.scalars(
            select(Referral).where(
                col(Referral.case_id) == case.id,
                col(Referral.group_id).in_(work.actor.groups(Side.AGENT)),
            )
        )
    )
