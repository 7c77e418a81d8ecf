"""Finding personal data where it must not stand: a subject is seen in lists and outside the thread.

Social security numbers, e-mails, phones, IBAN and names; in free text a NIR or a password only warns.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum import iban
from stdnum.fr import nir

_NIR = re.compile(
    r"(?<![0-9A-Z])[12][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{2})?(?!\d)"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<!\d)(?:\+33|0033|0)[ .-]?[1-9](?:[ .-]?\d{2}){4}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
_PASSWORD = re.compile(r"(?:mot de passe|mdp|password)\s*(?:est|:|=)\s*\S+", re.IGNORECASE)


def in_subject(subject: str, names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what a subject must not hold, in words that quote it; empty when it is clean."""
    found = [f"une adresse e-mail (« {match} »)" for match in _EMAIL.findall(subject)]
    found += [f"un numéro de sécurité sociale (« {text} »)" for text in _nirs(subject)]
    found += [f"un numéro de téléphone (« {match.group()} »)" for match in _PHONE.finditer(subject)]
    found += [
        f"un IBAN (« {match.group()} »)" for match in _IBAN.finditer(subject) if iban.is_valid(match.group())
    ]
    words = re.findall(r"\w+", fold(subject))
    for name in names:
        parts = re.findall(r"\w+", fold(name))
        if parts and len("".join(parts)) > 2 and _stands_in(parts, words):
            found.append(f"le nom « {name.strip()} »")
    return tuple(dict.fromkeys(found))


def in_text(text: str) -> tuple[str, ...]:
    """Return what a message or a description would do better without (a warning, not a refusal)."""
    found = [f"un numéro de sécurité sociale (« {number} »)" for number in _nirs(text)]
    if _PASSWORD.search(text):
        found.append("un mot de passe")
    return tuple(found)


def fold(text: str) -> str:
    """Return a text without case nor accents, to compare names as people type them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _nirs(text: str) -> list[str]:
    """Numbers shaped like a NIR; with 15 digits its key must be right (it is then surely one)."""
    found = []
    for match in _NIR.finditer(text.upper()):
        compact = re.sub(r"[ .]", "", match.group())
        if len(compact) == 13 or nir.is_valid(compact):
            found.append(match.group())
    return found


def _stands_in(parts: list[str], words: list[str]) -> bool:
    span = len(parts)
    return any(words[i : i + span] == parts for i in range(len(words) - span + 1))
