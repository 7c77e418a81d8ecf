"""Nothing goes outside the mandate by any way, and every refusal says who an amendment would have to name."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from app import cases, drafts, mandates, referrals
from app.errors import Forbidden, NotFound, OutsideMandate
from app.mandate_steps import in_force
from app.queries import association
from app.queries import case as views
from app.queries.amendments import amendment
from app.work import ByNobody, Work, reading
from models.base import new_id
from models.enums import MandateStatus
from tests.app.scenes import (
    CAF,
    CPAM,
    MSA,
    accept,
    act,
    consent,
    draft,
    form,
    mandate,
    mandate_row,
    present,
    revoke,
    row_counts,
    say,
    see,
    sent_case,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")


def held(case_id: UUID) -> UUID:
    with reading(ByNobody(), at=NOW) as work:
        return in_force(work, case_id)[0].id


def associate(cast: Cast, work: Work, case_id: UUID) -> None:
    referrals.associate(work, case_id, cast.groups[MSA])


def invite(cast: Cast, work: Work, case_id: UUID) -> None:
    referrals.invite(work, case_id, cast.mathilde)


WAYS: tuple[Callable[[Cast, Work, UUID], object], ...] = (associate, invite)


class TestRefused:
    @pytest.mark.parametrize("who", ["aline", "adam", "bruno"])
    @pytest.mark.parametrize("way", WAYS)
    def test_whom_the_mandate_does_not_name(
        self, cast: Cast, way: Callable[[Cast, Work, UUID], object], who: str
    ) -> None:
        case_id = sent_case(cast, also=("cpam",))
        before = row_counts()
        with pytest.raises(OutsideMandate, match="ne nomme pas MSA") as refused, act(cast, who) as work:
            way(cast, work, case_id)
        assert (refused.value.organizations, refused.value.names) == ((cast.organizations["msa"],), ("MSA",))
        assert row_counts() == before
        with pytest.raises(NotFound), see(cast, "mathilde") as work:
            views.case(work, case_id)

    def test_sending_to_them(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate(cast, case_id)
        with act(cast, "aline") as work:
            drafts.save(work, case_id, form(cast, (CAF, CPAM, MSA)), 3)
        with (
            pytest.raises(OutsideMandate, match="ne nomme pas CPAM, MSA") as refused,
            act(cast, "aline") as work,
        ):
            cases.send(work, case_id)
        assert set(refused.value.organizations) == {cast.organizations["cpam"], cast.organizations["msa"]}
        mandate(cast, case_id)
        with act(cast, "aline") as work:
            cases.send(work, case_id)

    def test_another_reason_is_no_such_refusal(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate(cast, case_id)
        with act(cast, "aline") as work:
            drafts.save(work, case_id, form(cast, (CAF,), last_name="Autre"), 3)
        with pytest.raises(Forbidden) as refused, act(cast, "aline") as work:
            cases.send(work, case_id)
        assert not isinstance(refused.value, OutsideMandate)

    def test_naming_who_could_help_gives_them_nothing(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        with act(cast, "bruno") as work:
            referrals.not_competent(
                work, case_id, cast.groups[CAF], better=cast.organizations["msa"], key=new_id()
            )
        with pytest.raises(NotFound), see(cast, "mathilde") as work:
            views.case(work, case_id)
        with pytest.raises(OutsideMandate), act(cast, "aline") as work:
            associate(cast, work, case_id)

    @pytest.mark.parametrize("way", WAYS)
    def test_what_was_named_is_not_once_the_mandate_is_taken_back(
        self, cast: Cast, way: Callable[[Cast, Work, UUID], object]
    ) -> None:
        case_id = sent_case(cast, also=("msa",))
        revoke(cast, held(case_id))
        with pytest.raises(Forbidden, match="suspendu"), act(cast, "bruno") as work:
            way(cast, work, case_id)

    def test_an_agent_does_not_ask_the_usager(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        more = frozenset({cast.organizations["msa"]})
        with pytest.raises(Forbidden), act(cast, "bruno") as work:
            mandates.present(work, case_id, more=more)

    @pytest.mark.parametrize(("who", "may_ask"), [("aline", True), ("bruno", False)])
    def test_who_is_outside_is_shown_as_such(self, cast: Cast, who: str, may_ask: bool) -> None:
        case_id = sent_case(cast, also=("cpam",))
        with see(cast, who) as work:
            found = association.candidates(work, case_id)
        assert [one.name for one in found.groups] == [CPAM]
        assert MSA in [one.name for one in found.outside]
        assert not {CPAM, CAF} & {one.name for one in found.outside}
        assert found.may_ask is may_ask


class TestAmendment:
    def test_the_first_one_holds_until_the_usager_has_answered(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        first = held(case_id)
        second = present(cast, case_id, more=("msa",))
        assert mandate_row(second).amends_id == first
        with see(cast, "aline") as work:
            found = amendment(work, second)
        assert found is not None
        assert (found.replaces, found.added) == (NOW, ("MSA",))
        say(cast, "bruno", case_id)
        with pytest.raises(OutsideMandate), act(cast, "aline") as work:
            associate(cast, work, case_id)
        consent(cast, second)
        accept(cast, second)
        assert mandate_row(first).status is MandateStatus.SUPERSEDED
        with act(cast, "aline") as work:
            associate(cast, work, case_id)

    def test_refused_it_changes_nothing(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        second = present(cast, case_id, more=("msa",))
        with act(cast, "aline") as work:
            mandates.refuse(work, second)
        assert mandate_row(held(case_id)).status is MandateStatus.ACTIVE
        with pytest.raises(OutsideMandate), act(cast, "bruno") as work:
            associate(cast, work, case_id)

    def test_a_first_mandate_amends_none(self, cast: Cast) -> None:
        first = present(cast, draft(cast))
        with see(cast, "aline") as work:
            assert amendment(work, first) is None
        with pytest.raises(NotFound), see(cast, "chloe") as work:
            amendment(work, first)
        with pytest.raises(NotFound), see(cast, "aline") as work:
            amendment(work, new_id())

    def test_nor_does_one_given_after_the_end_of_another(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        revoke(cast, held(case_id))
        assert mandate_row(present(cast, case_id)).amends_id is None
