"""What the full-text search looks through: one row for each thing said, in the words that it is searched by."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer
from sqlmodel import Field, SQLModel

from models.base import stored
from models.enums import Audience

_COUNTED = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's full-text index knows rows by this number


class SearchLine(SQLModel, table=True):
    """A message, a note, or the head of a case (its subject, usager and commune: ``entry_id`` empty), folded by
    ``app.search_words``: each word after a space, in order.

    ``holders`` are tokens of those who take part: the database's index (``search_index`` on SQLite,
    ``ix_search_line_words`` on PostgreSQL, both made by migration 0007) keeps the words of both columns, and so
    looks only among what one may see. They give no right: participations are asked each time.
    """

    __tablename__ = "search_line"

    id: int | None = Field(default=None, sa_column=Column(_COUNTED, primary_key=True, autoincrement=True))
    case_id: UUID = Field(foreign_key="case.id", index=True)
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id", unique=True)
    audience: Audience = Field(sa_type=stored(Audience))
    folded: str
    holders: str
