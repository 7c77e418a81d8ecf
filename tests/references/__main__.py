"""Renew the pictures of reference: ``uv run python -m tests.references``, or of some screens by their names.

Look at them before they are kept.
"""

from __future__ import annotations

import sys

from tests.references.compare import differing, keep, read
from tests.references.screens import PICTURES, SCREENS, SIZES, for_a_while, painter, pictures, prepared, said

LARGEST = 1_500_000  # bytes, all of them


def main(asked: list[str]) -> None:
    """Take the pictures; write those that changed, and take away those whose screen is gone."""
    PICTURES.mkdir(exist_ok=True)
    screens = [screen for screen in SCREENS if not asked or screen.name in asked]
    names = {f"{screen.name}-{size}.png" for screen in SCREENS for size in SIZES}
    with for_a_while() as folder, prepared(folder) as made, painter() as browser:
        for name, png in pictures(browser, made, screens):
            path, actual = PICTURES / f"{name}.png", read(png)
            if not path.exists() or differing(read(path.read_bytes()), actual):
                keep(actual, path)
                print(said(path))
    for path in PICTURES.glob("*.png"):
        if path.name not in names:
            path.unlink()
            print(f"{said(path)}: gone")
    kept = list(PICTURES.glob("*.png"))
    weight = sum(path.stat().st_size for path in kept)
    print(f"{len(kept)} pictures, {weight} bytes")
    if weight >= LARGEST:
        raise SystemExit(f"They weigh {weight} bytes; under {LARGEST} is wanted.")


if __name__ == "__main__":
    main(sys.argv[1:])
