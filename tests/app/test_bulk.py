"""One gesture on many cases: what one case allows, what it refuses in its words, and nothing undone by it."""

from __future__ import annotations

from uuid import UUID

import pytest

from app import bulk, referrals
from app.bulk import BulkGesture, Choice, Report
from app.errors import Invalid, SignedOut
from app.queries import lists
from app.queries.mandates import in_force
from app.work import ByAccount, BySession, Work
from models.base import new_id
from models.enums import CaseStatus, Outcome, ReferralStatus, Side, Usefulness
from tests.app.scenes import (
    CAF,
    CPAM,
    act,
    case_row,
    close,
    draft,
    entry_rows,
    invite,
    join,
    leave,
    not_competent,
    referral_rows,
    resolve,
    revoke,
    row_counts,
    say,
    see,
    sent_case,
    take,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
CLOSING = Choice(outcome=Outcome.SOLVED, usefulness=Usefulness.VERY)
NOT_THERE = "Cette page n’existe pas, ou vous n’y avez pas accès."
NOT_YOURS = "Vous n’avez pas le droit de faire cela sur cette demande."


def run(cast: Cast, who: str, gesture: BulkGesture, *ids: UUID, choice: Choice | None = None) -> Report:
    return bulk.run(ByAccount(getattr(cast, who)), gesture, ids, choice, at=NOW)


def sentences(report: Report) -> dict[UUID, str]:
    return {one.case_id: one.sentence for one in report.refused}


def assignee(case_id: UUID, group: str = CAF) -> UUID | None:
    return referral_rows(case_id)[group].assignee_id


@pytest.mark.every_engine
def test_what_is_refused_undoes_nothing_and_is_said(cast: Cast) -> None:
    """In the order of the choice: one case after the other, the refused ones in the middle."""
    free, theirs, elsewhere, closed, also_free = (
        sent_case(cast), sent_case(cast, subject="Suivie par un collègue"), sent_case(cast, (CPAM,)),
        sent_case(cast), sent_case(cast),
    )  # fmt: skip
    take(cast, "marc", theirs)
    close(cast, closed)
    told: list[int] = []
    unknown, ids = new_id(), [free, theirs, elsewhere, closed, also_free]
    report = bulk.run(ByAccount(cast.bruno), BulkGesture.TAKE, [*ids, unknown, free], at=NOW, told=told.append)
    assert report.done == 2
    assert [(one.case_id, one.subject) for one in report.refused] == [
        (theirs, "Suivie par un collègue"), (elsewhere, ""), (closed, "APL non versée depuis août"),
        (unknown, ""),
    ]  # fmt: skip
    assert list(sentences(report).values()) == [
        "Marc Dubois suit déjà cette demande. Rien n’a été changé.", NOT_THERE,
        "Cette demande a été clôturée entre-temps. Rien n’a été changé.", NOT_THERE,
    ]  # fmt: skip
    assert [assignee(case_id) for case_id in (free, theirs, also_free)] == [cast.bruno, cast.marc, cast.bruno]
    assert told == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("gesture", "choice", "who"),
    [
        (BulkGesture.TAKE, None, "bruno"), (BulkGesture.PASS, "marc", "bruno"),
        (BulkGesture.READ, None, "bruno"), (BulkGesture.CLOSE, CLOSING, "aline"),
    ],
)  # fmt: skip
def test_pressed_twice_it_is_made_once(
    cast: Cast, gesture: BulkGesture, choice: Choice | str | None, who: str
) -> None:
    case_id = sent_case(cast)
    if gesture is BulkGesture.CLOSE:
        resolve(cast, "bruno", case_id)
    asked = Choice(colleague=cast.marc) if isinstance(choice, str) else choice
    assert run(cast, who, gesture, case_id, case_id, choice=asked) == Report(1, ())
    before = row_counts()
    again = run(cast, who, gesture, case_id, choice=asked)
    assert row_counts() == before
    assert again.done == (0 if gesture is BulkGesture.CLOSE else 1)


