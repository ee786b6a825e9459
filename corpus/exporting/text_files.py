"""Text files: JSON lines and CSV, a row at a time."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from corpus.exporting.fields import Field, Row, instant

# What a spreadsheet would run as a formula, also behind blanks and quotes (full-width too).
_FORMULA = re.compile(r"""^[\s"']*[=+\-@＝＋－＠]|^[\t\r\n]""")
_SPECIAL = re.compile(r'[",\r\n]')


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> object:
        """Take them."""


class Writer(Protocol):
    """Writes rows in one format."""

    def write(self, rows: Sequence[Row]) -> None:
        """Some more rows."""


def safe_cell(value: Any) -> Any:
    """`value` such that no spreadsheet runs it: text that looks like a formula gets a `'`."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


@lru_cache(maxsize=50_000)
def _loaded(text: str) -> Any:
    """JSON as a value; whoever gets it leaves it as it is."""
    return json.loads(text)


def _as_value(field: Field) -> Callable[[Any], Any] | None:
    """How a field's values stand in JSON; None where they stand as they are."""
    match field.kind:
        case "json":
            return _loaded
        case "boolean":
            return bool
        case "instant":
            return instant
        case "bytes":
            return bytes.hex
        case "real":
            # JSON has no word for infinity.
            return lambda value: value if math.isfinite(value) else None
    return None


class JsonLines:
    """One object a line, its names in the order of the columns; JSON columns as JSON."""

    def __init__(self, sink: Sink, fields: Sequence[Field]) -> None:
        self._sink = sink
        self._names = [field.name for field in fields]
        shapes = ((n, _as_value(field)) for n, field in enumerate(fields))
        self._shapes = [(n, shape) for n, shape in shapes if shape is not None]
        encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        self._encode = encoder.encode

    def write(self, rows: Sequence[Row]) -> None:
        """Some more rows."""
        lines = []
        for row in rows:
            values = list(row)
            for n, shape in self._shapes:
                if values[n] is not None:
                    values[n] = shape(values[n])
            lines.append(self._encode(dict(zip(self._names, values, strict=True))))
        lines.append("")
        self._sink.write("\n".join(lines).encode())

    def finish(self) -> None:
        """Nothing belongs at the end."""

    def give_up(self) -> None:
        """Nothing is held."""


class Csv:
    """RFC 4180 in UTF-8, headed by the names. An empty cell is no value, `""` an empty text; text
    that a spreadsheet would run as a formula is disarmed by a `'` unless `raw`."""

    def __init__(
        self, sink: Sink, fields: Sequence[Field], *, raw: bool = False, bom: bool = False
    ) -> None:
        self._sink = sink
        self._cells = [self._cell_of(field, raw) for field in fields]
        head = ",".join(_quoted(field.name if raw else safe_cell(field.name)) for field in fields)
        sink.write((("\ufeff" if bom else "") + head + "\r\n").encode())

    def write(self, rows: Sequence[Row]) -> None:
        """Some more rows."""
        cells = self._cells
        lines = [
            ",".join(
                [
                    "" if value is None else cell(value)
                    for cell, value in zip(cells, row, strict=True)
                ]
            )
            for row in rows
        ]
        lines.append("")
        self._sink.write("\r\n".join(lines).encode())

    def finish(self) -> None:
        """Nothing belongs at the end."""

    def give_up(self) -> None:
        """Nothing is held."""

    def _cell_of(self, field: Field, raw: bool) -> Callable[[Any], str]:
        match field.kind:
            case "boolean":
                return lambda value: "true" if value else "false"
            case "instant":
                return instant
            case "integer" | "real" | "date":
                return str
            case "bytes":
                return bytes.hex
        return _quoted if raw else lambda value: _quoted(safe_cell(value))


def _quoted(text: str) -> str:
    if not text:
        return '""'
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text
