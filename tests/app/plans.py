"""How the database would go about a query: which indexes it walks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Executable, event

from app.work import Work


def plan(work: Work, query: Executable) -> str:
    """Return the plan of a query, as the engine says it; PostgreSQL is kept from reading its small tables
    whole, so that an index that could serve does."""
    connection = work.session.connection()
    said: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    work.session.execute(query).all()
    event.remove(connection, "before_cursor_execute", note)
    ((statement, parameters),) = said
    explain = "EXPLAIN QUERY PLAN"
    if connection.dialect.name != "sqlite":
        explain = "EXPLAIN"
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
    return "\n".join(str(row) for row in rows)
