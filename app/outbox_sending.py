"""Sending the outbox: SMS and e-mails leave, each once on a clean run and at least once whatever is killed.

A message is taken by moving its next try out of the way, in a transaction of its own; it is then sent outside
of any, and marked in another. Who is killed in between leaves a message that is tried again in its time.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mail, sms
from app.config import settings
from app.events import OutboxChanged
from app.sms.driver import Driver, Refused, Unavailable
from app.work import ByNobody, Work, acting
from models.enums import Channel, OutgoingStatus
from models.outbox import Outgoing

log = logging.getLogger(__name__)

MOST_TRIES = 10
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))  # the last one again and again
# Longer than the sending of everything that is taken at once may last.
TAKEN_FOR = timedelta(minutes=10)
_AT_ONCE = 10
_PATIENCE = 2.0  # seconds for e-mails to leave before the others go on without them
# What is worth nothing later is not sent later: a code to be typed at the counter lasts ten minutes.
_GOOD_FOR = {"mandate-code": timedelta(minutes=10)}


@dataclass(frozen=True)
class _Taken:
    id: UUID
    channel: Channel
    to: str
    text: str
    subject: str
    html: str
    unsubscribe: str
    written_at: datetime
    template: str


@dataclass(frozen=True)
class _Sent:
    provider: str
    ref: str


def run() -> str:
    """Send what waits and whose time has come; return how much left, without a word about whom.

    E-mails have a thread of their own: a server of mail that is slow hinders neither SMS nor the other jobs.
    """
    counted = _send(Channel.SMS)
    counted += _mails.run(_PATIENCE)
    said = [f"{counted[True]} sent", f"{counted[False]} not" if counted[False] else ""]
    return ", ".join([*filter(None, said), *(["mail under way"] if _mails.is_busy else [])])


def _send(channel: Channel) -> Counter[bool]:
    """Send all that waits on this channel; return how many left (true) and did not."""
    done: Counter[bool] = Counter()
    while taken := _take(channel):
        done.update(_send_one(message) for message in taken)
    return done


class _Aside:
    """Sends on one channel in its own thread, one run at a time. It may be killed with the process: what was
    taken is tried again."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._thread: threading.Thread | None = None

    @property
    def is_busy(self) -> bool:
        """Whether the last run goes on."""
        return self._thread is not None and self._thread.is_alive()

    def run(self, patience: float) -> Counter[bool]:
        """Send, unless the last run goes on; return how much left within so many seconds."""
        if self.is_busy:
            return Counter()
        done: Future[Counter[bool]] = Future()

        def send() -> None:
            try:
                done.set_result(_send(self._channel))
            except BaseException as failure:
                done.set_exception(failure)

        self._thread = threading.Thread(target=send, name="aplus-mail", daemon=True)
        self._thread.start()
        self._thread.join(patience)
        return done.result() if done.done() else Counter()


_mails = _Aside(Channel.MAIL)


def _take(channel: Channel) -> list[_Taken]:
    """Take a few messages, so that no other process sends them meanwhile."""
    if channel not in _open_channels():
        return []
    with acting(ByNobody()) as work:
        query = (
            select(Outgoing)
            .where(
                col(Outgoing.status) == OutgoingStatus.WAITING,
                col(Outgoing.next_at) <= work.now,
                col(Outgoing.channel) == channel,
            )
            .order_by(col(Outgoing.next_at), col(Outgoing.id))
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        rows = list(work.session.scalars(query))
        for row in rows:
            # Without a fault while it is under way: nobody has it sent a second time meanwhile.
            row.next_at, row.tries, row.fault = work.now + TAKEN_FOR, row.tries + 1, ""
        return [
            _Taken(
                row.id, row.channel, row.address, str(row.content["text"]), str(row.content.get("subject", "")),
                str(row.content.get("html", "")), str(row.content.get("unsubscribe", "")), row.created_at,
                row.template,
            )
            for row in rows
        ]  # fmt: skip


def _open_channels() -> list[Channel]:
    """By which ways something can leave: what has none waits, and uses up no try."""
    ours = settings()
    by_sms = [Channel.SMS] if sms.is_available() else []
    return by_sms + ([Channel.MAIL] if ours.is_demo or (ours.smtp_host and ours.mail_from) else [])


def _send_one(message: _Taken) -> bool:
    fault, is_final, sent = "", False, None
    try:
        with acting(ByNobody()) as work:
            now = work.now
        if now - message.written_at > _GOOD_FOR.get(message.template, timedelta.max):
            raise Refused("too_late")
        sent = _by_sms(message) if message.channel is Channel.SMS else _by_mail(message, now)
    except (Refused, mail.Undeliverable) as refusal:
        fault, is_final = str(refusal), True
    except (Unavailable, mail.NotSent) as failure:
        fault = str(failure)
    except Exception as failure:  # a driver that fails in an unknown way hinders no other message
        log.error("a message could not be sent: %s", type(failure).__name__)
        fault = "unknown"
    with acting(ByNobody()) as work:
        _mark(work, message.id, sent, fault, is_final=is_final)
    return sent is not None


def _by_sms(message: _Taken) -> _Sent:
    driver: Driver | None = sms.driver()
    if driver is None:
        raise Unavailable("no_provider")
    return _Sent(driver.name, driver.send(message.to, message.text, message.id.hex[-20:])[:80])


def _by_mail(message: _Taken, now: datetime) -> _Sent:
    if settings().is_demo:
        return _Sent(sms.CONSOLE, message.id.hex)
    mail.send(
        settings(), message.to, message.subject, message.text, message.html, reference=message.id.hex, at=now,
        unsubscribe=message.unsubscribe,
    )  # fmt: skip
    return _Sent("smtp", message.id.hex)


def _mark(work: Work, outgoing_id: UUID, sent: _Sent | None, fault: str, *, is_final: bool) -> None:
    row = work.session.get(Outgoing, outgoing_id, with_for_update=True)
    if row is None or row.status is not OutgoingStatus.WAITING:
        return
    row.fault = fault
    if sent is not None:
        row.status, row.sent_at = OutgoingStatus.SENT, work.now
        row.provider, row.provider_ref = sent.provider, sent.ref
    elif is_final or row.tries >= MOST_TRIES:
        row.status = OutgoingStatus.FAILED
        log.warning("a message was given up after %d tries: %s (%s)", row.tries, fault, row.template)
    else:
        row.next_at = work.now + _PAUSES[min(row.tries, len(_PAUSES)) - 1]
    work.signal(OutboxChanged(is_waiting=False))
