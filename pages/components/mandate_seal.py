"""How to verify a mandate: its codes, and in words whether its document is sealed."""

from __future__ import annotations

import htpy as h

from app.french import clock, long_date
from app.mandate_document.code import shown_code
from app.mandate_papers import SealView
from app.sealing.faults import FAULTS
from models.enums import SealLevel


def seal_words(seal: SealView) -> str:
    """Return «Scellé le …» with what by, or «Pas encore scellé : …» and why."""
    if seal.sealed_at is None or seal.level is None:
        return f"Pas encore scellé : {FAULTS.get(seal.fault, FAULTS['failed'])}"
    said = f"Scellé le {long_date(seal.sealed_at)} à {clock(seal.sealed_at)}. {seal.level.label}"
    return f"{said}, sans valeur hors de la démonstration." if seal.level is SealLevel.TRIAL else f"{said}."


def seal_section(seal: SealView) -> h.Element:
    """Return the part of the mandate's page that says so."""
    return h.section(aria_label="Vérification")[
        h.h2["Vérification"],
        h.p[seal_words(seal)],
        seal.code
        and h.p[
            h.a(href=f"/verifier/{seal.code}", target="_blank")["Vérifier ce mandat"],
            f" : code {shown_code(seal.short_code)}",
        ],
    ]
