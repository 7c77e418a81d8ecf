"""The files of a case: received, kept with the message they leave with, given back to who may have them.

Limits: 15 MB each, ten a message, kinds decided by content and never by name. Source: domain, section 12.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from app.access import authorise, require
from app.config import settings
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.french import NBSP
from app.journal import record
from app.policy import Action, CaseFacts, side_in
from app.security.files import KINDS, FileStore, Kind, Recogniser
from app.threads import readable_by
from app.work import Work
from models.base import new_id
from models.case import Case
from models.enums import AttachmentStatus, Audience, CaseStatus
from models.thread import Attachment, Entry

MAX_FILES = 10
MAX_NAME = 160
KEPT_UNSENT = timedelta(days=2)
_BATCH, _MEGABYTE = 500, 1024 * 1024
_ACCEPTED = (
    f"Ce fichier n’est pas d’un type accepté. Vous pouvez joindre{NBSP}: PDF, images (JPEG, PNG, WebP, GIF, "
    "TIFF, HEIC), documents Office (Word, Excel, PowerPoint) ou OpenDocument (texte, feuille de calcul, "
    "présentation) et texte simple."
)
TOO_MANY = f"Un message porte {MAX_FILES} fichiers au plus. Envoyez-le, ou retirez un fichier."
_GONE = "L’un des fichiers n’est plus disponible. Retirez-le, puis joignez-le à nouveau."
# Extensions that a computer runs or draws as a page: refused whatever the content.
_DANGEROUS = re.compile(
    "bat|cmd|com|cpl|dll|docm|dotm|exe|hta|jar|m?js|jse|lnk|mht|ms[ci]|php|pif|potm|pp[as]m|pptm|ps1|py|reg"
    "|sc[fr]|sh|[sx]?html?|svgz?|url|vb[es]?|ws[cfh]?|xht|xl[as]m|xltm|xml"
)
_KNOWN = frozenset(extension for kind in KINDS for extension in kind.extensions)


class TooLarge(Invalid):
    """More bytes than a file may have (413)."""


class WrongKind(Invalid):
    """A content, or a dangerous extension, that is not accepted (415)."""


@dataclass(frozen=True)
class Received:
    """A file whose bytes are kept and recognised, not registered in its case yet."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: bytes
    key_id: str


@dataclass(frozen=True)
class FileView:
    """A file as its uploader sees it before sending; ``size`` in bytes."""

    id: UUID
    name: str
    size: int
    media_type: str
    status: AttachmentStatus


@dataclass(frozen=True)
class Download:
    """A file that the actor may have now; its bytes are in the store under ``id``."""

    name: str
    media_type: str
    size: int
    id: UUID


class Incoming:
    """A file as it comes: counted, recognised and encrypted piece by piece. One call at a time.

    ``announced`` is the size it is said to have, 0 if none is. ``TooLarge`` and ``WrongKind`` are raised as
    soon as they are certain; then, and whenever the transfer stops short, ``discard`` leaves nothing of it.
    """

    def __init__(self, store: FileStore, name: str, announced: int = 0) -> None:
        self._limit = settings().max_file_bytes
        self._check_size(announced)
        self._name = _tidy(name)
        self._extension = self._name.rpartition(".")[2].lower()
        if _DANGEROUS.fullmatch(self._extension):
            raise WrongKind(attachments=_ACCEPTED)
        self._recogniser = Recogniser()
        self._writer = store.writer(new_id())

    def write(self, clear: bytes) -> None:
        """Take the next bytes."""
        self._check_size(self._writer.size + len(clear))
        self._recogniser.feed(clear)
        if self._recogniser.is_hopeless:
            raise WrongKind(attachments=_ACCEPTED)
        self._writer.write(clear)

    def finish(self) -> Received:
        """Say what the file is and put its bytes in the store."""
        if not self._writer.size:
            raise Invalid(attachments="Ce fichier est vide. Joignez-en un autre.")
        if (kind := self._recogniser.kind(self._extension)) is None:
            raise WrongKind(attachments=_ACCEPTED)
        kept = self._writer.finish()
        return Received(kept.id, _named(self._name, kind), kind.media_type, kept.size, kept.sha256, kept.key_id)

    def discard(self) -> None:
        """Leave nothing of a file that is not finished."""
        self._writer.discard()

    def _check_size(self, size: int) -> None:
        if size > self._limit:
            most = f"{self._limit // _MEGABYTE}{NBSP}Mo"
            raise TooLarge(attachments=f"Ce fichier dépasse {most}. Joignez un fichier plus léger.")


