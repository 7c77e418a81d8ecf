"""Daily work: qualification to edit, history of referrals, ready answers, saved views, absences, notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.migrations.parts import change_check, listed, one_of, record

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_EVENTS = (
    "sent", "taken", "passed", "asked", "referral_resolved", "not_competent", "better_recipient",
    "standard_procedure", "associated", "invited", "withdrawn", "closed", "reopened", "mandate_accepted",
    "mandate_revoked", "mandate_taken_back", "mandate_expired", "answer_unclear",
)  # fmt: skip
_MORE_EVENTS = ("left_free", "handed_over", "closing_soon", "closed_by_service")
_NOTICES = (
    "new_case", "invited", "assigned", "message", "note", "mention", "associated", "taken", "taken_over",
    "asked", "resolved", "not_competent", "to_redirect", "withdrawn", "closed", "reopened", "left_free",
    "mandate", "late", "late_to_manager", "late_coordinator", "to_close", "closing_soon", "closed_by_service",
    "nobody_there",
)  # fmt: skip
_IDENTIFIERS = ("none", "allocataire", "nir", "fiscal", "france_travail")
_REFERRAL = ("sent", "in_progress", "resolved", "not_competent", "withdrawn")
_PACES = ("at_once", "twice", "daily", "none")
# How each organisation knows people (domain, section 3), as on the day of this migration.
_KNOWN_BY = {
    "allocataire": ("caf",), "nir": ("carsat", "cnav", "cpam", "cnam", "cram", "msa"),
    "fiscal": ("ddfip", "drfip", "cheque_energie"), "france_travail": ("france_travail",),
}  # fmt: skip


_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "theme": (("is_offered", "BOOLEAN NOT NULL DEFAULT true"),),
    "blockage": (("is_offered", "BOOLEAN NOT NULL DEFAULT true"),),
    "procedure": (("is_offered", "BOOLEAN NOT NULL DEFAULT true"),),
    "group": (("mailbox", "VARCHAR(254) NOT NULL DEFAULT ''"),),
    "organization": (
        ("identifier", "VARCHAR(24) NOT NULL DEFAULT 'none' CONSTRAINT ck_organization_identifierkind "
         f"CHECK ({listed('identifier', _IDENTIFIERS)})"),
        ("nir_basis", "VARCHAR(300) NOT NULL DEFAULT ''"),
        ("nir_by_id", "{uuid} CONSTRAINT fk_organization_nir_by_id REFERENCES account (id)"),
        ("nir_at", "{time}"),
    ),
    "account": (
        ("mail_pace", "VARCHAR(24) NOT NULL DEFAULT 'at_once' CONSTRAINT ck_account_mailpace "
         f"CHECK ({listed('mail_pace', _PACES)})"),
    ),
    "job_run": (("asked_at", "{time}"),),
}  # fmt: skip
_DUE = "due_at IS NOT NULL"
_OPEN = "status IN ('sent', 'in_progress')"
# name, table, columns, which rows
_PARTIAL = (
    ("ix_case_resolved", "case", ["resolved_at"], "status = 'resolved'"),
    ("ix_referral_due", "referral", ["due_at"], _DUE),
    ("ix_referral_assignee", "referral", ["assignee_id"], _OPEN),
    ("ix_participation_still", "participation", ["activity_at"], "is_open AND party = 'structure'"),
    ("ix_outgoing_failed", "outgoing", ["next_at"], "status = 'failed' AND fault <> 'over'"),
)
_TABLES = (
    "notice", "absence", "saved_view", "ready_answer", "case_identifier", "lateness", "referral_step",
    "procedure_rule",
)  # fmt: skip


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    words = {"uuid": "CHAR(32)", "time": "DATETIME"} if is_sqlite else {
        "uuid": "UUID", "time": "TIMESTAMP WITH TIME ZONE"}  # fmt: skip
    # Written out: SQLite adds a column with its constraint only so, and would else copy the whole table.
    for table, columns in _COLUMNS.items():
        for name, kind in columns:
            op.execute(f'ALTER TABLE "{table}" ADD COLUMN {name} {kind.format(**words)}')
    change_check("entry", "event", "ck_entry_eventkind", _EVENTS, _EVENTS + _MORE_EVENTS)
    for name, table, columns, which in _PARTIAL:
        op.create_index(name, table, columns, postgresql_where=sa.text(which), sqlite_where=sa.text(which))
    organization = sa.table("organization", sa.column("code"), sa.column("identifier"))
    for kind, codes in _KNOWN_BY.items():
        op.execute(sa.update(organization).where(organization.c.code.in_(codes)).values(identifier=kind))
    _create_tables()


def _link(table: str, column: str, to: str, *, null: bool = False) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(column, sa.Uuid(), nullable=null),
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}"),
    ]


def _create_tables() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "procedure_rule",
        sa.Column("procedure_code", sa.String(24), nullable=False),
        *_link("procedure_rule", "organization_id", "organization"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_code"], ["procedure.code"], name="fk_procedure_rule_procedure_code"
        ),
        sa.PrimaryKeyConstraint("procedure_code", "organization_id", name="pk_procedure_rule"),
    )
    op.create_table(
        "referral_step", *record("referral_step"),
        *_link("referral_step", "referral_id", "referral"),
        *_link("referral_step", "account_id", "account", null=True),
        sa.Column("gesture", sa.String(24), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        *_link("referral_step", "assignee_id", "account", null=True),
        sa.Column("due_at", instant, nullable=True),
        one_of("ck_referral_step_referralstatus", "status", _REFERRAL),
    )  # fmt: skip
    op.create_index("ix_referral_step_referral_id", "referral_step", ["referral_id"])
    op.create_table(
        "lateness",
        *_link("lateness", "referral_id", "referral"),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("referral_id", name="pk_lateness"),
    )
    op.create_table(
        "case_identifier",
        *_link("case_identifier", "case_id", "case"),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", name="pk_case_identifier"),
        one_of("ck_case_identifier_identifierkind", "kind", _IDENTIFIERS),
    )
    op.create_table(
        "ready_answer", *record("ready_answer"),
        *_link("ready_answer", "group_id", "group", null=True),
        *_link("ready_answer", "account_id", "account", null=True),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", sa.String(4_000), nullable=False),
        sa.CheckConstraint(
            "(group_id IS NULL) <> (account_id IS NULL)", name=op.f("ck_ready_answer_one_holder")
        ),
    )  # fmt: skip
    op.create_index("ix_ready_answer_group_id", "ready_answer", ["group_id"])
    op.create_index("ix_ready_answer_account_id", "ready_answer", ["account_id"])
    op.create_table(
        "saved_view", *record("saved_view"),
        *_link("saved_view", "account_id", "account"),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("account_id", "name", name="uq_saved_view_account_id_name"),
    )  # fmt: skip
    op.create_table(
        "absence", *record("absence"),
        *_link("absence", "account_id", "account"),
        *_link("absence", "group_id", "group"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        *_link("absence", "stand_in_id", "account", null=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absence_in_order")),
        sa.CheckConstraint(
            "stand_in_id IS NULL OR stand_in_id <> account_id", name=op.f("ck_absence_somebody_else")
        ),
    )  # fmt: skip
    op.create_index("ix_absence_account_id_ends_on", "absence", ["account_id", "ends_on"])
    op.create_index("ix_absence_stand_in_id_ends_on", "absence", ["stand_in_id", "ends_on"])
    op.create_index("ix_absence_group_id_ends_on", "absence", ["group_id", "ends_on"])
    op.create_table(
        "notice", *record("notice"),
        *_link("notice", "account_id", "account", null=True),
        *_link("notice", "group_id", "group", null=True),
        *_link("notice", "case_id", "case", null=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("dedupe_key", sa.String(160), nullable=False),
        sa.Column("read_at", instant, nullable=True),
        sa.Column("mail_due_at", instant, nullable=True),
        sa.UniqueConstraint("dedupe_key", name="uq_notice_dedupe_key"),
        sa.CheckConstraint("account_id IS NOT NULL OR group_id IS NOT NULL", name=op.f("ck_notice_somebody")),
        one_of("ck_notice_noticekind", "kind", _NOTICES),
    )  # fmt: skip
    op.create_index("ix_notice_bell", "notice", ["account_id", "created_at"])
    op.create_index("ix_notice_case_id", "notice", ["case_id"])
    for name, columns, which in (
        ("ix_notice_unread", ["account_id", "case_id"], "read_at IS NULL"),
        ("ix_notice_mail", ["mail_due_at"], "mail_due_at IS NOT NULL"),
    ):
        op.create_index(name, "notice", columns, postgresql_where=sa.text(which), sqlite_where=sa.text(which))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    for name, table, _, _ in _PARTIAL:
        op.drop_index(name, table)
    change_check("entry", "event", "ck_entry_eventkind", _EVENTS + _MORE_EVENTS, _EVENTS)
    for table, columns in reversed(_COLUMNS.items()):
        for name, _ in reversed(columns):
            op.execute(f'ALTER TABLE "{table}" DROP COLUMN {name}')
