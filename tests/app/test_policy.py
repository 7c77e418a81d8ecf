"""The customer's table of rights (domain, section 6): rows are actions, columns the cast, cells «oui» and «–».

A case of the France Services of Guise, sent to the CAF and the CPAM; Camille of the CARSAT is invited;
``HANDLE`` is asked about the CAF's referral, ``SEE_IDENTIFIER`` about the number by which the CAF and the
CARSAT know people.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from app.policy import (
    NOBODY,
    RIGHTS,
    Action,
    Actor,
    CaseFacts,
    Member,
    may,
    may_declare_absence,
    may_manage_accounts,
    may_manage_members,
    may_remove_member,
    side_in,
)
from models.enums import CaseStatus, ScopeKind, Side

GUISE, LAON, CAF, CPAM, MSA, CARSAT = (UUID(int=100 + n) for n in range(6))


def person(number: int, *places: Member, scope: ScopeKind | None = None) -> Actor:
    return Actor(UUID(int=number), "", frozenset(places), frozenset({scope} if scope else ()))


COLUMNS = {
    "Aline": person(1, Member(GUISE, Side.AIDANT)),  # aidant of the structure, who raised the case
    "Adam": person(2, Member(GUISE, Side.AIDANT)),  # aidant of the structure
    "Chloé": person(3, Member(LAON, Side.AIDANT)),  # aidant of another structure
    "Bruno": person(4, Member(CAF, Side.AGENT)),  # agent of the recipient asked about
    "Basile": person(5, Member(CPAM, Side.AGENT)),  # agent of another recipient
    "Mathilde": person(6, Member(MSA, Side.AGENT)),  # agent of a group that is no recipient
    "Camille": person(7, Member(CARSAT, Side.AGENT)),  # agent invited by name
    "Marc": person(8, Member(CAF, Side.AGENT, is_manager=True)),  # responsable, and agent there
    "Chef": person(9, Member(CAF, None, True), Member(GUISE, None, True)),  # responsable only
    "Colette": person(10, scope=ScopeKind.COORDINATOR),
    "Olivier": person(11, scope=ScopeKind.OBSERVER),
    "Denis": person(12, scope=ScopeKind.ADMINISTRATOR),
    "Deux": person(13, Member(GUISE, Side.AIDANT), Member(CAF, Side.AGENT)),  # on both sides
}

DRAFT = """
                Aline Adam Chloé Bruno Basile Mathilde Camille Marc Chef Colette Olivier Denis Deux
READ            oui   –    –     –     –      –        –       –    –    –       –       –     –
READ_NOTES      –     –    –     –     –      –        –       –    –    –       –       –     –
CREATE          oui   oui  –     –     –      –        –       –    –    –       –       –     oui
WRITE           –     –    –     –     –      –        –       –    –    –       –       –     –
WRITE_NOTES     –     –    –     –     –      –        –       –    –    –       –       –     –
HANDLE          –     –    –     –     –      –        –       –    –    –       –       –     –
ASSOCIATE       –     –    –     –     –      –        –       –    –    –       –       –     –
WITHDRAW        –     –    –     –     –      –        –       –    –    –       –       –     –
CLOSE           –     –    –     –     –      –        –       –    –    –       –       –     –
REOPEN          –     –    –     –     –      –        –       –    –    –       –       –     –
DOWNLOAD        oui   –    –     –     –      –        –       –    –    –       –       –     –
SEE_MANDATE     oui   –    –     –     –      –        –       –    –    –       –       –     –
MANAGE_MANDATE  oui   –    –     –     –      –        –       –    –    –       –       –     –
ANSWER_MANDATE  oui   –    –     –     –      –        –       –    –    –       –       –     –
SEE_IDENTIFIER  oui   –    –     –     –      –        –       –    –    –       –       –     –
IDENTIFY        –     –    –     –     –      –        –       –    –    –       –       –     –
"""

OPEN = """
                Aline Adam Chloé Bruno Basile Mathilde Camille Marc Chef Colette Olivier Denis Deux
