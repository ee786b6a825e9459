"""Walk: a section is read down to known ground, however often it is cut off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.walk import Bounds, Segment, Step, Walk
from crawler.parsing.listing import Entry, Listing, NextLink
from crawler.portals.base import Identity

HOME = "http://news.example.com/politique"


@dataclass
class Portal:
    """A section as its publisher sees it: numbers, newest first, `size` to a page."""

    numbers: list[int]
    size: int = 10
    pinned: tuple[int, ...] = ()
    sunk: tuple[int, ...] = ()
    """Old articles put at the foot of the first page."""
    overrun: str = "empty"
    known: set[str] = field(default_factory=set)
    positions: list[dict] = field(default_factory=list)
    mark: list[str] = field(default_factory=list)
    requests: int = 0

    def page(self, url: str) -> Listing:
        number = int(url.partition("?p=")[2] or 1)
        last = max(1, -(-len(self.numbers) // self.size))
        if number > last and self.overrun == "last":
            number = last
        start = (number - 1) * self.size
        shown = [*self.pinned, *self.numbers[start : start + self.size]]
        shown += self.sunk if number == 1 else ()
        link = () if number >= last else (NextLink(f"{HOME}?p={number + 1}", "words"),)
        if self.overrun != "empty":
            link = (NextLink(f"{HOME}?p={number + 1}", "words"),)
        return listing(url, shown, link)


def listing(url: str, numbers: list[int], links: tuple[NextLink, ...] = ()) -> Listing:
    entries = []
    for n in dict.fromkeys(numbers):
        identity = Identity("x", "news", "h", n, f"http://news.example.com/h/{n}.html", str(n))
        entries.append(Entry(identity, f"Titre {n}", None, None, True))
    return Listing(
        url=url,
        entries=tuple(entries),
        next_links=links,
        sections=(),
        label=None,
        signs={"entries": "pattern"},
        is_listing=bool(entries),
    )


def run(
    portal: Portal, *, pages: int | None = None, bounds: Bounds | None = None, below: int = 0
) -> str | None:
    """Walk as the strategy does; `pages` cuts the run off after so many listing pages, `below` are
    the pages of a deep pass."""
    walk = Walk(
        "politique",
        HOME,
        tuple(portal.mark),
        [Segment.from_json(p) for p in portal.positions],
        bounds or Bounds(),
        below=below,
    )
    url, number, read = HOME, 1, 0
    while pages is None or read < pages:
        page = portal.page(url)
        portal.requests += 1
        read += 1
        step: Step | None = walk.refuse(page)
        if step is None and walk.jumping and not {e.identity.key for e in page.main} & portal.known:
            step = walk.gap()
            portal.positions = walk.positions()
        if step is None:
            walk.arrive(page, url, number)
            keys = {e.identity.key for e in page.main}
            unseen = keys - portal.known
            portal.known |= keys
            portal.positions = walk.positions()
            step = walk.advance(page, unseen, [])
        if (step.complete or walk.reached) and walk.may_move_mark():
            portal.mark, portal.positions = list(walk.head), []
        if step.url is None:
            return step.end
        url, number = step.url, step.page_number
        assert portal.requests < 2000
    return None


def test_walk_reads_to_the_end_when_nothing_is_known():
    portal = Portal(list(range(100, 0, -1)))
    assert run(portal) == "end"
    assert portal.known == {str(n) for n in range(1, 101)}
    assert portal.mark[0] == "100"


def test_walk_costs_one_page_when_nothing_is_new():
    portal = Portal(list(range(100, 0, -1)))
    run(portal)
    portal.requests = 0
    assert run(portal) == "mark"
    assert portal.requests == 1


def test_walk_takes_fresh_pages_then_its_position_when_it_was_cut_off():
    portal = Portal(list(range(300, 0, -1)))
    assert run(portal, pages=2) is None
    portal.numbers[:0] = [303, 302, 301]
    assert run(portal) == "end"
    assert portal.known == {str(n) for n in range(1, 304)}
    # One fresh page, then the page of the position again: not the whole section twice.
    assert portal.requests <= 2 + 1 + 31


def test_walk_ends_at_the_mark_when_a_pinned_article_heads_every_page():
    portal = Portal(list(range(100, 0, -1)), pinned=(7,))
    run(portal)
    portal.numbers[:0] = list(range(125, 100, -1))
    portal.requests = 0
    assert run(portal) == "mark"
    assert portal.known == {str(n) for n in range(1, 126)}
    assert portal.requests == 3


def test_old_article_at_the_foot_of_a_page_is_no_mark():
    portal = Portal(list(range(100, 0, -1)))
    run(portal)
    portal.numbers[:0] = list(range(125, 100, -1))
    portal.sunk = (99, 97)
    assert run(portal) == "mark"
    assert portal.known == {str(n) for n in range(1, 126)}


def test_back_dated_article_among_those_on_top_ends_nothing():
    portal = Portal(list(range(100, 0, -1)))
    run(portal)
    # Twelve new ones; two of those held were moved up among them.
    portal.numbers = [112, 98, *range(111, 104, -1), 96, *range(104, 100, -1), *portal.numbers]
    portal.numbers = list(dict.fromkeys(portal.numbers))
    run(portal)
    assert portal.known == {str(n) for n in range(1, 113)}


def test_deep_pass_goes_on_below_the_mark_and_finds_what_was_put_there():
    portal = Portal(list(range(200, 0, -1)))
    run(portal)
    portal.numbers[35:35] = [301]
    assert run(portal) == "mark"
    assert "301" not in portal.known
    portal.requests = 0
    assert run(portal, below=5) == "mark"
    assert "301" in portal.known
    # Five pages below that of the mark, and five below the find.
    assert portal.requests == 1 + 3 + 5


def test_deep_pass_that_is_cut_off_leaves_the_new_mark_and_no_position():
    portal = Portal(list(range(200, 0, -1)))
    run(portal)
    portal.numbers[:0] = [203, 202, 201]
    assert run(portal, pages=3, below=5) is None
    assert (portal.mark[:3], portal.positions) == (["203", "202", "201"], [])
    portal.requests = 0
    assert run(portal) == "mark"
    assert portal.requests == 1


@pytest.mark.parametrize("overrun", ["last", "none"])
def test_walk_stops_soon_when_next_never_ends(overrun):
    portal = Portal(list(range(50, 0, -1)), overrun=overrun)
    assert run(portal) in ("repeat", "end")
    assert portal.known == {str(n) for n in range(1, 51)}
    assert portal.requests <= 5 + 3


def test_walk_goes_back_when_what_it_had_read_has_vanished():
    portal = Portal(list(range(300, 0, -1)))
    run(portal, pages=10)
    # 60 of the articles it had read are deleted: page 10 now holds only what it never saw.
    portal.numbers = [n for n in portal.numbers if n > 280 or n <= 220]
    run(portal)
    assert {str(n) for n in portal.numbers} <= portal.known


def test_walk_goes_on_behind_a_bounded_run():
    portal = Portal(list(range(200, 0, -1)))
    assert run(portal, pages=4, bounds=Bounds(limit=30)) is None
    assert portal.mark == []
    assert run(portal) == "end"
    assert portal.known == {str(n) for n in range(1, 201)}


def test_bounded_walk_stops_after_two_old_pages_and_leaves_the_mark():
    walk = Walk("p", HOME, bounds=Bounds(since=date(2024, 3, 1)))
    ends = []
    for number in range(1, 6):
        page = listing(HOME, [number], (NextLink(f"{HOME}?p={number + 1}", "words"),))
        assert walk.refuse(page) is None
        walk.arrive(page, HOME, number)
        day = date(2024, 3, 20) - timedelta(days=12 * number)
        ends.append(walk.advance(page, {str(number)}, [day]).end)
        if ends[-1]:
            break
    assert ends == [None, None, "bounded"]
    assert not walk.may_move_mark()


def test_walk_tries_another_link_when_the_best_is_no_listing():
    walk = Walk("p", HOME)
    links = (NextLink(f"{HOME}/calendar", "words"), NextLink(f"{HOME}?p=2", "numbers"))
    first = listing(HOME, [3, 2], links)
    walk.arrive(first, HOME, 1)
    step = walk.advance(first, {"3", "2"}, [])
    assert step.url == f"{HOME}/calendar"
    step = walk.refuse(listing(step.url, []))
    assert step is not None
    assert step.url == f"{HOME}?p=2"
    assert step.page_number == 2


def test_walk_does_not_skip_pages_when_a_pager_also_jumps_by_blocks():
    """«>» leads to the next block of five; on the last page of a block it is the only link."""
    walk = Walk("p", HOME)
    seen, number, url = [], 1, HOME
    while True:
        links = [NextLink(f"{HOME}?p={number + 1}", "numbers")] if number % 5 else []
        links.append(NextLink(f"{HOME}?p={(number - 1) // 5 * 5 + 6}", "glyph"))
        page = listing(url, [1000 - number], tuple(links) if number < 20 else ())
        assert walk.refuse(page) is None
        walk.arrive(page, url, number)
        seen.append(number)
        step = walk.advance(page, {str(1000 - number)}, [])
        if step.url is None:
            break
        url, number = step.url, int(step.url.partition("?p=")[2])
    assert seen == list(range(1, 21))


def test_walk_that_was_cut_off_again_and_again_above_its_first_position_comes_down_to_it():
    portal = Portal(list(range(31, 0, -1)))
    run(portal, pages=3)
    for published, pages in ((16, 3), (18, 4), (18, 4), (18, 4)):
        newest = portal.numbers[0]
        portal.numbers[:0] = list(range(newest + published, newest, -1))
        run(portal, pages=pages)
    run(portal)
    assert len(portal.known) == len(portal.numbers)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 25),
            st.one_of(st.none(), st.integers(1, 8)),
            st.integers(0, 3),
            st.lists(st.integers(1, 40), max_size=2),
        ),
        max_size=6,
    ),
    st.integers(1, 120),
    st.booleans(),
)
def test_no_article_is_missed_however_a_section_is_cut_off(history, count, pinned):
    """Publishing, old ones at the foot of the first page, deep passes and cut-off runs in any
    order; one last whole run must know every article."""
    portal = Portal(list(range(count, 0, -1)), pinned=(1,) if pinned else ())
    newest = count
    for published, pages, below, sunk in history:
        portal.numbers[:0] = list(range(newest + published, newest, -1))
        newest += published
        portal.sunk = tuple({max(1, newest - published - n) for n in sunk})
        run(portal, pages=pages, below=below)
    run(portal)
    assert portal.known == {str(n) for n in range(1, newest + 1)}
