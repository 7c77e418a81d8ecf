"""A list taken away as a table: what the list shows to this person, and nothing else.

Rows come from the list itself, with its filters, its order and its rights: initials of the usager, the state
of each organisation; no message, no note. Each export is journaled, by its filters alone: words that somebody
looked for may name an usager.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from app.config import settings
from app.french import NBSP, number
from app.journal import record
from app.queries import finding
from app.queries.lists import Filter, ReferralChip, Row
from app.spreadsheets import Cell, FileKind, Table
from app.work import Work
from models.organization import Theme

MOST = 10_000  # rows of one file
COLUMNS = (
    "Adresse", "Objet", "Usager", "Commune", "Thème", "État", "Urgente", "Organismes", "Échéance",
    "Transmise le", "Dernière activité",
)  # fmt: skip


def table(work: Work, shown: Filter, kind: FileKind) -> Table:
    """Return a list as a table, ``MOST`` rows at most: a last row says when it holds more."""
    rows, is_cut = finding.whole(work, shown, MOST)
    themes = {row[0]: row[1] for row in work.session.execute(select(col(Theme.code), col(Theme.label)))}
    lines = [_line(row, themes.get(row.theme, row.theme)) for row in rows]
    if is_cut:
        said = f"La liste est plus longue{NBSP}: ce fichier en donne les {number(MOST)} premières demandes."
        lines.append((said, *[None] * (len(COLUMNS) - 1)))
    record(
        work, "list.exported", view=shown.view.value, sort=shown.order.value, theme=shown.theme,
        organization=shown.organization, urgent=shown.urgent, words=bool(shown.words), kind=kind.value,
        rows=len(rows),
    )  # fmt: skip
    return Table("Demandes", COLUMNS, tuple(lines))


def _line(row: Row, theme: str) -> tuple[Cell, ...]:
    return (
        f"{settings().address}/demandes/{row.case_id}",
        row.subject,
        row.usager,
        row.commune,
        theme,
        row.status.label,
        "oui" if row.is_urgent else "non",
        ", ".join(_organization(chip) for chip in row.referrals),
        row.due_at,
        row.sent_at,
        row.activity_at,
    )


def _organization(chip: ReferralChip) -> str:
    """«CAF : en souffrance (Bruno C.)»."""
    state = chip.status.label
    if chip.is_late or chip.is_waiting:
        state = "en souffrance" if chip.is_late else "précision attendue"
    who = f" ({chip.assignee})" if chip.assignee else ""
    return f"{chip.organization}{NBSP}: {state}{who}"
