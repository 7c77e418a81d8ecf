"""The gestures of an Agent+ on its own referral, and who else is brought into a case."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import attachments, referral_steps, search_index, threads
from app.access import authorise
from app.deadlines import FIRST_GESTURE_DAYS, add_working_days
from app.errors import Conflict, Invalid, NotFound
from app.events import CaseChanged
from app.journal import record
from app.lifecycle import CASE_MOVES, REFERRAL_MOVES, CaseGesture, Gesture, Move, move, next_status
from app.policy import Action, CaseFacts
from app.queries import people, routing
from app.queries.mandates import covered_organizations, outside_the_mandate
from app.queries.redirecting import betters
from app.queries.standing_in import away, away_refusal
from app.work import Work
from models.case import Case, Participation, Referral
from models.enums import CaseStatus, EntryKind, EventKind, Party, ReferralStatus, Side
from models.organization import Group


def take(work: Work, case_id: UUID, group_id: UUID, *, seen: UUID | None) -> None:
    """Take the referral in charge. ``seen`` is the assignee the page showed: who was faster keeps it."""
    case, facts, referral = _own(work, case_id, group_id)
    if referral.assignee_id == work.actor.account_id and referral.status is ReferralStatus.IN_PROGRESS:
        return
    if referral.assignee_id not in (None, seen):
        who = people.name_of(work, referral.assignee_id)
        raise Conflict(f"{who} vient de prendre cette demande en charge. Rien n’a été changé.")
    former = referral.assignee_id
    step = referral_steps.make(work, case, referral, Gesture.TAKE, assignee=work.actor.account_id)
    _say(work, case, facts, step, former=former)
    settle(work, case)


def resolve(
    work: Work, case_id: UUID, group_id: UUID, text: str, *, key: UUID, attachment_ids: tuple[UUID, ...] = ()
) -> UUID:
    """Answer and unblock, in one gesture; return the id of the answer."""
    return _answer_with(work, case_id, group_id, Gesture.RESOLVE, text, key, attachment_ids)


def ask(
    work: Work, case_id: UUID, group_id: UUID, text: str, *, key: UUID, attachment_ids: tuple[UUID, ...] = ()
) -> UUID:
    """Ask the aidant for a precision: the clock stops until the answer. Returns the id of the question."""
    return _answer_with(work, case_id, group_id, Gesture.ASK, text, key, attachment_ids)


def not_competent(
    work: Work, case_id: UUID, group_id: UUID, *, text: str = "", better: UUID | None = None, key: UUID
) -> None:
    """Say that one's organisation cannot help, and which one could, when known: it is offered to the aidant."""
    case, facts, referral = _own(work, case_id, group_id)
    if threads.said_before(work, case_id, key, text) is not None:
        return
    step = referral_steps.make(work, case, referral, Gesture.NOT_COMPETENT)
    what, said = "", threads.clean(text, may_be_empty=True)
    if better is not None:
        named = betters(work, case, facts, (better,)).get(better)
        if named is None:
            raise Invalid(better="Choisissez un organisme dans la liste.")
        if work.session.get_one(Group, group_id).organization_id == better:
            raise Invalid(better="C’est votre organisme. Choisissez-en un autre.")
        step, what = replace(step, event=EventKind.BETTER_RECIPIENT), named.name
    referral.better_organization_id = better
    if said:
        threads.append(work, case, facts, key=key, kind=EntryKind.MESSAGE, text=said)
    _say(work, case, facts, step, what, key=None if said else key)
    settle(work, case)


def pass_to(work: Work, case_id: UUID, group_id: UUID, colleague_id: UUID, *, seen: UUID | None = None) -> None:
    """Hand the referral over to a colleague of the same group, who is there: of one who is not, say who stands
    in (``Invalid``). ``seen`` is the assignee the page showed: who has taken it since keeps it."""
    case, facts, referral = _own(work, case_id, group_id)
    if not people.is_agent_of(work, colleague_id, group_id):
        raise Invalid(colleague="Cette personne n’est pas Agent+ de votre groupe. Choisissez-en une autre.")
    if absent := away(work, [(colleague_id, group_id)]):
        raise Invalid(colleague=away_refusal(people.name_of(work, colleague_id), *absent.values()))
    if referral.assignee_id == colleague_id and referral.status is ReferralStatus.IN_PROGRESS:
        return
    if referral.assignee_id not in (None, seen, work.actor.account_id):
        who = people.name_of(work, referral.assignee_id)
        raise Conflict(f"{who} vient de prendre cette demande en charge. Rien n’a été changé.")
    former = referral.assignee_id
    step = referral_steps.make(work, case, referral, Gesture.PASS, assignee=colleague_id)
    _say(work, case, facts, step, people.name_of(work, colleague_id), former=former)
    settle(work, case)


