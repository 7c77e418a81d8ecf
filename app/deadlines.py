"""Working days and due dates (domain, section 4): Europe/Paris, the holidays of the département.

Source: art. L3133-1 Code du travail for the 11 public holidays, L3134-13 for Alsace-Moselle.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
FIRST_GESTURE_DAYS = 3
NEXT_GESTURE_DAYS = 15
TERM_IS_NEAR = timedelta(days=15)  # of a mandate: it is reminded of, and a new one offered
CONFIRMATION = timedelta(days=7)  # to confirm in writing an agreement that was said (section 5)
MANAGER_DAYS = 2  # working days after the due date: the silence is told to the responsables
COORDINATOR_DAYS = 5  # and to the coordinators
UNANSWERED_DAYS = 5  # of an agent's question: it is everybody's in the structure
RESOLVED_REMIND_DAYS = 10  # after a case is resolved: who raised it is reminded to close it
RESOLVED_ANNOUNCE_DAYS = 23  # its closing by the service is announced
ANNOUNCED_DAYS = 7  # and done: the thirtieth day (section 3)
STILL_MONTHS = 12  # without anybody's act: the service closes the case (section 11)
STILL_ANNOUNCED_MONTHS = 1  # before

_SUBDIVISIONS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974", "976": "976",
}  # fmt: skip


@lru_cache(maxsize=512)
def _holidays(subdivision: str | None, year: int) -> frozenset[date]:
    # A year at a time and never changed: the library's own object, filled as it is asked, is not for threads.
    return frozenset(holidays.country_holidays("FR", subdiv=subdivision, years=year))


def is_working_day(day: date, departement: str = "") -> bool:
    """Whether offices work: Monday to Friday, less the public holidays there."""
    return day.weekday() < 5 and day not in _holidays(_SUBDIVISIONS.get(departement), day.year)


def add_working_days(start: datetime, days: int, departement: str = "") -> datetime:
    """Return the same time of day in Paris, this many (1 or more) working days later, in UTC.

    From a day off, these days are given whole, to the end of the last one.
    """
    local = start.astimezone(PARIS)
    day = local.date()
    at = local.time() if is_working_day(day, departement) else time.max
    while days:
        day += timedelta(days=1)
        if is_working_day(day, departement):
            days -= 1
    return datetime.combine(day, at, PARIS).astimezone(UTC)


def add_days(start: datetime, days: int) -> datetime:
    """Return the same time of day in Paris, this many calendar days later (before, if negative), in UTC."""
    return (start.astimezone(PARIS) + timedelta(days=days)).astimezone(UTC)


def add_months(start: datetime, months: int) -> datetime:
    """Return the same day and time in Paris, this many months later (UTC); the 31st may become the 30th."""
    local = start.astimezone(PARIS)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def working_days_before(end: datetime, days: int, at: time, departement: str = "") -> datetime:
    """Return the instant at this time of day in Paris, this many working days before (the demonstration)."""
    day = end.astimezone(PARIS).date()
    while days or not is_working_day(day, departement):
        day -= timedelta(days=1)
        if is_working_day(day, departement):
            days = max(0, days - 1)
    return datetime.combine(day, at, PARIS).astimezone(UTC)


def working_days_left(now: datetime, due: datetime, departement: str = "") -> int:
    """Return how many working days remain before ``due`` (0: today; negative: calendar sense of late)."""
    day, last = now.astimezone(PARIS).date(), due.astimezone(PARIS).date()
    if due <= now:
        return -1
    left = 0
    while day < last:
        day += timedelta(days=1)
        left += is_working_day(day, departement)
    return left
