"""The text of a mandate as HTML: paragraphs, with what is this person's own in bold."""

from __future__ import annotations

import htpy as h

# To the usager; and to who reads the mandate for them.
FOR_NOTHING_ELSE = (
    "Cet accord ne permet à personne de demander vos données à votre place, pour les voir, les corriger ou les "
    "effacer. Personne ne doit vous demander un mot de passe."
)
NO_OTHER_USE = (
    "Ce mandat ne permet pas de demander les données de la personne à sa place, pour les voir, les corriger ou "
    "les effacer. Ne lui demandez jamais un mot de passe."
)


def paragraphs(lines: tuple[str, ...]) -> h.Element:
    """Return the paragraphs; what stands between ``**`` is in bold, and written in its own direction."""
    return h.div(".words")[(h.p[_bold(line)] for line in lines)]


def _bold(line: str) -> list[h.Node]:
    return [h.strong(dir="auto")[part] if number % 2 else part for number, part in enumerate(line.split("**"))]
