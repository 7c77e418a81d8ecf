"""The screen handed over: the aidant's session is the usager's of one mandate, until the aidant takes it back.

It is a lock, kept in the database with the session: whatever is asked with that session's cookie, from any
tab or without a browser, has the usager's right only (``app.actors``), and the door leads it to the mandate
(``pages.shell.held``). The aidant takes the screen back with a code shown before (after ``CODE_TRIES``
refusals it serves no more) or with their password, throttled like a sign-in. Other sessions of the account are
their own.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mandate_steps as steps
from app import mandate_text
from app.access import authorise
from app.errors import Conflict, Invalid, NotFound, SignedOut
from app.events import SessionHanded
from app.french import plural
from app.journal import record
from app.lifecycle import mandate_status
from app.mandate_text import Beside
from app.policy import Action
from app.security import passwords
from app.security.throttling import count_refusal, is_throttled
from app.work import ByNobody, Work, acting, reading
from models.account import Account, AuthSession
from models.enums import CaseStatus, MandateStatus, MandateWay
from models.mandate import Mandate
from models.organization import Group

CODE_LENGTH = 4  # digits; five tries of ten thousand
CODE_TRIES = 5
_CODE = re.compile(rf"[0-9]{{{CODE_LENGTH}}}")
_WRONG_PASSWORD = "Ce mot de passe ne convient pas. Vérifiez-le, puis réessayez."
_USED_UP = "Après cinq essais, le code ne sert plus. Appuyez sur «\u00a0Utiliser mon mot de passe\u00a0»."


@dataclass(frozen=True)
class Asked:
    """A mandate as the screen asks for an answer to it. ``languages`` are those it can be shown in beside the
    French, ``is_draft_case`` whether its case is still being written, ``is_handed`` whether the screen is
    in the usager's hands."""

    id: UUID
    case_id: UUID
    status: MandateStatus
    holder: str
    structure: str
    plain_text: tuple[str, ...]
    full_text: tuple[str, ...]
    shown_sha256: str
    languages: tuple[str, ...]
    way: MandateWay
    is_draft_case: bool
    is_handed: bool


def asked(work: Work, mandate_id: UUID) -> Asked:
    """Return a mandate to who may answer it: the aidants of its structure, and its usager. Nothing more of the
    case is in it."""
    mandate = _mandate(work, mandate_id)
    _, facts = authorise(work, mandate.case_id, Action.ANSWER_MANDATE)
    return Asked(
        id=mandate.id,
        case_id=mandate.case_id,
        status=mandate_status(mandate.status, mandate.expires_at, work.now),
        holder=str(mandate.holder["name"]),
        structure=work.session.get_one(Group, mandate.structure_id).name,
        plain_text=tuple(mandate.shown_text["plain"]),
        full_text=tuple(mandate.shown_text["full"]),
        shown_sha256=mandate.shown_sha256,
        languages=mandate_text.offered(work, mandate),
        way=mandate.way,
        is_draft_case=facts.status is CaseStatus.DRAFT,
        is_handed=work.actor.usager_of is not None,
    )


def asked_in(work: Work, mandate_id: UUID, language: str) -> Beside:
    """Return the mandate's text in another language, to who may answer it; one not offered is ``Invalid``."""
    mandate = _mandate(work, mandate_id)
    authorise(work, mandate.case_id, Action.ANSWER_MANDATE)
    return mandate_text.beside(work, mandate, language)


