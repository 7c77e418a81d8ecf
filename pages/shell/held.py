"""The one place of a screen that was handed over: where it is led, and what a request may still ask from there.

The lock itself is ``app.handing``; the door (``pages.shell.session``) and the guard of the sockets
(``pages.shell.socket_guard``) ask here.
"""

from __future__ import annotations

from uuid import UUID

from nicegui import Client

WAITS = "Cet écran est remis à la personne. Reprenez-le d’abord, avec votre code ou votre mot de passe."
HEADER = "X-Aplus-Handed"  # what ``/session`` answers with, so that a page which lost its line goes there
# To ask whether the session lives, to sign out, to watch the service: nothing that shows or does anything else.
_STILL = frozenset({"/session", "/deconnexion", "/sante", "/favicon.ico"})


def place_of(mandate_id: UUID) -> str:
    """Return where a screen handed over for this mandate is led."""
    return f"/mandats/{mandate_id}/signer"


def _is_place(path: str, mandate_id: UUID) -> bool:
    """Whether a path is a page of this mandate for other hands: the usager's, or a witness's."""
    return path in (place_of(mandate_id), f"/mandats/{mandate_id}/temoin")


def may_ask(path: str, mandate_id: UUID) -> bool:
    """Whether this path is open to a screen handed over for this mandate (static files pass anyway)."""
    return path in _STILL or _is_place(path, mandate_id)


def is_there(client: Client, mandate_id: UUID) -> bool:
    """Whether a page is the one where this mandate is signed."""
    try:
        return _is_place(client.request.scope["path"], mandate_id)
    except RuntimeError:  # a client without a request is nowhere
        return False
