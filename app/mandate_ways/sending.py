"""How often an SMS may be asked for: a number is nobody's bell, and each SMS is paid for."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from app import chain
from app.errors import Conflict, Invalid
from app.mandate_ways import sms_is_available
from app.phones import phone_key, read_mobile
from app.work import Work
from models.mandate import Mandate, MandateCode

HOUR = timedelta(hours=1)
PER_HOUR = 3


def allow(work: Work, mandate: Mandate, phone: str, kind: str) -> tuple[str, bytes]:
    """Return a number in E.164 and its fingerprint if one more SMS may leave for it, now and from this aidant.

    Three an hour for a number, three an hour by an aidant, whatever the mandates. What is refused is
    ``Invalid`` (field ``phone``). The sending goes into the chain first: transactions that append wait there
    for each other, so that two at once cannot both count two. ``kind`` is its word in the chain.
    """
    if not sms_is_available():
        raise Conflict("L’envoi de SMS n’est pas ouvert ici. Choisissez une autre façon de donner l’accord.")
    number = read_mobile(phone)
    key = phone_key(work.vault, number)
    chain.append(work, mandate.id, kind, {"actor": str(work.actor.account_id), "to": key.hex()})
    if _lately(work, col(MandateCode.phone_key) == key) >= PER_HOUR:
        raise Invalid(
            phone="Trois SMS sont déjà partis vers ce numéro en moins d’une heure. "
            "Attendez, ou choisissez une autre façon de donner l’accord."
        )
    if _lately(work, col(MandateCode.account_id) == work.actor.account_id) >= PER_HOUR:
        raise Invalid(
            phone="Vous avez déjà demandé trois SMS en moins d’une heure. "
            "Attendez, ou choisissez une autre façon de donner l’accord."
        )
    return number, key


def _lately(work: Work, whose: object) -> int:
    query = select(func.count()).where(whose, col(MandateCode.created_at) > work.now - HOUR)  # type: ignore[arg-type]
    return work.session.scalar(query) or 0
