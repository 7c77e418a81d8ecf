"""A table as a file that spreadsheets open: CSV as the French ones expect it, or XLSX.

What people typed is never run: a cell that a spreadsheet would take for a formula begins with an apostrophe,
and cells of an XLSX are written as texts. Both are made in memory: a temporary file would keep subjects in
clear.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import xlsxwriter

from app.deadlines import PARIS

Cell = str | datetime | None
# The first sign that counts, whatever blank or invisible one stands before it; full-width ones are read alike.
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]")
_WIDEST = 60  # characters


class FileKind(StrEnum):
    """The two files; the value is the end of their name."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """What the file is, for browsers."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Table:
    """Named columns and their cells: texts, and instants that are shown in Paris time."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def written(table: Table, kind: FileKind) -> bytes:
    """Return the table as a file."""
    return _csv(table) if kind is FileKind.CSV else _xlsx(table)


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _csv(table: Table) -> bytes:
    """UTF-8 with its mark, semicolons, every cell in quotes: no text can open another cell."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_said(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def _said(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.astimezone(PARIS).strftime("%d/%m/%Y %H:%M")
    return neutral(cell or "")


def _xlsx(table: Table) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(table.name)
    head, date = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, column, head)
        sheet.set_column(at, at, _width(table, at))
    for number, row in enumerate(table.rows, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, at, cell.astimezone(PARIS).replace(tzinfo=None), date)
            elif cell:
                sheet.write_string(number, at, neutral(cell))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    book.close()
    return file.getvalue()


def _width(table: Table, at: int) -> int:
    longest = max((len(_said(row[at])) for row in table.rows), default=0)
    return min(max(longest, len(table.columns[at])) + 2, _WIDEST)
