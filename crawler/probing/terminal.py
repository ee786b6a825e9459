"""What the commands print: aligned plain lines, JSON lines, and one line for a refusal.

Plain text whatever the output is, so a pipe gets what a terminal shows.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn

from crawler.exit_codes import USAGE
from crawler.redaction import redact

# What moves a terminal's cursor or turns its text round: C0 and C1 controls, bidirectional marks.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """`text` as one line in which nothing speaks to the terminal: line breaks as ⏎, tabs as
    blanks, the rest of what is not shown as �."""
    return _UNSAFE.sub("�", text.replace("\r\n", "⏎").replace("\n", "⏎").replace("\t", " "))


def refuse(command: str, message: str, code: int = USAGE, *, below: Sequence[str] = ()) -> NoReturn:
    """End the process with one line on standard error, and the lines `below` that show what it
    speaks of."""
    line = f"scrapy {command}: {redact(' '.join(message.split()))}"
    for shown in (line, *map(redact, below)):
        print(shown.encode("utf-8", "backslashreplace").decode("utf-8"), file=sys.stderr)
    sys.exit(code)


def operands(command: str, args: Sequence[str]) -> list[str]:
    """The arguments that are no options; an unknown option is refused (Scrapy lets it pass)."""
    if args[:1] == ["--"]:
        return list(args[1:])
    for arg in args:
        # With a blank in it, it is no option: a statement that begins with a comment. - alone
        # means standard input.
        if arg.startswith("-") and arg != "-" and not any(map(str.isspace, arg)):
            refuse(command, f"no such option: {arg}; see scrapy {command} --help")
    return list(args)


def instant(command: str, text: str | None) -> datetime:
    """`--at` as an aware time; now where it is not given; UTC where it names no zone."""
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        refuse(command, f"--at {text!r} is no ISO 8601 instant, such as 2026-11-01T00:00Z")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def as_json(value: Any) -> str:
    """One line of JSON, French letters as they are, what `safe` hides as escapes."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def table(rows: Iterable[Sequence[str]], *, header: Sequence[str] = (), gap: int = 2) -> list[str]:
    """`rows` as lines with aligned columns; the last column is never padded."""
    cells = [list(header)] if header else []
    cells += [list(row) for row in rows]
    if not cells:
        return []
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return [
        (" " * gap)
        .join(cell if i == len(row) - 1 else cell.ljust(widths[i]) for i, cell in enumerate(row))
        .rstrip()
        for row in cells
    ]


def shorten(text: str, limit: int) -> str:
    """`text` on one line, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def printing(work: Callable[[], None]) -> None:
    """Run `work`, which prints: as UTF-8 whatever the locale, and silent where the reader has
    seen enough (`| head`)."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        work()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
