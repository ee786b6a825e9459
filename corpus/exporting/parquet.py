"""Parquet: typed columns, zstd; needs pyarrow, the extra `export`."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from corpus.exporting.fields import Field, Row

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_IN_GROUP, BYTES_IN_GROUP = 5000, 24 * 2**20
"""A row group, which a reader takes or skips as a whole and the writer holds until it is full: so
many rows, or fewer where they are long."""


class MissingPyarrow(Exception):
    """Parquet and zstd are wanted and pyarrow is not installed. One line with the remedy."""


def pyarrow() -> Any:
    """The module. Raises `MissingPyarrow`."""
    # Read once, at the import: pyarrow's own pool keeps 12 MB more, and is no faster here.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError:
        raise MissingPyarrow(
            "Parquet and .zst need pyarrow, which is not installed; run "
            "pip install 'titrologue[export]', or write .jsonl, .csv or .db"
        ) from None
    return pyarrow


class Parquet:
    """One file: days as date32, instants as timestamp[us, UTC], JSON as text."""

    def __init__(self, sink: Any, fields: Sequence[Field]) -> None:
        pa = pyarrow()
        self._shapes = [_shape(field) for field in fields]
        self.schema = pa.schema([pa.field(f.name, _type(f)) for f in fields])
        self._writer = pa.parquet.ParquetWriter(
            sink, self.schema, compression="zstd", compression_level=3
        )
        self._group: list[Any] = []
        self._rows = self._bytes = 0

    def write(self, rows: Sequence[Row]) -> None:
        """Some more rows."""
        if not rows:
            return
        columns = zip(*rows, strict=True)
        arrays = [shape(column) for shape, column in zip(self._shapes, columns, strict=True)]
        batch = pyarrow().record_batch(arrays, schema=self.schema)
        self._group.append(batch)
        self._rows += len(rows)
        self._bytes += batch.nbytes
        if self._rows >= ROWS_IN_GROUP or self._bytes >= BYTES_IN_GROUP:
            self._write_group()

    def finish(self) -> None:
        """Write what is held, and the footer."""
        if self._group:
            self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        self._writer.write_table(pyarrow().Table.from_batches(self._group, self.schema))
        self._group, self._rows, self._bytes = [], 0, 0

    def give_up(self) -> None:
        """What was written is worth nothing; no footer is tried at the object's end."""
        self._writer.is_open = False


def _type(field: Field) -> pa.DataType:
    pa = pyarrow()
    types = {
        "integer": pa.int64(),
        "real": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "instant": pa.timestamp("us", tz="UTC"),
        "bytes": pa.binary(),
    }
    return types.get(field.kind, pa.string())


def _shape(field: Field) -> Callable[[Sequence[Any]], pa.Array]:
    """From the values of a column to an array.

    Built from buffers: `pyarrow.array` imports pandas wherever that is installed, which takes a
    second and 50 MB.
    """
    pa = pyarrow()
    wanted = _type(field)
    match field.kind:
        case "integer":
            return lambda column: _fixed(column, wanted, "q")
        case "real":
            return lambda column: _fixed(column, wanted, "d")
        case "boolean":
            return _booleans
        case "date":
            return lambda column: _variable(column, pa.string()).cast(wanted)
        case "instant":
            naive = pa.timestamp("us")
            return lambda column: _variable(column, pa.string()).cast(naive).cast(wanted)
    return lambda column: _variable(column, wanted)


def _fixed(column: Sequence[Any], wanted: pa.DataType, code: str) -> pa.Array:
    values = array(code, [0 if value is None else value for value in column])
    return _array(column, wanted, values)


def _booleans(column: Sequence[Any]) -> pa.Array:
    return _array(column, pyarrow().bool_(), _bits(column))


def _variable(column: Sequence[Any], wanted: pa.DataType) -> pa.Array:
    """Text or bytes: one run of bytes, and where each value begins in it."""
    held = [
        b"" if value is None else value.encode() if isinstance(value, str) else value
        for value in column
    ]
    begins = array("i", accumulate(map(len, held), initial=0))
    return _array(column, wanted, begins, b"".join(held))


def _array(column: Sequence[Any], wanted: pa.DataType, *data: Any) -> pa.Array:
    pa = pyarrow()
    there = None if None not in column else _bits([value is not None for value in column])
    buffers = [there if there is None else pa.py_buffer(there), *map(pa.py_buffer, data)]
    return pa.Array.from_buffers(wanted, len(column), buffers)


def _bits(values: Sequence[Any]) -> bytes:
    """A bit for each value, true or not, the first in the lowest place."""
    digits = "".join(["1" if value else "0" for value in reversed(values)])
    return int(digits, 2).to_bytes((len(values) + 7) // 8, "little")
