"""The mandate's chain: what each gesture adds to it, what the database refuses, what stays when one erases."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

import app.__main__ as commands
from app import chain, drafts, mandates, work
from app.chain import Report
from app.chain_facts import papers_named, scope_named
from app.config import settings
from app.errors import Conflict
from app.mandate_document.evidence import sha256_as_kept
from app.mandates import renounce
from app.schema import is_current
from app.work import ByNobody, Database, acting, reading
from models.chain import START, ChainHead, MandateEvent, MandateEventDetail
from models.enums import Capacity
from models.mandate import Mandate, MandateDocument, MandateProof
from tests.app.mandate_ways.giving import scope
from tests.app.scenes import (
    accept,
    act,
    close,
    consent,
    draft,
    mandate,
    mandate_row,
    present,
    reopen,
    revoke,
    send,
)
from tests.app.test_at_once import at_once
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.every_engine


def events(mandate_id: UUID | None = None) -> list[MandateEvent]:
    query = select(MandateEvent).order_by(col(MandateEvent.seq))
    if mandate_id:
        query = query.where(col(MandateEvent.mandate_id) == mandate_id)
    with reading(ByNobody()) as ours:
        return list(ours.session.scalars(query))


def kinds(mandate_id: UUID) -> list[str]:
    return [one.kind for one in events(mandate_id)]


def details(of: MandateEvent) -> dict[str, str]:
    with reading(ByNobody()) as ours:
        return ours.session.get_one(MandateEventDetail, of.seq).details


def verified() -> Report:
    with reading(ByNobody()) as ours:
        return chain.verify(ours)


class TestEachGesture:
    """Every transition of a mandate is one event, at the end of the one line."""

    def test_none_yet(self, database: Database) -> None:
        assert verified() == Report(0, START)

    def test_a_whole_life(self, database: Database, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        close(cast, case_id)
        reopen(cast, case_id)
        revoke(cast, mandate_id)
        assert kinds(mandate_id) == ["present", "consent", "accept", "end", "resume", "revoke"]
        assert verified() == Report(6, events()[-1].hash)

    def test_taken_back_once_ended(self, database: Database, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        close(cast, case_id)
        revoke(cast, mandate_id)
        assert kinds(mandate_id) == ["present", "consent", "accept", "end", "revoke"]
        assert verified().is_sound

    def test_refused_given_up_replaced(self, database: Database, cast: Cast) -> None:
        refused, given_up, replaced = (present(cast, draft(cast)) for _ in range(3))
        with act(cast, "aline") as ours:
            mandates.refuse(ours, refused)
            renounce(ours, given_up)
            mandates.present(ours, ours.session.get_one(Mandate, replaced).case_id)
        assert [kinds(one)[1:] for one in (refused, given_up, replaced)] == [
            ["refuse"], ["renounce"], ["supersede"],
        ]  # fmt: skip
        assert [one.seq for one in events()] == [1, 2, 3, 4, 5, 6, 7]
        assert verified().is_sound

    def test_who_acted_on_what_proof_and_why(self, database: Database, cast: Cast) -> None:
        mandate_id = mandate(cast, draft(cast))
        revoke(cast, mandate_id)
        presented, consented, accepted, revoked = map(details, events(mandate_id))
        shown, aline = mandate_row(mandate_id).shown_sha256, str(cast.aline)
        with reading(ByNobody()) as ours:
            proof = ours.session.scalars(select(MandateProof)).one().sha256
        until = mandate_row(mandate_id).expires_at.isoformat()
        named = scope_named(scope(mandate_id))
        row = mandate_row(mandate_id)
        assert presented == {
            "actor": aline, "shown": shown, "scope": named, "until": until, "case": str(row.case_id),
            "structure": str(row.structure_id), "holder": sha256_as_kept(row.holder),
            "theme": "Logement", "amends": "",
        }  # fmt: skip
        assert consented == {
            "actor": aline, "shown": shown, "kind": "drawn", "proof": proof, "until": until,
        }  # fmt: skip
        with reading(ByNobody()) as ours:
            papers = ours.session.scalars(select(MandateDocument)).one()
        made = papers_named(papers.pdf, papers.evidence)
        assert accepted == {"actor": aline, "short_code": row.short_code, **made}
        assert revoked == {"actor": aline, "reason": "Demandé au guichet."}

    def test_a_gesture_that_is_refused_adds_nothing(self, database: Database, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        with pytest.raises(Conflict):
            accept(cast, mandate_id)
        with pytest.raises(Conflict), act(cast, "aline") as ours:
            mandates.declare(ours, mandate_id, shown_sha256="0" * 64, capacity=Capacity.SELF, name="Samira K.")
        assert kinds(mandate_id) == ["present"]

    def test_the_rows_hold_nothing_of_people(self, database: Database, cast: Cast) -> None:
        consented = events(mandate(cast, draft(cast)))[1]
        assert consented.model_dump().keys() == {
            "seq", "mandate_id", "kind", "at", "commitment", "previous_hash", "hash",
        }  # fmt: skip
        assert consented.at == NOW
        with reading(ByNobody()) as ours:
            kept = ours.session.get_one(MandateEventDetail, consented.seq)
        assert consented.commitment == chain.commit_to(kept.details, kept.salt)
        assert len(kept.salt) == 32
        assert consented.commitment != chain.commit_to(kept.details, b"")

    def test_few_statements(self, database: Database, cast: Cast) -> None:
        """One to lock the head, three to write."""
        said: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            said.append(statement)

        with act(cast, "aline") as ours:
            event.listen(database.engine, "before_cursor_execute", note)
            chain.append(ours, cast.aline, "present", {})
            event.remove(database.engine, "before_cursor_execute", note)
        assert [one.split()[0] for one in said] == ["SELECT", "INSERT", "INSERT", "UPDATE"]


def test_the_hash_is_of_canonical_json() -> None:
    """By hand, so that another program can do it again (RFC 8785: keys in order, no blanks)."""
    said = chain.Said(7, UUID(int=5), "accept", NOW, "c" * 64, "d" * 64)
    canonical = (
        '{"at":"2026-11-23T09:30:00.000000+00:00","commitment":"' + "c" * 64 + '","kind":"accept",'
        '"mandate":"00000000-0000-0000-0000-000000000005","previous":"' + "d" * 64 + '","seq":7}'
    )
    assert said.hash() == hashlib.sha256(canonical.encode()).hexdigest()


class TestAppendOnly:
    """The database itself refuses, whoever asks."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE mandate_event SET kind = 'refuse' WHERE seq = 2",
            "UPDATE mandate_event SET hash = hash",
            "DELETE FROM mandate_event WHERE seq = 3",
            "DELETE FROM mandate_event",
        ],
    )
    def test_changing_and_removing(self, database: Database, cast: Cast, statement: str) -> None:
        mandate_id = mandate(cast, draft(cast))
        with acting(ByNobody()) as ours:
            chain.erase_details(ours, mandate_id)  # so that no foreign key answers instead
        with pytest.raises(IntegrityError, match="mandate_event is append-only"), acting(ByNobody()) as ours:
            ours.session.execute(text(statement))
        assert verified().count == 3

    def test_emptying_or_replacing(self, database: Database, cast: Cast) -> None:
        mandate_id = mandate(cast, draft(cast))
        with acting(ByNobody()) as ours:
            chain.erase_details(ours, mandate_id)
        statement = (
            "INSERT OR REPLACE INTO mandate_event SELECT seq, mandate_id, 'refuse', at, commitment, "
            "previous_hash, hash FROM mandate_event WHERE seq = 2"
            if database.is_sqlite
            else "TRUNCATE mandate_event CASCADE"
        )
        with pytest.raises(IntegrityError, match="mandate_event is append-only"), acting(ByNobody()) as ours:
            ours.session.execute(text(statement))
        assert verified().count == 3

    def test_one_head_only(self, database: Database) -> None:
        with pytest.raises(IntegrityError), acting(ByNobody()) as ours:
            ours.session.add(ChainHead(id=2, seq=0, hash=START))


