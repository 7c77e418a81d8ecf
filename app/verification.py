"""What anybody may learn of a mandate by its code (domain, section 5): «en vigueur», «terminé» or «inconnu».

People who stand at a counter or in an organisation also see whose it is, by the initials. Each look is counted,
so that codes cannot be tried: by origin for who is not signed in, by account for who is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import or_, select
from sqlmodel import col

from app.errors import Invalid
from app.lifecycle import mandate_holds
from app.mandate_document.code import LENGTH, read_code
from app.policy import sees_whose_mandate
from app.queries.mandates import scope_names
from app.security.throttling import count_look, is_looking_throttled
from app.work import Work
from models.enums import MandateStatus
from models.mandate import Mandate, MandateDocument
from models.organization import Group


class State(Enum):
    """What a mandate is at this instant, to who only has its code."""

    IN_FORCE = "en vigueur"
    ENDED = "terminé"
    UNKNOWN = "inconnu"


class TooMany(Invalid):
    """Too many codes were looked at lately by this account or from there: even a right one must wait (429)."""

    def __init__(self) -> None:
        super().__init__(
            code="Trop de codes ont été essayés d’ici. Attendez un quart d’heure avant de recommencer."
        )


@dataclass(frozen=True)
class Found:
    """What a code leads to, at ``now``. All that follows the state is empty for who may not see it.

    ``is_same`` tells whether the hash of a file that was given is one of its document's, sealed or not;
    ``None`` when no file was given.
    """

    state: State
    now: datetime
    initials: str = ""
    structure: str = ""
    organizations: tuple[str, ...] = ()
    expires_at: datetime | None = None
    is_same: bool | None = None


def look(work: Work, typed: str, origin: str, file_sha256: str = "") -> Found:
    """Return what a code leads to, and count the look; ``origin`` is the network address. ``TooMany`` when it
    is one too many.

    Short codes are for people signed in, and a file is compared for them only. Whether the code is known or
    not, an anonymous look makes the same statements: one counts, one writes, one reads.
    """
    account = work.actor.account
    if is_looking_throttled(work, account, origin):
        raise TooMany
    count_look(work, account, origin)
    code = read_code(typed)
    if account is None:
        query = select(col(Mandate.status), col(Mandate.expires_at)).where(col(Mandate.code) == code)
        row = work.session.execute(query).one_or_none()
        if row is None or len(code) != LENGTH:
            return Found(State.UNKNOWN, work.now)
        return Found(_state(work, *row), work.now)
    is_it = or_(col(Mandate.code) == code, col(Mandate.short_code) == code)
    mandate = work.session.scalar(select(Mandate).where(is_it)) if code else None
    if mandate is None:
        return Found(State.UNKNOWN, work.now)
    return _found(work, mandate, file_sha256)


def _state(work: Work, status: MandateStatus, expires_at: datetime) -> State:
    return State.IN_FORCE if mandate_holds(status, expires_at, work.now) else State.ENDED


def _found(work: Work, mandate: Mandate, file_sha256: str) -> Found:
    state, is_same = _state(work, mandate.status, mandate.expires_at), None
    if file_sha256:
        hashes = select(col(MandateDocument.pdf_sha256), col(MandateDocument.sealed_sha256))
        kept = work.session.execute(hashes.where(col(MandateDocument.mandate_id) == mandate.id)).one_or_none()
        is_same = kept is not None and file_sha256 in tuple(kept)
    if not sees_whose_mandate(work.actor):
        return Found(state, work.now, is_same=is_same)
    return Found(
        state, work.now, initials_of(str(mandate.holder["name"])),
        work.session.get_one(Group, mandate.structure_id).name, scope_names(work, mandate.id),
        mandate.expires_at, is_same,
    )  # fmt: skip


def initials_of(name: str) -> str:
    """Return «S. K.» of «Mme Samira Kaddour»: one letter for each word, civility left out."""
    words = [word for word in name.replace("-", " ").split() if word not in ("M.", "Mme", "et")]
    return "\u00a0".join(f"{word[0].upper()}." for word in words)