READ            oui   oui  –     oui   oui    –        oui     oui  –    –       –       –     oui
READ_NOTES      –     –    –     oui   oui    –        oui     oui  –    –       –       –     –
CREATE          oui   oui  –     –     –      –        –       –    –    –       –       –     oui
WRITE           oui   oui  –     oui   oui    –        oui     oui  –    –       –       –     oui
WRITE_NOTES     –     –    –     oui   oui    –        oui     oui  –    –       –       –     –
HANDLE          –     –    –     oui   –      –        –       oui  –    –       –       –     oui
ASSOCIATE       oui   oui  –     oui   oui    –        –       oui  –    –       –       –     oui
WITHDRAW        oui   oui  –     –     –      –        –       –    –    –       –       –     oui
CLOSE           oui   oui  –     –     –      –        –       –    –    –       –       –     oui
REOPEN          oui   oui  –     –     –      –        –       –    –    –       –       –     oui
DOWNLOAD        oui   oui  –     oui   oui    –        oui     oui  –    –       –       –     oui
SEE_MANDATE     oui   oui  –     oui   oui    –        oui     oui  –    –       –       –     oui
MANAGE_MANDATE  oui   oui  –     –     –      –        –       –    –    –       –       –     oui
ANSWER_MANDATE  oui   oui  –     –     –      –        –       –    –    –       –       –     oui
SEE_IDENTIFIER  oui   oui  –     oui   –      –        oui     oui  –    –       –       –     oui
IDENTIFY        oui   oui  –     –     –      –        –       –    –    –       –       –     oui
"""

OPEN_WITHOUT_MANDATE = """
                Aline Adam Chloé Bruno Basile Mathilde Camille Marc Chef Colette Olivier Denis Deux
READ            oui   oui  –     oui   oui    –        oui     oui  –    –       –       –     oui
READ_NOTES      –     –    –     oui   oui    –        oui     oui  –    –       –       –     –
CREATE          oui   oui  –     –     –      –        –       –    –    –       –       –     oui
WRITE           –     –    –     –     –      –        –       –    –    –       –       –     –
WRITE_NOTES     –     –    –     –     –      –        –       –    –    –       –       –     –
HANDLE          –     –    –     –     –      –        –       –    –    –       –       –     –
ASSOCIATE       –     –    –     –     –      –        –       –    –    –       –       –     –
WITHDRAW        oui   oui  –     –     –      –        –       –    –    –       –       –     oui
CLOSE           oui   oui  –     –     –      –        –       –    –    –       –       –     oui
REOPEN          oui   oui  –     –     –      –        –       –    –    –       –       –     oui
DOWNLOAD        oui   oui  –     –     –      –        –       –    –    –       –       –     oui
SEE_MANDATE     oui   oui  –     –     –      –        –       –    –    –       –       –     oui
MANAGE_MANDATE  oui   oui  –     –     –      –        –       –    –    –       –       –     oui
ANSWER_MANDATE  oui   oui  –     –     –      –        –       –    –    –       –       –     oui
SEE_IDENTIFIER  oui   oui  –     –     –      –        –       –    –    –       –       –     oui
IDENTIFY        –     –    –     –     –      –        –       –    –    –       –       –     –
"""

CLOSED = """
                Aline Adam Chloé Bruno Basile Mathilde Camille Marc Chef Colette Olivier Denis Deux
READ            oui   oui  –     oui   oui    –        oui     oui  –    –       –       –     oui
READ_NOTES      –     –    –     oui   oui    –        oui     oui  –    –       –       –     –
CREATE          oui   oui  –     –     –      –        –       –    –    –       –       –     oui
WRITE           –     –    –     –     –      –        –       –    –    –       –       –     –
WRITE_NOTES     –     –    –     –     –      –        –       –    –    –       –       –     –
HANDLE          –     –    –     –     –      –        –       –    –    –       –       –     –
ASSOCIATE       –     –    –     –     –      –        –       –    –    –       –       –     –
WITHDRAW        –     –    –     –     –      –        –       –    –    –       –       –     –
CLOSE           –     –    –     –     –      –        –       –    –    –       –       –     –
REOPEN          oui   oui  –     –     –      –        –       –    –    –       –       –     oui
DOWNLOAD        –     –    –     –     –      –        –       –    –    –       –       –     –
SEE_MANDATE     oui   oui  –     –     –      –        –       –    –    –       –       –     oui
MANAGE_MANDATE  oui   oui  –     –     –      –        –       –    –    –       –       –     oui
ANSWER_MANDATE  oui   oui  –     –     –      –        –       –    –    –       –       –     oui
SEE_IDENTIFIER  oui   oui  –     –     –      –        –       –    –    –       –       –     oui
IDENTIFY        –     –    –     –     –      –        –       –    –    –       –       –     –
"""

# From whose side the case is read: on both, one reads as an aidant.
SIDES = """
                Aline  Adam   Chloé Bruno Basile Mathilde Camille Marc  Chef Colette Olivier Denis Deux
