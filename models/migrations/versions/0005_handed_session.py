"""The screen in the usager's hands: a session that shows one mandate only until the aidant takes it back."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
