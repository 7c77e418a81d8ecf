"""A case as its page shows it: the thread, the facts beside it, and what the actor may do, already decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access import authorise
from app.lifecycle import Gesture, mandate_status, move
from app.policy import Action, CaseFacts, may, side_in
from app.queries.identifiers import IdentifierLine, lines
from app.queries.lists import initials
from app.queries.mandates import NextMandate, ends_soon, latest_and_next, scope_names
from app.queries.redirecting import Better, betters
from app.queries.referral_history import StepView, steps
from app.queries.routing import is_elsewhere
from app.queries.standing_in import Away, away
from app.threads import readable_by
from app.work import Work
from models.account import Account
from models.case import Case, ReadMark, Referral
from models.enums import (
    CaseStatus,
    MandateStatus,
    ReferralStatus,
    Side,
)
from models.organization import Blockage, Group, Organization, Procedure, Theme
from models.thread import Entry


@dataclass(frozen=True)
class ReferralView:
    """A recipient. ``gestures`` are those the actor may make on it now; ``better`` is who could help instead,
    said by one that is not competent; ``away``: the assignee is absent today."""

    group_id: UUID
    group: str
    organization: str
    status: ReferralStatus
    assignee_id: UUID | None
    assignee: str
    due_at: datetime | None
    is_late: bool
    is_waiting: bool
    gestures: frozenset[Gesture]
    history: tuple[StepView, ...] = ()
    better: Better | None = None
    away: Away | None = None


@dataclass(frozen=True)
class MandateLine:
    """The mandate beside the thread. ``may_see``: the document is open to the actor.

    For who manages it: whether a new one should be asked for (``ends_soon``), and the one that will replace it.
    """

    id: UUID
    status: MandateStatus
    expires_at: datetime
    organizations: tuple[str, ...]
    may_see: bool
    ends_soon: bool = False
    next_one: NextMandate | None = None


@dataclass(frozen=True)
class CaseView:
    """Everything beside the thread. The usager's name and birth are for those who read the case.

    ``own_group`` is the recipient for which the actor is an agent; ``last_seq`` the last line of their side.
    ``is_elsewhere``: the person lives in another département than the structure's; ``identifiers`` are the
    numbers that the actor may see or add.
    """

    id: UUID
    status: CaseStatus
    subject: str
    usager: str
    usager_name: str
    born_on: date | None
    phone: str
    commune: str
    departement: str
    is_elsewhere: bool
    identifiers: tuple[IdentifierLine, ...]
    qualification: tuple[str, ...]
    urgency: str
    structure: str
    author: str
    sent_at: datetime
    closing: str
    side: Side
    own_group: UUID | None
    referrals: tuple[ReferralView, ...]
    mandate: MandateLine | None
    invited: tuple[str, ...]
    last_seq: int
    read_seq: int
    may: frozenset[Action]


def case(work: Work, case_id: UUID) -> CaseView:
    """Return a case to who may read it; unknown and not yours answer alike (``NotFound``)."""
    row, facts = authorise(work, case_id, Action.READ)
    side = side_in(work.actor, facts) or Side.AGENT
    referrals = _referrals(work, row, facts)
    ours = facts.recipients & work.actor.groups(Side.AGENT)
    names = _labels(work, row)
    last_seq, read_seq = _reading(work, case_id, side)
    return CaseView(
        id=row.id,
        status=row.status,
        subject=row.subject,
        usager=initials(row.civility, row.usager_last_name),
        usager_name=f"{row.usager_first_name} {row.usager_last_name}",
        born_on=row.usager_born_on,
        phone=str((row.usager_contact or {}).get("phone", "")) if side is Side.AIDANT else "",
        commune=row.commune,
        departement=row.departement,
        is_elsewhere=is_elsewhere(work, row.structure_id, row.departement),
        identifiers=lines(work, row.id, facts),
        qualification=names[:3],
        urgency=row.urgency_reason if row.is_urgent else "",
        structure=names[3],
        author=names[4],
        sent_at=row.sent_at or row.created_at,
        closing=row.outcome.label if row.outcome else "",
        side=side,
        own_group=next((r.group_id for r in referrals if r.group_id in ours), None),
        referrals=referrals,
        mandate=_mandate(work, row, facts),
        invited=_invited(work, facts),
        last_seq=last_seq,
        read_seq=read_seq,
        may=frozenset(action for action in Action if may(work.actor, action, facts)),
    )


def _reading(work: Work, case_id: UUID, side: Side) -> tuple[int, int]:
    """The last line that this side reads, and how far the actor has read."""
    newest = (
        select(col(Entry.seq))
        .where(col(Entry.case_id) == case_id, col(Entry.audience).in_(readable_by(side)))
        .order_by(col(Entry.seq).desc())
        .limit(1)
    )
    own = select(col(ReadMark.seq)).where(
        col(ReadMark.case_id) == case_id, col(ReadMark.account_id) == work.actor.account_id
    )
    last_seq, read_seq = work.session.execute(select(newest.scalar_subquery(), own.scalar_subquery())).one()
    return last_seq or 0, read_seq or 0


def _referrals(work: Work, row: Case, facts: CaseFacts) -> tuple[ReferralView, ...]:
    query = (
        select(
            Referral,
            col(Group.name),
            col(Organization.short_name),
            col(Account.first_name),
            col(Account.last_name),
        )
        .join(Group, col(Group.id) == Referral.group_id)
        .join(Organization, col(Organization.id) == Group.organization_id)
        .outerjoin(Account, col(Account.id) == Referral.assignee_id)
        .where(col(Referral.case_id) == row.id)
        .order_by(col(Referral.id))
    )
    rows = work.session.execute(query).all()
    history = steps(work, row.id)
    refused = [one[0].better_organization_id for one in rows if one[0].status is ReferralStatus.NOT_COMPETENT]
    absent = away(work, ((one[0].assignee_id, one[0].group_id) for one in rows if one[0].assignee_id))
    named = betters(work, row, facts, refused)
    return tuple(
        ReferralView(
            referral.group_id, group, organization, referral.status, referral.assignee_id,
            f"{first} {last[:1]}." if first else "", referral.due_at,
            referral.due_at is not None and referral.due_at <= work.now, referral.is_waiting,
            _gestures(work, referral, facts), history.get(referral.id, ()), _better(referral, named),
            absent.get((referral.assignee_id, referral.group_id)) if referral.assignee_id else None,
        )
        for referral, group, organization, first, last in rows
    )  # fmt: skip


def _better(referral: Referral, named: dict[UUID, Better]) -> Better | None:
    if referral.status is not ReferralStatus.NOT_COMPETENT or referral.better_organization_id is None:
        return None
    return named.get(referral.better_organization_id)


def _gestures(work: Work, referral: Referral, facts: CaseFacts) -> frozenset[Gesture]:
    """What the actor may do to this referral now: the right of the table, and a row of its life."""
    own = may(work.actor, Action.HANDLE, facts.about(referral.group_id))
    withdraw = may(work.actor, Action.WITHDRAW, facts)
    asked = {
        Gesture.TAKE: (own and referral.assignee_id != work.actor.account_id) or (
            own and referral.status in (ReferralStatus.RESOLVED, ReferralStatus.NOT_COMPETENT)
        ),
        Gesture.RESOLVE: own,
        Gesture.ASK: own,
        Gesture.NOT_COMPETENT: own,
        Gesture.PASS: own,
        Gesture.FLAG_PROCEDURE: own and not referral.had_standard_procedure,
        Gesture.WITHDRAW: withdraw,
    }  # fmt: skip
    return frozenset(g for g, allowed in asked.items() if allowed and move(referral.status, g) is not None)


def _mandate(work: Work, row: Case, facts: CaseFacts) -> MandateLine | None:
    mandate, next_one = latest_and_next(work, row.id)
    if mandate is None:
        return None
    may_manage = may(work.actor, Action.MANAGE_MANDATE, facts)
    return MandateLine(
        mandate.id,
        mandate_status(mandate.status, mandate.expires_at, work.now),
        mandate.expires_at,
        scope_names(work, mandate.id),
        may(work.actor, Action.SEE_MANDATE, facts),
        may_manage and ends_soon(work, mandate),
        next_one if may_manage else None,
    )


def _labels(work: Work, row: Case) -> tuple[str, ...]:
    query = (
        select(
            col(Theme.label), col(Blockage.label), col(Procedure.label), col(Group.name),
            col(Account.first_name), col(Account.last_name),
        )
        .select_from(Case)
        .join(Theme, col(Theme.code) == Case.theme_code, isouter=True)
        .join(Blockage, col(Blockage.code) == Case.blockage_code, isouter=True)
        .join(Procedure, col(Procedure.code) == Case.procedure_code, isouter=True)
        .join(Group, col(Group.id) == Case.structure_id)
        .join(Account, col(Account.id) == Case.author_id)
        .where(col(Case.id) == row.id)
    )  # fmt: skip
    theme, blockage, procedure, group, first, last = work.session.execute(query).one()
    return theme or "", blockage or "", procedure or "", group, f"{first} {last[:1]}."


def _invited(work: Work, facts: CaseFacts) -> tuple[str, ...]:
    if not facts.invited:
        return ()
    query = select(col(Account.first_name), col(Account.last_name)).where(col(Account.id).in_(facts.invited))
    return tuple(f"{first} {last}" for first, last in work.session.execute(query))
