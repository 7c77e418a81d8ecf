"""The job that seals: each document once, the oldest first, and what is missing said meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app import mandate_papers, sealing_later, seed
from app.config import Settings
from app.mandate_document.check import verify_files
from app.mandate_papers import SealView
from app.sealing import chosen
from app.sealing.authority import Authority
from app.sealing_later import LEASE, run
from app.work import ByNobody, Database, acting, reading
from models.enums import SealLevel
from models.journal import JournalEntry
from models.mandate import MandateDocument
from tests.app.scenes import act, draft, mandate, see
from tests.app.sealing import chains
from tests.app.sealing.chains import PASSWORD, chain
from tests.conftest import Cast

Given = Any


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Given:
    """Give the job its settings: outside the demonstration, with a certificate unless told otherwise."""
    file = tmp_path / "cachet.p12"
    file.write_bytes(chain().pkcs12())

    def choose(**settings: object) -> None:
        ours = {"demo": False, "data_dir": tmp_path, "seal_certificate": str(file), "seal_password": PASSWORD}
        for module in (sealing_later, mandate_papers):  # a document of the demonstration says that it is one
            monkeypatch.setattr(module, "settings", lambda: Settings(**{**ours, **settings}))  # type: ignore[arg-type]

    # A machine that runs other tests is slow, not down.
    monkeypatch.setattr(chosen, "Authority", partial(Authority, seconds=120.0))
    choose()
    return choose


@pytest.fixture(scope="module")
def authority() -> Iterator[chains.Authority]:
    with chains.authority(chain()) as running:
        yield running


def view(cast: Cast, mandate_id: UUID) -> SealView:
    with see(cast, "aline") as work:
        found = mandate_papers.seal_of(work, mandate_id)
    assert found is not None
    return found


def rows() -> list[MandateDocument]:
    with reading(ByNobody()) as work:
        return list(work.session.scalars(select(MandateDocument).order_by(col(MandateDocument.id))))


def journaled() -> list[dict[str, str]]:
    with reading(ByNobody()) as work:
        query = select(JournalEntry).where(col(JournalEntry.action) == "mandate.sealed")
        return [one.details for one in work.session.scalars(query)]


def papers(cast: Cast, mandate_id: UUID) -> tuple[bytes, bytes]:
    with act(cast, "aline") as work:
        return (
            mandate_papers.pdf(work, mandate_id).content, mandate_papers.evidence(work, mandate_id).content,
        )  # fmt: skip


def test_it_is_sealed_once_and_the_sealed_pair_is_given(
    database: Database, cast: Cast, clock: time_machine.Traveller, given: Given
) -> None:
    mandate_id = mandate(cast, draft(cast))
    before = papers(cast, mandate_id)
    assert view(cast, mandate_id).sealed_at is None
    assert run() == "1 sealed"
    after = papers(cast, mandate_id)
    assert after[0].startswith(before[0])
    assert after != before
    report = verify_files(*after)
    assert report.is_whole, report.faults
    assert view(cast, mandate_id).level is SealLevel.SEALED
    assert journaled() == [{"mandate": str(mandate_id), "level": "sealed"}]
    assert run() == "nothing to seal"
    assert papers(cast, mandate_id) == after


def test_the_demonstration_is_sealed_one_a_minute(
    database: Database, cast: Cast, clock: time_machine.Traveller, given: Given
) -> None:
    for _ in range(2):
        mandate(cast, draft(cast))
    with acting(ByNobody()) as work:
        seed._seal_one_a_minute(work, work.now)
    assert [run(), run()] == ["1 sealed", "0 sealed"]
    clock.shift(timedelta(minutes=1))
    assert run() == "1 sealed"


def test_what_is_missing_is_said_and_the_mandate_holds_then_it_is_sealed(
    database: Database, cast: Cast, clock: time_machine.Traveller, given: Given, tmp_path: Path
) -> None:
    mandate_id = mandate(cast, draft(cast))
    given(seal_certificate="")
    assert run() == "1 marked: off"
    assert view(cast, mandate_id).fault == "off"
    assert run() == "0 marked: off"
    (tmp_path / "old.p12").write_bytes(chain().pkcs12(end=clock_now(clock) - timedelta(days=1)))
    given(seal_certificate=str(tmp_path / "old.p12"))
    assert run() == "1 marked: certificate_expired"
    assert verify_files(*papers(cast, mandate_id)).is_whole
    given()
    assert run() == "1 sealed"
    assert view(cast, mandate_id).fault == ""


def test_an_authority_that_is_down_makes_it_wait_longer_each_time(
    database: Database, cast: Cast, clock: time_machine.Traveller, given: Given, authority: chains.Authority
) -> None:
    first, second = mandate(cast, draft(cast)), mandate(cast, draft(cast))
    given(seal_tsa_url=authority.url)
    authority.mood = "ill"
    assert run() == "0 sealed, then authority_down"
    assert (view(cast, first).fault, view(cast, second).fault) == ("authority_down", "")
    waits = rows()[0].seal_next_at
    assert waits == clock_now(clock) + timedelta(minutes=2)
    clock.shift(timedelta(minutes=3))
    assert run() == "0 sealed, then authority_down"
    assert rows()[0].seal_next_at == clock_now(clock) + timedelta(minutes=4)
    authority.mood = "well"
    clock.shift(timedelta(minutes=5))
    assert run() == "2 sealed"
    assert {row.seal_level for row in rows()} == {SealLevel.STAMPED}
    assert {row.seal_fault for row in rows()} == {""}


def test_killed_before_it_wrote_it_is_sealed_next_time(
    database: Database, cast: Cast, clock: time_machine.Traveller, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    mandate_id = mandate(cast, draft(cast))

    class Killed(BaseException):
        pass

    def kill(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(sealing_later, "_keep", kill)
        run()
    assert view(cast, mandate_id).sealed_at is None
    assert run() == "0 sealed"  # it may still be at it
    clock.shift(LEASE)
    assert run() == "1 sealed"
    assert len(journaled()) == 1


def test_two_processes_at_once_seal_once(committed: Database, cast: Cast, given: Given) -> None:
    mandates = [mandate(cast, draft(cast)) for _ in range(2)]
    gate, said = threading.Barrier(2), []

    def one() -> None:
        gate.wait()
        said.append(run())

    running = [threading.Thread(target=one) for _ in range(2)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert sum(int(words.partition(" ")[0]) for words in said if words[0].isdigit()) == 2
    assert sorted(one["mandate"] for one in journaled()) == sorted(map(str, mandates))
    assert [row.seal_tries for row in rows()] == [1, 1]
    for mandate_id in mandates:
        assert verify_files(*papers(cast, mandate_id)).is_whole


def test_the_demonstration_says_that_its_seal_is_a_trial(
    database: Database, cast: Cast, clock: time_machine.Traveller, given: Given
) -> None:
    mandate_id = mandate(cast, draft(cast))
    given(demo=True)
    assert run() == "1 sealed"
    assert view(cast, mandate_id).level is SealLevel.TRIAL
    report = verify_files(*papers(cast, mandate_id))
    assert report.is_whole, report.faults
    assert any("cachet d’essai" in one for one in report.seal)


def clock_now(clock: time_machine.Traveller) -> Any:
    with reading(ByNobody()) as work:
        return work.now
