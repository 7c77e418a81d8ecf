"""A list as a file: its rows, its order, its rights, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import exports
from app.queries import lists
from app.queries.lists import Filter
from app.queries.order import Order
from app.queries.views import View
from app.spreadsheets import FileKind, Table, neutral, written
from app.work import ByNobody, reading
from models.enums import ReferralStatus
from models.journal import JournalEntry
from pages.components.states import referral_words
from tests.app.scenes import CAF, CPAM, act, close, note, say, see, sent_case, take
from tests.conftest import NOW, Cast

DAY = timedelta(days=1)
LATER = NOW + 6 * DAY

ATTACKS = (
    "=1+1", "+33 6 12", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u00a0=1", "\ufeff=1", "\u200b=1",
    "＝1+1", "＋1", "－1", "＠A1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x";"y")', "-1+1|cmd", "\ttext",
)  # fmt: skip
PLAIN = ("APL non versée", "1=1", "a-b", "", "'déjà", "l’aide", 'dit "oui"; =1', "12/03", "Saint-Quentin")


class TestFiles:
    @pytest.mark.parametrize("text", ATTACKS)
    def test_no_formula_comes_out(self, text: str) -> None:
        assert neutral(text) == f"'{text}"
        assert _csv_cells(text)[0].startswith("'")
        assert "f" not in _xlsx_tags(text)

    @pytest.mark.parametrize("text", PLAIN)
    def test_other_texts_stay_as_they_are(self, text: str) -> None:
        """Also one that holds the sign between two cells, and quotes: it opens no other cell."""
        assert neutral(text) == text
        assert _csv_cells(text) == [text, "après"]
        assert _xlsx_texts(text) == [text, "après"][not text :]

    def test_csv_is_what_french_spreadsheets_open(self) -> None:
        content = written(Table("T", ("Été", "Quand"), (("é", NOW),)), FileKind.CSV)
        assert content == '\ufeff"Été";"Quand"\r\n"é";"23/11/2026 10:30"\r\n'.encode()

    def test_an_xlsx_keeps_instants_as_dates(self) -> None:
        """In Paris: what sorts and filters in the spreadsheet."""
        sheet = _sheet(Table("T", ("Quand",), ((NOW,),)))
        days = (datetime(2026, 11, 23, 10, 30) - datetime(1899, 12, 30)) / DAY
        assert float(
            next(e.text or "" for e in sheet.iter() if e.tag.endswith("}v") and "." in (e.text or ""))
        ) == (pytest.approx(days))


def _csv_cells(text: str) -> list[str]:
    content = written(Table("T", ("a", "b"), ((text, "après"),)), FileKind.CSV).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1]


def _parts(table: Table) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(written(table, FileKind.XLSX))) as archive:
        return {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(("sheet1.xml", "sharedStrings.xml"))
        }


def _sheet(table: Table) -> ElementTree.Element:
    return _parts(table)["xl/worksheets/sheet1.xml"]


def _xlsx_tags(text: str) -> set[str]:
    return {one.tag.rpartition("}")[2] for one in _sheet(Table("T", ("a", "b"), ((text, "après"),))).iter()}


def _xlsx_texts(text: str) -> list[str]:
    strings = _parts(Table("T", ("a", "b"), ((text, "après"),)))["xl/sharedStrings.xml"]
    return [one.text or "" for one in strings.iter() if one.tag.endswith("}t")][2:]


@pytest.mark.usefixtures("database")
class TestLists:
    def test_a_file_gives_what_the_list_shows(self, cast: Cast) -> None:
        first = sent_case(cast, (CAF, CPAM), at=NOW, subject="=1+1 non versé")
        sent_case(cast, (CAF,), at=NOW + DAY, urgent="oui", urgency_reason="Expulsion")
        take(cast, "bruno", first, at=NOW + 2 * DAY)
        with act(cast, "aline", LATER) as work:
            for shown in (Filter(), Filter(sort=Order.DUE), Filter(urgent=True), Filter(View.CLOSED)):
                table = exports.table(work, shown, FileKind.CSV)
                assert [str(row[0])[-36:] for row in table.rows] == [
                    str(row.case_id) for row in lists.page(work, shown).rows
                ]
            (line,) = (
                row for row in exports.table(work, Filter(), FileKind.CSV).rows if row[1] == "=1+1 non versé"
            )
        assert len(line) == len(exports.COLUMNS)
        assert line[1:8] == (
            "=1+1 non versé", "Mme\u00a0K.", "Guise", "Logement", "En cours", "non",
            "CAF\u00a0: en cours (Bruno C.), CPAM\u00a0: en souffrance",
        )  # fmt: skip
        assert line[9:] == (NOW, NOW + 2 * DAY)

    def test_nothing_of_a_note_reaches_the_structure(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        with act(cast, "aline", LATER) as work:
            before = exports.table(work, Filter(), FileKind.CSV)
        note(cast, "bruno", case_id, "SECRET entre nous", at=NOW + DAY)
        with act(cast, "aline", LATER) as work:
            assert exports.table(work, Filter(), FileKind.CSV) == before
        with act(cast, "bruno", LATER) as work:
            assert "SECRET" not in repr(exports.table(work, Filter(), FileKind.CSV))

    def test_who_sees_no_list_takes_none_away(self, cast: Cast) -> None:
        sent_case(cast)
        for who in ("chloe", "denis", "colette", "olivier"):
            with act(cast, who) as work:
                assert exports.table(work, Filter(), FileKind.XLSX).rows == ()

    def test_it_is_journaled_by_its_filters_alone(self, cast: Cast) -> None:
        sent_case(cast)
        with act(cast, "aline") as work:
            exports.table(
                work, Filter(words="kaddour", theme="logement", sort=Order.SENT, here=True), FileKind.XLSX
            )
        with reading(ByNobody()) as work:
            query = select(JournalEntry).where(col(JournalEntry.action) == "list.exported")
            (told,) = work.session.scalars(query)
        assert (told.actor_id, told.case_id) == (cast.aline, None)
        assert told.details == {
            "view": "toutes", "sort": "transmission", "theme": "logement", "organization": "",
            "urgent": "False", "words": "True", "kind": "xlsx", "rows": "1",
        }  # fmt: skip

    def test_a_longer_list_is_cut_and_says_so(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exports, "MOST", 2)
        monkeypatch.setattr(lists, "_BATCH", 1)
        for n in range(3):
            sent_case(cast, at=NOW + n * DAY)
            with act(cast, "aline", LATER) as work:
                rows = exports.table(work, Filter(), FileKind.CSV).rows
            assert len(rows) == (1, 2, 3)[n]
        assert rows[-1][0] == "La liste est plus longue\u00a0: ce fichier en donne les 2 premières demandes."
        assert rows[-1][1:] == (None,) * 10

    @pytest.mark.every_engine
    def test_a_long_list_is_read_in_as_few_queries(self, cast: Cast) -> None:
        closed = sent_case(cast)
        close(cast, closed)
        say(cast, "aline", sent_case(cast, at=NOW + DAY), at=NOW + 2 * DAY)
        with see(cast, "aline", LATER) as work:
            for view in (View.OPEN, View.CLOSED):
                rows, is_cut = lists.whole(work, Filter(view), 10)
                assert (rows, is_cut) == (lists.page(work, Filter(view)).rows, False)


@pytest.mark.parametrize("status", ReferralStatus)
@pytest.mark.parametrize(("is_late", "is_waiting"), [(False, False), (True, False), (False, True)])
def test_states_are_said_as_in_the_list(status: ReferralStatus, is_late: bool, is_waiting: bool) -> None:
    chip = lists.ReferralChip("CAF", status, is_late, is_waiting, "", None)
    assert exports._organization(chip) == f"CAF\u00a0: {referral_words(status, is_late, is_waiting)[1]}"
