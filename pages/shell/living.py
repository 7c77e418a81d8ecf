"""Which sessions live, asked of the database at most every five seconds and again as soon as one ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from nicegui import Client

from app import events
from app.events import Missed, RightsChanged, SessionEnded, SessionHanded, Signal
from app.security import sessions
from app.security.sessions import SessionInfo
from pages.shell.action import in_thread

MAX_AGE = 5.0
_MAX_ENTRIES = 20_000


class Living:
    """What is known of living sessions. Signals come from the threads that commit."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[float, SessionInfo]] = {}
        self._lock = threading.Lock()
        self._forgotten = 0

    async def by_token(self, token: str, *, is_use: bool) -> SessionInfo | None:
        """Return the living session of a cookie, if any; ``is_use`` when a person asked for something."""
        if len(token) != sessions.TOKEN_LENGTH:
            return None
        key = sha256(token.encode()).digest(), is_use
        return await self._find(key, lambda: sessions.resolve(token, is_use=is_use))

    async def by_id(self, session_id: UUID) -> SessionInfo | None:
        """Return the session of an open page if it lives; an event on the page uses it."""
        return await self._find(session_id, lambda: sessions.keep(session_id))

    async def _find(self, key: Hashable, look: Callable[[], SessionInfo | None]) -> SessionInfo | None:
        known = self._known.get(key)
        if known and time.monotonic() - known[0] < MAX_AGE and datetime.now(UTC) < known[1].expires_at:
            return known[1]
        forgotten, asked = self._forgotten, time.monotonic()
        found = await in_thread(look)
        with self._lock:
            if found is None:
                self._known.pop(key, None)
            elif forgotten == self._forgotten:  # nothing ended while the database was being asked
                if len(self._known) >= _MAX_ENTRIES:
                    self._known.clear()
                self._known[key] = (asked, found)
        return found

    def forget(self, signal: Signal) -> None:
        """Ask again about the sessions that a signal concerns."""
        with self._lock:
            match signal:
                case SessionEnded(session_id) | SessionHanded(session_id, _):
                    gone = [key for key, (_, info) in self._known.items() if info.session_id == session_id]
                case RightsChanged(account_ids):
                    gone = [key for key, (_, info) in self._known.items() if info.account_id in account_ids]
                case Missed():
                    gone = list(self._known)
                case _:
                    return
            self._forgotten += 1
            for key in gone:
                del self._known[key]


living = Living()
events.listen(living.forget)


def session_of(client: Client) -> UUID | None:
    """Return the session with which a page was opened."""
    try:
        state = client.request.scope.get("state", {})
    except RuntimeError:  # a client without a request is nobody's
        return None
    found: UUID | None = state.get("session_id")
    return found
