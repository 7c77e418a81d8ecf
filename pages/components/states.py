"""States, said by an icon, a word and a tint: never by a colour alone."""

from __future__ import annotations

from datetime import datetime

import htpy as h

from app.deadlines import working_days_left
from app.french import NBSP, age, clock, long_date, moment_name
from app.queries.lists import ReferralChip
from models.enums import CaseStatus, MandateStatus, ReferralStatus
from pages.shell.icons import icon, state_icon


def chip(look: str, words: str, sign: str = "") -> h.Element:
    """Return a state: ``look`` is its tint, ``sign`` its icon when it is not the tint's own."""
    return h.span(f".state.{look}")[state_icon(sign or look), h.span[words]]


def referral_chip(chip_: ReferralChip) -> h.Element:
    """Return the state of one organisation in a row: «CAF : en souffrance»."""
    look, word = referral_words(chip_.status, chip_.is_late, chip_.is_waiting)
    return chip(look, f"{chip_.organization}{NBSP}: {word}")


def referral_words(status: ReferralStatus, is_late: bool, is_waiting: bool) -> tuple[str, str]:
    """Return the tint and the word of a referral: late and waiting say more than the state."""
    if is_late:
        return "late", "en souffrance"
    if is_waiting:
        return "waiting", "précision attendue"
    return status.value, status.label


def case_chip(status: CaseStatus) -> h.Element:
    """Return the state of a whole case."""
    signs = {CaseStatus.TO_REDIRECT: "not_competent", CaseStatus.CLOSED: "closed", CaseStatus.DRAFT: "sent"}
    return chip(status.value, status.label, signs.get(status, status.value))


def mandate_chip(status: MandateStatus) -> h.Element:
    """Return the state of a mandate."""
    return h.span(f".state.{status.value}")[icon("shield"), h.span[status.label]]


def due_words(due_at: datetime | None, now: datetime, departement: str = "") -> str:
    """Return the time left before a referral is late: «reste 2 j», «aujourd’hui», «en retard»; or nothing."""
    if due_at is None:
        return ""
    left = working_days_left(now, due_at, departement)
    if left < 0:
        return "en retard"
    if left == 0:
        return f"avant {clock(due_at)}"
    return f"reste {left}{NBSP}j"


def when(moment: datetime, now: datetime) -> h.Element:
    """Return how long ago, with the exact time at hand."""
    return h.time(datetime=moment.isoformat(timespec="minutes"), title=moment_name(moment, now))[
        age(moment, now)
    ]


def until(moment: datetime) -> str:
    """Return «jusqu’au 23 mai 2027»."""
    return f"jusqu’au {long_date(moment)}"
