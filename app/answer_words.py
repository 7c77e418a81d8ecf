"""The variables of a ready answer: a closed list, filled from the case that is open when the answer is used.

One that has no value there stays in the text as a hole, «[échéance ?]», for the person to complete.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import Invalid
from app.french import NBSP
from app.personal_data import fold


@dataclass(frozen=True)
class Variable:
    """A name as it is written between braces, what stands for it, and its value in the invented example."""

    name: str
    what: str
    example: str


VARIABLES: tuple[Variable, ...] = (
    Variable("usager", "la personne, comme dans les listes", f"Mme{NBSP}M."),
    Variable("objet", "l’objet de la demande", "APL non versée depuis septembre"),
    Variable("démarche", "la démarche concernée", "Aide au logement (APL)"),
    Variable("structure", "la structure de l’aidant", "France Services de Sains"),
    Variable("aidant", "qui a fait la demande", "Louise Martin"),
    Variable("organisme", "votre organisme ; pour un Aidant+, ceux de la demande", "CAF"),
    Variable("échéance", "le jour où une réponse est attendue", f"7{NBSP}décembre{NBSP}2026"),
    Variable("date", "la date du jour", f"30{NBSP}novembre{NBSP}2026"),
    Variable("moi", "votre prénom et votre nom", "Nadia Roche"),
    Variable("mon groupe", "le groupe au nom duquel vous écrivez", "CAF – Oise"),
)
EXAMPLE: Mapping[str, str] = {one.name: one.example for one in VARIABLES}
_KNOWN = {fold(one.name): one.name for one in VARIABLES}
_WRITTEN = re.compile(r"\{([^{}\n]*)\}")
_HOLE = re.compile(rf"\[({'|'.join(map(re.escape, EXAMPLE))})[ {NBSP}]\?\]")


def checked(text: str) -> str:
    """Return a text whose variables are written as in the list, accents and capitals put right; one that is
    not in it is refused (``Invalid``)."""

    def known(written: re.Match[str]) -> str:
        name = _KNOWN.get(" ".join(fold(written[1]).split()))
        if name is None:
            raise Invalid(
                text=f"«{NBSP}{written[0]}{NBSP}» n’est pas une variable. "
                "Choisissez-en une dans la liste, ou retirez les accolades."
            )
        return f"{{{name}}}"

    return _WRITTEN.sub(known, text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the value of each variable, or a hole where there is none."""
    return _WRITTEN.sub(
        lambda written: values.get(written[1]) or (hole(written[1]) if written[1] in EXAMPLE else written[0]),
        text,
    )


def hole(name: str) -> str:
    """Return what stands for a variable without a value."""
    return f"[{name}{NBSP}?]"


def holes(text: str) -> tuple[str, ...]:
    """Return the holes that a text still has, each once."""
    return tuple(dict.fromkeys(hole(found[1]) for found in _HOLE.finditer(text)))
