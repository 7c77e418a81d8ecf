"""The files of ``app/mandate_texts``: the mandate's words in each language, one file a language and version.

Adding a language is adding a file; it is found, checked and offered. French binds: each other file names the
version of the French text that it translates, and is offered with that one only.
"""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date

FOLDER = Path(__file__).with_name("mandate_texts")
BINDING = "fr"
BLANKS = frozenset({"usager", "structure", "organismes", "probleme", "terme"})
# What the screen says around the text, to the person who reads and signs.
SCREEN = frozenset({
    "title", "yours", "binds", "listen", "stop", "no_voice", "full", "sign_as", "invite", "undo", "wipe",
    "cannot", "rather", "name", "name_hint", "refuse", "agree", "sign_first", "name_first", "agreed",
    "refused", "refused_more", "give_back",
})  # fmt: skip
CAPACITIES = frozenset({"self", "parent", "guardian"})
_KEYS = frozenset({
    "language", "version", "translates", "published_on", "name", "direction", "voice", "dates", "plain", "full",
    "screen", "capacity",
})  # fmt: skip


class FaultyWording(Exception):
    """A file of ``app/mandate_texts`` cannot be used: says which, and what is wrong."""


@dataclass(frozen=True)
class Wording:
    """One file. ``name`` is what its speakers call the language, ``direction`` ``ltr`` or ``rtl``, ``voice``
    the language asked of the browser's speech, ``dates`` a pattern of CLDR. ``themes`` are by their French
    label."""

    language: str
    version: int
    translates: int
    published_on: date
    name: str
    direction: str
    voice: str
    dates: str
    plain: str
    full: str
    screen: dict[str, str]
    capacity: dict[str, str]
    themes: dict[str, str]

    @property
    def is_binding(self) -> bool:
        """Whether this is the text that binds, not a translation of it."""
        return self.language == BINDING

    def theme(self, label: str) -> str:
        """Return a theme in this language; one that has no translation keeps its French label."""
        return self.themes.get(label, label)

    def day(self, day: date) -> str:
        """Return a date as this language writes it."""
        return str(format_date(day, self.dates, locale=self.language))


@lru_cache(maxsize=1)
def wordings() -> tuple[Wording, ...]:
    """Return every file, in the order of their names; one that is at fault raises ``FaultyWording``."""
    return tuple(read(path) for path in sorted(FOLDER.glob("*.toml")))


@lru_cache(maxsize=1)
def binding() -> Wording:
    """Return the French text in use: the newest."""
    french = [one for one in wordings() if one.is_binding]
    if not french:
        raise FaultyWording(f"{FOLDER.name}: no file holds the binding text ({BINDING}-1.toml).")
    return max(french, key=lambda one: one.version)


@lru_cache(maxsize=1)
def translations() -> dict[str, Wording]:
    """Return the newest translation of the French text in use, by language."""
    newest: dict[str, Wording] = {}
    for one in sorted(wordings(), key=lambda one: one.version):
        if not one.is_binding and one.translates == binding().version:
            newest[one.language] = one
    return newest


def read(path: Path) -> Wording:
    """Read a file and check it whole: its name, its keys, the same blanks as every text of a mandate has."""
    try:
        told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FaultyWording(f"{path.name}: {error}") from None
    themes = told.pop("themes", {})
    if set(told) != _KEYS:
        raise FaultyWording(f"{path.name}: these keys are missing or unknown: {sorted(set(told) ^ _KEYS)}.")
    told["plain"], told["full"] = (str(told[text]).removesuffix("\n") for text in ("plain", "full"))
    one = Wording(**told, themes=themes)
    for fault in _faults(one, path.stem):
        raise FaultyWording(f"{path.name}: {fault}")
    return one


def _faults(one: Wording, stem: str) -> list[str]:
    """Return what is wrong with a file, a sentence each."""
    found = []
    if stem != f"{one.language}-{one.version}":
        found.append(f"its name must be {one.language}-{one.version}.toml.")
    if one.direction not in ("ltr", "rtl") or type(one.published_on) is not date:
        found.append("direction is «ltr» or «rtl», published_on a date.")
    for table, wanted in ((one.screen, SCREEN), (one.capacity, CAPACITIES)):
        if set(table) != wanted:
            found.append(f"these words are missing or unknown: {sorted(set(table) ^ wanted)}.")
    for table in (one.screen, one.capacity, one.themes):
        found += [
            f"«{key}» must be words." for key, v in table.items() if not isinstance(v, str) or not v.strip()
        ]
    for text in (one.plain, one.full):
        blanks = [blank for _, blank, _, _ in string.Formatter().parse(text) if blank is not None]
        if set(blanks) != BLANKS:
            found.append(f"these blanks are missing or unknown: {sorted(set(blanks) ^ BLANKS)}.")
        found += [f"«{{{b}}}» must stand between **." for b in blanks if f"**{{{b}}}**" not in text]
    try:
        Locale.parse(one.language)
    except (ValueError, UnknownLocaleError):
        found.append(f"«{one.language}» is no language that dates can be written in.")
    return found
