"""A draft read again before it leaves says what the agent will read, word for word."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from app.errors import NotFound
from app.queries import case, thread
from app.queries.preview import Preview, preview
from models.enums import EntryKind
from tests.app.scenes import CAF, CPAM, draft, mandate, see, send
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("database")


def seen(cast: Cast, case_id: UUID, who: str = "aline") -> Preview:
    with see(cast, who) as work:
        return preview(work, case_id)


def test_it_is_what_the_agent_then_reads(cast: Cast) -> None:
    case_id = draft(
        cast, (CAF, CPAM), urgent="oui", urgency_reason="  Expulsion \n le 30 ", born_on="3 juil. 87",
        first_name="marie-laure", last_name="KADDOUR",
    )  # fmt: skip
    mandate(cast, case_id)
    before = seen(cast, case_id)
    send(cast, case_id)
    with see(cast, "bruno") as work:
        after = case.case(work, case_id)
        (message,) = [
            one for one in thread.entries_for(work, case_id, after.side) if one.kind is EntryKind.MESSAGE
        ]
    told = ("subject", "usager", "usager_name", "born_on", "phone", "commune", "departement", "qualification",
            "urgency", "structure", "author", "status", "side", "closing")  # fmt: skip
    assert {name: getattr(before.view, name) for name in told} == {name: getattr(after, name) for name in told}
    assert [one.group for one in before.view.referrals] == [one.group for one in after.referrals]
    assert [one.status for one in before.view.referrals] == [one.status for one in after.referrals]
    assert before.view.mandate is not None
    assert after.mandate is not None
    assert replace(before.view.mandate, may_see=True) == after.mandate
    assert (before.message.text, before.message.author, before.message.group) == (
        message.text, message.author, message.group,
    )  # fmt: skip
    assert (before.lacking, before.faults, after.usager_name) == ("", {}, "Marie-Laure Kaddour")


def test_what_they_will_not_see(cast: Cast) -> None:
    found = seen(cast, draft(cast, phone="0612345678"))
    assert (found.view.phone, found.hidden_phone) == ("", "06 12 34 56 78")


def test_what_is_lacking_is_said(cast: Cast) -> None:
    assert seen(cast, draft(cast)).lacking.startswith("Il manque un mandat en vigueur")
    found = seen(cast, draft(cast, subject="", born_on="hier"))
    assert (found.lacking, set(found.faults)) == ("", {2, 4})
    assert found.view.born_on is None


def test_for_its_author_only(cast: Cast) -> None:
    case_id = draft(cast)
    for who in ("adam", "bruno", "denis"):
        with pytest.raises(NotFound):
            seen(cast, case_id, who)
