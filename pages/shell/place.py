"""An open tab on a case: what its person does there, as far as the others ought to know."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from app.events import Doing, Presence
from models.enums import Audience

WRITES_FOR = 15.0  # seconds without a key after which somebody reads again
_SAID_AGAIN = 8.0  # seconds after which one who goes on writing says so again
_DOING = {None: Doing.READING, Audience.EVERYBODY: Doing.WRITING, Audience.OPERATORS: Doing.NOTING}


class Place:
    """It counts while it is connected, seen by its person, and not left. ``tell`` is called when it has news.

    A key typed is no news: beginning to write is, then going on every eight seconds, then ceasing.
    """

    def __init__(
        self, case_id: UUID, account_id: UUID, *, clock: Callable[[], float], tell: Callable[[], None]
    ) -> None:
        self.id, self.case_id, self.account_id = uuid4(), case_id, account_id
        self.is_left = False
        self._clock, self._tell = clock, tell
        self._doing, self._typed_at = Doing.READING, 0.0
        self._said, self._said_at = Doing.GONE, 0.0
        self._is_seen = self._is_connected = True

    @property
    def doing(self) -> Doing:
        """What is done here now."""
        if self.is_left or not self._is_seen or not self._is_connected:
            return Doing.GONE
        return self._doing if self._clock() - self._typed_at < WRITES_FOR else Doing.READING

    @property
    def has_news(self) -> bool:
        """Whether the others ought to be told."""
        doing = self.doing
        goes_on = doing in (Doing.WRITING, Doing.NOTING) and self._clock() - self._said_at >= _SAID_AGAIN
        return goes_on or doing is not self._said

    def say(self) -> Presence:
        """Return what to tell the others: after that it is no news."""
        self._said, self._said_at = self.doing, self._clock()
        return Presence(self.id, self.case_id, self.account_id, self._said)

    def writes(self, to: Audience | None) -> None:
        """Something was typed for this audience; ``None``: the box is empty, or the message left."""
        self._doing, self._typed_at = _DOING[to], self._clock()
        self._changed()

    def shows(self, is_seen: bool) -> None:
        """The tab was brought to the front, or hidden."""
        self._is_seen = is_seen
        self._changed()

    def connects(self, is_connected: bool) -> None:
        """The line to the browser stands, or is cut."""
        self._is_connected = is_connected
        self._changed()

    def leave(self) -> None:
        """The case was closed on this tab, or may not be seen any more."""
        self.is_left = True
        self._tell()

    def _changed(self) -> None:
        if self.has_news:
            self._tell()
