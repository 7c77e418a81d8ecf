"""Files on disk: whatever is done to their bytes is seen, and what a file is comes from its content alone."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from app.security.files import CHUNK, FileStore, Recogniser, Written
from app.security.vault import Tampered
from models.base import new_id

SECRET = b"the secret of today, 32 bytes or more"
OLD_SECRET = b"the secret of yesterday, 32 bytes or more"
HEADER, SEALED = 35, CHUNK + 16
MEGABYTE = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", SECRET)


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def pieces(content: bytes, piece: int) -> Iterable[bytes]:
    return (content[at : at + piece] for at in range(0, len(content), piece))


def keep(store: FileStore, clear: bytes, piece: int = 10_007) -> Written:
    writer = store.writer(new_id())
    for part in pieces(clear, piece):
        writer.write(part)
    return writer.finish()


def left_in(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def read(store: FileStore, file_id: UUID) -> bytes:
    with closing(store.open(file_id)) as reader:
        return b"".join(reader)


def on_disk(tmp_path: Path, file_id: UUID) -> Path:
    return next((tmp_path / "files").glob(f"??/{file_id}"))


@pytest.mark.parametrize("piece", [1_000, CHUNK, 10 * MEGABYTE])
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_what_is_kept_comes_back(store: FileStore, tmp_path: Path, size: int, piece: int) -> None:
    clear = noise(size)
    kept = keep(store, clear, piece)
    assert (kept.size, kept.sha256) == (size, sha256(clear).digest())
    with closing(store.open(kept.id)) as reader:
        assert reader.size == size
        assert [len(chunk) for chunk in reader][:-1] == [CHUNK] * ((size - 1) // CHUNK)
    assert read(store, kept.id) == clear
    assert size < 100 or clear[:50] not in on_disk(tmp_path, kept.id).read_bytes()


def flip(at: int) -> Callable[[bytes], bytes]:
    return lambda sealed: sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def chunks_of(sealed: bytes) -> list[bytes]:
    return [sealed[at : at + SEALED] for at in range(HEADER, len(sealed), SEALED)]


def in_order(*order: int) -> Callable[[bytes], bytes]:
    return lambda sealed: sealed[:HEADER] + b"".join(chunks_of(sealed)[at] for at in order)


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "magic": flip(1), "key id": flip(5), "salt": flip(15), "nonce prefix": flip(30), "first byte": flip(HEADER),
    "middle": flip(HEADER + SEALED + 100), "a tag": flip(HEADER + SEALED - 1),
    "last byte": flip(HEADER + 2 * SEALED + 1000 + 15),
    "one byte less": lambda sealed: sealed[:-1],
    "one byte more": lambda sealed: sealed + b"\0",
    "a tag's length more": lambda sealed: sealed + b"\0" * 16,
    "without its last chunk": in_order(0, 1), "first chunk only": in_order(0), "no chunk": in_order(),
    "half a header": lambda sealed: sealed[:20], "empty": lambda sealed: b"",
    "reordered": in_order(1, 0, 2), "last one first": in_order(2, 1, 0), "repeated": in_order(0, 0, 1, 2),
    "one missing in the middle": in_order(0, 2), "continued after its end": in_order(0, 1, 2, 2),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_changed_file_is_refused(store: FileStore, tmp_path: Path, fault: str) -> None:
    file_id = keep(store, noise(2 * CHUNK + 1000)).id
    path = on_disk(tmp_path, file_id)
    path.write_bytes(FAULTS[fault](path.read_bytes()))
    with pytest.raises(Tampered):
        read(store, file_id)


def test_a_file_cannot_take_the_place_of_another(store: FileStore, tmp_path: Path) -> None:
    one, other = keep(store, noise(3 * CHUNK, 1)).id, keep(store, noise(3 * CHUNK, 2)).id
    first, second = on_disk(tmp_path, one), on_disk(tmp_path, other)
    sealed = first.read_bytes()
    first.write_bytes(second.read_bytes())
    with pytest.raises(Tampered):
        read(store, one)
    chunks = [chunks_of(sealed)[0], chunks_of(second.read_bytes())[1], chunks_of(sealed)[2]]
    first.write_bytes(sealed[:HEADER] + b"".join(chunks))
    with pytest.raises(Tampered):
        read(store, one)


def test_no_chunk_is_given_before_it_is_checked(store: FileStore, tmp_path: Path) -> None:
    clear = noise(3 * CHUNK)
    file_id = keep(store, clear).id
    path = on_disk(tmp_path, file_id)
    path.write_bytes(flip(HEADER + SEALED + 5)(path.read_bytes()))
    given = []
    with pytest.raises(Tampered), closing(store.open(file_id)) as reader:
        for chunk in reader:
            given.append(chunk)
    assert given == [clear[:CHUNK]]


def test_the_same_bytes_never_look_alike(store: FileStore, tmp_path: Path) -> None:
    one, other = (on_disk(tmp_path, keep(store, b"\0" * CHUNK).id).read_bytes() for _ in range(2))
    assert not set(chunks_of(one)) & set(chunks_of(other))


def test_a_retired_secret_still_opens_what_it_sealed(tmp_path: Path) -> None:
    before = FileStore(tmp_path / "files", OLD_SECRET)
    old = keep(before, b"old")
    after = FileStore(tmp_path / "files", SECRET, OLD_SECRET)
    new = keep(after, b"new")
    assert old.key_id != new.key_id
    assert (read(after, old.id), read(after, new.id)) == (b"old", b"new")
    with pytest.raises(Tampered):
        read(FileStore(tmp_path / "files", SECRET), old.id)


def test_nothing_is_in_its_place_before_the_end(store: FileStore, tmp_path: Path) -> None:
    writer = store.writer(new_id())
    writer.write(noise(CHUNK * 2))
    with pytest.raises(FileNotFoundError):
        store.open(writer.id)
    writer.discard()
    writer.discard()
    assert left_in(tmp_path) == []


def test_files_are_for_the_service_alone(store: FileStore, tmp_path: Path) -> None:
    path = on_disk(tmp_path, keep(store, b"a").id)
    assert (path.stat().st_mode | path.parent.stat().st_mode) & 0o077 == 0


def test_removing(store: FileStore, tmp_path: Path) -> None:
    begun, kept = store.writer(new_id()), keep(store, b"a")
    for file_id in (begun.id, kept.id, kept.id):
        store.remove(file_id)
    assert left_in(tmp_path) == []
    begun.discard()


def test_old_files_are_found_finished_or_not(store: FileStore, tmp_path: Path) -> None:
    old, recent, unfinished = keep(store, b"a").id, keep(store, b"b").id, store.writer(new_id())
    now = datetime.now(UTC)
    for path in tmp_path.rglob("*"):
        if path.stem in (str(old), str(unfinished.id)):
            os.utime(path, ((now - timedelta(days=3)).timestamp(),) * 2)
    assert set(store.older_than(now - timedelta(days=2))) == {old, unfinished.id}
    unfinished.discard()
    store.remove(old)
    assert set(store.older_than(now + timedelta(days=1))) == {recent}


def packed(*names: str, mimetype: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        if mimetype:
            package.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            package.writestr(name, noise(3000))
    return made.getvalue()


def opendocument(kind: str) -> bytes:
    return packed("content.xml", mimetype=f"application/vnd.oasis.opendocument.{kind}")


def compound(*streams: str, before: int = 300_000, shift: int = 0, entry: int = 2) -> bytes:
    """An old Office file: header, ``before`` bytes of sectors, then the entries of its directory."""
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(name) + 2, 0, entry]) + bytes(61)
        for name in ("Root Entry", *streams)
    )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504 + before // 512 * 512 + shift) + entries + bytes(512)


PARTS = ("[Content_Types].xml", "_rels/.rels")
ACCEPTED: dict[str, tuple[bytes, str]] = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + noise(100), "pdf"),
    "jpeg": (b"\xff\xd8\xff\xe1\x00\x10Exif" + noise(100), "jpg"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise(100), "png"),
    "webp": (b"RIFF\x10\0\0\0WEBPVP8 " + noise(100), "webp"),
    "gif": (b"GIF89a" + noise(100), "gif"),
    "tiff": (b"II*\0\x08\0\0\0\0\0\0\0" + noise(100), "tif"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + noise(100), "heic"),
    "heic of a phone set to ten bits": (b"\0\0\0\x18ftypheix\0\0\0\0mif1heic" + noise(100), "heic"),
    "docx": (packed(*PARTS, "word/document.xml"), "docx"),
    "xlsx": (packed(*PARTS, "xl/workbook.xml"), "xlsx"),
    "xlsx as a library writes it": (
        packed("docProps/app.xml", "docProps/core.xml", "xl/theme/theme1.xml", *PARTS), "xlsx"),
    "pptx holding a sheet": (packed(*PARTS, "ppt/presentation.xml", "xl/workbook.xml"), "pptx"),
    "odt": (opendocument("text"), "odt"),
    "ods": (opendocument("spreadsheet"), "ods"),
    "odp": (opendocument("presentation"), "odp"),
    "doc": (compound("1Table", "WordDocument"), "doc"),
    "doc, directory first": (compound("WordDocument", before=0), "doc"),
    "xls": (compound("Workbook"), "xls"),
    "xls of 1995": (compound("Book"), "xls"),
    "ppt": (compound("Current User", "PowerPoint Document"), "ppt"),
    "text": ("Reçu le 3 mars : 1 234,50 €\r\n\tCAF < MSA & co\n".encode(), "txt"),
    "text of an old Windows": ("Reçu le 3 mars, payé 12 €".encode("cp1252"), "txt"),
    "text with a mark, and a sign whose bytes no Windows has": ("\ufeffNom; “Prénom”\n".encode(), "txt"),
    "long text": ("Été à Noël. ".encode() * 30_000, "txt"),
    "text that begins as an image does": (b"GIFT : un bon cadeau", "txt"),
}  # fmt: skip
REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "a program of Windows": b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + noise(5000),
    "a program of Linux": b"\x7fELF\x02\x01\x01" + bytes(200),
    "a page": b"<!DOCTYPE html><html><body>Bonjour</body></html>",
    "a page after a comment": b"<!-- rien -->\n<HTML>",
    "a script in a text": b"Bonjour\n" * 60_000 + b"<script>alert(1)</script>",
    "a script cut by a piece": b"Bonjour " * 1250 + b"Bonj<script >alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b"\xef\xbb\xbf<?xml version='1.0'?><a/>",
    "php": b"<?php echo 1;",
    "a shell script": b"#!/bin/sh\nrm -rf /\n",
    "a batch": b"@ECHO OFF\r\ndel *.*\r\n",
    "rtf": b"{\\rtf1\\ansi Bonjour}",
    "a plain zip": packed("facture.pdf", "word.txt"),
    "a zip that holds a folder named word": packed("word/virus.exe"),
    "a jar": packed("META-INF/MANIFEST.MF", "Main.class"),
    "a drawing of OpenDocument": opendocument("graphics"),
    "a template of OpenDocument": opendocument("text-template"),
    "an installer": compound("\u4840\u3b3f", "Property"),
    "a stream's name in a text, not in the directory": compound("WordDocument", shift=6),
    "a folder of that name, not a stream": compound("WordDocument", entry=1),
    "text in UTF-16": "Bonjour".encode("utf-16"),
    "bytes of no encoding": b"\x81\x8d\x8f Bonjour",
    "a film": b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + noise(100),
    "rar": b"Rar!\x1a\x07\x01\x00" + noise(100),
}


def recognised(content: bytes, piece: int, extension: str = "") -> str | None:
    recogniser = Recogniser()
    for part in pieces(content, piece):
        recogniser.feed(part)
    return kind.extensions[0] if (kind := recogniser.kind(extension)) else None


@pytest.mark.parametrize("piece", [997, 10_007, MEGABYTE])
@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_kinds(name: str, piece: int) -> None:
    content, extension = ACCEPTED[name]
    assert recognised(content, piece) == extension


@pytest.mark.parametrize("piece", [997, 10_007, MEGABYTE])
@pytest.mark.parametrize("name", REFUSED)
def test_refused_contents(name: str, piece: int) -> None:
    assert recognised(REFUSED[name], piece) is None


def test_the_name_decides_only_between_what_the_file_holds() -> None:
    letter_with_a_sheet = compound("Workbook", "WordDocument")
    assert recognised(letter_with_a_sheet, CHUNK, "doc") == "doc"
    assert recognised(letter_with_a_sheet, CHUNK, "pdf") == "xls"
    assert recognised(REFUSED["a program of Windows"], CHUNK, "pdf") is None


def test_a_hopeless_file_is_known_early() -> None:
    recogniser = Recogniser()
    recogniser.feed(b"MZ\x90\0" + noise(CHUNK))
    assert recogniser.is_hopeless
    letter = Recogniser()
    letter.feed(compound("WordDocument")[: 2 * CHUNK])
    assert not letter.is_hopeless
