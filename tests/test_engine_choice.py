"""Which engine a test runs on: both where it is about the database, else one of them, each file on both."""

from __future__ import annotations

import pytest

from tests.conftest import on_the_other_engine

RULES = [
    f"tests/app/test_rule.py::test_{n}[{engine}-{case}]"
    for n in range(20)
    for engine in ("sqlite", "postgres")
    for case in ("one", "two")
]


def test_a_rule_runs_once_and_a_file_on_both_engines() -> None:
    kept = set(RULES) - on_the_other_engine(dict.fromkeys(RULES, False))
    assert len(kept) == len(RULES) // 2
    assert len({one.replace("sqlite", "").replace("postgres", "") for one in kept}) == len(kept)
    assert {engine for engine in ("sqlite", "postgres") if any(engine in one for one in kept)} == {
        "sqlite",
        "postgres",
    }


def test_what_is_about_the_database_runs_on_both() -> None:
    assert on_the_other_engine(dict.fromkeys(RULES, True)) == set()


def test_what_has_one_engine_only_keeps_it() -> None:
    alone = ["tests/a.py::test[sqlite]", "tests/postgres/b.py::test", "tests/c.py::test_postgres[one]"]
    assert on_the_other_engine(dict.fromkeys(alone, False)) == set()


def test_all_may_be_asked_for_on_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APLUS_TEST_EVERY_ENGINE", "true")
    assert on_the_other_engine(dict.fromkeys(RULES, False)) == set()
