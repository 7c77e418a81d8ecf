"""Fixtures of every test: the two engines, the cast, a frozen clock."""

from __future__ import annotations

import gc
import os
import re
import signal
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zlib import crc32

import pytest
import time_machine
from sqlalchemy import select
from xdist.scheduler import LoadFileScheduling

from app import reference, work
from app.config import Settings
from app.demo import cast as demo_cast
from app.schema import migrate
from app.security import passwords
from app.work import ByNobody, Database, acting, reading
from models.organization import Group, Organization
from tests.engines import Engine, PostgresEngine, SQLiteEngine, server

pytest_plugins = ["tests.browser"]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday, 10:30 in Paris
_data = tempfile.TemporaryDirectory(prefix="aplus-tests-")


def pytest_configure(config: pytest.Config) -> None:
    """Take nothing from the settings of the person who runs the tests; stop in order when told to."""
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.default_int_handler)  # so that servers and clusters are stopped too
    for name in [name for name in os.environ if name.startswith("APLUS_") and "_TEST_" not in name]:
        del os.environ[name]
    Settings.model_config["env_file"] = None
    os.environ["APLUS_DATA_DIR"] = _data.name
    passwords.use_cost(1, 8)


def browser_lanes(processes: int) -> int:
    """How many of the processes drive browsers: one of two, since two browsers make each other late."""
    return max(1, processes // 2)


def is_journey(nodeid: str) -> bool:
    """Whether a test is in a file that drives a browser."""
    return "journeys/" in nodeid


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test its engine, and end with the browsers: what runs beside them makes them late, and their
    lateness is what a person would see."""
    left_out = on_the_other_engine({item.nodeid: is_about_the_database(item) for item in items})
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]
    items.sort(key=lambda item: is_journey(item.nodeid))  # whole files: they are shared out as they come


def is_about_the_database(item: pytest.Item) -> bool:
    """Whether a test is marked so, or really commits: who comes first is for the engine to say."""
    return bool(item.get_closest_marker("every_engine")) or "committed" in getattr(item, "fixturenames", ())


def on_the_other_engine(tests: dict[str, bool]) -> set[str]:
    """Return which of these tests, by id, are left out because the other engine has them.

    What is about the database itself (true) runs on both. A rule runs on one of them,
    chosen by its name, so that each file runs on both; ``APLUS_TEST_EVERY_ENGINE=true`` runs all on both.
    """
    if os.environ.get("APLUS_TEST_EVERY_ENGINE", "").lower() in ("1", "true"):
        return set()
    twins: defaultdict[str, list[str]] = defaultdict(list)
    for test, is_everywhere in tests.items():
        if not is_everywhere:
            twins[re.sub(r"\b(sqlite|postgres)\b(?=[^/]*$)", "engine", test)].append(test)
    chosen = {rule: sorted(both)[crc32(rule.encode()) % 2] for rule, both in twins.items() if len(both) == 2}
    return {test for rule, one in chosen.items() for test in twins[rule] if test != one}


def pytest_collection_finish() -> None:
    """Leave the program and the tests themselves out of each search for cycles to come."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Share out the tests as ``ByFileAndBrowser`` does."""
    return ByFileAndBrowser(config, log)


class ByFileAndBrowser(LoadFileScheduling):  # type: ignore[misc]
    """Files whole, so that each starts what it needs once, and those of the browsers in one process of two: on
    two processors, a service and its browser make the other pair late."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        self._lanes: dict[str, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        if not is_journey(file):
            return file
        return self._lanes.setdefault(file, f"browser {len(self._lanes) % browser_lanes(self.numnodes)}")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _data.cleanup()


@dataclass(frozen=True)
class Cast:
    """The demonstration's people by first name, its groups by name, the organisations by code: their ids."""

    aline: UUID
    adam: UUID
    chloe: UUID
    bruno: UUID
    basile: UUID
    marc: UUID
    colette: UUID
    olivier: UUID
    denis: UUID
    mathilde: UUID
    camille: UUID
    didier: UUID
    fatou: UUID
    melanie: UUID
    pascal: UUID
    bertille: UUID
    groups: dict[str, UUID]
    organizations: dict[str, UUID]


class Engines:
    """Each engine is started and filled once, when a test first asks for it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._ready: dict[str, Engine] = {}
        self.casts: dict[str, Cast] = {}

    def get(self, name: str) -> Engine:
        """Return the engine of this name."""
        if name not in self._ready:
            made = (
                SQLiteEngine(self._folder, _fill)
                if name == "sqlite"
                else PostgresEngine(self._stack.enter_context(server()), _fill)
            )
            self._stack.callback(made.close)
            self._ready[name] = made
            with made.rolled_back.undone():
                work.use(made.rolled_back)
                self.casts[name] = _read_cast()
        return self._ready[name]


def _fill(database: Database) -> None:
    migrate(database)
    work.use(database)
    with acting(ByNobody(), at=NOW) as filling:
        reference.load(filling)
        demo_cast.create(filling)


def _read_cast() -> Cast:
    with reading(ByNobody()) as w:
        people = {name: account.id for name, account in demo_cast.find(w).items()}
        groups = {row.name: row.id for row in w.session.scalars(select(Group))}
        organizations = {row.code: row.id for row in w.session.scalars(select(Organization))}
    return Cast(**people, groups=groups, organizations=organizations)


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Give the engines of this run."""
    with ExitStack() as stack:
        yield Engines(tmp_path_factory.mktemp("databases"), stack)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, engines: Engines) -> Engine:
    """Run the test once on each engine."""
    return engines.get(request.param)


@pytest.fixture
def cast(engine: Engine, engines: Engines) -> Cast:
    """Give the ids of the demonstration's people, groups and organisations on this engine."""
    return engines.casts[engine.name]


@pytest.fixture
def database(engine: Engine) -> Iterator[Database]:
    """Give a database holding the cast, all of whose changes are undone after the test."""
    with engine.rolled_back.undone():
        work.use(engine.rolled_back)
        yield engine.rolled_back


@pytest.fixture
def committed(engine: Engine) -> Iterator[Database]:
    """Give a database of its own holding the cast, with real commits and connections (concurrency)."""
    url = engine.create()
    ours = Database(url, engine.rolled_back.vault)
    work.use(ours)
    try:
        yield ours
    finally:
        ours.close()
        engine.drop(url)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Freeze the time at ``NOW``; ``clock.shift(…)`` and ``clock.move_to(…)`` move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
