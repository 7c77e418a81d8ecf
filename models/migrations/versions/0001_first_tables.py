"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)  # in UTC
sealed = sa.LargeBinary()  # JSON, encrypted by the service


def one_of(name: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(name))


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("first_name", sa.String(80), nullable=False),
        sa.Column("last_name", sa.String(80), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
    )
    op.create_table(
        "blockage",
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_blockage"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
    )
    op.create_index("ix_journal_actor_id_created_at", "journal", ["actor_id", "created_at"])
    op.create_index("ix_journal_case_id_created_at", "journal", ["case_id", "created_at"])
    op.create_table(
        "mandate_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("plain_body", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mandate_text"),
        sa.UniqueConstraint("language", "version", name="uq_mandate_text_language_version"),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("short_name", sa.String(40), nullable=False),
        sa.Column("full_name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organization"),
        sa.UniqueConstraint("code", name="uq_organization_code"),
        one_of("ck_organization_groupkind", "kind", "structure", "operator"),
    )
    op.create_table(
        "procedure",
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_procedure"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("email_hash", sa.LargeBinary(), nullable=False),
        sa.Column("origin_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_email_hash_created_at", "sign_in_attempt", ["email_hash", "created_at"])
    op.create_index(
        "ix_sign_in_attempt_origin_hash_created_at", "sign_in_attempt", ["origin_hash", "created_at"]
    )
    op.create_table(
        "theme",
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_theme"),
    )
    op.create_table(
        "auth_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.String(120), nullable=False),
        sa.Column("last_seen_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_auth_session"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_auth_session_account_id"),
        sa.UniqueConstraint("token_hash", name="uq_auth_session_token_hash"),
    )
    op.create_index("ix_auth_session_account_id", "auth_session", ["account_id"])
    op.create_table(
        "group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("commune", sa.String(80), nullable=False),
        sa.Column("guidance", sa.String(500), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_group"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_group_organization_id"),
        sa.UniqueConstraint("name", name="uq_group_name"),
        one_of("ck_group_groupkind", "kind", "structure", "operator"),
    )
    op.create_index("ix_group_organization_id", "group", ["organization_id"])
    op.create_table(
        "routing_rule",
        sa.Column("theme_code", sa.String(24), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("theme_code", "organization_id", name="pk_routing_rule"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_routing_rule_organization_id"
        ),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name="fk_routing_rule_theme_code"),
    )
    op.create_table(
        "scope",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("departement", sa.String(3), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_scope"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_scope_account_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_scope_organization_id"),
        one_of("ck_scope_scopekind", "kind", "coordinator", "observer", "administrator"),
    )
    op.create_index("ix_scope_account_id", "scope", ["account_id"])
    op.create_table(
        "case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("theme_code", sa.String(), nullable=True),
        sa.Column("blockage_code", sa.String(), nullable=True),
        sa.Column("procedure_code", sa.String(), nullable=True),
        sa.Column("departement", sa.String(3), nullable=False),
        sa.Column("commune", sa.String(80), nullable=False),
        sa.Column("civility", sa.String(24), nullable=False),
        sa.Column("usager_first_name", sa.String(80), nullable=False),
        sa.Column("usager_last_name", sa.String(80), nullable=False),
        sa.Column("usager_born_on", sa.Date(), nullable=True),
        sa.Column("usager_contact", sealed, nullable=True),
        sa.Column("usager_key", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("urgency_reason", sa.String(300), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("sent_at", instant, nullable=True),
        sa.Column("resolved_at", instant, nullable=True),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("outcome", sa.String(24), nullable=True),
        sa.Column("usefulness", sa.String(24), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name="fk_case_author_id"),
        sa.ForeignKeyConstraint(["blockage_code"], ["blockage.code"], name="fk_case_blockage_code"),
        sa.ForeignKeyConstraint(["procedure_code"], ["procedure.code"], name="fk_case_procedure_code"),
        sa.ForeignKeyConstraint(["structure_id"], ["group.id"], name="fk_case_structure_id"),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name="fk_case_theme_code"),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_case_closed_dated")),
        sa.CheckConstraint(
            "status = 'draft' OR (sent_at IS NOT NULL AND subject <> '')", name=op.f("ck_case_sent_complete")
        ),
        one_of("ck_case_civility", "civility", "mme", "m", "couple", "none"),
        one_of("ck_case_outcome", "outcome", "solved", "partly", "unsolved", "dropped"),
        one_of(
            "ck_case_casestatus", "status", "draft", "sent", "in_progress", "to_redirect", "resolved", "closed"
        ),
        one_of("ck_case_usefulness", "usefulness", "very", "somewhat", "little", "not"),
    )
    op.create_index("ix_case_author_id_status", "case", ["author_id", "status"])
    op.create_index("ix_case_usager", "case", ["structure_id", "usager_key"])
    op.create_table(
        "group_area",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("departement", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "departement", name="pk_group_area"),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_group_area_group_id"),
    )
    op.create_index("ix_group_area_departement", "group_area", ["departement"])
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(24), nullable=True),
        sa.Column("is_manager", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_membership_account_id"),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_membership_group_id"),
        sa.UniqueConstraint("account_id", "group_id", name="uq_membership_account_id_group_id"),
        one_of("ck_membership_side", "side", "aidant", "agent"),
    )
    op.create_index("ix_membership_group_id", "membership", ["group_id"])
    op.create_table(
        "case_draft",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("form", sealed, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("saved_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_draft"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_draft_case_id"),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("audience", sa.String(24), nullable=False),
        sa.Column("event", sa.String(24), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("author_group", sa.String(120), nullable=False),
        sa.Column("text", sa.String(10000), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name="fk_entry_author_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_entry_case_id"),
        sa.UniqueConstraint("case_id", "key", name="uq_entry_case_id_key"),
        sa.UniqueConstraint("case_id", "seq", name="uq_entry_case_id_seq"),
        sa.CheckConstraint(
            "kind <> 'note' OR audience = 'operators'", name=op.f("ck_entry_note_for_operators")
        ),
        one_of("ck_entry_audience", "audience", "everybody", "operators"),
        one_of(
            "ck_entry_eventkind",
            "event",
            "sent",
            "taken",
            "passed",
            "asked",
            "referral_resolved",
            "not_competent",
            "better_recipient",
            "standard_procedure",
            "associated",
            "invited",
            "withdrawn",
            "closed",
            "reopened",
            "mandate_accepted",
            "mandate_revoked",
        ),
        one_of("ck_entry_entrykind", "kind", "message", "note", "event"),
    )
    op.create_table(
        "mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(24), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("holder", sealed, nullable=False),
        sa.Column("theme_label", sa.String(80), nullable=False),
        sa.Column("shown_text", sealed, nullable=False),
        sa.Column("shown_sha256", sa.String(64), nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("presented_at", instant, nullable=True),
        sa.Column("consented_at", instant, nullable=True),
        sa.Column("accepted_at", instant, nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("end_reason", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mandate"),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["account.id"], name="fk_mandate_accepted_by_id"),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name="fk_mandate_author_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_mandate_case_id"),
        sa.ForeignKeyConstraint(["structure_id"], ["group.id"], name="fk_mandate_structure_id"),
        sa.ForeignKeyConstraint(["text_id"], ["mandate_text.id"], name="fk_mandate_text_id"),
        sa.CheckConstraint(
            "status <> 'active' OR accepted_at IS NOT NULL", name=op.f("ck_mandate_active_accepted")
        ),
        one_of(
            "ck_mandate_mandatestatus",
            "status",
            "draft",
            "presented",
            "consented",
            "active",
            "ended",
            "expired",
            "revoked",
            "renounced",
            "superseded",
            "refused",
        ),
        one_of(
            "ck_mandate_mandateway", "way", "screen", "sms_reply", "sms_code", "paper", "verbal", "existing"
        ),
    )
    op.create_index("ix_mandate_case_id", "mandate", ["case_id"])
    op.create_table(
        "message_draft",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(24), nullable=False),
        sa.Column("text", sealed, nullable=False),
        sa.Column("saved_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "account_id", name="pk_message_draft"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_message_draft_account_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_message_draft_case_id"),
        one_of("ck_message_draft_audience", "audience", "everybody", "operators"),
    )
    op.create_table(
        "participation",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(24), nullable=False),
        sa.Column("side", sa.String(24), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("activity_at", instant, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "holder_id", name="pk_participation"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_participation_case_id"),
        one_of("ck_participation_party", "party", "structure", "recipient", "invited"),
        one_of("ck_participation_side", "side", "aidant", "agent"),
    )
    op.create_index(
        "ix_participation_list", "participation", ["holder_id", "is_open", "activity_at", "case_id"]
    )
    op.create_table(
        "read_mark",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("read_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "account_id", name="pk_read_mark"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_read_mark_account_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_read_mark_case_id"),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=True),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("resolved_at", instant, nullable=True),
        sa.Column("better_organization_id", sa.Uuid(), nullable=True),
        sa.Column("had_standard_procedure", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
        sa.ForeignKeyConstraint(["assignee_id"], ["account.id"], name="fk_referral_assignee_id"),
        sa.ForeignKeyConstraint(
            ["better_organization_id"], ["organization.id"], name="fk_referral_better_organization_id"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_referral_case_id"),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_referral_group_id"),
        sa.UniqueConstraint("case_id", "group_id", name="uq_referral_case_id_group_id"),
        sa.CheckConstraint(
            "due_at IS NULL OR status IN ('sent', 'in_progress')", name=op.f("ck_referral_due_while_open")
        ),
        one_of(
            "ck_referral_referralstatus",
            "status",
            "sent",
            "in_progress",
            "resolved",
            "not_competent",
            "withdrawn",
        ),
    )
    op.create_index(
        "ix_referral_late",
        "referral",
        ["group_id", "due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_referral_open",
        "referral",
        ["group_id", "status", "assignee_id"],
        postgresql_where=sa.text("status IN ('sent', 'in_progress')"),
        sqlite_where=sa.text("status IN ('sent', 'in_progress')"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("uploader_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_attachment_case_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_attachment_entry_id"),
        sa.ForeignKeyConstraint(["uploader_id"], ["account.id"], name="fk_attachment_uploader_id"),
        sa.CheckConstraint("size >= 0", name=op.f("ck_attachment_size_positive")),
        one_of("ck_attachment_attachmentstatus", "status", "pending", "available", "refused"),
    )
    op.create_index("ix_attachment_case_id", "attachment", ["case_id"])
    op.create_index("ix_attachment_entry_id", "attachment", ["entry_id"])
    op.create_table(
        "mandate_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("capacity", sa.String(24), nullable=False),
        sa.Column("content", sealed, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mandate_proof"),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name="fk_mandate_proof_mandate_id"),
        one_of("ck_mandate_proof_capacity", "capacity", "self", "parent", "guardian"),
        one_of("ck_mandate_proof_proofkind", "kind", "drawn", "declared"),
    )
    op.create_index("ix_mandate_proof_mandate_id", "mandate_proof", ["mandate_id"])
    op.create_table(
        "mandate_scope",
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("mandate_id", "organization_id", name="pk_mandate_scope"),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name="fk_mandate_scope_mandate_id"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_mandate_scope_organization_id"
        ),
    )


def downgrade() -> None:
    for table in (
        "mandate_scope",
        "mandate_proof",
        "attachment",
        "referral",
        "read_mark",
        "participation",
        "message_draft",
        "mandate",
        "entry",
        "case_draft",
        "membership",
        "group_area",
        "case",
        "scope",
        "routing_rule",
        "group",
        "auth_session",
        "theme",
        "sign_in_attempt",
        "procedure",
        "organization",
        "mandate_text",
        "journal",
        "blockage",
        "account",
    ):
        op.drop_table(table)
