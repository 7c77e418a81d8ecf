"""Editing what a case is qualified with: who may, what is refused, what two administrators do to each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import asked_numbers, guidance, people, qualification
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.identifiers import KINDS
from app.queries import case as views
from app.queries import deployment, drafts, reference, routing
from app.queries import qualification as lists
from app.queries.qualification import ClosedList, Item
from app.work import ByNobody, Work, acting, reading
from models.account import Scope
from models.enums import IdentifierKind, NoticeKind, ScopeKind, Side
from models.journal import JournalEntry
from models.notice import Notice
from models.organization import Group, Organization
from tests.app.scenes import CAF, CARSAT, CPAM, GUISE, LAON, MSA, act, draft, join, leave, see, send, sent_case
from tests.app.scenes import mandate as sign
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
THEMES, BLOCKAGES, PROCEDURES = ClosedList
OTHERS = ("aline", "adam", "chloe", "bruno", "marc", "basile", "colette", "olivier")


def gestures(cast: Cast) -> dict[str, Callable[[Work], object]]:
    """Everything that these screens read or do."""
    caf, cpam = cast.organizations["caf"], cast.organizations["cpam"]
    return {
        "items": lambda w: lists.items(w, THEMES),
        "item": lambda w: lists.item(w, THEMES, "logement"),
        "operators": lists.operators,
        "would_propose": lambda w: lists.would_propose(w, "logement", "apl", "02", {}),
        "groups": deployment.groups,
        "group": lambda w: deployment.group(w, cast.groups[CAF]),
        "organizations": deployment.organizations,
        "attention": deployment.attention,
        "add": lambda w: qualification.add(w, THEMES, "Mobilité"),
        "rename": lambda w: qualification.rename(w, THEMES, "logement", "Habitat", seen="Logement"),
        "move": lambda w: qualification.move(w, THEMES, "logement", 1, seen=codes(w, THEMES)),
        "offer": lambda w: qualification.offer(w, THEMES, "logement", False),
        "route": lambda w: qualification.route(w, PROCEDURES, "autre", [caf], seen=[]),
        "know_by": lambda w: asked_numbers.know_by(
            w, caf, IdentifierKind.NONE, seen=IdentifierKind.ALLOCATAIRE
        ),
        "ask_nir": lambda w: asked_numbers.ask_nir(w, cpam, asked_numbers.BASIS),
        "stop_nir": lambda w: asked_numbers.stop_nir(w, cpam),
        "concerned": lambda w: asked_numbers.concerned(w, cpam),
        "note": lambda w: guidance.note(w, cast.groups[MSA], "Précisez.", seen=note_of(w, MSA)),
    }


def codes(work: Work, which: ClosedList) -> list[str]:
    table = lists.TABLES[which]
    return list(work.session.scalars(select(col(table.code)).order_by(col(table.position))))


def note_of(work: Work, name: str) -> str:
    return work.session.scalars(select(col(Group.guidance)).where(col(Group.name) == name)).one()


def test_administrators_only(cast: Cast) -> None:
    for name, gesture in gestures(cast).items():
        for who in OTHERS:
            with pytest.raises(Forbidden), act(cast, who) as work:
                gesture(work)
        with pytest.raises(Forbidden), acting(ByNobody(), at=NOW) as work:
            gesture(work)
        with act(cast, "denis") as work:
            gesture(work)
        assert name


def shown(cast: Cast, which: ClosedList = THEMES) -> tuple[Item, ...]:
    with see(cast, "denis") as work:
        return lists.items(work, which)


def journal() -> list[str]:
    with reading(ByNobody()) as work:
        rows = work.session.scalars(select(JournalEntry).order_by(col(JournalEntry.id)))
        return [row.action for row in rows if row.action.partition(".")[0] in ("qualification", "organization")]


class TestLists:
    def test_added_at_the_end_with_a_code_of_its_own(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            assert qualification.add(work, THEMES, "  Mobilité  & transports ") == "mobilite_transports"
            assert qualification.add(work, THEMES, "Mobilité, transports") == "mobilite_transports_2"
            assert qualification.add(work, THEMES, "Éé" * 30) == "ee" * 12
            assert qualification.add(work, THEMES, "???") == "choix"
        assert [one.label for one in shown(cast)][-4:-2] == ["Mobilité & transports", "Mobilité, transports"]
        with see(cast, "aline") as work:
            assert ("mobilite_transports", "Mobilité & transports") in drafts.choices(work, {}).themes

    @pytest.mark.parametrize("label", ["", "  ", "\u00a0", "x" * 81, "Logement", "LOGEMENT ", "logement"])
    def test_a_label_that_is_none_or_taken(self, cast: Cast, label: str) -> None:
        before = shown(cast)
        for gesture in (
            lambda w: qualification.add(w, THEMES, label),
            lambda w: qualification.rename(w, THEMES, "sante", label, seen="Santé et handicap"),
        ):
            with pytest.raises(Invalid) as refused, act(cast, "denis") as work:
                gesture(work)
            assert set(refused.value.fields) == {"label"}
        assert shown(cast) == before

    def test_a_list_has_an_end(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            for number in range(50):
                qualification.add(work, THEMES, f"Thème {number}")
            with pytest.raises(Invalid):
                qualification.add(work, THEMES, "Un de trop")

    def test_renamed_everywhere_and_only_as_it_was_seen(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        with act(cast, "denis") as work:
            qualification.rename(work, THEMES, "logement", "Habitat", seen="Logement")
            with pytest.raises(Conflict):
                qualification.rename(work, THEMES, "logement", "Logis", seen="Logement")
            qualification.rename(work, THEMES, "logement", "HABITAT", seen="Habitat")  # its own name
        with see(cast, "aline") as work:
            assert views.case(work, case_id).qualification[0] == "HABITAT"

    def test_moved_one_place_and_only_as_it_was_seen(self, cast: Cast) -> None:
        order = [one.code for one in shown(cast)]
        with act(cast, "denis") as work:
            qualification.move(work, THEMES, order[1], -1, seen=order)
        assert [one.code for one in shown(cast)] == [order[1], order[0], *order[2:]]
        with act(cast, "denis") as work, pytest.raises(Conflict):
            qualification.move(work, THEMES, order[5], 1, seen=order)
        now = [one.code for one in shown(cast)]
        with act(cast, "denis") as work:
            qualification.move(work, THEMES, now[0], -1, seen=now)
            qualification.move(work, THEMES, now[-1], 1, seen=now)
            for by in (0, 2, -5):
                with pytest.raises(Invalid):
                    qualification.move(work, THEMES, now[0], by, seen=now)
        assert [one.code for one in shown(cast)] == now

    def test_no_longer_offered_then_again_and_never_the_last(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            qualification.offer(work, BLOCKAGES, "panne", False)
        with see(cast, "aline") as work:
            assert "panne" not in dict(drafts.choices(work, {}).blockages)
            assert "panne" in dict(drafts.choices(work, {"blockage": "panne"}).blockages)
        with act(cast, "denis") as work:
            qualification.offer(work, BLOCKAGES, "panne", True)
            for code in codes(work, BLOCKAGES)[1:]:
                qualification.offer(work, BLOCKAGES, code, False)
            with pytest.raises(Conflict):
                qualification.offer(work, BLOCKAGES, codes(work, BLOCKAGES)[0], False)
        assert sum(one.is_offered for one in shown(cast, BLOCKAGES)) == 1

    def test_a_theme_no_longer_offered_stays_in_the_filters(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            qualification.offer(work, THEMES, "logement", False)
        with see(cast, "aline") as work:
            assert ("logement", "Logement") in reference.themes(work)

    def test_what_is_not_there(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            for gesture in (
                lambda: qualification.rename(work, THEMES, "apl", "Aide", seen="APL"),
                lambda: qualification.offer(work, THEMES, "", False),
                lambda: qualification.move(work, THEMES, "x", 1, seen=[]),
                lambda: qualification.route(work, THEMES, "apl", [], seen=[]),
                lambda: qualification.route(work, BLOCKAGES, "panne", [], seen=[]),
                lambda: lists.item(work, PROCEDURES, "logement"),
            ):
                with pytest.raises(NotFound):
                    gesture()


class TestRules:
    def test_the_next_case_is_proposed_accordingly(self, cast: Cast) -> None:
        caf, msa = cast.organizations["caf"], cast.organizations["msa"]
        cpam = cast.organizations["cpam"]
        with see(cast, "denis") as work:
            before, after = lists.would_propose(work, "logement", "apl", "02", {PROCEDURES: (cpam, msa)})
            same, _ = lists.would_propose(work, "logement", "apl", "02", {})
        assert [one.group for one in before] == [one.group for one in same] == [CAF, MSA]
        assert [one.group for one in after] == [CPAM, MSA, CAF]  # the theme still names the CAF
        with act(cast, "denis") as work:
            qualification.route(work, PROCEDURES, "apl", [cpam, msa], seen=[caf, msa])
        with see(cast, "aline") as work:
            found = routing.proposals(work, "logement", "02", "apl")
        assert tuple(found[:3]) == after
        assert found[0].is_first
        assert journal() == ["qualification.routed"]

    def test_none_leaves_it_to_the_theme(self, cast: Cast) -> None:
        caf, msa = cast.organizations["caf"], cast.organizations["msa"]
        with act(cast, "denis") as work:
            qualification.route(work, PROCEDURES, "apl", [], seen=[caf, msa])
            qualification.route(work, THEMES, "logement", [msa], seen=list(rules_of(work)))
        with see(cast, "aline") as work:
            assert routing.proposals(work, "logement", "02", "apl")[0].group == MSA
        assert {one.code: one.organizations for one in shown(cast)}["logement"] == ((msa, "MSA"),)

    def test_a_stale_order_writes_nothing(self, cast: Cast) -> None:
        caf, msa = cast.organizations["caf"], cast.organizations["msa"]
        for seen in ([msa, caf], [caf], []):
            with act(cast, "denis") as work, pytest.raises(Conflict):
                qualification.route(work, PROCEDURES, "apl", [msa], seen=seen)
        with see(cast, "denis") as work:
            assert routing.rules(work, "", "apl").procedure == (caf, msa)

    def test_what_is_no_rule(self, cast: Cast) -> None:
        caf, house = cast.organizations["caf"], cast.organizations["france_services"]
        many = [id_ for _, id_ in sorted(cast.organizations.items())][:13]
        for wanted in ([caf, caf], [house], [uuid4()], many):
            with act(cast, "denis") as work, pytest.raises(Invalid):
                qualification.route(work, PROCEDURES, "autre", wanted, seen=[])


def rules_of(work: Work) -> tuple[UUID, ...]:
    return routing.rules(work, "logement", "").theme


class TestGuidance:
    def test_written_and_read_by_the_aidant(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            old = note_of(work, CAF)
            guidance.note(work, cast.groups[CAF], "  Joignez\n la notification. ", seen=old)
            with pytest.raises(Conflict):
                guidance.note(work, cast.groups[CAF], "Autre chose.", seen=old)
        with see(cast, "aline") as work:
            assert routing.proposals(work, "logement", "02", "apl")[0].guidance == "Joignez la notification."

    def test_what_is_refused(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            seen = note_of(work, CAF)
            with pytest.raises(Invalid):
                guidance.note(work, cast.groups[CAF], "x" * 501, seen=seen)
            guidance.note(work, cast.groups[CAF], "x" * 500, seen=seen)
            for unknown in (uuid4(), cast.groups[GUISE]):
                with pytest.raises(NotFound):
                    guidance.note(work, unknown, "Rien.", seen="")


WITH_KEY = "2870702361042" + "52"
ALLOCATAIRE, NIR, FISCAL, TRAVAIL = KINDS


def numbers(cast: Cast, case_id: UUID) -> set[IdentifierKind]:
    with see(cast, "aline") as work:
        return {one.kind for one in views.case(work, case_id).identifiers if one.value}


def nir_on(cast: Cast, *organizations: str) -> None:
    with act(cast, "denis") as work:
        for code in organizations:
            asked_numbers.ask_nir(work, cast.organizations[code], asked_numbers.BASIS)


class TestNir:
    def test_on_with_its_legal_basis_who_and_when(self, cast: Cast) -> None:
        nir_on(cast, "cpam")
        with see(cast, "denis") as work:
            row = next(one for one in deployment.organizations(work) if one.short_name == "CPAM")
        assert (row.nir_basis, row.nir_by, row.nir_at) == (asked_numbers.BASIS, "Denis Moreau", NOW)
        assert journal() == ["organization.nir_asked"]

    @pytest.mark.parametrize("basis", ["", "oui", "x" * 301])
    def test_not_without_one(self, cast: Cast, basis: str) -> None:
        with act(cast, "denis") as work, pytest.raises(Invalid) as refused:
            asked_numbers.ask_nir(work, cast.organizations["cpam"], basis)
        assert set(refused.value.fields) == {"basis"}

    def test_nor_for_who_knows_people_otherwise(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            with pytest.raises(Conflict):
                asked_numbers.ask_nir(work, cast.organizations["caf"], asked_numbers.BASIS)
            for unknown in (uuid4(), cast.organizations["ccas"]):
                with pytest.raises(NotFound):
                    asked_numbers.ask_nir(work, unknown, asked_numbers.BASIS)

    def test_off_erases_what_nobody_else_may_be_given(self, cast: Cast) -> None:
        nir_on(cast, "cpam", "carsat")
        alone = sent_case(cast, (CPAM,), nir=WITH_KEY)
        both = sent_case(cast, (CPAM, CARSAT), nir=WITH_KEY, last_name="Autre")
        named = sent_case(cast, (CPAM,), ("carsat",), nir=WITH_KEY, last_name="Encore")
        other = sent_case(cast, (CARSAT, CAF), nir=WITH_KEY, allocataire="1234567", last_name="Tiers")
        kept_draft, begun = draft(cast, (CARSAT,), nir=WITH_KEY), draft(cast, (CPAM,), nir=WITH_KEY)
        assert numbers(cast, alone) == {NIR}
        with act(cast, "denis") as work:
            assert asked_numbers.concerned(work, cast.organizations["cpam"]) == 2
            assert asked_numbers.stop_nir(work, cast.organizations["cpam"]) == 2
            assert asked_numbers.stop_nir(work, cast.organizations["cpam"]) == 0
        assert numbers(cast, alone) == set()
        for case_id in (both, named):
            assert numbers(cast, case_id) == {NIR}
        assert numbers(cast, other) == {NIR, ALLOCATAIRE}
        with see(cast, "aline") as work:
            assert drafts.draft(work, begun).form["nir"] == ""
            assert drafts.draft(work, kept_draft).form["nir"] == WITH_KEY
        with see(cast, "basile") as work:
            assert views.case(work, both).identifiers == ()  # hidden from the one that may not ask
        sign(cast, begun)
        assert numbers(cast, send(cast, begun)) == set()

    def test_another_number_turns_the_nir_off(self, cast: Cast) -> None:
        nir_on(cast, "cpam")
        case_id = sent_case(cast, (CPAM,), nir=WITH_KEY)
        cpam = cast.organizations["cpam"]
        with act(cast, "denis") as work:
            with pytest.raises(Conflict):
                asked_numbers.know_by(work, cpam, IdentifierKind.FISCAL, seen=IdentifierKind.NONE)
            assert asked_numbers.know_by(work, cpam, NIR, seen=NIR) == 0
            assert asked_numbers.know_by(work, cpam, IdentifierKind.NONE, seen=NIR) == 1
            asked_numbers.know_by(work, cpam, NIR, seen=IdentifierKind.NONE)
            assert work.session.get_one(Organization, cpam).nir_basis == ""
        assert numbers(cast, case_id) == set()


class TestAttention:
    def test_what_needs_somebody(self, cast: Cast) -> None:
        with see(cast, "denis") as work:
            calm = deployment.attention(work)
        assert (calm.emptied, calm.emptied_total, calm.structures, calm.unruled) == ((), 0, (), ())
        assert {"ANAH", "OFPRA"} <= set(calm.uncovered)
        assert not {"CAF", "CPAM", "CARSAT"} & set(calm.uncovered)
        leave(cast, "camille", CARSAT)
        leave(cast, "chloe", LAON)
        with act(cast, "denis") as work:
            qualification.route(work, THEMES, "retraite", [], seen=routing.rules(work, "retraite", "").theme)
        with see(cast, "denis") as work:
            found = deployment.attention(work)
            emptied = deployment.groups(work, only_emptied=True)
        assert found.emptied == ((CARSAT, ("02",)),)
        assert found.structures == (LAON,)
        assert found.unruled == (("retraite", "Retraite"),)
        assert "CARSAT" in found.uncovered
        assert [one.name for one in emptied.shown] == [CARSAT]

    def test_groups_found_by_name_organisation_and_departement(self, cast: Cast) -> None:
        with see(cast, "denis") as work:
            whole = deployment.groups(work)
            assert (len(whole.shown), whole.total) == (8, 8)
            assert [one.name for one in deployment.groups(work, words="aisne caf").shown] == [CAF]
            assert [one.name for one in deployment.groups(work, organization="cpam").shown] == [CPAM]
            assert deployment.groups(work, departement="59").total == 0
            caf = deployment.group(work, cast.groups[CAF])
            assert (caf.agents, caf.departements, caf.is_open, caf.usual_days) == (2, ("02",), True, None)
            for unknown in (uuid4(), cast.groups[GUISE]):
                with pytest.raises(NotFound):
                    deployment.group(work, unknown)


def told_administrators() -> list[tuple[UUID | None, UUID | None]]:
    with reading(ByNobody()) as work:
        rows = work.session.scalars(select(Notice).where(col(Notice.kind) == NoticeKind.NOBODY_THERE))
        return [(row.account_id, row.group_id) for row in rows]


class TestNobodyThere:
    """When the last active agent of an open team leaves, administrators are told."""

    def administrator(self, cast: Cast) -> None:
        """Olivier becomes one too: nobody is told of their own act."""
        with acting(ByNobody(), at=NOW) as work:
            work.session.add(Scope(created_at=NOW, account_id=cast.olivier, kind=ScopeKind.ADMINISTRATOR))

    def test_by_leaving_the_group(self, cast: Cast) -> None:
        self.administrator(cast)
        caf = cast.groups[CAF]
        with act(cast, "denis") as work:
            people.remove_member(work, cast.bruno, caf)
        assert told_administrators() == []
        with act(cast, "marc") as work:
            people.remove_member(work, cast.marc, caf)
        assert sorted(told_administrators(), key=str) == sorted(
            [(cast.denis, caf), (cast.olivier, caf)], key=str
        )

    def test_a_structure_without_an_aidant(self, cast: Cast) -> None:
        self.administrator(cast)
        guise = cast.groups[GUISE]
        with act(cast, "denis") as work:
            people.remove_member(work, cast.adam, guise)
        assert told_administrators() == []
        with act(cast, "denis") as work:
            people.deactivate(work, cast.aline)
        assert told_administrators() == [(cast.olivier, guise)]

    def test_by_being_deactivated(self, cast: Cast) -> None:
        self.administrator(cast)
        join(cast, "camille", MSA, Side.AGENT)
        with act(cast, "denis") as work:
            people.deactivate(work, cast.camille)
            people.deactivate(work, cast.mathilde)
        assert sorted(told_administrators(), key=str) == sorted(
            [(cast.olivier, cast.groups[CARSAT]), (cast.olivier, cast.groups[MSA])], key=str
        )

    def test_again_when_it_happens_again_and_not_for_a_closed_one(self, cast: Cast) -> None:
        self.administrator(cast)
        carsat = cast.groups[CARSAT]
        for days in (0, 1):
            with act(cast, "denis", at=NOW + timedelta(days=days)) as work:
                people.remove_member(work, cast.camille, carsat)
            join(cast, "camille", CARSAT, Side.AGENT)
        assert told_administrators() == [(cast.olivier, carsat)] * 2
        with acting(ByNobody(), at=NOW) as work:
            work.session.get_one(Group, carsat).is_open = False
        with act(cast, "denis", at=NOW + timedelta(days=2)) as work:
            people.remove_member(work, cast.camille, carsat)
            people.remove_member(work, cast.aline, cast.groups[GUISE])
        assert len(told_administrators()) == 2