def flag_procedure(work: Work, case_id: UUID, group_id: UUID) -> None:
    """Say, once, that a standard procedure existed (a figure of relevance, not a reproach)."""
    case, facts, referral = _own(work, case_id, group_id)
    if referral.had_standard_procedure:
        return
    step = referral_steps.make(work, case, referral, Gesture.FLAG_PROCEDURE)
    referral.had_standard_procedure = True
    _say(work, case, facts, step)


def answer(work: Work, case: Case, facts: CaseFacts) -> list[UUID] | None:
    """What a message to everybody does to the referrals: the agent's own move, those who wait start again.

    Returns those that an aidant's message answered; ``None`` of an agent's."""
    answered: list[UUID] | None = None
    if facts.structure_id in work.actor.groups(Side.AIDANT):
        waiting = select(Referral).where(col(Referral.case_id) == case.id, col(Referral.is_waiting))
        answered = []
        for referral in work.session.scalars(waiting):
            referral_steps.make(work, case, referral, Gesture.ANSWERED)
            answered.append(referral.id)
    else:
        for referral in threads.own_referrals(work, case):
            if move(referral.status, Gesture.REPLY) is not None:
                whose = referral.assignee_id or work.actor.account_id
                referral_steps.make(work, case, referral, Gesture.REPLY, assignee=whose)
    settle(work, case)
    return answered


def take_back(work: Work, case: Case, referral_id: UUID, gesture: Gesture) -> None:
    """Undo what an answer did to its referral, since it is taken back; ``Conflict`` if it has moved since.

    The caller holds the case, and knows that no other answer has followed.
    """
    referral, answered = (
        work.session.get_one(Referral, referral_id),
        REFERRAL_MOVES[ReferralStatus.IN_PROGRESS, gesture],
    )
    if (referral.status, referral.is_waiting) != (answered.to, answered.waits):
        raise Conflict("La demande a changé depuis : l’envoi ne peut plus être annulé.")
    referral_steps.make(work, case, referral, Gesture.TAKE_BACK)
    settle(work, case)


def associate(work: Work, case_id: UUID, group_id: UUID) -> None:
    """Send the case to one more group, of an organisation that the mandate names."""
    case, facts = authorise(work, case_id, Action.ASSOCIATE, lock=True)
    group = routing.recipient(work, group_id, case.departement)
    if group is None:
        raise Invalid(
            group="Ce groupe ne couvre pas ce département ou n’a plus d’agent. Choisissez-en un autre."
        )
    if group_id in facts.recipients:
        raise Conflict(f"{group.name} est déjà destinataire de cette demande.")
    _within_the_mandate(work, case, group)
    add_recipient(work, case, group_id)
    facts = replace(facts, recipients=facts.recipients | {group_id})
    _event(work, case, facts, EventKind.ASSOCIATED, group.name)
    record(work, "referral.added", case.id, group=group_id)
    settle(work, case)


def invite(work: Work, case_id: UUID, account_id: UUID) -> None:
    """Bring in one Agent+ by name, of an organisation that the mandate names."""
    case, facts = authorise(work, case_id, Action.ASSOCIATE, lock=True)
    groups = people.agent_groups(work, account_id)
    if not groups:
        raise Invalid(account="Cette personne n’est pas Agent+. Choisissez-en une autre.")
    if account_id in facts.invited or any(group.id in facts.recipients for group in groups):
        raise Conflict("Cette personne participe déjà à la demande.")
    covered = covered_organizations(work, case.id)
    group = next((group for group in groups if group.organization_id in covered), None)
    if group is None:
        _within_the_mandate(work, case, groups[0])
        return
    _participate(work, case, account_id, Party.INVITED, Side.AGENT)
    facts = replace(facts, invited=facts.invited | {account_id})
    what = f"{people.name_of(work, account_id)} ({group.name})"
    _event(work, case, facts, EventKind.INVITED, what, account=str(account_id))
    record(work, "agent.invited", case.id, account=account_id)


def withdraw(work: Work, case_id: UUID, group_id: UUID) -> None:
    """Take the case back from one recipient, which stops seeing it at once."""
    case, facts = authorise(work, case_id, Action.WITHDRAW, lock=True)
    referral = _referral(work, case, group_id)
    step = referral_steps.make(work, case, referral, Gesture.WITHDRAW)
    group = work.session.get_one(Group, group_id)
    _say(work, case, facts, step, group.name)
    place = work.session.get(Participation, (case.id, group_id))
    if place is not None:
        work.session.delete(place)
        search_index.follow(work, case.id)
    work.signal(CaseChanged(case.id, frozenset({group_id})))
    record(work, "referral.withdrawn", case.id, group=group_id)
    settle(work, case)


