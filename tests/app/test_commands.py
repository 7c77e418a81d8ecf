"""The commands of ``python -m app``: what they say and the status they leave."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app.__main__ as commands
from app import reference, seed, work
from app.config import settings
from app.demo import cast
from app.schema import is_current
from app.work import ByNobody, acting
from tests.engines import missing


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let the commands find their settings in an empty folder."""
    monkeypatch.setenv("APLUS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("APLUS_DEMO", "true")
    settings.cache_clear()
    yield tmp_path / "data"
    work.database().close()
    settings.cache_clear()


def test_migrate_makes_the_database(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["migrate"]) == 0
    assert (elsewhere / "administration-plus.sqlite3").exists()
    assert is_current(work.database())
    assert "up to date" in capsys.readouterr().out


def test_seed_fills_an_empty_database_only(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def people_only() -> int:
        with acting(ByNobody()) as filling:
            reference.load(filling)
            cast.create(filling)
        return 0

    monkeypatch.setattr(seed, "demonstration", people_only)
    assert commands.main(["seed"]) == 0
    assert not seed.is_empty()
    assert commands.main(["seed"]) == 1
    assert "nothing was written" in capsys.readouterr().err


class TestCheck:
    """Every part is run, shown in a table, and counted."""

    @pytest.fixture(autouse=True)
    def static_parts(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, ...]]:
        fine = (sys.executable, "-c", "")
        parts: dict[str, tuple[str, ...]] = {"first": fine, "second": fine}
        monkeypatch.setattr(commands, "STATIC_PARTS", parts)
        return parts

    def test_a_part_that_fails_is_shown_and_what_was_skipped_is_named(
        self, tmp_path: Path, static_parts: dict[str, tuple[str, ...]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        static_parts["first"] = (sys.executable, "-c", "import sys; sys.exit('a fault at line 3')")
        some = tmp_path / "test_some.py"
        some.write_text(
            "import pytest\n"
            "def test_fine(): pass\n"
            "@pytest.mark.parametrize('n', [1, 2])\n"
            "def test_without(n): pytest.skip('missing here: Chromium')\n"
            "def test_other(): pytest.skip('missing here: PostgreSQL')\n"
        )
        assert commands.main(["check", "--", str(some), "--noconftest"]) == 1
        shown = capsys.readouterr().out
        assert "a fault at line 3" in shown
        assert [line.split()[:2] for line in shown.split("\n") if line.endswith(" s")] == [
            ["first", "failed"], ["second", "passed"], ["pytest", "passed"],
        ]  # fmt: skip
        assert "skipped: 2 × missing here: Chromium" in shown
        assert "skipped: 1 × missing here: PostgreSQL" in shown

    def test_a_failing_test_fails_the_check(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        one = tmp_path / "test_one.py"
        one.write_text("def test_one(): assert False\n")
        assert commands.main(["check", "--", str(one), "--noconftest"]) == 1
        assert "pytest         failed" in capsys.readouterr().out

    def test_nothing_to_say(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(commands, "_tests", lambda options: commands.Result("pytest", 0, 1.0))
        assert commands.main(["check"]) == 0

    def test_its_parts_are_those_promised(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        assert list(commands.STATIC_PARTS) == ["ruff check", "ruff format", "mypy", "import-linter"]


def test_what_is_missing_is_skipped_by_name_but_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="missing here: a server"):
        missing("a server")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI may skip nothing: a server"):
        missing("a server")


def test_seed_refuses_a_service_that_is_no_demonstration(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APLUS_DEMO", "false")
    settings.cache_clear()
    assert commands.main(["seed"]) == 1
    assert "public password" in capsys.readouterr().err
    assert not (elsewhere / "administration-plus.sqlite3").exists()
