"""Keeping what the search looks through: written with what is said, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, delete, insert, select, update
from sqlmodel import col

from app.search_words import folded
from app.work import Work
from models.case import Case, Participation
from models.enums import Audience, EntryKind
from models.search import SearchLine
from models.thread import Entry


def holder_token(holder_id: UUID) -> str:
    """The word of the index that stands for a group or a person."""
    return f"h{holder_id.hex}"


def keep_head(work: Work, case: Case) -> None:
    """Let a case that was just sent be found by its subject, its usager and their commune."""
    holders = work.session.scalars(_holders(case.id))
    _write(work, case, None, Audience.EVERYBODY, case.search_text, holders)


def keep(work: Work, case: Case, entry: Entry, holders: Iterable[UUID]) -> None:
    """Let a message or a note be found; events and files without words are not searched."""
    if entry.kind is not EntryKind.EVENT and entry.text:
        _write(work, case, entry.id, entry.audience, entry.text, holders)


def forget(work: Work, entry_id: UUID) -> None:
    """What was taken back is found no more."""
    work.session.execute(delete(SearchLine).where(col(SearchLine.entry_id) == entry_id))


def follow(work: Work, case_id: UUID) -> None:
    """Somebody came into a case or left it: its lines are now among theirs, or no more."""
    work.session.flush()
    lines = update(SearchLine).where(col(SearchLine.case_id) == case_id)
    lines = lines.values(holders=_tokens(work.session.scalars(_holders(case_id))))
    work.session.execute(lines.execution_options(synchronize_session=False))


def _tokens(holders: Iterable[UUID]) -> str:
    return "".join(f" {holder_token(holder)}" for holder in sorted(holders))


def _holders(case_id: UUID) -> Select[UUID]:
    return select(col(Participation.holder_id)).where(col(Participation.case_id) == case_id)


def _write(
    work: Work, case: Case, entry_id: UUID | None, audience: Audience, text: str, holders: Iterable[UUID]
) -> None:
    line = insert(SearchLine).values(
        case_id=case.id, entry_id=entry_id, audience=audience, folded=folded(text), holders=_tokens(holders)
    )
    work.session.execute(line)
