"""The question asked by SMS: the person who is not at the counter answers from their telephone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app import mandate_steps as steps
from app import outbox, threads, typed
from app.journal import record
from app.mandate_steps import SELF, Giver
from app.mandate_ways import sending
from app.mandate_ways.sms_words import question_text
from app.queries.mandates import scope_names
from app.work import Work
from models.base import new_id
from models.enums import Channel, MandateWay
from models.mandate import MandateCode
from models.organization import Group


def ask_by_sms(work: Work, mandate_id: UUID, phone: str, giver: Giver = SELF) -> None:
    """Ask for the consent by SMS, once more each time it is called; the answer comes by ``app.sms_answers``.

    The mandate is then known by this number: answers from another one say nothing. ``giver`` is asked by the
    aidant and kept with the number, for the proof that an answer makes. Limits: ``app.mandate_ways.sending``.
    """
    mandate, case, _ = steps.load(work, mandate_id)
    steps.expect_consent(work, mandate)
    number, key = sending.allow(work, mandate, typed.line(phone, "phone"), "asked")
    # A row without a code: it counts this SMS, and opens nothing.
    asked = (col(MandateCode.mandate_id) == mandate_id, col(MandateCode.code) == b"")
    times = work.session.scalar(select(func.count()).where(*asked)) or 0
    work.session.add(
        MandateCode(
            id=new_id(), created_at=work.now, mandate_id=mandate_id, account_id=work.actor.account_id,
            phone_key=key, code=b"", expires_at=work.now,
        )
    )  # fmt: skip
    mandate.way = MandateWay.SMS_REPLY
    mandate.contact = {**(mandate.contact or {}), "phone": number, **_said(giver)}
    mandate.phone_key = key
    text = question_text(
        work.session.get_one(Group, mandate.structure_id).name, str(mandate.holder["name"]),
        scope_names(work, mandate_id), mandate.expires_at,
    )  # fmt: skip
    outbox.put(
        work, Channel.SMS, steps.ASKED, number, text,
        dedupe_key=f"mandate.ask:{mandate_id}:{times + 1}", about=mandate_id,
    )  # fmt: skip
    record(work, "mandate.asked", case.id, mandate=mandate_id, way=mandate.way)
    threads.tell_case(work, case.id)


def _said(giver: Giver) -> dict[str, str]:
    """What the aidant says of who will answer, kept with the number until the answer comes."""
    name = giver.read()
    return {"capacity": giver.capacity.value, **({"giver": name} if name else {})}
