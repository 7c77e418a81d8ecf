"""What a proof holds beside a signature or a name, in the words of the document. Never a whole phone number,
never what somebody wrote in answer: it may hold anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.french import clock, long_date
from models.enums import ProofKind

# By kind of proof: the key of its content, what it is called. Instants are said as such, phones masked.
_SAID: dict[ProofKind, tuple[tuple[str, str], ...]] = {
    ProofKind.DRAWN: (),
    ProofKind.DECLARED: (),
    ProofKind.SMS_REPLY: (
        ("phone", "Téléphone"), ("asked_at", "Question envoyée le"), ("received_at", "Réponse reçue le"),
    ),
    ProofKind.SMS_CODE: (("phone", "Téléphone"), ("sent_at", "Code envoyé le")),
    ProofKind.PAPER: (("signed_on", "Signé le"),),
    ProofKind.WITNESS: (
        ("witness", "Témoin"), ("quality", "Qualité du témoin"), ("reader", "Texte lu par"),
        ("language", "Langue de la lecture"), ("reason", "Raison de l’accord oral"),
        ("confirm_by", "À confirmer par écrit avant le"),
    ),
    ProofKind.EXISTING: (
        ("signed_on", "Signé le"), ("valid_from", "Valable depuis le"), ("valid_until", "Valable jusqu’au"),
        ("scope", "Ce qu’il couvre"),
    ),
}  # fmt: skip
_LONGEST = 200


def masked(phone: str) -> str:
    """Return a number of which only the country and both ends are left: «+33 6 •• •• •• 78»."""
    digits = [one for one in phone if one.isdigit()]
    if not phone.startswith("+33") or len(digits) != 11:
        return f"•• •• •• {''.join(digits[-2:])}"
    return f"+33 {digits[2]} •• •• •• {''.join(digits[-2:])}"


def details_of(kind: ProofKind, content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what is said of a proof, name and value, in order; what is not known or empty is left out."""
    return tuple(
        (name, _words(key, content[key])) for key, name in _SAID[kind] if content.get(key) not in (None, "")
    )


def _words(key: str, value: Any) -> str:
    if key == "phone":
        return masked(str(value))
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)[:_LONGEST]
    is_day = len(str(value)) == len("2026-11-23")
    if is_day:
        return long_date(moment.date())
    return f"{long_date(moment)} à {clock(moment)}" if moment.tzinfo else str(value)