def test_erasing_details_leaves_the_chain_whole(database: Database, cast: Cast) -> None:
    first, second = mandate(cast, draft(cast)), mandate(cast, draft(cast))
    with acting(ByNobody()) as ours:
        chain.erase_details(ours, first)
    with reading(ByNobody()) as ours:
        left = set(ours.session.scalars(select(col(MandateEventDetail.seq))))
    assert left == {one.seq for one in events(second)}
    assert verified().is_sound
    consent(cast, present(cast, draft(cast)))
    assert (verified().count, verified().is_sound) == (8, True)


def test_appends_at_once_make_one_line(committed: Database, cast: Cast) -> None:
    appending = partial(chain.append, mandate_id=UUID(int=1), kind="present", details={})
    assert at_once(committed, *[(cast.aline, appending)] * 5) == [None] * 5
    made = events()
    assert [one.seq for one in made] == [1, 2, 3, 4, 5]
    assert [one.previous_hash for one in made] == [START, *(one.hash for one in made[:-1])]
    assert verified() == Report(5, made[-1].hash)


def test_the_command_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APLUS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("APLUS_DEMO", "true")
    settings.cache_clear()
    try:
        assert commands.main(["verify", "chain"]) == 1
        assert "run `python -m app migrate` first" in capsys.readouterr().err
        assert not is_current(work.database())
        work.database().close()
        commands.main(["migrate"])
        with acting(ByNobody()) as ours:
            chain.append(ours, UUID(int=1), "present", {})
        last = events()[-1].hash
        work.database().close()
        capsys.readouterr()
        assert commands.main(["verify", "chain"]) == 0
        assert (
            capsys.readouterr().out
            == f"The chain is sound: 1 event, the last hash is {last}. As it says: 0 mandates.\n"
        )
        with acting(ByNobody()) as ours:
            ours.session.execute(text("UPDATE chain_head SET seq = 2"))
            assert ours.session.scalar(select(func.count()).select_from(ChainHead)) == 1
        work.database().close()
        assert commands.main(["verify", "chain"]) == 1
        said = capsys.readouterr().err
        assert said == "The chain is broken at event 2: it is missing. Sound before it: 1 event.\n"
    finally:
        work.database().close()
        settings.cache_clear()


def test_a_draft_thrown_away_leaves_nothing_said_of_people(database: Database, cast: Cast) -> None:
    case_id = draft(cast)
    present(cast, case_id)
    with act(cast, "aline") as ours:
        drafts.discard(ours, case_id)
    with reading(ByNobody()) as ours:
        assert ours.session.scalar(select(func.count()).select_from(MandateEventDetail)) == 0
    assert verified().is_sound
