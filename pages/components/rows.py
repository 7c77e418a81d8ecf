"""A case in a list, in two lines and its states: who, what, each organisation's answer, what is unread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import htpy as h

from app.queries.lists import Row
from models.enums import CaseStatus
from pages.components.states import case_chip, due_words, referral_chip, when

_SOON = 4  # days before a due date from which a row says what is left rather than its age


def rows(found: Iterable[Row], query: str, now: datetime, nothing: h.Node) -> h.Renderable:
    """Return the items of a list; ``query`` keeps the view in the address of each case."""
    items = [row(one, query, now) for one in found]
    return h.fragment[
        h.ul(data_items="")[items],
        h.div(".list-empty", data_empty="", hidden=bool(items))[nothing],
    ]


def row(one: Row, query: str, now: datetime) -> h.Element:
    """Return one item."""
    return h.li(data_key=str(one.case_id))[
        h.a(f".case-row{'.unread' if one.is_unread else ''}", href=f"/demandes/{one.case_id}{query}")[
            h.span(".dot", aria_hidden="true") if one.is_unread else None,
            h.span(".first")[
                h.span(".subject")[h.span(".unseen")["Non lue : "] if one.is_unread else None, one.subject],
                _when(one, now),
            ],
            h.span(".who")[
                h.fragment[h.span(".urgent")["Urgent"], " · "] if one.is_urgent else None, " · ".join(_who(one))
            ],
            h.span(".states")[_states(one)],
        ]
    ]


def _states(one: Row) -> list[h.Element]:
    chips = [referral_chip(referral) for referral in one.referrals]
    if one.status in (CaseStatus.CLOSED, CaseStatus.TO_REDIRECT):
        return [case_chip(one.status), *chips]
    return chips


def _who(one: Row) -> list[str]:
    words = [one.usager, one.commune]
    words += dict.fromkeys(referral.assignee for referral in one.referrals if referral.assignee)
    return [word for word in words if word]


def _when(one: Row, now: datetime) -> h.Element:
    """The time left before the next organisation is late, else how long since it moved."""
    due = min((r.due_at for r in one.referrals if r.due_at and r.due_at > now), default=None)
    if due is not None and (due - now).days < _SOON and one.status is not CaseStatus.CLOSED:
        urgent = ".soon" if (due - now).days < 1 else ""
        return h.span(f".when{urgent}")[due_words(due, now)]
    return h.span(".when")[when(one.activity_at, now)]