def test_it_says_and_moves_what_the_gesture_on_one_does(cast: Cast) -> None:
    """Same lines in the thread, same state of the referral: it is the same service."""
    alone, together = sent_case(cast, (CAF, CPAM)), sent_case(cast, (CAF, CPAM))
    with act(cast, "bruno") as work:
        referrals.take(work, alone, cast.groups[CAF], seen=None)
    run(cast, "bruno", BulkGesture.TAKE, together)
    lines = [[(e.kind, e.event, e.author_id, e.details) for e in entry_rows(one)] for one in (alone, together)]
    assert lines[0] == lines[1]
    rows = [
        {name: (r.status, r.assignee_id, r.due_at) for name, r in referral_rows(one).items()}
        for one in (alone, together)
    ]
    assert rows[0] == rows[1]


class TestTake:
    def test_nothing_answered_is_taken_up_again(self, cast: Cast) -> None:
        solved, theirs = sent_case(cast), sent_case(cast)
        resolve(cast, "bruno", solved)
        not_competent(cast, "marc", theirs)
        assert sentences(run(cast, "bruno", BulkGesture.TAKE, solved, theirs)) == {
            solved: "Cette demande est « débloquée » chez vous. Ouvrez-la pour la reprendre.",
            theirs: "Cette demande est « pas compétent » chez vous. Ouvrez-la pour la reprendre.",
        }
        assert referral_rows(solved)[CAF].status is ReferralStatus.RESOLVED

    def test_each_group_of_the_agent_that_is_free(self, cast: Cast) -> None:
        join(cast, "bruno", CPAM, Side.AGENT)
        both, one = sent_case(cast, (CAF, CPAM)), sent_case(cast, (CAF, CPAM))
        take(cast, "basile", one, CPAM)
        assert run(cast, "bruno", BulkGesture.TAKE, both, one) == Report(2, ())
        assert (assignee(both), assignee(both, CPAM)) == (cast.bruno, cast.bruno)
        assert (assignee(one), assignee(one, CPAM)) == (cast.bruno, cast.basile)

    def test_a_revoked_mandate_and_who_only_takes_part_are_refused(self, cast: Cast) -> None:
        shared = sent_case(cast, (CAF,), ("cpam",))
        invite(cast, "bruno", shared, "basile")
        assert sentences(run(cast, "basile", BulkGesture.TAKE, shared)) == {shared: NOT_YOURS}
        assert sentences(run(cast, "aline", BulkGesture.TAKE, shared)) == {shared: NOT_YOURS}
        with see(cast, "aline") as work:
            mandate = in_force(work, shared)
        assert mandate is not None
        revoke(cast, mandate.id)
        assert sentences(run(cast, "bruno", BulkGesture.TAKE, shared)) == {
            shared: "Le mandat n’est plus en vigueur : le partage est suspendu."
        }


class TestPass:
    def test_to_a_colleague_of_the_group(self, cast: Cast) -> None:
        one, answered = sent_case(cast), sent_case(cast)
        resolve(cast, "bruno", answered)
        report = run(cast, "bruno", BulkGesture.PASS, one, answered, choice=Choice(colleague=cast.marc))
        assert (report.done, list(sentences(report))) == (1, [answered])
        assert assignee(one) == cast.marc

    def test_what_a_colleague_follows_stays_theirs(self, cast: Cast) -> None:
        join(cast, "basile", CAF, Side.AGENT)
        theirs, mine = sent_case(cast), sent_case(cast)
        take(cast, "marc", theirs)
        take(cast, "bruno", mine)
        report = run(cast, "bruno", BulkGesture.PASS, theirs, mine, choice=Choice(colleague=cast.basile))
        assert sentences(report) == {theirs: "Marc Dubois suit déjà cette demande. Rien n’a été changé."}
        assert (assignee(theirs), assignee(mine)) == (cast.marc, cast.basile)

    @pytest.mark.parametrize("who", ["basile", "aline", "denis"])
    def test_to_nobody_else(self, cast: Cast, who: str) -> None:
        case_id = sent_case(cast)
        report = run(cast, "bruno", BulkGesture.PASS, case_id, choice=Choice(colleague=getattr(cast, who)))
        assert sentences(report) == {
            case_id: "Cette personne n’est pas Agent+ de votre groupe. Choisissez-en une autre."
        }
        assert run(cast, "bruno", BulkGesture.PASS, case_id).refused[0].sentence == (
            "Choisissez un collègue dans la liste."
        )

    def test_who_is_offered(self, cast: Cast) -> None:
        join(cast, "bruno", CPAM, Side.AGENT)
        with see(cast, "bruno") as work:
            found = {one.id for one in bulk.colleagues(work)}
        assert {cast.marc, cast.basile} <= found
        assert not found & {cast.bruno, cast.aline, cast.mathilde}
        with see(cast, "aline") as work:
            assert bulk.colleagues(work) == ()