def may_add(work: Work, case_id: UUID, *, operators_only: bool = False) -> None:
    """Refuse a file that could not be added: no right to write there, or ten files waiting already.

    A draft takes its author's files. ``operators_only`` is for a note between agents.
    """
    case, facts = authorise(work, case_id, Action.READ)
    _require_room(work, case, facts, Action.WRITE_NOTES if operators_only else Action.WRITE)


def add(work: Work, case_id: UUID, stored: Received) -> UUID:
    """Register a received file, waiting for the message (or the draft) it will leave with; return its id."""
    case, facts = authorise(work, case_id, Action.READ, lock=True)
    _require_room(work, case, facts, Action.WRITE)
    work.session.add(
        Attachment(
            id=stored.id, created_at=work.now, case_id=case_id, uploader_id=work.actor.account_id,
            name=stored.name, media_type=stored.media_type, size=stored.size, sha256=stored.sha256,
            key_id=stored.key_id,
        )
    )  # fmt: skip
    record(work, "file.added", case_id, file=stored.id)
    work.session.flush()
    return stored.id


def remove(work: Work, attachment_id: UUID) -> None:
    """Take back a file of one's own that is not sent. The caller erases its bytes once this is committed."""
    attachment = _locked(work, [attachment_id]).get(attachment_id)
    if attachment is None or attachment.uploader_id != work.actor.account_id:
        raise NotFound
    authorise(work, attachment.case_id, Action.READ)
    if attachment.entry_id is not None:
        raise Conflict("Ce fichier est déjà parti avec un message : il ne peut plus être retiré.")
    work.session.delete(attachment)
    record(work, "file.removed", attachment.case_id, file=attachment_id)


def pending(work: Work, case_id: UUID) -> tuple[FileView, ...]:
    """Return the actor's own files that wait to be sent in this case, the oldest first."""
    authorise(work, case_id, Action.READ)
    query = (
        select(
            col(Attachment.id), col(Attachment.name), col(Attachment.size), col(Attachment.media_type),
            col(Attachment.status),
        )
        .where(*_waiting(work, case_id))
        .order_by(col(Attachment.created_at), col(Attachment.id))
    )  # fmt: skip
    return tuple(FileView(*row) for row in work.session.execute(query))


def claim(work: Work, case: Case, entry: Entry, attachment_ids: Iterable[UUID]) -> None:
    """Give the actor's own waiting files of this case to an entry of it; all of them, or ``Invalid``.

    The caller has checked the right to write the entry.
    """
    ids = list(dict.fromkeys(attachment_ids))
    if len(ids) > MAX_FILES:
        raise Invalid(attachments=TOO_MANY)
    if not all(isinstance(each, UUID) for each in ids):
        raise Invalid(attachments=_GONE)
    found, waiting = _locked(work, ids) if ids else {}, AttachmentStatus.PENDING
    for each in ids:
        file = found.get(each)
        facts = file and (file.uploader_id, file.case_id, file.entry_id, file.status)
        if file is None or facts != (work.actor.account_id, case.id, None, waiting):
            raise Invalid(attachments=_GONE)
        file.entry_id, file.status = entry.id, AttachmentStatus.AVAILABLE


