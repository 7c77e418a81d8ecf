"""What each step of a new case is given: the draft under one's hands."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from app.case_form import Form
from pages.components.field import Field
from pages.shell.page import Page


class Screen(Protocol):
    """The draft that a step belongs to."""

    page: Page
    form: Form
    structure_id: UUID

    def field(self, name: str, label: str, **options: Any) -> Field:
        """Draw a field of the form, saved as it is typed."""

    async def fill(self, **values: Any) -> None:
        """Put values in the form that were not typed, and save them."""

    async def saved_id(self) -> UUID:
        """Return the id of the draft, saved at least once."""
