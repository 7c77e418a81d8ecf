"""Working days and due dates: holidays, Alsace-Moselle, summer time, and what must hold for any instant."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines import (
    PARIS,
    add_days,
    add_months,
    add_working_days,
    is_working_day,
    working_days_before,
    working_days_left,
)
from models.departements import DEPARTEMENTS

HOLIDAYS_2026 = (
    "2026-01-01 2026-04-06 2026-05-01 2026-05-08 2026-05-14 2026-05-25 2026-07-14 2026-08-15 2026-11-01 "
    "2026-11-11 2026-12-25"
)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))
PLACES = st.sampled_from(["", "02", "57", "67", "974"])
DAYS = st.integers(1, 20)
DAY = timedelta(days=1)


def paris(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


@pytest.mark.parametrize("day", HOLIDAYS_2026.split())
@pytest.mark.parametrize("departement", ["", "02", "67", "68", "57", "974"])
def test_the_eleven_holidays_hold_everywhere(day: str, departement: str) -> None:
    assert not is_working_day(date.fromisoformat(day), departement)


def test_in_the_aisne_there_are_eleven() -> None:
    closed = [d for d in _weekdays(2026) if not is_working_day(d, "02")]
    weekday = [date.fromisoformat(d) for d in HOLIDAYS_2026.split() if date.fromisoformat(d).weekday() < 5]
    assert closed == weekday
    assert is_working_day(date(2026, 4, 3), "02")  # Good Friday


@pytest.mark.parametrize("departement", ["57", "67", "68"])
@pytest.mark.parametrize("day", ["2026-04-03", "2025-12-26"])
def test_alsace_and_moselle_have_two_more(departement: str, day: str) -> None:
    assert not is_working_day(date.fromisoformat(day), departement)


@pytest.mark.parametrize("departement", DEPARTEMENTS)
def test_every_departement_has_its_days(departement: str) -> None:
    assert not is_working_day(date(2026, 7, 14), departement)
    assert is_working_day(date(2026, 7, 16), departement)


@pytest.mark.parametrize(
    ("start", "days", "due", "departement"),
    [
        ("2026-11-23 10:30", 3, "2026-11-26 10:30", ""),
        ("2026-11-23 10:30", 15, "2026-12-14 10:30", ""),
        ("2026-11-20 10:30", 3, "2026-11-25 10:30", ""),  # across a weekend
        ("2026-11-10 17:00", 3, "2026-11-16 17:00", ""),  # 11 November
        ("2026-12-23 09:00", 3, "2026-12-29 09:00", "02"),  # Christmas
        ("2026-12-22 09:00", 3, "2026-12-28 09:00", "02"),
        ("2025-12-23 09:00", 3, "2025-12-29 09:00", "02"),
        ("2025-12-23 09:00", 3, "2025-12-30 09:00", "67"),  # Saint Stephen's day too
        ("2026-04-01 09:00", 2, "2026-04-03 09:00", "02"),
        ("2026-04-01 09:00", 2, "2026-04-07 09:00", "68"),  # Good Friday and Easter Monday
        ("2026-03-27 10:30", 3, "2026-04-01 10:30", ""),  # summer time begins on the 29th
        ("2026-10-23 10:30", 3, "2026-10-28 10:30", ""),  # and ends on the 25th
        ("2026-11-20 23:59", 3, "2026-11-25 23:59", ""),
        ("2026-07-13 10:30", 1, "2026-07-15 10:30", ""),  # 14 July
        ("2026-04-30 10:30", 1, "2026-05-04 10:30", ""),  # 1 May, a Friday
        ("2028-02-28 10:30", 1, "2028-02-29 10:30", ""),  # a leap year
        ("2028-02-25 10:30", 3, "2028-03-01 10:30", ""),
        ("2027-02-26 10:30", 1, "2027-03-01 10:30", ""),
        ("2026-12-31 10:30", 1, "2027-01-04 10:30", ""),  # across the year
        ("2026-05-21 10:30", 2, "2026-05-26 10:30", ""),  # Whit Monday
        ("2026-05-13 10:30", 1, "2026-05-15 10:30", ""),  # Ascension
    ],
)
def test_due_dates(start: str, days: int, due: str, departement: str) -> None:
    assert add_working_days(paris(start), days, departement) == paris(due)


@pytest.mark.parametrize("start", ["2026-11-21 00:00", "2026-11-21 10:30", "2026-11-22 23:59"])
def test_from_a_weekend_on_whole_days_are_given(start: str) -> None:
    due = add_working_days(paris(start), 3).astimezone(PARIS)
    assert due == datetime.combine(date(2026, 11, 25), time.max, PARIS)


def test_the_time_of_day_is_the_one_of_paris() -> None:
    winter = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
    assert add_working_days(winter, 3) == datetime(2026, 4, 1, 8, 30, tzinfo=UTC)
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already Monday in Paris
    assert add_working_days(late, 1) == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@given(INSTANTS, DAYS, PLACES)
def test_a_due_date_is_utc_later_and_on_a_working_day(start: datetime, days: int, place: str) -> None:
    due = add_working_days(start, days, place)
    assert due.tzinfo is UTC
    assert due >= start
    assert is_working_day(due.astimezone(PARIS).date(), place)


@given(INSTANTS, DAYS, DAYS, PLACES)
def test_days_add_up_from_a_working_day_on(start: datetime, few: int, more: int, place: str) -> None:
    begun = add_working_days(start, 1, place)
    assert add_working_days(add_working_days(begun, few, place), more, place) == add_working_days(
        begun, few + more, place
    )


@given(INSTANTS, DAYS, PLACES)
def test_the_time_of_day_is_kept_whatever_the_clocks_do(start: datetime, days: int, place: str) -> None:
    """From a working day; from a day off it is the end of the last one. Clocks change on Sundays."""
    at = start.astimezone(PARIS)
    kept = at.time() if is_working_day(at.date(), place) else time.max
    assert add_working_days(start, days, place).astimezone(PARIS).time() == kept


@given(st.dates(date(2020, 1, 1), date(2045, 1, 1)), st.sampled_from(sorted(DEPARTEMENTS)))
def test_holidays_are_those_of_the_code_du_travail(day: date, departement: str) -> None:
    """Against a calendar written out here, not the library's: 11 days, 13 in Alsace-Moselle."""
    closed = in_the_code(day.year)
    if departement in ("57", "67", "68"):
        closed |= {easter(day.year) - 2 * DAY, date(day.year, 12, 26)}
    if not departement.startswith("97"):  # overseas départements have one more, of the abolition
        assert is_working_day(day, departement) == (day.weekday() < 5 and day not in closed)
    elif day in closed:
        assert not is_working_day(day, departement)


