"""What the tables say of the mandates, held against what the chain says happened to them.

The chain finds a changed event; this finds a changed fact: a state, a term, an organisation added, a text, a
proof, a page or a paper that is not the one of its event.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, select
from sqlmodel import col

from app.lifecycle import MANDATE_MOVES, MandateGesture
from app.mandate_document.evidence import sha256_as_kept
from app.security.vault import Tampered
from app.work import Work
from models.chain import MandateEvent, MandateEventDetail
from models.enums import MandateStatus
from models.mandate import Mandate, MandateDocument, MandatePage, MandateProof, MandateScope, MandateText

SEALED = "sealed"  # the event that names the sealed papers
_BATCH = 200  # mandates held in memory at a time, with their papers
_Details = dict[str, str]
# Where each gesture leads, whatever the state before it.
_LEADS_TO: dict[str, MandateStatus] = {gesture.name.lower(): to for (_, gesture), to in MANDATE_MOVES.items()}


@dataclass(frozen=True)
class FactsReport:
    """How many mandates are as the chain says, the first that is not, and what is wrong with it (or "")."""

    count: int
    first_bad: UUID | None = None
    reason: str = ""


def papers_named(pdf: bytes, evidence: bytes) -> _Details:
    """Return what an event says of the papers it makes."""
    return {"document": _sha256(pdf), "evidence": _sha256(evidence)}


def scope_named(organizations: frozenset[UUID]) -> str:
    """Return what an event says of the organisations that a mandate names."""
    return _sha256("".join(sorted(one.hex for one in organizations)).encode())


def verify(work: Work) -> FactsReport:
    """Go through the mandates, the oldest first, and stop at the first that is not as the chain says.

    Those made before the chain began, of which it tells nothing, are left out.
    """
    if (lost := work.session.scalar(_lost())) is not None:
        return FactsReport(0, lost, "it was given and is no longer there")
    began = work.session.scalar(select(col(MandateEvent.at)).order_by(col(MandateEvent.seq)).limit(1))
    count = 0
    after: UUID | None = None
    while True:
        query = select(col(Mandate.id), col(Mandate.created_at)).order_by(col(Mandate.id)).limit(_BATCH)
        rows = work.session.execute(query.where(col(Mandate.id) > after) if after else query).all()
        if not rows:
            return FactsReport(count)
        after = rows[-1].id
        events = _grouped(work, _events([row.id for row in rows]))
        known = [row.id for row in rows if row.id in events or (began and row.created_at >= began)]
        facts = {name: _grouped(work, query) for name, query in _facts(known).items()}
        for id_ in known:
            try:
                fault = _fault(events.get(id_, []), {name: of.get(id_, []) for name, of in facts.items()})
            except (Tampered, ValueError, TypeError, KeyError):
                fault = "one of its values cannot be read"
            if fault:
                return FactsReport(count, id_, fault)
            count += 1


def _lost() -> Select[Any]:
    """The first mandate that was consented to and is gone: only one that nobody gave can be thrown away."""
    event = MandateEvent
    is_there = exists().where(col(Mandate.id) == col(event.mandate_id))
    consented = col(event.kind) == MandateGesture.CONSENT.name.lower()
    return select(col(event.mandate_id)).where(consented, ~is_there).order_by(col(event.seq)).limit(1)


def _events(ids: Sequence[UUID]) -> Select[Any]:
    event, detail = MandateEvent, MandateEventDetail
    return (
        select(col(event.mandate_id), col(event.kind), col(event.at), col(detail.details))
        .outerjoin(detail, col(detail.seq) == col(event.seq))
        .where(col(event.mandate_id).in_(ids))
        .order_by(col(event.mandate_id), col(event.seq))
    )


def _facts(ids: Sequence[UUID]) -> dict[str, Select[Any]]:
    mandate, proof, page, kept, scope = Mandate, MandateProof, MandatePage, MandateDocument, MandateScope
    return {
        "mandate": select(
            col(mandate.id), col(mandate.status), col(mandate.expires_at), col(mandate.shown_text),
            col(mandate.shown_sha256), col(MandateText.language), col(MandateText.sha256).label("text"),
            col(mandate.case_id), col(mandate.structure_id), col(mandate.holder), col(mandate.code),
            col(mandate.presented_at), col(mandate.consented_at), col(mandate.accepted_at),
            col(mandate.accepted_by_id),
        )
        .join(MandateText, col(MandateText.id) == col(mandate.text_id))
        .where(col(mandate.id).in_(ids)),
        "scope": select(col(scope.mandate_id), col(scope.organization_id))
        .where(col(scope.mandate_id).in_(ids))
        .order_by(col(scope.mandate_id)),
        "proof": select(
            col(proof.mandate_id), col(proof.content), col(proof.sha256), col(proof.kind), col(proof.capacity)
        )
        .where(col(proof.mandate_id).in_(ids))
        .order_by(col(proof.mandate_id), col(proof.id)),
        "page": select(col(page.mandate_id), col(page.content), col(page.sha256))
        .where(col(page.mandate_id).in_(ids), col(page.confirmed_at).is_not(None))
        .order_by(col(page.mandate_id), col(page.position)),
        "papers": select(
            col(kept.mandate_id), col(kept.pdf), col(kept.evidence), col(kept.pdf_sha256),
            col(kept.sealed_pdf), col(kept.sealed_evidence), col(kept.sealed_sha256),
        )
        .where(col(kept.mandate_id).in_(ids))
        .order_by(col(kept.mandate_id)),
    }  # fmt: skip


def _grouped(work: Work, query: Select[Any]) -> dict[UUID, list[Row[Any]]]:
    rows = work.session.execute(query)
    return {id_: list(theirs) for id_, theirs in groupby(rows, key=lambda row: row[0])}


def _fault(events: list[Row[Any]], facts: dict[str, list[Row[Any]]]) -> str:
    """Return what is not as the chain says, of one mandate; nothing when all is."""
    moves = [event.kind for event in events if event.kind in _LEADS_TO]
    mandate = facts["mandate"][0]
    if (_LEADS_TO[moves[-1]] if moves else MandateStatus.DRAFT) is not mandate.status:
        return "its state is not the one of its last event"
    if any(event.details is None for event in events):
        return "what one of its events said is gone"
    dates = (
        (MandateGesture.PRESENT, mandate.presented_at), (MandateGesture.CONSENT, mandate.consented_at),
        (MandateGesture.ACCEPT, mandate.accepted_at),
    )  # fmt: skip
    at = {event.kind: event.at for event in events}
    if any(at.get(gesture.name.lower()) != date for gesture, date in dates):
        return "one of its dates is another"
    said = {event.kind: event.details for event in events}
    return next((fault for is_so, fault in _checks(said, facts) if not is_so), "")


def _checks(said: dict[str, _Details], facts: dict[str, list[Row[Any]]]) -> Iterator[tuple[bool, str]]:
    mandate = facts["mandate"][0]
    if presented := said.get(MandateGesture.PRESENT.name.lower()):
        shown = {**mandate.shown_text, "language": mandate.language, "text": mandate.text}
        yield presented["shown"] == mandate.shown_sha256 == sha256_as_kept(shown), "its text is another"
        named = scope_named(frozenset(row.organization_id for row in facts["scope"]))
        belongs = presented["case"], presented["structure"]
        yield belongs == (str(mandate.case_id), str(mandate.structure_id)), "it stands in another case"
        yield presented["holder"] == sha256_as_kept(mandate.holder), "it is somebody else's"
        yield presented["scope"] == named, "its organisations are others"
        until = said.get(MandateGesture.CONSENT.name.lower(), presented)["until"]
        yield until == mandate.expires_at.isoformat(), "its term is another"
    if consented := said.get(MandateGesture.CONSENT.name.lower()):
        kept = {row.sha256: sha256_as_kept(row.content) for row in facts["proof"]}
        yield all(name == made for name, made in kept.items()), "its proof was changed"
        yield consented["proof"] in kept, "its proof is missing"
        row = next(row for row in facts["proof"] if row.sha256 == consented["proof"])
        given = row.kind.value, row.capacity.value
        yield given == (consented["kind"], row.content["capacity"]), "its proof is of another kind"
    if accepted := said.get(MandateGesture.ACCEPT.name.lower()):
        papers = facts["papers"][0] if facts["papers"] else None
        yield papers is not None, "its document is missing"
        assert papers is not None
        made = papers_named(papers.pdf, papers.evidence)
        yield made.items() <= accepted.items(), "its document or its evidence was changed"
        yield papers.pdf_sha256 == made["document"], "the hash of its document was changed"
        yield mandate.code == json.loads(papers.evidence)["code"], "its code is another"
        yield accepted["actor"] == str(mandate.accepted_by_id), "somebody else accepted it"
        pages = [row.sha256 for row in facts["page"]]
        yield pages == json.loads(papers.evidence)["pages"], "its pages are others"
        yield pages == [_sha256(row.content) for row in facts["page"]], "one of its pages was changed"
        yield from _seal_checks(said.get(SEALED), papers)


def _seal_checks(sealed: _Details | None, papers: Row[Any]) -> Iterator[tuple[bool, str]]:
    yield (sealed is None) is (papers.sealed_pdf is None), "its seal was added or removed"
    if sealed is not None:
        made = papers_named(papers.sealed_pdf, papers.sealed_evidence)
        yield made.items() <= sealed.items(), "its sealed document or evidence was changed"
        yield papers.sealed_sha256 == made["document"], "the hash of its sealed document was changed"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
