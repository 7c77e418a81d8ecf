"""«@Prénom Nom» in a text: whom it names, among those who may read it. Pure.

Only names count, as they stand in the text: whatever a browser may add is not read. Accents, case and the shape
of an apostrophe do not matter; the longest name that fits is meant, and two people of one name are both meant,
since nobody named must be left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.personal_data import fold


@dataclass(frozen=True)
class Mention:
    """A name in a text, from its «@» to its end, and whose it is."""

    start: int
    end: int
    ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Piece:
    """A part of a text; a mention is whose it names."""

    text: str
    ids: tuple[UUID, ...] = ()


def found(text: str, people: Iterable[tuple[UUID, str]]) -> tuple[Mention, ...]:
    """Return the mentions of these people (id, name) in a text, in its order."""
    if "@" not in text:
        return ()
    named: defaultdict[str, list[UUID]] = defaultdict(list)
    for id_, name in people:
        named[" ".join(_folded(name)[0].split())].append(id_)
    named.pop("", None)
    if not named:
        return ()
    names = "|".join(re.escape(one) for one in sorted(named, key=len, reverse=True))
    folded, at = _folded(text)
    # Not in an address; a name ends where no letter goes on with it, nor a hyphen with a letter after it.
    pattern = re.compile(rf"(?<![\w.+-])@({names})(?!\w|[-'](?=\w))")
    return tuple(
        Mention(at[one.start()], _end(text, at[one.end() - 1] + 1), tuple(named[one[1]]))
        for one in pattern.finditer(folded)
    )


def pieces(text: str, mentions: Iterable[Mention]) -> tuple[Piece, ...]:
    """Return a text in parts, those that are mentions apart."""
    parts, done = [], 0
    for one in mentions:
        parts += [Piece(text[done : one.start]), Piece(text[one.start : one.end], one.ids)]
        done = one.end
    return tuple(one for one in (*parts, Piece(text[done:])) if one.text)


def kept(mentions: tuple[Mention, ...]) -> dict[str, Any]:
    """Return what a line keeps of its mentions: whom it names, and where."""
    if not mentions:
        return {}
    ids = dict.fromkeys(str(id_) for one in mentions for id_ in one.ids)
    places = [[one.start, one.end, [str(id_) for id_ in one.ids]] for one in mentions]
    return {"mentions": list(ids), "mentioned_at": places}


def read(details: dict[str, Any]) -> tuple[Mention, ...]:
    """Return the mentions that a line keeps."""
    return tuple(
        Mention(start, end, tuple(UUID(id_) for id_ in ids))
        for start, end, ids in details.get("mentioned_at", ())
    )


def _folded(text: str) -> tuple[str, list[int]]:
    """A text as names are compared, and where each of its letters stood."""
    letters, at = [], []
    for place, letter in enumerate(text):
        for one in "'" if letter in "’ʼ" else fold(letter):
            letters.append(one)
            at.append(place)
    return "".join(letters), at


def _end(text: str, end: int) -> int:
    """The same end, after the accents that were typed as signs of their own."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end
