"""Icons: lines of 1.7 px in a box of 22, drawn for this service; always beside a word, so never read aloud."""

# ruff: noqa: E501 (the paths of drawings are as long as they are)
from __future__ import annotations

from functools import cache

import htpy as h
from markupsafe import Markup

LINES: dict[str, str] = {
    "inbox": "M4 5.5h14l2 8v4.5H2v-4.5z M2 13.5h5.5l1 2.5h5l1-2.5H20",
    "plus": "M11 4v14 M4 11h14",
    "person": "M11 10.5a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4z M3.5 19c.8-4 3.8-5.8 7.5-5.8s6.700 1.800 7.500 5.800",
    "leave": "M9 3.500H4v15h5 M8.500 11H19 M15 6.800 19.200 11 15 15.200",
    "clip": "M17.500 10.500 10.800 17a4 4 0 0 1-5.700-5.700l7.400-7.200a2.700 2.700 0 0 1 3.800 3.800l-7.200 7a1.300 1.300 0 0 1-1.900-1.900l6.400-6.200",
    "shield": "M11 2.500 18 5v5.500c0 4.500-3 7.500-7 9-4-1.500-7-4.500-7-9V5z M8 11l2.200 2.200L14.200 9",
    "back": "M13.500 4.500 7 11l6.500 6.500",
    "more": "M5 11h.01 M11 11h.01 M17 11h.01",
    "print": "M6 8V3h10v5 M6 15H3V8h16v7h-3 M6 12.500h10V19H6z",
    "pen": "M4 18l1-4L15.500 3.500l3 3L8 17z",
    "camera": "M3 6.500h4L8.500 4h5L15 6.500h4V18H3z M11 15.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
    "close": "M5 5l12 12 M17 5 5 17",
    "info": "M11 20a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M11 10v5 M11 7h.01",
    "search": "M9.500 16a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13z M14.200 14.200 19 19",
    "bell": "M5.500 15.500h11l-1.500-2.500V9.500a4 4 0 0 0-8 0V13z M9 18a2 2 0 0 0 4 0",
    "sliders": "M3 7h9 M16 7h3 M14 5v4 M3 15h3 M10 15h9 M8 13v4",
    "drafts": "M5 2.500h8l4 4V19.500H5z M8 11h6 M8 14.500h6",
    "ready": "M3.500 4h15v11H10l-4 3.500V15H3.500z M7 8h8 M7 11h5",
}  # fmt: skip
# State icons are filled: they must be told apart at 14 px and without colour.
_SHAPES: dict[str, str] = {
    "sent": '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.7"></circle>',
    "in_progress": (
        '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.7"></circle>'
        '<path d="M8 2.500a5.500 5.500 0 0 1 0 11z" fill="currentColor"></path>'
    ),
    "resolved": (
        '<circle cx="8" cy="8" r="6.300" fill="currentColor"></circle>'
        '<path d="M5.200 8.200 7.200 10.200 11 6.200" fill="none" class="cut" stroke-width="1.700"></path>'
    ),
    "not_competent": (
        '<path d="M2.500 8h10 M9 4.500 12.500 8 9 11.500" fill="none" stroke="currentColor" stroke-width="1.800"></path>'
    ),
    "late": (
        '<path d="M8 1.500 15 14.200H1z" fill="currentColor"></path>'
        '<path d="M8 6v4 M8 11.800v.8" class="cut" stroke-width="1.600"></path>'
    ),
    "waiting": (
        '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.7"></circle>'
        '<path d="M6.500 5.800v4.400 M9.500 5.800v4.400" stroke="currentColor" stroke-width="1.700"></path>'
    ),
    "closed": (
        '<rect x="2.500" y="2.500" width="11" height="11" rx="2" fill="none" stroke="currentColor" stroke-width="1.700"></rect>'
        '<path d="M5.200 8.200 7.200 10.200 11 6.200" fill="none" stroke="currentColor" stroke-width="1.700"></path>'
    ),
    "urgent": (
        '<path d="M3 14.500V2.200" stroke="currentColor" stroke-width="1.800" stroke-linecap="round"></path>'
        '<path d="M3.800 2.500h9.400l-2.400 3.200 2.400 3.200H3.800z" fill="currentColor"></path>'
    ),
    "withdrawn": (
        '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.7"></circle>'
        '<path d="M4.500 11.500l7-7" stroke="currentColor" stroke-width="1.700"></path>'
    ),
}  # fmt: skip


# Drawn once: a list of fifty rows shows two hundred of them.
@cache
def icon(name: str) -> Markup:
    """Return a line icon, hidden from assistive tools."""
    drawn = h.svg(
        ".icon", viewBox="0 0 22 22", width="22", height="22", fill="none", stroke="currentColor",
        stroke_width="1.7", stroke_linecap="round", stroke_linejoin="round", aria_hidden="true",
    )[h.path(d=LINES[name])]  # fmt: skip
    return drawn.__html__()


@cache
def state_icon(name: str) -> Markup:
    """Return the icon of a state, hidden from assistive tools: the word says it."""
    drawn = h.svg(".state-icon", viewBox="0 0 16 16", width="14", height="14", aria_hidden="true")[
        Markup(_SHAPES[name])  # noqa: S704 (our own constants)
    ]
    return drawn.__html__()
