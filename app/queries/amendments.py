"""What a mandate changes in the one that it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access import authorise
from app.errors import NotFound
from app.policy import Action
from app.queries.mandates import scope_names
from app.work import Work
from models.mandate import Mandate


@dataclass(frozen=True)
class Amendment:
    """When the mandate that it replaces was given, and the organisations named besides."""

    replaces: datetime
    added: tuple[str, ...]


def amendment(work: Work, mandate_id: UUID) -> Amendment | None:
    """Return what a mandate changes, to who may see mandates of the case; nothing when it replaces none."""
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    authorise(work, mandate.case_id, Action.SEE_MANDATE)
    if mandate.amends_id is None:
        return None
    before = work.session.get_one(Mandate, mandate.amends_id)
    named = set(scope_names(work, before.id))
    added = tuple(name for name in scope_names(work, mandate.id) if name not in named)
    return Amendment(before.consented_at or before.created_at, added)
