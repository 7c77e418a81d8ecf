"""The mandate that the structure already holds: the document is joined, its dates and scope are checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mandate_steps as steps
from app import typed
from app.deadlines import PARIS
from app.errors import Conflict, Invalid
from app.mandate_pages import look_again, rows_of
from app.mandate_steps import Giver
from app.personal_data import words
from app.policy import Action
from app.work import Work
from models.enums import ProofKind
from models.mandate import Mandate, MandateScope
from models.organization import Organization


def use_existing(
    work: Work, mandate_id: UUID, *, holder: str, signed_on: date | None, ends_on: date | None,
    covers: Iterable[UUID], pages: tuple[str, ...], has_read: bool, shown_sha256: str, giver: Giver,
) -> None:  # fmt: skip
    """Keep, as the person's consent, a document signed before: who signed it, when, until when, for whom.

    It must cover every organisation that this mandate names, be signed by today and not be over (days in
    Paris). The mandate ends with the document when that comes first. At least one page is stored
    (``MandatePage``); ``has_read`` says that the aidant has read them again, ``pages`` which (their SHA-256, in
    their order): all of them, as they are now (``Conflict``). Anything else refused is ``Invalid``.
    """
    mandate, _, _ = steps.load(work, mandate_id, Action.ANSWER_MANDATE)
    steps.expect_consent(work, mandate, shown_sha256)
    wrong = _check_holder(mandate, holder) | _check_dates(work, signed_on, ends_on)
    scope = _scope(work, mandate_id)
    wrong |= _check_scope(scope, covers)
    kept = tuple(row.sha256 for row in rows_of(work, mandate_id))
    if not kept:
        wrong["pages"] = "Joignez le document signé : sans lui, rien ne prouve l’accord."
    if has_read is not True:
        wrong["has_read"] = "Relisez le document, puis cochez cette ligne."
    try:
        giver.read()
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid(**wrong)
    if pages != kept:
        raise Conflict("Une page a changé depuis que vous l’avez relue. Relisez les pages.")
    assert signed_on is not None
    assert ends_on is not None
    look_again(work, mandate_id)
    mandate.expires_at = min(mandate.expires_at, end_of(ends_on))
    content: dict[str, Any] = {
        "pages": list(kept), "holder": typed.line(holder, "holder"),
        "signed_on": signed_on.isoformat(), "ends_on": ends_on.isoformat(),
        "covers": sorted(scope.values()), "reader": work.actor.name,
    }  # fmt: skip
    steps.keep_consent(work, mandate_id, shown_sha256, ProofKind.EXISTING, giver, content)


def end_of(day: date) -> datetime:
    """Return the instant at which a day ends in Paris, in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, PARIS).astimezone(UTC)


def _check_holder(mandate: Mandate, holder: str) -> dict[str, str]:
    """The same person, the civility and the order of the names being as they are."""
    name = sorted(words(typed.line(holder, "holder")))
    ours = words(str(mandate.holder["name"]))
    if len(name) >= 2 and any(name == sorted(ours[start:]) for start in range(len(ours) - 1)):
        return {}
    return {"holder": f"Le document doit être au nom de {mandate.holder['name']}."}


def _check_dates(work: Work, signed_on: date | None, ends_on: date | None) -> dict[str, str]:
    today = work.now.astimezone(PARIS).date()
    wrong: dict[str, str] = {}
    if not _is_day(signed_on):
        wrong["signed_on"] = "Écrivez la date de signature comme 03/07/2026."
    elif signed_on > today:  # type: ignore[operator]
        wrong["signed_on"] = "La date de signature est à venir. Relisez le document."
    if not _is_day(ends_on):
        wrong["ends_on"] = "Écrivez la date de fin comme 03/07/2027."
    elif ends_on < today:  # type: ignore[operator]
        wrong["ends_on"] = "Ce mandat est fini depuis cette date. Choisissez une autre façon."
    return wrong


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime) and 1900 <= value.year < 2200


def _scope(work: Work, mandate_id: UUID) -> dict[UUID, str]:
    query = (
        select(col(Organization.id), col(Organization.short_name))
        .join(MandateScope, col(MandateScope.organization_id) == Organization.id)
        .where(col(MandateScope.mandate_id) == mandate_id)
        .order_by(col(Organization.short_name))
    )
    return {id_: name for id_, name in work.session.execute(query)}  # noqa: C416 (rows are no pairs to mypy)


def _check_scope(scope: dict[UUID, str], covers: Iterable[UUID]) -> dict[str, str]:
    covered = frozenset(covers)
    if covered - set(scope):
        return {"covers": "Choisissez parmi les organismes de la demande."}
    missing = [name for id_, name in scope.items() if id_ not in covered]
    if not missing:
        return {}
    return {
        "covers": f"Le document ne couvre pas {', '.join(missing)}. "
        "Retirez de la demande ce qu’il ne couvre pas, ou choisissez une autre façon de donner l’accord."
    }
