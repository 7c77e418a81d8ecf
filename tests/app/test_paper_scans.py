"""A hostile PDF is read in a process of its own: it inflates, hangs and dies there; nothing is left of it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from app import paper_scans, scan_reader
from app.errors import Invalid
from app.paper_images import prepare
from tests.app.papers import (
    acting_pdf,
    endless_page,
    inflating,
    inflating_objects,
    inflating_page,
    page_of,
    pdf_of,
    sheet,
    stream,
    telling_pdf,
)  # fmt: skip

BOMB = 3_000  # mebibytes
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits and /proc as Linux has them")


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    started: list[subprocess.Popen[bytes]] = []

    class Seen(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Seen)
    return started


def gone(readers: list[subprocess.Popen[bytes]]) -> bool:
    """Whether they ended, and were reaped: a zombie would still have its number."""
    for reader in readers:
        with pytest.raises(ProcessLookupError):
            os.kill(reader.pid, 0)
    return bool(readers)


def highest() -> int:
    """The most memory that this process ever had, in mebibytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_the_bombs_are_what_they_say() -> None:
    for start in (b"", b"1 0 <<>>"):
        assert zlib.decompress(inflating(start, 3)) == start + bytes(3 << 20)
    assert len(prepare(page_of(b"", stream(b"0 0 99 99 re f")))) == len(prepare(inflating_objects(1))) == 1


@on_linux
@pytest.mark.parametrize(("bomb", "keep"), [(inflating_page, False), (inflating_objects, True)])
def test_what_inflates_is_refused_and_the_service_does_not_feel_it(
    bomb: Any, keep: bool, monkeypatch: pytest.MonkeyPatch, readers: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(paper_scans, "MEMORY", 512 * 1024**2)  # sooner on a slow machine
    content = bomb(BOMB)
    assert len(content) < 4 * 1024**2
    before = highest()
    with pytest.raises(Invalid) as refused:
        prepare(content, keep_pdf=keep)
    assert refused.value.fields == {"file": paper_scans.UNREADABLE}
    assert highest() - before < 100
    assert gone(readers)


@pytest.mark.parametrize("limit", [pytest.param("SECONDS", marks=on_linux), "PATIENCE"])
def test_what_never_ends_is_ended(
    limit: str, monkeypatch: pytest.MonkeyPatch, readers: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(paper_scans, limit, 6)
    begun = time.monotonic()
    with pytest.raises(Invalid) as refused:
        prepare(endless_page())
    assert refused.value.fields == {"file": paper_scans.UNREADABLE}
    assert time.monotonic() - begun < 60
    assert gone(readers)


@on_linux
@pytest.mark.parametrize("what", ["bytes(400 << 20)", "while True: pass", "open('left', 'wb', 0).write(b'x')"])
def test_the_bounds_hold(what: str, tmp_path: Any) -> None:
    said = "import sys; sys.path.insert(0, sys.argv[1]); from app.scan_reader import bound; bound(300 << 20, 4)"
    command = [sys.executable, "-c", f"{said}\n{what}", str(Path(scan_reader.__file__).parent.parent)]
    done = subprocess.run(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
    assert done.returncode != 0
    assert not any(one.stat().st_size for one in tmp_path.iterdir())


def test_what_dies_or_says_something_else_is_refused(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, readers: list[subprocess.Popen[bytes]]
) -> None:
    content, reader = pdf_of(sheet()), tmp_path / "reader.py"
    monkeypatch.setattr(paper_scans, "_READER", reader)
    answers = (
        "", "Bonjour", "[]", "{}", '{"refused": "why"}', '{"size": 9}', '{"size": "9"}', '{"size": -1}',
        '{"pages": [[9, 9]]}', '{"pages": []}', '{"pages": [[100000, 100000]]}', '{"pages": [[-1, 2]]}',
        '{"pages": [[1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1]]}',
    )  # fmt: skip
    for answer in answers:
        reader.write_text(f"print({answer!r})")
        for keep in (True, False):
            with pytest.raises(Invalid):
                prepare(content, keep_pdf=keep)
    reader.write_text("import os; os.abort()")
    with pytest.raises(Invalid):
        prepare(content * 50)
    assert gone(readers)


def test_the_reader_knows_none_of_our_settings(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = tmp_path / "reader.py"
    reader.write_text(f"import os; open({str(tmp_path / 'seen')!r}, 'w').write(' '.join(os.environ))")
    monkeypatch.setattr(paper_scans, "_READER", reader)
    monkeypatch.setenv("APLUS_SECRET", "x")
    with pytest.raises(Invalid):
        prepare(pdf_of(sheet()))
    seen = (tmp_path / "seen").read_text().split()
    assert "PATH" in seen
    assert not [name for name in seen if name.startswith("APLUS_")]


def test_a_kept_pdf_tells_nothing_of_its_making_and_opens_nothing() -> None:
    content = telling_pdf()
    assert content.count(b"Marie Secrete") >= 6
    assert content.count(b"espion.example") >= 1
    (kept,) = prepare(content, keep_pdf=True)
    for word in (
        b"Secrete",
        b"espion",
        b"OpenAction",
        b"/AA",
        b"PieceInfo",
        b"Metadata",
        b"/Info",
        b"<x:xmpmeta",
    ):
        assert word not in kept.content, word
    assert kept == prepare(content, keep_pdf=True)[0]
    assert prepare(kept.content, keep_pdf=True)[0].content == kept.content
    with pikepdf.open(io.BytesIO(content)) as before, pikepdf.open(io.BytesIO(kept.content)) as after:
        pictures = [pdf.pages[0].obj.Resources.XObject["/image"].read_raw_bytes() for pdf in (before, after)]
        assert pictures[0] == pictures[1]
        assert "/Annots" in after.pages[0]
    assert prepare(content)[0].content == prepare(kept.content)[0].content


def test_one_signed_electronically_keeps_its_bytes_or_is_refused() -> None:
    content = telling_pdf(is_signed=True, opens="/GoTo")
    assert prepare(content, keep_pdf=True)[0].content == content
    with pytest.raises(Invalid) as refused:
        prepare(telling_pdf(is_signed=True), keep_pdf=True)
    assert refused.value.fields == {"file": paper_scans.ACTIVE}


@pytest.mark.parametrize(
    ("kind", "word"),
    [("script", "acts"), ("launch", "acts"), ("file", "acts"), ("locked", "locked"), ("", None)],
)
def test_the_reader_says_why(kind: str, word: str | None) -> None:
    head, _ = scan_reader.answer(acting_pdf(kind), "keep", 10, 0)
    assert head.get("refused") == word
