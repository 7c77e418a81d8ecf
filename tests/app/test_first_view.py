"""Where the dashboard begins."""

from __future__ import annotations

import pytest

from app.queries import lists
from app.queries.views import View
from models.enums import Side
from tests.app.scenes import CPAM, join, resolve, see, sent_case
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("database")


def first(cast: Cast, who: str) -> View:
    with see(cast, who) as work:
        return lists.first_view(work)


def test_an_agent_begins_with_the_queue_while_there_is_one(cast: Cast) -> None:
    assert first(cast, "bruno") is View.OPEN
    case_id = sent_case(cast)
    assert (first(cast, "bruno"), first(cast, "basile")) == (View.TO_DO, View.OPEN)
    resolve(cast, "bruno", case_id)
    assert first(cast, "bruno") is View.OPEN


def test_an_aidant_begins_with_all_that_is_open(cast: Cast) -> None:
    resolve(cast, "bruno", sent_case(cast))
    with see(cast, "aline") as work:
        assert lists.counts(work)[View.TO_DO] == 1
    assert first(cast, "aline") is View.OPEN
    sent_case(cast, (CPAM,))
    join(cast, "aline", CPAM, Side.AGENT)  # agent too: the queue is theirs as well
    assert first(cast, "aline") is View.TO_DO


def test_who_sees_no_case_has_no_queue(cast: Cast) -> None:
    sent_case(cast)
    assert first(cast, "denis") is View.OPEN