def add_recipient(work: Work, case: Case, group_id: UUID) -> None:
    """Open a referral (or open again the one that was withdrawn), with its first due date."""
    due = add_working_days(work.now, FIRST_GESTURE_DAYS, case.departement)
    known = select(Referral).where(col(Referral.case_id) == case.id, col(Referral.group_id) == group_id)
    referral = work.session.scalar(known)
    if referral is None:
        referral = Referral(created_at=work.now, case_id=case.id, group_id=group_id, sent_at=work.now)
        work.session.add(referral)
    referral.status, referral.assignee_id, referral.is_waiting = ReferralStatus.SENT, None, False
    referral.sent_at, referral.due_at, referral.resolved_at = work.now, due, None
    work.session.flush()
    referral_steps.keep(work, referral, referral_steps.SENT)
    _participate(work, case, group_id, Party.RECIPIENT, Side.AGENT)


def settle(work: Work, case: Case) -> None:
    """Recompute the state of an open case from its referrals."""
    work.session.flush()
    statuses = work.session.scalars(select(col(Referral.status)).where(col(Referral.case_id) == case.id))
    status = next_status(statuses)
    if status is not case.status:
        case.resolved_at = work.now if status is CaseStatus.RESOLVED else None
        case.status = status


def reopen_referrals(work: Work, case: Case) -> None:
    """Put the resolved referrals of a reopened case back to work, and restart the clock of the others. One
    whose assignee is no agent of its group any more waits for somebody."""
    everyone = work.session.scalars(select(Referral).where(col(Referral.case_id) == case.id)).all()
    for referral in everyone:
        if referral.assignee_id and not people.is_agent_of(work, referral.assignee_id, referral.group_id):
            referral.assignee_id = None
    referral_steps.restart(work, case, Gesture.REOPEN.name)
    for referral in everyone:
        if move(referral.status, Gesture.REOPEN) is not None:
            referral_steps.make(work, case, referral, Gesture.REOPEN)


def _answer_with(
    work: Work, case_id: UUID, group_id: UUID, gesture: Gesture, text: str, key: UUID, files: tuple[UUID, ...]
) -> UUID:
    case, facts, referral = _own(work, case_id, group_id)
    if (known := threads.said_before(work, case_id, key, text)) is not None:
        return known
    whose = referral.assignee_id or work.actor.account_id
    step = referral_steps.make(work, case, referral, gesture, assignee=whose)
    entry = threads.append(
        work, case, facts, key=key, kind=EntryKind.MESSAGE, text=threads.clean(text),
        details={"gesture": gesture.name, "referral": str(referral.id)},
    )  # fmt: skip
    attachments.claim(work, case, entry, files)
    _say(work, case, facts, step)
    settle(work, case)
    return entry.id


def _own(work: Work, case_id: UUID, group_id: UUID) -> tuple[Case, CaseFacts, Referral]:
    case, facts = authorise(work, case_id, Action.HANDLE, group_id=group_id, lock=True)
    return case, facts, _referral(work, case, group_id)


def _referral(work: Work, case: Case, group_id: UUID) -> Referral:
    query = select(Referral).where(col(Referral.case_id) == case.id, col(Referral.group_id) == group_id)
    referral = work.session.scalar(query)
    if referral is None:
        raise NotFound
    return referral


def _say(
    work: Work, case: Case, facts: CaseFacts, step: Move, what: str = "", *, key: UUID | None = None,
    former: UUID | None = None,
) -> None:  # fmt: skip
    if step.event is not None:
        details = {"former": str(former)} if former else {}
        _event(work, case, facts, step.event, what, key=key, **details)


def _event(
    work: Work, case: Case, facts: CaseFacts, event: EventKind, what: str, *, key: UUID | None = None,
    **details: str,
) -> None:  # fmt: skip
    details |= {"what": what} if what else {}
    threads.append(work, case, facts, key=key, kind=EntryKind.EVENT, event=event, details=details)


def _participate(work: Work, case: Case, holder_id: UUID, party: Party, side: Side) -> None:
    if work.session.get(Participation, (case.id, holder_id)) is None:
        work.session.add(
            Participation(
                case_id=case.id, holder_id=holder_id, party=party, side=side, activity_at=work.now,
                last_seq=case.last_seq,
            )
        )  # fmt: skip
        search_index.follow(work, case.id)


def _within_the_mandate(work: Work, case: Case, group: Group) -> None:
    if CASE_MOVES.get((case.status, CaseGesture.ASSOCIATE), case.status) is not None:
        raise Conflict("Cette demande n’est plus ouverte. Rien n’a été changé.")
    if group.organization_id not in covered_organizations(work, case.id):
        raise outside_the_mandate(work, (group.organization_id,))
