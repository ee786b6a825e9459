"""Quality and cost of reading a page: titrologue against five extractors, same pages, same gold.

Run `python -m benchmarks.extraction` from the project's folder; see docs/quality.md. The peers are
installed into `.benchmarks/` when they are first needed.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from benchmarks.pagesets.general import LAYOUTS, general_pages
from benchmarks.pagesets.gold import GoldPage
from benchmarks.pagesets.mutated import MutatedPage, mutated_pages
from benchmarks.pagesets.replica import replica_pages
from benchmarks.peer_processes import Peer, PeerAbsent
from benchmarks.peers import PEERS
from benchmarks.readings import Reading, Titrologue, decoded
from benchmarks.scoring import COLUMNS, Score, score, summary
from benchmarks.timing import costs

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "quality.md"
BEGIN, END = "<!-- extraction: begin -->", "<!-- extraction: end -->"


def page_sets(pages: int, seed: int) -> dict[str, list[GoldPage]]:
    """The three sets. The general one has `pages` or a few more, as many of each layout."""
    each = -(-pages // len(LAYOUTS))
    return {
        "replica": list(replica_pages(seed, pages)),
        "mutated": list(mutated_pages(seed, pages)),
        "general": list(general_pages(seed, each)),
    }


def scores_of(read: Callable[[GoldPage], Reading], pages: Iterable[GoldPage]) -> list[Score]:
    """Every page read and scored."""
    return [score(page, read(page)) for page in pages]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def quality(
    sets: dict[str, list[GoldPage]],
    own: Titrologue,
    own_scores: dict[str, list[Score]],
    peers: Sequence[Peer],
    absent: dict[str, str],
) -> Iterator[str]:
    """A table for each set: one row a tool, absent ones included."""
    for name, pages in sets.items():
        yield f"### The {name} set, {len(pages)} pages"
        yield ""
        rows = [["titrologue", *summary(own_scores[name], own.fields)]]
        for peer in peers:
            rows.append([peer.name, *summary(scores_of(_peer_reader(peer), pages), peer.fields)])
        rows += [
            [peer, f"absent: {why}", *[""] * (len(COLUMNS) - 1)] for peer, why in absent.items()
        ]
        yield from table(("tool", *COLUMNS), rows)


def _peer_reader(peer: Peer) -> Callable[[GoldPage], Reading]:
    return lambda page: Reading.of(peer.read(decoded(page), page.url))


def groups(scores: Iterable[Score]) -> dict[str, list[Score]]:
    """The scores of each mutation, or of each layout of the general set."""
    found: dict[str, list[Score]] = {}
    for one in scores:
        page = one.page
        for name in page.mutations if isinstance(page, MutatedPage) else (page.layout,):
            found.setdefault(name, []).append(one)
    return dict(sorted(found.items()))


def parts(title: str, scores: list[Score], own: Titrologue) -> Iterator[str]:
    """titrologue alone, by mutation or by layout."""
    yield f"### titrologue by {title}"
    yield ""
    rows = [
        [name, str(len(some)), *summary(some, own.fields)] for name, some in groups(scores).items()
    ]
    yield from table((title, "pages", *COLUMNS), rows)


def speed(own: Titrologue, peers: Sequence[Peer], pages: int, rounds: int) -> Iterator[str]:
    """The table of CPU times."""
    yield f"### CPU time of a page of about 60 KB, {pages} pages, {rounds} rounds"
    yield ""
    rows = [
        [c.name, f"{c.ms:.3f}", f"{c.least:.3f}–{c.most:.3f}", f"{c.ratio:.3f}"]
        for c in costs(own, peers, pages=pages, rounds=rounds)
    ]
    yield from table(("way", "CPU ms, median", "of the rounds", "× lxml parse"), rows)


def dump(folder: Path, scores: dict[str, list[Score]]) -> None:
    """Write every page that titrologue read wrong, and what it should have read, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, some in scores.items():
        for number, one in enumerate(some):
            if not one.faults:
                continue
            base = folder / f"{name}-{number:04}-{'-'.join(one.faults)}"
            base.with_suffix(".html").write_bytes(one.page.html)
            told = {
                "url": one.page.url,
                "content_type": one.page.content_type,
                "fetched_at": one.page.fetched_at.isoformat(),
                "layout": one.page.layout,
                "mutations": getattr(one.page, "mutations", ()),
                "f1": one.f1,
                "leaks": one.leaks,
                "gold": asdict(one.page.gold),
                "read": asdict(one.reading),
            }
            text = json.dumps(told, ensure_ascii=False, indent=1)
            base.with_suffix(".json").write_text(text, "utf-8")


def write(lines: list[str]) -> None:
    """Put the tables between the two marks of docs/quality.md."""
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    told = "\n".join(lines)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{told}\n{END}{after}", "utf-8")


def start(names: Iterable[str], stack: ExitStack) -> tuple[list[Peer], dict[str, str]]:
    """The peers that run, and why the others do not."""
    peers, absent = [], {}
    for name in names:
        try:
            peers.append(stack.enter_context(Peer(name)))
        except PeerAbsent as error:
            absent[name] = str(error)
    return peers, absent


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The command's options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("--pages", type=int, default=300, help="of each set")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5, help="of the timing")
    parser.add_argument("--peers", default=",".join(PEERS), help="names joined by commas, or none")
    parser.add_argument("--markdown", action="store_true", help="write into docs/quality.md")
    parser.add_argument("--dump", type=Path, help="folder for the pages that were read wrong")
    told = parser.parse_args(given)
    told.peers = [name.strip() for name in told.peers.split(",") if name.strip()]
    if unknown := set(told.peers) - set(PEERS):
        parser.error(f"no such peer: {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    return told


def main(given: Sequence[str]) -> None:
    """See the module."""
    asked = arguments(given)
    own = Titrologue()
    with ExitStack() as stack:
        peers, absent = start(asked.peers, stack)
        lines = [
            f"Python {platform.python_version()}, seed {asked.seed}, `--pages {asked.pages}`.",
            "",
            *speed(own, peers, min(20, asked.pages), asked.rounds),
        ]
        sets = page_sets(asked.pages, asked.seed)
        scores = {name: scores_of(own.read, pages) for name, pages in sets.items()}
        lines += quality(sets, own, scores, peers, absent)
    lines += parts("mutation", scores["mutated"], own)
    lines += parts("layout", scores["general"], own)
    print("\n".join(lines))
    if asked.dump:
        dump(asked.dump, scores)
    if asked.markdown:
        write(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
