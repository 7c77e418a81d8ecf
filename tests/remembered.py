"""What tests begin with, lived once: a scene's writes are noted, and done again in the next test.

A test's database is undone at its end, so that all tests begin alike. A scene (``@lived_once``) that follows
the same scenes as before therefore writes the same rows: the statements are noted the first time, with their
values, and sent again as they are, without the reading, the rules and the drawing of documents that led to
them. As soon as a test has written anything else, its scenes are lived again. A test of what a service does
under another setting, or with a changed function, calls the service itself: a scene may be repeated without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import time_machine
from sqlalchemy import Connection, Engine, event

from app import events, work
from models import base

P = ParamSpec("P")
R = TypeVar("R")
Past = tuple[object, ...]
_WRITES = ("INSERT", "UPDATE", "DELETE")
_HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET", "BEGIN")


@dataclass
class _Scene:
    """What a scene returned, wrote and told."""

    returned: object = None
    statements: list[tuple[str, Any]] = field(default_factory=list)
    signals: list[events.Signal] = field(default_factory=list)


class Memory:
    """The scenes known of a database, by all that happened before them in a test."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection
        self._known: dict[Past, _Scene] = {}
        self._past: Past | None = None
        self._living: _Scene | None = None
        self._is_repeating = False
        event.listen(engine, "before_cursor_execute", self._hear)

    def begin(self, connection: Connection) -> None:
        """A test begins, in a transaction of this connection."""
        self._connection, self._past = connection, ()

    def live(self, scene: Callable[[], R], *name: object) -> R:
        """Live a scene, or repeat it; inside of another one it is a part of it."""
        if self._living is not None or self._past is None:
            return scene()
        # What was encrypted under one key is not for a test that reads with another.
        past = (*self._past, tuple(base._cipher), name)
        if known := self._known.get(past):
            self._repeat(known)
        else:
            with self._noting() as known:
                known.returned = scene()
        if self._past is not None:
            self._known[past], self._past = known, past
        return known.returned  # type: ignore[return-value]

    @contextmanager
    def _noting(self) -> Iterator[_Scene]:
        self._living = living = _Scene()
        deaf = events.listen(living.signals.append)
        try:
            yield living
        except BaseException:
            self._past = None
            raise
        finally:
            deaf()
            self._living = None

    def _repeat(self, known: _Scene) -> None:
        self._is_repeating = True
        try:
            with self._connection.begin_nested():
                for statement, values in known.statements:
                    self._connection.exec_driver_sql(statement, values).close()
        finally:
            self._is_repeating = False
        for signal in known.signals:
            events.publish(signal)

    def _hear(self, _c: Connection, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        word = statement.split(None, 1)[0].upper()
        if self._is_repeating or word in _HARMLESS:
            return
        if self._living is not None and word in _WRITES:
            self._living.statements.append((statement, values))
        else:
            self._past = None


def lived_once(scene: Callable[P, R]) -> Callable[P, R]:
    """Have a scene lived once for each database that is undone; its arguments after the cast tell it apart."""

    @wraps(scene)
    def living(*args: P.args, **named: P.kwargs) -> R:
        ours: Any = work.database()
        # A frozen clock may be read besides the instants that are given.
        if getattr(ours, "memory", None) is None or time_machine.escape_hatch.is_travelling():
            return scene(*args, **named)
        name = (scene.__name__, repr(args[1:]), repr(sorted(named.items())))
        lived: R = ours.memory.live(lambda: scene(*args, **named), *name)
        return lived

    return living
