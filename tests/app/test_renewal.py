"""A mandate whose term is near: a new one is asked for, the old one holds meanwhile; how each is said given."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app import drafts, mandates
from app.queries import case as cases
from app.queries import drafts as drafts_seen
from app.queries.mandates import MandateView, NextMandate
from app.queries.mandates import document as read_document
from models.enums import Capacity, MandateStatus
from tests.app.mandate_ways.giving import code_of, give, speak
from tests.app.mandate_ways.giving import send as send_code
from tests.app.scenes import (
    CPAM,
    accept,
    act,
    consent,
    draft,
    mandate,
    mandate_row,
    present,
    see,
    send,
    sent_case,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
INSTANT = timedelta(microseconds=1)


def seen(cast: Cast, mandate_id: UUID, at: datetime, who: str = "aline") -> MandateView:
    with see(cast, who, at) as work:
        return read_document(work, mandate_id)


def beside(cast: Cast, case_id: UUID, at: datetime, who: str = "aline") -> tuple[bool, NextMandate | None]:
    """Return what stands beside the thread about the mandate that comes next."""
    with see(cast, who, at) as work:
        shown = cases.case(work, case_id).mandate
    assert shown is not None
    return shown.ends_soon, shown.next_one


def test_a_new_one_is_asked_for_in_its_last_fifteen_days_only(cast: Cast) -> None:
    case_id = draft(cast)
    mandate_id = mandate(cast, case_id)
    send(cast, case_id)
    term = mandate_row(mandate_id).expires_at
    near = term - timedelta(days=15)
    for at, is_near in ((near - INSTANT, False), (near, True), (term - INSTANT, True), (term, False)):
        assert seen(cast, mandate_id, at).ends_soon is is_near, at
        assert beside(cast, case_id, at) == (is_near, None), at
    assert beside(cast, case_id, near, "bruno") == (False, None)  # he could not have one signed


def test_the_old_one_holds_until_the_new_one_is_accepted(cast: Cast) -> None:
    case_id = draft(cast)
    old = mandate(cast, case_id)
    send(cast, case_id)
    at = mandate_row(old).expires_at - timedelta(days=3)
    new = present(cast, case_id, at=at)
    waits = NextMandate(new, MandateStatus.PRESENTED)
    assert (seen(cast, old, at).next_one, beside(cast, case_id, at)) == (waits, (True, waits))
    assert beside(cast, case_id, at, "bruno") == (False, None)
    assert seen(cast, old, at, "bruno").next_one is None
    consent(cast, new, at=at)
    assert beside(cast, case_id, at)[1] == NextMandate(new, MandateStatus.CONSENTED)
    assert mandate_row(old).status is MandateStatus.ACTIVE
    accept(cast, new, at=at)
    assert (mandate_row(old).status, mandate_row(new).status) == (
        MandateStatus.SUPERSEDED,
        MandateStatus.ACTIVE,
    )
    assert beside(cast, case_id, at) == (False, None)
    assert (seen(cast, old, at).ends_soon, seen(cast, new, at).next_one) == (False, None)


def test_one_that_waits_alone_replaces_nothing(cast: Cast) -> None:
    mandate_id = present(cast, draft(cast))
    assert seen(cast, mandate_id, NOW).next_one is None


def test_one_refused_or_past_its_term_comes_no_more(cast: Cast) -> None:
    case_id = sent_case(cast)
    with act(cast, "aline") as work:
        mandates.refuse(work, mandates.present(work, case_id))
    assert beside(cast, case_id, NOW) == (False, None)
    short = present(cast, case_id, months=1)
    term = mandate_row(short).expires_at
    assert beside(cast, case_id, term - INSTANT)[1] == NextMandate(short, MandateStatus.PRESENTED)
    assert beside(cast, case_id, term) == (False, None)


def test_only_what_was_signed_is_said_signed(cast: Cast) -> None:
    """Of another person's mandate: whose it is, and how that person gave it."""
    said = {}
    for way in ("asked", "refused", "code", "spoken", "declared", "drawn"):
        case_id = draft(cast)
        mandate_id = present(cast, case_id)
        if way == "refused":
            with act(cast, "aline") as work:
                mandates.refuse(work, mandate_id)
        elif way == "code":
            send_code(cast, mandate_id)
            assert give(cast, mandate_id, code_of(mandate_id)).is_right
        elif way == "spoken":
            speak(cast, mandate_id)
        elif way == "declared":
            shown = mandate_row(mandate_id).shown_sha256
            with act(cast, "aline") as work:
                mandates.declare(
                    work, mandate_id, shown_sha256=shown, capacity=Capacity.SELF, name="Samira Kaddour"
                )
        elif way == "drawn":
            consent(cast, mandate_id)
        said[way] = missing(cast, case_id, {"last_name": "Durand"}).partition(" Mme")[0]
        groups: dict[str, object] = {"last_name": "Kaddour", "groups": [str(cast.groups[CPAM])]}
        is_signed = missing(cast, case_id, groups).startswith("Le mandat signé ne nomme pas")
        assert is_signed is (way == "drawn"), way
    assert said == {
        "asked": "Le mandat est au nom de", "refused": "Le mandat est au nom de",
        "code": "Le mandat a été accordé par", "spoken": "Le mandat a été accordé par",
        "declared": "Le mandat a été accordé par", "drawn": "Le mandat a été signé par",
    }  # fmt: skip


def missing(cast: Cast, case_id: UUID, typed: dict[str, object]) -> str:
    """Return what the mandate of a draft lacks once this is typed."""
    with act(cast, "aline") as work:
        drafts.save(work, case_id, typed, 2)
    with see(cast, "aline") as work:
        shown = drafts_seen.draft(work, case_id).mandate
    assert shown is not None
    return shown.missing
