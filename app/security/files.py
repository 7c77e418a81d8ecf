"""The bytes of files: recognised by their content, kept on disk encrypted chunk by chunk.

Encryption is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015) over AES-256-GCM.
A file is a header — magic (4 bytes), key id (8), salt (16), nonce prefix (7) — and chunks of 64 KiB, each
with its tag (16 bytes). The nonce is prefix, number of the chunk (4 bytes) and whether it is the last (1);
header and file id are authenticated with each: cut, reordered, swapped or changed by a bit is refused.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filetype import match
from filetype.types import archive, image

from app.security.vault import Tampered, derive

CHUNK = 64 * 1024
_TAG = 16
_MAGIC = b"A+F1"
_HEADER, _KEY_ID, _SALT, _PREFIX = 35, slice(4, 12), slice(12, 28), slice(28, 35)
_UNFINISHED = ".part"


@dataclass(frozen=True)
class Written:
    """A file whose bytes are safe on disk: their number, their SHA-256, and the key (hexadecimal id)."""

    id: UUID
    size: int
    sha256: bytes
    key_id: str


class FileStore:
    """The files under ``root``. ``secret`` encrypts new ones; ``retired`` secrets still open old ones."""

    def __init__(self, root: Path, secret: bytes, *retired: bytes) -> None:
        self._root = root
        self._keys: dict[bytes, bytes] = {}
        for each in (*retired, secret):
            key = derive(each, "files")
            self._current = sha256(key).digest()[:8]
            self._keys[self._current] = key

    def writer(self, file_id: UUID) -> FileWriter:
        """Begin a file; nothing is in its place before ``finish``."""
        place = self._place(file_id)
        if not place.parent.is_dir():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_directory(self._root)
        header = _MAGIC + self._current + os.urandom(16) + os.urandom(7)
        # A key of its own for each file: random prefixes of 7 bytes would not do for millions under one key.
        key = derive(self._keys[self._current], header[_SALT].hex())
        return FileWriter(file_id, place, header, AESGCM(key), self._current.hex())

    def open(self, file_id: UUID) -> FileReader:
        """Open a file: ``FileNotFoundError`` if it is not there, ``Tampered`` if not sealed with our keys."""
        file = self._place(file_id).open("rb")
        try:
            header = file.read(_HEADER)
            key = self._keys.get(header[_KEY_ID])
            if len(header) < _HEADER or not header.startswith(_MAGIC) or key is None:
                raise Tampered("unknown header or key")
            return FileReader(file, header, file_id, AESGCM(derive(key, header[_SALT].hex())))
        except BaseException:
            file.close()
            raise

    def remove(self, file_id: UUID) -> None:
        """Erase a file, finished or not; one that is not there is no error."""
        for place in (self._place(file_id), self._place(file_id).with_suffix(_UNFINISHED)):
            place.unlink(missing_ok=True)

    def older_than(self, before: datetime) -> Iterator[UUID]:
        """Go through the files, finished or not, that were last written before an instant."""
        for path in self._root.glob("??/*"):
            if path.stat().st_mtime < before.timestamp():
                yield UUID(path.stem)

    def _place(self, file_id: UUID) -> Path:
        # The last digits of a UUIDv7 are random; the first are the date and would fill one directory.
        return self._root / file_id.hex[-2:] / str(file_id)


class FileWriter:
    """Encrypts a file as its bytes come, holding at most a chunk. Not for two threads at once."""

    def __init__(self, file_id: UUID, place: Path, header: bytes, key: AESGCM, key_id: str) -> None:
        self.id = file_id
        self.size = 0
        self._place, self._unfinished = place, place.with_suffix(_UNFINISHED)
        self._key, self._key_id, self._header, self._bound = key, key_id, header, header + file_id.bytes
        self._clear, self._number, self._hash = bytearray(), 0, sha256()
        self._file = os.fdopen(os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._file.write(header)

    def write(self, clear: bytes) -> None:
        """Take the next bytes, as many as there are."""
        self._hash.update(clear)
        self.size += len(clear)
        rest = memoryview(clear)
        while rest:
            if len(self._clear) == CHUNK:
                self._seal(is_last=False)
            room = CHUNK - len(self._clear)
            self._clear += rest[:room]
            rest = rest[room:]

    def finish(self) -> Written:
        """Write the last chunk and put the file in its place, safe from a cut of power from now on."""
        self._seal(is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._unfinished.replace(self._place)
        _sync_directory(self._place.parent)
        return Written(self.id, self.size, self._hash.digest(), self._key_id)

    def discard(self) -> None:
        """Leave nothing of a file that is not finished."""
        self._file.close()
        self._unfinished.unlink(missing_ok=True)

    def _seal(self, *, is_last: bool) -> None:
        nonce = _nonce(self._header, self._number, is_last)
        self._file.write(self._key.encrypt(nonce, bytes(self._clear), self._bound))
        self._clear.clear()
        self._number += 1


class FileReader:
    """Clear chunks of a file, in order, each checked before it is given; ``Tampered`` at the first fault.

    ``size`` is the number of clear bytes that the length on disk announces.
    """

    def __init__(self, file: BinaryIO, header: bytes, file_id: UUID, key: AESGCM) -> None:
        sealed = os.fstat(file.fileno()).st_size - _HEADER
        self.size = sealed - _TAG * -(-sealed // (CHUNK + _TAG))
        self._file, self._key, self._header, self._bound = file, key, header, header + file_id.bytes

    def __iter__(self) -> Iterator[bytes]:
        number, sealed = 0, self._file.read(CHUNK + _TAG)
        while True:
            following = self._file.read(CHUNK + _TAG)
            nonce = _nonce(self._header, number, not following)
            try:
                yield self._key.decrypt(nonce, sealed, self._bound)
            except InvalidTag as error:
                raise Tampered("changed, cut or moved") from error
            if not following:
                return
            number, sealed = number + 1, following

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _nonce(header: bytes, number: int, is_last: bool) -> bytes:
    return header[_PREFIX] + number.to_bytes(4, "big") + bytes([is_last])


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Kind(NamedTuple):
    """A kind of file that is accepted. The first extension is given to a file that has not a right one."""

    media_type: str
    extensions: tuple[str, ...]


_OOXML, _ODF = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
_BY_START = {
    kind.media_type: kind
    for kind in (
        Kind("application/pdf", ("pdf",)), Kind("image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
        Kind("image/png", ("png",)), Kind("image/webp", ("webp",)), Kind("image/gif", ("gif",)),
        Kind("image/tiff", ("tif", "tiff")), Kind("image/heic", ("heic", "heif")),
    )
}  # fmt: skip
_MATCHERS = (archive.Pdf(), image.Jpeg(), image.Png(), image.Webp(), image.Gif(), image.Tiff(), image.Heic())
_HEIC_BRANDS = (b"ftypheix", b"ftypheim", b"ftypheis", b"ftyphevc")  # those filetype leaves out
_BY_MEMBER = {
    b"word/": Kind(f"{_OOXML}wordprocessingml.document", ("docx",)),
    b"xl/": Kind(f"{_OOXML}spreadsheetml.sheet", ("xlsx",)),
    b"ppt/": Kind(f"{_OOXML}presentationml.presentation", ("pptx",)),
}
_BY_ODF = {
    b"text": Kind(f"{_ODF}text", ("odt",)),
    b"spreadsheet": Kind(f"{_ODF}spreadsheet", ("ods",)),
    b"presentation": Kind(f"{_ODF}presentation", ("odp",)),
}
_XLS = Kind("application/vnd.ms-excel", ("xls",))
_BY_STREAM = {
    name.encode("utf-16-le"): kind
    for name, kind in (
        ("WordDocument", Kind("application/msword", ("doc",))), ("Workbook", _XLS), ("Book", _XLS),
        ("PowerPoint Document", Kind("application/vnd.ms-powerpoint", ("ppt",))),
    )
}  # fmt: skip
_TEXT = Kind("text/plain", ("txt", "csv", "md", "log"))
KINDS = (*_BY_START.values(), *_BY_MEMBER.values(), *_BY_ODF.values(), *_BY_STREAM.values(), _TEXT)

_HEAD = 64 * 1024
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODF_START = re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.([a-z]+)PK", re.S)
_PACKAGE = re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/\.rels|docProps/)", re.S)
_MEMBER = re.compile(rb"PK\x03\x04.{26}(word/|xl/|ppt/)", re.S)
_STREAM = re.compile(b"|".join(_BY_STREAM))
_ENTRY = 128  # bytes of an entry of an old Office file's directory, and their alignment: MS-CFB 2.6.1
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_PROGRAM = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:#!|@echo|\{\\rtf|%!ps)", re.I)
_ACTIVE = re.compile(
    rb"<[!?]?\s{0,9}(?:doctype|html|head|body|script|svg|i?frame|object|embed|xml|php|meta|style|img|form)\b",
    re.I,
)


class Recogniser:
    """Says what a file is from its bytes, fed as they come; it keeps the first 64 KiB of them.

    A new Office file is told by the members of its zip, an old one by the streams of its directory, a text
    by being readable as UTF-8 or Windows-1252. Pages, scripts and programs are of no accepted kind.
    """

    def __init__(self) -> None:
        self._head, self._tail, self._seen = b"", b"", 0
        self._streams: list[Kind] = []
        self._is_text, self._is_utf8, self._is_cp1252 = True, True, True
        self._utf8 = codecs.getincrementaldecoder("utf-8")()

    def feed(self, clear: bytes) -> None:
        """Take the next bytes."""
        self._head += clear[: _HEAD - len(self._head)]
        window, start = self._tail + clear, self._seen - len(self._tail)
        self._tail, self._seen = window[-_ENTRY:], self._seen + len(clear)
        if self._head.startswith(_CFB):
            self._find_streams(window, start)
        elif self._is_text:
            self._is_text = not (_BINARY.search(clear) or _ACTIVE.search(window))
            self._is_cp1252 = self._is_cp1252 and not _NOT_CP1252.search(clear)
            try:
                self._utf8.decode(clear)
            except UnicodeDecodeError:
                self._is_utf8 = False

    @property
    def is_hopeless(self) -> bool:
        """Whether what came is already enough to say that the file is of no accepted kind."""
        return len(self._head) == _HEAD and not self._head.startswith(_CFB) and self.kind() is None

    def kind(self, extension: str = "") -> Kind | None:
        """Return what the file is, or nothing. ``extension`` decides only between what it holds at once."""
        head = self._head
        if head.startswith(_CFB):
            fitting = [kind for kind in self._streams if extension in kind.extensions]
            return next(iter(fitting or self._streams), None)
        if odf := _ODF_START.match(head):
            return _BY_ODF.get(odf[1])
        if _PACKAGE.match(head) or _MEMBER.match(head):
            member = _MEMBER.search(head) if _PACKAGE.search(head) else None
            return _BY_MEMBER[member[1]] if member else None
        if head[4:12] in _HEIC_BRANDS:
            return _BY_START["image/heic"]
        if (known := match(head, _MATCHERS)) and not (known.mime == "image/gif" and head[3:4] != b"8"):
            return _BY_START[known.mime]
        is_text = head and self._is_text and (self._is_utf8 or self._is_cp1252)
        return _TEXT if is_text and not _PROGRAM.match(head) else None

    def _find_streams(self, window: bytes, start: int) -> None:
        for found in _STREAM.finditer(window):
            entry = window[found.start() : found.start() + _ENTRY]
            # A name's length counts its final zero; an entry of type 2 is a stream.
            is_entry = entry[64:67] == (len(found[0]) + 2).to_bytes(2, "little") + b"\x02"
            if is_entry and (start + found.start()) % _ENTRY == 0:
                self._streams.append(_BY_STREAM[found[0]])
