"""SMS that come in: kept as they came before anything else, then acted on (``app.sms_answers``)."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app import sms
from app.config import settings
from app.errors import Conflict, Invalid, NotFound
from app.events import OutboxChanged
from app.phones import phone_key
from app.sms import CONSOLE
from app.sms.driver import Callback, Received, Unavailable
from app.sms_answers import handle
from app.work import ByNobody, Work, acting, reading
from models.base import new_id
from models.enums import Channel, OutgoingStatus
from models.outbox import IncomingSms, Outgoing

log = logging.getLogger(__name__)

_LONGEST = 1_600  # characters: ten SMS
_AT_ONCE = 100
_LOOK_BACK = timedelta(days=2)


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
