"""The mandate's chain: events that the database lets nobody change or remove. It begins here, empty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite's REPLACE removes a row without its trigger on DELETE: a number that is taken is refused too.
_SQLITE = (
    "CREATE TRIGGER mandate_event_no_update BEFORE UPDATE ON mandate_event "
    "BEGIN SELECT RAISE(ABORT, 'mandate_event is append-only'); END",
    "CREATE TRIGGER mandate_event_no_delete BEFORE DELETE ON mandate_event "
    "BEGIN SELECT RAISE(ABORT, 'mandate_event is append-only'); END",
    "CREATE TRIGGER mandate_event_no_replace BEFORE INSERT ON mandate_event "
    "WHEN EXISTS (SELECT 1 FROM mandate_event WHERE seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'mandate_event is append-only'); END",
)
_POSTGRES = (
    "CREATE FUNCTION mandate_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'mandate_event is append-only' USING ERRCODE = 'integrity_constraint_violation'; "
    "END $$",
    "CREATE TRIGGER mandate_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mandate_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION mandate_event_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "mandate_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_mandate_event"),
    )
    op.create_index("ix_mandate_event_mandate_id", "mandate_event", ["mandate_id"])
    op.create_table(
        "mandate_event_detail",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_mandate_event_detail"),
        sa.ForeignKeyConstraint(["seq"], ["mandate_event.seq"], name="fk_mandate_event_detail_seq"),
    )
    head = op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chain_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_chain_head_only_one")),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    for table in ("chain_head", "mandate_event_detail", "mandate_event"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION mandate_event_refuse()")
