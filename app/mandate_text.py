"""The words of the mandate: a versioned text, and the same text with this usager's case filled in.

French binds. The plain version (facile à lire) is what is shown large; the full text is one tap away.
Translations are shown beside it (``app.mandate_wordings`` reads them from their files). Each text that was used
is a row that never changes: triggers of the database refuse it.
Sources: art. 1984 to 2010 Code civil (mandate), art. 6 and 9 RGPD (what is shared, with whom, how long).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.deadlines import PARIS
from app.errors import Invalid
from app.mandate_document.evidence import sha256_as_kept
from app.mandate_wordings import BINDING, FaultyWording, Wording, binding, translations, wordings
from app.work import Work
from models.mandate import Mandate, MandateScope, MandateText
from models.organization import Group, Organization

LANGUAGE = BINDING
VERSION = binding().version
PUBLISHED_ON = binding().published_on
PLAIN = binding().plain
FULL = binding().full


@dataclass(frozen=True)
class Shown:
    """A mandate's text as shown to one usager, and the SHA-256 of exactly that (hexadecimal)."""

    plain: tuple[str, ...]
    full: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class Beside:
    """A translation as shown beside the French: the stored text it comes from, and what it says here."""

    language: str
    version: int
    text_sha256: str
    shown: Shown

    def as_proof(self) -> dict[str, Any]:
        """Return what the proof of a consent keeps of it."""
        return {
            "language": self.language, "version": self.version, "text": self.text_sha256,
            "shown": self.shown.sha256,
        }  # fmt: skip


def text_sha256(body: str, plain_body: str) -> str:
    """Return the SHA-256 of a version's text, plain version first, as UTF-8 joined by a form feed."""
    return hashlib.sha256(f"{plain_body}\f{body}".encode()).hexdigest()


def current(work: Work) -> MandateText:
    """Return the French text in use. Every file is written once, as a row, if it is not there yet.

    A file that no longer says what its row says raises ``FaultyWording``: what people have read cannot be
    changed, another wording is another version.
    """
    kept = _kept(work)
    for one in wordings():
        if (one.language, one.version) not in kept:
            kept[one.language, one.version] = _written(work, one)
        if kept[one.language, one.version].sha256 != text_sha256(one.full, one.plain):
            raise FaultyWording(
                f"app/mandate_texts/{one.language}-{one.version}.toml no longer says what was stored when it "
                "was first used. Put its texts back, and write the new ones in "
                f"{one.language}-{one.version + 1}.toml."
            )
    return kept[LANGUAGE, VERSION]


def _kept(work: Work) -> dict[tuple[str, int], MandateText]:
    return {(row.language, row.version): row for row in work.session.scalars(select(MandateText))}


def _written(work: Work, one: Wording) -> MandateText:
    row = MandateText(
        created_at=work.now, language=one.language, version=one.version, published_on=one.published_on,
        body=one.full, plain_body=one.plain, sha256=text_sha256(one.full, one.plain),
    )  # fmt: skip
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # somebody else's first mandate, at the same instant
        same = (col(MandateText.language) == one.language, col(MandateText.version) == one.version)
        return work.session.scalars(select(MandateText).where(*same)).one()
    return row


def fill(
    text: MandateText,
    *,
    usager: str,
    structure: str,
    organizations: tuple[tuple[str, str], ...],
    problem: str,
    until: str,
) -> Shown:
    """Return a version of the text with one usager's case in it. ``organizations`` are short and full
    names: the plain text says «CAF», the full one «Caisse d’allocations familiales (CAF)»."""
    words = {
        # What is typed cannot pass for our own emphasis.
        "usager": usager.replace("*", ""),
        "structure": structure,
        "probleme": problem,
        "terme": until,
    }
    short = ", ".join(name for name, _ in organizations)
    long = ", ".join(
        full_name if full_name == name else f"{full_name} ({name})" for name, full_name in organizations
    )
    plain = tuple(line.format(organismes=short, **words) for line in text.plain_body.splitlines())
    full = tuple(line.format(organismes=long, **words) for line in text.body.splitlines())
    shown = {"full": full, "language": text.language, "plain": plain, "text": text.sha256}
    return Shown(plain, full, sha256_as_kept(shown))


def beside(work: Work, mandate: Mandate, language: str) -> Beside:
    """Return a mandate in another language, as it is shown beside its French text; a language that is not
    offered for it is ``Invalid``."""
    for one, row in _translated(work, mandate):
        if one.language == language:
            return Beside(language, one.version, row.sha256, _filled(work, mandate, one, row))
    raise Invalid(language="Ce texte n’existe pas dans cette langue. Choisissez-en une autre.")


def offered(work: Work, mandate: Mandate) -> tuple[str, ...]:
    """Return the languages in which a mandate can be shown beside its French text: none when that text is not
    the one in use any more."""
    return tuple(one.language for one, _ in _translated(work, mandate))


def _translated(work: Work, mandate: Mandate) -> list[tuple[Wording, MandateText]]:
    kept = _kept(work)
    rows = ((one, kept.get((one.language, one.version))) for one in translations().values())
    french = work.session.get_one(MandateText, mandate.text_id)
    return [(one, row) for one, row in rows if row is not None] if french.version == VERSION else []


def _filled(work: Work, mandate: Mandate, one: Wording, row: MandateText) -> Shown:
    named = work.session.execute(
        select(col(Organization.short_name), col(Organization.full_name))
        .join(MandateScope, col(MandateScope.organization_id) == Organization.id)
        .where(col(MandateScope.mandate_id) == mandate.id)
        .order_by(col(Organization.short_name))
    )
    return fill(
        row,
        usager=str(mandate.holder["name"]),
        structure=work.session.get_one(Group, mandate.structure_id).name,
        organizations=tuple((short, full) for short, full in named),
        problem=one.theme(mandate.theme_label),
        until=one.day(mandate.expires_at.astimezone(PARIS).date()),
    )
