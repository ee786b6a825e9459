"""The tour of `make demo`: the real crawl of a replica into corpus.db, then what came of it.

The corpus of the tour bears a mark beside it and holds the replica's addresses only. A corpus that
does not is left alone, by the tour and by `clean`.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from corpus.locations import project_root
from demo.portal import World, make_portal
from demo.server import Replica

SEED, PORTAL, ARTICLES = 1, "abamako", 250
MARK = "corpus.db.demo"
LOG = "corpus.db.demo.log"
FAST = (
    *("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"),
    *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"),
)
QUERIES = Path(__file__).parents[1] / "corpus" / "queries"
SUMMARY = (
    ("Articles by section", "sections"),
    ("by newspaper", "sources"),
    ("by month", "months"),
    ("What became of every address, and why", "pages"),
)
QUESTION = """\
select source, count(*) as articles, round(avg(word_count)) as words
from articles where section = 'Politique' and source is not null
group by source order by words desc limit 3"""
REJECTED = "select url from pages where state <> 'stored' order by state desc, url limit 1"

LAST_RUN = "select discovery_requests, article_requests, stored from runs order by id desc limit 1"
NEXT = """
Next, after `. .venv/bin/activate`:
  scrapy sql "select title, url from articles order by published_on desc limit 5"
  scrapy search "saison des pluies" --newest
  scrapy why <address>
  python -m demo page > page.html && scrapy try page.html
  make demo    again: what is held is not fetched a second time
  make clean   before you crawl the real site: corpus.db is the demo's now"""


class Refusal(Exception):
    """One line: what stands in the way, and the remedy."""


class Failure(Exception):
    """A step of the tour failed; its own message has been printed. `code` is its exit status."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code if code > 0 else 128 - code


def tour(root: Path | None = None) -> int:
    """Walk the tour in the project at `root` (default: of the working folder); the exit status:
    0, 2 where a corpus stands in the way, else that of the step that failed."""
    root = project_root(root)
    world = make_portal(SEED, PORTAL, ARTICLES)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        again = _own(root, world)
        with Replica([world]) as replica:
            _break_some(replica, world, healed=again)
            _show(_Steps(root, replica), again=again)
    except Refusal as refusal:
        print(f"demo: {refusal}", file=sys.stderr)
        return 2
    except Failure as failure:
        print(f"demo: stopped, exit {failure.code}; the log is {LOG}", file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        print("demo: interrupted; `make demo` goes on, `make clean` starts anew", file=sys.stderr)
        return 130
    return 0


def clean(root: Path | None = None) -> int:
    """Remove what the tour made, and nothing else; the exit status."""
    root = project_root(root)
    if not (root / MARK).exists():
        print("demo: nothing to remove")
        return 0
    try:
        _own(root, make_portal(SEED, PORTAL, ARTICLES))
    except Refusal as refusal:
        print(f"demo: nothing removed: {refusal}", file=sys.stderr)
        return 2
    shutil.rmtree(root / "archive", ignore_errors=True)
    # A cache: of whichever corpus it is, it is made anew.
    shutil.rmtree(root / "search", ignore_errors=True)
    for path in sorted(root.glob("corpus.db*"), key=lambda path: path.name == MARK):
        # The mark goes last: stopped in between, `clean` can be run again.
        if re.fullmatch(r"corpus\.db(-\w+|\.demo(\.log)?|\.\w+\.lock)?", path.name):
            path.unlink()
    return 0


def _own(root: Path, world: World) -> bool:
    """True where the corpus is the tour's already; else it is marked as such. Raises `Refusal`."""
    corpus, mark = root / "corpus.db", root / MARK
    if not mark.exists():
        for path in (corpus, root / "archive"):
            if path.exists():
                raise Refusal(
                    f"{path.name} is here and not the demo's; move it away, "
                    "or run the demo in a fresh clone"
                )
        mark.write_text("corpus.db and archive hold a replica's pages; `make clean` removes them\n")
    if not corpus.exists():
        return False
    if strangers := _addresses(root) - {_schemeless(url) for url in world.urls()}:
        raise Refusal(
            f"corpus.db was the demo's, but now holds {len(strangers)} other article(s), such as "
            f"{min(strangers)}; move corpus.db* and archive away"
        )
    return True


