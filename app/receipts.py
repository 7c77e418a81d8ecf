"""The usager's receipt of a mandate, with the link that shows it and takes it back: SMS, e-mail or paper.

Where to write is what the usager said for this mandate (``Mandate.contact``), never what the case knows of them
by itself: a phone may be shared. One leaves by itself at the acceptance, others when an aidant is asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app import chain, typed
from app import mandate_steps as steps
from app.access import authorise
from app.chain_facts import RECEIPT
from app.config import settings
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.journal import record
from app.lifecycle import mandate_holds
from app.outbox import put
from app.phones import phone_key, read_mobile
from app.policy import Action
from app.queries.mandates import scope_names
from app.security.links import usager_link
from app.usager_words import receipt_mail, receipt_sms
from app.work import Work
from models.case import CaseDraft
from models.enums import CaseStatus, Channel, OutgoingStatus
from models.mandate import Mandate
from models.organization import Group
from models.outbox import Outgoing

LIMIT = 3  # receipts of one mandate within the window
WINDOW = timedelta(hours=1)
_SMS, _MAIL = "mandate-receipt-sms", "mandate-receipt-mail"


@dataclass(frozen=True)
class PaperReceipt:
    """What the receipt on paper says; ``link`` is whole."""

    structure: str
    organizations: tuple[str, ...]
    theme: str
    given_at: datetime
    expires_at: datetime
    link: str


def link_of(work: Work, mandate: Mandate) -> str:
    """Return the address of the usager's page of a mandate."""
    return f"{settings().address}/mandat/{usager_link(work.vault, mandate.id, mandate.expires_at)}"


def may_answer(work: Work, mandate: Mandate, phone: str) -> bool:
    """Whether an SMS from this phone is taken for the usager's: it then says STOP by itself."""
    return mandate.phone_key == phone_key(work.vault, phone)


def receipt(work: Work, mandate: Mandate) -> None:
    """Send the receipt of a mandate that is accepted, once, where the usager is written to for it.

    A mandate that widens another is told where the first one was, unless the usager said otherwise.
    """
    if mandate.contact is None and mandate.amends_id is not None:
        amended = work.session.get_one(Mandate, mandate.amends_id)
        mandate.contact, mandate.phone_key = amended.contact, amended.phone_key
    contact = mandate.contact or {}
    if phone := contact.get("phone"):
        _send(work, mandate, Channel.SMS, str(phone), "1")
    elif email := contact.get("email"):
        _send(work, mandate, Channel.MAIL, str(email), "1")


def send_receipt(work: Work, mandate_id: UUID, channel: Channel, to: str) -> None:
    """Send a receipt of a mandate in force to the phone or the address that the usager gives the aidant, and
    keep it for what comes after (a reminder, STOP); three an hour for a mandate, and for a phone."""
    mandate, _, _ = steps.load(work, mandate_id)
    _require_in_force(work, mandate)
    if channel is Channel.SMS:
        to = read_mobile(typed.line(to, "phone"))
    elif channel is Channel.MAIL:
        to = typed.email(to, "email")
    else:
        raise Invalid(channel="Choisissez comment remettre le reçu.")
    sent = select(func.count()).where(
        col(Outgoing.about_id) == mandate.id, col(Outgoing.template).in_((_SMS, _MAIL))
    )
    if (work.session.scalar(sent.where(col(Outgoing.created_at) > work.now - WINDOW)) or 0) >= LIMIT:
        raise Conflict(
            "Trois reçus de ce mandat sont déjà partis en moins d’une heure. Attendez, ou imprimez le reçu."
        )
    if channel is Channel.SMS:
        mandate.phone_key = mandate.phone_key or phone_key(work.vault, to)
    mandate.contact = {**(mandate.contact or {}), "phone" if channel is Channel.SMS else "email": to}
    _send(work, mandate, channel, to, str((work.session.scalar(sent) or 0) + 1), is_asked=True)


