"""Communes as they are typed: which ones a few letters may mean, and the département a name tells.

The list (``communes.txt``) holds those that have a France Services house: 2 600 names, not the 35 000. It helps
to type and to guess; a commune that is not in it is as good as another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.personal_data import words

_FILE = Path(__file__).with_suffix(".txt")
_SHORT = {"st": "saint", "ste": "sainte"}
LIMIT = 8


@dataclass(frozen=True)
class Commune:
    """A commune and the code of its département."""

    name: str
    departement: str


def matching(typed: str, *, near: str = "", own: Iterable[Commune] = ()) -> tuple[Commune, ...]:
    """Return at most eight communes whose words begin as typed, whatever the case and the accents.

    ``own``, those of the structure's cases, come first, then those of the département ``near``, then names that
    begin as typed. Below two letters nothing is said.
    """
    asked = _plain(typed)
    if len(asked.replace(" ", "")) < 2:
        return ()
    mine = list(own)
    found = [
        (one not in mine, one.departement != near, not plain.startswith(asked), plain, one)
        for plain, one in {**dict.fromkeys((_plain(one.name), one) for one in mine), **_listed()}
        if f" {asked}" in f" {plain}"
    ]
    return tuple(rank[-1] for rank in sorted(found, key=lambda rank: rank[:-1])[:LIMIT])


def departement_of(typed: str, *, near: str = "", own: Iterable[Commune] = ()) -> str:
    """Return the code of the département a commune is in, or nothing: unknown, or in several of which none is
    ``near``."""
    asked = _plain(typed)
    named = [*((_plain(one.name), one) for one in own), *_listed()]
    found = {one.departement for plain, one in named if plain == asked}
    if not found and asked:  # Paris, Lyon and Marseille are listed by arrondissement
        found = {one.departement for plain, one in named if re.fullmatch(rf"{asked} \d+e", plain)}
    if near in found:
        return near
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=1)
def _listed() -> dict[tuple[str, Commune], None]:
    lines = (line.split(" ", 1) for line in _FILE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {
        (_plain(name), Commune(name, code)): None
        for code, names in lines
        for name in names.split("|")
    }  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in words(text))
