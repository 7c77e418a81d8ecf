"""What is told of each line of a thread: the facts that the rules ask for, read in a few queries whatever the
number of people."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import col

from app.notify.notices import forget_message, tell
from app.notify.rules import OVER_ITS_MESSAGE, People, Post, told_of
from app.policy import CaseFacts, side_in
from app.queries.standing_in import away
from app.work import Work
from models.account import Account, Membership
from models.case import Case, Referral
from models.enums import EntryKind, NoticeKind, ReferralStatus, Side
from models.thread import Entry


def hear(work: Work, case: Case, facts: CaseFacts, entry: Entry) -> None:
    """Tell whoever is to be told of a line that has just been written.

    The first one is the description of the case: that it was sent says it.
    """
    if entry.seq == 1 and entry.kind is EntryKind.MESSAGE:
        return
    people = _people(work, case, facts, entry)
    told = told_of(entry.kind, entry.event, people)
    key = f"line:{case.id.hex}:{entry.seq}"
    for kind, accounts in told.items():
        if kind is NoticeKind.NEW_CASE:
            for post in (one for one in people.posts if one.is_new):
                tell(
                    work, people.of(post.group_id), kind, key=key, case_id=case.id, group_id=post.group_id,
                    seq=entry.seq, is_urgent=case.is_urgent,
                )  # fmt: skip
        else:
            tell(work, accounts, kind, key=key, case_id=case.id, seq=entry.seq, is_urgent=case.is_urgent)
    if told and entry.event in OVER_ITS_MESSAGE:
        forget_message(work, case.id, entry.seq - 1, frozenset().union(*told.values()))


def _people(work: Work, case: Case, facts: CaseFacts, entry: Entry) -> People:
    aidants: set[UUID] = set()
    agents: defaultdict[UUID, set[UUID]] = defaultdict(set)
    invited: set[UUID] = set()
    for account_id, group_id, side in _members(work, facts):
        if side is Side.AIDANT:
            aidants.add(account_id)
        elif group_id in facts.recipients:
            agents[group_id].add(account_id)
        else:
            invited.add(account_id)
    # Who stands on both sides reads as an aidant (policy.side_in): a note never crosses over.
    return People(
        author_id=case.author_id,
        aidants=frozenset(aidants),
        agents={group_id: frozenset(them - aidants) for group_id, them in agents.items()},
        invited=frozenset(invited - aidants),
        wrote=_writers(work, case.id),
        posts=_posts(work, case.id, facts),
        side=side_in(work.actor, facts),
        own=work.actor.groups(Side.AGENT),
        about=facts.referral_group,
        former=_id(entry.details.get("former")),
        named=_id(entry.details.get("account")),
        mentioned=frozenset(id_ for one in entry.details.get("mentions", ()) if (id_ := _id(one))),
    )


def _members(work: Work, facts: CaseFacts) -> list[tuple[UUID, UUID, Side]]:
    """Everybody active who may read the case, with the place that lets them."""
    places = [
        and_(col(Membership.group_id) == facts.structure_id, col(Membership.side) == Side.AIDANT),
        and_(col(Membership.group_id).in_(facts.recipients), col(Membership.side) == Side.AGENT),
    ]
    if facts.invited:
        places.append(and_(col(Membership.account_id).in_(facts.invited), col(Membership.side) == Side.AGENT))
    query = (
        select(col(Account.id), col(Membership.group_id), col(Membership.side))
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(col(Account.is_active), or_(*places))
    )
    return [(row[0], row[1], row[2]) for row in work.session.execute(query)]


def _writers(work: Work, case_id: UUID) -> frozenset[UUID]:
    query = select(col(Entry.author_id)).where(
        col(Entry.case_id) == case_id, col(Entry.kind) != EntryKind.EVENT, col(Entry.withdrawn_at).is_(None),
        col(Entry.author_id).is_not(None),
    )  # fmt: skip
    return frozenset(work.session.scalars(query.distinct()))


def _posts(work: Work, case_id: UUID, facts: CaseFacts) -> tuple[Post, ...]:
    """The referrals of the case, but those withdrawn before, with who stands in today for who has them."""
    query = select(
        col(Referral.group_id), col(Referral.status), col(Referral.assignee_id), col(Referral.sent_at)
    ).where(col(Referral.case_id) == case_id, col(Referral.group_id).in_(facts.recipients))
    rows = work.session.execute(query).all()
    absent = away(work, ((row[2], row[0]) for row in rows if row[2]))
    posts = []
    for group_id, status, assignee_id, sent_at in rows:
        absence = absent.get((assignee_id, group_id))
        stand_in = absence.stand_in_id if absence else None
        posts.append(
            Post(
                group_id, status, assignee_id, stand_ins=frozenset({stand_in} if stand_in else ()),
                is_new=status is ReferralStatus.SENT and sent_at == work.now, is_away=absence is not None,
            )
        )  # fmt: skip
    return tuple(posts)


def _id(given: object) -> UUID | None:
    try:
        return UUID(str(given)) if given else None
    except ValueError:
        return None
