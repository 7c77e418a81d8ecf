"""The document of a mandate and its evidence. Mandates accepted before it have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mandate_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mandate_document"),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name="fk_mandate_document_mandate_id"),
        sa.UniqueConstraint("mandate_id", name="uq_mandate_document_mandate_id"),
    )


def downgrade() -> None:
    op.drop_table("mandate_document")
