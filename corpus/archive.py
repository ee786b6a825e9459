"""Archive: every answer that became or could have become an article, as WARC 1.1, on disk before
its row is committed.

One file a run, another when it is full or the day is over. It is written as `NAME.warc.gz.open` and
renamed when it is closed; the database has the final name from the start. A payload that is held
already is not written a second time: the record is a `revisit`. docs/archive.md says all of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from io import FileIO
from pathlib import Path
from tempfile import TemporaryFile

from corpus.archive_reading import NotInArchive, reference_at
from corpus.problems import Unwritable, one_line
from corpus.warc.building import Built, Reference, build, build_info, payload_digest
from corpus.warc.captures import Capture, WarcPlace
from corpus.warc.files import create, finish, make_folder, slug, sync_folder, write_all
from corpus.warc.index import Gathered, entry, lines_of, mime_of, write_index
from corpus.warc.records import as_text, members

__all__ = ["Archive", "Capture", "WarcPlace", "slug"]

FULL = 1 << 30
"""Bytes after which a file is closed and another one begun."""
REMEMBERED = 1024
"""Payloads of this run that a later answer is compared with: the «not found» page is one of them as
long as numbers are missing."""
FORMAT = (
    ("format", "WARC File Format 1.1"),
    (
        "conformsTo",
        "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    ),
)


class Archive:
    """The WARC files of one run. Used by the writer thread alone."""

    def __init__(
        self,
        directory: Path,
        portal: str,
        run_name: str,
        *,
        software: str = "titrologue",
        full: int = FULL,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`directory` is ARCHIVE_DIR. No file is created before the first page."""
        self.directory = directory
        self.portal = slug(portal)
        self.run_name = run_name
        self.bytes_written = 0
        """Bytes of all its files."""
        self._about = (("software", software), *FORMAT, ("isPartOf", self.portal))
        self._full, self._clock = full, clock
        self._known: OrderedDict[str, Reference] = OrderedDict()
        self._folder = directory / self.portal
        self._file: FileIO | None = None
        self._name = self._info_id = ""
        self._day: date | None = None
        self._index: Gathered | None = None
        self._unflushed = False

    def prepare(self) -> None:
        """Make the portal's folder and try a file in it, so that a run that could keep no page
        fetches none. Raises `Unwritable`."""
        try:
            with TemporaryFile(dir=make_folder(self.directory, self.portal)) as trial:
                trial.write(b"\0")
        except OSError as error:
            raise Unwritable(
                f"the archive cannot be written: {self._folder}: {error.strerror}; give ARCHIVE_DIR"
                " a folder that can, or set ARCHIVE=none"
            ) from error

    def problem(self, error: OSError) -> Unwritable:
        """What to tell of a write that failed for good."""
        free = "?"
        with contextlib.suppress(OSError):
            free = f"{shutil.disk_usage(self.directory).free:,}"
        return Unwritable(
            f"archive {self.directory} cannot be written: {one_line(error)} ({free} bytes free); "
            "free space or mend permissions, then run again"
        )

    def keep(self, answers: Sequence[Capture], held: WarcPlace | None = None) -> WarcPlace | None:
        """Append the answers to one page, the redirects that led to it first; return the place of
        the last. `held` is that of the answer held of this page: where its payload came again it
        is not written, and of a 304 it is what is returned. Raises OSError."""
        place = None
        for answer in answers:
            place = self.write(answer, held)
        return held if answers and answers[-1].status == 304 else place

    def write(self, capture: Capture, held: WarcPlace | None = None) -> WarcPlace:
        """Append an answer and its request; return the answer's place. Raises OSError."""
        out = self._open()
        start = out.tell()
        try:
            digest = payload_digest(capture.body)
            reference = self._reference(capture, digest, held)
            if capture.status == 304 and reference is not None and held is not None:
                digest = held.digest
            built = build(capture, digest, self._info_id, reference)
            # The request stands right behind, where whoever reads the answer finds it.
            write_all(out, built.answer)
            write_all(out, built.request)
        except BaseException:
            self._cut(start)
            raise
        self._unflushed = True
        self.bytes_written += len(built.answer) + len(built.request)
        place = WarcPlace(f"{self.portal}/{self._name}", start, len(built.answer), digest)
        self._note(capture, built, place, reference)
        return place

    def flush(self) -> None:
        """Make sure that what was written is on the disk."""
        if self._file is not None and self._unflushed:
            os.fsync(self._file.fileno())
            self._unflushed = False

    def close(self) -> None:
        """Flush, write the index, give the file its final name; a later write opens another.

        Raises OSError: then the file stays as it is, and the portal's next run mends it."""
        file, index = self._file, self._index
        if file is None:
            return
        try:
            self.flush()
            write_index(self._folder, self._name, self._lines(file, index))
            finish(self._folder, self._name)
        finally:
            file.close()
            self._file = self._index = None

    def _lines(self, file: FileIO, index: Gathered | None) -> list[str]:
        lines = index.lines() if index is not None else []
        if index is None or not index.whole:
            lines = lines_of(self._name, members(file))
        return lines

    def _reference(self, capture: Capture, digest: str, held: WarcPlace | None) -> Reference | None:
        """The record that holds this payload; None where it is to be written. A record that cannot
        be read again is nothing to refer to."""
        confirmed = capture.status == 304
        if not confirmed and (not capture.body or 300 <= capture.status < 400):
            return None
        if not confirmed and digest in self._known:
            self._known.move_to_end(digest)
            return self._known[digest]
        if held is None or not (confirmed or held.digest == digest):
            return None
        try:
            return reference_at(self.directory, held)
        except NotInArchive:
            return None

    def _note(
        self, capture: Capture, built: Built, place: WarcPlace, reference: Reference | None
    ) -> None:
        """Into the index, and into the memory of what is held."""
        types = (as_text(v) for name, v in capture.headers if name.lower() == b"content-type")
        if self._index is not None:
            self._index.add(
                entry(
                    self._name,
                    (place.offset, place.length),
                    url=built.url,
                    date=built.date,
                    mime=mime_of(next(types, None)) if reference is None else "warc/revisit",
                    status=capture.status,
                    digest=place.digest,
                )
            )
        if reference is None and capture.body:
            self._known[place.digest] = Reference(
                built.record_id, built.url, built.date, place.file, place.offset
            )
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def _open(self) -> FileIO:
        """The file to write to: a new one where there is none, it is full, or its day is over."""
        now = self._clock()
        if self._file is not None and (self._file.tell() >= self._full or now.date() != self._day):
            self.close()
        if self._file is None:
            folder = make_folder(self.directory, self.portal)
            base = f"{self.portal}-{now:%Y%m%dT%H%M%SZ}-{slug(self.run_name)}"
            file, name = create(folder, base)
            try:
                info, self._info_id = build_info(name, self._about, now)
                write_all(file, info)
                sync_folder(folder)
            except BaseException:
                file.close()
                (folder / f"{name}.open").unlink(missing_ok=True)
                raise
            self.bytes_written += len(info)
            self._file, self._name, self._day = file, name, now.date()
            self._index, self._unflushed = Gathered(folder), True
        return self._file

    def _cut(self, size: int) -> None:
        """Undo a write that failed half-way."""
        if self._file is None:
            return
        try:
            self._file.seek(size)
            self._file.truncate(size)
        except OSError:
            # Even that fails: this file is left with a torn tail, which the next run cuts.
            self._file.close()
            self._file = None
            if self._index is not None:
                self._index.lines()
                self._index = None
