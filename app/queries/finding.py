"""Finding cases by words: in subjects, usagers' names, communes, messages and notes that the actor may read.

A case is found when it has everything asked for, here or there. The newest cases are looked through first: a
common word is in them. What is rare is asked of the database's index, which then has little to give: the
rare words, among one's own cases; the others are looked for in those. So that neither costs more when there are
more messages. What may be seen is decided by ``participation`` and by the side on which the actor
reads, as everywhere; the index only leads there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    intersect,
    literal,
    literal_column,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col

from app.queries import lists
from app.queries.lists import Filter, Page, Row
from app.queries.order import Cursor
from app.queries.views import View
from app.queries.visibility import held_as
from app.search_index import holder_token
from app.search_words import Pieces, Term, marked, passage, terms
from app.threads import readable_by
from app.work import Work
from models.case import Participation
from models.enums import Audience, Party, Side
from models.search import SearchLine
from models.thread import Entry

WINDOWS = (120, 480)  # cases looked through before the index is asked
_RARE = (
    0.25  # share of them up to which the index is asked for a word; the others are looked for in what it gives
)
_WORTH_GOING_ON = 0.05  # share of a window that must be found to look through the next one
_WORDS: ColumnElement[Any] = literal_column("array_to_tsvector(string_to_array(ltrim(folded || holders), ' '))")

Walk = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Passage:
    """The newest message that has what was sought, and the words around."""

    entry_id: UUID
    author: str
    at: datetime
    is_note: bool
    pieces: Pieces


@dataclass(frozen=True)
class Hit:
    """Why a case was found. ``usager`` is their whole name, when words of the search are in it."""

    subject: Pieces
    usager: Pieces
    passage: Passage | None


@dataclass(frozen=True)
class Found(Page):
    """Cases, the one that moved last first, and why each was found."""

    hits: dict[UUID, Hit]


def page(work: Work, shown: Filter, after: Cursor | None = None, *, size: int = lists.PAGE) -> Page:
    """Return a page of what a screen shows: the list, or what is found once something is typed."""
    if shown.words:
        return find(work, shown, after, size=size)
    return lists.page(work, shown, after, size=size)


def why(page: Page) -> dict[UUID, Hit]:
    """Return why the cases of a page were found; a list has none to give."""
    return page.hits if isinstance(page, Found) else {}


def whole(work: Work, shown: Filter, most: int) -> tuple[tuple[Row, ...], bool]:
    """Return what a screen shows at one instant, ``most`` rows of it, and whether there is more."""
    if not shown.words:
        return lists.whole(work, shown, most)
    rows: list[Row] = []
    found = find(work, shown, size=lists.MOST)
    rows += found.rows
    while found.after is not None and len(rows) <= most:
        found = find(work, shown, found.after, size=lists.MOST)
        rows += found.rows
    return tuple(rows[:most]), len(rows) > most


def find(work: Work, shown: Filter, after: Cursor | None = None, *, size: int = lists.PAGE) -> Found:
    """Return the cases where the words of ``shown`` are found, among all that the actor may read, open and
    closed, or in its list only. Nothing searchable finds nothing."""
    sought, size = terms(shown.words), min(size, lists.MOST)
    where = (shown,) if shown.here else (Filter(View.OPEN), Filter(View.CLOSED))
    walks = lists.walks(work, where, after)
    found = _search(work, sought, walks, size + 1) if sought and walks else []
    page = lists.as_rows(work, found, size)
    passages = _passages(work, found[:size], sought)
    hits = {row.case_id: _hit(row, sought, passages.get(row.case_id)) for row in found[:size]}
    return Found(page.rows, page.after, hits)


def _search(work: Work, sought: tuple[Term, ...], walks: list[Walk], size: int) -> list[Any]:
    """Return the first cases that have everything, the one that moved last first."""
    for window in WINDOWS:
        newest = _merged(work, walks, window)
        seen = _seen_in(work, sought, newest)
        found = [row for row in newest if all(seen[row.case_id])]
        if len(found) >= size or len(newest) < window:
            return _whole(work, walks, found[:size])
        if len(found) < _WORTH_GOING_ON * window:
            break
    counts = [sum(has[rank] for has in seen.values()) for rank in range(len(sought))]
    most = max(min(counts), int(_RARE * len(newest)))
    rare = [term for term, count in zip(sought, counts, strict=True) if count <= most]
    return _whole(work, walks, _by_index(work, sought, rare, walks, size))


def _merged(work: Work, walks: Iterable[Walk], size: int) -> list[Any]:
    """Walk all lists at once, newest first: which cases, when they moved, on which side they are read, and by
    which walk each was found."""
    columns = col(Participation.case_id), col(Participation.activity_at), col(Participation.side)
    each = [
        walk.with_only_columns(*columns, literal_column(str(rank)).label("rank")).limit(size).subquery()
        for rank, walk in enumerate(walks)
    ]
    found = union_all(*(select(one) for one in each)).subquery()
    newest = select(found).order_by(found.c.activity_at.desc(), found.c.case_id.desc()).limit(size)
    return list(work.session.execute(newest))


def _whole(work: Work, walks: list[Walk], found: list[Any]) -> list[Any]:
    """Read these cases as rows of a list are read, in their order."""
    rows = {}
    for rank in {row.rank for row in found}:
        ids = [row.case_id for row in found if row.rank == rank]
        for row in work.session.execute(walks[rank].where(col(Participation.case_id).in_(ids))):
            rows[row.case_id] = row
    return [rows[row.case_id] for row in found]


def _seen_in(work: Work, sought: tuple[Term, ...], newest: list[Any]) -> dict[UUID, tuple[bool, ...]]:
    """Look through all that may be read of these cases: which terms has each?"""
    if not newest:
        return {}
    columns = [func.max(case((_has(term), 1), else_=0)) for term in sought]
    query = select(col(SearchLine.case_id), *columns).where(_readable(newest))
    found = work.session.execute(query.group_by(col(SearchLine.case_id)))
    seen = {case_id: tuple(map(bool, has)) for case_id, *has in found}
    return {row.case_id: seen.get(row.case_id, (False,) * len(sought)) for row in newest}


def _has(term: Term) -> ColumnElement[bool]:
    """Whether a line has it. Letters and figures only: nothing to escape."""
    return (col(SearchLine.folded) + " ").like(f"%{term.said}%")


def _readable(rows: list[Any]) -> ColumnElement[bool]:
    """Return the lines of these cases that the actor reads, by the side on which each was found."""
    ids = {side: [row.case_id for row in rows if row.side is side] for side in Side}
    return or_(
        *(
            and_(col(SearchLine.case_id).in_(known), col(SearchLine.audience).in_(readable_by(side)))
            for side, known in ids.items()
            if known
        )
    )


def _by_index(
    work: Work, sought: tuple[Term, ...], rare: list[Term], walks: list[Walk], size: int
) -> list[Any]:
    """Return the first cases to which the index leads from all the rare terms, among each holder's own, if they
    have the others too."""
    is_sqlite = work.session.get_bind().dialect.name == "sqlite"
    led = []
    for rank, (holder, party) in enumerate(held_as(work.actor)):
        side = Side.AIDANT if party is Party.STRUCTURE else Side.AGENT
        audience = col(SearchLine.audience).in_(readable_by(side))
        token = holder_token(holder)
        each = [
            select(col(SearchLine.case_id)).where(
                _indexed(term, token, is_sqlite=is_sqlite), audience, _has(term)
            )
            for term in rare
        ]
        ids = (intersect(*each) if len(each) > 1 else each[0].distinct()).cte(f"led_to_{rank}")
        led.append((ids.prefix_with("MATERIALIZED"), audience))
    others = [term for term in sought if term not in rare]
    found = []
    for rank, walk in enumerate(walks):
        ids, audience = led[rank % len(led)]
        same = col(SearchLine.case_id) == Participation.case_id
        has_others = (exists().where(same, audience, _has(term)) for term in others)
        found.append(walk.where(col(Participation.case_id).in_(select(ids.c.case_id)), *has_others))
    return _merged(work, found, size)


def _indexed(term: Term, token: str, *, is_sqlite: bool) -> ColumnElement[bool]:
    """Return what is asked of the index: every word of a term, and that the line is among this holder's."""
    if is_sqlite:
        asked = " AND ".join([f'"{word}"{" *" if goes_on else ""}' for word, goes_on in term.indexed])
        index = text("SELECT rowid FROM search_index WHERE search_index MATCH :asked")
        found = index.bindparams(bindparam("asked", f'{asked} AND "{token}"', unique=True))
        return col(SearchLine.id).in_(found.columns(column("rowid", Integer)))
    asked = " & ".join([f"'{word}'{':*' if goes_on else ''}" for word, goes_on in term.indexed])
    return _WORDS.op("@@")(literal(f"{asked} & '{token}'").cast(TSQUERY))