def hand_over(work: Work, session_id: UUID, mandate_id: UUID, code: str) -> None:
    """Give the screen of one's own session to the usager of a mandate that waits for an answer.

    From the end of this transaction on the session has their right only; its other pages leave. Only a
    fingerprint of ``code``, which the browser drew and the aidant has read, is kept.
    """
    mandate, _, _ = steps.load(work, mandate_id)
    status = mandate_status(mandate.status, mandate.expires_at, work.now)
    if status is not MandateStatus.PRESENTED:
        raise Conflict(f"Ce mandat est maintenant « {status.label} » : il n’attend plus de réponse.")
    if not _CODE.fullmatch(code):
        raise Invalid(code=f"Le code a {CODE_LENGTH}\u00a0chiffres.")
    row = _living(work, session_id)
    if row.account_id != work.actor.account:
        raise NotFound
    row.handed_mandate_id, row.handed_tries = mandate.id, 0
    row.handed_code = _fingerprint(work, session_id, code)
    record(work, "mandate.handed", mandate.case_id, mandate=mandate.id, session=session_id)
    work.signal(SessionHanded(session_id, mandate.id))


def take_back_by_code(session_id: UUID, code: str) -> None:
    """Take the screen back with the code shown before it was handed over; a wrong one is ``Invalid`` and costs
    a try. One that has come back already stays so."""
    code = "".join(code.split())
    refusal = ""
    with acting(
        ByNobody()
    ) as work:  # whoever holds the screen asks: what they know is all that tells them apart
        row = _living(work, session_id)
        if row.handed_mandate_id is None:
            return
        if row.handed_tries >= CODE_TRIES:
            refusal = _USED_UP
        elif _CODE.fullmatch(code) and hmac.compare_digest(
            row.handed_code or b"", _fingerprint(work, session_id, code)
        ):
            _release(work, row)
        else:
            row.handed_tries += 1
            record(work, "mandate.way_back_refused", mandate=row.handed_mandate_id, session=session_id)
            left = CODE_TRIES - row.handed_tries
            refusal = f"Ce code ne convient pas. Encore {plural(left, 'essai')}." if left else _USED_UP
    if refusal:
        raise Invalid(code=refusal)


def take_back_by_password(session_id: UUID, password: str, origin: str) -> None:
    """Take the screen back with the password of the account that signed in; a wrong one is ``Invalid``, counted
    as a sign-in is: for this screen and for ``origin`` (the network address). Not for the account: whoever
    holds the screen would keep the aidant out of every other.

    The password is verified between two transactions, so that nobody waits for argon2 to write.
    """
    screen = f"screen:{session_id.hex}"
    with reading(ByNobody()) as work:
        query = (
            select(col(Account.password_hash))
            .join(AuthSession, col(AuthSession.account_id) == Account.id)
            .where(col(AuthSession.id) == session_id, col(Account.is_active))
        )
        found = work.session.execute(query).one_or_none()
        if found is None:
            raise SignedOut
        kept = found[0]
        if is_throttled(work, screen, origin):
            raise Invalid(password=_WRONG_PASSWORD + " Après plusieurs essais, attendez un quart d’heure.")
    is_right = passwords.verify(kept, password)
    with acting(ByNobody()) as work:
        row = _living(work, session_id)
        if row.handed_mandate_id is None:
            return
        if is_right:
            _release(work, row)
        else:
            count_refusal(work, screen, origin)
            record(work, "session.refused", account=row.account_id)
    if not is_right:
        raise Invalid(password=_WRONG_PASSWORD)


def _release(work: Work, row: AuthSession) -> None:
    record(work, "mandate.handed_back", mandate=row.handed_mandate_id, session=row.id)
    row.handed_mandate_id, row.handed_code, row.handed_tries = None, None, 0
    work.signal(SessionHanded(row.id, None))


def _mandate(work: Work, mandate_id: UUID) -> Mandate:
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    return mandate


def _living(work: Work, session_id: UUID) -> AuthSession:
    """Return a session that lives, locked; one that has ended is ``SignedOut``."""
    query = select(AuthSession).where(
        col(AuthSession.id) == session_id,
        col(AuthSession.ended_at).is_(None),
        col(AuthSession.expires_at) > work.now,
    )
    row = work.session.scalar(query.with_for_update())
    if row is None:
        raise SignedOut
    return row


def _fingerprint(work: Work, session_id: UUID, code: str) -> bytes:
    return work.vault.fingerprint("handed.code", session_id.hex, code)
