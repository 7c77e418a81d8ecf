"""What an SMS that came back does: it is stored first, then acts for the person whose phone it is.

An answer is about what was asked last, and counts for nothing that was asked after it was written. Yes keeps a
consent; no refuses, or takes back; stop does so for everything asked of that number. What cannot be understood
is asked again once, and shown to the aidant. In whatever order they arrive, no and stop win over yes: what they
end stays ended, what was consented to meanwhile is taken back, and what ended with its case resumes no more.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app import mandate_steps, mandates, outbox, sms, threads
from app.actors import ByUsager, load_actor
from app.config import settings
from app.errors import Conflict, Invalid, NotFound
from app.events import OutboxChanged
from app.lifecycle import mandate_status, may_be_taken_back
from app.mandate_ways.sms_words import SAID
from app.phones import phone_key
from app.sms import CONSOLE
from app.sms.answers import read
from app.sms.driver import Callback, Received, Unavailable
from app.work import ByNobody, Work, acting, reading
from models.base import new_id
from models.case import Case
from models.enums import Capacity, Channel, MandateStatus, MandateWay, OutgoingStatus, ProofKind, SmsAnswer
from models.mandate import Mandate
from models.outbox import IncomingSms, Outgoing

log = logging.getLogger(__name__)

ASKED = "mandate-ask"  # the template of the SMS that asks
_LIVE = (MandateStatus.PRESENTED, MandateStatus.CONSENTED, MandateStatus.ACTIVE)
_LONGEST = 1_600  # characters: ten SMS
_AT_ONCE = 100
_LOOK_BACK = timedelta(days=2)
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


def store(work: Work, provider: str, received: Received) -> UUID:
    """Keep an SMS as it came, once whatever its provider repeats; return its id. An empty reference is
    refused (``Invalid``)."""
    if not received.ref.strip() or len(received.ref) > 80:
        raise Invalid(ref="an SMS needs its reference")
    known = select(col(IncomingSms.id)).where(
        col(IncomingSms.provider) == provider, col(IncomingSms.provider_ref) == received.ref
    )
    if (found := work.session.scalar(known)) is not None:
        return found
    row = IncomingSms(
        id=new_id(), created_at=work.now, provider=provider, provider_ref=received.ref,
        sender_key=phone_key(work.vault, received.sender), sender=received.sender,
        text=received.text.replace("\x00", "")[:_LONGEST], received_at=min(received.at, work.now),
    )  # fmt: skip
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # the same, told twice at the same instant
        return work.session.scalars(known).one()
    work.signal(OutboxChanged(is_waiting=True))
    return row.id


def receive(provider: str, callback: Callback) -> None:
    """Take what a provider tells: kept before this returns, then acted on. What fails in acting is left to the
    job of the answers; what could not be kept is raised, so that the provider tells it again.

    Raises ``NotFound`` for another provider than ours, and what ``Driver.received`` raises.
    """
    driver = sms.driver()
    if driver is None or driver.name != provider:
        raise NotFound
    received = driver.received(callback)
    if received is None:
        return
    with acting(ByNobody()) as work:
        sms_id = store(work, provider, received)
    try:
        with acting(ByNobody()) as work:
            handle(work, sms_id)
    except Exception as failure:
        log.error("an incoming SMS is left to the job: %s", type(failure).__name__)


def handle_waiting() -> str:
    """Act on what was stored and not acted on yet, in the order in which it was written; return how many."""
    waiting = (
        select(col(IncomingSms.id))
        .where(col(IncomingSms.handled_at).is_(None))
        .order_by(col(IncomingSms.received_at), col(IncomingSms.id))
        .limit(_AT_ONCE)
    )
    with reading(ByNobody()) as work:
        ids = list(work.session.scalars(waiting))
    failures = 0
    for sms_id in ids:
        try:
            with acting(ByNobody()) as work:
                handle(work, sms_id)
        except Exception as failure:  # one that cannot be handled must not hold the others back
            failures += 1
            log.error("an incoming SMS could not be handled: %s", type(failure).__name__)
    if failures:
        raise RuntimeError(f"{failures} of {len(ids)} not handled")
    return f"{len(ids)} handled"


def fetch_recent() -> str:
    """Ask the provider for what it received lately: a callback may have been lost while we were away."""
    driver = sms.driver()
    if driver is None:
        return "no provider"
    with reading(ByNobody()) as work:
        since = work.now - _LOOK_BACK
        query = select(col(IncomingSms.provider_ref)).where(
            col(IncomingSms.provider) == driver.name, col(IncomingSms.created_at) > since - _LOOK_BACK
        )
        known = frozenset(work.session.scalars(query))
    try:
        found = driver.recent(since, known)
    except Unavailable as failure:
        raise RuntimeError(str(failure)) from None
    for received in found:
        with acting(ByNobody()) as work:
            store(work, driver.name, received)
    return f"{len(found)} seen"


def answer_as(work: Work, to: UUID, text: str) -> None:
    """Answer an SMS of the outbox as the person would: the demonstration only, for who is signed in."""
    if not settings().is_demo or work.actor.account is None:
        raise NotFound
    sent = work.session.get(Outgoing, to)
    if sent is None or sent.channel is not Channel.SMS:
        raise NotFound
    if not text.strip() or len(text) > 160:
        raise Invalid(text="Écrivez une réponse de 160 caractères au plus.")
    if sent.status is OutgoingStatus.WAITING:
        raise Conflict("Ce SMS n’est pas encore parti. Attendez un instant, puis répondez.")
    typed = Received(ref=new_id().hex, sender=sent.address, text=text, at=work.now)
    handle(work, store(work, CONSOLE, typed))


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
    elif row.answer is SmsAnswer.NO:
        refused = _refused([*questions, *asked])
        newest = refused[-1] if refused else newest
        _end(work, row, refused)
    elif newest.status is MandateStatus.PRESENTED:
        _say(work, row, newest.mandate, "mandate-clarify")
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
    said = (mandate.contact or {}).get("capacity")  # by the aidant who asked
    capacity = next((one for one in Capacity if one.value == said), Capacity.SELF)
    mandate_steps.keep_consent(usager, mandate.id, shown, ProofKind.SMS_REPLY, capacity, content)


def _end(work: Work, row: IncomingSms, asked: list[_Asked]) -> None:
    """Refuse or take back each of these, and say so once, however many they are."""
    template = ""
    for one in asked:
        usager = _as_usager(work, one.mandate)
        if one.status is MandateStatus.PRESENTED:
            mandates.refuse(usager, one.mandate.id)
            template = template or "mandate-declined"
        else:
            mandates.revoke(usager, one.mandate.id, _REASONS[row.answer or SmsAnswer.STOP])
            template = "mandate-stopped"
    if not asked:
        return
    if template == "mandate-declined" and mandate_steps.in_force(work, asked[0].mandate.case_id):
        template = "mandate-declined-more"
    _say(work, row, asked[0].mandate, template)


def _as_usager(work: Work, mandate: Mandate) -> Work:
    """Return the same work in the name of the person whose mandate it is: the phone is theirs."""
    return replace(work, actor=load_actor(work.session, ByUsager(mandate.id), work.now))


def _say(work: Work, row: IncomingSms, mandate: Mandate, template: str) -> None:
    """Write back, once for each mandate whatever is received."""
    key = f"{template}:{mandate.id}"
    outbox.put(work, Channel.SMS, template, row.sender, SAID[template], dedupe_key=key, about=mandate.id)