def _passages(work: Work, found: list[Any], sought: tuple[Term, ...]) -> dict[UUID, Passage]:
    """Return the newest line of each case that has something of what was sought in its own words, all of it
    if one has."""
    if not found:
        return {}
    own = [_has(term) for term in sought]
    count = sum((case((has, 1), else_=0) for has in own), literal(0))
    best = (
        select(
            col(SearchLine.entry_id),
            func.row_number()
            .over(partition_by=col(SearchLine.case_id), order_by=(count.desc(), col(SearchLine.id).desc()))
            .label("rank"),
        )
        .where(_readable(found), col(SearchLine.entry_id).is_not(None), or_(*own))
        .subquery()
    )
    query = select(
        col(Entry.case_id), col(Entry.id), col(Entry.author_name), col(Entry.created_at), col(Entry.audience),
        col(Entry.text),
    ).join(best, (best.c.entry_id == Entry.id) & (best.c.rank == 1))  # fmt: skip
    return {
        case_id: Passage(entry_id, author, at, audience is Audience.OPERATORS, passage(words, sought))
        for case_id, entry_id, author, at, audience, words in work.session.execute(query)
    }


def _hit(found: Any, sought: tuple[Term, ...], said: Passage | None) -> Hit:
    name = marked(f"{found.usager_first_name} {found.usager_last_name}", sought)
    is_named = any(is_found for _, is_found in name)
    return Hit(marked(found.subject, sought), name if is_named else (), said)
