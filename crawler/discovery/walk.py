"""Walk: one section, listing page by listing page, newest first, until known ground.

Pure: it is told what each listing page held and what of it was unseen, and answers with the next
address or with the reason to stop. Who fetches, and who writes the position down, is
`crawler.discovery.sections`.

Known ground is a mark: the newest articles of the section's last walk that reached its end or an
earlier mark. A walk that was interrupted leaves a `Segment`: its own newest articles and the last
listing page it had read. The next walk takes the fresh pages, meets the newest segment's head,
jumps to that segment's position and goes on there, down to the mark.

A deep pass goes on some pages below the mark, for articles that were put in there late. The mark is
moved before it begins, so that an interruption costs no more than the pass.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crawler.parsing.listing import Listing, NextLink

HEAD_LENGTH = 40
"""How many of the newest keys make a mark: several, since any one may be deleted or pinned."""
RECENT_PAGES = 200
"""How many pages back a listing is compared with, to see that it repeats itself."""
QUIET_PAGES = 2
"""Listing pages without an unseen article that end a walk with neither mark nor position."""
EVIDENCE = 3
"""Keys of a mark that a page with unseen entries must show behind them, to have run into it: one or
two may be old articles that were moved up."""
ALTERNATIVES = 3
"""How many other «next page» links are tried when the best one does not behave."""


@dataclass(frozen=True, slots=True)
class Segment:
    """An unfinished earlier walk: its newest keys, the last page it read and its number."""

    head: tuple[str, ...]
    position: str
    page_number: int
    pushed: int = 0
    """Pages below the position that may hold nothing unseen before an older walk's own position,
    pushed down since, is reached."""

    def as_json(self) -> dict[str, Any]:
        """The shape kept in `sections.positions`."""
        kept = {"head": list(self.head), "position": self.position, "page": self.page_number}
        return kept | ({"pushed": self.pushed} if self.pushed else {})

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Segment:
        """Read back what `as_json` wrote."""
        pushed = int(value.get("pushed", 0))
        return cls(tuple(value["head"]), value["position"], int(value["page"]), pushed)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the user asked for; all None is an unbounded run."""

    since: date | None = None
    until: date | None = None
    limit: int | None = None

    @property
    def dated(self) -> bool:
        """True where the publication date decides."""
        return self.since is not None or self.until is not None

    def admits(self, day: date | None) -> bool:
        """True where an article of `day` is asked for; an unknown day has to be looked at."""
        if day is None:
            return True
        return not (self.since and day < self.since) and not (self.until and day > self.until)


@dataclass(frozen=True, slots=True)
class Step:
    """What to do after a page: fetch `url` as `page_number`, or stop for the reason `end`."""

    url: str | None = None
    page_number: int = 0
    end: str | None = None
    """`mark`, `end` (no next page), `known`, `repeat`: complete. `bounded`, `cap`, `failed`,
    `no_listing`: not complete, the position stands."""

    @property
    def complete(self) -> bool:
        """True where the walk reached the section's end or an earlier mark."""
        return self.end in ("mark", "end", "known", "repeat")