draft           aidant –      –     –     –      –        –       –     –    –       –       –     –
sent            aidant aidant –     agent agent  –        agent   agent –    –       –       –     aidant
closed          aidant aidant –     agent agent  –        agent   agent –    –       –       –     aidant
"""

CASE = CaseFacts(
    author_id=COLUMNS["Aline"].account_id,
    structure_id=GUISE,
    status=CaseStatus.SENT,
    recipients=frozenset({CAF, CPAM}),
    invited=frozenset({COLUMNS["Camille"].account_id}),
    referral_group=CAF,
    knowers=frozenset({CAF, CARSAT}),
)
OPEN_STATUSES = (CaseStatus.SENT, CaseStatus.IN_PROGRESS, CaseStatus.TO_REDIRECT, CaseStatus.RESOLVED)
SITUATIONS = [
    (DRAFT, CaseStatus.DRAFT, False),
    (DRAFT, CaseStatus.DRAFT, True),
    *[(OPEN, status, True) for status in OPEN_STATUSES],
    *[(OPEN_WITHOUT_MANDATE, status, False) for status in OPEN_STATUSES],
    (CLOSED, CaseStatus.CLOSED, False),
    (CLOSED, CaseStatus.CLOSED, True),
]


def cells(table: str) -> dict[str, dict[str, str]]:
    """Read a table: row → column → cell."""
    head, *lines = (line.split() for line in table.strip().splitlines())
    return {name: dict(zip(head, values, strict=True)) for name, *values in lines}


@pytest.mark.parametrize(("table", "status", "mandate"), SITUATIONS)
def test_rights(table: str, status: CaseStatus, mandate: bool) -> None:
    case = replace(CASE, status=status, has_valid_mandate=mandate)
    found = {
        action.name: {who: "oui" if may(actor, action, case) else "–" for who, actor in COLUMNS.items()}
        for action in Action
    }
    assert found == cells(table)


@pytest.mark.parametrize("table", [DRAFT, OPEN, OPEN_WITHOUT_MANDATE, CLOSED])
def test_the_tables_are_whole(table: str) -> None:
    assert set(cells(table)) == set(Action.__members__)
    assert all(set(row) == set(COLUMNS) for row in cells(table).values())


def test_every_action_has_its_row() -> None:
    assert set(RIGHTS) == set(Action)
    assert all(RIGHTS.values())


def test_sides() -> None:
    for status, row in cells(SIDES).items():
        case = replace(CASE, status=CaseStatus(status))  # type: ignore[call-arg]
        assert {who: str(side_in(actor, case) or "–") for who, actor in COLUMNS.items()} == row


@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("mandate", [True, False])
def test_only_who_reads_may_do_anything(status: CaseStatus, mandate: bool) -> None:
    case = replace(CASE, status=status, has_valid_mandate=mandate)
    for actor in COLUMNS.values():
        for action in set(Action) - {Action.CREATE}:
            assert may(actor, Action.READ, case) or not may(actor, action, case)
        assert may(actor, Action.READ_NOTES, case) == (side_in(actor, case) is Side.AGENT)
        assert may(actor, Action.READ, case) == (side_in(actor, case) is not None)


def test_a_draft_is_lost_with_the_place_in_the_structure() -> None:
    draft = replace(CASE, status=CaseStatus.DRAFT)
    gone = replace(COLUMNS["Aline"], memberships=frozenset({Member(LAON, Side.AIDANT)}))
    on_the_other_side = replace(COLUMNS["Aline"], memberships=frozenset({Member(GUISE, Side.AGENT)}))
    for actor in (gone, on_the_other_side):
        assert not any(may(actor, action, draft) for action in Action)


def test_an_invitation_is_lost_with_the_last_place_as_agent() -> None:
    camille = COLUMNS["Camille"]
    for places in (
        frozenset(),
        frozenset({Member(LAON, Side.AIDANT)}),
        frozenset({Member(CARSAT, None, True)}),
    ):
        assert not any(may(replace(camille, memberships=places), action, CASE) for action in Action)


def test_a_side_counts_only_in_its_own_group() -> None:
    """An aidant in a recipient group, an agent in the structure: neither gives anything."""
    crossed = person(20, Member(CAF, Side.AIDANT), Member(GUISE, Side.AGENT))
    assert not any(may(crossed, action, CASE) for action in Action)


@pytest.mark.parametrize("group", [None, CPAM, MSA, CARSAT])
def test_each_agent_handles_its_own_referral_only(group: UUID | None) -> None:
    case = replace(CASE, referral_group=group)
    assert not may(COLUMNS["Bruno"], Action.HANDLE, case)
    assert may(COLUMNS["Basile"], Action.HANDLE, case) == (group == CPAM)
    assert not may(COLUMNS["Mathilde"], Action.HANDLE, case)
    assert not may(COLUMNS["Camille"], Action.HANDLE, case)


@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("mandate", [True, False])
def test_an_usager_answers_for_their_own_mandate_and_nothing_else(status: CaseStatus, mandate: bool) -> None:
    case = replace(CASE, status=status, has_valid_mandate=mandate, case_id=UUID(int=200))
    usager = Actor(NOBODY, "La personne", usager_of=UUID(int=200))
    assert {action for action in Action if may(usager, action, case)} == {Action.ANSWER_MANDATE}
    elsewhere = replace(case, case_id=UUID(int=201))
    nobody = Actor(NOBODY)
    for actor, other in ((usager, elsewhere), (nobody, case), (nobody, replace(case, case_id=None))):
        assert not any(may(actor, action, other) for action in Action)
    assert usager.account is None
    assert side_in(usager, case) is None


def test_about_names_the_referral() -> None:
    assert may(COLUMNS["Basile"], Action.HANDLE, CASE.about(CPAM))
    assert CASE.about(CPAM) == replace(CASE, referral_group=CPAM)


# By which groups a number is used, and who then sees it beside the aidants: a recipient's organisation and
# whoever is associated by name from such an organisation, never another.
KNOWERS: tuple[tuple[frozenset[UUID], set[str]], ...] = (
    (frozenset(), set()),
    (frozenset({CAF}), {"Bruno", "Marc"}),
    (frozenset({CPAM}), {"Basile"}),
    (frozenset({CARSAT}), {"Camille"}),
    (frozenset({MSA}), set()),
    (frozenset({CAF, CPAM, MSA, CARSAT}), {"Bruno", "Marc", "Basile", "Camille"}),
)


@pytest.mark.parametrize(("knowers", "agents"), KNOWERS)
def test_a_number_is_seen_where_people_are_known_by_it(knowers: frozenset[UUID], agents: set[str]) -> None:
    case = CASE.known_to(knowers)
    seen = {who for who, actor in COLUMNS.items() if may(actor, Action.SEE_IDENTIFIER, case)}
    assert seen == {"Aline", "Adam", "Deux"} | agents
    left = replace(case, recipients=frozenset({CPAM}), invited=frozenset())
    assert {w for w, a in COLUMNS.items() if may(a, Action.SEE_IDENTIFIER, left)} <= {
        "Aline", "Adam", "Deux", "Basile",
    }  # fmt: skip


def test_who_manages_accounts_and_members() -> None:
    assert {who for who, actor in COLUMNS.items() if may_manage_accounts(actor)} == {"Denis"}
    assert {who for who, actor in COLUMNS.items() if may_manage_members(actor, CAF)} == {
        "Denis",
        "Marc",
        "Chef",
    }
    assert {who for who, actor in COLUMNS.items() if may_manage_members(actor, CPAM)} == {"Denis"}


def test_who_declares_an_absence() -> None:
    """One's own where one is an agent; a responsable's group; administrators."""

    def may_for(of: str, group: UUID) -> set[str]:
        account = COLUMNS[of].account_id
        return {who for who, actor in COLUMNS.items() if may_declare_absence(actor, account, group)}

    assert may_for("Bruno", CAF) == {"Bruno", "Marc", "Chef", "Denis"}
    assert may_for("Basile", CPAM) == {"Basile", "Denis"}
    assert may_for("Basile", CAF) == {"Marc", "Chef", "Denis"}
    assert may_for("Aline", GUISE) == {"Chef", "Denis"}


def test_who_takes_a_member_out_of_a_group() -> None:
    """Its responsable, administrators, and the person, out of a group in which they stand."""

    def may_for(of: str, group: UUID) -> set[str]:
        account = COLUMNS[of].account_id
        return {who for who, actor in COLUMNS.items() if may_remove_member(actor, account, group)}

    assert may_for("Bruno", CAF) == {"Bruno", "Marc", "Chef", "Denis"}
    assert may_for("Basile", CPAM) == {"Basile", "Denis"}
    assert may_for("Basile", CAF) == {"Marc", "Chef", "Denis"}
    assert may_for("Aline", GUISE) == {"Aline", "Chef", "Denis"}


def test_holders_are_the_groups_with_a_side_and_oneself() -> None:
    assert COLUMNS["Deux"].holders == {UUID(int=13), GUISE, CAF}
    assert COLUMNS["Chef"].holders == {UUID(int=9)}
