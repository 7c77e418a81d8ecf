"""Names, dates and phones as people type them: what is understood, and how it is said back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.as_typed import birth_words, is_birth, read_coming, read_date, read_name, read_phone
from tests.conftest import NOW

TODAY = NOW.date()  # 23 November 2026


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("DUPONT", "Dupont"), ("dupont", "Dupont"), ("jean-pierre", "Jean-Pierre"),
        ("JEAN PIERRE", "Jean Pierre"),
        ("D’ALMEIDA", "D’Almeida"), ("o'brien", "O'Brien"), ("ÉLODIE", "Élodie"), ("E\u0301LODIE", "Élodie"),
        ("LE\u00a0GOFF", "Le Goff"), ("  dupont  martin ", "Dupont Martin"), ("J.-P.", "J.-P."), ("O", "O"),
        ("ŒUVRARD", "Œuvrard"), ("dupont (née martin)", "Dupont (Née Martin)"),
    ],
)  # fmt: skip
def test_a_name_in_one_case_gets_its_capitals(typed: str, written: str) -> None:
    assert read_name(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "McDonald",
        "de La Tour",
        "Dupont",
        "Jean-Pierre DUPONT",
        "Dupont (née Martin)",
        "d’Ormesson",
        "李小龙",
        "",
    ],
)
def test_a_name_with_both_cases_is_meant_so(typed: str) -> None:
    assert read_name(typed) == typed


@given(st.text("aàçéœßBÉŒŸ -'’.\u00a0\u0301", max_size=20))
def test_a_name_written_once_stays_so(typed: str) -> None:
    assert read_name(read_name(typed)) == read_name(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "3/7/87", "03071987", "3 juillet 1987", "3 juil. 87", "03-07-1987", "1987-07-03",
        "3/7/1987", "03/07/1987", "03.07.1987", "3-7-87", "030787", "1987-7-3", "1987/07/03", " 03/07/1987 ",
        "3 7 1987", "03 / 07 / 1987", "03\u00a007\u00a01987", "3 JUILLET 87", "le 3 juillet 1987",
        "3-juil-1987",
    ],
)  # fmt: skip
def test_a_date_as_people_type_it(typed: str) -> None:
    assert read_date(typed, TODAY) == date(1987, 7, 3)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1er février 1950", date(1950, 2, 1)), ("1 fevrier 50", date(1950, 2, 1)),
        ("2 août 99", date(1999, 8, 2)),
        ("2 aout 99", date(1999, 8, 2)), ("9 déc. 2001", date(2001, 12, 9)), ("9 mars 03", date(2003, 3, 9)),
        ("9 juin 03", date(2003, 6, 9)), ("29/2/96", date(1996, 2, 29)), ("5 sept 60", date(1960, 9, 5)),
    ],
)  # fmt: skip
def test_months_in_letters(typed: str, day: date) -> None:
    assert read_date(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("1/2/26", 2026), ("23/11/26", 2026), ("24/11/26", 1926), ("31/12/26", 1926), ("1/2/27", 1927),
        ("1/2/00", 2000), ("1/2/99", 1999), ("29/2/24", 2024), ("29/02/2028", 2028),
    ],
)  # fmt: skip
def test_two_digits_of_a_year_are_the_past(typed: str, year: int) -> None:
    found = read_date(typed, TODAY)
    assert found is not None
    assert found.year == year


@pytest.mark.parametrize(
    "typed",
    [
        "", "hier", "31/02/1987", "07/23/1987", "3/7", "1987", "0/0/0", "19870703", "3 jui 1987", "3 mai",
        "3 brumaire 1987", "29/2/27", "3/7/987", "3//7/1987 a", "juillet 1987", "32 mai 87",
    ],
)  # fmt: skip
def test_what_is_no_date(typed: str) -> None:
    assert read_date(typed, TODAY) is None


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]),
)
def test_every_date_is_read_back(day: date, pattern: str) -> None:
    assert read_date(day.strftime(pattern), TODAY) == day


@given(st.text(max_size=20))
def test_whatever_is_typed_is_an_answer_or_none(typed: str) -> None:
    assert isinstance(read_date(typed, TODAY), date | None)
    assert isinstance(read_phone(typed), str | None)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(1987, 7, 3), "vendredi 3 juillet 1987, 39 ans"),
        (date(1986, 11, 23), "dimanche 23 novembre 1986, 40 ans"),
        (date(1986, 11, 24), "lundi 24 novembre 1986, 39 ans"),
        (date(2025, 11, 1), "samedi 1er novembre 2025, 1 an"),
        (date(2026, 11, 23), "lundi 23 novembre 2026, moins d’un an"), (date(2026, 11, 24), ""),
        (date(1905, 1, 1), ""),
    ],
)  # fmt: skip
def test_a_date_is_said_back_with_the_age(day: date, words: str) -> None:
    assert birth_words(day, TODAY).replace("\u00a0", " ") == words
    assert is_birth(day, TODAY) is bool(words)


@pytest.mark.parametrize(
    "typed",
    [
        "0612345678", "06.12.34.56.78", "06 12 34 56 78", "06-12-34-56-78", "06/12/34/56/78", "06 1234 5678",
        "+33612345678", "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "0033612345678", "612345678",
        "+330612345678", " 06\u00a012\u202f34 56 78 ",
    ],
)  # fmt: skip
def test_a_phone_as_people_type_it(typed: str) -> None:
    assert read_phone(typed) == "06 12 34 56 78"


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("+262 692 12 34 56", "+262 692 12 34 56"), ("+32.470.12.34.56", "+32 470 12 34 56"),
        ("0032470123456", "+32470123456"),
    ],
)  # fmt: skip
def test_a_foreign_phone_keeps_its_country(typed: str, tidy: str) -> None:
    assert read_phone(typed) == tidy


@pytest.mark.parametrize(
    "typed",
    [
        "", "demain", "06 12", "..........", "06 12 34 56 78 poste 3", "1" * 40, "06123456789", "0012345678",
        "+33 6 12 34 56", "+", "06 12 34 56 7８", "06+12345678",
    ],
)  # fmt: skip
def test_what_is_no_phone(typed: str) -> None:
    assert read_phone(typed) is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("14/12", date(2026, 12, 14)), ("14 décembre", date(2026, 12, 14)),
        ("le 1er janvier", date(2027, 1, 1)), ("23/11", TODAY), ("22/11", date(2027, 11, 22)),
        ("29/2", date(2028, 2, 29)), ("14/12/26", date(2026, 12, 14)), ("141226", date(2026, 12, 14)),
        ("14 déc. 2026", date(2026, 12, 14)), ("2026-12-14", date(2026, 12, 14)),
        ("14/12/2025", date(2025, 12, 14)), ("14/12/1926", date(1926, 12, 14)), ("Aujourd’hui", TODAY),
        ("demain", date(2026, 11, 24)), ("31/02", None), ("bientôt", None), ("", None), ("14", None),
    ],
)  # fmt: skip
def test_a_day_to_come_as_people_type_it(typed: str, day: date | None) -> None:
    assert read_coming(typed, TODAY) == day
