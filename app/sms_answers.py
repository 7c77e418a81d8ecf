"""What an SMS that came back does: it is stored first, then acts for the person whose phone it is.

An answer is about what was asked last, and counts for nothing that was asked after it was written. Yes keeps a
consent; no refuses, or takes back; stop does so for everything asked of that number. What cannot be understood
is asked again once, and shown to the aidant; so is a no that comes again after a refusal: what it is about now
must not be guessed. In whatever order they arrive, no and stop win over yes: what they
end stays ended, what was consented to meanwhile is taken back, and what ended with its case resumes no more.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mandate_steps, mandates, outbox, threads
from app.actors import ByUsager, load_actor
from app.aidant_mail import address_of, write_to_aidants
from app.events import OutboxChanged
from app.lifecycle import mandate_status, may_be_taken_back
from app.mandate_steps import ASKED, Giver
from app.mandate_ways.sms_words import SAID
from app.queries.visibility import case_facts
from app.sms.answers import read, says_nothing
from app.usager_words import aidant_answer_mail
from app.work import Work
from models.case import Case
from models.enums import (
    Capacity,
    CaseStatus,
    Channel,
    EntryKind,
    EventKind,
    MandateStatus,
    MandateWay,
    ProofKind,
    SmsAnswer,
)
from models.mandate import Mandate
from models.outbox import IncomingSms, Outgoing

_TOLD = "mandate-answered"
_LIVE = (MandateStatus.PRESENTED, MandateStatus.CONSENTED, MandateStatus.ACTIVE)
_UNNAMED = "Nom non demandé"
_ONE_SAYING = timedelta(days=1)
_REASONS = {SmsAnswer.NO: "Réponse NON par SMS.", SmsAnswer.STOP: "Réponse STOP par SMS."}


@dataclass(frozen=True)
class _Asked:
    """A mandate of this number as it is now, when it was last asked about, and the SMS that asked (or "");
    ``stands``: live, or ended with its case and could resume; ``has_left``: that SMS had left when the
    answer was written."""

    mandate: Mandate
    at: datetime
    text: str
    status: MandateStatus
    stands: bool
    has_left: bool = False


def handle(work: Work, sms_id: UUID) -> None:
    """Act on an SMS, once: as the person, in this transaction, whoever is working."""
    row = work.session.get(IncomingSms, sms_id, with_for_update=True, populate_existing=True)
    if row is None or row.handled_at is not None:
        return
    row.answer, row.handled_at = read(row.text), work.now
    work.signal(OutboxChanged(is_waiting=False))
    asked = _asked(work, row)
    if not asked:
        return  # nobody's: kept, and not answered
    questions = [one for one in asked if one.text] or asked
    newest = questions[0]
    if row.answer is SmsAnswer.YES:
        newest = next((one for one in questions if one.has_left), newest)
        _consent(work, row, newest)
    elif row.answer is SmsAnswer.STOP:
        _end(work, row, [*(one for one in asked if one.stands), *_standing(work, asked)])
    elif row.answer is SmsAnswer.NO and newest.status is not MandateStatus.REFUSED:
        refused = _refused([*questions, *asked])
        newest = refused[-1] if refused else newest
        _end(work, row, refused)
    elif newest.status is MandateStatus.PRESENTED:
        _say(work, row, newest.mandate, "mandate-clarify")
    elif not says_nothing(row.text):
        row.answer = SmsAnswer.UNCLEAR
        newest = next((one for one in asked if one.stands), newest)
        _show(work, row, newest)
    row.mandate_id = newest.mandate.id
    threads.tell_case(work, newest.mandate.case_id)


def _asked(work: Work, row: IncomingSms) -> list[_Asked]:
    """Return the mandates of this number that were there when the SMS was written, the last asked first."""
    theirs = select(Mandate).where(
        col(Mandate.phone_key) == row.sender_key, col(Mandate.presented_at).is_not(None)
    )
    cases = {one.case_id for one in work.session.scalars(theirs)}
    # Held until the end, always in this order: what is read next is what will be changed.
    held = select(col(Case.id)).where(col(Case.id).in_(cases)).order_by(col(Case.id)).with_for_update()
    work.session.execute(held).all()
    own = work.session.scalars(theirs.execution_options(populate_existing=True))
    mandates_ = {one.id: one for one in own}
    questions: dict[UUID, Outgoing] = {}
    query = select(Outgoing).where(col(Outgoing.about_id).in_(mandates_), col(Outgoing.template) == ASKED)
    for sent in work.session.scalars(query.order_by(col(Outgoing.created_at), col(Outgoing.id))):
        if sent.about_id is not None and _second(sent.created_at) <= row.received_at:
            questions[sent.about_id] = sent
    found = []
    for mandate in mandates_.values():
        question = questions.get(mandate.id)
        at = question.created_at if question else mandate.presented_at
        if at is None or _second(at) > row.received_at:
            continue
        status = mandate_status(mandate.status, mandate.expires_at, work.now)
        text = str(question.content["text"]) if question else ""
        left = question.sent_at if question else None
        has_left = left is not None and _second(left) <= row.received_at
        stands = status in _LIVE or may_be_taken_back(mandate.status, mandate.expires_at, work.now)
        found.append(_Asked(mandate, at, text, status, stands, has_left))
    return sorted(found, key=lambda one: (one.at, one.mandate.id), reverse=True)


def _refused(asked: list[_Asked]) -> list[_Asked]:
    """Return what no is about: the last that is live and what was asked since; with none, the last to stand."""
    standing = [one for one in asked if one.stands]
    live = next((place for place, one in enumerate(standing) if one.status in _LIVE), 0)
    return standing[: live + 1]


def _standing(work: Work, asked: list[_Asked]) -> list[_Asked]:
    """Return what else stands in the cases of these mandates: one that another replaced is stopped with it."""
    known = {one.mandate.id for one in asked}
    cases = {
        one.mandate.case_id
        for one in asked
        if one.stands or (one.status is MandateStatus.SUPERSEDED and one.mandate.accepted_at is not None)
    }
    return [
        _Asked(other, work.now, "", other.status, stands=True)
        for case_id in sorted(cases)
        for other in mandate_steps.with_status(work, case_id, (*_LIVE, MandateStatus.ENDED))
        if other.id not in known
    ]


def _second(moment: datetime) -> datetime:
    """Providers tell the second only: an answer of the same second is not one from before."""
    return moment.replace(microsecond=0)


def _consent(work: Work, row: IncomingSms, asked: _Asked) -> None:
    mandate = asked.mandate
    if asked.status in (MandateStatus.CONSENTED, MandateStatus.ACTIVE):
        return  # said already
    if asked.status is not MandateStatus.PRESENTED:
        _say(work, row, mandate, "mandate-over")
        return
    if mandate.way is not MandateWay.SMS_REPLY or not asked.has_left:
        return  # nobody was asked for an answer by SMS: a person reads it
    content = {
        "phone": row.sender, "text": row.text, "received_at": row.received_at.isoformat(),
        "provider": row.provider, "provider_ref": row.provider_ref,
        "asked": hashlib.sha256(asked.text.encode()).hexdigest(),
    }  # fmt: skip
    usager, shown = _as_usager(work, mandate), mandate.shown_sha256
    said = mandate.contact or {}  # by the aidant who asked
    capacity = next((one for one in Capacity if one.value == said.get("capacity")), Capacity.SELF)
    giver = Giver(capacity, said.get("giver") or _UNNAMED)
    _tell_aidant(work, mandate, is_yes=True)
    mandate_steps.keep_consent(usager, mandate.id, shown, ProofKind.SMS_REPLY, giver, content)


def _end(work: Work, row: IncomingSms, asked: list[_Asked]) -> None:
    """Refuse or take back each of these, and say so once, however many they are."""
    template = ""
    for one in asked:
        usager = _as_usager(work, one.mandate)
        if one.status is MandateStatus.PRESENTED:
            mandates.refuse(usager, one.mandate.id)
            _tell_aidant(work, one.mandate, is_yes=False)
            template = template or "mandate-declined"
        else:
            mandates.revoke(usager, one.mandate.id, _REASONS[row.answer or SmsAnswer.STOP])
            template = "mandate-stopped"
    if not asked:
        return
    if template == "mandate-declined" and mandate_steps.in_force(work, asked[0].mandate.case_id):
        template = "mandate-declined-more"
    _say(work, row, asked[0].mandate, template)


def _show(work: Work, row: IncomingSms, asked: _Asked) -> None:
    """Have what came once the agreement was given read by a person, and say how to take it back; the thread of
    the case says so once a day."""
    if not asked.stands:
        return
    _say(work, row, asked.mandate, "mandate-clarify-given")
    case = work.session.get_one(Case, asked.mandate.case_id)
    lately = select(col(IncomingSms.id)).where(
        col(IncomingSms.mandate_id) == asked.mandate.id, col(IncomingSms.answer) == SmsAnswer.UNCLEAR,
        col(IncomingSms.handled_at) > work.now - _ONE_SAYING,
    )  # fmt: skip
    if case.status is not CaseStatus.DRAFT and work.session.scalar(lately.limit(1)) is None:
        facts, event = case_facts(work, case), EventKind.ANSWER_UNCLEAR
        threads.append(_as_usager(work, asked.mandate), case, facts, kind=EntryKind.EVENT, event=event)


def _tell_aidant(work: Work, mandate: Mandate, *, is_yes: bool) -> None:
    """Write to who asked: the person is not at the counter, and the aidant is at something else by now."""
    case = work.session.get_one(Case, mandate.case_id)
    mail = aidant_answer_mail(address_of(case), is_yes=is_yes)
    write_to_aidants(work, mandate, case, _TOLD, mail, f"{_TOLD}:{mandate.id}:{'yes' if is_yes else 'no'}")


def _as_usager(work: Work, mandate: Mandate) -> Work:
    """Return the same work in the name of the person whose mandate it is: the phone is theirs."""
    return replace(work, actor=load_actor(work.session, ByUsager(mandate.id), work.now))


def _say(work: Work, row: IncomingSms, mandate: Mandate, template: str) -> None:
    """Write back, once for each mandate whatever is received."""
    key = f"{template}:{mandate.id}"
    outbox.put(work, Channel.SMS, template, row.sender, SAID[template], dedupe_key=key, about=mandate.id)
