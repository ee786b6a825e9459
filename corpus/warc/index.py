"""Index: one CDXJ line for each answer of a WARC file, sorted, in a file beside it.

Byte by byte what cdxj-indexer would write, so any replay tool takes it. The lines are gathered
while the file is written, beyond a megabyte in an unnamed file of the same disk; where that fails,
or the process was killed, the WARC file itself is read.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import SpooledTemporaryFile

from corpus.warc.files import INDEX, OPEN, SUFFIX
from corpus.warc.records import BadRecord, Member, header
from corpus.warc.surts import surt

IN_MEMORY = 1 << 20
INDEXED = ("response", "revisit")


def entry(
    name: str,
    place: tuple[int, int],
    *,
    url: str,
    date: str,
    mime: str | None,
    status: int,
    digest: str,
) -> str:
    """The line for an answer at `place` (offset, length) of file `name`; `date`: its WARC-Date."""
    fields = {
        "url": url,
        "mime": mime,
        "status": str(status),
        "digest": digest,
        "length": str(place[1]),
        "offset": str(place[0]),
        "filename": name,
    }
    told = {field: value for field, value in fields.items() if value is not None}
    instant = "".join(c for c in date if c.isdigit())[:14]
    return f"{surt(url)} {instant} {json.dumps(told)}\n"


def mime_of(content_type: str | None) -> str | None:
    """`text/html` of `text/html; charset=utf-8`; None where there is no such header."""
    return None if content_type is None else re.split(r"[;\s]", content_type, maxsplit=1)[0]


def entry_of(name: str, member: Member) -> str | None:
    """The line for a record that was read; None for one that is not indexed."""
    record = member.record
    if record.type not in INDEXED:
        return None
    answer = record.http()
    mime = mime_of(header(answer.headers, "Content-Type"))
    return entry(
        name,
        (member.offset, member.length),
        url=record.get("WARC-Target-URI"),
        date=record.get("WARC-Date"),
        mime="warc/revisit" if record.type == "revisit" else mime,
        status=answer.status,
        digest=record.get("WARC-Payload-Digest"),
    )


def lines_of(name: str, found: Iterable[Member]) -> list[str]:
    """The lines for the records of a file; one that is no answer to HTTP has none."""
    lines = []
    for member in found:
        try:
            line = entry_of(name, member)
        except BadRecord:
            continue
        if line is not None:
            lines.append(line)
    return lines


def index_path(folder: Path, name: str) -> Path:
    """Where the index of WARC file `name` is."""
    return folder / (name.removesuffix(SUFFIX) + INDEX)


def write_index(folder: Path, name: str, lines: Iterable[str]) -> None:
    """Write the index of WARC file `name`: whole or not at all. Raises OSError."""
    path = index_path(folder, name)
    draft = path.with_name(path.name + OPEN)
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        with open(os.open(draft, flags, 0o666), "w", encoding="ascii", newline="") as file:
            file.writelines(sorted(set(lines)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


class Gathered:
    """The lines of a file that is being written."""

    def __init__(self, folder: Path) -> None:
        self.whole = True
        """False where a line was lost: the WARC file must be read instead."""
        self._file = SpooledTemporaryFile(  # noqa: SIM115  closed by who takes the lines
            IN_MEMORY, "w+", encoding="ascii", dir=str(folder)
        )

    def add(self, line: str) -> None:
        """Keep a line, if there is room on the disk."""
        if self.whole:
            try:
                self._file.write(line)
            except OSError:
                self.whole = False

    def lines(self) -> list[str]:
        """All of them, in no order; they are not kept any longer."""
        with self._file as file:
            try:
                file.seek(0)
                return file.readlines()
            except OSError:
                self.whole = False
                return []
