"""Among: «this column is one of those values», the values bound as one parameter.

`column.in_(values)` binds each value by itself, and SQLAlchemy writes the statement anew for every
count of them; of a batch of two hundred keys that costs more than the look-up. Here the statement
is always the same, so that it is built once, and any number of values will do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, Text, TypeDecorator, TypeEngine

from corpus.columns import clean_text


class _Values(TypeDecorator[Sequence[Any]]):
    """A list of texts or numbers: an array in PostgreSQL, JSON in SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array of what the column holds."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        kind = self.item.dialect_impl(dialect)
        return dialect.type_descriptor(ARRAY(getattr(kind, "impl", kind)))

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """The list as the database takes it."""
        values = [clean_text(item) for item in value or ()]
        return values if dialect.name == "postgresql" else json.dumps(values)


class among(FunctionElement[Any]):
    """`column` is one of the values given as the parameter `name`, a sequence of texts or
    numbers, also an empty one: `connection.execute(query, {"these": [1, 2]})`."""

    inherit_cache = True
    # Were it a Boolean, SQLAlchemy would write `… = 1`, which keeps SQLite from its index.
    type = NullType()

    def __init__(self, column: ColumnElement[Any], name: str = "these") -> None:
        super().__init__(column, bindparam(name, type_=_Values(column.type)))


@compiles(among, "sqlite")
def _in_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608


@compiles(among, "postgresql")
def _in_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY ({values})"