def _bound(work: Work, key: bytes) -> None:
    """Refuse one more SMS for a phone to which three receipts have left within the hour, whatever the mandates:
    a number is nobody's bell."""
    sent = select(func.count()).where(
        col(Outgoing.to_key) == key, col(Outgoing.template) == _SMS,
        col(Outgoing.created_at) > work.now - WINDOW,
    )  # fmt: skip
    if (work.session.scalar(sent) or 0) >= LIMIT:
        raise Invalid(
            phone="Trois reçus sont déjà partis vers ce numéro en moins d’une heure. "
            "Attendez, ou imprimez le reçu."
        )


def proposed(work: Work, mandate_id: UUID) -> str:
    """Return where a receipt would go, for the aidant to ask: what was said for this mandate, else the mobile
    of the case, else nothing."""
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    case, _ = authorise(work, mandate.case_id, Action.MANAGE_MANDATE)
    contact = mandate.contact or {}
    if known := contact.get("phone") or contact.get("email"):
        return str(known)
    written = case.usager_contact or {}
    if case.status is CaseStatus.DRAFT and (kept := work.session.get(CaseDraft, case.id)) is not None:
        written = kept.form
    try:
        return read_mobile(str(written.get("phone", "")))
    except Invalid:
        return ""


def undelivered(work: Work, mandate_id: UUID) -> str:
    """Return where the last receipt of a mandate could not be delivered to, for who handles the mandate; empty
    when it left, or none did."""
    mandate, _, _ = steps.load(work, mandate_id, lock=False)
    last = (
        select(Outgoing)
        .where(col(Outgoing.about_id) == mandate.id, col(Outgoing.template).in_((_SMS, _MAIL)))
        .order_by(col(Outgoing.id).desc())
        .limit(1)
    )
    row = work.session.scalar(last)
    return str(row.address) if row is not None and row.status is OutgoingStatus.FAILED else ""


def print_receipt(work: Work, mandate_id: UUID) -> PaperReceipt:
    """Return the receipt of a mandate in force, to be printed for the usager; each time is journaled."""
    mandate, _, _ = steps.load(work, mandate_id)
    _require_in_force(work, mandate)
    record(work, "mandate.receipt", mandate.case_id, mandate=mandate.id, channel="paper")
    return PaperReceipt(
        work.session.get_one(Group, mandate.structure_id).name,
        scope_names(work, mandate.id),
        mandate.theme_label,
        mandate.consented_at or mandate.created_at,
        mandate.expires_at,
        link_of(work, mandate),
    )


def _require_in_force(work: Work, mandate: Mandate) -> None:
    if not mandate_holds(mandate.status, mandate.expires_at, work.now):
        raise Forbidden("Ce mandat n’est pas en vigueur : il n’y a pas de reçu à remettre.")


def _send(
    work: Work, mandate: Mandate, channel: Channel, to: str, number: str, *, is_asked: bool = False
) -> None:
    structure = work.session.get_one(Group, mandate.structure_id).name
    key, link = f"mandate.receipt:{mandate.id}:{number}", link_of(work, mandate)
    if channel is Channel.SMS:
        # In the chain first: transactions that append wait there for each other, and count each other.
        named = {"actor": str(work.actor.account or "service"), "to": phone_key(work.vault, to).hex()}
        chain.append(work, mandate.id, RECEIPT, named)
        if is_asked:
            _bound(work, phone_key(work.vault, to))
        text = receipt_sms(structure, link, may_answer=may_answer(work, mandate, to))
        put(work, channel, _SMS, to, text, dedupe_key=key, about=mandate.id)
    else:
        mail = receipt_mail(structure, link)
        put(
            work, channel, _MAIL, to, mail.text, dedupe_key=key, about=mandate.id, subject=mail.subject,
            html=mail.html,
        )  # fmt: skip
    record(work, "mandate.receipt", mandate.case_id, mandate=mandate.id, channel=channel.value)
