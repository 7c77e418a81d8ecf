"""What several migrations do alike: how, never what. The values stand in each migration, as they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def listed(column: str, values: tuple[str, ...]) -> str:
    """Return the condition that a column holds one of these."""
    return f"{column} IN ({', '.join(map(repr, values))})"


def one_of(name: str, column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    """Return the CHECK of a closed vocabulary."""
    return sa.CheckConstraint(listed(column, values), name=op.f(name))


def record(table: str) -> list[sa.schema.SchemaItem]:
    """Return the columns of a row with an identity and a birth."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def change_check(table: str, column: str, check: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let a closed vocabulary grow or shrink. SQLite keeps a table's own words: they are changed in place, as
    its manual describes (lang_altertable.html, section 7); copying the table would break what refers to it."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({listed(column, after)})")
        return
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = bind.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = :table AND instr(sql, :before) > 0"
        ),
        {"before": listed(column, before), "after": listed(column, after), "table": table},
    )
    assert changed.rowcount == 1, f"{check} is not as it was"
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")
