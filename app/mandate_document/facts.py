"""What the document of one accepted mandate says: plain values, read once, nothing of the case's story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class DocumentFacts:
    """Everything that the document and its evidence say of a mandate.

    Instants carry their zone. ``shown_sha256`` covers ``language``, ``plain_text``, ``full_text`` and
    ``text_sha256`` as ``app.mandate_text.fill`` writes them; ``proof_sha256`` covers ``proof``, the proof's
    content as ``app.mandates`` keeps it. ``image`` is the signature as SVG, or empty when a name was declared.
    """

    mandate_id: str
    holder: str
    structure: str
    organizations: tuple[str, ...]
    language: str
    text_version: int
    text_sha256: str
    plain_text: tuple[str, ...]
    full_text: tuple[str, ...]
    shown_sha256: str
    way: str
    consent: str
    strength: str
    image: str
    declared_name: str
    proof: dict[str, Any]
    proof_sha256: str
    presented_at: datetime
    consented_at: datetime
    accepted_at: datetime
    accepted_by: str
    expires_at: datetime
