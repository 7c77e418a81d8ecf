"""The demonstration's provider: nothing leaves. What was sent is read, and answered, in «Boîte d’essai»."""

from __future__ import annotations

from datetime import datetime

from app.sms.driver import Callback, Forged, Received

CONSOLE = "console"


class Console:
    """Takes every text, and never calls back: answers are typed on the screen."""

    name = CONSOLE

    def send(self, to_e164: str, text: str, reference: str) -> str:  # noqa: ARG002
        """Return our reference: the row of the outbox is where the text stays."""
        return reference

    def received(self, callback: Callback) -> Received | None:  # noqa: ARG002
        """Refuse: nobody calls for it."""
        raise Forged

    def recent(self, since: datetime, known: frozenset[str]) -> list[Received]:  # noqa: ARG002
        """Return nothing: what is typed is stored at once."""
        return []
