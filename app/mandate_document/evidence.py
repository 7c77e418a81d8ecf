"""The evidence that goes with the document: one canonical JSON object (RFC 8785) that anybody can recompute."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import rfc8785

from app.mandate_document.facts import DocumentFacts
from app.personal_data import in_text

FORMAT = "administration-plus/mandate-evidence/3"
# What was made before stays as it was: the second is not named by its document; the first has no code, no
# length and no seal either.
FORMATS = (FORMAT, "administration-plus/mandate-evidence/2", "administration-plus/mandate-evidence/1")
# What is known of the document only once it is made, and what is computed from the rest.
_AFTER = frozenset({"sealed", "pdf_bytes", "pdf_sha256", "said_sha256", "sha256"})
NAMED = "Preuve (SHA-256)"  # how the document gives it
_NOT_WRITTEN = ("image", "witness_image", "provider_ref")
_HASH = re.compile(r"[0-9a-f]{64}")


def sha256_as_kept(value: dict[str, Any]) -> str:
    """Return the SHA-256 of a value in the JSON form that mandates and their proofs are hashed in (older
    than the evidence, hence not RFC 8785): keys in order, no spaces, UTF-8."""
    kept = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(kept.encode()).hexdigest()


def evidence_of(facts: DocumentFacts, pdf: bytes) -> bytes:
    """Return the evidence of a mandate and of its document, as UTF-8.

    ``said_sha256`` covers what it says of the mandate and stands in the document: whoever seals the document
    seals that too. ``sha256`` is the hash of all the rest: it finds damage, it does not stop a forger.
    A social security number that somebody wrote into an answer is not spread further: the proof then says
    ``withheld``, and its hash can be checked by the service alone.
    """
    said = _said(facts)
    content = {
        **said,
        "sealed": False,
        "said_sha256": said_sha256(said),
        "pdf_bytes": len(pdf),
        "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
    }
    return _closed(content)


def hash_of_said(facts: DocumentFacts) -> str:
    """Return the ``said_sha256`` of the evidence that these facts will have: its document names it."""
    return said_sha256(_said(facts))


def said_sha256(evidence: dict[str, Any]) -> str:
    """Return the SHA-256 of what an evidence says of its mandate, in canonical JSON."""
    said = {key: value for key, value in evidence.items() if key not in _AFTER}
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


def _said(facts: DocumentFacts) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "plan": facts.seal.name.lower(),
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
        "proof": {"withheld": True} if _holds_a_nir(facts.proof) else facts.proof,
        "proof_sha256": facts.proof_sha256,
        "pages": [page.sha256 for page in facts.pages],
        "code": facts.code,
    }


def sealed_evidence_of(evidence: bytes, sealed: bytes, seal: dict[str, str]) -> bytes:
    """Return the evidence of the same document once sealed. ``seal`` says by whom and when; what was sealed
    stays named, since it is the beginning of the sealed file."""
    content = json.loads(evidence)
    content.pop("sha256")
    before = {"bytes": content["pdf_bytes"], "pdf_sha256": content["pdf_sha256"]}
    content |= {
        "sealed": {**seal, "before": before},
        "pdf_bytes": len(sealed),
        "pdf_sha256": hashlib.sha256(sealed).hexdigest(),
    }
    return _closed(content)


def _closed(content: dict[str, Any]) -> bytes:
    return rfc8785.dumps({**content, "sha256": hashlib.sha256(rfc8785.dumps(content)).hexdigest()})


def _holds_a_nir(value: Any) -> bool:
    """Whether something that was written holds one; drawings, hashes and numbers of others have digits too."""
    if isinstance(value, str):
        return not _HASH.fullmatch(value) and any("sécurité sociale" in one for one in in_text(value))
    if isinstance(value, dict):
        return any(_holds_a_nir(one) for key, one in value.items() if key not in _NOT_WRITTEN)
    return isinstance(value, list | tuple) and any(_holds_a_nir(one) for one in value)
