"""Sealing the documents of accepted mandates, after the acceptance: a mandate never waits for its seal.

Each document is taken by one process (its ``seal_next_at`` is put off in a transaction of its own), sealed
without any transaction, since that may wait for an authority, then written if nobody has meanwhile. A process
that dies in between leaves nothing but that date: the next run after it begins again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import col

from app import chain
from app.chain_facts import SEALED, papers_named
from app.config import settings
from app.events import CaseChanged
from app.journal import record
from app.mandate_document.evidence import sealed_evidence_of
from app.sealing.faults import CannotSeal
from app.work import ByNobody, Work, acting, reading
from models.mandate import Mandate, MandateDocument

if TYPE_CHECKING:
    from app.sealing.seal import Sealed, Sealer

BATCH = 5  # documents of one run: a slow authority must not hold up the SMS that wait behind it
LEASE = timedelta(minutes=5)  # longer than any sealing: what is taken and not written is free again after it
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=1)
# Documents marked in one run when nothing can be sealed.
_MARKED = 500


@dataclass(frozen=True)
class _Taken:
    """A document that this process alone seals now."""

    id: UUID
    pdf: bytes
    evidence: bytes
    tries: int


def run() -> str:
    """Seal what waits, the oldest first, and return what was done in a few words for the list of jobs.

    Without a certificate that can seal, each document that waits says why. An authority that fails ends the
    run: the document it failed on waits longer each time, up to an hour.
    """
    with reading(ByNobody()) as work:
        now = work.now
        if work.session.scalar(select(col(MandateDocument.id)).where(_waits()).limit(1)) is None:
            return "nothing to seal"
    try:
        # Loaded here: half of what the service weighs, for one job.
        from app.sealing.chosen import chosen_sealer

        sealer = chosen_sealer(settings(), now)
    except CannotSeal as why:
        return f"{_mark(why.fault)} marked: {why.fault}"
    count = 0
    for _ in range(BATCH):
        taken = _take()
        if taken is None:
            break
        try:
            sealed = _seal(taken, sealer)
        except CannotSeal as why:
            _put_off(taken, why.fault)
            if why.fault == "failed":  # this document's own fault: the others need not wait
                continue
            return f"{count} sealed, then {why.fault}"
        count += _keep(taken, sealed)
    return f"{count} sealed"


def _waits() -> ColumnElement[bool]:
    return col(MandateDocument.sealed_at).is_(None)


def _is_due(now: datetime) -> ColumnElement[bool]:
    next_at = col(MandateDocument.seal_next_at)
    return _waits() & or_(next_at.is_(None), next_at <= now)


def _mark(fault: str) -> int:
    """Say on documents that wait why they do; they are tried as soon as it is no longer so."""
    others = (
        select(col(MandateDocument.id)).where(_waits(), col(MandateDocument.seal_fault) != fault).limit(_MARKED)
    )
    with acting(ByNobody()) as work:
        ids = work.session.scalars(others).all()
        if ids:
            these = update(MandateDocument).where(col(MandateDocument.id).in_(ids), _waits())
            work.session.execute(these.values(seal_fault=fault))
        return len(ids)


def _take() -> _Taken | None:
    with acting(ByNobody()) as work:
        oldest = select(col(MandateDocument.id)).where(_is_due(work.now)).order_by(col(MandateDocument.id))
        found = work.session.scalar(oldest.limit(1).with_for_update(skip_locked=True))
        if found is None:
            return None
        took = (
            update(MandateDocument)
            .where(col(MandateDocument.id) == found, _is_due(work.now))
            .values(seal_next_at=work.now + LEASE, seal_tries=col(MandateDocument.seal_tries) + 1)
            .returning(col(MandateDocument.pdf), col(MandateDocument.evidence), col(MandateDocument.seal_tries))
        )
        row = work.session.execute(took).one_or_none()
        return _Taken(found, *row) if row else None


def _seal(taken: _Taken, sealer: Sealer) -> Sealed:
    from app.sealing.seal import seal

    return seal(taken.pdf, sealer)


def _put_off(taken: _Taken, fault: str) -> None:
    wait = min(_FIRST_WAIT * 2 ** min(taken.tries - 1, 10), _LONGEST_WAIT)
    with acting(ByNobody()) as work:
        this = update(MandateDocument).where(col(MandateDocument.id) == taken.id, _waits())
        work.session.execute(this.values(seal_next_at=work.now + wait, seal_fault=fault))


def _keep(taken: _Taken, sealed: Sealed) -> int:
    """Write the sealed pair unless another process has; return how many were written, one or none."""
    with acting(ByNobody()) as work:
        this = update(MandateDocument).where(col(MandateDocument.id) == taken.id, _waits())
        named = sealed.seal.named(sealed.level.value)
        evidence = sealed_evidence_of(taken.evidence, sealed.pdf, named)
        wrote = work.session.execute(
            this.values(
                sealed_pdf=sealed.pdf, sealed_evidence=evidence,
                sealed_sha256=hashlib.sha256(sealed.pdf).hexdigest(), sealed_at=work.now,
                seal_level=sealed.level, seal_fault="", seal_next_at=None,
            ).returning(col(MandateDocument.mandate_id))
        ).scalar_one_or_none()  # fmt: skip
        if wrote is None:
            return 0
        level = {"level": sealed.level.value}
        chain.append(work, wrote, SEALED, papers_named(sealed.pdf, evidence) | level)
        _tell(work, wrote, sealed)
        return 1


def _tell(work: Work, mandate_id: UUID, sealed: Sealed) -> None:
    """A seal is no state of the mandate: open pages of the case hear of it, no list shows it."""
    case_id = work.session.scalars(select(col(Mandate.case_id)).where(col(Mandate.id) == mandate_id)).one()
    record(work, "mandate.sealed", case_id, mandate=mandate_id, level=sealed.level.value)
    work.signal(CaseChanged(case_id, frozenset()))
