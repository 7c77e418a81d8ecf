"""How a person wants the screens: their own choices, kept with the account and followed by every open page."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Forbidden, Invalid
from app.events import PreferencesChanged
from app.work import Work
from models.account import Account
from models.enums import Appearance


@dataclass(frozen=True)
class Preferences:
    """What somebody chose: whether single keys act, and which colours the screens take."""

    has_shortcuts: bool = True
    appearance: Appearance = Appearance.AUTO


def mine(work: Work) -> Preferences:
    """Return the actor's own choices; the usager in front of a screen has none."""
    if work.actor.account is None:
        return Preferences()
    account = work.session.get_one(Account, work.actor.account_id)
    return Preferences(account.has_shortcuts, account.appearance)


def choose_shortcuts(work: Work, wanted: bool) -> None:
    """Let single keys act, or not, for the actor and on every device."""
    account = _own(work)
    if account.has_shortcuts is not wanted:
        account.has_shortcuts = wanted
        work.signal(PreferencesChanged(account.id))


def choose_appearance(work: Work, wanted: str) -> None:
    """Take a value of ``Appearance`` for the actor, on every device; another one is ``Invalid``."""
    appearance = next((one for one in Appearance if one.value == wanted), None)
    if appearance is None:
        raise Invalid(appearance="Choisissez une apparence dans la liste.")
    account = _own(work)
    if account.appearance is not appearance:
        account.appearance = appearance
        work.signal(PreferencesChanged(account.id))


def _own(work: Work) -> Account:
    if work.actor.account is None:
        raise Forbidden("Vous n’avez pas le droit de faire cela depuis cet écran.")
    return work.session.get_one(Account, work.actor.account)
