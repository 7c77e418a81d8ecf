"""The demonstration: an invented département's worth of life, made through the services like everything else.

Each story is told at the time it happened; a step that would fall in the future has not happened yet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from app import cases, drafts, mandates, messages, ready_answers, reference, referrals, threads
from app.actors import load_actor
from app.deadlines import working_days_before
from app.demo import cast
from app.demo.answers import ANSWERS
from app.demo.people import DEPARTEMENT
from app.demo.stories import STORIES
from app.demo.story import Step, Story, Verb
from app.mandate_steps import Giver
from app.queries.mandates import document, latest
from app.work import ByAccount, ByNobody, Work, acting, reading
from models.account import Account, Membership
from models.base import new_id
from models.case import Case, Referral
from models.enums import Audience, Outcome, Usefulness
from models.mandate import MandateDocument
from models.notice import Notice
from models.organization import Group, Organization

_STROKES = {
    "width": 600, "height": 200,
    "strokes": [[[60, 130, 0], [110, 60, 120], [140, 140, 240], [190, 70, 380], [230, 140, 520]],
                [[250, 120, 700], [300, 90, 820], [380, 120, 980], [450, 100, 1100]]],
}  # fmt: skip


class _Ids:
    """The accounts, groups and organisations of the demonstration, by their names."""

    def __init__(self, work: Work) -> None:
        session = work.session
        self.people = {name + "@demo.example": account.id for name, account in cast.find(work).items()}
        self.organizations = {o.code: o.id for o in session.scalars(select(Organization))}
        groups = list(session.scalars(select(Group)))
        self.group_of = {g.organization_id: g.id for g in groups}
        self.places = _places(work)

    def group(self, code: str) -> UUID:
        """The group of an organisation."""
        return self.group_of[self.organizations[code]]


def is_empty() -> bool:
    """Whether nobody has an account yet."""
    with reading(ByNobody()) as work:
        return work.session.scalar(select(col(Account.id)).limit(1)) is None


def demonstration(now: datetime | None = None) -> int:
    """Fill an empty database with the cast and its stories; return how many cases there are."""
    now = now or datetime.now(UTC)
    with acting(ByNobody(), at=now - timedelta(days=120)) as work:
        reference.load(work)
        cast.create(work)
    with reading(ByNobody()) as work:
        ids = _Ids(work)
    for who, is_common, title, text in ANSWERS:
        account_id = ids.people[who]
        with acting(ByAccount(account_id), at=now - timedelta(days=90)) as work:
            ready_answers.add(work, ids.places[account_id] if is_common else None, title, text)
    for story in STORIES:
        _tell(story, ids, now)
    with acting(ByNobody(), at=now) as work:
        _seal_one_a_minute(work, now)
        # What was told in the stories is in the bells; no e-mail leaves for what happened before the start.
        work.session.execute(update(Notice).values(mail_due_at=None))
    return len(STORIES)


def _seal_one_a_minute(work: Work, now: datetime) -> None:
    """Whoever looks at the demonstration first must not wait behind sixty seals."""
    newest = work.session.scalars(select(col(MandateDocument.id)).order_by(col(MandateDocument.id).desc()))
    for minutes, one in enumerate(newest.all()):
        this = update(MandateDocument).where(col(MandateDocument.id) == one)
        work.session.execute(this.values(seal_next_at=now + timedelta(minutes=minutes)))


def _tell(story: Story, ids: _Ids, now: datetime) -> None:
    """Live one story from its draft to its last step."""
    sent_at = min(_sent_at(story, now), now - timedelta(minutes=2))
    author = ids.people[story.author]
    began = sent_at - timedelta(minutes=12)
    with acting(ByAccount(author), at=began) as work:
        case_id = drafts.start(work, ids.places[author], _form(story, ids))
        if story.draft:
            return
        mandate_id = mandates.present(work, case_id)
        shown = document(work, mandate_id).shown_sha256
        mandates.sign(work, mandate_id, shown_sha256=shown, giver=Giver(), drawing=_STROKES)
        mandates.accept(work, mandate_id)
        work.now = sent_at
        cases.send(work, case_id)
        for step in story.steps:
            at = sent_at + timedelta(hours=step.after)
            if at > now:
                break
            # One story, one transaction: the next one speaks in turn (a commit for each took ten seconds).
            work.now, work.actor = at, load_actor(work.session, ByAccount(ids.people[step.who]), at)
            _DO[step.verb](work, case_id, step, ids)


def _sent_at(story: Story, now: datetime) -> datetime:
    hours, minutes = map(int, story.at.split(":"))
    return working_days_before(now, story.sent, time(hours, minutes), DEPARTEMENT)


def _form(story: Story, ids: _Ids) -> dict[str, object]:
    return {
        "theme": story.theme, "blockage": story.blockage, "procedure": story.procedure,
        "urgent": "oui" if story.urgent else "non", "urgency_reason": story.urgent,
        "civility": story.civility, "first_name": story.first_name, "last_name": story.last_name,
        "born_on": story.born, "commune": story.commune, "departement": DEPARTEMENT, "phone": "",
        "subject": story.subject, "description": story.description,
        "groups": [str(ids.group(code)) for code in story.to],
        "also": [str(ids.organizations[code]) for code in story.also],
    }  # fmt: skip


def _places(work: Work) -> dict[UUID, UUID]:
    query = select(col(Membership.account_id), col(Membership.group_id))
    return {row[0]: row[1] for row in work.session.execute(query)}


def _own(work: Work, ids: _Ids) -> UUID:
    return ids.places[work.actor.account_id]


def _take(work: Work, case_id: UUID, _: Step, ids: _Ids) -> None:
    group_id = _own(work, ids)
    seen = work.session.scalar(
        select(col(Referral.assignee_id)).where(
            col(Referral.case_id) == case_id, col(Referral.group_id) == group_id
        )
    )
    referrals.take(work, case_id, group_id, seen=seen)


def _not_competent(work: Work, case_id: UUID, step: Step, ids: _Ids) -> None:
    better = ids.organizations[step.extra] if step.extra else None
    referrals.not_competent(work, case_id, _own(work, ids), text=step.text, better=better, key=new_id())


def _close(work: Work, case_id: UUID, step: Step, _: _Ids) -> None:
    outcome, usefulness = step.extra.split("/")
    cases.close(work, case_id, _OUTCOMES[outcome], _USEFULNESS[usefulness])


_OUTCOMES = {one.value: one for one in Outcome}
_USEFULNESS = {one.value: one for one in Usefulness}


def _read(work: Work, case_id: UUID, _: Step, __: _Ids) -> None:
    threads.mark_read(work, case_id, work.session.get_one(Case, case_id).last_seq)


def _revoke(work: Work, case_id: UUID, step: Step, _: _Ids) -> None:
    mandate = latest(work, case_id)
    assert mandate is not None
    mandates.revoke(work, mandate.id, step.text)


_DO: dict[Verb, Callable[[Work, UUID, Step, _Ids], object]] = {
    Verb.REPLY: lambda w, c, s, _: messages.post(w, c, s.text, key=new_id()),
    Verb.NOTE: lambda w, c, s, _: messages.post(w, c, s.text, key=new_id(), audience=Audience.OPERATORS),
    Verb.TAKE: _take,
    Verb.RESOLVE: lambda w, c, s, i: referrals.resolve(w, c, _own(w, i), s.text, key=new_id()),
    Verb.ASK: lambda w, c, s, i: referrals.ask(w, c, _own(w, i), s.text, key=new_id()),
    Verb.NOT_COMPETENT: _not_competent,
    Verb.PASS: lambda w, c, s, i: referrals.pass_to(w, c, _own(w, i), i.people[s.extra]),
    Verb.FLAG_PROCEDURE: lambda w, c, _, i: referrals.flag_procedure(w, c, _own(w, i)),
    Verb.ASSOCIATE: lambda w, c, s, i: referrals.associate(w, c, i.group(s.extra)),
    Verb.INVITE: lambda w, c, s, i: referrals.invite(w, c, i.people[s.extra]),
    Verb.WITHDRAW: lambda w, c, s, i: referrals.withdraw(w, c, i.group(s.extra)),
    Verb.CLOSE: _close,
    Verb.REOPEN: lambda w, c, s, _: cases.reopen(w, c, s.text),
    Verb.READ: _read,
    Verb.REVOKE: _revoke,
}
