"""What the tables say of the mandates, held against what the chain says happened to them.

The chain finds a changed event; this finds a changed fact: a state, a term, an organisation added, a text, a
proof, a page or a paper that is not the one of its event.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, select
from sqlmodel import col

from app.deadlines import CONFIRMATION
from app.lifecycle import MANDATE_MOVES, MandateGesture
from app.mandate_document.evidence import sha256_as_kept
from app.proof_words import WAY_OF
from app.security.vault import Tampered
from app.work import Work
from models.chain import MandateEvent, MandateEventDetail
from models.enums import MandateStatus, MandateWay, ProofKind
from models.mandate import Mandate, MandateDocument, MandatePage, MandateProof, MandateScope, MandateText

SEALED, RECEIPT = "sealed", "receipt"  # events that name the sealed papers, and where a receipt went by SMS
_BATCH = 200  # mandates held in memory at a time, with their papers
_Details = dict[str, str]
_Facts = dict[str, list[Row[Any]]]
_Check = tuple[bool, str]
_UNREADABLE = (Tampered, ValueError, TypeError, LookupError, AssertionError)
_PRESENT, _CONSENT, _ACCEPT = (
    gesture.name.lower() for gesture in (MandateGesture.PRESENT, MandateGesture.CONSENT, MandateGesture.ACCEPT)
)
_COLUMNS = (
    "status", "expires_at", "shown_text", "shown_sha256", "case_id", "structure_id", "author_id", "holder",
    "theme_label", "amends_id", "way", "presented_at", "consented_at", "accepted_at", "accepted_by_id",
    "confirm_by", "ended_at", "end_reason", "code", "short_code", "phone_key",
)  # fmt: skip
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
    """Go through the mandates, the oldest first, and stop at the first that is not as the chain says; one of
    which it says nothing was given by nobody."""
    if (lost := work.session.scalar(_lost())) is not None:
        return FactsReport(0, lost, "it was given and is no longer there")
    count = 0
    after: UUID | None = None
    while True:
        query = select(col(Mandate.id)).order_by(col(Mandate.id)).limit(_BATCH)
        ids = work.session.scalars(query.where(col(Mandate.id) > after) if after else query).all()
        if not ids:
            return FactsReport(count)
        after = ids[-1]
        try:
            found = _read(work, ids)
        except _UNREADABLE:  # one of them: which one is told by reading each by itself
            found = {}
        for id_ in ids:
            try:
                fault = _fault(*(found or _read(work, [id_]))[id_])
            except _UNREADABLE:
                fault = "one of its values cannot be read"
            if fault:
                return FactsReport(count, id_, fault)
            count += 1


def _lost() -> Select[Any]:
    """The first mandate that was consented to and is gone: only one that nobody gave can be thrown away."""
    event = MandateEvent
    is_there = exists().where(col(Mandate.id) == col(event.mandate_id))
    consented = col(event.kind) == _CONSENT
    return select(col(event.mandate_id)).where(consented, ~is_there).order_by(col(event.seq)).limit(1)


def _read(work: Work, ids: Sequence[UUID]) -> dict[UUID, tuple[list[Row[Any]], _Facts]]:
    """Return the events and the rows of some mandates."""
    events = _grouped(work, _events(ids))
    facts = {name: _grouped(work, query) for name, query in _facts(ids).items()}
    return {id_: (events.get(id_, []), {name: of.get(id_, []) for name, of in facts.items()}) for id_ in ids}


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
    text = MandateText
    return {
        "mandate": select(
            col(mandate.id), *(col(getattr(mandate, name)) for name in _COLUMNS),
            col(text.language), col(text.sha256).label("text"),
        )
        .join(text, col(text.id) == col(mandate.text_id))
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
            col(kept.sealed_pdf), col(kept.sealed_evidence), col(kept.sealed_sha256), col(kept.sealed_at),
            col(kept.seal_level),
        )
        .where(col(kept.mandate_id).in_(ids))
        .order_by(col(kept.mandate_id)),
    }  # fmt: skip


def _grouped(work: Work, query: Select[Any]) -> dict[UUID, list[Row[Any]]]:
    rows = work.session.execute(query).all()
    return {id_: list(theirs) for id_, theirs in groupby(rows, key=lambda row: row[0])}


def _fault(events: list[Row[Any]], facts: _Facts) -> str:
    """Return what is not as the chain says, of one mandate; nothing when all is."""
    if not events:
        return "the chain says nothing of it"
    moves = [event for event in events if event.kind in _LEADS_TO]
    mandate = facts["mandate"][0]
    if (_LEADS_TO[moves[-1].kind] if moves else MandateStatus.DRAFT) is not mandate.status:
        return "its state is not the one of its last event"
    if any(event.details is None for event in events):
        return "what one of its events said is gone"
    last = {event.kind: event for event in events}
    checks = chain(
        _moments(moves[-1], last, mandate), _presented(last, facts), _consented(last, events, facts),
        _accepted(last, facts),
    )  # fmt: skip
    return next((fault for is_so, fault in checks if not is_so), "")


def _agrees(event: Row[Any], said: _Details) -> bool:
    """Whether an event says this. What it says nothing of, as events of before, is not held against it: no word
    can be taken out of one, the chain covers them all."""
    return all(event.details.get(name, value) == value for name, value in said.items())


def _moments(end: Row[Any], last: dict[str, Row[Any]], mandate: Row[Any]) -> Iterator[_Check]:
    for kind, moment in (
        (_PRESENT, mandate.presented_at), (_CONSENT, mandate.consented_at), (_ACCEPT, mandate.accepted_at),
    ):  # fmt: skip
        yield (last[kind].at if kind in last else None) == moment, "one of its dates is another"
    ends: tuple[Any, ...] = (None,)
    if end.kind in ("refuse", "revoke", "renounce", "end"):
        ends = (end.at,)
    elif end.kind in ("expire", "supersede"):
        ends = (mandate.expires_at,) if end.kind == "expire" else (None, end.at)
    yield mandate.ended_at in ends, "it ended at another moment"
    reason = end.details.get("reason", "") if end.kind == "revoke" else ""
    yield mandate.end_reason == reason, "the reason of its end is another"


def _presented(last: dict[str, Row[Any]], facts: _Facts) -> Iterator[_Check]:
    mandate, presented = facts["mandate"][0], last.get(_PRESENT)
    if presented is None:
        return
    shown = {**mandate.shown_text, "language": mandate.language, "text": mandate.text}
    made = sha256_as_kept(shown)
    yield made == mandate.shown_sha256 and _agrees(presented, {"shown": made}), "its text is another"
    belongs = {"case": str(mandate.case_id), "structure": str(mandate.structure_id)}
    yield _agrees(presented, belongs), "it stands in another case"
    yield _agrees(presented, {"holder": sha256_as_kept(mandate.holder)}), "it is somebody else's"
    yield _agrees(presented, {"actor": str(mandate.author_id)}), "somebody else presented it"
    amends = str(mandate.amends_id or "")
    yield _agrees(presented, {"theme": mandate.theme_label, "amends": amends}), "it is about something else"
    named = scope_named(frozenset(row.organization_id for row in facts["scope"]))
    yield _agrees(presented, {"scope": named}), "its organisations are others"
    until = {"until": mandate.expires_at.isoformat()}
    yield _agrees(last.get(_CONSENT, presented), until), "its term is another"


def _consented(last: dict[str, Row[Any]], events: list[Row[Any]], facts: _Facts) -> Iterator[_Check]:
    mandate, consented = facts["mandate"][0], last.get(_CONSENT)
    reached = {event.details["to"] for event in events if "to" in event.details}
    key = mandate.phone_key.hex() if mandate.phone_key else ""
    must = mandate.status is MandateStatus.PRESENTED and "asked" in last
    if consented is not None:
        kept = {row.sha256: row for row in facts["proof"]}
        changed = any(row.sha256 != sha256_as_kept(row.content) for row in kept.values())
        yield not changed, "its proof was changed"
        row = kept.get(consented.details["proof"])
        yield row is not None, "its proof is missing"
        assert row is not None
        is_so = row.capacity.value == row.content["capacity"] and WAY_OF[row.kind] is mandate.way
        yield is_so and _agrees(consented, {"kind": row.kind.value}), "its proof is of another kind"
        must = RECEIPT in last or row.kind in (ProofKind.SMS_REPLY, ProofKind.SMS_CODE)
    yield key in reached if key or must else True, "the phone that can stop it is another"


def _accepted(last: dict[str, Row[Any]], facts: _Facts) -> Iterator[_Check]:
    mandate, accepted = facts["mandate"][0], last.get(_ACCEPT)
    if accepted is None:
        return
    confirm = accepted.at + CONFIRMATION if mandate.way is MandateWay.VERBAL else None
    yield mandate.confirm_by == confirm, "the day of its confirmation is another"
    papers = facts["papers"][0] if facts["papers"] else None
    yield papers is not None, "its document is missing"
    assert papers is not None
    made = papers_named(papers.pdf, papers.evidence)
    yield _agrees(accepted, made), "its document or its evidence was changed"
    yield papers.pdf_sha256 == made["document"], "the hash of its document was changed"
    said = json.loads(papers.evidence)
    codes = mandate.code == said["code"] and _agrees(accepted, {"short_code": mandate.short_code})
    yield codes, "its code is another"
    yield _agrees(accepted, {"actor": str(mandate.accepted_by_id)}), "somebody else accepted it"
    pages = [row.sha256 for row in facts["page"]]
    yield pages == said["pages"], "its pages are others"
    yield pages == [_sha256(row.content) for row in facts["page"]], "one of its pages was changed"
    yield (SEALED in last) is (papers.sealed_pdf is not None), "its seal was added or removed"
    if sealed := last.get(SEALED):
        made = papers_named(papers.sealed_pdf, papers.sealed_evidence)
        yield _agrees(sealed, made), "its sealed document or evidence was changed"
        yield papers.sealed_sha256 == made["document"], "the hash of its sealed document was changed"
        when = papers.sealed_at == sealed.at and _agrees(sealed, {"level": papers.seal_level.value})
        yield when, "what is said of its seal was changed"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
