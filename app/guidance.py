"""The note by which a team says what it would like to read in a case. Administrators only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import typed
from app.access import require_administrator
from app.errors import Conflict, Invalid, NotFound
from app.journal import record
from app.work import Work
from models.enums import GroupKind
from models.organization import Group

LONGEST = 500


def note(work: Work, group_id: UUID, text: str, *, seen: str) -> None:
    """Write the note of an organisation's team, in one line; an empty one takes it away. ``seen`` is the note
    that the page showed: when somebody else changed it meanwhile, nothing is written."""
    require_administrator(work)
    query = select(Group).where(col(Group.id) == group_id, col(Group.kind) == GroupKind.OPERATOR)
    group = work.session.scalar(query.with_for_update())
    if group is None:
        raise NotFound
    if group.guidance != seen:
        raise Conflict(
            "Un autre administrateur a changé cette consigne entre-temps. Rien n’a été changé : relisez-la."
        )
    said = typed.line(text, "guidance")
    if len(said) > LONGEST:
        raise Invalid(guidance=f"Cette consigne est trop longue : {LONGEST} caractères au plus.")
    group.guidance = said
    record(work, "group.noted", group=group_id)
