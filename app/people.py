"""Accounts and the places people hold in groups: what is taken away, and who is told."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import departures, emptied_groups
from app.departures import NOTHING, Plan
from app.errors import Conflict, Forbidden, NotFound
from app.events import RightsChanged
from app.journal import record
from app.policy import may_manage_accounts, may_remove_member
from app.security import sessions
from app.work import Work
from models.account import Account, Membership


def deactivate(work: Work, account_id: UUID, plan: Plan = NOTHING) -> None:
    """Close an account: its sessions end at once, nothing it wrote is lost. Administrators only.

    Its open work in every group is handed over as planned (``departures``).

    Closing it twice changes nothing. One's own is a ``Conflict``: the last administrator cannot lock
    everybody out.
    """
    if not may_manage_accounts(work.actor):
        raise Forbidden("Seul un administrateur peut désactiver un compte.")
    if account_id == work.actor.account_id:
        raise Conflict(
            "Vous ne pouvez pas désactiver votre propre compte : demandez à un autre administrateur."
        )
    account = work.session.scalar(select(Account).where(col(Account.id) == account_id).with_for_update())
    if account is None:
        raise NotFound
    if not account.is_active:
        return
    places = select(col(Membership.group_id)).where(col(Membership.account_id) == account_id)
    departures.hand_over(work, account_id, work.session.scalars(places.with_for_update()).all(), plan)
    account.is_active = False
    sessions.end_all(work, account_id)
    record(work, "account.deactivated", account=account_id)
    emptied_groups.tell_if_emptied(work, emptied_groups.places(work, account_id))
    work.signal(RightsChanged(frozenset({account_id})))


def remove_member(work: Work, account_id: UUID, group_id: UUID, plan: Plan = NOTHING) -> None:
    """Take somebody out of a group: its cases are lost to them at once, on open pages too.

    What they have there is handed over as planned (``departures``). For administrators, the responsable of that
    group and the person. Not a member (any more) is ``NotFound``.
    """
    if not may_remove_member(work.actor, account_id, group_id):
        raise Forbidden("Seul le responsable du groupe ou un administrateur peut en retirer un membre.")
    membership = work.session.scalar(
        select(Membership)
        .where(col(Membership.account_id) == account_id, col(Membership.group_id) == group_id)
        .with_for_update()
    )
    if membership is None:
        raise NotFound("Cette personne n’est pas membre du groupe.")
    departures.hand_over(work, account_id, (group_id,), plan)
    work.session.delete(membership)
    record(work, "membership.removed", account=account_id, group=group_id)
    emptied_groups.tell_if_emptied(work, (group_id,))
    work.signal(RightsChanged(frozenset({account_id})))
