"""An open case of the same person is pointed out, within one's structure only."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app.queries import drafts as views
from models.enums import Side
from tests.app.scenes import GUISE, LAON, close, draft, form, join, see, sent_case
from tests.conftest import NOW, Cast

pytestmark = [pytest.mark.every_engine, pytest.mark.usefixtures("database")]


class TestSameUsager:
    def same(self, cast: Cast, who: str = "aline", group: str = GUISE, **typed: object) -> list[UUID]:
        with see(cast, who) as work:
            found = views.same_usager(work, cast.groups[group], {**form(cast), **typed})
        return [line.case_id for line in found]

    def test_for_a_colleague_too(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        assert self.same(cast) == self.same(cast, "adam") == [case_id]

    def test_however_it_is_typed(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for typed in (
            {"last_name": "KADDOUR", "first_name": " samira "}, {"last_name": "Kàddoùr"}, {"born_on": "3.7.87"},
            {"civility": "none", "commune": "Laon", "phone": ""},
        ):  # fmt: skip
            assert self.same(cast, **typed) == [case_id], typed

    @pytest.mark.parametrize(("one", "other"), [("N’Diaye", "N'DIAYE"), ("Le Goff-Petit", "le goff petit")])
    def test_hyphens_and_apostrophes(self, cast: Cast, one: str, other: str) -> None:
        case_id = sent_case(cast, last_name=one)
        assert self.same(cast, last_name=other) == [case_id]

    def test_not_somebody_else_nor_too_early(self, cast: Cast) -> None:
        sent_case(cast)
        for typed in (
            {"last_name": "Kadour"}, {"first_name": "Sami"}, {"born_on": "04/07/1987"}, {"born_on": ""},
            {"theme": ""},
        ):  # fmt: skip
            assert self.same(cast, **typed) == [], typed

    def test_not_in_another_structure(self, cast: Cast) -> None:
        sent_case(cast)
        assert self.same(cast, "chloe", LAON) == []
        assert self.same(cast, "chloe", GUISE) == []
        assert self.same(cast, "bruno", GUISE) == []
        join(cast, "aline", LAON, Side.AIDANT)
        assert self.same(cast, "aline", LAON) == []

    def test_not_a_draft_nor_a_closed_case(self, cast: Cast) -> None:
        draft(cast)
        case_id = sent_case(cast)
        assert self.same(cast) == [case_id]
        close(cast, case_id)
        assert self.same(cast) == []

    def test_five_at_most_the_newest_first(self, cast: Cast) -> None:
        sent = [sent_case(cast, at=NOW + timedelta(hours=n)) for n in range(6)]
        assert self.same(cast) == sent[:0:-1]
