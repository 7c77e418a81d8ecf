"""A case in a list, in two lines and its states: who, what, each organisation's answer, what is unread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

import htpy as h
from markupsafe import Markup

from app.french import age, moment_name
from app.queries.finding import Hit
from app.queries.lists import ReferralChip, Row
from app.queries.order import Order
from models.enums import CaseStatus
from pages.components.choosing import pick
from pages.components.passages import found_in, passage
from pages.components.states import case_chip, dated, due_words, referral_chip, urgent_mark, when

# What all rows have alike, made once: a first page has fifty of them.
_FIRST, _SUBJECT, _WHO, _WORDS, _STATES = (
    h.span(f".{name}") for name in ("first", "subject", "who", "words", "states")
)
_DOT, _UNREAD, _HERE, _URGENT = (
    Markup(part)  # noqa: S704 (escaped)
    for part in (
        h.span(".dot", aria_hidden="true"),
        h.span(".unseen")["Non lue : "],
        h.span(".here", data_here=""),
        h.fragment[urgent_mark(), " · "],
    )
)
_SOON = 4  # days before a due date from which a row says what is left rather than its age


def rows(
    found: Iterable[Row],
    query: str,
    now: datetime,
    nothing: h.Node,
    order: Order = Order.ACTIVITY,
    hits: Mapping[UUID, Hit] = MappingProxyType({}),
) -> h.Renderable:
    """Return the items of a list; ``query`` keeps the view in the address of each case, ``hits`` say why those
    that were searched for are there."""
    items = [row(one, query, now, order, hits.get(one.case_id)) for one in found]
    return h.fragment[
        h.ul(data_items="")[items],
        h.div(".list-empty", data_empty="", hidden=bool(items))[nothing],
    ]


def row(
    one: Row, query: str, now: datetime, order: Order = Order.ACTIVITY, hit: Hit | None = None
) -> h.Element:
    """Return one item; its moment is the one that the list is sorted by."""
    return h.li(data_key=str(one.case_id), data_rank=one.rank)[
        pick(one.subject),
        h.a(f".case-row{'.unread' if one.is_unread else ''}", href=f"/demandes/{one.case_id}{_at(query, hit)}")[
            _DOT if one.is_unread else None,
            _FIRST[
                _SUBJECT[_UNREAD if one.is_unread else None, found_in(hit.subject) if hit else one.subject],
                _when(one, now, order),
            ],
            _WHO[_WORDS[_URGENT if one.is_urgent else None, " · ".join(_who(one))], _HERE],
            _STATES[_states(one)],
            passage(hit) if hit else None,
        ],
    ]


def _at(query: str, hit: Hit | None) -> str:
    """Where the case opens: at the line where what was searched for was found."""
    if hit is None or hit.passage is None:
        return query
    return f"{query}{'&' if query else '?'}ligne={hit.passage.entry_id}"


def _states(one: Row) -> list[Markup]:
    chips = [referral_chip(referral) for referral in one.referrals]
    if one.status in (CaseStatus.CLOSED, CaseStatus.TO_REDIRECT):
        return [case_chip(one.status), *chips]
    return chips


def _who(one: Row) -> list[str]:
    names = dict.fromkeys(_whose(referral) for referral in one.referrals if referral.assignee)
    followed = f"suivie par {', '.join(names)}" if names else ""
    clocks = [referral for referral in one.referrals if referral.due_at or referral.is_waiting]
    stopped = "délai suspendu" if clocks and all(referral.is_waiting for referral in clocks) else ""
    return [word for word in (one.usager, one.commune, followed, stopped) if word]


def _whose(referral: ReferralChip) -> str:
    if referral.away is None:
        return referral.assignee
    stand_in = referral.away.stand_in
    return f"{stand_in} pour {referral.assignee}" if stand_in else f"{referral.assignee}, en absence"


def _when(one: Row, now: datetime, order: Order) -> h.Element:
    """How late the slowest organisation is (to an agent, their own), or the time left before the next one is;
    else how long since the case moved. A list sorted by date of sending says that one."""
    if order is Order.SENT:
        return h.span(".when")[
            dated(one.sent_at, age(one.sent_at, now), f"Transmise {moment_name(one.sent_at, now)}")
        ]
    due = one.due_at
    is_said = due is not None and (order is Order.DUE or (due - now).days < _SOON)
    if due is not None and is_said and one.status is not CaseStatus.CLOSED:
        look = ".soon" if (due - now).days < 1 else ""
        exact = f"Geste attendu {'depuis' if due <= now else 'avant'} {moment_name(due, now)}"
        return h.span(f".when{look}")[dated(due, due_words(due, now, one.departement), exact)]
    return h.span(".when")[when(one.activity_at, now)]
