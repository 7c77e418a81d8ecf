"""Every way to give a mandate: codes and pages, what leaves and comes back, seals, the screen handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.migrations.parts import change_check, one_of, record

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The closed vocabularies that grow, as they were: table, column, name of the CHECK, values, values to come.
_GROWING: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "entry", "event", "ck_entry_eventkind",
        ("sent", "taken", "passed", "asked", "referral_resolved", "not_competent", "better_recipient",
         "standard_procedure", "associated", "invited", "withdrawn", "closed", "reopened", "mandate_accepted",
         "mandate_revoked"),
        ("mandate_taken_back", "mandate_expired", "answer_unclear"),
    ),
    (
        "mandate_proof", "kind", "ck_mandate_proof_proofkind", ("drawn", "declared"),
        ("sms_reply", "sms_code", "paper", "witness", "existing"),
    ),
)  # fmt: skip
_TEXT_IS_KEPT = (
    "CREATE TRIGGER mandate_text_no_update BEFORE UPDATE ON mandate_text "
    "BEGIN SELECT RAISE(ABORT, 'mandate_text never changes'); END",
    "CREATE TRIGGER mandate_text_no_delete BEFORE DELETE ON mandate_text "
    "BEGIN SELECT RAISE(ABORT, 'mandate_text never changes'); END",
    # REPLACE removes a row without its trigger on DELETE.
    "CREATE TRIGGER mandate_text_no_replace BEFORE INSERT ON mandate_text WHEN EXISTS "
    "(SELECT 1 FROM mandate_text WHERE id = NEW.id OR (language = NEW.language AND version = NEW.version)) "
    "BEGIN SELECT RAISE(ABORT, 'mandate_text is there already'); END",
)
_TEXT_IS_KEPT_BY_POSTGRES = (
    "CREATE FUNCTION mandate_text_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'mandate_text never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER mandate_text_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON mandate_text "
    "FOR EACH STATEMENT EXECUTE FUNCTION mandate_text_refuse()",
)
_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "auth_session": (
        ("handed_mandate_id", "{uuid}"), ("handed_code", "{bytes}"),
        ("handed_tries", "INTEGER NOT NULL DEFAULT 0"),
    ),
    "mandate": (
        ("code", "VARCHAR(16)"), ("short_code", "VARCHAR(8)"), ("contact", "{bytes}"), ("phone_key", "{bytes}"),
        ("confirm_by", "{time}"),
        ("amends_id", "{uuid} CONSTRAINT fk_mandate_amends_id REFERENCES mandate (id)"),
    ),
    "mandate_document": (
        ("sealed_pdf", "{bytes}"), ("sealed_evidence", "{bytes}"), ("sealed_sha256", "VARCHAR(64)"),
        ("sealed_at", "{time}"),
        ("seal_level", "VARCHAR(24) CONSTRAINT ck_mandate_document_seallevel "
         "CHECK (seal_level IN ('trial', 'sealed', 'stamped'))"),
        ("seal_tries", "INTEGER NOT NULL DEFAULT 0"), ("seal_next_at", "{time}"),
        ("seal_fault", "VARCHAR(24) NOT NULL DEFAULT ''"),
    ),
}  # fmt: skip
_INDEXES = (
    ("mandate", "code", True), ("mandate", "short_code", True), ("mandate", "phone_key", False),
    ("mandate_document", "pdf_sha256", False), ("mandate_document", "sealed_sha256", False),
    ("mandate_document", "sealed_at_seal_fault", False),
)  # fmt: skip
_TABLES = ("job_run", "incoming_sms", "outgoing", "mandate_code", "mandate_page")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    words = {"uuid": "CHAR(32)", "bytes": "BLOB", "time": "DATETIME"}
    if not is_sqlite:
        words = {"uuid": "UUID", "bytes": "BYTEA", "time": "TIMESTAMP WITH TIME ZONE"}
    # Written out: SQLite adds a column with its constraint only so, and would else copy the whole table.
    for table, columns in _COLUMNS.items():
        for name, kind in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(**words)}")
    for table, name, is_unique in _INDEXES:
        columns = ["sealed_at", "seal_fault"] if name == "sealed_at_seal_fault" else [name]
        op.create_index(f"ix_{table}_{name}", table, columns, unique=is_unique)
    op.create_index("ix_mandate_status_expires_at", "mandate", ["status", "expires_at"])
    for table, column, check, known, more in _GROWING:
        change_check(table, column, check, known, known + more)
    for statement in _TEXT_IS_KEPT if is_sqlite else _TEXT_IS_KEPT_BY_POSTGRES:
        op.execute(statement)
    _create_tables()


def _create_tables() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "mandate_page", *record("mandate_page"),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("framing", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name="fk_mandate_page_mandate_id"),
        sa.UniqueConstraint("mandate_id", "position", name="uq_mandate_page_mandate_id_position"),
    )  # fmt: skip
    op.create_table(
        "mandate_code", *record("mandate_code"),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("phone_key", sa.LargeBinary(32), nullable=False),
        sa.Column("code", sa.LargeBinary(32), nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_mandate_code_account_id"),
    )  # fmt: skip
    op.create_index("ix_mandate_code_mandate_id", "mandate_code", ["mandate_id"])
    op.create_index("ix_mandate_code_phone_key_created_at", "mandate_code", ["phone_key", "created_at"])
    op.create_index("ix_mandate_code_account_id_created_at", "mandate_code", ["account_id", "created_at"])
    op.create_table(
        "outgoing", *record("outgoing"),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("dedupe_key", sa.String(120), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("to_key", sa.LargeBinary(32), nullable=True),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", instant, nullable=False),
        sa.Column("sent_at", instant, nullable=True),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("provider_ref", sa.String(80), nullable=False),
        sa.Column("fault", sa.String(24), nullable=False),
        sa.UniqueConstraint("dedupe_key", name="uq_outgoing_dedupe_key"),
        one_of("ck_outgoing_channel", "channel", ("sms", "mail")),
        one_of("ck_outgoing_outgoingstatus", "status", ("waiting", "sent", "failed")),
    )  # fmt: skip
    op.create_index("ix_outgoing_status_next_at", "outgoing", ["status", "next_at"])
    op.create_index("ix_outgoing_about_id", "outgoing", ["about_id"])
    op.create_index("ix_outgoing_to_key_created_at", "outgoing", ["to_key", "created_at"])
    op.create_index("ix_outgoing_provider_provider_ref", "outgoing", ["provider", "provider_ref"])
    op.create_table(
        "incoming_sms", *record("incoming_sms"),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("provider_ref", sa.String(80), nullable=False),
        sa.Column("sender_key", sa.LargeBinary(32), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.Column("answer", sa.String(24), nullable=True),
        sa.Column("handled_at", instant, nullable=True),
        sa.Column("mandate_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name="fk_incoming_sms_mandate_id"),
        sa.UniqueConstraint("provider", "provider_ref", name="uq_incoming_sms_provider_provider_ref"),
        one_of("ck_incoming_sms_smsanswer", "answer", ("yes", "no", "stop", "unclear")),
    )  # fmt: skip
    for column in ("sender_key", "mandate_id", "handled_at"):
        op.create_index(f"ix_incoming_sms_{column}", "incoming_sms", [column])
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_run"),
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _TABLES:
        op.drop_table(table)
    for name in ("no_update", "no_delete", "no_replace") if is_sqlite else ("kept",):
        op.execute(f"DROP TRIGGER mandate_text_{name}" + ("" if is_sqlite else " ON mandate_text"))
    if not is_sqlite:
        op.execute("DROP FUNCTION mandate_text_refuse()")
    for table, column, check, known, more in _GROWING:
        change_check(table, column, check, known + more, known)
    op.drop_index("ix_mandate_status_expires_at", "mandate")
    for table, name, _ in _INDEXES:
        op.drop_index(f"ix_{table}_{name}", table)
    for table, columns in reversed(_COLUMNS.items()):
        for name, _ in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
