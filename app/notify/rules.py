"""Who is told of a line of a thread: one table, by what the line says. Pure.

Nobody flooded, nobody forgotten: each row names those whose work it is; where there is none, the group. The
actor, and whoever may not read the case, are left out by who calls. Source: domain, section 7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.lifecycle import next_status
from models.enums import CaseStatus, EntryKind, EventKind, NoticeKind, ReferralStatus, Side

_OPEN = (ReferralStatus.SENT, ReferralStatus.IN_PROGRESS)
_FOLLOWED = (*_OPEN, ReferralStatus.RESOLVED)


@dataclass(frozen=True)
class Post:
    """A referral: whose it is, whether they are away today, who stands in for them. ``is_new``: it was opened
    by this very act."""

    group_id: UUID
    status: ReferralStatus
    assignee_id: UUID | None = None
    stand_ins: frozenset[UUID] = frozenset()
    is_new: bool = False
    is_away: bool = False


@dataclass(frozen=True)
class People:
    """Who takes part in a case when a line is written; all of them may read it at that instant.

    ``agents`` stand by group and, like ``invited``, without those who are aidants of the structure too: they
    read as aidants. ``wrote`` are the authors of messages and notes. ``side`` is the actor's, ``own`` the
    groups in which they are an agent, ``about`` the group whose referral the line is about, ``former`` who had
    it until then, ``named`` whom it brings in, ``mentioned`` whom it names by «@».
    """

    author_id: UUID
    aidants: frozenset[UUID] = frozenset()
    agents: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    invited: frozenset[UUID] = frozenset()
    wrote: frozenset[UUID] = frozenset()
    posts: tuple[Post, ...] = ()
    side: Side | None = None
    own: frozenset[UUID] = frozenset()
    about: UUID | None = None
    former: UUID | None = None
    named: UUID | None = None
    mentioned: frozenset[UUID] = frozenset()

    def of(self, group_id: UUID | None) -> frozenset[UUID]:
        """The agents of one group."""
        return self.agents.get(group_id, frozenset()) if group_id else frozenset()

    @property
    def all_agents(self) -> frozenset[UUID]:
        """Every agent who may read the case."""
        return self.invited.union(*self.agents.values())


Who = Callable[[People], frozenset[UUID]]


def nobody(_: People) -> frozenset[UUID]:
    """The thread says it: that is enough."""
    return frozenset()


def aidants_side(people: People) -> frozenset[UUID]:
    """Who raised the case and the aidants who wrote in it; once the author has left, all of the structure."""
    if people.author_id not in people.aidants:
        return people.aidants
    return (people.wrote & people.aidants) | {people.author_id}


def in_charge(post: Post, people: People) -> frozenset[UUID]:
    """The assignee of a referral, if still of its group, and who stands in for them; the group, when they are
    away and nobody does."""
    group = people.of(post.group_id)
    held = (frozenset({post.assignee_id} if post.assignee_id else ()) | post.stand_ins) & group
    return group if held and post.is_away and not post.stand_ins & group else held


def assignees(people: People) -> frozenset[UUID]:
    """All who have a referral of the case in charge."""
    return frozenset().union(*(in_charge(post, people) for post in people.posts if post.status in _FOLLOWED))


def at_work(people: People) -> frozenset[UUID]:
    """The agents who have the case in charge or wrote in it."""
    return assignees(people) | (people.wrote & people.all_agents)


def at_work_or_all(people: People) -> frozenset[UUID]:
    """The same; the agents of the groups when there is none."""
    return at_work(people) or people.all_agents


def in_new_groups(people: People) -> frozenset[UUID]:
    """Every agent of the groups that the case has just been sent to."""
    return frozenset().union(*(people.of(post.group_id) for post in people.posts if post.is_new))


def concerned_by_a_message(people: People) -> frozenset[UUID]:
    """From the aidant's side: who has each open referral in charge, else their whole group, and the agents who
    wrote; every group when that is nobody. From an agent: the aidant's side, and the agents at work in other
    groups. Those brought in by name always: it is to them that somebody turned."""
    if people.side is Side.AIDANT:
        told = at_work(people)
        for post in people.posts:
            if post.status in _OPEN:
                told |= in_charge(post, people) or people.of(post.group_id)
        return (told or people.all_agents) | people.invited
    colleagues = frozenset().union(*(people.of(group) for group in people.own))
    return aidants_side(people) | ((at_work(people) | people.invited) - colleagues)


def concerned_by_a_note(people: People) -> frozenset[UUID]:
    """Agents only: those at work, and those brought in by name."""
    return at_work(people) | people.invited


def mentioned_in_a_message(people: People) -> frozenset[UUID]:
    """Who is named, if they may read the case."""
    return people.mentioned & (people.aidants | people.all_agents)


def mentioned_in_a_note(people: People) -> frozenset[UUID]:
    """Who is named, if they may read notes."""
    return people.mentioned & people.all_agents


def brought_in(people: People) -> frozenset[UUID]:
    """Who is associated by name."""
    return frozenset({people.named} if people.named else ()) & people.invited


def now_in_charge(people: People) -> frozenset[UUID]:
    """Who has this referral in charge from now on."""
    return frozenset().union(
        *(in_charge(post, people) for post in people.posts if post.group_id == people.about)
    )


def had_it_until_then(people: People) -> frozenset[UUID]:
    """Who had this referral in charge, if they still read the case."""
    return frozenset({people.former} if people.former else ()) & people.all_agents


def group_of_the_referral(people: People) -> frozenset[UUID]:
    """Every agent of the group that this is about."""
    return people.of(people.about)


def withdrawn_from(people: People) -> frozenset[UUID]:
    """In the group that loses the case: who had it in charge or wrote, else all: this last thing."""
    told: frozenset[UUID] = frozenset()
    for post in people.posts:
        if post.status is ReferralStatus.WITHDRAWN:
            group = people.of(post.group_id)
            told |= in_charge(post, people) | (people.wrote & group) or group
    return told


def is_to_redirect(people: People) -> bool:
    """Whether every recipient left has said that it is not competent."""
    return next_status(post.status for post in people.posts) is CaseStatus.TO_REDIRECT


def aidants_who_redirect(people: People) -> frozenset[UUID]:
    """The aidant's side, when it is theirs again."""
    return aidants_side(people) if is_to_redirect(people) else frozenset()


