"""What people type is shown as text, wherever it stands; what is said is said in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.mentions import Mention
from app.queries.finding import Hit, Passage
from app.queries.lists import ReferralChip, Row
from app.queries.order import Order
from app.queries.thread import EntryView, FileLine
from models.enums import Audience, CaseStatus, EntryKind, EventKind, ReferralStatus
from pages.components.mandate_words import paragraphs
from pages.components.rows import row, rows
from pages.components.timeline import line, lines
from tests.conftest import NOW

EVIL = '"><img src=x onerror=alert(1)>'
ID = UUID(int=7)
CHIP = ReferralChip("CAF", ReferralStatus.SENT, False, False, "Bruno C.", NOW + timedelta(days=2))
ROW = Row(
    ID, "APL suspendue", "Mme K.", "Guise", CaseStatus.SENT, True, True, NOW, (CHIP,), "logement", NOW, "1",
    "02", NOW + timedelta(days=2),
)  # fmt: skip
ENTRY = EntryView(
    ID, 1, EntryKind.MESSAGE, Audience.EVERYBODY, None, ID, "Aline Lefèvre", "France Services de Guise",
    "Bonjour", "", NOW, (),
)  # fmt: skip


def test_the_time_left_counts_the_holidays_of_the_departement() -> None:
    """Good Friday is one in Moselle."""
    now, due = (datetime(2026, 4, day, 8, tzinfo=UTC) for day in (2, 7))
    for departement, left in (("02", 2), ("57", 1)):
        html = str(row(replace(ROW, departement=departement, due_at=due), "", now, Order.DUE))
        assert f"reste {left}\u00a0j" in html


def test_a_row_says_everything_in_words() -> None:
    html = str(row(ROW, "?vue=toutes", NOW))
    for words in (
        "Non lue",
        "APL suspendue",
        "Mme K.",
        "Guise",
        "CAF",
        "transmise",
        "Urgent",
        "Bruno C.",
        "reste",
    ):
        assert words in html
    assert f'href="/demandes/{ID}?vue=toutes"' in html


def test_a_case_that_was_found_says_where() -> None:
    found = Passage(ID, "Aline Lefèvre", NOW, True, (("le ", False), ("Versement", True), (EVIL, True)))
    hit = Hit((("APL ", False), ("suspendue", True)), (("Samira ", False), (EVIL, True)), found)
    html = str(row(ROW, "?vue=toutes", NOW, hit=hit))
    for words in (
        "APL <mark>suspendue</mark>", "le <mark>Versement</mark>", "Note de Aline Lefèvre", "Nom\u00a0: Samira",
        f'href="/demandes/{ID}?vue=toutes&amp;ligne={ID}"',
    ):  # fmt: skip
        assert words in html
    assert "<img" not in html


def test_a_late_organisation_is_not_hidden_by_another_s_answer() -> None:
    late = replace(CHIP, organization="CPAM", is_late=True, due_at=NOW - timedelta(hours=1))
    html = str(
        row(replace(ROW, referrals=(replace(CHIP, status=ReferralStatus.RESOLVED, due_at=None), late)), "", NOW)
    )
    assert "débloquée" in html
    assert "en souffrance" in html


def test_an_empty_list_says_what_to_do() -> None:
    assert "Rien ici" in str(rows([], "", NOW, "Rien ici"))


def test_texts_are_texts() -> None:
    file = FileLine(ID, EVIL, 12, EVIL)
    entry = replace(ENTRY, author=EVIL, group=EVIL, text=EVIL, files=(file,))
    event = replace(entry, kind=EntryKind.EVENT, event=EventKind.CLOSED, what=EVIL)
    found = "".join(map(str, lines((entry, event), "", NOW)))
    found += str(row(replace(ROW, subject=EVIL, usager=EVIL, commune=EVIL), "", NOW))
    found += str(paragraphs((f"**{EVIL}** {EVIL}",)))
    assert "<img" not in found
    assert "&lt;img" in found


def test_a_name_stands_out_in_a_text_that_stays_text() -> None:
    text = f"@Aline Lefèvre {EVIL} : oui"
    named = replace(ENTRY, text=text, mentions=(Mention(0, 14, (ID, UUID(int=9))),))
    html = str(line(named, "", NOW))
    assert f'<span class="mention" data-to="{ID} {UUID(int=9)}">@Aline Lefèvre</span> ' in html
    assert "&lt;img" in html
    assert "\u00a0: oui</p>" in html
    assert "mention" not in str(line(replace(named, mentions=()), "", NOW))


def test_days_are_apart_and_notes_are_labelled() -> None:
    note = replace(
        ENTRY, id=UUID(int=8), kind=EntryKind.NOTE, audience=Audience.OPERATORS, at=NOW + timedelta(days=1)
    )
    html = "".join(map(str, lines((ENTRY, note), "France Services de Guise", NOW + timedelta(days=1))))
    assert (
        html.index("Hier")
        < html.index("Bonjour")
        < html.index("Aujourd’hui")
        < html.index("Entre Agents+ seulement")
    )
