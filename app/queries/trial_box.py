"""What the demonstration would have sent, and what was answered: the phones and letters of invented people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.config import settings
from app.errors import NotFound
from app.work import Work
from models.enums import Channel, OutgoingStatus
from models.outbox import IncomingSms, Outgoing

_NEWEST = 60


@dataclass(frozen=True)
class Bubble:
    """One SMS on a phone; ``is_ours``: the service wrote it."""

    at: datetime
    text: str
    is_ours: bool
    status: OutgoingStatus = OutgoingStatus.SENT


@dataclass(frozen=True)
class Phone:
    """A conversation, the oldest SMS first. ``latest`` is the SMS of the outbox that an answer goes to; ``key``
    names the conversation without its number."""

    key: str
    number: str
    latest: UUID
    bubbles: tuple[Bubble, ...]


@dataclass(frozen=True)
class Letter:
    """An e-mail."""

    id: UUID
    at: datetime
    to: str
    subject: str
    text: str
    status: OutgoingStatus


@dataclass(frozen=True)
class TrialBox:
    """The newest first: phones by their last SMS, letters. ``now`` is when it was read."""

    now: datetime
    phones: tuple[Phone, ...]
    letters: tuple[Letter, ...]


def trial_box(work: Work) -> TrialBox:
    """Return the newest of what left and came back; anywhere but in the demonstration it does not exist."""
    if not settings().is_demo or work.actor.account is None:
        raise NotFound
    rows = list(work.session.scalars(select(Outgoing).order_by(col(Outgoing.id).desc()).limit(_NEWEST)))
    written: defaultdict[str, list[Outgoing]] = defaultdict(list)
    for row in rows:
        if row.channel is Channel.SMS:
            written[row.address].append(row)
    answered = _answers(work)
    phones = [_phone(work, number, own, answered.get(number, [])) for number, own in written.items()]
    letters = tuple(
        Letter(
            row.id, row.created_at, row.address, str(row.content.get("subject", "")), str(row.content["text"]),
            row.status,
        )
        for row in rows
        if row.channel is Channel.MAIL
    )  # fmt: skip
    return TrialBox(work.now, tuple(sorted(phones, key=lambda one: one.bubbles[-1].at, reverse=True)), letters)


def _answers(work: Work) -> dict[str, list[IncomingSms]]:
    newest = select(IncomingSms).order_by(col(IncomingSms.id).desc()).limit(_NEWEST)
    found: defaultdict[str, list[IncomingSms]] = defaultdict(list)
    for row in work.session.scalars(newest):
        found[row.sender].append(row)
    return found


def _phone(work: Work, number: str, own: list[Outgoing], answers: list[IncomingSms]) -> Phone:
    bubbles = [Bubble(row.created_at, str(row.content["text"]), True, row.status) for row in own]
    bubbles += [Bubble(row.received_at, row.text, False) for row in answers]
    # Of the same instant, what was answered comes before what the service said to it.
    bubbles.sort(key=lambda one: (one.at, one.is_ours))
    key = work.vault.fingerprint("trial-box", number).hex()[:12]
    return Phone(key, number, own[0].id, tuple(bubbles))
