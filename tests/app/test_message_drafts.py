"""What is typed in a case is kept on the server for its author alone, until it leaves."""

from __future__ import annotations

import pytest

from app import messages, referrals
from app.errors import NotFound
from app.messages import Typed
from models.base import new_id
from models.enums import Audience
from tests.app.scenes import act, see, sent_case
from tests.conftest import NOW, Cast

CAF = "CAF – Aisne"


pytestmark = pytest.mark.usefixtures("database")


def test_it_is_found_again_by_its_author_alone(cast: Cast) -> None:
    case_id, key = sent_case(cast), new_id()
    with act(cast, "bruno") as work:
        messages.keep(work, case_id, "Bon", key=key, audience=Audience.EVERYBODY)
        assert messages.keep(work, case_id, "Bonjour", key=key, audience=Audience.OPERATORS) == work.now
    with see(cast, "bruno") as work:
        assert messages.typed(work, case_id) == Typed(key, "Bonjour", Audience.OPERATORS, NOW)
    for other in ("marc", "aline"):
        with see(cast, other) as work:
            assert messages.typed(work, case_id) is None


def test_nothing_typed_is_nothing_kept(cast: Cast) -> None:
    case_id, key = sent_case(cast), new_id()
    with act(cast, "bruno") as work:
        messages.keep(work, case_id, "Bonjour", key=key, audience=Audience.EVERYBODY)
        assert messages.keep(work, case_id, "  ", key=key, audience=Audience.EVERYBODY) is None
        assert messages.typed(work, case_id) is None


@pytest.mark.parametrize("gesture", ["post", "resolve", "ask"])
def test_it_goes_with_the_message(cast: Cast, gesture: str) -> None:
    case_id, key = sent_case(cast), new_id()
    with act(cast, "bruno") as work:
        messages.keep(work, case_id, "Bonjour", key=key, audience=Audience.EVERYBODY)
        if gesture == "post":
            messages.post(work, case_id, "Bonjour", key=key)
        else:
            getattr(referrals, gesture)(work, case_id, cast.groups[CAF], "Bonjour", key=key)
        assert messages.typed(work, case_id) is None
        assert messages.keep(work, case_id, "Bonjour", key=key, audience=Audience.EVERYBODY) is None
        assert messages.typed(work, case_id) is None


def test_another_message_leaves_it_alone(cast: Cast) -> None:
    case_id = sent_case(cast)
    with act(cast, "bruno") as work:
        messages.keep(work, case_id, "Plus tard", key=new_id(), audience=Audience.EVERYBODY)
        messages.post(work, case_id, "Tout de suite", key=new_id())
        found = messages.typed(work, case_id)
        assert found is not None
        assert found.text == "Plus tard"


def test_only_who_may_write_keeps_anything(cast: Cast) -> None:
    case_id = sent_case(cast)
    for who in ("chloe", "denis"):
        with pytest.raises(NotFound), act(cast, who) as work:
            messages.keep(work, case_id, "Bonjour", key=new_id(), audience=Audience.EVERYBODY)
