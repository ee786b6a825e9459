"""Entries: which links of a listing page are its articles, and what the page says of each.

Called by `crawler.parsing.listing`. Links to one article are gathered to one entry; entries that
stand in one container are a group; groups are told apart into the listing itself and what stands
beside it («Les plus lus», «A lire aussi»). In doubt an entry belongs to the listing: an article
too many costs one request, an article too few is lost.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from crawler.parsing.date_lines import ReadDay, date_line, segments
from crawler.parsing.headlines import MAX_TITLE, best_title, headline_beside
from crawler.parsing.links import Scan
from crawler.parsing.shapes import address_shape, links_of_one_shape
from crawler.portals.base import Identity
from crawler.portals.sections import fold_words, is_known

MAX_GAP_LINES = 12
RICH = 0.5
BARE = 0.2
MOSTLY = 0.6
"""Share of headlines with a date above them from which each has its own; below, a date heads all
that follow."""

# Headings of what stands beside a listing. The second kind may also head the listing itself.
_BESIDE = re.compile(
    r"\b(plus (lu|lue|vu|vue|populaire|commente|commentee|consulte|consultee|partage|partagee)s?\b"
    r"|(a )?(lire|voir|decouvrir) (aussi|egalement)|lisez aussi|a ne pas (manquer|rater)"
    r"|(dans|de) la meme (rubrique|categorie|section)|(sur|du) (le )?meme (sujet|theme|auteur)"
    r"|(article|sujet|contenu|titre)s? (similaire|lie|associe|connexe|populaire|recommande)s?"
    r"|most (read|popular|viewed)|related|you may also|recommande(e?s)? pour vous|tendances?$)"
)
_PERHAPS_BESIDE = re.compile(
    r"(^|\b)(derniere?s? (minute|heure|article|nouvelle|info|information|actu|actualite|depeche)s?"
    r"|flash( info)?s?|en (direct|continu|bref)|fil (info|actu)|top( \d+)?$|coups? de coeur"
    r"|selection|recents?$|les plus recents|ailleurs sur|autres (titres|articles|infos))"
)


@dataclass(slots=True)
class Found:
    """One article of the page."""

    identity: Identity
    links: list[int] = field(default_factory=list)
    title: str = ""
    listed_raw: str | None = None
    listed_on: date | None = None
    main: bool = True
    order: int = 0
    """Index of the link that gave the entry its place."""


@dataclass(slots=True)
class Unit:
    """The largest element around a link that leads to no other article."""

    key: str
    box: int
    links: list[int]
    runs: tuple[int, int]
    raw: str | None = None
    day: date | None = None
    teaser: bool = False


@dataclass(slots=True)
class Group:
    """Units in one container, in page order."""

    box: int
    units: list[Unit] = field(default_factory=list)
    side: bool = False
    heading: tuple[str, ...] = ()
    text: int = 0
    dated: float = 0.0
    teasers: float = 0.0

    @property
    def rich(self) -> bool:
        """True where most entries carry a date or a teaser."""
        return max(self.dated, self.teasers) >= RICH

    @property
    def bare(self) -> bool:
        """True where hardly an entry has more than its headline."""
        return max(self.dated, self.teasers) < BARE


class EntryReader:
    """Finds the entries of one scanned page."""

    def __init__(
        self,
        scan: Scan,
        read_day: ReadDay,
        today: date,
        *,
        front: bool,
        page_number: int,
        shapes: Container[object] = (),
    ) -> None:
        self.scan, self.read_day, self.today = scan, read_day, today
        self.front, self.page_number, self.shapes = front, page_number, shapes
        self.sign = "none"
        self.groups: list[Group] = []
        self.last = 0
        """Identity of the page's last unit."""

    def read(self) -> list[Found]:
        """The entries in page order, one for each article."""
        chosen = self._by_pattern()
        if chosen:
            self.sign = "pattern"
            if beside := self._beside(chosen):
                self.sign = "shape"
                chosen = {**beside, **chosen}
        else:
            chosen = links_of_one_shape(self.scan)
            self.sign = "shape" if chosen else "none"
            if more := links_of_one_shape(self.scan, self.shapes) if self.shapes else {}:
                self.sign = "shape" if chosen else "known_shape"
                chosen = more
        if not chosen:
            return []
        self.links = sorted(chosen)
        self.keys = [chosen[i] for i in self.links]
        self.last_same = _last_same(self.keys)
        units = self._units()
        self.groups = self._grouped(units)
        self._read_dates()
        self._judge()
        return self._entries()

    def _beside(self, numbered: dict[int, str]) -> dict[int, str]:
        """Links of one shape without a number, where they are the page and the numbered ones stand
        beside them: after a redesign, old addresses among «Les plus lus». Nothing elsewhere."""
        found = links_of_one_shape(self.scan, self.shapes)
        found = {i: key for i, key in found.items() if not self._numbered(i)}
        known = any(address_shape(self.scan.links[i].url) in self.shapes for i in found)
        return found if known or self._told(found) > self._told(numbered) else {}

    def _told(self, chosen: dict[int, str]) -> int:
        """Characters of the headlines that lead to `chosen`."""
        longest: dict[str, int] = defaultdict(int)
        for i, key in chosen.items():
            longest[key] = max(longest[key], len(self.scan.links[i].text))
        return sum(longest.values())

    def spans(self) -> list[tuple[int, int]]:
        """The ranges of runs that belong to entries, headline and teaser."""
        spans: list[tuple[int, int]] = []
        for group in self.groups:
            end = self.scan.boxes[group.box].runs[1] if group.box >= 0 else len(self.scan.runs)
            units = sorted(u.runs for u in group.units)
            spans.append((units[0][0], end if len(units) > 2 else units[-1][1]))
        return spans

    def _by_pattern(self) -> dict[int, str]:
        own = self.scan.url
        return {
            i: link.identity.key
            for i, link in enumerate(self.scan.links)
            if link.kind == "a"
            and link.identity is not None
            and self._numbered(i)
            and link.identity.url != own
        }

    def _numbered(self, index: int) -> bool:
        identity = self.scan.links[index].identity
        return identity is not None and identity.number is not None

    # -- structure ---------------------------------------------------------------------------

    def _articles(self, box: int) -> tuple[int, int]:
        """The range of article links below `box`, as indexes into `self.links`."""
        start, end = self.scan.boxes[box].links
        return bisect_left(self.links, start), bisect_left(self.links, end)

    def _units(self) -> list[Unit]:
        units: list[Unit] = []
        for n, index in enumerate(self.links):
            if units and index <= units[-1].links[-1]:
                continue
            best, last = self.scan.links[index].box, n + 1
            for box in self.scan.climb(best):
                start, end = self._articles(box)
                if self.last_same[start] < end - 1:
                    break
                best, last = box, end
            first = min(n, self._articles(best)[0])
            units.append(
                Unit(self.keys[n], best, self.links[first:last], self.scan.boxes[best].runs)
            )
        return units

    def _grouped(self, units: list[Unit]) -> list[Group]:
        parents = {u.box: self.scan.boxes[u.box].parent for u in units}
        containers = set(parents.values())
        lifted = {c: c for c in containers}
        for _ in range(3):
            moved = self._lift(set(lifted.values()))
            if not moved:
                break
            lifted = {c: moved.get(now, now) for c, now in lifted.items()}
        groups: dict[int, Group] = {}
        for unit in units:
            box = lifted[parents[unit.box]]
            groups.setdefault(box, Group(box)).units.append(unit)
        for group in groups.values():
            sides = sum(self.scan.boxes[u.box].side for u in group.units)
            group.side = sides * 2 > len(group.units)
            group.text = sum(
                max(len(self.scan.links[i].text) for i in u.links) for u in group.units
            )
        return list(groups.values())

    def _lift(self, containers: set[int]) -> dict[int, int]:
        """Rows of a grid (three or more alike, few articles each) belong to what holds the rows."""
        rows: dict[tuple[int, str], list[int]] = defaultdict(list)
        for box in containers:
            if box >= 0 and self.scan.boxes[box].parent >= 0:
                rows[(self.scan.boxes[box].parent, self.scan.boxes[box].tag)].append(box)
        moved: dict[int, int] = {}
        for (parent, _), boxes in rows.items():
            sizes = [len(set(self.keys[slice(*self._articles(b))])) for b in boxes]
            if len(boxes) >= 3 and max(sizes) <= 4:
                moved.update(dict.fromkeys(boxes, parent))
        return moved

    # -- dates -------------------------------------------------------------------------------

    def _read_dates(self) -> None:
        ends, starts = self._zones()
        for group in self.groups:
            for unit in group.units:
                self._date_inside(unit)
            before = [self._before(group)]
            gaps = [self._gap(unit.runs[1], ends[id(unit)], group.box) for unit in group.units]
            open_units = [u for u in group.units if u.day is None]
            if len(open_units) * 2 > len(group.units):
                above = [
                    self._lines(max(starts[id(u)], u.runs[0] - 60), u.runs[0])[::-1][:2]
                    for u in group.units[1:]
                ]
                self._dates_between(group, [before[0][::-1][:2], *above], gaps)
            for unit, gap in zip(group.units, gaps, strict=True):
                inside = self.scan.lines(*unit.runs, without_links=True)
                unit.teaser = any(
                    len(x) >= 40 and not (unit.raw and unit.raw in x) for x in (*inside, *gap)
                )
            count = len(group.units)
            group.dated = sum(u.day is not None for u in group.units) / count
            group.teasers = sum(u.teaser for u in group.units) / count
            group.heading = tuple(before[0][-3:])

    def _zones(self) -> tuple[dict[int, int], dict[int, int]]:
        """For each unit the run where the next unit of the page begins, and the one where the unit
        before it ends."""
        units = sorted((u for g in self.groups for u in g.units), key=lambda u: u.runs)
        ends = {id(a): b.runs[0] for a, b in pairwise(units)}
        starts = {id(b): a.runs[1] for a, b in pairwise(units)}
        if units:
            ends[id(units[-1])] = len(self.scan.runs)
            starts[id(units[0])] = 0
        self.last = id(units[-1]) if units else 0
        return ends, starts

    def _lines(self, start: int, end: int, *, without_links: bool = False) -> list[str]:
        """Lines between entries; of one that runs on from a teaser only its date."""
        lines = self.scan.lines(start, end, without_links=without_links)
        for part in segments(self.scan, start, end):
            for n, line in enumerate(lines):
                if part != line and line.endswith(part) and not date_line(line, self.read_day):
                    lines[n] = part
        return lines

    def _gap(self, start: int, end: int, box: int) -> list[str]:
        if box >= 0:
            end = min(end, self.scan.boxes[box].runs[1])
        return self._lines(start, min(end, start + 60), without_links=True)[:MAX_GAP_LINES]

    def _before(self, group: Group) -> list[str]:
        """The last lines above the first unit, back to the entry before it."""
        start = group.units[0].runs[0]
        previous = bisect_left(self.links, group.units[0].links[0]) - 1
        floor = 0
        if previous >= 0:
            box = self.scan.links[self.links[previous]].box
            floor = self.scan.boxes[box].runs[1]
            for above in self.scan.climb(box):
                end = self.scan.boxes[above].runs[1]
                if end > start:
                    break
                floor = end
        return self._lines(max(floor, start - 60), start)[-MAX_GAP_LINES:]

    def _first_day(self, lines: list[str]) -> tuple[str, date] | None:
        return next(((x, day) for x in lines if (day := date_line(x, self.read_day))), None)

    def _date_inside(self, unit: Unit) -> None:
        start, end = unit.runs
        titles = {self.scan.links[i].text for i in unit.links}
        # What stands outside the links first; a card may be one link with all inside.
        outside = self.scan.lines(start, end, without_links=True)
        parts = [x for x in segments(self.scan, start, end) if x not in titles]
        inside = [x for x in self.scan.lines(start, end) if x not in titles]
        for lines in (outside, parts, inside):
            if found := self._first_day(sorted(lines, key=len)):
                unit.raw, unit.day = found
                return

    def _dates_between(self, group: Group, above: list[list[str]], gaps: list[list[str]]) -> None:
        """Dates that stand beside the headlines' own elements: after each, before each, or once
        over several."""
        trailing = [self._first_day(gap) for gap in gaps]
        leading = [self._first_day(lines) for lines in above]
        often = sum(d is not None for d in leading) >= MOSTLY * len(leading)
        first = leading[0]
        # One date more than headlines: the first is a clock above, or the last heads what follows.
        over = trailing[-1] is None or self._heads(group, first)
        if first is None or (not over and (often or all(trailing))):
            for unit, found in zip(group.units, trailing, strict=True):
                if unit.day is None and found:
                    unit.raw, unit.day = found
            return
        if not any(leading[1:]) and first[1] >= self.today:
            # The clock in the page's head.
            return
        current: tuple[str, date] | None = None
        for unit, found in zip(group.units, leading, strict=True):
            current = found or (None if often else current)
            if unit.day is None and current:
                unit.raw, unit.day = current

    def _heads(self, group: Group, first: tuple[str, date] | None) -> bool:
        """True where the date above the first unit stands in the group's own container, and the
        page goes on behind the group: dates head what stands below them."""
        if group.box < 0 or id(group.units[-1]) == self.last:
            return False
        start = group.units[0].runs[0]
        floor = max(self.scan.boxes[group.box].runs[0], start - 60)
        return first is not None and first == self._first_day(self._lines(floor, start)[::-1][:2])

    # -- judgement ---------------------------------------------------------------------------

    def _judge(self) -> None:
        """Say of each group whether it stands beside the listing."""
        if self.front:
            for group in self.groups:
                group.side = False
            return
        perhaps: list[Group] = []
        for group in self.groups:
            heading = [" ".join(fold_words(x)) for x in group.heading if len(x) <= 60]
            if any(_BESIDE.search(x) for x in heading[-2:]):
                group.side = True
            elif heading and _PERHAPS_BESIDE.search(heading[-1]):
                perhaps.append(group)
        inner = [g for g in self.groups if not g.side]
        if not inner:
            return
        best = max(inner, key=lambda g: (self._weight(g, g in perhaps), -g.units[0].runs[0]))
        for group in inner:
            if group is not best:
                thin = best.rich and group.bare and len(group.units) >= 3
                group.side = group in perhaps or thin
            elif group in perhaps and self.page_number > 1 and not group.rich:
                group.side = True

    def _weight(self, group: Group, perhaps: bool) -> float:
        """How much speaks for a group being the listing itself."""
        weight = float(group.text)
        if group.rich:
            weight *= 2
        elif perhaps and self.page_number > 1:
            return 0
        if perhaps:
            weight *= 0.3
        if any(is_known(line) for line in group.heading[-2:]):
            weight *= 3
        return weight

    def _entries(self) -> list[Found]:
        found: dict[str, Found] = {}
        for group in self.groups:
            for unit in group.units:
                self._add(found, group, unit)
        for entry in found.values():
            entry.title = best_title(self.scan, [self.scan.links[i] for i in entry.links])
            entry.title = entry.title or headline_beside(self.scan, entry.links[0])[:MAX_TITLE]
        return sorted(found.values(), key=lambda e: e.order)

    def _add(self, found: dict[str, Found], group: Group, unit: Unit) -> None:
        entry = found.get(unit.key)
        if entry is None:
            identity = self.scan.links[unit.links[0]].identity
            assert identity is not None
            entry = found[unit.key] = Found(identity, main=False, order=unit.links[0])
        if not group.side and (not entry.main or unit.links[0] < entry.order):
            entry.main, entry.order = True, unit.links[0]
        entry.links.extend(unit.links)
        if entry.listed_on is None and unit.day is not None:
            entry.listed_on, entry.listed_raw = unit.day, unit.raw


def _last_same(keys: list[str]) -> list[int]:
    """For each place the last index up to which every key is the same as there."""
    last = list(range(len(keys) + 1))
    for i in range(len(keys) - 2, -1, -1):
        if keys[i] == keys[i + 1]:
            last[i] = last[i + 1]
    return last
