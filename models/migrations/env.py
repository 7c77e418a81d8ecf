"""Run by Alembic for each command. There is no ``alembic.ini``: ``app.schema`` gives the connection."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import models


def run(connection: Connection) -> None:
    """Run the migrations inside the transaction that the caller opened: all of them or none."""
    assert models.__all__, "importing the package makes the metadata know every table"
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
