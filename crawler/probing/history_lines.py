"""What `scrapy history` prints: an article's life as lines for people, or as records for programs.

All text comes from pages, so every line passes `safe`; colours are added behind it, and only on a
terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from corpus.differences import QUIET, Hunk
from corpus.history import Change, Entry
from crawler.probing.terminal import safe, shorten, table

_COLOURS = {"-": "31", "+": "32", "~": "33", "head": "1", "quiet": "2"}
_TITLE = 90
Paint = Callable[[str, str], str]


def plain(line: str, name: str) -> str:
    """No colour."""
    return line


def coloured(line: str, name: str) -> str:
    """`line` in the colour of `name`."""
    code = _COLOURS.get(name)
    return f"\x1b[{code}m{line}\x1b[0m" if code else line


def head_lines(article: Mapping[str, Any], counts: Mapping[str, int]) -> list[str]:
    """What is known of the article as a whole. `counts`: cause → versions beyond the first."""
    edits, readings = counts.get("site", 0), counts.get("reading", 0)
    told = f"{article['version']} ({_number(edits, 'edit')} by the site"
    told += f", {_number(readings, 'better reading')} of ours)" if readings else ")"
    rows = [
        ("title", safe(shorten(article["title"] or "-", _TITLE))),
        ("address", safe(article["url"])),
        ("first seen", _time(article["first_seen_at"])),
        ("last seen", _time(article["last_seen_at"])),
        ("versions", told),
    ]
    if article["gone_at"] is not None:
        rows.append(("gone", f"{_time(article['gone_at'])}; its text is kept"))
    return table(rows)


def entry_lines(entry: Entry, paint: Paint, context: int) -> Iterator[str]:
    """One entry of the life: a headline, and for a version what changed, with `context` equal
    sentences on either side."""
    yield ""
    yield paint(_headline(entry), "head")
    change = entry.change
    if change is None or entry.old is None or entry.new is None:
        return
    if entry.event == "version" and entry.causes == ("reading",):
        yield "  NOT an edit by the site: the page is the same, we read it better"
    elif change.reader_changed and "site" in entry.causes:
        yield "  we read it otherwise than before, too: a part of this may be ours"
    if change.title != "equal":
        yield "  title"
        yield from _pair(entry.old["title"] or "", entry.new["title"] or "", change.title, paint)
    if any(hunk.kind != "equal" for hunk in change.hunks):
        yield f"  body: {_counted(change)}"
        yield from _body(change.hunks, paint, context)
    for name, (old, new) in change.fields.items():
        yield f"  {name}: {_value(old)} → {_value(new)}"


def edit_line(entry: Entry) -> str:
    """A silent edit as one line."""
    change, new = entry.change, entry.new
    assert change is not None
    assert new is not None
    ours = "  [we read it otherwise, too]" if change.reader_changed else ""
    return (
        f"{_time(new['fetched_at'])}  {change.name:<13}  {_signs(change):<11}  "
        f"version {new['version']}  {safe(entry.article['url'])}  "
        f"{safe(shorten(new['title'] or '-', _TITLE))}{ours}"
    )


def record(entry: Entry) -> dict[str, Any]:
    """The entry with the same keys whatever it is; what does not apply is null or empty."""
    article, old, new, change = entry.article, entry.old, entry.new, entry.change
    title = None
    if change is not None and old is not None and new is not None and change.title != "equal":
        title = {"kind": change.title, "old": old["title"], "new": new["title"]}
    fields = change.fields if change else {}
    hunks = [hunk for hunk in change.hunks if hunk.kind != "equal"] if change else []
    return {
        "portal": article["portal"],
        "key": article["key"],
        "url": article["url"],
        "event": entry.event,
        "at": _iso(entry.at),
        "run_id": entry.run_id,
        "reason": entry.reason,
        "version": new["version"] if new else None,
        "from_version": old["version"] if old else None,
        "fetched_at": _iso(new["fetched_at"]) if new else None,
        "cause": "+".join(entry.causes) or None,
        "class": change.name if change else None,
        "reader_changed": change.reader_changed if change else None,
        "title": title,
        "sentences": [
            {"kind": h.kind, "old": "".join(h.old), "new": "".join(h.new)} for h in hunks
        ],
        "fields": {name: {"old": _iso(a), "new": _iso(b)} for name, (a, b) in fields.items()},
    }


def _headline(entry: Entry) -> str:
    if entry.event == "gone":
        how = f" ({safe(entry.reason)})" if entry.reason else ""
        return f"{_time(entry.at)}  gone from the site{how}; its text is kept"
    if entry.event == "back":
        return f"{_time(entry.at)}  back on the site"
    assert entry.new is not None
    if entry.old is None or entry.change is None:
        return f"{_time(entry.new['fetched_at'])}  version {entry.new['version']}: first stored"
    by = {"site": "edited by the site", "reading": "read better by us"}
    name = entry.change.name
    if entry.event == "comparison":
        causes = " and ".join(by[cause] for cause in entry.causes) or "the same version"
        return f"version {entry.old['version']} to {entry.new['version']}, {causes}: {name}"
    told = by[entry.causes[0]]
    return f"{_time(entry.new['fetched_at'])}  version {entry.new['version']}, {told}: {name}"


def _body(hunks: Sequence[Hunk], paint: Paint, context: int) -> Iterator[str]:
    stretches = [(quiet, list(group)) for quiet, group in groupby(hunks, _is_quiet)]
    for place, (quiet, group) in enumerate(stretches):
        if quiet:
            equal = [sentence for hunk in group for sentence in hunk.new]
            first, last = place == 0, place + 1 == len(stretches)
            yield from _around(equal, paint, 0 if first else context, 0 if last else context)
            continue
        for hunk in group:
            if hunk.kind == "typo":
                yield from _pair("".join(hunk.old), "".join(hunk.new), "typo", paint)
                continue
            yield from (_line("-", sentence, paint) for sentence in hunk.old)
            yield from (_line("+", sentence, paint) for sentence in hunk.new)


def _is_quiet(hunk: Hunk) -> bool:
    return hunk.kind in QUIET


def _around(equal: Sequence[str], paint: Paint, behind: int, before: int) -> Iterator[str]:
    """Of equal sentences so many behind the last change and before the next; dots for the rest."""
    if behind + before >= len(equal):
        yield from (_line(" ", sentence, paint) for sentence in equal)
        return
    yield from (_line(" ", sentence, paint) for sentence in equal[:behind])
    if behind + before:
        yield paint("    …", "quiet")
    yield from (_line(" ", sentence, paint) for sentence in equal[len(equal) - before :])


def _pair(old: str, new: str, kind: str, paint: Paint) -> Iterator[str]:
    """A line that became another; a slip as one line, with what changed in brackets."""
    if kind == "typo":
        yield _line("~", _marked(old, new), paint)
        return
    if old:
        yield _line("-", old, paint)
    if new:
        yield _line("+", new, paint)


def _marked(old: str, new: str) -> str:
    """`new` with the words in which it differs from `old` as `[-old-]{+new+}`."""
    a, b = old.split(), new.split()
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    gone, come = " ".join(a[head : len(a) - tail]), " ".join(b[head : len(b) - tail])
    changed = (f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else "")
    return " ".join([*b[:head], changed, *b[len(b) - tail :]])


def _line(sign: str, text: str, paint: Paint) -> str:
    return paint(f"  {sign} {safe(text.strip())}", sign)


def _counted(change: Change) -> str:
    counts = (
        (change.sentences("new", "addition"), "added"),
        (change.sentences("old", "deletion"), "deleted"),
        (change.sentences("old", "rewrite"), "rewritten"),
        (change.sentences("old", "typo"), "corrected"),
    )
    told = ", ".join(f"{_number(n, 'sentence')} {done}" for n, done in counts if n)
    return told or "blanks and paragraphs only"


def _signs(change: Change) -> str:
    """`-2 +1 ~3`: sentences that went, came, and were corrected."""
    went = change.sentences("old", "deletion", "rewrite")
    came = change.sentences("new", "addition", "rewrite")
    return f"-{went} +{came} ~{change.sentences('old', 'typo')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _time(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")


def _iso(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _value(value: Any) -> str:
    return "-" if value in (None, "") else safe(str(_iso(value)))
