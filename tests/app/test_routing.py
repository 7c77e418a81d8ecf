"""Who can receive a case: proposals from theme and département, and the same check again for each recipient."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.queries import people, routing
from app.queries.routing import Proposal, Rules
from app.reference import ORGANIZATIONS, PROCEDURE_ROUTING, PROCEDURES, ROUTING
from app.work import ByNobody, acting
from models.account import Account, Membership
from models.base import new_id
from models.enums import Side
from models.organization import Group, GroupArea
from tests.app.scenes import CAF, CARSAT, CPAM, GUISE, LAON, MSA, form, join, leave, resolve, see, sent_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")


def proposals(
    cast: Cast, theme: str = "logement", departement: str = "02", procedure: str = ""
) -> tuple[Proposal, ...]:
    with see(cast, "aline") as work:
        return routing.proposals(work, theme, departement, procedure)


def can_receive(cast: Cast, group_id: UUID, departement: str = "02") -> bool:
    """Whether a group may receive a case; it may exactly when it is proposed."""
    with see(cast, "aline") as work:
        found = routing.recipient(work, group_id, departement)
        proposed = {one.group_id for one in routing.proposals(work, "logement", departement, "")}
    assert (found is not None) is (group_id in proposed)
    return found is not None


def close_account(*ids: UUID) -> None:
    with acting(ByNobody(), at=NOW) as work:
        for account in work.session.scalars(select(Account).where(col(Account.id).in_(ids))):
            account.is_active = False


class TestRecipient:
    def test_a_group_of_the_departement(self, cast: Cast) -> None:
        for name in (CAF, CPAM, MSA, CARSAT):
            assert can_receive(cast, cast.groups[name])

    def test_not_elsewhere(self, cast: Cast) -> None:
        for departement in ("59", "", "2", "002", "2A", "02'"):
            assert not can_receive(cast, cast.groups[CAF], departement)

    def test_each_departement_it_covers(self, cast: Cast) -> None:
        with acting(ByNobody(), at=NOW) as work:
            work.session.add(GroupArea(group_id=cast.groups[CAF], departement="60"))
        assert can_receive(cast, cast.groups[CAF], "60")
        assert can_receive(cast, cast.groups[CAF], "02")

    @pytest.mark.parametrize("name", [GUISE, LAON])
    def test_never_a_structure(self, cast: Cast, name: str) -> None:
        join(cast, "bruno", name, Side.AGENT)
        assert not can_receive(cast, cast.groups[name])

    def test_nor_one_that_does_not_exist(self, cast: Cast) -> None:
        assert not can_receive(cast, new_id())

    def test_nor_a_closed_group(self, cast: Cast) -> None:
        with acting(ByNobody(), at=NOW) as work:
            work.session.get_one(Group, cast.groups[CAF]).is_open = False
        assert not can_receive(cast, cast.groups[CAF])

    def test_nor_one_without_an_active_agent(self, cast: Cast) -> None:
        close_account(cast.bruno)
        assert can_receive(cast, cast.groups[CAF])
        close_account(cast.marc)
        assert not can_receive(cast, cast.groups[CAF])

    @pytest.mark.parametrize("side", [None, Side.AIDANT])
    def test_a_responsable_or_an_aidant_is_no_agent(self, cast: Cast, side: Side | None) -> None:
        leave(cast, "camille", CARSAT)
        assert not can_receive(cast, cast.groups[CARSAT])
        with acting(ByNobody(), at=NOW) as work:
            work.session.add(
                Membership(
                    created_at=NOW,
                    account_id=cast.camille,
                    group_id=cast.groups[CARSAT],
                    side=side,
                    is_manager=True,
                )
            )
        assert not can_receive(cast, cast.groups[CARSAT])


class TestGuess:
    """What is ticked by itself: once, and only when nothing else was chosen."""

    def guess(self, cast: Cast, **typed: Any) -> dict[str, Any]:
        full = {**form(cast, ()), "guess": "", "procedure": "autre", **typed}
        with see(cast, "aline") as work:
            found = routing.proposals(work, full["theme"], full["departement"], full["procedure"])
            return routing.guess(full, found)

    def test_the_first_of_the_theme(self, cast: Cast) -> None:
        caf = str(cast.groups[CAF])
        assert self.guess(cast) == {"groups": [caf], "guess": f"logement/autre/02/{caf}"}
        assert self.guess(cast, theme="sante")["groups"] == [str(cast.groups[CPAM])]

    def test_not_over_what_somebody_chose(self, cast: Cast) -> None:
        assert self.guess(cast, groups=[str(cast.groups[MSA])]) == {}

    def test_what_was_unticked_is_not_ticked_again(self, cast: Cast) -> None:
        made = self.guess(cast)["guess"]
        assert self.guess(cast, groups=[], guess=made) == {}

    def test_another_theme_changes_a_guess_left_alone(self, cast: Cast) -> None:
        caf, cpam = str(cast.groups[CAF]), str(cast.groups[CPAM])
        before = {"groups": [caf], "guess": f"logement/autre/02/{caf}"}
        assert self.guess(cast, theme="sante", **before)["groups"] == [cpam]
        assert self.guess(cast, theme="sante", **{**before, "groups": [caf, str(cast.groups[MSA])]}) == {}

    def test_another_procedure_changes_a_guess_left_alone(self, cast: Cast) -> None:
        caf, cpam = str(cast.groups[CAF]), str(cast.groups[CPAM])
        made = self.guess(cast, procedure="apl")
        assert made == {"groups": [caf], "guess": f"logement/apl/02/{caf}"}
        assert self.guess(cast, procedure="vitale", **made)["groups"] == [cpam]

    def test_nobody_when_the_first_is_not_there(self, cast: Cast) -> None:
        close_account(cast.bruno, cast.marc)
        assert self.guess(cast) == {}
        assert self.guess(cast, theme="") == {}

    def test_what_is_no_longer_proposed_is_taken_out(self, cast: Cast) -> None:
        found = self.guess(
            cast, departement="59", groups=[str(cast.groups[CAF])], also=[str(cast.organizations["msa"])]
        )
        assert found == {"groups": [], "also": []}


class TestProposals:
    def test_those_of_the_theme_first_in_their_order(self, cast: Cast) -> None:
        codes = {id_: code for code, id_ in cast.organizations.items()}
        for theme, order in ROUTING.items():
            found = proposals(cast, theme)
            first = [codes[one.organization_id] for one in found if one.is_for_theme]
            assert first == [code for code in order if code in first], theme
            assert [one.is_for_theme for one in found] == [True] * len(first) + [False] * (8 - len(first))
            rest = [one.organization for one in found if not one.is_for_theme]
            assert rest == sorted(rest)

    def test_those_of_the_procedure_before_those_of_the_theme(self, cast: Cast) -> None:
        found = proposals(cast, "logement", procedure="retraite")
        codes = {id_: code for code, id_ in cast.organizations.items()}
        ruled = [codes[one.organization_id] for one in found if one.is_for_procedure or one.is_for_theme]
        assert ruled == ["carsat", "msa", "caf"]  # of the procedure; then of the theme what is not there yet
        assert [one.is_for_procedure for one in found] == [True, True] + [False] * 6
        assert [one.is_first for one in found] == [True] + [False] * 7
        assert {one.is_for_procedure for one in proposals(cast, procedure="autre")} == {False}

    def test_as_if_the_rules_were_others(self, cast: Cast) -> None:
        msa = cast.organizations["msa"]
        with see(cast, "aline") as work:
            found = routing.proposals(work, "logement", "02", "apl", under=Rules((), (msa,)))
            again = routing.proposals(work, "logement", "02", "apl")
        assert (found[0].group, found[0].is_first, found[1].is_for_theme) == (MSA, True, False)
        assert again[0].group == CAF

    def test_every_organisation_of_the_first_rules_is_one(self, cast: Cast) -> None:
        named = {code for codes in (*ROUTING.values(), *PROCEDURE_ROUTING.values()) for code in codes}
        operators = {code for code, (_, _, kind) in ORGANIZATIONS.items() if kind == "operator"}
        assert named <= operators
        assert set(PROCEDURE_ROUTING) <= set(PROCEDURES)

    @pytest.mark.parametrize("theme", ["", "x", "logement'"])
    def test_a_theme_that_is_none_proposes_all_alike(self, cast: Cast, theme: str) -> None:
        assert {one.is_for_theme for one in proposals(cast, theme)} == {False}

    def test_nobody_covers_another_departement(self, cast: Cast) -> None:
        assert proposals(cast, departement="59") == ()

    def test_each_with_its_guidance_and_its_agents(self, cast: Cast) -> None:
        caf = proposals(cast)[0]
        assert (caf.group, caf.organization, caf.agents, caf.usual_days) == (CAF, "CAF", 2, None)
        assert caf.guidance.startswith("Indiquez le numéro d’allocataire")
        close_account(cast.marc)
        assert proposals(cast)[0].agents == 1

    def test_the_usual_delay_is_the_median_of_three_or_more(self, cast: Cast) -> None:
        for days in (1, 2, 9):
            assert proposals(cast)[0].usual_days is None
            case_id = sent_case(cast, at=NOW)
            resolve(cast, "bruno", case_id, at=NOW + timedelta(days=days))
        assert proposals(cast)[0].usual_days == 2.0
        assert {one.usual_days for one in proposals(cast)[1:]} == {None}


class TestPeople:
    def test_agents_of_groups(self, cast: Cast) -> None:
        groups = frozenset({cast.groups[CAF], cast.groups[GUISE]})
        with see(cast, "bruno") as work:
            assert [(one.name, one.group) for one in people.agents_of(work, groups)] == [
                ("Bruno Carlier", CAF), ("Marc Dubois", CAF),
            ]  # fmt: skip
            assert people.is_agent_of(work, cast.marc, cast.groups[CAF])
            assert not people.is_agent_of(work, cast.marc, cast.groups[CPAM])
            assert not people.is_agent_of(work, cast.aline, cast.groups[GUISE])

    def test_structures_in_whose_name_one_raises_a_case(self, cast: Cast) -> None:
        join(cast, "aline", LAON, Side.AIDANT)
        join(cast, "aline", CAF, Side.AGENT)
        with acting(ByNobody(), at=NOW) as work:
            work.session.get_one(Group, cast.groups[LAON]).is_open = False
        with see(cast, "aline") as work:
            assert [one.name for one in people.structures_of(work)] == [GUISE]

    def test_names(self, cast: Cast) -> None:
        with see(cast, "aline") as work:
            assert people.name_of(work, cast.bruno) == "Bruno Carlier"
            assert people.name_of(work, None) == people.name_of(work, new_id()) == "Quelqu’un"
