"""A case as its page shows it: what each one may see, and the gestures that are really open to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete
from sqlmodel import col

from app import referrals
from app.errors import Conflict, Forbidden, NotFound
from app.lifecycle import Gesture
from app.policy import Action, may
from app.queries import case as views
from app.queries.case import CaseView, ReferralView
from app.queries.visibility import case_facts
from app.work import ByNobody, Work, acting
from models.base import new_id
from models.case import Case
from models.enums import CaseStatus, MandateStatus, ReferralStatus, Side
from models.organization import GroupArea
from pages.components.facts import facts
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    act,
    ask,
    close,
    draft,
    invite,
    join,
    mandate,
    not_competent,
    note,
    present,
    referral_rows,
    resolve,
    revoke,
    see,
    send,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
AGENT = {
    Gesture.TAKE, Gesture.RESOLVE, Gesture.ASK, Gesture.NOT_COMPETENT, Gesture.PASS, Gesture.FLAG_PROCEDURE,
}  # fmt: skip


def view(cast: Cast, who: str, case_id: UUID, at: datetime = NOW) -> CaseView:
    with see(cast, who, at) as work:
        return views.case(work, case_id)


def referral(cast: Cast, who: str, case_id: UUID, group: str = CAF, at: datetime = NOW) -> ReferralView:
    return next(r for r in view(cast, who, case_id, at).referrals if r.group == group)


@pytest.mark.parametrize(("departement", "is_elsewhere"), [("02", False), ("59", True), ("2A", True)])
def test_another_departement_than_the_structures_is_said(
    cast: Cast, departement: str, is_elsewhere: bool
) -> None:
    with acting(ByNobody(), at=NOW) as work:
        if departement != "02":
            work.session.add(GroupArea(group_id=cast.groups[CAF], departement=departement))
    case_id = sent_case(cast, departement=departement)
    for who in ("aline", "bruno"):
        seen = view(cast, who, case_id)
        assert (seen.departement, seen.is_elsewhere) == (departement, is_elsewhere)
        words = str(facts(seen, (), NOW))
        assert (f"\u00a0: {departement} – " in words) is is_elsewhere
        assert ("autre que celui de la structure" in words) is is_elsewhere


def test_a_structure_of_no_departement_knows_no_other(cast: Cast) -> None:
    case_id = sent_case(cast)
    with acting(ByNobody(), at=NOW) as work:
        work.session.execute(delete(GroupArea).where(col(GroupArea.group_id) == cast.groups[GUISE]))
    assert not view(cast, "aline", case_id).is_elsewhere


def test_what_everybody_who_takes_part_sees(cast: Cast) -> None:
    case_id = sent_case(cast, (CAF, CPAM), ("msa",), urgent="oui", urgency_reason="Expulsion le 30")
    take(cast, "bruno", case_id)
    for who, side, phone in (("aline", Side.AIDANT, "06 12 34 56 78"), ("basile", Side.AGENT, "")):
        seen = view(cast, who, case_id)
        assert (seen.id, seen.status, seen.side, seen.phone) == (case_id, CaseStatus.IN_PROGRESS, side, phone)
        assert (seen.subject, seen.usager, seen.usager_name) == (
            "APL non versée depuis août", "Mme\u00a0K.", "Samira Kaddour",
        )  # fmt: skip
        assert (seen.born_on, seen.commune, seen.departement) == (date(1987, 7, 3), "Guise", "02")
        assert seen.qualification == ("Logement", "Absence de paiement", "APL")
        assert (seen.urgency, seen.structure, seen.author) == ("Expulsion le 30", GUISE, "Aline L.")
        assert (seen.sent_at, seen.closing, seen.invited) == (NOW, "", ())
        assert [(r.group, r.organization, r.status, r.assignee) for r in seen.referrals] == [
            (CAF, "CAF", ReferralStatus.IN_PROGRESS, "Bruno C."), (CPAM, "CPAM", ReferralStatus.SENT, ""),
        ]  # fmt: skip
        assert seen.mandate is not None
        assert (seen.mandate.status, seen.mandate.may_see) == (MandateStatus.ACTIVE, True)
        assert seen.mandate.organizations == ("CAF", "CPAM", "MSA")


def test_a_case_of_others_and_one_that_does_not_exist_answer_alike(cast: Cast) -> None:
    ids, said = (sent_case(cast), draft(cast), new_id()), set()
    for who in ("chloe", "mathilde", "colette", "olivier", "denis"):
        for case_id in ids:
            with pytest.raises(NotFound) as refused:
                view(cast, who, case_id)
            said.add(refused.value.sentence)
    assert len(said) == 1


def test_late_at_the_exact_instant(cast: Cast) -> None:
    case_id = sent_case(cast)
    due = referral(cast, "aline", case_id).due_at
    assert due is not None
    assert not referral(cast, "aline", case_id, at=due - timedelta(microseconds=1)).is_late
    assert referral(cast, "aline", case_id, at=due).is_late


class TestReading:
    def test_what_is_left_to_read_is_one_s_side_s(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        note(cast, "bruno", case_id)
        for who, last, read in (("aline", 2, 2), ("adam", 2, 0), ("marc", 3, 0), ("bruno", 3, 3)):
            seen = view(cast, who, case_id)
            assert (seen.last_seq, seen.read_seq) == (last, read), who

    def test_whose_referral_is_one_s_own(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM), ("carsat",))
        invite(cast, "bruno", case_id, "camille")
        own = {who: view(cast, who, case_id).own_group for who in ("aline", "bruno", "basile", "camille")}
        assert own == {"aline": None, "bruno": cast.groups[CAF], "basile": cast.groups[CPAM], "camille": None}
        resolve(cast, "bruno", case_id)
        close(cast, case_id)
        assert view(cast, "bruno", case_id).own_group == cast.groups[CAF]

    def test_who_was_invited_is_named(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("carsat",))
        invite(cast, "bruno", case_id, "camille")
        assert view(cast, "aline", case_id).invited == ("Camille Roussel",)

    def test_a_closed_case_says_what_came_of_it(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        close(cast, case_id)
        seen = view(cast, "bruno", case_id)
        assert (seen.status, seen.closing) == (CaseStatus.CLOSED, "Débloquée")
        assert seen.mandate is not None
        assert (seen.mandate.status, seen.mandate.may_see) == (MandateStatus.ENDED, False)

    def test_the_mandate_that_counts(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        present(cast, case_id, more=("msa",))
        seen = view(cast, "aline", case_id).mandate
        assert seen is not None
        assert (seen.id, seen.status) == (mandate_id, MandateStatus.ACTIVE)
        revoke(cast, mandate_id)
        for who, may_see in (("aline", True), ("bruno", False)):
            seen = view(cast, who, case_id).mandate
            assert seen is not None
            assert seen.may_see is may_see


class TestGestures:
    """A gesture that is offered can be made; one that is not offered is refused."""

    @pytest.mark.parametrize("who", ["aline", "adam"])
    def test_of_an_aidant(self, cast: Cast, who: str) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        assert referral(cast, who, case_id).gestures == {Gesture.WITHDRAW}
        resolve(cast, "bruno", case_id)
        assert referral(cast, who, case_id).gestures == frozenset()
        withdraw(cast, case_id, CPAM)
        assert referral(cast, who, case_id, CPAM).gestures == frozenset()

    def test_of_an_agent_on_their_own_only(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        assert referral(cast, "bruno", case_id).gestures == AGENT
        assert referral(cast, "bruno", case_id, CPAM).gestures == frozenset()
        take(cast, "bruno", case_id)
        assert referral(cast, "bruno", case_id).gestures == AGENT - {Gesture.TAKE}
        assert referral(cast, "marc", case_id).gestures == AGENT

    @pytest.mark.parametrize("end", [resolve, not_competent])
    def test_of_an_agent_at_the_end(self, cast: Cast, end: Callable[[Cast, str, UUID], None]) -> None:
        case_id = sent_case(cast)
        end(cast, "bruno", case_id)
        for who in ("bruno", "marc"):
            assert referral(cast, who, case_id).gestures == {Gesture.TAKE}

    def test_a_procedure_is_flagged_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        with act(cast, "bruno") as work:
            referrals.flag_procedure(work, case_id, cast.groups[CAF])
        assert Gesture.FLAG_PROCEDURE not in referral(cast, "marc", case_id).gestures

    def test_none_once_the_mandate_is_revoked_or_the_case_closed(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        revoke(cast, mandate_id)
        assert referral(cast, "bruno", case_id).gestures == frozenset()
        close(cast, case_id)
        for who in ("aline", "bruno"):
            assert referral(cast, who, case_id).gestures == frozenset()

    def test_what_is_offered_is_what_the_services_do(self, cast: Cast) -> None:
        """For each state of a referral and each person: the button and the service agree."""
        do: dict[Gesture, Callable[[Work, UUID], object]] = {
            Gesture.TAKE: lambda w, i: referrals.take(
                w, i, cast.groups[CAF], seen=referral_rows(i)[CAF].assignee_id
            ),
            Gesture.RESOLVE: lambda w, i: referrals.resolve(w, i, cast.groups[CAF], "Oui.", key=new_id()),
            Gesture.ASK: lambda w, i: referrals.ask(w, i, cast.groups[CAF], "Quoi ?", key=new_id()),
            Gesture.NOT_COMPETENT: lambda w, i: referrals.not_competent(w, i, cast.groups[CAF], key=new_id()),
            Gesture.PASS: lambda w, i: referrals.pass_to(w, i, cast.groups[CAF], cast.marc),
            Gesture.WITHDRAW: lambda w, i: referrals.withdraw(w, i, cast.groups[CAF]),
        }
        states: dict[str, Callable[[UUID], object]] = {
            "sent": lambda i: None,
            "taken by another": lambda i: take(cast, "marc", i),
            "waiting": lambda i: ask(cast, "marc", i),
            "resolved": lambda i: resolve(cast, "marc", i),
            "not competent": lambda i: not_competent(cast, "marc", i),
            "closed": lambda i: close(cast, i),
        }
        for name, prepare in states.items():
            case_id = sent_case(cast, (CAF, CPAM))
            prepare(case_id)
            for who in ("aline", "bruno", "basile"):
                offered = referral(cast, who, case_id).gestures
                for gesture, service in do.items():
                    done = _undone(cast, who, lambda work, s=service, i=case_id: s(work, i))  # type: ignore[misc]
                    assert done is (gesture in offered), (name, who, gesture)


def test_what_one_may_do_is_the_table_of_rights(cast: Cast) -> None:
    case_id = sent_case(cast, (CAF,), ("carsat",))
    invite(cast, "bruno", case_id, "camille")
    for who in ("aline", "adam", "bruno", "camille"):
        with see(cast, who) as work:
            facts = case_facts(work, work.session.get_one(Case, case_id))
            rights = frozenset(action for action in Action if may(work.actor, action, facts))
            assert views.case(work, case_id).may == rights
            assert Action.READ in rights


def test_somebody_on_both_sides_reads_as_an_aidant(cast: Cast) -> None:
    join(cast, "adam", CAF, Side.AGENT)
    case_id = sent_case(cast)
    note(cast, "bruno", case_id)
    seen = view(cast, "adam", case_id)
    assert (seen.side, seen.last_seq, seen.own_group) == (Side.AIDANT, 2, cast.groups[CAF])
    assert Action.READ_NOTES not in seen.may


class _Undo(Exception):
    """Undoes what was just done."""


def _undone(cast: Cast, who: str, do: Callable[[Work], object]) -> bool:
    """Whether somebody can do this now; nothing of it is kept."""
    try:
        with act(cast, who, NOW + DAY) as work:
            do(work)
            raise _Undo
    except _Undo:
        return True
    except (Conflict, Forbidden):
        return False