@dataclass(slots=True)
class Walk:
    """The state of one section's walk. `slug` and `url` name the section."""

    slug: str
    url: str
    mark: tuple[str, ...] = ()
    segments: list[Segment] = field(default_factory=list)
    bounds: Bounds = field(default_factory=Bounds)
    max_pages: int = 5000
    below: int = 0
    """Listing pages of a deep pass, below the mark and below the last unseen article there."""
    trusted: bool = False
    """A label or the portal's own class says that this is a section: however few articles its
    first page holds, they make a listing."""

    validators: dict[str, str | None] | None = None
    """Those of the first page, for the section's row once the walk is complete."""
    head: list[str] = field(default_factory=list)
    pages_read: int = 0
    position: str | None = None
    page_number: int = 0
    _recent: deque[frozenset[str]] = field(default_factory=lambda: deque(maxlen=RECENT_PAGES))
    _visited: set[str] = field(default_factory=set)
    _others: list[NextLink] = field(default_factory=list)
    _tried: NextLink | None = None
    _misled: set[str] = field(default_factory=set)
    """Pagination signs whose last link led nowhere: others go first, as long as that lasts."""
    _quiet: int = 0
    _patience: int = QUIET_PAGES
    _pushed: int = 0
    """Pages that may still lie between here and the position jumped to, see `Segment.pushed`."""
    _old_pages: int = 0
    _jump: tuple[Segment, list[NextLink]] | None = None
    """While the page jumped to is awaited: the segment, and the links to go on by without it."""
    _deep_left: int | None = None
    """Pages that a deep pass still has; None before the mark is reached."""

    def __post_init__(self) -> None:
        self._visited.add(self.url)

    def positions(self) -> list[dict[str, Any]]:
        """What `sections.positions` has to hold while this walk is unfinished."""
        if self.reached:
            return []
        open_ = [self._jump[0], *self.segments] if self._jump else self.segments
        if self.position and self.head:
            last = Segment(tuple(self.head), self.position, self.page_number, self._pushed)
            open_ = [last, *open_]
        return [segment.as_json() for segment in open_]

    @property
    def reached(self) -> bool:
        """True where the mark is reached and a deep pass goes on: the new mark stands already."""
        return self._deep_left is not None

    @property
    def jumping(self) -> bool:
        """True while the page jumped to is awaited: it must hold something seen before, see
        `gap`."""
        return self._jump is not None

    def gap(self) -> Step:
        """The page jumped to holds nothing seen before: so much has vanished that pages in between
        may be unseen. Go on page by page from where the jump was made."""
        assert self._jump is not None
        (segment, links), self._jump = self._jump, None
        self._visited.discard(segment.position)
        self._others = links
        return self._another("end")

    def refuse(self, listing: Listing) -> Step | None:
        """None where the page goes on with the section; else what to do instead: it is no listing,
        or it only repeats what this walk has read (the end, or a trap)."""
        keys = [entry.identity.key for entry in listing.main]
        few = self.trusted and listing.signs.get("entries") in ("pattern", "known_shape")
        if not keys or not (listing.is_listing or few):
            self.pages_read += 1
            return self._another("end" if self._recent else "no_listing")
        if self._repeats(keys):
            self.pages_read += 1
            return self._another("repeat")
        return None

    def arrive(self, listing: Listing, url: str, page_number: int) -> None:
        """Take note of a page before it is written down: head and position."""
        keys = [entry.identity.key for entry in listing.main]
        self.pages_read += 1
        self._jump = None
        self._visited.update((url, listing.url))
        self.position, self.page_number = url, page_number
        if len(self.head) < HEAD_LENGTH and page_number == len(self._recent) + 1:
            known = set(self.head)
            self.head.extend([k for k in keys if k not in known][: HEAD_LENGTH - len(self.head)])
        if self._tried is not None:
            self._misled.discard(self._tried.sign)
            self._tried = None
        self._recent.append(frozenset(keys))

    def advance(self, listing: Listing, unseen: AbstractSet[str], days: Sequence[date]) -> Step:
        """Decide after a page that was written down.

        `unseen`: main keys which this section had never shown before. `days`: publication days
        known of the newest page that tells any, from the listing itself or from the corpus.
        """
        keys = [entry.identity.key for entry in listing.main]
        self._quiet = 0 if unseen else self._quiet + 1
        self._pushed = 0 if unseen else max(0, self._pushed - 1)
        if self._deep_left is not None:
            self._deep_left = self.below if unseen else self._deep_left - 1
            return self._next(listing) if self._deep_left > 0 else Step(end="mark")
        if self.segments and self._meets(self.segments[0].head, keys, unseen):
            # Where a segment ends on this very page, what comes next is unknown: neither an older
            # segment nor the mark is looked for before the next page.
            if step := self._jump_over(self.segments.pop(0), listing):
                return step
        elif not self.segments and self._meets(self.mark, keys, unseen):
            if self.below <= 0:
                return Step(end="mark")
            self._deep_left = self.below
            return self._next(listing)
        if not self.mark and not self.segments and self._quiet >= self._patience:
            return Step(end="known")
        if self._past_bounds(days):
            return Step(end="bounded")
        return self._next(listing)

    def failed(self, otherwise: str) -> Step:
        """The page is not there: try another link that may be the next page, else `otherwise`."""
        return self._another(otherwise)

    def latest_keys(self) -> frozenset[str]:
        """Main keys of the last page read; empty before the first."""
        return self._recent[-1] if self._recent else frozenset()

    def may_move_mark(self) -> bool:
        """Only an unbounded walk moves the mark: a bounded one may have left articles out."""
        return self.bounds == Bounds()

    def _repeats(self, keys: list[str]) -> bool:
        """True where every main entry stood on an earlier page of this walk."""
        return bool(self._recent) and all(any(k in page for page in self._recent) for k in keys)

    def _meets(self, target: Sequence[str], keys: list[str], unseen: AbstractSet[str]) -> bool:
        """True where the page runs into `target`, a segment's head or the mark.

        Only what stands behind the last unseen entry counts, and on no earlier page of this walk:
        an article pinned to the top of every page ends nothing. Nor do one or two at the foot of
        a page with unseen ones, which may have been moved there: the next page tells.
        """
        last = max((i for i, key in enumerate(keys) if key in unseen), default=-1)
        earlier = list(self._recent)[:-1]
        behind = [k for k in keys[last + 1 :] if not any(k in page for page in earlier)]
        met = len(set(target).intersection(behind))
        return met >= (EVIDENCE if last >= 0 else 1)

    def _jump_over(self, segment: Segment, listing: Listing) -> Step | None:
        """Go to the segment's position; None where this walk is as deep already."""
        # Articles were pushed down since the position was saved, by at most the pages walked since.
        self._pushed = self.page_number + segment.page_number + segment.pushed
        self._patience = QUIET_PAGES + self._pushed
        self._quiet = 0
        if segment.page_number <= self.page_number or segment.position in self._visited:
            return None
        self._jump = (segment, self._ranked(listing))
        self._visited.add(segment.position)
        return Step(segment.position, segment.page_number)

    def _past_bounds(self, days: Sequence[date]) -> bool:
        """Two pages running on which every known day is before `since`: nothing more can match.
        One is not enough: an article may stand out of order."""
        since = self.bounds.since
        if since is None:
            return False
        if days:
            self._old_pages = self._old_pages + 1 if max(days) < since else 0
        return self._old_pages >= 2

    def _ranked(self, listing: Listing) -> list[NextLink]:
        links = [link for link in listing.next_links if link.url not in self._visited]
        return sorted(links, key=lambda link: link.sign in self._misled)[: 1 + ALTERNATIVES]

    def _next(self, listing: Listing) -> Step:
        if self.pages_read >= self.max_pages:
            return Step(end="cap")
        self._others = self._ranked(listing)
        return self._another("end")

    def _another(self, otherwise: str) -> Step:
        if self._tried is not None:
            self._misled.add(self._tried.sign)
        if self.pages_read >= self.max_pages:
            return Step(end="cap")
        while self._others:
            self._tried = self._others.pop(0)
            if self._tried.url not in self._visited:
                self._visited.add(self._tried.url)
                return Step(self._tried.url, self.page_number + 1)
        self._tried = None
        return Step(end=otherwise)
