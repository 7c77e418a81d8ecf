"""States, said by an icon, a word and a tint: never by a colour alone."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import htpy as h
from markupsafe import Markup

from app.deadlines import PARIS, working_days_left
from app.french import NBSP, age, clock, long_date, moment_name
from app.queries.lists import ReferralChip
from models.enums import CaseStatus, MandateStatus, ReferralStatus
from pages.shell.icons import icon, state_icon


@lru_cache(maxsize=1_000)  # organisations and their states: a list of fifty rows shows a hundred of them
def chip(look: str, words: str, sign: str = "") -> Markup:
    """Return a state: ``look`` is its tint, ``sign`` its icon when it is not the tint's own."""
    return Markup(h.span(f".state.{look}")[state_icon(sign or look), h.span[words]])  # noqa: S704 (escaped)


def referral_chip(chip_: ReferralChip) -> Markup:
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


def urgent_mark(reason: str = "") -> h.Element:
    """Return «Urgent», said by a flag and a word, with its reason where there is room."""
    return h.span(".urgent")[state_icon("urgent"), f"Urgent{NBSP}: {reason}" if reason else "Urgent"]


def case_chip(status: CaseStatus) -> Markup:
    """Return the state of a whole case."""
    signs = {CaseStatus.TO_REDIRECT: "not_competent", CaseStatus.CLOSED: "closed", CaseStatus.DRAFT: "sent"}
    return chip(status.value, status.label, signs.get(status, status.value))


def mandate_chip(status: MandateStatus) -> h.Element:
    """Return the state of a mandate."""
    return h.span(f".state.{status.value}")[icon("shield"), h.span[status.label]]


def due_words(due_at: datetime | None, now: datetime, departement: str) -> str:
    """Return the time left before a referral is late, in working days: «reste 2 j», «avant 16 h 30»; once it
    is late since when: «depuis 16 h 30», «depuis hier», «depuis 2 j»; nothing when its clock does not run."""
    if due_at is None:
        return ""
    left = working_days_left(now, due_at, departement)
    if left < 0:
        over = working_days_left(due_at, now, departement)
        if over > 0:
            return f"depuis {over}{NBSP}j"
        is_today = due_at.astimezone(PARIS).date() == now.astimezone(PARIS).date()
        return f"depuis {clock(due_at) if is_today else age(due_at, now)}"
    if left == 0:
        return f"avant {clock(due_at)}"
    return f"reste {left}{NBSP}j"


def when(moment: datetime, now: datetime) -> h.Element:
    """Return how long ago, with the exact time at hand."""
    return dated(moment, age(moment, now), moment_name(moment, now))


def dated(moment: datetime, words: str, exact: str) -> h.Element:
    """Return words about a moment, with the exact one at hand."""
    return h.time(datetime=moment.isoformat(timespec="minutes"), title=exact)[words]


def until(moment: datetime) -> str:
    """Return «jusqu’au 23 mai 2027»."""
    return f"jusqu’au {long_date(moment)}"
