"""The lists that somebody narrowed, named and kept: their own only, in their own order.

What a list shows is stored encrypted, its words being what people type: names of usagers. Its address holds the
view's id alone; another person's is not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import col

from app import typed
from app.errors import Conflict, Invalid, NotFound
from app.events import PreferencesChanged
from app.french import plural
from app.queries import lists
from app.queries.lists import Filter
from app.queries.order import Order
from app.queries.views import View, in_view, views_for
from app.work import Work
from models.account import Account
from models.desk import SavedView
from models.organization import Organization, Theme

MOST = 20  # views a person keeps
LONGEST = 60  # characters of a name
_LONGEST_WORDS = 100
_NAME = f"Donnez un nom à cette vue, en {LONGEST} caractères au plus."
_FORGED = "Cette vue ne peut pas être enregistrée. Choisissez-la à nouveau dans la liste."


@dataclass(frozen=True)
class Kept:
    """A list that was kept."""

    id: UUID
    name: str
    shown: Filter


def own(work: Work) -> tuple[Kept, ...]:
    """Return the views that the actor keeps, in their order."""
    return tuple(Kept(row.id, row.name, _read(row.shown)) for row in _rows(work))


def counts(work: Work, kept: Sequence[Kept]) -> tuple[int | None, ...]:
    """Return how many cases each view holds, in one query over what is open, as those of the service.

    History is not counted, nor what is sought by words: each would be a search of its own.
    """
    lists_ = [one.shown for one in kept]
    cheap = [one for one in lists_ if one.view is not View.CLOSED and not one.words]
    each = [and_(in_view(work, one.view), *lists.narrowed(one)) for one in cheap]
    found = iter(lists.counted(work, each) if each else ())
    return tuple(next(found) if one in cheap else None for one in lists_)


def find(work: Work, view_id: UUID) -> Kept:
    """Return one of the actor's own views; another's and an unknown one are not found."""
    row = _own(work, view_id)
    return Kept(row.id, row.name, _read(row.shown))


def keep(work: Work, name: str, shown: Filter) -> UUID:
    """Keep a list under a name, after the others; return its id."""
    _hold(work)
    rows = _rows(work)
    if len(rows) >= MOST:
        raise Conflict(
            f"Vous avez déjà {plural(MOST, 'vue enregistrée', 'vues enregistrées')}. Retirez-en une."
        )
    row = SavedView(
        created_at=work.now, account_id=work.actor.account_id, name=_named(rows, name),
        position=max((one.position for one in rows), default=0) + 1, shown=_written(work, shown),
    )  # fmt: skip
    work.session.add(row)
    _tell(work)
    return row.id


def rename(work: Work, view_id: UUID, name: str) -> None:
    """Give a view another name."""
    _hold(work)
    row = _own(work, view_id)
    row.name = _named([one for one in _rows(work) if one.id != view_id], name)
    _tell(work)


def move(work: Work, view_id: UUID, *, up: bool) -> None:
    """Put a view before the one above it, or after the one under it; at an end it stays."""
    _hold(work)
    rows = _rows(work)
    at = next((place for place, row in enumerate(rows) if row.id == view_id), None)
    if at is None:
        raise NotFound
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows, start=1):
        row.position = position
    _tell(work)


def remove(work: Work, view_id: UUID) -> None:
    """Keep a view no more; no case changes."""
    work.session.delete(_own(work, view_id))
    _tell(work)


def _rows(work: Work) -> list[SavedView]:
    query = select(SavedView).where(col(SavedView.account_id) == work.actor.account_id)
    return list(work.session.scalars(query.order_by(col(SavedView.position), col(SavedView.id))))


def _own(work: Work, view_id: UUID) -> SavedView:
    row = work.session.get(SavedView, view_id)
    if row is None or row.account_id != work.actor.account_id:
        raise NotFound
    return row


def _hold(work: Work) -> None:
    """One change of a person's views at a time: names, places and their number are checked against the rest."""
    account = work.session.get(Account, work.actor.account_id, with_for_update=True)
    if account is None:
        raise NotFound


def _named(others: list[SavedView], name: object) -> str:
    kept = typed.line(name, "name")
    if not 1 <= len(kept) <= LONGEST:
        raise Invalid(name=_NAME)
    if kept.casefold() in {one.name.casefold() for one in others}:
        raise Invalid(name="Vous avez déjà une vue de ce nom. Choisissez un autre nom.")
    return kept


def _written(work: Work, shown: Filter) -> dict[str, Any]:
    """Return what is stored of a filter: what a list really offers to this person, or a refusal."""
    words = typed.line(shown.words, "shown")
    is_known = (
        isinstance(shown.view, View)
        and shown.view in views_for(work)
        and isinstance(shown.sort, Order)
        and isinstance(shown.urgent, bool)
        and isinstance(shown.here, bool)
        and len(words) <= _LONGEST_WORDS
        and _is_code(work, col(Theme.code), shown.theme)
        and _is_code(work, col(Organization.code), shown.organization)
    )
    if not is_known:
        raise Invalid(shown=_FORGED)
    return {
        "view": shown.view.value, "sort": shown.order.value, "theme": shown.theme,
        "organization": shown.organization, "urgent": shown.urgent, "words": words,
        "here": shown.here,
    }  # fmt: skip


def _is_code(work: Work, column: Any, code: object) -> bool:
    return code == "" or (
        isinstance(code, str) and work.session.scalar(select(column).where(column == code)) is not None
    )


def _read(shown: dict[str, Any]) -> Filter:
    """Return a filter as it was stored; a view or an order that is no more gives the first one."""
    view = next((one for one in View if one.value == shown.get("view")), View.OPEN)
    sort = next((one for one in Order if one.value == shown.get("sort")), Order.ACTIVITY)
    theme, organization, words = (str(shown.get(name, "")) for name in ("theme", "organization", "words"))
    is_urgent, is_here = (shown.get(name) is True for name in ("urgent", "here"))
    return Filter(view, theme, organization, is_urgent, words, sort, is_here)


def _tell(work: Work) -> None:
    work.session.flush()
    work.signal(PreferencesChanged(work.actor.account_id))
