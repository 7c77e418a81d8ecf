"""Names, dates and phones as people type them, and how they are said back to whom typed them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from babel.dates import format_date, get_month_names

from app.french import NBSP, plural
from app.personal_data import fold

_MONTHS = {number: fold(name) for number, name in get_month_names("wide", locale="fr").items()}
_PART = re.compile(r"[^\W\d_]+")  # of a name: what spaces, hyphens and apostrophes set apart
_GAP = r"[\s/.\-]+"
_NUMBERS = re.compile(rf"(\d{{1,2}}){_GAP}(\d{{1,2}}){_GAP}(\d{{2}}|\d{{4}})")
_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_WORDS = re.compile(rf"(?:le\s+)?(\d{{1,2}}|1er){_GAP}([^\W\d]{{3,}}){_GAP}(\d{{2}}|\d{{4}})")
_NO_YEAR = re.compile(rf"(\d{{1,2}}){_GAP}(\d{{1,2}})")
_WORDS_NO_YEAR = re.compile(rf"(?:le\s+)?(\d{{1,2}}|1er){_GAP}([^\W\d]{{3,}})")
_LONG_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{8}")
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_GAP}(\d{{1,2}}){_GAP}(\d{{1,2}})")


def read_name(text: str) -> str:
    """Return a name as a mandate and the lists write it: «Jean-Pierre», «Dupont».

    One typed all in capitals or all in small letters gets a capital at the beginning of each of its parts; one
    that has both («McDonald», «de La Tour») was written so on purpose and stays. Spaces are put in order.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text.isupper() and not text.islower():
        return text
    return _PART.sub(lambda part: part[0][0].title() + part[0][1:].lower(), text)


def read_date(text: str, today: date) -> date | None:
    """Return a date of birth as people type it, or ``None``.

    Day, month and year with any separator or none, the month in letters or shortened, or the year first. A year
    of two digits is the last one that is not after ``today``.
    """
    text = fold(text).strip()
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
        return _day(int(year), int(month), int(day))
    if match := _NUMBERS.fullmatch(text) or _TOGETHER.fullmatch(text):
        day, month, year = match.groups()
        return _past(int(day), int(month), year, today)
    if match := _WORDS.fullmatch(text):
        day, word, year = match.groups()
        named = [number for number, name in _MONTHS.items() if name.startswith(word)]
        return _past(int(day.removesuffix("er")), named[0], year, today) if len(named) == 1 else None
    return None


def read_coming(text: str, today: date) -> date | None:
    """Return a day to come as people type it, or ``None``.

    As ``read_date``, but the year may be left out: then it is the first such day that is not before ``today``;
    a year of two digits is of this century. «aujourd’hui» and «demain» are days too.
    """
    text = fold(text).replace("'", "’").strip()
    if text in ("aujourd’hui", "demain"):
        return today + timedelta(days=text == "demain")
    for year in range(today.year, today.year + 5):  # the 29th of February may be four years away
        if match := _NO_YEAR.fullmatch(text):
            found = read_date(f"{match[1]}/{match[2]}/{year}", today)
        elif match := _WORDS_NO_YEAR.fullmatch(text):
            found = read_date(f"{match[1]} {match[2]} {year}", today)
        else:
            found = read_date(text, today)
            is_of_a_birth = found is not None and found.year < today.year - 50 and not _LONG_YEAR.search(text)
            return found.replace(year=found.year + 100) if found and is_of_a_birth else found
        if found is not None and found >= today:
            return found
    return None


def read_phone(text: str) -> str | None:
    """Return a phone number tidied («06 12 34 56 78», a foreign one with its «+»), or ``None`` if it is none.

    A French number may come with +33 or 0033, a lost first zero, and any separators.
    """
    text = re.sub(r"^00(?=[1-9])", "+", re.sub(r"\s+", " ", text).strip())
    if not re.fullmatch(r"\+?[0-9 ./\-()]+", text):
        return None
    digits = re.sub(r"[^0-9]", "", text.replace("(0)", ""))
    if text.startswith("+") and not digits.startswith("33"):
        return "+" + " ".join(re.findall("[0-9]+", text)) if 9 <= len(digits) <= 15 else None
    if text.startswith("+"):
        digits = digits[2:].removeprefix("0")
        if len(digits) != 9:
            return None
    if len(digits) == 9 and digits[0] != "0":
        digits = f"0{digits}"
    if len(digits) != 10 or digits[0] != "0" or digits[1] == "0":
        return None
    return " ".join(digits[n : n + 2] for n in range(0, 10, 2))


def birth_words(born_on: date, today: date) -> str:
    """Return «vendredi 3 juillet 1987, 39 ans»; nothing for a date that nobody alive was born on."""
    if not is_birth(born_on, today):
        return ""
    day: str = format_date(born_on, "EEEE d MMMM y", locale="fr").replace(" 1 ", " 1er ")
    years = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return f"{day.replace(' ', NBSP)}, {plural(years, 'an') if years else 'moins d’un an'}"


def is_birth(born_on: date, today: date) -> bool:
    """Whether somebody alive may be born on this day: not to come, and within 120 years."""
    return born_on <= today and born_on.year >= today.year - 120


def _past(day: int, month: int, year: str, today: date) -> date | None:
    if len(year) == 4:
        return _day(int(year), month, day)
    century = today.year // 100 * 100
    found = _day(century + int(year), month, day)
    return found if found and found <= today else _day(century - 100 + int(year), month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
