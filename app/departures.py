"""Who leaves a group hands over what they have there: each open referral to a colleague, or to the group.

A plan says to whom each goes. It must name every one: what was taken in charge since somebody looked is a
``Conflict``, so that nothing is handed over unseen. Source: domain, section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import absences, referral_steps, threads
from app.errors import Conflict, Invalid
from app.lifecycle import Gesture
from app.queries.leaving import held
from app.queries.people import agents_of, name_of
from app.queries.standing_in import away, away_refusal
from app.queries.visibility import case_facts
from app.work import Work
from models.case import Case, Referral
from models.enums import EntryKind

Plan = Mapping[UUID, UUID | None]  # for each referral who has it next; nobody: it is free in its group
NOTHING: Plan = {}


def hand_over(work: Work, account_id: UUID, group_ids: Iterable[UUID], plan: Plan) -> None:
    """Hand over all that somebody has in these groups, as planned; their absences there end.

    The caller has checked who may, and takes the memberships away in the same transaction. Due dates stay: what
    was promised to the aidant holds.
    """
    groups = list(group_ids)
    cases = sorted({one.case_id for one in held(work, account_id, groups)})
    locked = select(Case).where(col(Case.id).in_(cases)).order_by(col(Case.id)).with_for_update()
    found = {case.id: case for case in work.session.scalars(locked)}
    theirs = [one for one in held(work, account_id, groups) if one.case_id in found]
    if any(one.referral_id not in plan for one in theirs):
        raise Conflict(
            "Une autre demande a été prise en charge entre-temps. Rien n’a été changé. "
            "Regardez de nouveau la liste, puis recommencez."
        )
    for group_id in groups:
        _check(
            work, account_id, group_id, {plan[one.referral_id] for one in theirs if one.group_id == group_id}
        )
    for one in theirs:
        referral = work.session.get_one(Referral, one.referral_id, populate_existing=True)
        _pass(work, found[one.case_id], referral, plan[one.referral_id])
    for group_id in groups:
        absences.leave(work, account_id, group_id)


def _check(work: Work, account_id: UUID, group_id: UUID, chosen: set[UUID | None]) -> None:
    """Refuse who cannot take over: not another active agent of the group, or absent today."""
    others = {one.id for one in agents_of(work, frozenset({group_id}))} - {account_id}
    whom = {id_ for id_ in chosen if id_ is not None}
    if not whom <= others:
        raise Invalid(to="Cette personne n’est pas Agent+ du groupe. Choisissez-en une autre.")
    for (colleague, _), absence in away(work, ((id_, group_id) for id_ in whom)).items():
        raise Invalid(to=away_refusal(name_of(work, colleague), absence))


def _pass(work: Work, case: Case, referral: Referral, colleague: UUID | None) -> None:
    former = referral.assignee_id
    gesture = Gesture.SET_FREE if colleague is None else Gesture.HAND_OVER
    step = referral_steps.make(work, case, referral, gesture, assignee=colleague)
    facts = case_facts(work, case).about(referral.group_id)
    details = {"what": name_of(work, colleague), "former": str(former)} if colleague else {}
    threads.append(work, case, facts, kind=EntryKind.EVENT, event=step.event, details=details)
