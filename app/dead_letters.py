"""What could not leave: administrators see it without its words nor its address, and have it tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, update
from sqlmodel import col

from app.errors import Conflict, Forbidden, NotFound
from app.events import OutboxChanged
from app.journal import record
from app.policy import may_administer
from app.work import Work
from models.enums import Channel, OutgoingStatus
from models.outbox import Outgoing

SHOWN = 50  # of those given up, and of those that wait
MOST = 1_000  # a count goes no further

TEMPLATES: dict[str, str] = {
    "notices": "Notifications d’une personne",
    "notices-group": "Notifications d’un groupe",
    "mandate-ask": "Demande d’accord par SMS",
    "mandate-code": "Code d’accord, à donner à l’accueil",
    "mandate-clarify": "Question après une réponse à lire",
    "mandate-clarify-given": "Rappel après une réponse à lire",
    "mandate-declined": "Refus enregistré",
    "mandate-declined-more": "Refus enregistré, un accord reste en vigueur",
    "mandate-stopped": "Fin d’accord enregistrée",
    "mandate-over": "Réponse arrivée trop tard",
    "mandate-answered": "Réponse d’une personne, pour l’Aidant+",
    "mandate-receipt-sms": "Reçu d’un mandat, par SMS",
    "mandate-receipt-mail": "Reçu d’un mandat, par e-mail",
    "mandate-ends": "Fin prochaine d’un mandat, pour l’Aidant+",
    "mandate-ends-usager": "Fin prochaine d’un accord, pour la personne",
    "mandate-confirm": "Accord oral à confirmer",
}
FAULTS: dict[str, str] = {
    "bad_address": "Cette adresse n’existe pas, ou elle est refusée.",
    "bad_number": "Ce numéro n’existe pas, ou il est refusé.",
    "rejected": "Le serveur a refusé cet envoi.",
    "unreachable": "Le serveur ne répond pas.",
    "access": "Le serveur refuse nos identifiants.",
    "no_credit": "Le prestataire de SMS n’a plus de crédit.",
    "no_provider": "Aucun prestataire de SMS n’est configuré.",
    "provider": "Le prestataire de SMS ne fonctionne pas.",
    "unreadable": "La réponse du prestataire n’a pas pu être lue.",
    "too_late": "Son délai est passé : il ne servirait plus à rien.",
    "unknown": "La raison n’est pas connue. Le journal technique en dit plus.",
}
_OVER = "over"  # taken back before it left: nothing is wrong
_USELESS = ("too_late", _OVER)


@dataclass(frozen=True)
class Letter:
    """Something that did not leave. ``to`` is masked («b…@…fr», «…78»), ``since`` when it was written,
    ``next_at`` when it is tried again by itself. ``is_leaving``: it is being sent now."""

    id: UUID
    channel: Channel
    what: str
    to: str
    since: datetime
    tries: int
    reason: str
    next_at: datetime | None
    is_leaving: bool
    may_retry: bool


@dataclass(frozen=True)
class Letters:
    """What was given up, the newest first; what failed and is tried again; how many there are (``MOST`` at
    most); how many wait in all, those never tried included. ``now`` is when it was read."""

    now: datetime
    failed: tuple[Letter, ...]
    waiting: tuple[Letter, ...]
    failed_count: int
    waiting_count: int


def letters(work: Work) -> Letters:
    """Return what failed or waits: for administrators."""
    _administer(work)
    tried = and_(_WAITS, col(Outgoing.tries) > 0)
    return Letters(
        work.now, _some(work, _FAILED, newest=True), _some(work, tried, newest=False), _count(work, _FAILED),
        _count(work, _WAITS),
    )  # fmt: skip


def retry(work: Work, outgoing_id: UUID) -> None:
    """Have one message tried again now, its tries counted anew; one that is being sent is left alone."""
    _administer(work)
    row = work.session.get(Outgoing, outgoing_id, with_for_update=True)
    if row is None:
        raise NotFound
    if not _may_retry(row):
        raise Conflict("Cet envoi est parti ou en cours. Rien n’a été changé.")
    row.status, row.tries, row.next_at, row.fault = OutgoingStatus.WAITING, 0, work.now, ""
    record(work, "outgoing.retried", outgoing=outgoing_id)
    work.signal(OutboxChanged(is_waiting=True))


def retry_all(work: Work) -> int:
    """Have all that was given up, and all that waits for its next try, tried again now; return how many."""
    _administer(work)
    stopped = or_(_FAILED, and_(_WAITS, col(Outgoing.fault) != ""))
    again = update(Outgoing).where(stopped, col(Outgoing.fault).not_in(_USELESS))
    values: dict[str, Any] = {"status": OutgoingStatus.WAITING, "tries": 0, "next_at": work.now, "fault": ""}
    done = work.session.execute(
        again.values(values).returning(col(Outgoing.id)).execution_options(synchronize_session=False)
    )
    count = len(done.all())
    if count:
        record(work, "outgoing.retried", count=count)
        work.signal(OutboxChanged(is_waiting=True))
    return count


def masked(channel: Channel, address: str) -> str:
    """Return what tells two addresses apart and names nobody: «b…@…fr», «…78»."""
    if channel is Channel.SMS:
        return f"…{address[-2:]}"
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@…{domain.rpartition('.')[2]}"


_FAILED: ColumnElement[bool] = and_(  # in the words of the index
    col(Outgoing.status) == literal_column("'failed'"), col(Outgoing.fault) != literal_column("'over'")
)
_WAITS: ColumnElement[bool] = col(Outgoing.status) == OutgoingStatus.WAITING


def _some(work: Work, which: ColumnElement[bool], *, newest: bool) -> tuple[Letter, ...]:
    at, one = col(Outgoing.next_at), col(Outgoing.id)
    order = (at.desc(), one.desc()) if newest else (at, one)
    return tuple(
        _letter(row)
        for row in work.session.scalars(select(Outgoing).where(which).order_by(*order).limit(SHOWN))
    )


def _letter(row: Outgoing) -> Letter:
    waits = row.status is OutgoingStatus.WAITING
    is_leaving = waits and row.tries > 0 and not row.fault
    what = TEMPLATES.get(row.template, "Message du service")
    return Letter(
        row.id, row.channel, what, masked(row.channel, row.address),
        row.created_at, row.tries, "" if is_leaving else FAULTS.get(row.fault, FAULTS["unknown"]),
        row.next_at if waits and not is_leaving else None, is_leaving, _may_retry(row),
    )  # fmt: skip


def _may_retry(row: Outgoing) -> bool:
    if row.fault in _USELESS:
        return False
    return row.status is OutgoingStatus.FAILED or (row.status is OutgoingStatus.WAITING and row.fault != "")


def _count(work: Work, which: ColumnElement[bool]) -> int:
    some = select(col(Outgoing.id)).where(which).limit(MOST).subquery()
    return work.session.scalar(select(func.count()).select_from(some)) or 0


def _administer(work: Work) -> None:
    if not may_administer(work.actor):
        raise Forbidden("Cette page est réservée aux administrateurs.")
