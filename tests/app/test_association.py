"""Bringing in a group or an Agent+ by name, within the mandate; taking the case back; rights that end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app import events, people, referrals
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.queries import association, lists, thread
from app.queries import case as views
from app.work import ByNobody, acting
from models.account import Account
from models.base import new_id
from models.enums import CaseStatus, EventKind, ReferralStatus, Side
from models.organization import Group, GroupArea
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    MSA,
    act,
    ask,
    case_row,
    entry_rows,
    invite,
    join,
    leave,
    mandate,
    note,
    referral_rows,
    resolve,
    row_counts,
    say,
    see,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")


def associate(cast: Cast, who: str, case_id: UUID, group: str, at: datetime = NOW) -> None:
    with act(cast, who, at) as work:
        referrals.associate(work, case_id, cast.groups[group])


def reads(cast: Cast, who: str, case_id: UUID) -> bool:
    """Whether somebody reads a case: its page, its thread and their list say the same."""
    with see(cast, who) as work:
        listed = {row.case_id for row in lists.page(work, lists.Filter()).rows}
        try:
            views.case(work, case_id)
            thread.entries(work, case_id)
        except NotFound:
            assert case_id not in listed
            return False
    assert case_id in listed
    return True


class TestAssociate:
    @pytest.mark.parametrize("who", ["aline", "adam", "bruno", "marc"])
    def test_within_the_mandate(self, cast: Cast, who: str) -> None:
        case_id = sent_case(cast, also=("cpam",))
        assert not reads(cast, "basile", case_id)
        associate(cast, who, case_id, CPAM, NOW + timedelta(days=1))
        assert reads(cast, "basile", case_id)
        row = referral_rows(case_id)[CPAM]
        assert (row.status, row.due_at) == (ReferralStatus.SENT, datetime(2026, 11, 27, 9, 30, tzinfo=UTC))
        last = entry_rows(case_id)[-1]
        assert (last.event, last.details) == (EventKind.ASSOCIATED, {"what": CPAM})

    def test_the_new_recipient_has_everything_to_read(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam",))
        note(cast, "bruno", case_id)
        associate(cast, "aline", case_id, CPAM)
        with see(cast, "basile") as work:
            assert lists.page(work, lists.Filter()).rows[0].is_unread
            assert [entry.seq for entry in thread.entries(work, case_id)] == [1, 2, 3, 4]

    @pytest.mark.parametrize("who", ["aline", "bruno"])
    def test_outside_the_mandate(self, cast: Cast, who: str) -> None:
        case_id = sent_case(cast, also=("cpam",))
        before = row_counts()
        with pytest.raises(Forbidden, match="Le mandat ne nomme pas MSA"):
            associate(cast, who, case_id, MSA)
        assert row_counts() == before
        mandate(cast, case_id, more=("msa",))
        associate(cast, who, case_id, MSA)
        assert reads(cast, "mathilde", case_id)

    @pytest.mark.parametrize(
        ("who", "refusal"), [("camille", Forbidden), ("basile", NotFound), ("denis", NotFound)]
    )
    def test_by_others(self, cast: Cast, who: str, refusal: type[Exception]) -> None:
        case_id = sent_case(cast, also=("cpam", "carsat"))
        invite(cast, "bruno", case_id, "camille")
        with pytest.raises(refusal):
            associate(cast, who, case_id, CPAM)

    def test_who_is_there_already(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        with pytest.raises(Conflict, match="CAF – Aisne est déjà destinataire"):
            associate(cast, "aline", case_id, CAF)

    def test_a_group_that_cannot_receive(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam",))
        with acting(ByNobody(), at=NOW) as work:
            far = Group(
                id=new_id(), created_at=NOW, name="CPAM – Oise", kind=work.session.get_one(
                    Group, cast.groups[CPAM]).kind, organization_id=cast.organizations["cpam"],
            )  # fmt: skip
            work.session.add(far)
            work.session.flush()
            work.session.add(GroupArea(group_id=far.id, departement="60"))
        for group_id in (far.id, cast.groups[GUISE], new_id()):
            with pytest.raises(Invalid), act(cast, "aline") as work:
                referrals.associate(work, case_id, group_id)

    def test_again_after_a_withdrawal(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        take(cast, "basile", case_id, CPAM)
        withdraw(cast, case_id, CPAM)
        associate(cast, "aline", case_id, CPAM)
        row = referral_rows(case_id)[CPAM]
        assert (row.status, row.assignee_id, row.is_waiting) == (ReferralStatus.SENT, None, False)
        assert reads(cast, "basile", case_id)

    def test_a_resolved_case_is_under_way_again(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam",))
        resolve(cast, "bruno", case_id)
        associate(cast, "aline", case_id, CPAM)
        assert case_row(case_id).status is CaseStatus.IN_PROGRESS

    def test_only_whom_the_mandate_names_is_proposed(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam", "carsat"))
        invite(cast, "bruno", case_id, "basile")
        with see(cast, "bruno") as work:
            found = association.candidates(work, case_id)
        assert [group.name for group in found.groups] == ["CARSAT – Aisne", CPAM]
        assert {person.name for person in found.agents} == {"Camille Roussel", "Bertille Caron"}


class TestInvite:
    def test_within_the_mandate(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam",))
        invite(cast, "bruno", case_id, "basile")
        assert reads(cast, "basile", case_id)
        assert not reads(cast, "bertille", case_id)  # by name
        last = entry_rows(case_id)[-1]
        assert (last.event, last.details["what"]) == (EventKind.INVITED, "Basile Thomas (CPAM – Aisne)")
        assert last.details["account"] == str(cast.basile)
        assert set(referral_rows(case_id)) == {CAF}
        say(cast, "basile", case_id)
        note(cast, "basile", case_id)

    def test_outside_the_mandate(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        before = row_counts()
        with pytest.raises(Forbidden, match="ne nomme pas CPAM"):
            invite(cast, "bruno", case_id, "basile")
        assert row_counts() == before

    def test_in_the_name_of_the_organisation_that_is_named(self, cast: Cast) -> None:
        join(cast, "camille", CPAM, Side.AGENT)
        case_id = sent_case(cast, also=("cpam",))
        invite(cast, "bruno", case_id, "camille")
        assert entry_rows(case_id)[-1].details["what"] == "Camille Roussel (CPAM – Aisne)"

    def test_only_agents(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for guest in ("adam", "chloe", "colette", "denis"):
            with pytest.raises(Invalid, match="n’est pas Agent"):
                invite(cast, "bruno", case_id, guest)

    def test_not_an_account_that_is_closed(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam",))
        with acting(ByNobody()) as work:
            work.session.get_one(Account, cast.basile).is_active = False
        with pytest.raises(Invalid):
            invite(cast, "bruno", case_id, "basile")

    def test_who_takes_part_already(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam",))
        invite(cast, "bruno", case_id, "basile")
        for guest in ("basile", "marc", "bruno"):
            with pytest.raises(Conflict, match="participe déjà"):
                invite(cast, "bruno", case_id, guest)

    def test_an_invited_agent_moves_no_referral(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam",))
        invite(cast, "bruno", case_id, "basile")
        before = referral_rows(case_id)[CAF]
        say(cast, "basile", case_id)
        after = referral_rows(case_id)[CAF]
        assert (after.status, after.due_at, after.assignee_id) == (before.status, before.due_at, None)
        with pytest.raises(Forbidden):
            take(cast, "basile", case_id, CAF)

    def test_no_longer_an_agent_anywhere(self, cast: Cast) -> None:
        case_id = sent_case(cast, also=("cpam",))
        invite(cast, "bruno", case_id, "basile")
        leave(cast, "basile", CPAM)
        assert not reads(cast, "basile", case_id)
        with pytest.raises(NotFound):
            say(cast, "basile", case_id)
        join(cast, "basile", GUISE, Side.AIDANT)
        assert reads(cast, "basile", case_id)  # as an aidant of the structure, and as nothing else
        with pytest.raises(Forbidden):
            note(cast, "basile", case_id)


class TestWithdraw:
    def test_it_is_lost_at_once_and_its_pages_are_told(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        take(cast, "basile", case_id, CPAM)
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        withdraw(cast, case_id, CPAM, "adam")
        stop()
        told = frozenset().union(
            *(signal.holders for signal in heard if isinstance(signal, events.CaseChanged))
        )
        assert cast.groups[CPAM] in told
        assert not reads(cast, "basile", case_id)
        assert reads(cast, "bruno", case_id)
        row = referral_rows(case_id)[CPAM]
        assert (row.status, row.due_at) == (ReferralStatus.WITHDRAWN, None)
        assert entry_rows(case_id)[-1].details == {"what": CPAM}

    def test_a_page_left_open_does_nothing_more(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        withdraw(cast, case_id, CPAM)
        before = row_counts()
        gestures: tuple[Callable[[], object], ...] = (
            lambda: say(cast, "basile", case_id),
            lambda: take(cast, "basile", case_id, CPAM),
            lambda: resolve(cast, "basile", case_id, CPAM),
            lambda: ask(cast, "basile", case_id, CPAM),
            lambda: note(cast, "basile", case_id),
        )
        for gesture in gestures:
            with pytest.raises(NotFound):
                gesture()
        assert row_counts() == before

    def test_not_twice_nor_once_resolved(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        withdraw(cast, case_id, CPAM)
        resolve(cast, "bruno", case_id)
        for group in (CPAM, CAF):
            with pytest.raises(Conflict):
                withdraw(cast, case_id, group)
        with pytest.raises(NotFound):
            withdraw(cast, case_id, MSA)

    @pytest.mark.parametrize(
        ("who", "refusal"), [("bruno", Forbidden), ("chloe", NotFound), ("denis", NotFound)]
    )
    def test_only_by_the_structure(self, cast: Cast, who: str, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            withdraw(cast, sent_case(cast), CAF, who)


class TestMemberRemoved:
    @pytest.mark.parametrize(("who", "group"), [("bruno", CAF), ("adam", GUISE), ("aline", GUISE)])
    def test_nothing_is_left_at_the_next_action(self, cast: Cast, who: str, group: str) -> None:
        case_id = sent_case(cast)
        assert reads(cast, who, case_id)
        with act(cast, "denis") as work:
            people.remove_member(work, getattr(cast, who), cast.groups[group])
        assert not reads(cast, who, case_id)
        with pytest.raises(NotFound):
            say(cast, who, case_id)
        assert reads(cast, "marc", case_id)

    def test_who_joins_sees_at_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        assert not reads(cast, "basile", case_id)
        join(cast, "basile", CAF, Side.AGENT)
        assert reads(cast, "basile", case_id)