def in_the_code(year: int) -> set[date]:
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    return {date(year, *one) for one in fixed} | {easter(year) + n * DAY for n in (1, 39, 50)}


def easter(year: int) -> date:
    """The Sunday of Easter (the Gregorian computus of Meeus)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    r = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * r) // 451
    month, day = divmod(h + r - 7 * m + 114, 31)
    return date(year, month, day + 1)


@given(INSTANTS, INSTANTS, DAYS, DAYS, PLACES)
def test_later_and_longer_is_never_due_earlier(
    one: datetime, other: datetime, few: int, many: int, place: str
) -> None:
    (one, other), (few, many) = sorted([one, other]), sorted([few, many])
    assert add_working_days(one, few, place) <= add_working_days(other, few, place)
    assert add_working_days(one, few, place) <= add_working_days(one, many, place)


@given(INSTANTS, st.integers(0, 48), DAYS, PLACES)
def test_a_few_hours_later_is_never_due_earlier(start: datetime, hours: int, days: int, place: str) -> None:
    later = start + timedelta(hours=hours)
    assert add_working_days(start, days, place) <= add_working_days(later, days, place)


@given(INSTANTS, DAYS, PLACES)
def test_exactly_so_many_working_days_lie_between(start: datetime, days: int, place: str) -> None:
    first = start.astimezone(PARIS).date()
    last = add_working_days(start, days, place).astimezone(PARIS).date()
    between = [first + timedelta(n) for n in range(1, (last - first).days + 1)]
    assert sum(is_working_day(day, place) for day in between) == days


@given(INSTANTS, st.integers(0, 30), st.times(), PLACES)
def test_before_is_the_way_back(end: datetime, days: int, at: time, place: str) -> None:
    start, today = working_days_before(end, days, at, place), end.astimezone(PARIS).date()
    day = start.astimezone(PARIS).date()
    assert is_working_day(day, place)
    assert day <= today
    if days and is_working_day(today, place):
        assert add_working_days(start, days, place).astimezone(PARIS).date() == today


@pytest.mark.parametrize(
    ("now", "due", "left"),
    [
        ("2026-11-23 10:30", "2026-11-26 10:30", 3),
        ("2026-11-26 10:29", "2026-11-26 10:30", 0),
        ("2026-11-26 10:30", "2026-11-26 10:30", -1),
        ("2026-11-27 10:30", "2026-11-26 10:30", -1),
        ("2026-11-20 18:00", "2026-11-23 09:00", 1),
        ("2026-11-20 18:00", "2026-11-21 09:00", 0),
    ],
)
def test_working_days_left(now: str, due: str, left: int) -> None:
    assert working_days_left(paris(now), paris(due)) == left


@given(INSTANTS, DAYS)
def test_what_was_added_is_left(start: datetime, days: int) -> None:
    assert working_days_left(start, add_working_days(start, days)) == days


@given(INSTANTS, st.integers(-400, 400))
def test_calendar_days_keep_the_time_of_day(start: datetime, days: int) -> None:
    later, local = add_days(start, days).astimezone(PARIS), start.astimezone(PARIS)
    assert (later.date() - local.date()).days == days
    skipped = later.utcoffset() != local.utcoffset() and local.hour in (2, 3)  # an hour that does not exist
    assert later.time() == local.time() or skipped


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-23 10:30", 6, "2027-05-23 10:30"),  # winter to summer
        ("2026-11-23 10:30", 1, "2026-12-23 10:30"),
        ("2026-11-23 10:30", 12, "2027-11-23 10:30"),
        ("2026-08-31 10:30", 6, "2027-02-28 10:30"),
        ("2027-08-31 10:30", 6, "2028-02-29 10:30"),
        ("2026-12-31 23:59", 1, "2027-01-31 23:59"),
    ],
)
def test_months_are_those_of_the_calendar(start: str, months: int, end: str) -> None:
    assert add_months(paris(start), months) == paris(end)


@given(INSTANTS, INSTANTS, st.integers(1, 12))
def test_months_keep_the_order(one: datetime, other: datetime, months: int) -> None:
    one, other = sorted([one, other])
    first, last = add_months(one, months), add_months(other, months)
    assert first.astimezone(PARIS).date() <= last.astimezone(PARIS).date()
    assert first.tzinfo is UTC
    assert 28 * months * DAY - DAY <= first - one <= 31 * months * DAY + DAY


def test_the_first_question_about_a_year_is_answered_alike_in_every_thread() -> None:
    pace = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for year in range(2050, 2090):
                assert not any(pool.map(is_working_day, [date(year, 1, 1)] * 16, ["02"] * 16))
    finally:
        sys.setswitchinterval(pace)


def _weekdays(year: int) -> list[date]:
    days = [date(year, 1, 1) + timedelta(n) for n in range(365)]
    return [day for day in days if day.weekday() < 5]