def _addresses(root: Path) -> set[str]:
    """Addresses, without their scheme, of the articles that the corpus holds."""
    from corpus.asking import BadStatement, NoCorpus, asking
    from corpus.database import Database, DatabaseProblem

    database = Database("sqlite:///corpus.db", root=root)
    try:
        with asking(database, "select url from articles") as answer:
            return {_schemeless(row[0]) for row in answer.rows}
    except NoCorpus:
        # Stopped before the first table was made.
        return set()
    except (BadStatement, DatabaseProblem) as problem:
        raise Refusal(f"{problem}; `make demo` needs a corpus it can read") from problem
    finally:
        database.dispose()


def _schemeless(url: str) -> str:
    """An article is the same by http and by https."""
    return url.partition("://")[2]


def _break_some(replica: Replica, world: World, *, healed: bool) -> None:
    """A few pages answer as pages of a real site do; one that is cut off is `healed` later."""
    paths = [url.partition(world.domain)[2] for url in world.urls()]
    for index in (20, 70):
        replica.set_fault("status", re.escape(paths[index]), status=404)
    for index in (40, 110, 190):
        replica.set_fault("soft_404", re.escape(paths[index]))
    replica.set_fault("redirect", re.escape(paths[90]), to="http://www.example.org/")
    if not healed:
        replica.set_fault("truncated", re.escape(paths[130]))


class _Steps:
    """Runs the project's own commands against the replica."""

    def __init__(self, root: Path, replica: Replica) -> None:
        self.root, self.replica = root, replica
        own = {
            "CORPUS_URL": "sqlite:///corpus.db",
            "ARCHIVE_DIR": "archive",
            "SEARCH_DIR": "search",
        }
        self.elsewhere = bool(os.environ.get("CORPUS_URL"))
        kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        self.environment = {**kept, **replica.environment(), **own, "PYTHONUTF8": "1"}

    def crawl(self) -> None:
        """Its output goes where errors go. Raises `Failure`."""
        log = ("--logfile", LOG, "-L", "INFO")
        ran = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", PORTAL, *FAST, *log],
            cwd=self.root,
            env=self.environment,
            stdout=sys.stderr,
            check=False,
        )
        if ran.returncode:
            raise Failure(ran.returncode)

    def sql(self, *arguments: str) -> str:
        """What `scrapy sql` prints: a plain table, unless the arguments ask for another format.
        Asked in this process, since a start of Python takes longer than all the answers. Raises
        `Failure`."""
        from scrapy.cmdline import execute

        os.chdir(self.root)
        os.environ.update(self.environment)
        printed = io.StringIO()
        try:
            with redirect_stdout(printed):
                execute(["scrapy", "sql", *arguments])
        except SystemExit as end:
            if end.code:
                raise Failure(int(end.code)) from end
        return printed.getvalue()

    def one(self, statement: str) -> dict[str, object]:
        """The first row of the answer, by column."""
        rows: list[dict[str, object]] = json.loads(self.sql("--format", "json", statement))
        return rows[0] if rows else {}


def _show(steps: _Steps, *, again: bool) -> None:
    say(
        f"This demo talks to itself: a replica of news.{PORTAL}.com with {ARTICLES} invented\n"
        f"articles, on {steps.replica.proxy_url}. No real site is asked, so the delay of one\n"
        "second a page is lifted; a real crawl keeps it."
    )
    say(f"\n$ scrapy crawl {PORTAL}   (its log: {LOG})")
    steps.crawl()
    if again:
        _say_what_was_new(steps)
    for title, name in SUMMARY:
        say(f"\n{title}   (corpus/queries/{name}.sql)\n")
        say(indented(steps.sql((QUERIES / f"{name}.sql").read_text("utf-8"))))
    say("\nWhich newspapers write longest about politics?\n")
    say(indented(f'$ scrapy sql "{QUESTION}"\n\n{steps.sql(QUESTION)}'))
    rejected = steps.one(REJECTED).get("url", f"http://news.{PORTAL}.com/")
    say(NEXT.replace("<address>", str(rejected)))
    if steps.elsewhere:
        say("\nCORPUS_URL is set here: unset it, or these commands ask that database instead.")


def _say_what_was_new(steps: _Steps) -> None:
    run = steps.one(LAST_RUN)
    say(
        f"\nThe corpus was here from an earlier demo: {run['discovery_requests']} listings read, "
        f"{run['article_requests']} article(s) fetched, {run['stored']} new."
    )
    if run["article_requests"]:
        say("What was fetched had failed or been left before; run it again and nothing is.")


def indented(text: str) -> str:
    """`text` two columns to the right, without the line break at its end."""
    return "\n".join(f"  {line}".rstrip() for line in text.rstrip("\n").split("\n"))


def say(text: str) -> None:
    """Print at once, so that it stands before what the next command prints."""
    print(text, flush=True)
