"""The words of a search and of a text, folded alike for both engines: case, accents, œ and æ, hyphens.

A text is kept as its words, each after a space; a search is a few ``Term``: a word found by its beginning, or
a sequence. The databases' own folding is not used: PostgreSQL's and SQLite's differ on œ, on compatibility
letters and on what a word is, and neither could tell which letters of the text were found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.personal_data import fold

LONGEST = 200  # characters of a search that are read
MOST_TERMS = 8
_LONGEST_WORD = 64
SHORTEST_START = 3  # letters from which a word is found by its beginning: «la» would be in every message
Pieces = tuple[tuple[str, bool], ...]
_WORD = re.compile(r"[^\W_]+")
_QUOTES = re.compile(r"[\"«»“”„]")


@dataclass(frozen=True)
class Term:
    """Words that follow one another; ``is_open``: the last one may go on."""

    words: tuple[str, ...]
    is_open: bool

    @property
    def said(self) -> str:
        """What stands in a folded text that has it (a space is put after its last word too)."""
        return "".join(f" {word}" for word in self.words) + ("" if self.is_open else " ")

    @property
    def indexed(self) -> tuple[tuple[str, bool], ...]:
        """The words to ask an index for, and whether each may go on; a beginning of two letters is left out."""
        *whole, last = self.words
        ends = [] if self.is_open and len(last) < SHORTEST_START else [(last, self.is_open)]
        return (*((word, False) for word in whole), *ends)

    def is_in(self, folded: str) -> bool:
        """Whether a folded text has it."""
        return self.said in f"{folded} "


def folded(text: str) -> str:
    """Return the words of a text as they are kept: each after a space."""
    return "".join(f" {word[:_LONGEST_WORD]}" for word in _WORD.findall(fold(text)))


def terms(typed: str) -> tuple[Term, ...]:
    """Return what is asked for: every word, found by its beginning, and every «phrase in quotes», found as it
    is; what is typed in one piece (trop-perçu) is a sequence. Whatever is typed means something or nothing."""
    parts = _QUOTES.split(typed[:LONGEST])
    found: dict[Term, None] = {}
    for rank, part in enumerate(parts):
        in_quotes = rank % 2 == 1
        goes_on = not in_quotes or rank == len(parts) - 1  # quotes not closed yet: it is being typed
        for piece in [part] if in_quotes else part.split():
            words = tuple(word[:_LONGEST_WORD] for word in _WORD.findall(fold(piece)))
            if words:
                found[Term(words, goes_on and (len(words) > 1 or len(words[0]) >= SHORTEST_START))] = None
    return tuple(found)[:MOST_TERMS]


def marked(text: str, sought: tuple[Term, ...]) -> Pieces:
    """Return the pieces of a text, saying which were found, in the letters of the text itself."""
    return _pieces(text, _found(text, sought), 0, len(text))


def passage(text: str, sought: tuple[Term, ...], longest: int = 160) -> Pieces:
    """Return the part of a text around the first word found, as ``marked`` does; «…» says that it goes on."""
    text = " ".join(text.split())
    found = _found(text, sought)
    first = found[0][0] if found else 0
    start = 0 if len(text) <= longest or first < longest // 2 else text.rfind(" ", 0, first - longest // 4) + 1
    start = max(start, first - longest // 2)  # a text without spaces
    end = min(start + longest, len(text))
    if end < len(text):
        end = max(text.rfind(" ", start, end), start) if text.rfind(" ", start, end) > first else end
    before, after = ((("…", False),) if cut else () for cut in (start > 0, end < len(text)))
    return (*before, *_pieces(text, found, start, end), *after)


def _pieces(text: str, found: list[tuple[int, int]], start: int, end: int) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    done = start
    for first, last in found:
        if start <= first < end:
            if first > done:
                pieces.append((text[done:first], False))
            done = min(last, end)
            pieces.append((text[first:done], True))
    if done < end:
        pieces.append((text[done:end], False))
    return tuple(pieces)


def _found(text: str, sought: tuple[Term, ...]) -> list[tuple[int, int]]:
    """Return where the words found stand in a text."""
    plain, origin = _aligned(text)
    spans = [match.span() for match in _WORD.finditer(plain)]
    words = [plain[start:end][:_LONGEST_WORD] for start, end in spans]
    kept: set[int] = set()
    for term in sought:
        size = len(term.words)
        for at in range(len(words) - size + 1):
            if _is_at(term, words[at : at + size]):
                kept.update(range(at, at + size))
    places = [
        (origin[start], max(origin[end], origin[start] + 1))
        for start, end in map(spans.__getitem__, sorted(kept))
    ]
    return [place for rank, place in enumerate(places) if not rank or place[0] >= places[rank - 1][1]]


def _is_at(term: Term, words: list[str]) -> bool:
    *whole, last = term.words
    return words[:-1] == whole and (words[-1].startswith(last) if term.is_open else words[-1] == last)


def _aligned(text: str) -> tuple[str, list[int]]:
    """Return a text folded, and for each letter of that (and its end) where it stands in the text; an accent
    written apart belongs to the letter before it."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    each = [_fold_letter(letter) for letter in text]
    origin = [at for at, letters in enumerate(each) for _ in letters]
    return "".join(each), [*origin, len(text)]


@lru_cache(maxsize=2_000)
def _fold_letter(letter: str) -> str:
    return fold(letter)
