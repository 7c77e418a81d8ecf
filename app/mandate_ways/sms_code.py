"""A code sent to the usager's telephone and typed at the counter: six digits, ten minutes, five tries."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mandate_steps as steps
from app import outbox, threads, typed
from app.errors import Invalid
from app.french import plural
from app.journal import record
from app.mandate_steps import Giver
from app.mandate_ways import sending
from app.mandate_ways.sms_words import code_text
from app.phones import phone_key
from app.policy import Action
from app.queries.mandate_ways import TRIES
from app.work import Work
from models.base import new_id
from models.enums import Channel, MandateWay, OutgoingStatus, ProofKind
from models.mandate import MandateCode
from models.organization import Group
from models.outbox import Outgoing

DIGITS = 6
LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class CodeAnswer:
    """Whether the code was the right one; else what to do, in a sentence. A wrong one is counted, so it must be
    committed: it comes back as an answer and is never raised."""

    is_right: bool
    sentence: str = ""


def send_code(work: Work, mandate_id: UUID, phone: str) -> UUID:
    """Send a new code to a mobile number; return its id. The codes sent before open nothing any more.

    Ten minutes, five tries; limits of sending: ``app.mandate_ways.sending``. For a mandate that waits for its
    consent (``Conflict`` otherwise).
    """
    mandate, case, _ = steps.load(work, mandate_id)
    steps.expect_consent(work, mandate)
    number, key = sending.allow(work, mandate, typed.line(phone, "phone"), "code_sent")
    _forget(work, mandate_id)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = MandateCode(
        id=new_id(), created_at=work.now, mandate_id=mandate_id, account_id=work.actor.account_id,
        phone_key=key, code=_fingerprint(work, mandate_id, code), expires_at=work.now + LIFE,
    )  # fmt: skip
    work.session.add(row)
    mandate.way = MandateWay.SMS_CODE
    structure = work.session.get_one(Group, mandate.structure_id).name
    outbox.put(
        work, Channel.SMS, "mandate-code", number, code_text(code, structure),
        dedupe_key=_dedupe(row.id), about=mandate_id,
    )  # fmt: skip
    record(work, "mandate.asked", case.id, mandate=mandate_id, way=mandate.way)
    threads.tell_case(work, case.id)
    return row.id


def give_code(work: Work, mandate_id: UUID, *, shown_sha256: str, giver: Giver, code: str) -> CodeAnswer:
    """Keep the consent of the person who gives the code that was sent to their telephone.

    What is no code of six digits, or comes when none can be given any more, is refused and costs no try
    (``Invalid``, field ``code``). The case is held meanwhile: tries follow each other.
    """
    mandate, case, _ = steps.load(work, mandate_id, Action.ANSWER_MANDATE)
    steps.expect_consent(work, mandate, shown_sha256)
    digits = re.sub(r"\s", "", typed.line(code, "code"))
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
        raise Invalid(code="Écrivez les six chiffres du SMS.")
    row = _newest(work, mandate_id)
    if row is None:
        raise Invalid(code="Envoyez d’abord un code à la personne.")
    if row.used_at is not None or work.now >= row.expires_at:
        raise Invalid(code="Ce code ne sert plus. Envoyez un autre code.")
    if row.tries >= TRIES:
        raise Invalid(code="Les cinq essais de ce code sont faits. Envoyez un autre code.")
    if not hmac.compare_digest(row.code, _fingerprint(work, mandate_id, digits)):
        row.tries += 1
        record(work, "mandate.code_refused", case.id, mandate=mandate_id)
        threads.tell_case(work, case.id)
        return CodeAnswer(False, _refusal(TRIES - row.tries))
    row.used_at = work.now
    sent = work.session.scalars(select(Outgoing).where(col(Outgoing.dedupe_key) == _dedupe(row.id))).one()
    number = str(sent.address)
    content: dict[str, Any] = {
        "phone": number, "sent_at": row.created_at.isoformat(), "typed_at": work.now.isoformat(),
        "wrong_tries": row.tries,
    }  # fmt: skip
    _forget(work, mandate_id)
    # The number is theirs: a receipt can go there, and a STOP come from there.
    mandate.contact = {**(mandate.contact or {}), "phone": number}
    mandate.phone_key = phone_key(work.vault, number)
    steps.keep_consent(work, mandate_id, shown_sha256, ProofKind.SMS_CODE, giver, content)
    return CodeAnswer(True)


def _refusal(left: int) -> str:
    if left == 0:
        return "Ce code n’est pas le bon, et c’était le dernier essai. Envoyez un autre code."
    return f"Ce code n’est pas le bon. Il reste {plural(left, 'essai')}."


def _newest(work: Work, mandate_id: UUID) -> MandateCode | None:
    """Return the last code sent for a mandate; a row without a code only counts a question (sms_reply)."""
    query = (
        select(MandateCode)
        .where(col(MandateCode.mandate_id) == mandate_id, col(MandateCode.code) != b"")
        .order_by(col(MandateCode.id).desc())
        .limit(1)
    )
    return work.session.scalar(query)


def _forget(work: Work, mandate_id: UUID) -> None:
    """Strike the codes of a mandate out of their messages: used or replaced, they are nobody's to read.

    What has not left yet does not leave any more.
    """
    query = select(Outgoing).where(
        col(Outgoing.about_id) == mandate_id, col(Outgoing.template) == "mandate-code"
    )
    for message in work.session.scalars(query):
        text = str(message.content["text"])
        if message.status is OutgoingStatus.WAITING:
            message.status, message.fault = OutgoingStatus.FAILED, "replaced"
        message.content = {**message.content, "text": "*" * DIGITS + text[DIGITS:]}


def _fingerprint(work: Work, mandate_id: UUID, code: str) -> bytes:
    return work.vault.fingerprint("mandate-code", str(mandate_id), code)


def _dedupe(code_id: UUID) -> str:
    return f"mandate.code:{code_id}"
