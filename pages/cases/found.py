"""What a search says of itself: how many cases, where it looked, and what to try when nothing is found."""

from __future__ import annotations

import htpy as h

from app.french import NBSP, plural
from app.queries.lists import Filter, Page
from app.queries.order import Order
from app.queries.views import VIEW_LABELS


def order_of(shown: Filter) -> Order:
    """What is found stands by its last activity, however the list is sorted."""
    return Order.ACTIVITY if shown.words else shown.order


def how_many(shown: Filter, page: Page) -> str:
    """Return how many cases were found, and where."""
    if not page.rows:
        return _none(shown)
    is_one = len(page.rows) == 1 and page.after is None
    count = plural(len(page.rows), "demande") + (" de cette vue" if shown.here else "")
    verb = "contient" if is_one else "contiennent"
    return f"{'Plus de ' if page.after else ''}{count} {verb} {quoted(shown.words)}"


def nowhere(shown: Filter) -> h.Node:
    """Return what to try next when nothing was found."""
    if shown.here:
        return h.fragment[
            h.p[_none(shown)],
            h.p["Le bouton au-dessus de la liste permet de chercher partout."],
        ]
    return h.fragment[
        h.p[_none(shown)],
        h.p[
            "Essayez moins de mots, ou seulement leur début. La recherche porte sur l’objet, le nom et la "
            "commune de la personne et les messages, demandes clôturées comprises."
        ],
    ]


def _none(shown: Filter) -> str:
    return f"Aucune demande{' de cette vue' if shown.here else ''} ne contient {quoted(shown.words)}."


def here_only(shown: Filter) -> h.Node:
    """Return the button that keeps a search within the view, or lets it look everywhere again."""
    return h.button(
        type="button", data_act="here", data_key="here", aria_pressed="true" if shown.here else "false"
    )[f"Dans «{NBSP}{VIEW_LABELS[shown.view]}{NBSP}» seulement"]


def quoted(words: str) -> str:
    """Return the words as they were typed, in quotes."""
    return f"«{NBSP}{words.strip('«» ' + NBSP)}{NBSP}»"
