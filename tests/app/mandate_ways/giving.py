"""Mandates given in each way, through the services; what left by SMS, read behind the outbox."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy import select
from sqlmodel import col

from app.mandate_pages import rows_of
from app.mandate_steps import Giver
from app.mandate_ways.existing import use_existing
from app.mandate_ways.sms_code import CodeAnswer, give_code, send_code
from app.mandate_ways.sms_reply import ask_by_sms
from app.mandate_ways.witness import DECLARATIONS, Spoken, keep_spoken
from app.work import ByNobody, Work, acting, reading
from models.mandate import MandatePage, MandateScope
from models.outbox import Outgoing
from tests.app.scenes import SIGNATURE, act, mandate_row
from tests.conftest import NOW, Cast

PHONE, E164 = "06 12 34 56 78", "+33612345678"
SPOKEN = Spoken(
    language="fr", reason="reading", first_name="Odile", last_name="Vasseur", quality="sa voisine",
    declared=frozenset(DECLARATIONS),
)  # fmt: skip


def sms(mandate_id: UUID) -> list[Outgoing]:
    """Return what was put into the outbox about a mandate, in order."""
    query = select(Outgoing).where(col(Outgoing.about_id) == mandate_id).order_by(col(Outgoing.id))
    with reading(ByNobody()) as work:
        return list(work.session.scalars(query))


def code_of(mandate_id: UUID) -> str:
    """Return the last code that left for a mandate."""
    texts = [str(one.content["text"]) for one in sms(mandate_id) if one.template == "mandate-code"]
    found = re.match(r"\d{6}", texts[-1])
    assert found is not None, texts
    return found[0]


def wrong_code(mandate_id: UUID) -> str:
    """Return a code that is not the one that left."""
    return f"{(int(code_of(mandate_id)) + 1) % 10**6:06}"


def send(cast: Cast, mandate_id: UUID, phone: str = PHONE, who: str = "aline", at: datetime = NOW) -> None:
    """Have a code sent."""
    with act(cast, who, at) as work:
        send_code(work, mandate_id, phone)


def give(
    cast: Cast, mandate_id: UUID, code: str, at: datetime = NOW, who: str = "aline", shown: str = ""
) -> CodeAnswer:
    """Type a code."""
    with act(cast, who, at) as work:
        return type_code(work, mandate_id, code, shown)


def type_code(work: Work, mandate_id: UUID, code: str, shown: str = "") -> CodeAnswer:
    """Type a code within a transaction."""
    shown = shown or mandate_row(mandate_id).shown_sha256
    return give_code(work, mandate_id, shown_sha256=shown, giver=Giver(), code=code)


def ask(cast: Cast, mandate_id: UUID, phone: str = PHONE, who: str = "aline", at: datetime = NOW) -> None:
    """Have the question sent."""
    with act(cast, who, at) as work:
        ask_by_sms(work, mandate_id, phone)


def speak(
    cast: Cast, mandate_id: UUID, spoken: Spoken = SPOKEN, who: str = "aline", at: datetime = NOW,
    drawing: object = SIGNATURE, name: str | None = None, shown: str = "",
) -> None:  # fmt: skip
    """Have a mandate given by word of mouth, the witness signing."""
    with act(cast, who, at) as work:
        shown = shown or mandate_row(mandate_id).shown_sha256
        keep_spoken(
            work, mandate_id, shown_sha256=shown, giver=Giver(), spoken=spoken, drawing=drawing,
            name=name,
        )  # fmt: skip


def page(mandate_id: UUID, position: int = 1) -> None:
    """Store a page, as its own room does."""
    picture = _picture()
    with acting(ByNobody(), at=NOW) as work:
        work.session.add(
            MandatePage(
                created_at=NOW, mandate_id=mandate_id, position=position, media_type="image/jpeg",
                content=picture, sha256=hashlib.sha256(picture).hexdigest(),
            )
        )  # fmt: skip


def _picture() -> bytes:
    """Return a page as small as can be: the document of an accepted mandate draws it."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "#ffffff").save(out, "JPEG")
    return out.getvalue()


def scope(mandate_id: UUID) -> frozenset[UUID]:
    """Return what a mandate names."""
    query = select(col(MandateScope.organization_id)).where(col(MandateScope.mandate_id) == mandate_id)
    with reading(ByNobody()) as work:
        return frozenset(work.session.scalars(query))


def hashes(mandate_id: UUID) -> tuple[str, ...]:
    """Return the SHA-256 of the pages that are stored, in their order."""
    with reading(ByNobody()) as work:
        return tuple(row.sha256 for row in rows_of(work, mandate_id))


def existing(cast: Cast, mandate_id: UUID, who: str = "aline", at: datetime = NOW, **said: Any) -> None:
    """Have a document used that was signed before; ``said`` replaces what is said of it."""
    with act(cast, who, at) as work:
        values: dict[str, Any] = {
            "holder": "Samira Kaddour", "signed_on": date(2026, 9, 1), "ends_on": date(2027, 9, 1),
            "covers": scope(mandate_id), "pages": hashes(mandate_id), "has_read": True,
            "giver": Giver(), "shown_sha256": mandate_row(mandate_id).shown_sha256,
        }  # fmt: skip
        use_existing(work, mandate_id, **{**values, **said})
