"""What each proof is worth and says, in words: for the choice of a way, the mandate's page and its document."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.french import clock, long_date
from app.mandate_document.details import masked
from models.enums import MandateWay, ProofKind


class Strength(StrEnum):
    """How far a proof goes, in the words of its mark."""

    STRONG = "Preuve forte"
    GOOD = "Bonne preuve"
    TO_CONFIRM = "Preuve à confirmer"


STRENGTH_OF: dict[ProofKind, Strength] = {
    ProofKind.DRAWN: Strength.STRONG,
    ProofKind.DECLARED: Strength.TO_CONFIRM,
    ProofKind.SMS_REPLY: Strength.GOOD,
    ProofKind.SMS_CODE: Strength.GOOD,
    ProofKind.PAPER: Strength.STRONG,
    ProofKind.WITNESS: Strength.TO_CONFIRM,
    ProofKind.EXISTING: Strength.GOOD,
}

# The proof decides: a mandate shown in one way may be given in another.
WAY_OF: dict[ProofKind, MandateWay] = {
    ProofKind.DRAWN: MandateWay.SCREEN, ProofKind.DECLARED: MandateWay.SCREEN,
    ProofKind.SMS_REPLY: MandateWay.SMS_REPLY, ProofKind.SMS_CODE: MandateWay.SMS_CODE,
    ProofKind.PAPER: MandateWay.PAPER, ProofKind.WITNESS: MandateWay.VERBAL,
    ProofKind.EXISTING: MandateWay.EXISTING,
}  # fmt: skip


def proof_facts(kind: ProofKind, content: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what a proof holds beside its text and its image, as names and values to show."""
    if kind is ProofKind.SMS_CODE:
        return (
            ("Numéro", masked(content["phone"])),
            ("Code envoyé", _instant(content["sent_at"])),
            ("Code écrit", _instant(content["typed_at"])),
        )
    if kind is ProofKind.WITNESS:
        return (
            ("Lu par", content["reader"]),
            ("Langue", content["language"]),
            ("Pourquoi pas par écrit", content["reason"]),
            ("Témoin", f"{content['witness']}, {content['quality']}"),
            *((("Nom écrit par le témoin", content["witness_wrote"]),) if content["witness_wrote"] else ()),
        )
    if kind is ProofKind.EXISTING:
        return (
            ("Document au nom de", content["holder"]),
            ("Signé", long_date(date.fromisoformat(content["signed_on"]))),
            ("Valable jusqu’au", long_date(date.fromisoformat(content["ends_on"]))),
            ("Couvre", ", ".join(content["covers"])),
        )
    return ()


def _instant(kept: str) -> str:
    moment = datetime.fromisoformat(kept)
    return f"{long_date(moment)} à {clock(moment)}"
