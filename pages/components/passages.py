"""Why a case was found: the words found in its subject, in the usager's name, in the newest message that has
them."""

from __future__ import annotations

import htpy as h

from app.french import NBSP
from app.queries.finding import Hit
from app.search_words import Pieces


def found_in(pieces: Pieces) -> h.Renderable:
    """Return a text whose found words are marked."""
    return h.fragment[(h.mark[piece] if is_found else piece for piece, is_found in pieces)]


def passage(hit: Hit) -> h.Renderable:
    """Return what stands under the row of a case that was found."""
    said = hit.passage
    return h.fragment[
        h.span(".passage")[f"Nom{NBSP}: ", found_in(hit.usager)] if hit.usager else None,
        h.span(f".passage{'.of-note' if said.is_note else ''}")[
            h.span(".passage-author")[f"{'Note de ' if said.is_note else ''}{said.author}{NBSP}: "],
            found_in(said.pieces),
        ]
        if said is not None
        else None,
    ]
