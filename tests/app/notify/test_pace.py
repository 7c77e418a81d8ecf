"""When the e-mail of a notice leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.notify.pace import mail_due
from models.enums import MailPace
from tests.conftest import NOW

WINTER, SUMMER = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 7, 6, tzinfo=UTC)


@pytest.mark.parametrize("pace", MailPace)
def test_urgent_ones_leave_at_once_whatever_was_chosen(pace: MailPace) -> None:
    assert mail_due(pace, NOW, is_urgent=True) == NOW + timedelta(seconds=30)


def test_at_once_waits_for_the_end_of_a_burst() -> None:
    assert mail_due(MailPace.AT_ONCE, NOW, is_urgent=False) == NOW + timedelta(minutes=2)
    assert mail_due(MailPace.NONE, NOW, is_urgent=False) is None


@pytest.mark.parametrize(
    ("pace", "now", "due"),
    [
        (MailPace.TWICE, WINTER.replace(hour=9, minute=59), WINTER.replace(hour=10)),
        (MailPace.TWICE, WINTER.replace(hour=9, minute=59, second=31), WINTER.replace(hour=14)),
        (MailPace.TWICE, WINTER.replace(hour=10), WINTER.replace(hour=14)),
        (MailPace.TWICE, WINTER.replace(hour=16), WINTER.replace(day=24, hour=10)),
        (MailPace.DAILY, WINTER.replace(hour=10), WINTER.replace(day=24, hour=10)),
        (MailPace.DAILY, WINTER.replace(hour=23, minute=30), WINTER.replace(day=24, hour=10)),
        (MailPace.DAILY, SUMMER.replace(hour=8), SUMMER.replace(hour=9)),
        (MailPace.TWICE, SUMMER.replace(hour=12), SUMMER.replace(hour=13)),
        # The night when the clocks go back: 11:00 is 10:00 UTC the day after, not 9:00.
        (MailPace.DAILY, datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 10, tzinfo=UTC)),
    ],
)
def test_at_eleven_and_at_three_in_paris(pace: MailPace, now: datetime, due: datetime) -> None:
    assert mail_due(pace, now, is_urgent=False) == due
