"""The mandate given on paper: the sheet to print and sign, and the second look of the aidant at its pages,
which makes the consent. The pages themselves are kept by ``app.mandate_pages``."""

from __future__ import annotations

from uuid import UUID

from app import mandate_steps as steps
from app import typed
from app.as_typed import read_date
from app.deadlines import PARIS
from app.errors import Conflict, Invalid, NotFound
from app.journal import record
from app.mandate_document.to_sign import Sheet, render
from app.mandate_pages import look_again, rows_of, waiting
from app.mandate_papers import Paper
from app.mandate_steps import Giver
from app.queries.mandates import document
from app.references import reference
from app.work import Work
from models.enums import Capacity, MandateStatus, MandateWay, ProofKind

# What the aidant says to have seen on the paper, beside each page being legible.
CHECKS: dict[str, str] = {
    "reference": "La référence imprimée est celle de ce mandat.",
    "names": "Les noms et les organismes sont ceux du mandat.",
    "signature": "La signature de la personne est sur le papier.",
}


def sheet(work: Work, mandate_id: UUID, public_url: str) -> Paper:
    """Return the sheet to print and sign, to who handles a mandate that waits for its answer; journaled."""
    view = document(work, mandate_id)
    if not view.may_manage or view.status is not MandateStatus.PRESENTED or view.presented_at is None:
        raise NotFound
    record(work, "mandate.printed", view.case_id, mandate=mandate_id)
    made = render(
        Sheet(
            mandate_id=mandate_id, holder=view.holder, structure=view.structure, plain=view.plain_text,
            full=view.full_text, shown_sha256=view.shown_sha256, presented_at=view.presented_at,
            address=f"{public_url}/mandats/{mandate_id}/papier",
            capacities=tuple(one.label for one in Capacity),
        )
    )  # fmt: skip
    return Paper("mandat-a-signer.pdf", "application/pdf", made)


def confirm(
    work: Work, mandate_id: UUID, *, shown_sha256: str, giver: Giver, signed_on: str,
    pages: tuple[str, ...], checked: frozenset[str],
) -> None:  # fmt: skip
    """Keep the consent that the paper holds, after the second look.

    ``pages`` are the SHA-256 of the pages that were found legible, in their order: all of them, as they are
    now. ``checked`` holds every word of ``CHECKS``. ``signed_on`` is the date on the paper as it was typed:
    from the day the text was presented to today, in Paris.
    """
    mandate = waiting(work, mandate_id)
    if mandate.way is not MandateWay.PAPER:
        raise Conflict("Ce mandat ne se donne pas sur papier.")
    rows = rows_of(work, mandate_id)
    if not rows:
        raise Invalid(checks="Photographiez ou numérisez d’abord les pages signées.")
    kept = [row.sha256 for row in rows]
    if not set(pages) <= set(kept):
        raise Conflict("Une page a changé depuis que vous l’avez relue. Relisez les pages.")
    if list(pages) != kept or set(CHECKS) - checked:
        raise Invalid(
            checks="Cochez chaque ligne après l’avoir vérifiée. S’il manque quelque chose, reprenez la page."
        )
    assert mandate.presented_at is not None
    first, today = (at.astimezone(PARIS).date() for at in (mandate.presented_at, work.now))
    day = read_date(typed.line(signed_on, "signed_on"), today)
    if day is None:
        raise Invalid(signed_on="Écrivez la date qui est sur le papier, comme 03/07/2026.")
    if day > today:
        raise Invalid(signed_on="Cette date n’est pas encore venue. Vérifiez celle du papier.")
    if day < first:
        raise Invalid(
            signed_on="Le papier ne peut pas être signé avant que le texte soit présenté. Vérifiez la date."
        )
    look_again(work, mandate_id)
    content = {
        "pages": kept, "signed_on": day.isoformat(), "reference": reference(mandate_id),
        "checked": ["legible", *CHECKS],
    }  # fmt: skip
    steps.keep_consent(work, mandate_id, shown_sha256, ProofKind.PAPER, giver, content)
