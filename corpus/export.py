"""Export: a part of the corpus as a file of another tool's, or a folder of them, with a manifest.

All of it is read from one snapshot, so that a crawl under way does not tear it, in an order that is
always the same, and streamed: memory does not grow with the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from corpus.asking import Ask, for_snapshot, snapshot
from corpus.database import Database
from corpus.exporting.answers import fields_of_answer, rows_of_answer
from corpus.exporting.copying import Copy
from corpus.exporting.fields import Field, Row, fields_of, put_in_order, read_as
from corpus.exporting.formats import Format, check_wanted, format_of
from corpus.exporting.manifest import BadManifest, ExportedFile, Manifest, Wanted
from corpus.exporting.partition import in_order, parts_of
from corpus.exporting.places import HashedFile, check_place, drafted, manifest_path, problems_of
from corpus.exporting.tables import TABLES, rows_of
from corpus.revisions import settled_revision
from corpus.selection import ARTICLES, Question, Selection, conditions, question, restricted

BATCH = 250
"""Rows that are converted at a time."""
READER = "extractor_revision"
_VERSION = "SELECT version_num FROM alembic_version"


class Export:
    """One export of `wanted` from `database` to `path`."""

    def __init__(
        self,
        database: Database,
        wanted: Wanted,
        path: Path,
        *,
        slug_of: Callable[[str], str],
        version: str,
    ) -> None:
        """`slug_of` gives the slug of a section's label, `version` is titrologue's.

        Raises `BadWanted`, `BadPlace` for what cannot be, and `MissingPyarrow`.
        """
        self.database, self.wanted, self.path = database, wanted, path
        self.format: Format = format_of(path, partitioned=bool(wanted.partition))
        check_wanted(wanted, self.format)
        self._slug_of, self._version = slug_of, version
        self._readers: Counter[str] = Counter()
        self.advance: Callable[[int], object] = lambda rows: None
        """Called with the number of rows that have been written since it was last called."""
        self.timeout = 0.0
        """Seconds after which the database gives up; 0: never."""

    def expected(self) -> int:
        """How many rows there are at most, for a progress line: of articles what a look at the
        index of portals and days tells, of another table all. Raises `DatabaseProblem`."""
        chosen = self.wanted.selection
        quick = Selection(portals=chosen.portals, since=chosen.since, until=chosen.until)
        counted = select(func.count()).select_from(TABLES[self.wanted.table])
        with self.database.problems(), self.database.reading() as connection:
            if self.wanted.table == "articles":
                counted = counted.where(*conditions(connection, quick, self._slug_of))
            return int(connection.execute(counted).scalar_one())

    def run(self, *, force: bool = False) -> Manifest:
        """Write it. `force`: over an earlier one of the same name.

        Raises `BadPlace`, `BadCondition`, `BadStatement` or a `DatabaseProblem`, `Unwritable` for
        the disk; then nothing has its name that had it not before.
        """
        beside = manifest_path(self.path)
        self.check(force=force)
        chosen = restricted(self.database, select(ARTICLES), self.wanted.selection, self._slug_of)
        manifest = self._begin()
        folder = bool(self.wanted.partition)
        with snapshot(self.database, timeout=self.timeout) as ask:
            manifest.schema_revision = next(iter(ask(_VERSION).rows))[0]
            with drafted(self.path, folder=folder, force=force) as draft:
                self._write_all(manifest, ask, chosen, draft)
                # Never beside another's: an export without a manifest is whole all the same.
                with problems_of(beside):
                    beside.unlink(missing_ok=True)
        manifest.rows = sum(file.rows for file in manifest.files)
        manifest.extractor_revisions = dict(sorted(self._readers.items()))
        manifest.write(beside)
        return manifest

    def check(self, *, force: bool = False) -> None:
        """Raise `BadPlace` where it cannot have its name."""
        check_place(self.path, force=force, ours=bool(self.wanted.partition) and is_ours(self.path))

    def _begin(self) -> Manifest:
        return Manifest(
            export=self.path.name,
            format=self.format.name,
            wanted=self.wanted,
            titrologue=self._version,
            schema_revision="",
            database=self.database.display,
            corpus_revision=settled_revision(self.database),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            libraries=self.format.libraries(),
        )

    def _write_all(self, manifest: Manifest, ask: Ask, chosen: Select[Any], draft: Path) -> None:
        name = self.path.name
        chosen_or_all = None if self.wanted.selection == Selection() else chosen
        if self.format.kind == "db":
            with problems_of(self.path):
                copy = Copy(self.database, ask, draft, self.advance)
                manifest.tables = copy.run(chosen_or_all)
            self._readers.update(copy.readers)
            manifest.files.append(copy.as_file(name))
        elif self.wanted.query is not None:
            query, values = for_snapshot(self.database, self.wanted.query, self.wanted.parameters)
            manifest.statement, manifest.parameters = query, values
            fields = fields_of_answer(ask(query, values))
            rows = rows_of_answer(ask(query, values), fields)
            manifest.files.append(self._write(draft, name, fields, rows))
        elif self.wanted.partition:
            self._write_parts(manifest, ask, chosen, draft)
        else:
            fields = fields_of(TABLES[self.wanted.table], self.wanted.columns)
            asked, rows = self._ask(ask, fields, rows_of(self.wanted.table, chosen_or_all))
            manifest.statement, manifest.parameters = asked.statement, asked.parameters
            manifest.files.append(self._write(draft, name, fields, rows))

    def _write_parts(self, manifest: Manifest, ask: Ask, chosen: Select[Any], draft: Path) -> None:
        keys = self.wanted.partition
        fields = [
            field
            for field in fields_of(ARTICLES, self.wanted.columns)
            # As everywhere in such folders: what stands in the path does not stand in the files.
            if field.name not in keys
        ]
        listed = question(self.database, parts_of(keys, chosen, self.database.dialect))
        manifest.statement, manifest.parameters = listed.statement, listed.parameters
        found = [tuple(row) for row in ask(listed.statement, listed.parameters).rows]
        for part in in_order(keys, found):
            path = draft.joinpath(part.path)
            with problems_of(self.path):
                path.parent.mkdir(parents=True, exist_ok=True)
            # By day, then by number: the index of portals and days has them so.
            statement = chosen.where(part.condition).order_by(
                ARTICLES.c.published_on, ARTICLES.c.id
            )
            _, rows = self._ask(ask, fields, statement)
            manifest.files.append(self._write(path, str(part.path), fields, rows))

    def _ask(
        self, ask: Ask, fields: Sequence[Field], statement: Select[Any]
    ) -> tuple[Question, Iterator[Row]]:
        """The question for `fields` of the rows of `statement`, and its rows."""
        table = TABLES[self.wanted.table]
        names = [field.name for field in fields]
        hidden = READER in table.c and READER not in names
        columns = [table.c[name] for name in names] + ([table.c[READER]] if hidden else [])
        dialect = self.database.dialect
        wanted = statement.with_only_columns(*(read_as(column, dialect) for column in columns))
        asked = question(self.database, wanted)
        rows = iter(ask(asked.statement, asked.parameters).rows)
        if READER in table.c:
            rows = self._tallied(rows, len(names) if hidden else names.index(READER), hidden=hidden)
        return asked, rows

    def _tallied(self, rows: Iterable[Row], place: int, *, hidden: bool) -> Iterator[Row]:
        """The rows, with a note of who read them."""
        readers = self._readers
        for row in rows:
            readers[str(row[place])] += 1
            yield row[:place] if hidden else row

    def _write(
        self, path: Path, shown: str, fields: Sequence[Field], rows: Iterator[Row]
    ) -> ExportedFile:
        count = 0
        ordered = put_in_order(fields)
        with problems_of(self.path), HashedFile(path) as file:
            with self.format.writing(file, fields, raw=self.wanted.raw, bom=self.wanted.bom) as to:
                while batch := list(islice(rows, BATCH)):
                    to.write(ordered(batch))
                    count += len(batch)
                    self.advance(len(batch))
            digest = file.finish()
            return ExportedFile(shown, file.size, count, digest)


def is_ours(folder: Path) -> bool:
    """True for a folder that holds what its manifest beside it names, and nothing else."""
    try:
        named = {file.path for file in Manifest.read(manifest_path(folder)).files}
    except BadManifest:
        return False
    held = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    return held <= named
