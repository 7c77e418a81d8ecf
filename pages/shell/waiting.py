"""The shape of what is being fetched, hidden from assistive tools: they are told that the place is busy."""

from __future__ import annotations

import htpy as h

_ROWS = 6


def list_skeleton() -> h.Element:
    """Return the shape of a list of cases."""
    return h.ul(".skeleton.list", aria_hidden="true")[
        (h.li[h.i, h.i(".half"), h.i(".third")] for _ in range(_ROWS))
    ]


def case_skeleton() -> h.Element:
    """Return the shape of a case: its head, two messages."""
    return h.div(".skeleton", aria_hidden="true")[
        h.i(".title"), h.i(".half"), h.i(".third"), h.i(".block"), h.i(".block")
    ]
