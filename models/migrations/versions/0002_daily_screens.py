"""What the daily screens need: messages taken back, words to filter lists by, how each person wants them."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RESOLVED = sa.text("resolved_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("entry", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case", sa.Column("search_text", sa.String(480), nullable=False, server_default=""))
    op.add_column("account", sa.Column("has_shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
    # Written out: SQLite adds a column with its CHECK only so, and would else copy the whole table.
    op.execute(
        "ALTER TABLE account ADD COLUMN appearance VARCHAR(24) NOT NULL DEFAULT 'auto' "
        "CONSTRAINT ck_account_appearance CHECK (appearance IN ('auto', 'light', 'dark'))"
    )
    op.drop_index("ix_referral_open", "referral")  # no query walks it
    op.create_index(
        "ix_referral_resolved", "referral", ["group_id", "resolved_at"],
        postgresql_where=_RESOLVED, sqlite_where=_RESOLVED,
    )  # fmt: skip
    _fill_search_text()


def _fill_search_text() -> None:
    """As ``app.personal_data.fold`` did on the day of this migration."""
    case = sa.table(
        "case", sa.column("id"), sa.column("subject"), sa.column("usager_first_name"),
        sa.column("usager_last_name"), sa.column("commune"), sa.column("search_text"),
    )  # fmt: skip
    connection = op.get_bind()
    words = (case.c.subject, case.c.usager_first_name, case.c.usager_last_name, case.c.commune)
    for id_, *found in connection.execute(sa.select(case.c.id, *words)).all():
        folded = unicodedata.normalize("NFKD", " ".join(found)).casefold().replace("œ", "oe")
        plain = "".join(c for c in folded.replace("æ", "ae") if not unicodedata.combining(c))
        connection.execute(sa.update(case).where(case.c.id == id_).values(search_text=plain[:480]))


def downgrade() -> None:
    op.drop_index("ix_referral_resolved", "referral")
    open_ones = sa.text("status IN ('sent', 'in_progress')")
    op.create_index(
        "ix_referral_open", "referral", ["group_id", "status", "assignee_id"],
        postgresql_where=open_ones, sqlite_where=open_ones,
    )  # fmt: skip
    for table, column in (
        ("account", "appearance"), ("account", "has_shortcuts"), ("case", "search_text"),
        ("entry", "withdrawn_at"),
    ):  # fmt: skip
        op.drop_column(table, column)
