"""Loading a case authorises it: services get a case and its facts here, or a refusal in words."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.errors import Conflict, Forbidden, NotFound
from app.policy import Action, CaseFacts, may, may_administer
from app.queries.visibility import case_facts
from app.work import Work
from models.case import Case
from models.enums import CaseStatus


def authorise(
    work: Work, case_id: UUID, action: Action, *, group_id: UUID | None = None, lock: bool = False
) -> tuple[Case, CaseFacts]:
    """Return a case and its facts if the actor may do this; else refuse.

    Not readable and unknown answer alike (``NotFound``). What was possible until the case was closed is a
    ``Conflict``; what the mandate no longer allows, and all the rest, is ``Forbidden``.
    ``group_id`` names the referral the action is about. ``lock`` holds the case until the end of the
    transaction (needed before changing anything: it also puts the lines of its thread in order).
    """
    query = select(Case).where(col(Case.id) == case_id)
    case = work.session.scalar(query.with_for_update() if lock else query)
    if case is None:
        raise NotFound
    facts = case_facts(work, case)
    if group_id is not None:
        facts = facts.about(group_id)
    require(work, action, facts)
    return case, facts


def require(work: Work, action: Action, facts: CaseFacts) -> None:
    """Refuse, in the words that fit, what the table of rights does not give."""
    if may(work.actor, action, facts):
        return
    if not may(work.actor, Action.READ, facts):
        raise NotFound
    # Closing also ends the mandate: what both took away is said as closed.
    before = replace(facts, status=CaseStatus.IN_PROGRESS, has_valid_mandate=True)
    if facts.status is CaseStatus.CLOSED and may(work.actor, action, before):
        raise Conflict("Cette demande a été clôturée entre-temps. Rien n’a été changé.")
    if not facts.has_valid_mandate and may(work.actor, action, replace(facts, has_valid_mandate=True)):
        raise Forbidden("Le mandat n’est plus en vigueur : le partage est suspendu.")
    raise Forbidden("Vous n’avez pas le droit de faire cela sur cette demande.")


def require_administrator(work: Work) -> None:
    """Refuse who does not belong to the platform team."""
    if not may_administer(work.actor):
        raise Forbidden("Cette page est réservée aux administrateurs.")
