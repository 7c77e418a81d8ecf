"""The numbers by which organisations know a person, in words: their label, and who sees them."""

from __future__ import annotations

import htpy as h

from app.french import NBSP
from app.queries.identifiers import IdentifierLine
from models.enums import IdentifierKind, Side


def label_of(kind: IdentifierKind, organizations: tuple[str, ...]) -> str:
    """Return «Numéro d’allocataire CAF»: a number whose name does not say whose it is says it."""
    if kind is IdentifierKind.ALLOCATAIRE and organizations:
        return f"{kind.label} {', '.join(organizations)}"
    return kind.label


def hint_of(organizations: tuple[str, ...]) -> str:
    """Say who sees it."""
    many = "des organismes" if len(organizations) > 1 else "de l’organisme"
    return f"Vu de votre structure et {many} {', '.join(organizations)} seulement."


def identifier_lines(lines: tuple[IdentifierLine, ...], side: Side) -> h.Node:
    """Return the numbers that are given, each with who sees it, for the aidant's side."""
    return (
        h.p(data_key=f"numero-{one.kind.value}")[
            f"{label_of(one.kind, one.organizations)}{NBSP}: ",
            h.strong[one.value.replace(" ", NBSP)],
            h.small(".meta")[h.br, _seen_by(one.organizations)] if side is Side.AIDANT else None,
        ]
        for one in lines
        if one.value
    )


def _seen_by(organizations: tuple[str, ...]) -> str:
    return hint_of(organizations) if organizations else "Vu de votre structure seulement."
