"""Ledger: what one leased page has come to, from the lease to its settlement.

It travels in `request.meta["page"]` through redirects and retries. When the callback's output is
exhausted and the item (if any) has left the pipelines, the ledger is settled, once, as one message
and so one transaction: state, article and discoveries together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from corpus.frontier import Found, Leased, Settle
from corpus.storing import StoredArticle
from corpus.visits import AFTER_FAILURE, HELD
from corpus.warc.captures import Capture, WarcPlace

MAX_HOPS = 5
RETRY_IN = (timedelta(0), timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=7))
"""After the first, second … run in which a page failed: when a later run may try it again."""
ROBOTS_RECHECK = timedelta(days=30)
"""When a page that robots.txt forbids is asked about again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state of design.md's `pages.state` and its reason."""

    state: str
    reason: str | None = None


@dataclass(slots=True)
class Ledger:
    """The books of one page while it is out."""

    row: Leased
    url: str
    """Where the chain of redirects has come to; at first the row's own address."""
    hops: list[str] = field(default_factory=list)
    verdict: Verdict | None = None
    """Set by whoever knows first why there is no article."""
    article: StoredArticle | None = None
    answers: list[Capture] = field(default_factory=list)
    """For the archive."""
    place: WarcPlace | None = None
    """Where the answer lies, once it was written although the row could not be."""
    found: list[Found] = field(default_factory=list)
    identity: Found | None = None
    """Set where the page turned out to be another article than the row."""
    listed_on: date | None = None
    due_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None

    pending: int = 0
    """Items in the pipelines."""
    fetched: bool = False
    """True once the request left for the downloader."""
    again: bool = False
    """The callback asked for the page again (a redirect's next hop)."""
    ended: bool = False
    error: BaseException | None = None
    done: bool = False

    def rule(self, state: str, reason: str | None = None) -> None:
        """Set the verdict, if none stands yet."""
        if self.verdict is None:
            self.verdict = Verdict(state, reason)

    def keep(self, answer: Capture | None, *, everything: bool) -> None:
        """Leave an answer to the archive: what became or could have become an article, redirects,
        and that what we hold is gone. With `everything` other errors, too."""
        if answer is None:
            return
        gone = answer.status in (404, 410) and self.row.article_id is not None
        if everything or gone or answer.status < 400:
            self.answers.append(answer)

    def conclusion(self) -> Verdict:
        """The state this page has come to."""
        if self.article is not None and self.error is None:
            return Verdict("stored")
        if self.error is not None:
            return Verdict("quarantined", f"exception: {type(self.error).__name__}: {self.error}")
        verdict = self.verdict or Verdict("quarantined", "no_article")
        if verdict.state == "missing" and self.row.article_id is not None:
            # It was there once: its text stays.
            return Verdict("gone", verdict.reason)
        return verdict

    def settlement(self, verdict: Verdict, *, portal: str, run_id: int, now: datetime) -> Settle:
        """What the writer has to write for `verdict`."""
        row, state, last_result = self.row, verdict.state, None
        if verdict.reason == "robots":
            self.due_at = now + ROBOTS_RECHECK
        elif state == "failed":
            self.due_at = now + RETRY_IN[min(row.attempts, len(RETRY_IN) - 1)]
        if row.article_id is not None and state not in ("stored", "gone", "duplicate"):
            # What we hold does not change because a revisit failed: `gone` stays so, too.
            last_result, state = state, row.state if row.state in HELD else "stored"
            if last_result == "queued":
                self.due_at = row.due_at
            elif verdict.reason != "robots":
                self.due_at = now + AFTER_FAILURE
        return Settle(
            portal=portal,
            run_id=run_id,
            page_id=row.id,
            key=row.key,
            state=state,
            reason=verdict.reason,
            last_result=last_result,
            due_at=self.due_at,
            article=self.article if state == "stored" else None,
            answers=self.answers,
            held=row.held,
            place=self.place,
            found=self.found,
            identity=self.identity,
            listed_on=self.listed_on,
            etag=self.etag,
            last_modified=self.last_modified,
        )
