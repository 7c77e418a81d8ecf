"""The outbox: what must leave is a row, written in the transaction that causes it, and sent by a job."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.events import OutboxChanged
from app.phones import phone_key
from app.sms.gsm import to_gsm
from app.work import Work
from models.base import new_id
from models.enums import Channel, OutgoingStatus
from models.outbox import Outgoing


def put(
    work: Work, channel: Channel, template: str, to: str, text: str, *,
    dedupe_key: str, about: UUID | None = None, subject: str = "", html: str = "", unsubscribe: str = "",
) -> UUID:  # fmt: skip
    """Write a message to send once this work is committed; return its id.

    ``to`` is a number in E.164 or an address; ``template`` a closed word. A ``dedupe_key`` written before sends
    nothing more: the id is then that of the first. Texts hold no detail of a case (domain, section 7). An SMS
    is written in its alphabet (``app.sms.gsm``) here, so that what is kept is what leaves. ``unsubscribe`` is
    where who gets an e-mail chooses to get such no more.
    """
    known = select(col(Outgoing.id)).where(col(Outgoing.dedupe_key) == dedupe_key)
    if (found := work.session.scalar(known)) is not None:
        return found
    text = to_gsm(text) if channel is Channel.SMS else text
    content = {"text": text}
    if channel is Channel.MAIL:
        content |= {"subject": subject, "html": html}
        content |= {"unsubscribe": unsubscribe} if unsubscribe else {}
    row = Outgoing(
        id=new_id(), created_at=work.now, channel=channel, template=template, dedupe_key=dedupe_key,
        about_id=about, address=to, content=content, next_at=work.now,
        to_key=phone_key(work.vault, to) if channel is Channel.SMS else None,
    )  # fmt: skip
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # another process wrote the same, at the same instant
        return work.session.scalars(known).one()
    work.signal(OutboxChanged(is_waiting=True))
    return row.id


def withdraw(work: Work, about: UUID, template: str) -> None:
    """Have what waits of this kind not leave any more: what it asks for is over."""
    waiting = update(Outgoing).where(
        col(Outgoing.about_id) == about, col(Outgoing.template) == template,
        col(Outgoing.status) == OutgoingStatus.WAITING,
    )  # fmt: skip
    work.session.execute(waiting.values(status=OutgoingStatus.FAILED, fault="over"))
