"""What a proof holds beside a signature or a name, in the words of the document. Never a whole phone number,
never what somebody wrote in answer: it may hold anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.french import clock, long_date
from models.enums import ProofKind

# By kind of proof: the key of its content, what it is called. Instants are said as such, phones masked.
_GIVER = ("giver", "Donné par")  # somebody else than the person
_SAID: dict[ProofKind, tuple[tuple[str, str], ...]] = {
    ProofKind.DRAWN: (),
    ProofKind.DECLARED: (),
    ProofKind.SMS_REPLY: (("phone", "Téléphone"), ("received_at", "Réponse reçue le")),
    ProofKind.SMS_CODE: (
        ("phone", "Téléphone"), ("sent_at", "Code envoyé le"), ("typed_at", "Code donné le"),
    ),
    ProofKind.PAPER: (("signed_on", "Signé le"), ("reference", "Référence"), ("reader", "Relu par")),
    ProofKind.WITNESS: (
        ("witness", "Témoin"), ("quality", "Qui est le témoin"), ("witness_wrote", "Nom écrit par le témoin"),
        ("reader", "Texte lu par"), ("language", "Langue de la lecture"), ("reason", "Raison de l’accord oral"),
        ("declared", "Déclarations"),
    ),
    ProofKind.EXISTING: (
        ("holder", "Nom sur le document"), ("signed_on", "Signé le"), ("ends_on", "Valable jusqu’au"),
        ("covers", "Organismes nommés"), ("reader", "Relu par"),
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
        (name, _words(key, content[key]))
        for key, name in (_GIVER, *_SAID[kind])
        if content.get(key) not in (None, "")
    )


def signature_of(content: Mapping[str, Any]) -> tuple[str, str]:
    """Return the signature that a proof holds, as SVG, and whose it is when not the person's own."""
    if image := content.get("witness_image"):
        return str(image), str(content.get("witness", ""))
    return str(content.get("image", "")), str(content.get("giver", ""))


def _words(key: str, value: Any) -> str:
    if key == "phone":
        return masked(str(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))[: 3 * _LONGEST]
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)[:_LONGEST]
    is_day = len(str(value)) == len("2026-11-23")
    if is_day:
        return long_date(moment.date())
    return f"{long_date(moment)} à {clock(moment)}" if moment.tzinfo else str(value)
