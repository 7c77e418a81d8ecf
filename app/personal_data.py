"""Finding personal data where it must not stand: a subject is seen in lists and outside the thread.

Social security numbers, e-mails, phones, IBAN and names; in free text a NIR or a password only warns.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from stdnum import iban
from stdnum.fr import nir

_GAP = r"[\s.\-]?"  # \s knows the no-break spaces of what is pasted
_NIR = re.compile(
    rf"(?<![0-9A-Z])[12]{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}(?:\d{{2}}|2[AB]){_GAP}\d{{3}}{_GAP}\d{{3}}"
    rf"(?:{_GAP}\d{{2}})?(?!\d)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# The same gap between all pairs: a date and an hour («05-11-2026 14h») are no phone.
_PHONE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)33{_GAP}(?:\(0\){_GAP})?|0)[1-9]([\s./\-]?)\d{{2}}(?:\1\d{{2}}){{3}}(?!\d)"
)
_IBAN = re.compile(rf"(?=(\b[A-Z]{{2}}\d{{2}}(?:{_GAP}[A-Z0-9]){{11,30}}))", re.IGNORECASE)
_PASSWORD = re.compile(r"(?:mot de passe|mdp|password)\s*(?:est|:|=)\s*\S+", re.IGNORECASE)


def in_subject(subject: str, names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what a subject must not hold, in words that quote it; empty when it is clean."""
    found = [f"une adresse e-mail (« {match} »)" for match in _EMAIL.findall(subject)]
    found += [f"un numéro de sécurité sociale (« {text} »)" for text in _nirs(subject)]
    found += [f"un numéro de téléphone (« {match.group()} »)" for match in _PHONE.finditer(subject)]
    found += [f"un IBAN (« {text} »)" for text in _ibans(subject)]
    said = words(subject)
    for name in names:
        parts = words(name)
        if len("".join(parts)) > 2 and _stands_in(parts, said):
            found.append(f"le nom « {name.strip()} »")
    return tuple(dict.fromkeys(found))


def in_text(text: str) -> tuple[str, ...]:
    """Return what a message or a description would do better without (a warning, not a refusal)."""
    found = [f"un numéro de sécurité sociale (« {number} »)" for number in _nirs(text)]
    if _PASSWORD.search(text):
        found.append("un mot de passe")
    return tuple(found)


def fold(text: str) -> str:
    """Return a text without case nor accents, to compare names as people type them."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """Return the folded words of a text: hyphens and apostrophes are typed in many ways."""
    return re.findall(r"\w+", fold(text))


def _nirs(text: str) -> list[str]:
    """Numbers shaped like a NIR; with 15 digits its key must be right (it is then surely one)."""
    found = []
    for match in _NIR.finditer(text):
        compact = re.sub(_GAP, "", match.group()).upper()
        if len(compact) == 13 or nir.is_valid(compact):
            found.append(match.group())
    return found


def _ibans(text: str) -> list[str]:
    """IBANs, also those that run into the words around them when all is in capitals."""
    found = []
    for match in _IBAN.finditer(text):
        run = match.group(1)
        shorter = (run[:end] for end in range(len(run), 14, -1) if run[end - 1].isalnum())
        valid = (each for each in shorter if iban.is_valid(re.sub(_GAP, "", each), check_country=False))
        found += list(islice(valid, 1))
    return found


def _stands_in(parts: list[str], said: list[str]) -> bool:
    span = len(parts)
    return any(said[i : i + span] == parts for i in range(len(said) - span + 1))
