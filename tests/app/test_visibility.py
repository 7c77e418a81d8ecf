"""The scope of every list chooses exactly the cases that the table of rights lets be read, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, combinations, product
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlmodel import col

from app.lifecycle import mandate_holds
from app.policy import Action, Actor, may
from app.queries.visibility import case_facts, visible_cases
from app.work import ByAccount, ByNobody, Database, Work, acting, reading
from models.account import Account, Membership
from models.base import new_id
from models.case import Case, Participation
from models.enums import CaseStatus, MandateStatus, Party, Side
from models.mandate import Mandate, MandateText
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.every_engine

RECIPIENTS = ("CAF – Aisne", "CPAM – Aisne", "MSA Picardie – Aisne")
# Beside the cast: (group, side, is a responsable).
PLACES: dict[str, tuple[tuple[str, Side | None, bool], ...]] = {
    "deux": (("France Services de Guise", Side.AIDANT, False), ("CAF – Aisne", Side.AGENT, False)),
    "trois": (
        ("CCAS de Laon", Side.AIDANT, False), ("CPAM – Aisne", Side.AGENT, False),
        ("MSA Picardie – Aisne", Side.AGENT, True),
    ),
    "chef": (("France Services de Guise", None, True), ("CAF – Aisne", None, True)),
    "crossed": (("France Services de Guise", Side.AGENT, False), ("CAF – Aisne", Side.AIDANT, False)),
    "nowhere": (),
}  # fmt: skip


def every_case(cast: Cast, extra: dict[str, UUID]) -> Iterator[tuple[Case, list[Participation]]]:
    """Every combination of structure, author, state, recipients and guests, with the rows services make."""
    structures = {
        "France Services de Guise": (cast.aline, cast.adam, extra["deux"]),
        "CCAS de Laon": (cast.chloe, extra["trois"]),
    }
    groups = chain.from_iterable(combinations(RECIPIENTS, size) for size in range(4))
    guests = ((), (cast.camille,), (extra["deux"], cast.chloe, cast.colette), (cast.camille, extra["nowhere"]))
    authors = [(cast.groups[name], author) for name, known in structures.items() for author in known]
    for (structure, author), status, recipients, invited in product(authors, CaseStatus, groups, guests):
        case = Case(
            id=new_id(), created_at=NOW, author_id=author, structure_id=structure, status=status, subject="X",
            sent_at=None if status is CaseStatus.DRAFT else NOW,
            closed_at=NOW if status is CaseStatus.CLOSED else None,
        )  # fmt: skip
        holders = [(structure, Party.STRUCTURE, Side.AIDANT)]
        holders += [(cast.groups[name], Party.RECIPIENT, Side.AGENT) for name in recipients]
        holders += [(guest, Party.INVITED, Side.AGENT) for guest in invited]
        yield case, [
            Participation(
                case_id=case.id, holder_id=holder, party=party, side=side, activity_at=NOW,
                is_open=status is not CaseStatus.CLOSED,
            )
            for holder, party, side in holders
        ]  # fmt: skip


@pytest.fixture
def extra(database: Database, cast: Cast) -> dict[str, UUID]:
    """Add people who stand on both sides, on none, and on the wrong one."""
    with acting(ByNobody(), at=NOW) as work:
        ids: dict[str, UUID] = {}
        for name, places in PLACES.items():
            account = Account(
                id=new_id(), created_at=NOW, email=f"{name}@demo.example", first_name=name, last_name="X",
                password_hash="",
            )  # fmt: skip
            work.session.add(account)
            work.session.flush()
            ids[name] = account.id
            for group, side, is_manager in places:
                work.session.add(
                    Membership(
                        created_at=NOW, account_id=account.id, group_id=cast.groups[group], side=side,
                        is_manager=is_manager,
                    )
                )  # fmt: skip
    return ids


@pytest.fixture
def cases(extra: dict[str, UUID], cast: Cast) -> int:
    """Write every case, and return how many there are."""
    made = list(every_case(cast, extra))
    with acting(ByNobody(), at=NOW) as work:
        work.session.execute(insert(Case), [case.model_dump() for case, _ in made])
        places = [place.model_dump() for _, rows in made for place in rows]
        work.session.execute(insert(Participation), places)
    return len(made)


def actor_of(account_id: UUID) -> Actor:
    with reading(ByAccount(account_id)) as work:
        return work.actor


def test_lists_and_rights_choose_the_same_cases(cases: int, cast: Cast, extra: dict[str, UUID]) -> None:
    people = {name: value for name, value in vars(cast).items() if isinstance(value, UUID)} | extra
    actors = {name: actor_of(account_id) for name, account_id in people.items()}
    counts: dict[str, int] = {}
    with reading(ByNobody(), at=NOW) as work:
        facts = {case.id: case_facts(work, case) for case in work.session.scalars(select(Case))}
        assert len(facts) == cases
        for name, actor in actors.items():
            listed = set(work.session.scalars(select(col(Case.id)).where(visible_cases(actor))))
            allowed = {case_id for case_id, known in facts.items() if may(actor, Action.READ, known)}
            assert listed == allowed, name
            counts[name] = len(allowed)
    nothing = {"colette", "olivier", "denis", "chef", "crossed", "nowhere", "didier", "fatou"}
    assert {name for name, count in counts.items() if count == 0} >= nothing
    assert all(
        0 < counts[name] < cases for name in ("aline", "adam", "chloe", "bruno", "camille", "deux", "trois")
    )
    assert counts["aline"] > counts["bruno"] == counts["marc"]


def test_nobody_sees_nothing(cases: int) -> None:
    with reading(ByNobody(), at=NOW) as work:
        assert cases
        assert list(work.session.scalars(select(col(Case.id)).where(visible_cases(work.actor)))) == []


def test_a_draft_belongs_to_its_author_in_the_structure(cases: int, cast: Cast) -> None:
    with acting(ByAccount(cast.aline), at=NOW) as work:
        drafts = select(Case).where(visible_cases(work.actor), col(Case.status) == CaseStatus.DRAFT)
        assert {case.author_id for case in work.session.scalars(drafts)} == {cast.aline}
        place = select(Membership).where(col(Membership.account_id) == cast.aline)
        work.session.delete(work.session.scalars(place).one())
    with reading(ByAccount(cast.aline)) as work:
        assert list(work.session.scalars(select(col(Case.id)).where(visible_cases(work.actor)))) == []


@pytest.mark.parametrize("status", MandateStatus)
def test_the_mandate_in_force_is_that_of_the_table(
    database: Database, cast: Cast, status: MandateStatus
) -> None:
    expires = NOW + timedelta(days=30)
    with acting(ByAccount(cast.aline), at=NOW) as work:
        case = _with_mandate(work, cast, status)
        assert case.id is not None
    for moment in (NOW, expires - timedelta(microseconds=1), expires, expires + timedelta(days=1)):
        with reading(ByAccount(cast.aline), at=moment) as work:
            facts = case_facts(work, work.session.get_one(Case, case.id))
        assert facts.has_valid_mandate == mandate_holds(status, expires, moment)


def _with_mandate(work: Work, cast: Cast, status: MandateStatus) -> Case:
    structure = cast.groups["France Services de Guise"]
    case = Case(id=new_id(), created_at=NOW, author_id=cast.aline, structure_id=structure)
    text = MandateText(
        id=new_id(), created_at=NOW, language="xx", version=1, published_on=NOW.date(), body="", plain_body="",
        sha256="",
    )  # fmt: skip
    work.session.add_all([case, text])
    work.session.flush()
    work.session.add(
        Mandate(
            created_at=NOW, case_id=case.id, structure_id=structure, author_id=cast.aline, text_id=text.id,
            status=status, holder={}, theme_label="", shown_text={}, shown_sha256="", accepted_at=NOW,
            expires_at=NOW + timedelta(days=30),
        )
    )  # fmt: skip
    return case
