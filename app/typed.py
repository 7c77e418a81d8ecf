"""Text as it comes from a browser, which may send anything: text fit to be kept, or a refusal."""

from __future__ import annotations

import re

from app.errors import Invalid

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


def text(value: object, field: str) -> str:
    """Return a text without what no database keeps (NUL, halves of characters), or refuse what is none."""
    if not isinstance(value, str):
        raise Invalid(**{field: "Ce texte n’a pas pu être lu. Écrivez-le à nouveau."})
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()


def line(value: object, field: str) -> str:
    """Return the same as one line, its spaces single."""
    return " ".join(text(value, field).split())


def email(value: object, field: str, *, may_be_empty: bool = False) -> str:
    """Return an e-mail address, or refuse what is none (what a server makes of it is another matter)."""
    address = line(value, field)
    if may_be_empty and not address:
        return ""
    if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address:
        raise Invalid(**{field: "Écrivez l’adresse e-mail comme nom@exemple.fr."})
    return address
