"""How often something is let happen, counted in this process: enough to slow who tries addresses at random.

What must hold across processes and restarts is counted in the database (``app.security.throttling``).
"""

from __future__ import annotations

import threading
from collections import OrderedDict


class Pace:
    """At most ``limit`` events a key within ``window`` seconds; ``remembered`` keys, the last seen ones."""

    def __init__(self, limit: int, window: float, remembered: int = 10_000) -> None:
        self._limit, self._window, self._remembered = limit, window, remembered
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()  # when the window began, how many
        self._lock = threading.Lock()

    def count(self, key: str, at: float) -> None:
        """Take note of an event; ``at`` in seconds of any clock that does not go back."""
        with self._lock:
            began, events = self._counts.pop(key, (at, 0))
            self._counts[key] = (began, events + 1) if at - began < self._window else (at, 1)
            while len(self._counts) > self._remembered:
                self._counts.popitem(last=False)

    def is_exceeded(self, key: str, at: float) -> bool:
        """Whether there were too many of late."""
        with self._lock:
            began, events = self._counts.get(key, (at, 0))
            return at - began < self._window and events >= self._limit
