"""README's picture, taken from the running service: ``uv run python -m tests.screenshot``.

A demonstration made for it, on a free port, its data thrown away; Aline's dashboard with a case open.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from app.demo.people import PASSWORD
from tests.browser import DESKTOP, ROOT, chromium_path, ready, serve

PICTURE = ROOT / "pages/public/dashboard.png"
LARGEST = 250_000
WHO = "aline@demo.example"
SUBJECT = "Droits C2S refusés sans explication"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def main() -> None:
    """Start a demonstration, take the picture, and refuse one too large for a README."""
    with (
        tempfile.TemporaryDirectory(prefix="aplus-picture-") as folder,
        serve(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page = chromium.new_page(viewport=DESKTOP, locale="fr-FR", timezone_id="Europe/Paris")
        picture = lighter(take(page, server.url))
        chromium.close()
    if len(picture) >= LARGEST:
        raise SystemExit(f"The picture weighs {len(picture)} bytes; under {LARGEST} is wanted.")
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture)} bytes")


def take(page: Page, url: str) -> bytes:
    """Sign in, open the case, and return the picture (PNG)."""
    page.goto(f"{url}/demandes")
    page.get_by_label("Adresse e-mail").fill(WHO)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/demandes*")
    ready(page)
    page.locator(".case-row", has_text=SUBJECT).click()
    expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible()
    page.mouse.move(0, 0)
    # That the case is read comes back from the service a moment later: the picture is of a page at rest.
    page.wait_for_timeout(1_500)
    return page.screenshot(animations="disabled", caret="hide")


def lighter(png: bytes) -> bytes:
    """Return the same picture without row filters, a fifth smaller: flat colours compress better raw."""
    kinds = dict.fromkeys(kind for kind, _ in _chunks(png))
    packed = zlib.decompress(b"".join(data for kind, data in _chunks(png) if kind == b"IDAT"))
    header = next(data for kind, data in _chunks(png) if kind == b"IHDR")
    width, height, depth, colours = struct.unpack(">IIBB", header[:10])
    if kinds.keys() - {b"IHDR", b"IDAT", b"IEND"} or depth != 8 or colours not in (2, 6):
        return png
    pixel = 3 if colours == 2 else 4
    length = width * pixel
    above, rows = bytes(length), bytearray()
    for start in range(0, height * (length + 1), length + 1):
        above = _plain(packed[start], packed[start + 1 : start + 1 + length], above, pixel)
        rows += b"\0" + above
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def _plain(kind: int, row: bytes, above: bytes, pixel: int) -> bytes:
    """Undo the filter of a row (PNG, section 9): none, left, up, average or Paeth."""
    plain = bytearray(row)
    for i in range(len(plain)):
        left, corner = (plain[i - pixel], above[i - pixel]) if i >= pixel else (0, 0)
        plain[i] = (plain[i] + _guess(kind, left, above[i], corner)) & 255
    return bytes(plain)


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind != 4:
        return (0, left, up, (left + up) // 2)[kind]
    near = left + up - corner
    return min((left, up, corner), key=lambda one: abs(near - one))


if __name__ == "__main__":
    main()
