"""Rows by the hundred thousand: COPY on PostgreSQL, one prepared INSERT on SQLite, the models' own types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Table, inspect
from sqlmodel import Session, SQLModel

Row = dict[str, Any]


def write(session: Session, model: type[SQLModel], rows: list[Row]) -> None:
    """Insert rows of one table, all with the same columns, as the model would write them."""
    if not rows:
        return
    table: Table = inspect(model).local_table
    names = list(rows[0])
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    into = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    cursor: Any = connection.connection.cursor()
    values = _values(connection.dialect, table, names, rows)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", values)
    else:
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for line in values:
                copy.write_row(line)
    cursor.close()


def _values(dialect: Any, table: Table, names: list[str], rows: list[Row]) -> Iterator[list[Any]]:
    """Return the values as the driver takes them: what SQLAlchemy does for one row, without its cost."""
    processors = [_processor(dialect, table, name) for name in names]
    for row in rows:
        yield [
            value if process is None else process(value)
            for process, value in zip(processors, row.values(), strict=True)
        ]


def _processor(dialect: Any, table: Table, name: str) -> Callable[[Any], Any] | None:
    found: Callable[[Any], Any] | None = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return found
