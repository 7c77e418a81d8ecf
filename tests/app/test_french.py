"""French as it is written: no-break spaces, «1er», midnight and years in Paris."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines import PARIS
from app.french import age, at_moment, clock, day_name, long_date, moment_name, number, plural, size, tied

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=PARIS)
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def paris(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 5, 23), "23 mai 2027"),
        (date(2026, 3, 1), "1er mars 2026"),
        (date(2026, 8, 11), "11 août 2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2027"),  # in Paris
    ],
)
def test_long_date(day: date, words: str) -> None:
    assert long_date(day) == words.replace(" ", "\u00a0")


def test_clock_is_the_one_of_paris() -> None:
    assert clock(datetime(2026, 11, 23, 9, 5, tzinfo=UTC)) == "10\u00a0h\u00a005"
    assert clock(datetime(2026, 7, 23, 22, 0, tzinfo=UTC)) == "0\u00a0h\u00a000"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23 00:00", "Aujourd’hui"),
        ("2026-11-22 23:59", "Hier"),
        ("2026-11-21 12:00", "Samedi 21 novembre"),
        ("2026-11-01 12:00", "Dimanche 1er novembre"),
        ("2025-11-21 12:00", "Vendredi 21 novembre 2025"),
        ("2025-12-01 12:00", "Lundi 1er décembre 2025"),
    ],
)
def test_day_name(moment: str, words: str) -> None:
    assert day_name(paris(moment), NOW) == words.replace(" ", "\u00a0")


def test_a_clock_alone_means_today() -> None:
    assert at_moment(paris("2026-11-23 00:05"), NOW).replace("\u00a0", " ") == "à 0 h 05"
    assert at_moment(paris("2026-11-22 23:55"), NOW).replace("\u00a0", " ") == "dimanche 22 novembre à 23 h 55"


def test_moment_name() -> None:
    assert moment_name(paris("2026-03-02 10:42"), NOW).replace("\u00a0", " ") == "lundi 2 mars à 10 h 42"
    assert moment_name(paris("2025-03-01 08:00"), NOW).replace("\u00a0", " ") == "samedi 1er mars 2025 à 8 h 00"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23 10:31", "à l’instant"),  # the browser's clock is another
        ("2026-11-23 10:30", "à l’instant"),
        ("2026-11-23 10:29", "1 min"),
        ("2026-11-23 09:31", "59 min"),
        ("2026-11-23 09:30", "1 h"),
        ("2026-11-23 00:00", "10 h"),
        ("2026-11-22 23:59", "hier"),
        ("2026-11-22 00:00", "hier"),
        ("2026-11-16 10:30", "lun. 16 nov."),
        ("2025-11-16 10:30", "16 nov. 2025"),
    ],
)
def test_age(moment: str, words: str) -> None:
    assert age(paris(moment), NOW) == words.replace(" ", "\u00a0" if words[0] != "à" else " ")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 Ko"),
        (182_400, "182 Ko"),
        (999_499, "999 Ko"),
        (999_500, "1,0 Mo"),
        (1_000_000, "1,0 Mo"),
        (1_440_000, "1,4 Mo"),
        (15 * 1024 * 1024, "15,7 Mo"),
    ],
)
def test_size(count: int, words: str) -> None:
    assert size(count) == words.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 demande"), (1, "1 demande"), (2, "2 demandes"), (1234, "1 234 demandes")]
)
def test_plural(count: int, words: str) -> None:
    assert plural(count, "demande").replace("\u202f", " ").replace("\u00a0", " ") == words


def test_plural_that_is_not_regular() -> None:
    assert plural(2, "jour ouvré", "jours ouvrés") == "2\u00a0jours ouvrés"
    assert plural(1, "jour ouvré", "jours ouvrés") == "1\u00a0jour ouvré"


@given(st.integers(0, 10**12))
def test_a_number_keeps_its_digits(value: int) -> None:
    shown = number(value)
    assert int(shown.replace("\u202f", "")) == value
    assert re.fullmatch(r"\d{1,3}(\u202f\d{3})*", shown)


@given(MOMENTS, st.integers(0, 400 * 24 * 60))
def test_no_date_breaks_at_the_end_of_a_line(now: datetime, minutes: int) -> None:
    moment = now - timedelta(minutes=minutes)
    for shown in (long_date(moment), day_name(moment, now), clock(moment)):
        assert " " not in shown
    assert age(moment, now)
    assert " à " in moment_name(moment, now)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Quel salaire ?", "Quel salaire\u00a0?"), ("« oui »", "«\u00a0oui\u00a0»"),
        ("à 10:30 : non", "à 10:30\u00a0: non"),
        ("a : b ; c", "a\u00a0: b\u00a0; c"), ("https://a.fr ?x", "https://a.fr ?x"), ("rien", "rien"),
    ],
)  # fmt: skip
def test_what_is_typed_does_not_break_before_its_marks(typed: str, shown: str) -> None:
    assert tied(typed) == shown
