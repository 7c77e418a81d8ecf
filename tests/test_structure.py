"""Habits that keep the code one thing: who commits, where time comes from, what has its words."""

from __future__ import annotations

import ast
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Enum as EnumColumn
from sqlmodel import SQLModel

import app
import models
from app import journal
from app.config import Settings
from models import enums

ROOT = Path(__file__).parent.parent
LONGEST = 300
CODE = sorted(path for top in ("app", "pages", "models") for path in (ROOT / top).rglob("*.py"))
CODE.append(ROOT / "main.py")
WRITTEN_BY_HAND = [path for path in CODE if "versions" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Yield what is called, ``.word`` for a method, and its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield f".{node.func.attr}", node.lineno
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node.lineno


def found(words: set[str], *allowed: str) -> set[str]:
    """Return where one of these is called, but for the files allowed to."""
    return {
        f"{name(path)}:{line} {word}"
        for path in CODE
        if name(path) not in allowed
        for word, line in calls(path)
        if word in words
    }


def importers(module: str) -> set[str]:
    """Return the files that import this module."""
    return {
        name(path)
        for path in CODE
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Import) and any(one.name.split(".")[0] == module for one in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == module)
    }


def test_only_work_connects_begins_and_commits() -> None:
    words = {".commit", ".begin", ".rollback", "create_engine", "sessionmaker", "Session"}
    assert found(words, "app/work.py") == set()
    assert {word for word, _ in calls(ROOT / "app/work.py")} >= {".begin", "create_engine", "Session"}
    assert importers("psycopg") == {"app/work.py"}
    assert {one for one in importers("alembic") if "migrations" not in one} == {"app/schema.py"}


def test_services_take_their_time_from_their_work() -> None:
    """``work.now`` is the only clock of ``app``; the demonstration chooses the time of what it tells."""
    words = {".now", ".today", ".utcnow"}
    elsewhere = {
        one for one in found(words, "app/work.py", "app/seed.py") if one.startswith(("app/", "models/"))
    }
    assert elsewhere == set()
    assert ".now" in {word for word, _ in calls(ROOT / "app/work.py")}


def test_nothing_is_printed_or_left_to_do() -> None:
    speaking = {"print", "breakpoint", "input", "pprint"}
    assert found(speaking, "main.py", "app/__main__.py") == set()
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    assert [name(path) for path in CODE if marks.search(path.read_text())] == []


@pytest.mark.parametrize("path", WRITTEN_BY_HAND, ids=name)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < LONGEST


def test_names_say_what_the_product_does() -> None:
    vague = {"utils", "util", "helpers", "helper", "service", "services", "manager", "common", "misc", "user"}
    assert [name(path) for path in CODE if path.stem in vague or path.parent.name in vague] == []


def vocabularies() -> list[type[enums.Vocabulary]]:
    return enums.Vocabulary.__subclasses__()


@pytest.mark.parametrize("vocabulary", vocabularies(), ids=lambda one: one.__name__)
def test_every_word_has_its_label(vocabulary: type[enums.Vocabulary]) -> None:
    assert len(vocabulary) > 1
    for member in vocabulary:
        assert member.label.strip(), member
        assert re.fullmatch(r"[a-z][a-z_]*", member.value), member
        assert "'" not in member.label, f"{member!r}: typographic apostrophe wanted"


def test_every_stored_word_is_of_a_vocabulary() -> None:
    assert models.__all__
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    stored = {column.type.enum_class for column in columns if isinstance(column.type, EnumColumn)}
    assert stored == set(vocabularies())


def journal_words() -> Iterator[tuple[str, str]]:
    """Yield the words of the journal in the code of ``app``, and the file: ``subject.past_participle``."""
    subjects = {action.partition(".")[0] for action in journal.ACTIONS}
    for path in (ROOT / "app").rglob("*.py"):
        if path.name == "journal.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                subject, _, verb = node.value.partition(".")
                if subject in subjects and re.fullmatch(r"[a-z_]+", verb):
                    yield node.value, name(path)


def test_every_act_has_its_sentence_and_every_sentence_its_act() -> None:
    used = dict(journal_words())
    assert set(used) - set(journal.ACTIONS) == set(), used
    assert set(journal.ACTIONS) - set(used) == set()
    assert all(sentence.strip() for sentence in journal.ACTIONS.values())


def test_every_setting_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    shown = re.findall(r"^#? ?(APLUS_[A-Z_]+)=", example, re.MULTILINE)
    assert sorted(shown) == sorted(f"APLUS_{field.upper()}" for field in Settings.model_fields)
    mentioned = {
        word
        for path in CODE
        for word in re.findall(r"\bAPLUS_[A-Z_]+\b", path.read_text())
        if not word.endswith("_")
    }
    assert mentioned <= set(shown)


def test_the_example_is_a_working_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copied as it is, it changes nothing; with each line taken as given, it is understood."""
    monkeypatch.delenv("APLUS_DATA_DIR")
    example = (ROOT / ".env.example").read_text()
    plain, whole = tmp_path / "plain", tmp_path / "whole"
    plain.write_text(example)
    whole.write_text(re.sub(r"^# ?(APLUS_)", r"\1", example, flags=re.MULTILINE))
    assert Settings(_env_file=plain) == Settings(_env_file=None)
    Settings(_env_file=whole)


def test_every_module_of_app_stands_in_a_layer() -> None:
    """A new file must say where it stands, or the contract on layers would say nothing of it."""
    tables: Any = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = next(c for c in tables["tool"]["importlinter"]["contracts"] if c["id"] == "layers-of-app")
    placed = {f"app.{one}" for layer in contract["layers"] for one in re.findall(r"[\w.]+", layer)}
    modules = {module.name for module in pkgutil.walk_packages(app.__path__, "app.")}
    folders = {one for one in modules if any(other.startswith(f"{one}.") for other in placed)}
    homeless = {
        one for one in modules - folders if not any(one == p or one.startswith(f"{p}.") for p in placed)
    }
    assert homeless == set()
