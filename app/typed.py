"""Text as it comes from a browser, which may send anything: text fit to be kept, or a refusal."""

from __future__ import annotations

from app.errors import Invalid


def text(value: object, field: str) -> str:
    """Return a text without what no database keeps (NUL, halves of characters), or refuse what is none."""
    if not isinstance(value, str):
        raise Invalid(**{field: "Ce texte n’a pas pu être lu. Écrivez-le à nouveau."})
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()


def line(value: object, field: str) -> str:
    """Return the same as one line, its spaces single."""
    return " ".join(text(value, field).split())
