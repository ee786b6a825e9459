"""Manifest: what stands beside an export, so that years later it can be made again and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from corpus.exporting.places import drafted, problems_of
from corpus.selection import Selection

FORMAT = 1
"""Of the manifest itself; raised when its names change."""


class BadManifest(Exception):
    """A file is no manifest of an export that can be made again. One line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported, and how it is written: all that making it again needs."""

    selection: Selection = Selection()  # noqa: RUF009 - frozen
    table: str = "articles"
    columns: tuple[str, ...] = ()
    """Of these columns, in this order; empty: all, as the table has them."""
    query: str | None = None
    """A statement of the user's own instead of all above."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What `:name` in that statement stands for."""
    partition: tuple[str, ...] = ()
    """A folder of Parquet files by these keys."""
    raw: bool = False
    """CSV: cells that look like formulas are left alone."""
    bom: bool = False
    """CSV: begins with the mark by which Excel knows UTF-8."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export."""

    path: str
    """Its name; in a folder its path there."""
    bytes: int
    rows: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What was exported, from what, by what, and what came of it."""

    export: str
    format: str
    wanted: Wanted
    titrologue: str
    schema_revision: str
    database: str
    """Its address, the password as `***`."""
    corpus_revision: int
    """All that changed up to this one is in it (`revisions.id`)."""
    made_at: str
    statement: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    """Of a snapshot: rows of each table."""
    extractor_revisions: dict[str, int] = field(default_factory=dict)
    """Parsers that read the rows, and how many of them."""
    libraries: dict[str, str] = field(default_factory=dict)
    """On what the bytes depend, beside the rows."""
    files: list[ExportedFile] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write it, whole or not at all, over an earlier one. Raises `Unwritable`."""
        record = {"manifest": FORMAT, **asdict(self)}
        text = json.dumps(record, ensure_ascii=False, indent=2, default=str)
        with drafted(path, force=True) as draft, problems_of(path):
            draft.write_text(f"{text}\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Raises `BadManifest`."""
        try:
            record = json.loads(path.read_text("utf-8"))
            if record.pop("manifest") != FORMAT:
                raise BadManifest(f"{path} is a manifest of another titrologue; update this one")
            record["wanted"] = _wanted(record["wanted"])
            record["files"] = [ExportedFile(**file) for file in record["files"]]
            found = cls(**record)
            if not found.export or Path(found.export).name != found.export:
                raise ValueError(found.export)
            return found
        except OSError as error:
            raise BadManifest(f"{path} cannot be read: {error.strerror or error}") from error
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise BadManifest(
                f"{path} is no manifest of an export, such as out.parquet.manifest.json"
            ) from error


def _wanted(record: dict[str, Any]) -> Wanted:
    selection = record.pop("selection")
    days = {
        name: value and date.fromisoformat(value)
        for name, value in selection.items()
        if name in ("since", "until")
    }
    chosen = _tuples(Selection, selection) | days
    return Wanted(selection=Selection(**chosen), **_tuples(Wanted, record))


def _tuples(kind: Any, record: dict[str, Any]) -> dict[str, Any]:
    """The values of `record`, lists as tuples; TypeError where one is no text."""
    known = {f.name for f in fields(kind)}
    found = {name: tuple(v) if isinstance(v, list) else v for name, v in record.items()}
    texts = [item for value in found.values() if isinstance(value, tuple) for item in value]
    texts += [
        item for value in found.values() if isinstance(value, dict) for item in value.values()
    ]
    if found.keys() - known or not all(isinstance(text, str) for text in texts):
        raise TypeError(sorted(found))
    return found
