"""The shape of a demonstration case: what the aidant raised, and what each one then did."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verb(Enum):
    """What somebody does in a story; each is one call of a service."""

    REPLY = "replies"
    TAKE = "takes in charge"
    RESOLVE = "replies and unblocks"
    ASK = "asks for a precision"
    NOTE = "writes a note between agents"
    NOT_COMPETENT = "is not competent (extra: code of a better organisation, or nothing)"
    PASS = "hands over to a colleague of the group (extra: e-mail)"
    FLAG_PROCEDURE = "says a standard procedure existed"
    ASSOCIATE = "brings in another organisation (extra: its code)"
    INVITE = "brings in an agent by name (extra: e-mail)"
    WITHDRAW = "takes the case back from an organisation (extra: its code)"
    CLOSE = "closes (extra: outcome/usefulness, as in 'solved/very')"
    REOPEN = "reopens (text: the reason)"
    READ = "opens the case and reads it"
    REVOKE = "records that the usager revokes the mandate (text: the reason)"


@dataclass(frozen=True)
class Step:
    """One act: ``after`` hours of wall-clock time since the case was sent."""

    after: float
    who: str
    verb: Verb
    text: str = ""
    extra: str = ""


@dataclass(frozen=True)
class Story:
    """A case of the demonstration.

    ``sent`` is how many working days ago it was sent (0: today); ``at`` the time of day in Paris.
    ``to`` are organisation codes of the recipients, ``also`` those the mandate names besides.
    ``born`` is ``YYYY-MM-DD``. ``draft`` stories are never sent and have no steps.
    """

    author: str
    theme: str
    blockage: str
    procedure: str
    civility: str
    first_name: str
    last_name: str
    born: str
    commune: str
    subject: str
    description: str
    to: tuple[str, ...]
    sent: int
    at: str = "09:30"
    also: tuple[str, ...] = ()
    urgent: str = ""
    draft: bool = False
    steps: tuple[Step, ...] = ()
