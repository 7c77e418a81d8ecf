"""French as it is written: dates, times, durations, sizes, names. No-break spaces included."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date

from app.deadlines import PARIS

NBSP = "\u00a0"
_SINGULAR_BELOW = 2


def long_date(moment: datetime | date) -> str:
    """Return «23 mai 2027» (the 1st is «1er»)."""
    day = moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{format_date(day, 'MMMM', locale='fr')}{NBSP}{day.year}"


def clock(moment: datetime) -> str:
    """Return «10 h 42», in Paris."""
    local = moment.astimezone(PARIS)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def exact_time(moment: datetime) -> str:
    """Return «23 mai 2027 à 10 h 42», in Paris: for what is read long after."""
    return f"{long_date(moment)} à {clock(moment)}"


def day_name(moment: datetime, now: datetime) -> str:
    """Return «Aujourd’hui», «Hier» or «Lundi 23 novembre» (with its year when it is another one)."""
    day, today = moment.astimezone(PARIS).date(), now.astimezone(PARIS).date()
    if day == today:
        return "Aujourd’hui"
    if (today - day).days == 1:
        return "Hier"
    return _weekday(day, today).capitalize()


def moment_name(moment: datetime, now: datetime) -> str:
    """Return «lundi 3 mars à 10 h 42»."""
    day, today = moment.astimezone(PARIS).date(), now.astimezone(PARIS).date()
    return f"{_weekday(day, today)} à {clock(moment)}"


def at_moment(moment: datetime, now: datetime) -> str:
    """Return «à 10 h 42» for today, else «lundi 3 mars à 10 h 42»."""
    is_today = moment.astimezone(PARIS).date() == now.astimezone(PARIS).date()
    return f"à {clock(moment)}" if is_today else moment_name(moment, now)


def age(moment: datetime, now: datetime) -> str:
    """Return how long ago, for a list: «à l’instant», «14 min», «2 h», «hier», «lun. 16 nov.»."""
    day, today = moment.astimezone(PARIS).date(), now.astimezone(PARIS).date()
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "à l’instant"
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    if day == today:
        return f"{minutes // 60}{NBSP}h"
    if (today - day).days == 1:
        return "hier"
    pattern = "EEE d MMM" if day.year == today.year else "d MMM y"
    return _formatted(day, pattern).replace(" ", NBSP)


def size(count: int) -> str:
    """Return a number of bytes as «182 Ko» or «1,4 Mo»."""
    if count < 999_500:
        return f"{max(1, round(count / 1000))}{NBSP}Ko"
    return f"{count / 1_000_000:.1f}{NBSP}Mo".replace(".", ",")


def plural(count: int, one: str, many: str = "") -> str:
    """Return «1 demande», «2 demandes», «0 demande»."""
    word = one if count < _SINGULAR_BELOW else (many or one + "s")
    return f"{number(count)}{NBSP}{word}"


def number(value: int) -> str:
    """Return «1 234»."""
    return f"{value:,}".replace(",", "\u202f")


def _weekday(day: date, today: date) -> str:
    pattern = "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y"
    text = _formatted(day, pattern)
    return text.replace(" 1 ", " 1er ").replace(" ", NBSP)


@lru_cache(maxsize=1_000)  # lists and threads name the same few days again and again
def _formatted(day: date, pattern: str) -> str:
    return str(format_date(day, pattern, locale="fr"))


def tied(text: str) -> str:
    """Return what somebody typed with the spaces that must not break before « : ; ? ! » and inside quotes."""
    return re.sub(r" (?=[:;?!»](?:\s|$))", NBSP, re.sub("(?<=«) ", NBSP, text))


def short_name(name: str) -> str:
    """Return «Basile T.» for «Basile Thomas»."""
    first, _, last = name.partition(" ")
    return f"{first}{NBSP}{last[:1]}." if last else first


def born(civility: str) -> str:
    """Return «née», «né» or, when the civility does not tell, «né(e)»."""
    return {"Mme": "née", "M.": "né"}.get(civility.replace(NBSP, " "), "né(e)")
