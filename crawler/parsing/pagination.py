"""Pagination: which link of a listing page leads to the next one.

Called by `crawler.parsing.listing`. No form is taken for granted: `rel=next`, words, page numbers,
arrows, or nothing but an address that goes on counting. Every candidate carries its sign, and the
walk tries the next best one where the best does not behave.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from crawler.addresses import site_free
from crawler.parsing.links import Link, Scan
from crawler.portals.sections import fold_words, is_known

MAX_NEXT = 8
"""Candidates handed back; the walk tries the first few."""

SIGNS = ("rel", "words", "numbers", "glyph", "shape")
"""Signs, the most trusted first."""

_WORDS = re.compile(
    r"^(la |les |l |aller a la |vers la )?((page|liste|articles?|resultats?|depeches?|actualites?|"
    r"infos?|nouvelles|pages|publications|billets|messages|titres) )*"
    r"(suivant(e|s|es)?|next( page)?|older( posts| entries| articles| news)?"
    r"|plus ancien(ne)?s?|anterieur(e|s|es)?|load more|show more|more( news| articles)?"
    r"|(charger|voir|afficher|lire|consulter) (plus|davantage|la suite|les suivants?)"
    r"|(voir |charger |afficher )?(plus|davantage) d \w+|suite)"
    r"( (page|articles?|pages|d \w+|de \w+|depeches?|resultats?|infos?|\d+|du|des))*$"
)
_OLDER = re.compile(r"^(articles?|entrees?|billets?|messages?|publications?|posts?) precedente?s?$")
_NUMBER = re.compile(r"^[\s\[({|<>.·•-]*(?:page\s*|p\.?\s*)?(\d{1,5})[\s\])}|<>.,·•-]*$", re.I)
_RANGE = re.compile(r"^[\s\[(|]*(\d{1,6})\s*(?:-|–|—|à|a|to)\s*(\d{1,6})[\s\])|]*$", re.I)
_PAGE_OF = re.compile(r"\bpage\s*:?\s*(\d{1,5})\s*(?:sur|de|/|of)\s*\d{1,5}", re.IGNORECASE)
_NEXT_GLYPHS = frozenset(("›", "→", ">", "⟩", "▶", "►", "▸", "⇒", "❯", "-->", "->", "=>", "⯈"))
_LAST_GLYPHS = frozenset((">>", "»", "≫", "»»", "››", "⏩", ">>>"))
_END_GLYPHS = frozenset((">|", ">>|", "⏭", "»|", "›|"))
_BARE = re.compile(r"[^\w«»<>›‹→←]*", re.UNICODE)
_PAGE_NAME = re.compile(
    r"^(p|pg|pn|page\w*|\w*page|paged|pageno|no_?page|num|numero|n|start|debut\w*|deb|offset|from"
    r"|skip|limitstart|begin|first|index|pos|position|suivant|rang|ligne|_p|cp|cpage)$",
    re.IGNORECASE,
)
_CALENDAR_NAME = re.compile(
    r"^(d|dt|day|jour|date\w*|month|mois|m|year|annee|an|y|cal\w*|archive\w*|when|periode)$", re.I
)
_DAY_IN_ADDRESS = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[-/_.]?(?:0[1-9]|1[0-2]))?(?![0-9])")
_PAGE_TAIL = re.compile(
    r"(?:[-_/.,](?:page|pages|p|pg|debut|offset|start)?[-_/.,]?\d{1,6}|/?\bpage\d{1,6})"
    r"(?=(?:\.[a-z]{2,5})?/?$)"
)
_ADDED = re.compile(r"^/([a-z]{1,20})[-_/]?(\d{1,6})(?:\.[a-z]{2,5})?/?$")
_INDEX = re.compile(r"/(?:index|default|accueil|home)?(?:\.(?:html?|asp|aspx|php\d?|jsp))?/?$")
_EXTENSION = re.compile(r"\.(?:html?|aspx?|php\d?|jsp|shtml|cfm)$")


@dataclass(frozen=True, slots=True)
class NextLink:
    """A link that may be the next page: its canonical address, and why it is thought to be."""

    url: str
    sign: str


@dataclass(frozen=True, slots=True)
class Step:
    """How an address differs from the page's own, where only a count differs: what counts (`slot`),
    from where (None: the page's address has no such number) to where."""

    slot: str
    old: int | None
    new: int


@dataclass(slots=True)
class _Candidate:
    url: str
    sign: str
    family: bool
    step: Step | None
    order: int


def find_next(
    scan: Scan, *, page_number: int = 1, articles: Container[str] = frozenset()
) -> tuple[NextLink, ...]:
    """The links that may lead to the next listing page, best first.

    `articles` are keys of identities that are this page's entries: never a next page.
    """
    pool = _Pool(scan, page_number, articles)
    ranked = _rank(pool.candidates())
    return tuple(NextLink(c.url, c.sign) for c in ranked[:MAX_NEXT])


class _Pool:
    """The links of a page that could be a pager's."""

    def __init__(self, scan: Scan, page_number: int, articles: Container[str]) -> None:
        self.scan, self.page_number = scan, page_number
        self.here = site_free(scan.url)
        self.links = [
            (i, link)
            for i, link in enumerate(scan.links)
            if link.identity is not None
            and link.identity.number is None
            and link.identity.key not in articles
        ]
        self.steps: dict[int, Step | None] = {i: step(scan.url, link.url) for i, link in self.links}
        self.usable = [
            (i, link)
            for i, link in self.links
            if site_free(link.url) != self.here and not self._calendar(i, link)
        ]

    def _calendar(self, index: int, link: Link) -> bool:
        """True for an archive by date; page 2012 of a long pager is none."""
        move = self.steps[index]
        if move is not None and abs(move.new - self.page_number) <= 2:
            return False
        return is_calendar(self.scan.url, link.url)

    def candidates(self) -> list[_Candidate]:
        """Every link with a sign; one link may come more than once."""
        found: list[_Candidate] = []
        arrows = [(i, link) for i, link in self.usable if _glyph(link) == "next"]
        for i, link in self.usable:
            if sign := self._sign(link, bool(arrows)):
                self._add(found, i, link, sign)
        for i, link in self._next_numbers():
            self._add(found, i, link, "numbers")
        return found

    def _add(self, found: list[_Candidate], i: int, link: Link, sign: str) -> None:
        move = self.steps[i]
        # `?avant=291400`, the last article shown, counts down; a page number never does.
        cursor = move is not None and sign in ("rel", "words", "glyph") and not _counts(move.slot)
        if self._back(i) and not cursor:
            return
        family = move is not None or same_family(self.scan.url, link.url)
        if sign in ("shape", "glyph") and not family:
            return
        found.append(_Candidate(link.url, sign, family, move, i))

    def _sign(self, link: Link, arrows: bool) -> str | None:
        if link.kind == "link" or "next" in link.rel.split():
            return "rel"
        for text in (link.text, link.hint):
            folded = " ".join(fold_words(text)) if len(text) <= 60 else ""
            if folded and (_WORDS.match(folded) or _OLDER.match(folded)):
                return "words"
        glyph = _glyph(link)
        if glyph == "next" or (glyph == "last" and not arrows) or (link.icon and not link.text):
            return "glyph"
        move = step(self.scan.url, link.url)
        if move is None or glyph is not None or (link.text and is_known(link.text)):
            return None
        if not _counts(move.slot) or (link.text and _NUMBER.match(link.text)):
            return None
        wordy = len(fold_words(link.text)) > 0
        return None if wordy and "page" not in link.text.lower() else "shape"

    # -- page numbers ------------------------------------------------------------------------

    def _next_numbers(self) -> Iterator[tuple[int, Link]]:
        """Of each pager the link with the smallest number above the current one."""
        for cluster in self._clusters():
            numbers = {i: n for i, n in cluster.items() if n is not None}
            current = self._current(numbers)
            if len(numbers) > 25 and max(numbers.values()) <= 31:
                continue
            above = [
                (n, i)
                for i, n in numbers.items()
                if n > current
                and not (1980 <= n <= 2040 and n - current > 100)
                and not self._back(i)
            ]
            usable = {i for i, _ in self.usable}
            for _, i in sorted(above)[:1]:
                if i in usable:
                    yield i, self.scan.links[i]

    def _back(self, index: int) -> bool:
        """True where the address says that the link leads back, whatever its label: on a third
        page «10» is the second one where labels are offsets."""
        move = self.steps[index]
        return move is not None and move.old is not None and move.new <= move.old

    def _clusters(self) -> list[dict[int, int]]:
        """Links with a bare number for text, by the element that holds them together."""
        numbered = {i: n for i, link in self.links if (n := number_of(link)) is not None}
        holders: dict[int, dict[int, int]] = defaultdict(dict)
        for i, n in numbered.items():
            holders[self._holder(i, numbered)][i] = n
        return list(holders.values())

    def _holder(self, index: int, numbered: dict[int, int]) -> int:
        """The innermost element around a numbered link that holds another one, or more text."""
        own = self.scan.links[index]
        last = own.box
        for box in self.scan.climb(own.box):
            start, end = self.scan.boxes[box].links
            if any(j in numbered and j != index for j in range(start, min(end, start + 200))):
                return box
            if end - start > 12:
                return last
            last = box
        return last

    def _current(self, numbers: dict[int, int]) -> int:
        """The number of this page as its pager shows it, else as the walk counts."""
        linked = set(numbers.values())
        for i, n in numbers.items():
            link = self.scan.links[i]
            if link.selected or site_free(link.url) == self.here:
                return n
        first, last = min(numbers), max(numbers)
        holder = self._holder(first, numbers)
        runs = self.scan.boxes[holder].runs
        start = max(runs[0], self.scan.links[first].run - 12)
        lines = self.scan.runs[start : min(runs[1], self.scan.links[last].run + 12)]
        if found := _PAGE_OF.search(" ".join(r.text for r in lines)):
            return int(found.group(1))
        plain = [
            int(token)
            for run in lines
            if run.link < 0
            for token in re.findall(r"(?<![\w/.,:])\d{1,6}(?![\w/:])", run.text)
        ]
        unlinked = [n for n in plain if n not in linked and n <= max(linked) + 1]
        if self.page_number in unlinked or not unlinked:
            return self.page_number if not self._ranged(numbers) else self._range_start(unlinked)
        near = [n for n in unlinked if n - 1 in linked or n + 1 in linked or n == 1]
        return (near or unlinked)[0]

    def _ranged(self, numbers: dict[int, int]) -> bool:
        return any(_RANGE.match(self.scan.links[i].text) for i in numbers)

    def _range_start(self, unlinked: list[int]) -> int:
        return unlinked[0] if unlinked else self.page_number


def _rank(candidates: list[_Candidate]) -> list[_Candidate]:
    """Best first, one for each address. Where several count the same thing, the nearest leads:
    a link to a far page never beats the real next one."""
    best: dict[str, _Candidate] = {}
    for c in sorted(candidates, key=lambda c: (not c.family, SIGNS.index(c.sign), c.order)):
        best.setdefault(site_free(c.url), c)
    ranked = list(best.values())
    slots: dict[str, list[_Candidate]] = defaultdict(list)
    for c in ranked:
        if c.step is not None:
            slots[c.step.slot].append(c)
    for members in slots.values():
        nearest = iter(sorted(members, key=lambda c: c.step.new if c.step else 0))
        places = [n for n, c in enumerate(ranked) if c in members]
        for place in places:
            ranked[place] = next(nearest)
    return ranked


def number_of(link: Link) -> int | None:
    """The page number a link shows, «2», «[2]», «Page 2», or the start of «21-40»."""
    text = link.text or (link.hint if link.kind == "a" else "")
    if len(text) > 24:
        return None
    if found := _NUMBER.match(text) or _RANGE.match(text):
        return int(found.group(1))
    return None


def _glyph(link: Link) -> str | None:
    """`next`, `last` (ambiguous: «»» is next where nothing nearer stands), `end` or None."""
    text = "".join((link.text or link.hint).split())
    if text in _NEXT_GLYPHS:
        return "next"
    if text in _LAST_GLYPHS:
        return "last"
    return "end" if text in _END_GLYPHS else None


# -- how two addresses differ -------------------------------------------------------------------


def step(here: str, there: str) -> Step | None:
    """How `there` goes on counting from `here`; None where they differ in anything else."""
    a, b = urlsplit(here.lower()), urlsplit(there.lower())
    if a.netloc.removeprefix("www.") != b.netloc.removeprefix("www."):
        return None
    left, right = dict(parse_qsl(a.query)), dict(parse_qsl(b.query))
    paths = _path_step(a.path, b.path)
    changed = [k for k in {**left, **right} if left.get(k) != right.get(k)]
    if paths is not None and not changed:
        return paths
    if _bare_path(a.path) != _bare_path(b.path) or not changed:
        return None
    counting = [k for k in changed if right.get(k, "").isdigit() and len(right[k]) <= 7]
    rest = [k for k in changed if k not in counting and (k in right or not _counts(f"?{k}"))]
    if rest or any(not (left.get(k) or "0").isdigit() for k in changed):
        return None
    counting.sort(key=lambda k: not _counts(f"?{k}"))
    if not counting or (len(counting) > 1 and not all(_counts(f"?{k}") for k in counting)):
        return None
    key = counting[0]
    old = int(left[key]) if key in left else None
    return Step(f"?{key}", old, int(right[key]))


def _counts(slot: str) -> bool:
    """True where what varies looks like a page number or an offset: by name, or in the path."""
    return slot == "/" or bool(_PAGE_NAME.match(slot[1:]))


def _bare_path(path: str) -> str:
    return _EXTENSION.sub("", _INDEX.sub("/", path).rstrip("/"))


def _path_step(here: str, there: str) -> Step | None:
    """`/politique` to `/politique/page-2.html`, `/politique/2/`, `/politique-2.html`; and on from
    there."""
    tail_here, tail_there = _PAGE_TAIL.search(here), _PAGE_TAIL.search(there)
    if tail_there is None:
        return None
    stem_there = _stem(there, tail_there)
    if tail_here is not None and _stem(here, tail_here) == stem_there:
        return Step("/", _number(tail_here), _number(tail_there))
    if _stem(here, None) == stem_there:
        return Step("/", None, _number(tail_there))
    # A word that means nothing to us: `/zig` to `/zig/zag-2.html`.
    stem = _stem(here, None)
    if there.startswith(f"{stem}/") and (added := _ADDED.match(there[len(stem) :])):
        return Step(f"/{added.group(1)}", None, int(added.group(2)))
    return None


def _stem(path: str, tail: re.Match[str] | None) -> str:
    if tail is not None:
        path = path[: tail.start()] + path[tail.end() :]
    return re.sub(r"/index$", "", _bare_path(path).rstrip("/-_")).rstrip("/")


def _number(tail: re.Match[str]) -> int:
    return int(re.findall(r"\d+", tail.group())[-1])


def same_family(here: str, there: str) -> bool:
    """True where both addresses are pages of one listing, by their form: same path but for a page
    number, and no parameter that says something else."""
    a, b = urlsplit(here.lower()), urlsplit(there.lower())
    if a.netloc.removeprefix("www.") != b.netloc.removeprefix("www."):
        return False
    stems = {_stem(p, _PAGE_TAIL.search(p)) for p in (a.path, b.path)}
    if len(stems) > 1:
        return False
    left, right = dict(parse_qsl(a.query)), dict(parse_qsl(b.query))
    return all(right.get(k) == v or _counts(f"?{k}") for k, v in left.items())


def is_calendar(here: str, there: str) -> bool:
    """True for an archive by day, month or year that is not the page's own."""
    a, b = urlsplit(here.lower()), urlsplit(there.lower())
    own = {k: v for k, v in parse_qsl(a.query) if _CALENDAR_NAME.match(k)}
    other = {k: v for k, v in parse_qsl(b.query) if _CALENDAR_NAME.match(k)}
    if any(own.get(k) != v for k, v in other.items()):
        return True
    days = _DAY_IN_ADDRESS.findall(b.path)
    return bool(days) and days != _DAY_IN_ADDRESS.findall(a.path)
