"""The mandate as a PDF that lasts and that all can read: PDF/A-2a (ISO 19005-2), PDF/UA-1 (ISO 14289-1)."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from app.french import clock, long_date
from app.mandate_document.code import shown_code
from app.mandate_document.evidence import NAMED, hash_of_said
from app.mandate_document.facts import DocumentFacts, PageImage
from app.mandate_document.pictures import DRAWN, framed, qr_code

_SOURCE = Path(__file__).with_name("document.typ")
_LAST_LATIN = 0x24F
_PUNCTUATION = range(0x2010, 0x2040)
_PICTURES = ("image", "qr", "svg")


def render(facts: DocumentFacts) -> bytes:
    """Return the document of a mandate as PDF.

    Only typst's embedded fonts are used and the date is the mandate's: the same facts give the same bytes.
    """
    content = _content(facts)
    try:
        return _compile(content)
    except typst.TypstError:
        # PDF/A refuses a character that no font can draw (an emoji): it is then named by its code point.
        return _compile(_drawable(content))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _compile(content: dict[str, Any]) -> bytes:
    pdf = typst.compile(
        _SOURCE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=content["timestamp"],
    )
    assert isinstance(pdf, bytes)
    return pdf


def _content(facts: DocumentFacts) -> dict[str, Any]:
    consent = [
        ("Personne", facts.holder),
        ("Façon de donner l’accord", facts.consent),
        ("Ce que cela prouve", facts.strength),
        ("Texte présenté le", _instant(facts.presented_at)),
        ("Accord donné le", _instant(facts.consented_at)),
        ("Accepté le", f"{_instant(facts.accepted_at)}, par {facts.accepted_by}"),
        ("Valable jusqu’au", f"{_instant(facts.expires_at)}, au plus tard"),
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
        "timestamp": int(facts.accepted_at.timestamp()),
    }


def _page_name(number: int, page: PageImage) -> str:
    """A file that cannot be drawn here is named: it is kept beside, with the mandate."""
    name = f"Page {number}" if page.media_type in DRAWN else f"Fichier {number}, gardé à part"
    return f"{name} (SHA-256)"


def _instant(instant: datetime) -> str:
    return f"{long_date(instant)} à {clock(instant)}"


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(_named(one) for one in value)
    if isinstance(value, dict):
        return {key: one if key in _PICTURES else _drawable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(one) for one in value]
    return value


def _named(character: str) -> str:
    code = ord(character)
    return character if code <= _LAST_LATIN or code in _PUNCTUATION else f"[U+{code:04X}]"