class TestClose:
    def test_only_what_is_unblocked(self, cast: Cast) -> None:
        solved, running = sent_case(cast), sent_case(cast)
        resolve(cast, "bruno", solved)
        take(cast, "bruno", running)
        report = run(cast, "adam", BulkGesture.CLOSE, running, solved, choice=CLOSING)
        assert sentences(report) == {running: "Cette demande est « En cours ». Ouvrez-la pour la clôturer."}
        assert (case_row(solved).status, case_row(solved).outcome) == (CaseStatus.CLOSED, Outcome.SOLVED)
        assert case_row(running).status is CaseStatus.IN_PROGRESS

    def test_what_came_of_them_is_said_first(self, cast: Cast) -> None:
        solved = sent_case(cast)
        resolve(cast, "bruno", solved)
        with pytest.raises(Invalid) as refused:
            run(cast, "aline", BulkGesture.CLOSE, solved)
        assert set(refused.value.fields) == {"outcome", "usefulness"}
        assert case_row(solved).status is CaseStatus.RESOLVED

    def test_agents_and_other_structures_close_nothing(self, cast: Cast) -> None:
        solved = sent_case(cast)
        resolve(cast, "bruno", solved)
        assert sentences(run(cast, "bruno", BulkGesture.CLOSE, solved, choice=CLOSING)) == {solved: NOT_YOURS}
        assert sentences(run(cast, "chloe", BulkGesture.CLOSE, solved, choice=CLOSING)) == {solved: NOT_THERE}


def test_read_is_what_one_may_read(cast: Cast) -> None:
    one, drafted = sent_case(cast), draft(cast, by="adam")
    say(cast, "bruno", one)
    report = run(cast, "aline", BulkGesture.READ, one, drafted)
    assert (report.done, sentences(report)) == (1, {drafted: NOT_THERE})
    with see(cast, "aline") as work:
        assert [row.is_unread for row in lists.page(work, lists.Filter()).rows] == [False]


def test_how_many_at_once(cast: Cast) -> None:
    for ids, sentence in (
        ([], "Choisissez au moins une demande."),
        ([new_id() for _ in range(201)], "200 demandes au plus à la fois. Choisissez-en moins."),
    ):
        with pytest.raises(Invalid, match=sentence):
            run(cast, "bruno", BulkGesture.READ, *ids)


def test_a_session_that_ends_stops_it(cast: Cast) -> None:
    case_id = sent_case(cast)
    with pytest.raises(SignedOut):
        bulk.run(BySession(new_id()), BulkGesture.READ, [case_id], at=NOW)


def test_a_failure_on_one_case_is_one_case_s(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = sent_case(cast), sent_case(cast)
    whole = bulk._make

    def make(work: Work, gesture: BulkGesture, case_id: UUID, choice: Choice) -> None:
        whole(work, gesture, case_id, choice)
        if case_id == bad:
            raise RuntimeError("a database that fails after the work")

    monkeypatch.setattr(bulk, "_make", make)
    report = run(cast, "bruno", BulkGesture.TAKE, bad, good)
    assert sentences(report) == {bad: bulk._FAILED}
    assert (assignee(bad), assignee(good)) == (None, cast.bruno)


def test_who_lost_the_group_meanwhile_does_nothing(cast: Cast) -> None:
    case_id = sent_case(cast)
    leave(cast, "bruno", CAF)
    assert sentences(run(cast, "bruno", BulkGesture.TAKE, case_id)) == {case_id: NOT_THERE}


@pytest.mark.parametrize(
    ("who", "gestures"),
    [
        ("aline", (BulkGesture.READ, BulkGesture.CLOSE)),
        ("bruno", (BulkGesture.TAKE, BulkGesture.PASS, BulkGesture.READ)),
    ],
)
def test_gestures_that_are_offered(cast: Cast, who: str, gestures: tuple[BulkGesture, ...]) -> None:
    with see(cast, who) as work:
        assert bulk.offered(work) == gestures
    join(cast, who, CPAM, Side.AGENT)
    join(cast, who, "CCAS de Laon", Side.AIDANT)
    with see(cast, who) as work:
        assert bulk.offered(work) == tuple(BulkGesture)