def open_for_download(work: Work, attachment_id: UUID) -> Download:
    """Return what the actor may download, and write in the journal that they did.

    A file of a note is for who reads notes, one that waits for its uploader alone: others get ``NotFound``.
    """
    attachment = work.session.get(Attachment, attachment_id)
    if attachment is None:
        raise NotFound
    _, facts = authorise(work, attachment.case_id, Action.READ)
    if attachment.entry_id is not None:
        _require_reader(work, facts, work.session.get_one(Entry, attachment.entry_id).audience)
    elif attachment.uploader_id != work.actor.account_id:
        raise NotFound
    require(work, Action.DOWNLOAD, facts)
    if attachment.status is AttachmentStatus.REFUSED:
        raise Forbidden("Ce fichier a été refusé : il ne peut pas être téléchargé.")
    record(work, "file.downloaded", attachment.case_id, file=attachment_id)
    return Download(attachment.name, attachment.media_type, attachment.size, attachment_id)


def remove_orphans(work: Work, store: FileStore) -> int:
    """Erase what nobody will ask for any more, two days old; return how many rows and files.

    Bytes without a row go; so do the rows of files never sent, whose bytes the next sweep takes (rows first,
    so that a transaction undone loses nothing). A draft keeps its files for as long as it is one.
    """
    before = work.now - KEPT_UNSENT
    on_disk, removed = store.older_than(before), 0
    while batch := list(islice(on_disk, _BATCH)):
        known = set(work.session.scalars(select(col(Attachment.id)).where(col(Attachment.id).in_(batch))))
        for orphan in set(batch) - known:
            store.remove(orphan)
            removed += 1
    unsent = (
        select(Attachment)
        .join(Case, col(Case.id) == col(Attachment.case_id))
        .where(col(Attachment.entry_id).is_(None), col(Attachment.created_at) < before)
        .where(col(Case.status) != CaseStatus.DRAFT)
        .with_for_update(of=Attachment, skip_locked=True)
    )
    for attachment in work.session.scalars(unsent).all():
        record(work, "file.removed", attachment.case_id, file=attachment.id)
        work.session.delete(attachment)
        removed += 1
    return removed


def _require_room(work: Work, case: Case, facts: CaseFacts, action: Action) -> None:
    if case.status is not CaseStatus.DRAFT:  # a draft that is read is the actor's own
        require(work, action, facts)
    query = select(func.count()).select_from(Attachment).where(*_waiting(work, case.id))
    if (work.session.scalar(query) or 0) >= MAX_FILES:
        raise Invalid(attachments=TOO_MANY)


def _require_reader(work: Work, facts: CaseFacts, audience: Audience) -> None:
    # Answered as unknown: that a note exists is already part of what it says.
    if audience not in readable_by(side_in(work.actor, facts)):
        raise NotFound
    if audience is Audience.OPERATORS:
        require(work, Action.READ_NOTES, facts)


def _waiting(work: Work, case_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Attachment.case_id) == case_id,
        col(Attachment.uploader_id) == work.actor.account_id,
        col(Attachment.entry_id).is_(None),
        col(Attachment.status) == AttachmentStatus.PENDING,
    )


def _locked(work: Work, ids: list[UUID]) -> dict[UUID, Attachment]:
    query = select(Attachment).where(col(Attachment.id).in_(ids)).order_by(col(Attachment.id))
    query = query.with_for_update().execution_options(populate_existing=True)
    return {attachment.id: attachment for attachment in work.session.scalars(query)}


def _tidy(name: str) -> str:
    """Return the last part of a name, without what cannot be seen (control and direction characters)."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = (" " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(seen).split()).rstrip(". ")


def _named(name: str, kind: Kind) -> str:
    """Return a tidy name with an extension that says the truth, 160 characters at most."""
    stem, dot, extension = name.rpartition(".")
    right = extension if extension.lower() in kind.extensions else kind.extensions[0]
    if not dot or extension.lower() not in _KNOWN:
        stem = name
    stem = stem[: MAX_NAME - len(right) - 1].strip(". ") or "fichier"
    return f"{stem}.{right}"
