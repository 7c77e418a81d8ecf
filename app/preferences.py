"""How a person wants the screens: their own choices, kept with the account and followed by every open page."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Forbidden, Invalid
from app.events import PreferencesChanged
from app.notify.notices import repace
from app.work import Work
from models.account import Account
from models.enums import Appearance, MailPace


@dataclass(frozen=True)
class Preferences:
    """What somebody chose: whether single keys act, which colours the screens take, how often e-mails leave."""

    has_shortcuts: bool = True
    appearance: Appearance = Appearance.AUTO
    mail_pace: MailPace = MailPace.AT_ONCE


def mine(work: Work) -> Preferences:
    """Return the actor's own choices; the usager in front of a screen has none."""
    if work.actor.account is None:
        return Preferences()
    account = work.session.get_one(Account, work.actor.account_id)
    return Preferences(account.has_shortcuts, account.appearance, account.mail_pace)


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


def choose_mail_pace(work: Work, wanted: str) -> None:
    """Take a value of ``MailPace`` for the actor; what waits leaves at the new pace."""
    pace = next((one for one in MailPace if one.value == wanted), None)
    if pace is None:
        raise Invalid(mail_pace="Choisissez un rythme dans la liste.")
    account = _own(work)
    if account.mail_pace is not pace:
        account.mail_pace = pace
        repace(work, account.id, pace)
        work.signal(PreferencesChanged(account.id))


def _own(work: Work) -> Account:
    if work.actor.account is None:
        raise Forbidden("Vous n’avez pas le droit de faire cela depuis cet écran.")
    return work.session.get_one(Account, work.actor.account)
