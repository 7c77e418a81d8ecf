"""The thread as HTML: messages, notes between agents, events as thin lines, days apart. Texts are texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import htpy as h

from app.deadlines import PARIS
from app.french import clock, day_name, long_date, moment_name, short_name, size, tied
from app.mentions import pieces
from app.queries.thread import EntryView, FileLine
from models.enums import Audience, EntryKind
from pages.components.states import dated
from pages.shell.icons import icon


def lines(entries: Iterable[EntryView], structure: str, now: datetime) -> list[h.Element]:
    """Return the items of a thread; ``structure`` tells the aidants' messages from the organisations'."""
    items: list[h.Element] = []
    day = ""
    for entry in entries:
        if _is_gone(entry):
            continue
        this = entry.at.astimezone(PARIS).date().isoformat()
        if this != day:
            day = this
            items.append(h.li(".day", data_day=day)[_day(entry.at, now)])
        items.append(line(entry, structure, now))
    return items


def _day(at: datetime, now: datetime) -> h.Element:
    return h.time(datetime=at.astimezone(PARIS).date().isoformat(), title=long_date(at))[day_name(at, now)]


def line(entry: EntryView, structure: str, now: datetime) -> h.Element:
    """Return one item."""
    if entry.is_withdrawn:
        return h.li(".event.withdrawn", data_key=str(entry.id))[entry.sentence, " · ", _time(entry, now)]
    if entry.kind is EntryKind.EVENT:
        return _event(entry, now)
    look = "note" if entry.audience is Audience.OPERATORS else "aidant" if entry.group == structure else "agent"
    return h.li(f".message.{look}", data_key=str(entry.id))[
        h.p(".by")[
            h.strong[short_name(entry.author)],
            h.span[entry.group, " · ", _time(entry, now)],
            h.span(".audience.operators")[entry.audience.label] if look == "note" else None,
        ],
        h.p(".text")[_text(entry)] if entry.text else None,
        files(entry.files),
    ]


def _text(entry: EntryView) -> list[h.Node]:
    """What was written; whom it names stands out, and oneself more (``Fragment``, ``me``)."""
    return [
        h.span(".mention", data_to=" ".join(map(str, one.ids)))[one.text] if one.ids else one.text
        for one in pieces(tied(entry.text), entry.mentions)
    ]


def changed(entry: EntryView, structure: str, now: datetime) -> str:
    """Return what a line that was taken back has become; nothing, if it goes with its message."""
    return "" if _is_gone(entry) else str(line(entry, structure, now))


def _is_gone(entry: EntryView) -> bool:
    return entry.is_withdrawn and entry.kind is EntryKind.EVENT


def files(found: tuple[FileLine, ...]) -> h.Element | None:
    """Return files to download; each download is authorised again."""
    if not found:
        return None
    return h.div(".files")[(file(one) for one in found)]


def file(one: FileLine) -> h.Element:
    """Return one file."""
    return h.a(".file", href=f"/pieces/{one.id}", data_plain="", download="")[
        icon("clip"), h.span[one.name, h.small[f"{size(one.size)} · {one.status}"]]
    ]


def _event(entry: EntryView, now: datetime) -> h.Element:
    return h.li(".event", data_key=str(entry.id))[entry.sentence, " · ", _time(entry, now)]


def _time(entry: EntryView, now: datetime) -> h.Element:
    return dated(entry.at, clock(entry.at), moment_name(entry.at, now))
