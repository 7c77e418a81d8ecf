"""What earlier cases spare from typing: only the structure's own, only for its Aidants+."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.communes import Commune
from app.queries import usagers
from app.queries.usagers import KnownUsager
from models.enums import Side
from tests.app.scenes import GUISE, LAON, close, draft, join, leave, see, sent_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")


def known(cast: Cast, who: str = "aline", group: str = GUISE, **typed: Any) -> tuple[KnownUsager, ...]:
    with see(cast, who) as work:
        return usagers.known(
            work, cast.groups[group], {"first_name": "Samira", "last_name": "Kaddour", **typed}
        )


class TestKnown:
    def test_all_that_was_said_of_a_person(self, cast: Cast) -> None:
        case_id = sent_case(cast, phone="0612345678", born_on="3 juil. 87")
        (found,) = known(cast, first_name="SAMIRA", last_name=" kàddour")
        assert (found.case_id, found.usager) == (case_id, "Mme\u00a0K.")
        assert found.about.replace("\u00a0", " ") == "née le 3 juillet 1987, Guise"
        assert found.form == {
            "first_name": "Samira", "last_name": "Kaddour", "civility": "mme", "born_on": "03/07/1987",
            "commune": "Guise", "departement": "02", "phone": "06 12 34 56 78",
        }  # fmt: skip

    def test_a_closed_case_and_a_colleagues_count(self, cast: Cast) -> None:
        close(cast, sent_case(cast))
        assert len(known(cast)) == len(known(cast, "adam")) == 1

    def test_a_draft_does_not(self, cast: Cast) -> None:
        draft(cast)
        assert known(cast) == ()

    def test_never_out_of_the_structure(self, cast: Cast) -> None:
        sent_case(cast)
        assert known(cast, "chloe", LAON) == known(cast, "chloe", GUISE) == ()
        assert known(cast, "bruno", GUISE) == known(cast, "denis", GUISE) == ()
        join(cast, "aline", LAON, Side.AIDANT)
        assert known(cast, "aline", LAON) == ()
        leave(cast, "aline", GUISE)
        assert known(cast, "aline", GUISE) == ()

    def test_only_for_a_whole_name(self, cast: Cast) -> None:
        sent_case(cast)
        for typed in (
            {"last_name": "Kad"}, {"first_name": "Sam"}, {"last_name": ""}, {"first_name": "S"},
            {"last_name": "%"}, {"last_name": "_addour"}, {"first_name": "Zoé"},
        ):  # fmt: skip
            assert known(cast, **typed) == (), typed

    def test_namesakes_are_told_apart_and_a_person_comes_once(self, cast: Cast) -> None:
        sent_case(cast, born_on="01/01/1950")
        for days in (1, 2):
            last = sent_case(cast, at=NOW + timedelta(days=days))
        found = known(cast)
        assert [one.form["born_on"] for one in found] == ["03/07/1987", "01/01/1950"]
        assert found[0].case_id == last


def test_communes_the_most_frequent_first(cast: Cast) -> None:
    for commune in ("Guise", "Hirson", "Hirson"):
        sent_case(cast, commune=commune)
    draft(cast, commune="Laon")
    with see(cast, "aline") as work:
        assert usagers.communes(work, cast.groups[GUISE]) == (Commune("Hirson", "02"), Commune("Guise", "02"))
    with see(cast, "chloe") as work:
        assert usagers.communes(work, cast.groups[GUISE]) == ()
