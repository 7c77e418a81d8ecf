"""E-mails about a mandate to the aidants of its structure."""

from __future__ import annotations

from app.config import settings
from app.outbox import put
from app.queries import people
from app.usager_words import Mail
from app.work import Work
from models.case import Case
from models.enums import CaseStatus, Channel
from models.mandate import Mandate


def write_to_aidants(work: Work, mandate: Mandate, case: Case, template: str, mail: Mail, key: str) -> bool:
    """Write to who raised the case, or to all the aidants of the structure once that one has left it; once for
    each ``key``. Return whether there was anybody to write to."""
    aidants = people.aidants_of_the_case(work, case)
    for account_id, email in aidants.items():
        put(
            work, Channel.MAIL, template, email, mail.text, dedupe_key=f"{key}:{account_id}", about=mandate.id,
            subject=mail.subject, html=mail.html,
        )  # fmt: skip
    return bool(aidants)


def address_of(case: Case) -> str:
    """Return where an aidant finds the case: a draft, where its mandate is asked for."""
    path = f"nouvelle?brouillon={case.id}&etape=5" if case.status is CaseStatus.DRAFT else str(case.id)
    return f"{settings().address}/demandes/{path}"
