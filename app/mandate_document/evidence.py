"""The evidence that goes with the document: one canonical JSON object (RFC 8785) that anybody can recompute."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

from app.mandate_document.facts import DocumentFacts

FORMAT = "administration-plus/mandate-evidence/1"


def sha256_as_kept(value: dict[str, Any]) -> str:
    """Return the SHA-256 of a value in the JSON form that mandates and their proofs are hashed in (older
    than the evidence, hence not RFC 8785): keys in order, no spaces, UTF-8."""
    kept = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(kept.encode()).hexdigest()


def evidence_of(facts: DocumentFacts, pdf: bytes) -> bytes:
    """Return the evidence of a mandate and of its document, as UTF-8.

    ``sha256`` is the hash of all the rest: it finds damage, it does not stop a forger. Only a seal will.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "sealed": False,
        "mandate": facts.mandate_id,
        "organizations": list(facts.organizations),
        "way": facts.way,
        "dates": {
            "presented": facts.presented_at.isoformat(),
            "consented": facts.consented_at.isoformat(),
            "accepted": facts.accepted_at.isoformat(),
            "expires": facts.expires_at.isoformat(),
        },
        "text": {"version": facts.text_version},
        "shown": {
            "full": list(facts.full_text),
            "language": facts.language,
            "plain": list(facts.plain_text),
            "text": facts.text_sha256,
        },
        "shown_sha256": facts.shown_sha256,
        "proof": facts.proof,
        "proof_sha256": facts.proof_sha256,
        "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
    }
    return rfc8785.dumps({**content, "sha256": hashlib.sha256(rfc8785.dumps(content)).hexdigest()})
