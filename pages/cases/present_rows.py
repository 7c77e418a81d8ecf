"""Who is in the cases that a list shows: a few words in a row, told by the registry of who is where.

Nothing is read for it. A row that is shown was read with its person's rights; from the moment its case changes
until it has been read again, nothing new is said of it. A list does not know on which side each row is read:
whoever writes a note only reads here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from pages.components.fragment import Fragment
from pages.components.presence import in_row
from pages.shell.page import Page
from pages.shell.presence import presences


class PresentRows:
    """The words of the rows of one list, for its person."""

    def __init__(self, page: Page, rows: Fragment) -> None:
        self._account_id = page.account_id
        self._rows = rows
        self._words: dict[UUID, str] = {}
        self._watched: dict[UUID, Callable[[], None]] = {}
        page.on_leave(lambda: self.shows(()))

    def shows(self, case_ids: Iterable[UUID]) -> None:
        """The list was read again: these are its rows, and no others."""
        kept = set(case_ids)
        for case_id in set(self._watched) - kept:
            self.loses(case_id)
        self.adds(kept)

    def adds(self, case_ids: Iterable[UUID]) -> None:
        """These rows were read."""
        for case_id in case_ids:
            if case_id not in self._watched:
                self._watched[case_id] = presences.watch([case_id], self._tell)
            self._tell(case_id)

    def loses(self, case_id: UUID) -> None:
        """This row is shown no more."""
        self.doubts(case_id)
        if self._words.pop(case_id, ""):
            self._rows.note(str(case_id), "")

    def doubts(self, case_id: UUID) -> None:
        """Something changed: whether its person may still see the case is to be read."""
        if stop := self._watched.pop(case_id, None):
            stop()

    def _tell(self, case_id: UUID) -> None:
        words = in_row(presences.of(case_id, but=self._account_id))
        if words != self._words.get(case_id, ""):
            self._words[case_id] = words
            self._rows.note(str(case_id), words)
