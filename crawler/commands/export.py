"""`scrapy export`: a part of the corpus as Parquet, JSON lines, CSV, or a SQLite database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from scrapy.commands import ScrapyCommand

from corpus.asking import BadStatement
from corpus.database import DatabaseProblem
from corpus.export import Export
from corpus.exporting.again import Comparison, compare
from corpus.exporting.formats import NAMES, BadWanted
from corpus.exporting.manifest import BadManifest, Manifest, Wanted
from corpus.exporting.parquet import MissingPyarrow
from corpus.exporting.partition import BadPartition
from corpus.exporting.places import BadPlace, manifest_path
from corpus.selection import BadCondition
from corpus.space import require_free
from crawler import __version__
from crawler.exit_codes import DRIFT, INTERRUPTED, UNWRITABLE
from crawler.portals.sections import section_slug
from crawler.probing.held import corpus_of
from crawler.probing.progress import counting
from crawler.probing.terminal import operands, printing, refuse
from crawler.processes import stoppable
from crawler.selection_options import add_selection, must_have_portals, selection_of

REFUSALS = (BadCondition, BadPartition, BadPlace, BadStatement, BadWanted, MissingPyarrow)
"""What ends an export with one line and exit code 2."""


class Command(ScrapyCommand):
    """Reads the corpus; makes no request and changes no row."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy export` in the usage line."""
        return "[options] <file>"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Write articles to a file for other tools: Parquet, JSONL, CSV, SQLite"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            f"Write articles, or another table, to a file whose end says the format: {NAMES}. "
            "A .db is a copy of the articles and all that belongs to them, with full-text search, "
            "for sqlite3 and Datasette. The file is there whole or not at all; a manifest beside "
            "it (FILE.manifest.json) says what it holds, so that it can be made again. Examples: "
            "scrapy export out.parquet --since 2020 --section politique; "
            "scrapy export corpus --partition portal,year; "
            'scrapy export long.csv --where "word_count > 1000" --columns portal,title,body; '
            "scrapy export snapshot.db --portal abamako. More: docs/export.md"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        add_selection(parser)
        group = parser.add_argument_group("what of them, and how")
        group.add_argument("--columns", metavar="NAME,…", help="only these, in this order")
        group.add_argument(
            "--table",
            metavar="NAME",
            default="articles",
            help="another table: its rows that belong to the articles chosen (docs/corpus.md)",
        )
        group.add_argument(
            "--query", metavar="SQL", help="the answer to this statement, which can only read"
        )
        group.add_argument(
            "--partition",
            metavar="KEY,…",
            help="a folder of Parquet files by portal, year and month",
        )
        group.add_argument(
            "--raw",
            action="store_true",
            help="csv: leave cells that look like formulas as they are",
        )
        group.add_argument("--bom", action="store_true", help="csv: so that Excel reads accents")
        group.add_argument("--force", action="store_true", help="replace a file that is there")
        group.add_argument(
            "--again",
            metavar="MANIFEST",
            help="make the export of a manifest again, compare the rows, and keep it as <file>, if "
            "one is named; exit 10 where they differ",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also where nothing is chosen; 2 for a wrong argument or file name; 3 for the
        disk; 8 for the database; 11 stopped, with nothing left half."""
        assert self.settings is not None
        given = operands("export", args)
        wanted = _wanted(opts)
        if opts.again is not None:
            return self._again(given, opts, wanted)
        if len(given) != 1:
            refuse("export", "one file, e.g. scrapy export out.parquet")
        path = Path(given[0]).absolute()
        manifest = self._export(wanted, path, force=opts.force)
        _tell(manifest, given[0])

    def _export(self, wanted: Wanted, path: Path, *, force: bool) -> Manifest:
        """Make an export. Ends the process with one line where it cannot be."""
        assert self.settings is not None
        try:
            with corpus_of(self.settings) as database, stoppable():
                must_have_portals("export", database, wanted.selection)
                export = Export(database, wanted, path, slug_of=section_slug, version=__version__)
                export.check(force=force)
                require_free({"the export": path}, self.settings.getint("MIN_FREE_MB"))
                if wanted.query is not None:
                    # Of how many, nobody knows.
                    return export.run(force=force)
                with counting("exported", export.expected(), "rows") as counter:
                    export.advance = counter.advance
                    return export.run(force=force)
        except REFUSALS as bad:
            refuse("export", f"--where: {bad}" if isinstance(bad, BadCondition) else str(bad))
        except DatabaseProblem as problem:
            refuse("export", str(problem), problem.exit_code)
        except KeyboardInterrupt:
            refuse("export", "stopped; nothing was left half", INTERRUPTED)

    def _again(self, given: Sequence[str], opts: argparse.Namespace, wanted: Wanted) -> None:
        if len(given) > 1 or wanted != Wanted():
            refuse("export", "--again: the manifest says what; only a file may be named beside it")
        source = Path(opts.again).absolute()
        try:
            before = Manifest.read(source)
        except BadManifest as bad:
            refuse("export", f"--again: {bad}")
        earlier = source.with_name(before.export)
        with ExitStack() as stack:
            if given:
                later = Path(given[0]).absolute()
                if later == earlier:
                    refuse("export", "--again: name another file, so that the two can be compared")
            else:
                folder = stack.enter_context(scratch(source.parent))
                later = folder / Path(before.export).name
            now = self._export(before.wanted, later, force=opts.force)
            found = compare(before, earlier, now, later)
        printing(lambda: print(f"{before.export}: {_difference(before, now, found)}"))
        if not found.same:
            self.exitcode = DRIFT


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A folder for an export that is only compared; beside the earlier one, where space is."""
    try:
        with TemporaryDirectory(prefix=".again.", dir=parent) as name:
            yield Path(name)
    except OSError as error:
        refuse("export", f"{parent} cannot be written: {error.strerror}", UNWRITABLE)


def _difference(before: Manifest, now: Manifest, found: Comparison) -> str:
    revisions = f"revision {before.corpus_revision} then, {now.corpus_revision} now"
    if found.same_bytes:
        return f"the same, byte for byte: {now.rows} rows; {revisions}"
    if found.same:
        return f"the same {now.rows} rows, in other bytes; {revisions}"
    counts = f"{before.rows} rows then, {now.rows} now"
    if found.only_before is None:
        return f"differs: {counts}; what was exported then is not there to be compared; {revisions}"
    return (
        f"differs: {counts}; {found.only_before} of then are gone or other, {found.only_now} of "
        f"now are new or other; {revisions}"
    )


def _tell(manifest: Manifest, shown: str) -> None:
    if not manifest.rows:
        print("scrapy export: nothing is chosen; the file is without rows", file=sys.stderr)
    files = f" in {len(manifest.files)} files" if manifest.wanted.partition else ""
    size = sum(file.bytes for file in manifest.files)
    what = "articles" if manifest.format == "db" else "rows"
    printing(
        lambda: print(
            f"{shown}: {manifest.rows} {what}{files}, {size / 1e6:.1f} MB; "
            f"manifest: {manifest_path(Path(shown))}"
        )
    )


def _wanted(opts: argparse.Namespace) -> Wanted:
    """The options, checked as far as they can be without the corpus."""
    for name in ("columns", "partition", "query"):
        value = getattr(opts, name)
        if value is not None and not value.strip(" ,"):
            refuse("export", f"--{name} is empty; leave it out, or see scrapy export --help")
    return Wanted(
        selection=selection_of("export", opts),
        table=opts.table.strip(),
        columns=_names(opts.columns),
        query=opts.query,
        partition=_names(opts.partition),
        raw=opts.raw,
        bom=opts.bom,
    )


def _names(given: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (given or "").split(",") if part.strip())
