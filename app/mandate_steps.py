"""The steps that every way of giving a mandate shares: loading it with the right to handle it, moving it by the
table of ``app.lifecycle``, keeping what proves a consent. Each step is chained, journaled and told live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import chain, outbox, threads, typed
from app.access import authorise
from app.errors import Conflict, Invalid, NotFound
from app.journal import record
from app.lifecycle import MANDATE_MOVES, MandateGesture, mandate_status
from app.mandate_document.evidence import sha256_as_kept
from app.personal_data import words
from app.policy import Action, CaseFacts
from app.proof_words import WAY_OF
from app.work import Work
from models.case import Case
from models.enums import Capacity, MandateStatus, ProofKind
from models.mandate import Mandate, MandateProof

_BY_PHONE = (ProofKind.SMS_REPLY, ProofKind.SMS_CODE)
ASKED = "mandate-ask"  # the template of the SMS that asks
PENDING = (MandateStatus.DRAFT, MandateStatus.PRESENTED, MandateStatus.CONSENTED)


@dataclass(frozen=True)
class Giver:
    """Who gives the agreement: the person, or who decides for them and gives their own name."""

    capacity: Capacity = Capacity.SELF
    name: str = ""

    def read(self) -> str:
        """Return the name to keep, none for the person themselves; missing, it is ``Invalid`` (``giver``)."""
        if self.capacity is Capacity.SELF:
            return ""
        name = typed.line(self.name, "giver")
        if not 2 <= len(name) <= 120 or not words(name):
            raise Invalid(giver="Écrivez le prénom et le nom de qui donne l’accord.")
        return name


SELF = Giver()


def keep_consent(
    work: Work, mandate_id: UUID, shown: str, kind: ProofKind, giver: Giver, content: dict[str, Any]
) -> None:
    """Keep the usager's consent to the text whose hash is named; ``content`` is what proves it, by ``kind``."""
    mandate, _, _ = load(work, mandate_id, Action.ANSWER_MANDATE)
    expect_consent(work, mandate, shown)
    proof = {**content, "at": work.now.isoformat(), "shown": shown, "capacity": giver.capacity.value}
    if name := giver.read():
        proof["giver"] = name
    sha256 = sha256_as_kept(proof)
    until = mandate.expires_at.isoformat()  # an existing document may end it sooner
    move(work, mandate, MandateGesture.CONSENT, shown=shown, kind=kind.value, proof=sha256, until=until)
    mandate.consented_at, mandate.way = work.now, WAY_OF[kind]
    if kind not in _BY_PHONE:  # a number that was asked and did not answer may be a stranger's
        mandate.contact = mandate.phone_key = None
    work.session.add(
        MandateProof(
            created_at=work.now, mandate_id=mandate.id, kind=kind, capacity=giver.capacity, content=proof,
            sha256=sha256,
        )
    )  # fmt: skip


def expect_consent(work: Work, mandate: Mandate, shown: str | None = None) -> None:
    """Refuse what comes for a mandate that waits for no consent, or for another text than the one shown."""
    if shown is not None and shown != mandate.shown_sha256:
        raise Conflict("Le texte a changé depuis son affichage. Rechargez la page, puis relisez-le.")
    expect(work, mandate, MandateGesture.CONSENT)


def load(
    work: Work, mandate_id: UUID, action: Action = Action.MANAGE_MANDATE, *, lock: bool = True
) -> tuple[Mandate, Case, CaseFacts]:
    """Return a mandate with its case, locked, to who may do this to it."""
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    case, facts = authorise(work, mandate.case_id, action, lock=lock)
    work.session.refresh(mandate)
    return mandate, case, facts


_WORDS = {
    MandateGesture.PRESENT: "mandate.presented", MandateGesture.CONSENT: "mandate.consented",
    MandateGesture.REFUSE: "mandate.refused", MandateGesture.ACCEPT: "mandate.accepted",
    MandateGesture.REVOKE: "mandate.revoked", MandateGesture.RENOUNCE: "mandate.renounced",
    MandateGesture.SUPERSEDE: "mandate.superseded", MandateGesture.END: "mandate.ended",
    MandateGesture.RESUME: "mandate.resumed", MandateGesture.EXPIRE: "mandate.expired",
}  # fmt: skip


def move(work: Work, mandate: Mandate, gesture: MandateGesture, **details: str) -> None:
    """Make a transition of the table, from the state at this instant, or refuse it.

    It goes into the chain with who acts and ``details``: hashes of what was shown and proves it, a reason.
    """
    was, mandate.status = mandate.status, expect(work, mandate, gesture)
    if was is MandateStatus.PRESENTED and mandate.contact is not None:
        outbox.withdraw(work, mandate.id, ASKED)
    chain.append(work, mandate.id, gesture.name.lower(), {"actor": _who(work), **details})
    record(work, _WORDS[gesture], mandate.case_id, mandate=mandate.id)
    threads.tell_case(work, mandate.case_id)


def expect(work: Work, mandate: Mandate, gesture: MandateGesture) -> MandateStatus:
    """Return where a gesture leads from the state at this instant, or refuse it."""
    # That its term has come is what ``EXPIRE`` writes down: from the state that is stored.
    is_term = gesture is MandateGesture.EXPIRE
    status = mandate.status if is_term else mandate_status(mandate.status, mandate.expires_at, work.now)
    to = MANDATE_MOVES.get((status, gesture))
    if to is None:
        raise Conflict(f"Ce mandat est maintenant « {status.label} » : ce n’est plus possible.")
    return to


def _who(work: Work) -> str:
    """Return who acts as the chain says it: an account, the usager, or the service itself."""
    if work.actor.usager_of is not None:
        return "usager"
    return str(work.actor.account or "service")


def pending(work: Work, case_id: UUID) -> list[Mandate]:
    """Return the mandates that are not accepted yet."""
    return with_status(work, case_id, PENDING)


def in_force(work: Work, case_id: UUID) -> list[Mandate]:
    """Return the mandate under which the structure acts now, none or one."""
    return with_status(work, case_id, (MandateStatus.ACTIVE,))


def with_status(work: Work, case_id: UUID, statuses: tuple[MandateStatus, ...]) -> list[Mandate]:
    """Return the mandates in these states and within their term, the oldest first."""
    query = select(Mandate).where(
        col(Mandate.case_id) == case_id, col(Mandate.status).in_(statuses), col(Mandate.expires_at) > work.now
    )
    return list(work.session.scalars(query.order_by(col(Mandate.id))))
