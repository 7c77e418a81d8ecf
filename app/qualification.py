"""Editing what a case is qualified with: themes, blockages, procedures, and the organisations they lead to.

For administrators. Nothing that cases may use is ever deleted: it is no longer offered. ``seen`` is what the
page showed: when somebody else changed it meanwhile, nothing is written (domain, section 3, «Qualification»).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from app import typed
from app.access import require_administrator
from app.errors import Conflict, Invalid, NotFound
from app.journal import record
from app.personal_data import fold
from app.queries.qualification import RULED, TABLES, ClosedList, operators
from app.queries.routing import rules
from app.work import Work
from models.organization import ProcedureRule, RoutingRule

LONGEST_LABEL = 80
LONGEST_LIST = 60
MOST_ORGANIZATIONS = 12
_LONGEST_CODE = 24
_CHANGED = "Un autre administrateur a changé cela entre-temps. Rien n’a été changé : relisez, puis recommencez."


def add(work: Work, which: ClosedList, label: str) -> str:
    """Add a line at the end of a list; return its code, made from its label and never changed after."""
    rows = _rows(work, which)
    if len(rows) >= LONGEST_LIST:
        raise Invalid(label=f"Cette liste a déjà {LONGEST_LIST} lignes. Renommez-en une.")
    label = _label(label, rows)
    code = _code(label, {row.code for row in rows})
    last = max((row.position for row in rows), default=-1)
    work.session.add(TABLES[which](code=code, label=label, position=last + 1))
    record(work, "qualification.added", list=which, code=code)
    return code


def rename(work: Work, which: ClosedList, code: str, label: str, *, seen: str) -> None:
    """Call a line otherwise, in older cases too: it stays the same thing."""
    rows = _rows(work, which)
    row = _row(rows, code)
    if row.label != seen:
        raise Conflict(_CHANGED)
    row.label = _label(label, [one for one in rows if one.code != code])
    record(work, "qualification.renamed", list=which, code=code)


def move(work: Work, which: ClosedList, code: str, by: int, *, seen: Sequence[str]) -> None:
    """Move a line up (-1) or down (1) in its list; at an end it stays."""
    rows = _rows(work, which)
    row = _row(rows, code)
    if [one.code for one in rows] != list(seen):
        raise Conflict(_CHANGED)
    if by not in (-1, 1):
        raise Invalid(by="Une ligne monte ou descend d’une place.")
    at = rows.index(row)
    to = min(max(at + by, 0), len(rows) - 1)
    rows.insert(to, rows.pop(at))
    for position, one in enumerate(rows):
        one.position = position
    record(work, "qualification.moved", list=which, code=code)


def offer(work: Work, which: ClosedList, code: str, is_offered: bool) -> None:
    """Offer a line again to new cases, or no longer; older cases and drafts keep it. One at least stays."""
    rows = _rows(work, which)
    row = _row(rows, code)
    if row.is_offered is is_offered:
        return
    if not is_offered and sum(one.is_offered for one in rows) == 1:
        raise Conflict("C’est le dernier choix proposé de cette liste : proposez-en d’abord un autre.")
    row.is_offered = is_offered
    record(work, "qualification.offered" if is_offered else "qualification.withdrawn", list=which, code=code)


def route(
    work: Work, which: ClosedList, code: str, organization_ids: Sequence[UUID], *, seen: Sequence[UUID]
) -> None:
    """Choose the organisations that a theme or a procedure leads to, the likeliest first; none is allowed (a
    procedure then leaves it to the theme)."""
    _row(_rows(work, which), code)
    if which not in RULED:
        raise NotFound
    wanted = list(organization_ids)
    if len(set(wanted)) != len(wanted):
        raise Invalid(organization="Un organisme ne peut y être qu’une fois.")
    if len(wanted) > MOST_ORGANIZATIONS:
        raise Invalid(organization=f"Choisissez {MOST_ORGANIZATIONS} organismes au plus.")
    if not set(wanted) <= {id_ for id_, _ in operators(work)}:
        raise Invalid(organization="Choisissez des organismes de la liste.")
    is_theme = which is ClosedList.THEMES
    kept = rules(work, code, "").theme if is_theme else rules(work, "", code).procedure
    if kept != tuple(seen):
        raise Conflict(_CHANGED)
    old = (
        delete(RoutingRule).where(col(RoutingRule.theme_code) == code)
        if is_theme
        else delete(ProcedureRule).where(col(ProcedureRule.procedure_code) == code)
    )
    work.session.execute(old)
    work.session.add_all(
        RoutingRule(theme_code=code, organization_id=id_, rank=rank)
        if is_theme
        else ProcedureRule(procedure_code=code, organization_id=id_, rank=rank)
        for rank, id_ in enumerate(wanted)
    )
    record(work, "qualification.routed", list=which, code=code, count=len(wanted))


def _rows(work: Work, which: ClosedList) -> list[Any]:
    """Return a whole list in its order, held until the end of the transaction, to administrators."""
    require_administrator(work)
    table = TABLES[which]
    query = select(table).order_by(col(table.position), col(table.code)).with_for_update()
    return list(work.session.scalars(query))


def _row(rows: list[Any], code: str) -> Any:
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise NotFound
    return found


def _label(text: str, others: Sequence[Any]) -> str:
    """Return a label fit to be shown, which no other line of the list has."""
    label = typed.line(text, "label")
    if not label:
        raise Invalid(label="Écrivez le nom à proposer.")
    if len(label) > LONGEST_LABEL:
        raise Invalid(label=f"Ce nom est trop long : {LONGEST_LABEL} caractères au plus.")
    if fold(label) in {fold(one.label) for one in others}:
        raise Invalid(
            label="Ce nom est déjà dans la liste. Écrivez-en un autre, ou proposez de nouveau l’ancien."
        )
    return label


def _code(label: str, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:_LONGEST_CODE].strip("_") or "choix"
    code, number = plain, 2
    while code in taken:
        end = f"_{number}"
        code, number = plain[: _LONGEST_CODE - len(end)] + end, number + 1
    return code