def aidants_side_and_assignees(people: People) -> frozenset[UUID]:
    """Those who stop, and those who would have gone on."""
    return aidants_side(people) | assignees(people)


def aidants_side_and_at_work(people: People) -> frozenset[UUID]:
    """Everybody whose work it was."""
    return aidants_side(people) | at_work(people)


# Who stands in two rows of a line is told by the first.
Rows = tuple[tuple[NoticeKind, Who], ...]
_K = NoticeKind
_MANDATE: Rows = ((_K.MANDATE, aidants_side_and_assignees),)
_NOT_COMPETENT: Rows = ((_K.TO_REDIRECT, aidants_who_redirect), (_K.NOT_COMPETENT, aidants_side))
_NEW: Rows = ((_K.NEW_CASE, in_new_groups),)
_HANDED: Rows = ((_K.ASSIGNED, now_in_charge), (_K.TAKEN_OVER, had_it_until_then))

SAID: dict[EntryKind, Rows] = {
    EntryKind.MESSAGE: ((_K.MENTION, mentioned_in_a_message), (_K.MESSAGE, concerned_by_a_message)),
    EntryKind.NOTE: ((_K.MENTION, mentioned_in_a_note), (_K.NOTE, concerned_by_a_note)),
    EntryKind.EVENT: (),  # by what happened, below
}
HAPPENED: dict[EventKind, Rows] = {
    EventKind.SENT: _NEW,
    EventKind.ASSOCIATED: (*_NEW, (_K.ASSOCIATED, aidants_side)),
    EventKind.INVITED: ((_K.INVITED, brought_in), (_K.ASSOCIATED, aidants_side)),
    EventKind.TAKEN: ((_K.TAKEN, aidants_side), (_K.TAKEN_OVER, had_it_until_then)),
    EventKind.PASSED: _HANDED,
    EventKind.HANDED_OVER: _HANDED,
    EventKind.LEFT_FREE: ((_K.LEFT_FREE, group_of_the_referral),),
    EventKind.ASKED: ((_K.ASKED, aidants_side),),
    EventKind.REFERRAL_RESOLVED: ((_K.RESOLVED, aidants_side),),
    EventKind.NOT_COMPETENT: _NOT_COMPETENT,
    EventKind.BETTER_RECIPIENT: _NOT_COMPETENT,
    EventKind.STANDARD_PROCEDURE: (),
    EventKind.WITHDRAWN: ((_K.TO_REDIRECT, aidants_who_redirect), (_K.WITHDRAWN, withdrawn_from)),
    EventKind.CLOSED: ((_K.CLOSED, at_work_or_all),),
    EventKind.REOPENED: ((_K.REOPENED, at_work_or_all),),
    EventKind.CLOSING_SOON: ((_K.CLOSING_SOON, aidants_side),),
    EventKind.CLOSED_BY_SERVICE: ((_K.CLOSED_BY_SERVICE, aidants_side_and_at_work),),
    EventKind.MANDATE_ACCEPTED: ((_K.MANDATE, assignees),),
    EventKind.MANDATE_REVOKED: _MANDATE,
    EventKind.MANDATE_TAKEN_BACK: _MANDATE,
    EventKind.MANDATE_EXPIRED: _MANDATE,
    EventKind.ANSWER_UNCLEAR: ((_K.MESSAGE, aidants_side),),
}
# A gesture that comes with a message is one thing to be told: the gesture.
OVER_ITS_MESSAGE = frozenset(
    {EventKind.ASKED, EventKind.REFERRAL_RESOLVED, EventKind.NOT_COMPETENT, EventKind.BETTER_RECIPIENT}
)


def told_of(kind: EntryKind, event: EventKind | None, people: People) -> dict[NoticeKind, frozenset[UUID]]:
    """Return who is told, by kind, each once."""
    told: dict[NoticeKind, frozenset[UUID]] = {}
    known: frozenset[UUID] = frozenset()
    for notice, who in HAPPENED[event] if event is not None else SAID[kind]:
        fresh = who(people) - known
        if fresh:
            told[notice], known = fresh, known | fresh
    return told
