"""The full-text search: what it looks through, and the index of each engine."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BATCH = 2_000
_WORDS = "array_to_tsvector(string_to_array(ltrim(folded || holders), ' '))"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "search_line",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("audience", sa.String(24), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("holders", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_search_line_case_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_search_line_entry_id"),
        sa.PrimaryKeyConstraint("id", name="pk_search_line"),
        sa.UniqueConstraint("entry_id", name="uq_search_line_entry_id"),
        sa.CheckConstraint("audience IN ('everybody', 'operators')", name=op.f("ck_search_line_audience")),
    )
    op.create_index("ix_search_line_case_id", "search_line", ["case_id"])
    _fill()
    if is_sqlite:
        _index_of_sqlite()
    else:
        # Not left pending: what is written is in the index, and a search does not read a list beside it.
        op.execute(
            f"CREATE INDEX ix_search_line_words ON search_line USING gin (({_WORDS})) WITH (fastupdate = off)"
        )


def _index_of_sqlite() -> None:
    """An index without a copy of the text, kept by triggers. Words are already cut at spaces: to ``ascii``
    every other letter is a letter. Without positions (``detail``): a phrase is looked for in the text."""
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5(folded, holders, content='search_line', "
        "content_rowid='id', tokenize='ascii', detail='none', prefix='3 4 5')"
    )
    old = (
        "INSERT INTO search_index(search_index, rowid, folded, holders) "
        "VALUES ('delete', old.id, old.folded, old.holders);"
    )
    new = "INSERT INTO search_index(rowid, folded, holders) VALUES (new.id, new.folded, new.holders);"
    for event, does in (("INSERT", new), ("DELETE", old), ("UPDATE", old + new)):
        name = f"search_line_{event.lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON search_line BEGIN {does} END")
    op.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")


def _fill() -> None:
    """What was said until now, case by case, as ``app.search_words`` folded on the day of this migration."""
    bind = op.get_bind()
    case = sa.table(
        "case", sa.column("id", sa.Uuid()),
        *map(sa.column, ("status", "subject", "usager_first_name", "usager_last_name", "commune")),
    )  # fmt: skip
    place = sa.table("participation", sa.column("case_id", sa.Uuid()), sa.column("holder_id", sa.Uuid()))
    entry = sa.table(
        "entry", sa.column("id", sa.Uuid()), sa.column("case_id", sa.Uuid()),
        *map(sa.column, ("kind", "audience", "text")),
    )  # fmt: skip
    line = sa.table(
        "search_line", sa.column("case_id", sa.Uuid()), sa.column("entry_id", sa.Uuid()),
        *map(sa.column, ("audience", "folded", "holders")),
    )  # fmt: skip
    sent = list(bind.scalars(sa.select(case.c.id).where(case.c.status != "draft").order_by(case.c.id)))
    for first in range(0, len(sent), _BATCH):
        bounds = sent[first], sent[min(first + _BATCH, len(sent)) - 1]
        holders: dict[Any, str] = {}
        query = sa.select(place).where(place.c.case_id.between(*bounds))
        for row in bind.execute(query.order_by(place.c.case_id, place.c.holder_id)):
            holders[row.case_id] = holders.get(row.case_id, "") + f" h{row.holder_id.hex}"
        heads = sa.select(case).where(case.c.id.between(*bounds), case.c.status != "draft")
        said = sa.select(entry).where(
            entry.c.case_id.between(*bounds), entry.c.kind != "event", entry.c.text != ""
        )
        found = [(row.id, None, "everybody", " ".join(row[2:])) for row in bind.execute(heads)]
        found += [
            (row.case_id, row.id, row.audience, row.text) for row in bind.execute(said.order_by(entry.c.id))
        ]
        rows = [
            {
                "case_id": case_id, "entry_id": entry_id, "audience": audience, "folded": _folded(text),
                "holders": holders.get(case_id, ""),
            }
            for case_id, entry_id, audience, text in found
        ]  # fmt: skip
        bind.execute(sa.insert(line), rows)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(f" {word[:64]}" for word in re.findall(r"[^\W_]+", plain))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_line")
