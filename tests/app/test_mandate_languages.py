"""The mandate in other languages: files that are whole, rows that nothing changes, what is shown beside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app import mandate_text, mandate_wordings
from app.mandate_text import beside, current, offered, text_sha256
from app.mandate_wordings import BLANKS, FOLDER, FaultyWording, Wording, binding, read, translations, wordings
from app.reference import THEMES
from app.work import ByNobody, Database, acting
from models.mandate import Mandate, MandateText
from tests.app import scenes
from tests.conftest import NOW, Cast
from tests.test_typography import WRONG
from tests.test_wording import NOT_SAID

LANGUAGES = {"en", "es", "pt", "ar", "uk", "tr"}
# What was stored by those who began before these files: it must be the same text.
FRENCH_1 = "f95e2eb6be9d1805dc385cdec663ec9becaf61726abf0720229354cf46f9ae67"


def test_the_languages_are_those_of_the_folder() -> None:
    assert set(translations()) >= LANGUAGES
    assert {f"{one.language}-{one.version}" for one in wordings()} == {path.stem for path in FOLDER.iterdir()}
    assert text_sha256(binding().full, binding().plain) == FRENCH_1


@pytest.mark.parametrize("one", wordings(), ids=lambda one: one.language)
def test_every_text_says_the_same_things(one: Wording) -> None:
    french = binding()
    for own, theirs in ((one.plain, french.plain), (one.full, french.full)):
        assert len(own.splitlines()) == len(theirs.splitlines())
        for mine, other in zip(own.splitlines(), theirs.splitlines(), strict=True):
            assert sorted(re.findall(r"\{\w+\}", mine)) == sorted(re.findall(r"\{\w+\}", other))
            assert mine.count("**") == other.count("**")
    if not one.is_binding:
        assert set(one.themes) == set(THEMES.values())
        assert one.screen["binds"] != french.screen["binds"]
        assert not {w for key, w in one.screen.items() if w == french.screen[key]}, "not translated"


def test_right_to_left_is_said_of_arabic_only() -> None:
    assert {one.language for one in wordings() if one.direction == "rtl"} == {"ar"}


def test_the_words_of_the_french_screen_are_those_of_the_service() -> None:
    for sentence in (*binding().screen.values(), *binding().capacity.values()):
        assert not WRONG.search(sentence)
        assert not [rule for rule in NOT_SAID if re.search(rule, sentence, re.IGNORECASE)]


def test_a_file_more_is_a_language_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    italian = (FOLDER / "en-1.toml").read_text().replace('language = "en"', 'language = "it"')
    (tmp_path / "it-1.toml").write_text(italian)
    better = italian.replace("version = 1", "version = 2").replace("My name is", "Mi chiamo")
    (tmp_path / "it-2.toml").write_text(better)
    german = italian.replace('"it"', '"de"').replace("translates = 1", "translates = 9")
    (tmp_path / "de-1.toml").write_text(german)
    monkeypatch.setattr(mandate_wordings, "FOLDER", tmp_path)
    caches = (wordings, binding, translations)
    for cache in caches:
        cache.cache_clear()
    try:
        assert set(translations()) == LANGUAGES | {"it"}  # «de» translates a French text that is not in use
        assert translations()["it"].version == 2
        assert translations()["it"].day(NOW.date()) == "23 novembre 2026"
    finally:
        for cache in caches:
            cache.cache_clear()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("**{terme}**", "**{term}**", "blanks are missing or unknown: ['term', 'terme']"),
        ("**{usager}**", "{usager}", "must stand between"),
        ('listen = "Listen"', "", "['listen']"),
        ('self = "For myself"', 'self = ""', "«self» must be words"),
        ('direction = "ltr"', 'direction = "up"', "direction"),
        ("version = 1", "version = 2", "its name must be en-2.toml"),
        ('voice = "en-GB"', "", "['voice']"),
        ('language = "en"', "language = en", "en-1.toml: "),
    ],
)
def test_a_faulty_file_says_what_is_wrong(tmp_path: Path, before: str, after: str, said: str) -> None:
    told = (FOLDER / "en-1.toml").read_text()
    assert before in told
    (tmp_path / "en-1.toml").write_text(told.replace(before, after))
    with pytest.raises(FaultyWording) as fault:
        read(tmp_path / "en-1.toml")
    assert said in str(fault.value)
    assert "en-1.toml" in str(fault.value)


def test_every_language_is_written_once(database: Database) -> None:
    for _ in range(2):
        with acting(ByNobody(), at=NOW) as work:
            assert current(work).language == "fr"
            rows = {row.language: row for row in work.session.scalars(select(MandateText))}
    assert set(rows) == {one.language for one in wordings()}
    for one in wordings():
        row = rows[one.language]
        assert (row.body, row.plain_body) == (one.full, one.plain)
        assert row.sha256 == text_sha256(one.full, one.plain)
    with acting(ByNobody()) as work:
        assert work.session.scalar(select(func.count()).select_from(MandateText)) == len(wordings())


def test_a_file_that_changed_after_its_first_use_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(ByNobody(), at=NOW) as work:
        current(work)
    every = [Wording(**vars(one)) for one in wordings() if one.language != "tr"]
    turkish = Wording(**{**vars(translations()["tr"]), "plain": "**{usager}**"})
    monkeypatch.setattr(mandate_text, "wordings", lambda: (*every, turkish))
    said = r"tr-1\.toml no longer.*tr-2\.toml"
    with acting(ByNobody(), at=NOW) as work, pytest.raises(FaultyWording, match=said):
        current(work)


ALL = "id, created_at, language, version, published_on, body, plain_body, sha256"
CHANGES = {
    "UPDATE mandate_text SET body = 'autre' WHERE language = 'fr'": "both",
    "UPDATE mandate_text SET sha256 = sha256": "both",
    "DELETE FROM mandate_text WHERE language = 'ar'": "both",
    "REPLACE INTO mandate_text SELECT * FROM mandate_text WHERE language = 'fr'": "sqlite",
    f"INSERT OR REPLACE INTO mandate_text ({ALL}) SELECT 'x', {ALL[4:]} FROM mandate_text": "sqlite",
    "TRUNCATE mandate_text": "postgresql",
    "TRUNCATE mandate_text CASCADE": "postgresql",
    f"INSERT INTO mandate_text ({ALL}) SELECT {ALL} FROM mandate_text "
    "ON CONFLICT (id) DO UPDATE SET body = 'autre'": "postgresql",
}


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_itself_refuses_to_change_a_text(database: Database, statement: str) -> None:
    with acting(ByNobody(), at=NOW) as work:
        current(work)
    if CHANGES[statement] not in ("both", database.engine.dialect.name):
        return  # not of this engine
    with acting(ByNobody()) as work:
        with pytest.raises(DBAPIError, match="mandate_text"), work.session.begin_nested():
            work.session.execute(text(statement))
        rows = work.session.scalars(select(MandateText)).all()
        assert len(rows) == len(wordings())
        assert {row.sha256 for row in rows} == {text_sha256(one.full, one.plain) for one in wordings()}


def test_what_is_shown_beside_is_filled_in_its_language(cast: Cast, database: Database) -> None:
    mandate_id = scenes.present(cast, scenes.draft(cast))
    with scenes.act(cast, "aline") as work:
        mandate = work.session.get_one(Mandate, mandate_id)
        assert set(offered(work, mandate)) == set(translations())
        shown = {one: beside(work, mandate, one) for one in offered(work, mandate)}
    for language, (theme, day) in {
        "en": ("Housing", "23 May 2027"),
        "es": ("Vivienda", "23 de mayo de 2027"),
        "pt": ("Habitação", "23 de maio de 2027"),
        "ar": ("السكن", "23 مايو 2027"),
        "uk": ("Житло", "23 травня 2027"),
        "tr": ("Konut", "23 Mayıs 2027"),
    }.items():
        for lines in (shown[language].shown.plain, shown[language].shown.full):
            told = "\n".join(lines)
            for word in ("Mme\u00a0Samira Kaddour", "France Services de Guise", theme, day, "CAF"):
                assert word in told.replace("Mme Samira", "Mme\u00a0Samira"), (language, word)
            assert not set("{}") & set(told)
    assert len({one.shown.sha256 for one in shown.values()}) == len(shown)
    assert {"usager", "structure", "organismes", "probleme", "terme"} == BLANKS


def test_a_mandate_of_another_french_text_has_no_translation(
    cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mandate_id = scenes.present(cast, scenes.draft(cast))
    monkeypatch.setattr(mandate_text, "VERSION", 2)
    with scenes.act(cast, "aline") as work:
        assert offered(work, work.session.get_one(Mandate, mandate_id)) == ()
