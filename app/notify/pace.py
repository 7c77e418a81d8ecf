"""When an e-mail leaves, by the pace that a person chose (domain, section 7). Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.deadlines import PARIS
from models.enums import MailPace

BURST = timedelta(minutes=2)  # what comes within it makes one e-mail
URGENT = timedelta(seconds=30)
_HOURS: dict[MailPace, tuple[time, ...]] = {
    MailPace.TWICE: (time(11), time(15)),
    MailPace.DAILY: (time(11),),
}


def mail_due(pace: MailPace, now: datetime, *, is_urgent: bool) -> datetime | None:
    """Return when the e-mail that tells of it leaves; ``None``: none does.

    What is urgent leaves at once whatever was chosen. Never within ten seconds: a message may still be taken
    back, and its notice with it.
    """
    if is_urgent:
        return now + URGENT
    if pace is MailPace.NONE:
        return None
    if pace is MailPace.AT_ONCE:
        return now + BURST
    soonest = now + URGENT
    local = soonest.astimezone(PARIS)
    for day in (local.date(), local.date() + timedelta(days=1)):
        for hour in _HOURS[pace]:
            if (at := datetime.combine(day, hour, PARIS).astimezone(now.tzinfo)) >= soonest:
                return at
    raise AssertionError(pace)
