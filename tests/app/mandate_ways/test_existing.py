"""A document signed before: whose it is, its dates, what it covers, its pages, how it bounds the mandate."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import mandate_pages, mandates
from app.errors import Conflict, Invalid
from app.queries import mandate_ways
from app.queries import mandates as views
from app.work import ByNobody, Database, reading
from models.enums import MandateStatus, MandateWay, ProofKind
from models.mandate import MandatePage
from tests.app.mandate_ways.giving import existing, hashes, page
from tests.app.scenes import CAF, act, draft, mandate_row, present, see
from tests.conftest import NOW, Cast

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
TERM = datetime(2027, 5, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def shown(database: Database, cast: Cast) -> UUID:
    """Give a mandate that names two organisations and waits for its consent, one page stored."""
    mandate_id = present(cast, draft(cast, (CAF,), ("msa",)))
    page(mandate_id)
    return mandate_id


def test_what_is_kept(cast: Cast, shown: UUID) -> None:
    page(shown, 2)
    existing(cast, shown)
    row = mandate_row(shown)
    assert (row.status, row.way, row.expires_at) == (MandateStatus.CONSENTED, MandateWay.EXISTING, TERM)
    with see(cast, "aline") as work:
        proof = views.document(work, shown).proof
        wanted = mandate_ways.on_paper(work, shown)
        pages = mandate_pages.pages(work, shown)
    assert proof is not None
    assert proof.kind is ProofKind.EXISTING
    assert dict(proof.facts) == {
        "Document au nom de": "Samira Kaddour", "Signé": "1er\u00a0septembre\u00a02026",
        "Valable jusqu’au": "1er\u00a0septembre\u00a02027", "Couvre": "CAF, MSA",
    }  # fmt: skip
    assert len(pages) == 2
    assert (wanted.holder, [name for _, name in wanted.organizations]) == ("Mme Samira Kaddour", ["CAF", "MSA"])
    with reading(ByNobody()) as work:
        assert {one.confirmed_at for one in work.session.scalars(select(MandatePage))} == {NOW}


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [
        (TODAY, datetime(2026, 11, 23, 23, 0, tzinfo=UTC)),  # the end of the day in Paris, in winter
        (date(2027, 5, 22), datetime(2027, 5, 22, 22, 0, tzinfo=UTC)),  # in summer
        (date(2027, 5, 23), TERM),  # its own term comes first that day
        (date(2030, 1, 1), TERM),
    ],
)
def test_it_ends_with_what_ends_first(cast: Cast, shown: UUID, ends_on: date, expected: datetime) -> None:
    existing(cast, shown, signed_on=TODAY, ends_on=ends_on)
    assert mandate_row(shown).expires_at == expected


def test_what_is_refused(cast: Cast, shown: UUID) -> None:
    caf, other = cast.organizations["caf"], cast.organizations["cpam"]
    both = {caf, cast.organizations["msa"]}
    wrong: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("signed_on", {"signed_on": TODAY + DAY}, "à venir"),
        ("signed_on", {"signed_on": None}, "03/07/2026"),
        ("signed_on", {"signed_on": "2026-01-01"}, "03/07/2026"),
        ("signed_on", {"signed_on": NOW}, "03/07/2026"),
        ("signed_on", {"signed_on": date(1, 1, 1)}, "03/07/2026"),
        ("ends_on", {"ends_on": TODAY - DAY}, "fini"),
        ("ends_on", {"ends_on": None}, "03/07/2027"),
        ("ends_on", {"ends_on": date(9999, 12, 31)}, "03/07/2027"),
        ("covers", {"covers": {caf}}, "ne couvre pas MSA"),
        ("covers", {"covers": ()}, "ne couvre pas CAF, MSA"),
        ("covers", {"covers": both | {other}}, "parmi les organismes"),
        ("holder", {"holder": "Samir Kaddour"}, "au nom de Mme Samira Kaddour"),
        ("holder", {"holder": "Kaddour"}, "au nom de"),
        ("holder", {"holder": ""}, "au nom de"),
        ("has_read", {"has_read": False}, "Relisez"),
        ("has_read", {"has_read": "yes"}, "Relisez"),
    )
    for field, said, words in wrong:
        with pytest.raises(Invalid) as refused:
            existing(cast, shown, **said)
        assert words in refused.value.fields[field], said
    with pytest.raises(Conflict, match="Le texte a changé"):
        existing(cast, shown, shown_sha256="0" * 64)
    (read,) = hashes(shown)
    for pages in ((), (read, read), ("0" * 64,)):
        with pytest.raises(Conflict, match="Relisez les pages"):
            existing(cast, shown, pages=pages)
    assert (mandate_row(shown).status, mandate_row(shown).expires_at) == (MandateStatus.PRESENTED, TERM)


@pytest.mark.parametrize("holder", ["Mme Samira Kaddour", "KADDOUR Samira", " samira  kaddour "])
def test_the_same_person_however_written(cast: Cast, shown: UUID, holder: str) -> None:
    existing(cast, shown, holder=holder)


def test_what_was_joined_by_mistake_is_taken_away(cast: Cast, shown: UUID) -> None:
    with act(cast, "aline") as work:
        mandates.choose_way(work, shown, MandateWay.EXISTING)
        (stored,) = mandate_pages.pages(work, shown)
        mandate_pages.remove_page(work, shown, stored.id)
    with pytest.raises(Invalid, match="Joignez"):
        existing(cast, shown)
    page(shown)
    existing(cast, shown)
    with see(cast, "aline") as work:
        (stored,) = mandate_pages.pages(work, shown)
    with pytest.raises(Conflict, match="n’attend plus de pages"), act(cast, "aline") as work:
        mandate_pages.remove_page(work, shown, stored.id)


def test_not_without_its_document(cast: Cast, database: Database) -> None:
    with pytest.raises(Invalid) as refused:
        existing(cast, present(cast, draft(cast)))
    assert set(refused.value.fields) == {"pages"}
