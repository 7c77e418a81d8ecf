"""The same instant, for real: threads on a database that commits, and a process killed right after a post."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app import cases, drafts, mandates, messages, referrals, threads
from app.errors import Conflict
from app.mandate_wordings import wordings
from app.work import ByAccount, ByNobody, Database, Work, acting, reading
from models.base import new_id
from models.case import Case, CaseDraft, ReadMark
from models.enums import (
    Audience,
    CaseStatus,
    EntryKind,
    EventKind,
    MandateStatus,
    Outcome,
    ReferralStatus,
    Usefulness,
)
from models.mandate import Mandate, MandateText
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    case_row,
    draft,
    entry_rows,
    mandate,
    mandate_row,
    present,
    referral_rows,
    sent_case,
)
from tests.conftest import Cast

pytestmark = pytest.mark.every_engine

Doing = tuple[UUID, Callable[[Work], object]]


def at_once(database: Database, *doings: Doing) -> list[object]:
    """Do all of this at the same instant; return what each gave, or its failure, in order.

    On PostgreSQL every transaction is open before one of them does anything. SQLite has one writer.
    """
    gate, inside = threading.Barrier(len(doings)), threading.Barrier(len(doings))
    results: list[object] = [None] * len(doings)

    def do(place: int, account: UUID, doing: Callable[[Work], object]) -> None:
        try:
            gate.wait(20)
            with acting(ByAccount(account)) as work:
                if not database.is_sqlite:
                    inside.wait(20)
                results[place] = doing(work)
        except BaseException as error:
            results[place] = error

    running = [threading.Thread(target=do, args=(place, *doing)) for place, doing in enumerate(doings)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    return results


def failures(results: list[object]) -> list[BaseException]:
    return [result for result in results if isinstance(result, BaseException)]


def test_two_agents_take_the_same_referral(committed: Database, cast: Cast) -> None:
    case_id, names = sent_case(cast, (CAF, CPAM)), {cast.bruno: "Bruno Carlier", cast.marc: "Marc Dubois"}
    taking = partial(referrals.take, case_id=case_id, group_id=cast.groups[CAF], seen=None)
    results = at_once(committed, (cast.bruno, taking), (cast.marc, taking))
    (lost,) = failures(results)
    assert isinstance(lost, Conflict)
    winner = cast.bruno if results[0] is None else cast.marc
    assert lost.sentence == f"{names[winner]} vient de prendre cette demande en charge. Rien n’a été changé."
    rows = referral_rows(case_id)
    assert (rows[CAF].assignee_id, rows[CAF].status) == (winner, ReferralStatus.IN_PROGRESS)
    assert (rows[CPAM].assignee_id, rows[CPAM].status) == (None, ReferralStatus.SENT)
    taken = [entry for entry in entry_rows(case_id) if entry.event is EventKind.TAKEN]
    assert [entry.author_id for entry in taken] == [winner]


def test_agents_of_two_groups_take_their_own(committed: Database, cast: Cast) -> None:
    case_id = sent_case(cast, (CAF, CPAM))
    results = at_once(
        committed,
        (cast.bruno, lambda work: referrals.take(work, case_id, cast.groups[CAF], seen=None)),
        (cast.basile, lambda work: referrals.take(work, case_id, cast.groups[CPAM], seen=None)),
    )
    assert results == [None, None]
    rows = referral_rows(case_id)
    assert (rows[CAF].assignee_id, rows[CPAM].assignee_id) == (cast.bruno, cast.basile)
    assert [entry.seq for entry in entry_rows(case_id)] == [1, 2, 3, 4]


def test_replies_in_the_same_instant_are_all_kept(committed: Database, cast: Cast) -> None:
    case_id = sent_case(cast, (CAF, CPAM))
    people = [cast.aline, cast.adam, cast.bruno, cast.marc, cast.basile, cast.bertille]
    results = at_once(
        committed,
        *((who, partial(_post, case_id, f"Message {n}", new_id())) for n, who in enumerate(people)),
    )
    assert failures(results) == []
    rows = entry_rows(case_id)
    assert [row.seq for row in rows] == list(range(1, 2 + len(people) + 1))
    assert {row.id for row in rows[2:]} == set(results)
    assert {(row.author_id, row.text) for row in rows[2:]} == {
        (who, f"Message {n}") for n, who in enumerate(people)
    }
    assert case_row(case_id).last_seq == rows[-1].seq


def test_the_same_key_posted_at_once_is_one_entry(committed: Database, cast: Cast) -> None:
    case_id, key = sent_case(cast), new_id()
    results = at_once(committed, *[(cast.bruno, partial(_post, case_id, "Bonjour", key))] * 4)
    assert failures(results) == []
    assert len(set(results)) == 1
    assert [row.text for row in entry_rows(case_id) if row.key == key] == ["Bonjour"]
    assert len(entry_rows(case_id)) == 3


def test_the_same_answer_clicked_twice_is_one_answer(committed: Database, cast: Cast) -> None:
    case_id, key = sent_case(cast), new_id()
    answer = partial(referrals.resolve, case_id=case_id, group_id=cast.groups[CAF], text="Réglé.", key=key)
    results = at_once(committed, (cast.bruno, answer), (cast.bruno, answer))
    assert failures(results) == []
    assert len(set(results)) == 1
    assert [row.kind for row in entry_rows(case_id)[2:]] == [EntryKind.MESSAGE, EntryKind.EVENT]


def test_a_draft_begun_twice_is_one_draft(committed: Database, cast: Cast) -> None:
    case_id = new_id()
    begin = partial(drafts.start, structure_id=cast.groups[GUISE], form={"first_name": "S"}, case_id=case_id)
    assert at_once(committed, *[(cast.aline, begin)] * 3) == [case_id] * 3
    with reading(ByNobody()) as work:
        assert work.session.scalar(select(func.count()).select_from(CaseDraft)) == 1


def test_sending_twice_sends_once(committed: Database, cast: Cast) -> None:
    case_id = draft(cast, (CAF, CPAM))
    mandate(cast, case_id)
    results = at_once(committed, *[(cast.aline, partial(cases.send, case_id=case_id))] * 3)
    assert results == [case_id] * 3
    assert [row.kind for row in entry_rows(case_id)] == [EntryKind.MESSAGE, EntryKind.EVENT]
    assert len(referral_rows(case_id)) == 2
    with reading(ByNobody()) as work:
        assert work.session.scalar(select(func.count()).select_from(Case)) == 1


def test_the_very_first_mandates_share_their_texts(committed: Database, cast: Cast) -> None:
    one, other = draft(cast), draft(cast, by="chloe")
    results = at_once(
        committed,
        (cast.aline, partial(mandates.present, case_id=one)),
        (cast.chloe, partial(mandates.present, case_id=other)),
    )
    assert failures(results) == []
    with reading(ByNobody()) as work:
        assert work.session.scalar(select(func.count()).select_from(MandateText)) == len(wordings())
        assert work.session.scalar(select(func.count()).select_from(Mandate)) == 2


def test_two_mandates_presented_at_once_leave_one_to_sign(committed: Database, cast: Cast) -> None:
    case_id = draft(cast)
    present(cast, case_id)
    results = at_once(committed, *[(cast.aline, partial(mandates.present, case_id=case_id))] * 2)
    assert failures(results) == []
    statuses = sorted(mandate_row(id_).status for id_ in results if isinstance(id_, UUID))
    assert statuses == [MandateStatus.PRESENTED, MandateStatus.SUPERSEDED]


def test_closing_and_answering_at_once(committed: Database, cast: Cast) -> None:
    """Whichever comes first, nothing is written after the closing."""
    case_id = sent_case(cast)
    closing = partial(cases.close, case_id=case_id, outcome=Outcome.SOLVED, usefulness=Usefulness.VERY)
    results = at_once(
        committed, (cast.aline, closing), (cast.bruno, partial(_post, case_id, "Réponse", new_id()))
    )
    assert case_row(case_id).status is CaseStatus.CLOSED
    last = entry_rows(case_id)[-1]
    assert last.event is EventKind.CLOSED
    assert results[0] is None
    assert isinstance(results[1], Conflict if last.seq == 3 else UUID)


def test_two_tabs_read_at_once(committed: Database, cast: Cast) -> None:
    case_id = sent_case(cast)
    results = at_once(
        committed,
        *((cast.bruno, partial(threads.mark_read, case_id=case_id, seq=seq)) for seq in (1, 2, 2, 1)),
    )
    assert results == [None] * 4
    with reading(ByNobody()) as work:
        query = select(col(ReadMark.seq)).where(col(ReadMark.account_id) == cast.bruno)
        assert work.session.scalars(query).all() == [2]


def test_two_tabs_keep_what_is_typed_at_once(committed: Database, cast: Cast) -> None:
    case_id, key = sent_case(cast), new_id()
    keep = partial(messages.keep, case_id=case_id, text="Bonjour", key=key, audience=Audience.EVERYBODY)
    assert failures(at_once(committed, *[(cast.bruno, keep)] * 3)) == []
    with reading(ByAccount(cast.bruno)) as work:
        kept = messages.typed(work, case_id)
    assert kept is not None
    assert kept.text == "Bonjour"


_POST_AND_WAIT = """
import sys, time
from uuid import UUID
from app import messages, work
from app.config import settings
work.connect(settings())
with work.acting(work.ByAccount(UUID(sys.argv[1]))) as ours:
    messages.post(ours, UUID(sys.argv[2]), "Écrit juste avant", key=UUID(sys.argv[3]))
print("posted", flush=True)
time.sleep(60)
"""


def test_kill_9_right_after_a_post_loses_nothing(
    committed: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APLUS_DATABASE_URL", committed.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("APLUS_SECRET_KEY", "a secret of the tests, of 32 bytes and more")
    case_id, key = sent_case(cast), new_id()
    command = [sys.executable, "-c", _POST_AND_WAIT, str(cast.bruno), str(case_id), str(key)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.kill()
    assert said == "posted\n"
    assert process.returncode == -signal.SIGKILL
    committed.engine.dispose()
    last = entry_rows(case_id)[-1]
    assert (last.key, last.text, last.author_id) == (key, "Écrit juste avant", cast.bruno)
    assert referral_rows(case_id)[CAF].status is ReferralStatus.IN_PROGRESS
    assert _post_as(cast.aline, case_id) == last.seq + 1


def _post(case_id: UUID, text: str, key: UUID, work: Work) -> UUID:
    return messages.post(work, case_id, text, key=key)


def _post_as(account: UUID, case_id: UUID) -> int:
    with acting(ByAccount(account)) as work:
        messages.post(work, case_id, "Et après", key=new_id())
    return case_row(case_id).last_seq
