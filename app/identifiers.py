"""The numbers by which organisations know people, as typed: what is one, how it is kept, how it is said back.

Sources: domain, section 3, «Fields by organisation»; INSEE for the NIR and its key (97 less the rest of the
division by 97, Corsica as 19 and 18), DGFiP for the numéro fiscal (the rest of the division by 511).
"""

from __future__ import annotations

import re

from stdnum.fr import nif, nir

from models.enums import IdentifierKind

KINDS = tuple(kind for kind in IdentifierKind if kind is not IdentifierKind.NONE)
LONGEST = 40  # characters as typed, separators included
_SEPARATORS = re.compile(r"[\s.\-/_]+")
_BORN = r"[123478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)"  # sex, year, month (from 20 on, a month that is not known)
_NIR = re.compile(_BORN + r"(?:\d{2}|2[AB])\d{6}(?:\d{2})?")
_FRANCE_TRAVAIL = re.compile(r"\d{7}[0-9A-Z](?:[0-9A-Z]{3})?")


class NotOne(ValueError):
    """What was typed is no such number; the message is the sentence for its field."""


def read(kind: IdentifierKind, text: str) -> str:
    """Return a number as it is kept, without its separators, empty when nothing was typed; else ``NotOne``.

    A number d’allocataire may be typed with the letter that follows it on the letters of the CAF.
    """
    typed = _SEPARATORS.sub("", text).upper()
    if not typed:
        return ""
    match kind:
        case IdentifierKind.ALLOCATAIRE:
            return _allocataire(typed)
        case IdentifierKind.NIR:
            return _nir(typed)
        case IdentifierKind.FISCAL:
            return _fiscal(typed)
        case IdentifierKind.FRANCE_TRAVAIL:
            return _france_travail(typed)
        case IdentifierKind.NONE:
            raise NotOne("Cet organisme ne demande pas de numéro. Laissez vide.")


def shown(kind: IdentifierKind, value: str) -> str:
    """Return a number as people read it aloud: «2 87 07 02 361 042 31»."""
    if kind is IdentifierKind.NIR:
        return nir.format(value).strip()
    if kind is IdentifierKind.FISCAL:
        return nif.format(value)
    return value


def as_read(kind: IdentifierKind, text: str) -> str:
    """Return what is typed as people read it aloud, empty when it is no such number."""
    try:
        value = read(kind, text)
    except NotOne:
        return ""
    return shown(kind, value) if value else ""


def said_back(kind: IdentifierKind, text: str) -> str:
    """Return how what is typed is understood; of a NIR without its key also the key it ought to have. Nothing
    when it is no such number yet."""
    words = as_read(kind, text)
    if kind is IdentifierKind.NIR and words and len(words.replace(" ", "")) == 13:
        key = nir.calc_check_digits(read(kind, text))
        return f"{words}, clé {key} : comparez-la avec sa carte Vitale."
    return words if words != text.strip() else ""


def _allocataire(typed: str) -> str:
    if not re.fullmatch(r"\d{7}[A-Z]?", typed, re.ASCII):
        raise NotOne("Un numéro d’allocataire a 7 chiffres. Vérifiez-le, ou laissez vide.")
    return typed[:7]


def _nir(typed: str) -> str:
    if len(typed) not in (13, 15):
        raise NotOne("Un NIR a 13 caractères, ou 15 avec sa clé. Vérifiez-le, ou laissez vide.")
    if not re.fullmatch(_NIR, typed):
        raise NotOne("Ce NIR ne suit pas l’ordre sexe, année, mois, lieu. Vérifiez-le, ou laissez vide.")
    if len(typed) == 15 and not nir.is_valid(typed):
        raise NotOne(
            "La clé de ce NIR ne correspond pas à ses 13 premiers caractères. Vérifiez chaque chiffre."
        )
    return typed


def _fiscal(typed: str) -> str:
    if not re.fullmatch(r"\d{13}", typed, re.ASCII):
        raise NotOne("Un numéro fiscal a 13 chiffres. Vérifiez-le, ou laissez vide.")
    if not nif.is_valid(typed):
        raise NotOne("Ce numéro fiscal ne peut pas exister. Vérifiez chaque chiffre, ou laissez vide.")
    return typed


def _france_travail(typed: str) -> str:
    if not re.fullmatch(_FRANCE_TRAVAIL, typed):
        raise NotOne(
            "Un identifiant France Travail a 8 caractères, 7 chiffres puis une lettre ou un chiffre, "
            "ou 11 caractères. Vérifiez-le, ou laissez vide."
        )
    return typed
