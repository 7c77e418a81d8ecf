"""A drawn signature: checked strokes, and the image made from them, so that the two cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.errors import Invalid

MAX_STROKES = 200
MAX_POINTS = 6_000
MAX_SIDE = 4_000
_SENTENCE = "La signature n’a pas pu être lue. Effacez-la, puis signez à nouveau."


@dataclass(frozen=True)
class Drawing:
    """Strokes of ``(x, y, milliseconds)`` in pixels of a box ``width`` × ``height``."""

    width: int
    height: int
    strokes: tuple[tuple[tuple[int, int, int], ...], ...]

    def svg(self) -> str:
        """Return the signature as an SVG image: lines only, no text, nothing that can run."""
        paths = "".join(
            '<path d="M'
            + "L".join(f"{x} {y}" for x, y, _ in (stroke if len(stroke) > 1 else stroke * 2))
            + '"/>'
            for stroke in self.strokes
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" fill="none" '
            'stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">'
            f"{paths}</svg>"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the drawing as kept in the proof."""
        return {
            "width": self.width,
            "height": self.height,
            "strokes": [[list(point) for point in stroke] for stroke in self.strokes],
        }


def read_drawing(value: object) -> Drawing:
    """Return what a browser drew, or refuse it (``Invalid``): nothing drawn, too much, or no numbers.

    A browser can send anything; only whole numbers within the box come through.
    """
    if not isinstance(value, dict):
        raise Invalid(signature=_SENTENCE)
    width, height, strokes = value.get("width"), value.get("height"), value.get("strokes")
    if not (_is_size(width) and _is_size(height) and isinstance(strokes, list)):
        raise Invalid(signature=_SENTENCE)
    if not 0 < len(strokes) <= MAX_STROKES:
        raise Invalid(signature="Signez d’abord dans le cadre.")
    drawn = tuple(_stroke(stroke, int(width), int(height)) for stroke in strokes)  # type: ignore[arg-type]
    points = [point for stroke in drawn for point in stroke]
    if len(points) > MAX_POINTS:
        raise Invalid(signature=_SENTENCE)
    across = max(p[0] for p in points) - min(p[0] for p in points)
    down = max(p[1] for p in points) - min(p[1] for p in points)
    if across + down < 20:
        raise Invalid(signature="Cette signature est trop petite. Effacez-la, puis signez à nouveau.")
    return Drawing(int(width), int(height), drawn)  # type: ignore[arg-type]


def _is_size(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= MAX_SIDE


def _stroke(stroke: object, width: int, height: int) -> tuple[tuple[int, int, int], ...]:
    if not isinstance(stroke, list) or not 0 < len(stroke) <= MAX_POINTS:
        raise Invalid(signature=_SENTENCE)
    points = []
    for point in stroke:
        if not isinstance(point, list) or len(point) != 3 or not all(map(_is_number, point)):
            raise Invalid(signature=_SENTENCE)
        x, y, t = (int(number) for number in point)
        points.append((min(max(x, 0), width), min(max(y, 0), height), max(t, 0)))
    return tuple(points)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
