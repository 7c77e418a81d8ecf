"""How a person wants the screens: their own choices, kept with the account and followed by every open page."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Invalid
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
    """Return the actor's own choices."""
    account = work.session.get_one(Account, work.actor.account_id)
    return Preferences(account.has_shortcuts, account.appearance)


def choose_shortcuts(work: Work, wanted: bool) -> None:
    """Let single keys act, or not, for the actor and on every device."""
    account = work.session.get_one(Account, work.actor.account_id)
    if account.has_shortcuts is not wanted:
        account.has_shortcuts = wanted
        work.signal(PreferencesChanged(account.id))


def choose_appearance(work: Work, wanted: str) -> None:
    """Take a value of ``Appearance`` for the actor, on every device; another one is ``Invalid``."""
    appearance = next((one for one in Appearance if one.value == wanted), None)
    if appearance is None:
        raise Invalid(appearance="Choisissez une apparence dans la liste.")
    account = work.session.get_one(Account, work.actor.account_id)
    if account.appearance is not appearance:
        account.appearance = appearance
        work.signal(PreferencesChanged(account.id))
