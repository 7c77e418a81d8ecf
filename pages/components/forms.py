"""Showing what is wrong with a form: a sentence under each field, and the cursor in the first one."""

from __future__ import annotations

from app.errors import Invalid
from pages.components.field import Field


def show_errors(fields: dict[str, Field], error: Invalid) -> str:
    """Put each sentence under its field; return what belongs to no field shown."""
    rest: list[str] = [sentence for name, sentence in error.fields.items() if name not in fields]
    first = True
    for name, field in fields.items():
        field.error = error.fields.get(name, "")
        if field.error and first:
            field.focus()
            first = False
    return " ".join(rest)


def clear_errors(fields: dict[str, Field]) -> None:
    """All is well again."""
    for field in fields.values():
        field.error = ""
