"""Files of a case: who may add, send, take back and download them, and what they are called."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app import attachments, messages
from app.attachments import MAX_FILES, Incoming, Received
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.security.files import FileStore
from app.work import ByNobody, acting, reading
from models.base import new_id
from models.enums import AttachmentStatus, Audience, Side
from models.journal import JournalEntry
from models.thread import Attachment
from tests.app import scenes
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
PDF = b"%PDF-1.7\n" + bytes(range(256))
STORED = Received(new_id(), "avis.pdf", "application/pdf", len(PDF), sha256(PDF).digest(), "0" * 16)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", b"a secret of the tests, of 32 bytes and more")


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    """A case sent to CAF and CPAM, with Aline as its author."""
    return scenes.sent_case(cast, (scenes.CAF, scenes.CPAM))


def add(cast: Cast, who: str, case_id: UUID) -> UUID:
    with scenes.act(cast, who) as work:
        return attachments.add(work, case_id, replace(STORED, id=new_id()))


def post(
    cast: Cast,
    who: str,
    case_id: UUID,
    *ids: UUID,
    audience: Audience = Audience.EVERYBODY,
    text: str = "Voici.",
) -> UUID:
    with scenes.act(cast, who) as work:
        return messages.post(work, case_id, text, key=new_id(), audience=audience, attachment_ids=ids)


def download(cast: Cast, who: str, attachment_id: UUID) -> attachments.Download:
    with scenes.act(cast, who) as work:
        return attachments.open_for_download(work, attachment_id)


def waiting(cast: Cast, who: str, case_id: UUID) -> list[UUID]:
    with scenes.see(cast, who) as work:
        return [file.id for file in attachments.pending(work, case_id)]


def row(attachment_id: UUID) -> Attachment:
    with reading(ByNobody()) as work:
        return work.session.get_one(Attachment, attachment_id)


def journaled(action: str) -> list[str]:
    with reading(ByNobody()) as work:
        query = select(col(JournalEntry.details)).where(col(JournalEntry.action) == action)
        return [details["file"] for details in work.session.scalars(query.order_by(col(JournalEntry.id)))]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("aline", None), ("adam", None), ("bruno", None), ("basile", None), ("marc", None), ("chloe", NotFound),
        ("mathilde", NotFound), ("colette", NotFound), ("olivier", NotFound), ("denis", NotFound),
    ],
)  # fmt: skip
def test_who_writes_in_a_case_may_add(
    cast: Cast, case_id: UUID, who: str, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        with scenes.see(cast, who) as work:
            attachments.may_add(work, case_id)
        assert waiting(cast, who, case_id) == [] != [added := add(cast, who, case_id)]
        assert waiting(cast, who, case_id) == [added]
        assert journaled("file.added") == [str(added)]
        return
    with pytest.raises(refusal), scenes.see(cast, who) as work:
        attachments.may_add(work, case_id)
    with pytest.raises(refusal):
        add(cast, who, case_id)
    with pytest.raises(refusal):
        waiting(cast, who, case_id)


def test_a_draft_takes_the_files_of_its_author_alone(cast: Cast) -> None:
    case_id = scenes.draft(cast)
    file_id = add(cast, "aline", case_id)
    assert waiting(cast, "aline", case_id) == [file_id]
    assert download(cast, "aline", file_id).id == file_id
    for who in ("adam", "bruno"):
        with pytest.raises(NotFound):
            add(cast, who, case_id)
        with pytest.raises(NotFound):
            download(cast, who, file_id)
    scenes.mandate(cast, case_id)
    scenes.send(cast, case_id)
    assert row(file_id).entry_id == scenes.entry_rows(case_id)[0].id
    assert download(cast, "bruno", file_id).name == "avis.pdf"


def test_files_for_a_note_ask_for_the_right_to_write_one(cast: Cast, case_id: UUID) -> None:
    with scenes.see(cast, "bruno") as work:
        attachments.may_add(work, case_id, operators_only=True)
    with pytest.raises(Forbidden), scenes.see(cast, "aline") as work:
        attachments.may_add(work, case_id, operators_only=True)


def test_nothing_is_added_to_a_closed_case(cast: Cast, case_id: UUID) -> None:
    scenes.close(cast, case_id)
    with pytest.raises(Conflict, match="clôturée"):
        add(cast, "aline", case_id)


def test_ten_files_wait_at_most(cast: Cast, case_id: UUID) -> None:
    ids = [add(cast, "aline", case_id) for _ in range(MAX_FILES)]
    with pytest.raises(Invalid, match="10\u00a0fichiers au plus"), scenes.see(cast, "aline") as work:
        attachments.may_add(work, case_id)
    with pytest.raises(Invalid, match="10\u00a0fichiers au plus"):
        add(cast, "aline", case_id)
    add(cast, "adam", case_id)  # each has their own ten
    add(cast, "aline", scenes.draft(cast, last_name="Autre"))
    post(cast, "aline", case_id, *ids)
    add(cast, "aline", case_id)


def test_taking_back_a_file_of_ones_own(cast: Cast, case_id: UUID) -> None:
    file_id = add(cast, "aline", case_id)
    for who in ("adam", "bruno", "chloe"):
        with pytest.raises(NotFound), scenes.act(cast, who) as work:
            attachments.remove(work, file_id)
    with scenes.act(cast, "aline") as work:
        attachments.remove(work, file_id)
    assert waiting(cast, "aline", case_id) == []
    assert journaled("file.removed") == [str(file_id)]
    lost = add(cast, "aline", case_id)
    scenes.leave(cast, "aline", scenes.GUISE)
    for each in (file_id, lost):
        with pytest.raises(NotFound), scenes.act(cast, "aline") as work:
            attachments.remove(work, each)


def test_what_is_sent_is_not_taken_back(cast: Cast, case_id: UUID) -> None:
    file_id = add(cast, "aline", case_id)
    post(cast, "aline", case_id, file_id)
    with pytest.raises(Conflict), scenes.act(cast, "aline") as work:
        attachments.remove(work, file_id)
    assert download(cast, "aline", file_id)


def test_a_message_leaves_with_its_files_even_without_words(cast: Cast, case_id: UUID) -> None:
    one, other, kept = (add(cast, "bruno", case_id) for _ in range(3))
    entry_id = post(cast, "bruno", case_id, one, other, one, text="")
    assert {row(each).entry_id for each in (one, other)} == {entry_id}
    assert {row(each).status for each in (one, other)} == {AttachmentStatus.AVAILABLE}
    assert waiting(cast, "bruno", case_id) == [kept]


def test_forged_files_are_refused_and_nothing_is_sent(cast: Cast, case_id: UUID) -> None:
    elsewhere = scenes.sent_case(cast, last_name="Autre")
    mine, sent = add(cast, "aline", case_id), add(cast, "aline", case_id)
    post(cast, "aline", case_id, sent)
    forged = {
        "unknown": new_id(), "somebody else's": add(cast, "adam", case_id),
        "of the other side": add(cast, "bruno", case_id), "of another case": add(cast, "aline", elsewhere),
        "already sent": sent, "not an id": str(mine), "not even that": {"id": 1}.__str__,
    }  # fmt: skip
    before = len(scenes.entry_rows(case_id))
    for name, file_id in forged.items():
        with pytest.raises(Invalid) as refused:
            post(cast, "aline", case_id, mine, file_id)  # type: ignore[arg-type]
        assert "attachments" in refused.value.fields, name
    with pytest.raises(Invalid, match="10\u00a0fichiers au plus"):
        post(cast, "aline", case_id, *(new_id() for _ in range(MAX_FILES + 1)))
    assert len(scenes.entry_rows(case_id)) == before
    assert waiting(cast, "aline", case_id) == [mine]
    assert row(sent).status is AttachmentStatus.AVAILABLE


def test_who_reads_the_message_downloads_its_file(cast: Cast) -> None:
    case_id = scenes.sent_case(cast, (scenes.CAF, scenes.CPAM), ("msa",))
    file_id = add(cast, "bruno", case_id)
    scenes.invite(cast, "bruno", case_id, "mathilde")
    for who in ("aline", "basile", "mathilde"):
        with pytest.raises(NotFound):
            download(cast, who, file_id)  # it is not sent yet
    assert download(cast, "bruno", file_id) == attachments.Download(
        "avis.pdf", "application/pdf", len(PDF), file_id
    )
    post(cast, "bruno", case_id, file_id)
    for who in ("aline", "adam", "basile", "mathilde"):
        assert download(cast, who, file_id).name == "avis.pdf"
    assert journaled("file.downloaded") == [str(file_id)] * 5
    for who in ("chloe", "camille", "colette", "olivier", "denis"):
        with pytest.raises(NotFound):
            download(cast, who, file_id)
    with pytest.raises(NotFound):
        download(cast, "aline", new_id())


def test_a_file_of_a_note_stays_between_agents(cast: Cast, case_id: UUID) -> None:
    file_id = add(cast, "bruno", case_id)
    post(cast, "bruno", case_id, file_id, audience=Audience.OPERATORS)
    assert download(cast, "basile", file_id)
    scenes.join(cast, "basile", scenes.GUISE, Side.AIDANT)  # on both sides, one reads as an aidant
    for who in ("aline", "adam", "basile"):
        with pytest.raises(NotFound):
            download(cast, who, file_id)
    scenes.close(cast, case_id)
    with pytest.raises(NotFound):
        download(cast, "aline", file_id)  # as before: its closing tells nothing of a note


def test_closing_a_case_ends_its_downloads(cast: Cast, case_id: UUID) -> None:
    file_id = add(cast, "aline", case_id)
    post(cast, "aline", case_id, file_id)
    scenes.close(cast, case_id)
    for who in ("aline", "bruno"):
        with pytest.raises(Conflict, match="clôturée"):
            download(cast, who, file_id)


def test_a_refused_file_is_not_given(cast: Cast, case_id: UUID) -> None:
    file_id = add(cast, "aline", case_id)
    post(cast, "aline", case_id, file_id)
    with acting(ByNobody()) as work:
        work.session.execute(update(Attachment).values(status=AttachmentStatus.REFUSED))
    with pytest.raises(Forbidden, match="refusé"):
        download(cast, "bruno", file_id)


def test_a_revoked_mandate_freezes_downloads(cast: Cast) -> None:
    case_id = scenes.draft(cast)
    mandate_id = scenes.mandate(cast, case_id)
    scenes.send(cast, case_id)
    file_id = add(cast, "aline", case_id)
    post(cast, "aline", case_id, file_id)
    scenes.revoke(cast, mandate_id)
    assert download(cast, "adam", file_id)
    with pytest.raises(Forbidden, match="mandat"):
        download(cast, "bruno", file_id)


def received(store: FileStore) -> Received:
    incoming = Incoming(store, "avis.pdf")
    incoming.write(PDF)
    return incoming.finish()


def test_the_sweep_takes_what_nobody_will_ask_for(cast: Cast, store: FileStore, tmp_path: Path) -> None:
    case_id, draft_id = scenes.sent_case(cast), scenes.draft(cast, last_name="Autre")

    def keep(case: UUID | None, days: float) -> UUID:
        file, at = received(store), NOW - timedelta(days=days)
        os.utime(next(tmp_path.rglob(str(file.id))), (at.timestamp(),) * 2)
        if case is not None:
            with scenes.act(cast, "aline", at) as work:
                attachments.add(work, case, file)
        return file.id

    sent, drafted, recent, forgotten = (
        keep(case, days) for case, days in ((case_id, 9), (draft_id, 9), (case_id, 1), (case_id, 3))
    )
    orphan, coming = keep(None, 3), keep(None, 1)
    post(cast, "aline", case_id, sent)

    def left() -> tuple[set[UUID], set[UUID]]:
        with acting(ByNobody(), at=NOW) as work:
            attachments.remove_orphans(work, store)
            rows = set(work.session.scalars(select(col(Attachment.id))))
        return rows, {UUID(path.name) for path in tmp_path.rglob("*") if path.is_file()}

    kept = {sent, drafted, recent}
    assert left() == (kept, kept | {coming, forgotten})
    assert left() == (kept, kept | {coming})
    assert orphan not in kept
    assert journaled("file.removed") == [str(forgotten)]
