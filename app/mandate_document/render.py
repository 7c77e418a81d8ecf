"""The mandate as a PDF that lasts and that all can read: PDF/A-2a (ISO 19005-2), PDF/UA-1 (ISO 14289-1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.french import exact_time
from app.mandate_document.code import shown_code
from app.mandate_document.evidence import NAMED, hash_of_said
from app.mandate_document.facts import DocumentFacts, PageImage
from app.mandate_document.pictures import DRAWN, framed, qr_code
from app.typesetting import typeset

_SOURCE = Path(__file__).with_name("document.typ")


def render(facts: DocumentFacts) -> bytes:
    """Return the document of a mandate as PDF.

    Only typst's embedded fonts are used and the date is the mandate's: the same facts give the same bytes.
    """
    return typeset(
        _SOURCE, _content(facts), standards=["a-2a", "ua-1"], at=facts.accepted_at, drawn=("image", "qr", "svg")
    )


def _content(facts: DocumentFacts) -> dict[str, Any]:
    consent = [
        ("Personne", facts.holder),
        ("Façon de donner l’accord", facts.consent),
        ("Ce que cela prouve", facts.strength),
        ("Texte présenté le", exact_time(facts.presented_at)),
        ("Accord donné le", exact_time(facts.consented_at)),
        ("Accepté le", f"{exact_time(facts.accepted_at)}, par {facts.accepted_by}"),
        ("Valable jusqu’au", f"{exact_time(facts.expires_at)}, au plus tard"),
    ]
    consent[2:2] = facts.details
    if facts.declared_name:
        consent.insert(1, ("Nom déclaré", facts.declared_name))
    return {
        "title": "Mandat",
        "structure": facts.structure,
        "plain": facts.plain_text,
        "full": facts.full_text,
        "consent": consent,
        "image": facts.image,
        "alt": f"Signature dessinée par {facts.signer or facts.holder}",
        "pages": [
            {"svg": framed(page), "alt": f"Page {number} sur {len(facts.pages)} du mandat signé sur papier"}
            for number, page in enumerate(facts.pages, start=1)
            if page.media_type in DRAWN
        ],
        "foot": facts.seal.foot,
        "seal": facts.seal.sentence,
        "qr": qr_code(facts.address),
        "qr_alt": f"Code QR de la page de vérification, {facts.address}",
        "checks": [
            ("Adresse", facts.address),
            ("Code du mandat", shown_code(facts.code)),
            ("Code court, pour les personnes connectées", shown_code(facts.short_code)),
        ],
        "hashes": [
            ("Mandat", facts.mandate_id),
            (f"Texte, version {facts.text_version} (SHA-256)", facts.text_sha256),
            ("Texte montré (SHA-256)", facts.shown_sha256),
            ("Accord (SHA-256)", facts.proof_sha256),
            (NAMED, hash_of_said(facts)),
            *((_page_name(number, page), page.sha256) for number, page in enumerate(facts.pages, start=1)),
        ],
    }


def _page_name(number: int, page: PageImage) -> str:
    """A file that cannot be drawn here is named: it is kept beside, with the mandate."""
    name = f"Page {number}" if page.media_type in DRAWN else f"Fichier {number}, gardé à part"
    return f"{name} (SHA-256)"
