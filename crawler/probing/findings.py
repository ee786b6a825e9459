"""Findings: each assumption of this project about a site, held or not, with the evidence. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError, ParserCreate

from crawler.items import Article
from crawler.parsing.encoding import suspect
from crawler.parsing.listing import Listing
from crawler.parsing.page import Page
from crawler.probing.prober import Seen, Sights, behaves
from crawler.probing.terminal import shorten

if TYPE_CHECKING:
    from corpus.warc.captures import Capture

Verdict = Literal["held", "not held", "unknown"]

ENOUGH = 0.8
"""Share of pages, entries or pairs on which an assumption has to hold."""
BODY_WORDS = 40
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One assumption."""

    name: str
    verdict: Verdict
    evidence: str
    strong: bool = True
    """False where the crawl does well without."""

    def record(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def findings(sights: Sights, robots: Sequence[Capture]) -> list[Finding]:
    """Every assumption, in the order in which a crawl relies on them."""
    found = [_robots(sights, robots), _home(sights)]
    if sights.home is None or sights.home.listing is None:
        return found
    found += [
        _scheme(sights),
        _encoding(sights),
        _article_links(sights),
        _section_links(sights),
        _listings(sights),
        _listing_dates(sights),
        _newest_first(sights),
        _next_links(sights),
        _page_two(sights),
    ]
    found += _article_findings(sights)
    return [*found, _rising(sights), _absent(sights), _feed(sights)]


def articles_read(sights: Sights) -> list[tuple[Page, Article]]:
    """The pages that were read as articles."""
    return [
        (seen.page, seen.reading.article)
        for seen in sights.articles
        if seen.page and seen.reading and seen.reading.article and not seen.reading.reason
    ]


# -- the site ----------------------------------------------------------------------------------


def _robots(sights: Sights, robots: Sequence[Capture]) -> Finding:
    home = sights.home.visit if sights.home else None
    if home is not None and home.reason in ("robots", "robots_unreachable"):
        return Finding("robots.txt", "not held", f"{home.url}: {home.detail}")
    if not robots:
        return Finding("robots.txt", "unknown", "no answer was kept")
    parts = []
    for capture in robots:
        text = capture.body.decode("utf-8", "replace")
        rules = len(re.findall(r"(?im)^\s*(?:dis)?allow\s*:", text))
        extra = re.findall(r"(?im)^\s*(?:crawl-delay|sitemap)\s*:.*$", text)
        seen = f"{rules} rules" if capture.status == 200 else "no rules"
        parts.append(" ".join([f"{capture.url} {capture.status}", seen, *extra[:3]]))
    return Finding("robots.txt", "held", "; ".join(parts))


def _home(sights: Sights) -> Finding:
    visit = sights.home.visit if sights.home else None
    if visit is None:
        return Finding("home page", "unknown", "not asked for")
    way = "".join(f"{hop} → " for hop in visit.hops) + visit.url
    if not visit.ok:
        return Finding("home page", "not held", f"{way}: {visit.reason}, {visit.detail}")
    if sights.home is None or sights.home.listing is None:
        return Finding("home page", "not held", f"{way}: no HTML ({visit.content_type})")
    return Finding("home page", "held", f"{way}: {visit.status}, {len(visit.body)} bytes")


def _scheme(sights: Sights) -> Finding:
    assert sights.home is not None
    arrived, other = urlsplit(sights.home.visit.url), sights.other_scheme
    said = f"home at {arrived.scheme}"
    if other is not None:
        scheme = urlsplit(other.asked).scheme
        answer = f"redirects to {other.detail}" if other.reason == "redirect" else other.reason
        said += f"; {scheme}: {answer or other.status}"
    expected = sights.portal.scheme
    verdict: Verdict = "held" if arrived.scheme == expected else "not held"
    return Finding("scheme", verdict, f"{said}; the portal's class says {expected}", strong=False)


def _encoding(sights: Sights) -> Finding:
    pages = [s.page for s in (*sights.listings(), *sights.articles) if s.page is not None]
    declared = Counter(_declared(s) for s in sights.listings())
    real = Counter(f"{page.encoding} (sign {page.encoding_sign})" for page in pages)
    titles = [
        (e.identity.url, e.title) for s in sights.listings() if s.listing for e in s.listing.entries
    ]
    bad = [url for url, title in titles if suspect(title)]
    bad += [a.url for _, a in articles_read(sights) if "encoding_suspect" in a.flags]
    said = f"declared {_counted(declared)}; read as {_counted(real)}"
    if bad:
        return Finding("encoding", "not held", f"{said}; signs of a wrong decoding on {bad[0]}")
    return Finding("encoding", "held", said)


def _declared(seen: Seen) -> str:
    header = _CHARSET.search(seen.visit.content_type or "")
    meta = _CHARSET.search(seen.visit.body[:4096].decode("latin-1"))
    return (
        f"header {header.group(1).lower() if header else 'none'}"
        f"/meta {meta.group(1).lower() if meta else 'none'}"
    )


# -- listings ----------------------------------------------------------------------------------


def _article_links(sights: Sights) -> Finding:
    entries = [e for s in sights.listings() if s.listing for e in s.listing.entries]
    unique = {e.identity.key: e.identity for e in entries}.values()
    kinds = Counter(i.kind or "no number" for i in unique)
    example = next((i.url for i in unique if i.number is not None), None) or next(
        (i.url for i in unique), "none"
    )
    said = f"{len(unique)} articles linked: {_counted(kinds)}; e.g. {example}"
    numbered = sum(i.number is not None for i in unique)
    if sights.ours or sights.portal.article_patterns:
        good = numbered >= 5
    else:
        good = len(unique) >= 6
        said += "; told by the shape of their addresses"
    return Finding("article addresses", "held" if good else "not held", said)


def _section_links(sights: Sights) -> Finding:
    assert sights.home is not None
    assert sights.home.listing is not None
    links = sights.home.listing.sections
    signs = Counter(link.sign for link in links)
    labels = ", ".join(link.label for link in links[:8])
    said = f"{len(links)} found ({_counted(signs)}): {labels}" if links else "none on the home page"
    return Finding("sections", "held" if links else "not held", said)


def _listings(sights: Sights) -> Finding:
    said = []
    good = 0
    for seen in sights.sections:
        label = f"{seen.link.label} ({seen.link.sign})" if seen.link else seen.visit.asked
        listing = seen.listing
        if listing is None:
            said.append(f"{label} {seen.visit.url}: {seen.visit.reason or 'no HTML'}")
            continue
        good += listing.is_listing
        what = "" if listing.is_listing else "no listing, "
        said.append(
            f"{label} {listing.url}: {what}{len(listing.main)} of {len(listing.entries)} entries, "
            f"sign {listing.signs.get('entries')}"
        )
    if not said:
        return Finding("section listings", "unknown", "no section to look at")
    held = good * 2 >= len(said)
    return Finding("section listings", "held" if held else "not held", "; ".join(said))


def _section_lists(sights: Sights) -> list[Listing]:
    lists = [s.listing for s in sights.sections if s.listing and s.listing.is_listing]
    lists += [s.seen.listing for s in sights.seconds if s.seen.listing and s.seen.listing.main]
    return lists


def _listing_dates(sights: Sights) -> Finding:
    entries = [e for listing in _section_lists(sights) for e in listing.main]
    dated = [e for e in entries if e.listed_on]
    if not entries:
        return Finding("dates in listings", "unknown", "no entry was seen", strong=False)
    example = f"; e.g. «{dated[0].listed_raw}» is {dated[0].listed_on}" if dated else ""
    verdict: Verdict = "held" if len(dated) >= ENOUGH * len(entries) else "not held"
    said = f"{len(dated)} of {len(entries)} entries{example}"
    return Finding("dates in listings", verdict, said, strong=False)


def _newest_first(sights: Sights) -> Finding:
    falling = pairs = 0
    signs: Counter[str] = Counter()
    for listing in _section_lists(sights):
        days = [e.listed_on for e in listing.main if e.listed_on]
        numbers = [e.identity.number for e in listing.main if e.identity.number is not None]
        by_day = len(days) * 2 >= len(listing.main)
        values: list[Any] = list(days if by_day else numbers)
        signs["by date" if by_day else "by number"] += bool(values)
        pairs += max(0, len(values) - 1)
        falling += sum(a >= b for a, b in pairwise(values))
    if pairs < 3:
        return Finding("newest first", "unknown", "neither dates nor numbers to compare")
    said = f"{falling} of {pairs} neighbours in order ({_counted(+signs)})"
    return Finding("newest first", "held" if falling >= ENOUGH * pairs else "not held", said)


def _next_links(sights: Sights) -> Finding:
    lists = [s.listing for s in sights.sections if s.listing and s.listing.is_listing]
    if not lists:
        return Finding("next page", "unknown", "no section listing was seen")
    links = [listing.next_links[0] for listing in lists if listing.next_links]
    signs = Counter(link.sign for link in links)
    said = f"in {len(links)} of {len(lists)} listings"
    if links:
        said += f": sign {_counted(signs)}, e.g. {links[0].url}"
    return Finding("next page", "held" if links else "not held", said)


def _page_two(sights: Sights) -> Finding:
    if not sights.seconds:
        return Finding("page 2 goes on", "unknown", "no next page to follow")
    said = []
    for second in sights.seconds:
        first, listing = second.first.listing, second.seen.listing
        if first is None or listing is None:
            said.append(f"{second.next_link.url}: {second.seen.visit.reason or 'no HTML'}")
            continue
        known = {e.identity.key for e in first.main}
        new = sum(e.identity.key not in known for e in listing.main)
        said.append(
            f"{listing.url} (sign {second.next_link.sign}): {len(listing.main)} entries, "
            f"{new} not on page 1"
        )
    last = sights.seconds[-1]
    good = behaves(last.first.listing, last.seen.listing)
    return Finding("page 2 goes on", "held" if good else "not held", "; ".join(said))


# -- articles ----------------------------------------------------------------------------------

# Assumption, attribute, sign, strong.
_FIELDS = (
    ("title", "title", True),
    ("section", "section", False),
    ("source", "source", False),
    ("author", "author", False),
    ("photo", "photo_url", False),
)


def _article_findings(sights: Sights) -> list[Finding]:
    read = articles_read(sights)
    asked = len(sights.articles)
    lost = [
        f"{s.visit.url}: {s.visit.reason or (s.reading.reason if s.reading else 'not read')}"
        for s in sights.articles
        if not s.visit.ok or s.reading is None or s.reading.reason
    ]
    said = f"{len(read)} of {asked} pages are articles" + "".join(f"; {line}" for line in lost)
    verdict: Verdict = "held" if read and len(read) >= ENOUGH * asked else "not held"
    found = [Finding("article pages", verdict if asked else "unknown", said)]
    if not read:
        return found
    articles = [article for _, article in read]
    found += [_field(articles, *spec) for spec in _FIELDS[:1]]
    found += [_dates(articles), _bodies(articles)]
    return found + [_field(articles, *spec) for spec in _FIELDS[1:]]


def _field(articles: Sequence[Article], name: str, attribute: str, strong: bool) -> Finding:
    having = [a for a in articles if getattr(a, attribute)]
    said = f"{len(having)} of {len(articles)}"
    if having:
        value = shorten(str(getattr(having[0], attribute)), 60)
        said += f", sign {_signs(having, name, attribute)}; e.g. «{value}»"
    needed = ENOUGH * len(articles) if strong else 1
    # An article need not have an author or a photo: with none at all nothing is known.
    missing: Verdict = "not held" if strong else "unknown"
    return Finding(name, "held" if len(having) >= needed else missing, said, strong=strong)


def _dates(articles: Sequence[Article]) -> Finding:
    dated = [a for a in articles if a.published_on]
    said = f"{len(dated)} of {len(articles)}"
    if dated:
        a = dated[0]
        said += f", sign {_signs(dated, 'published_raw', 'date', 'published', 'published_on')}"
        said += f"; «{shorten(a.published_raw or '', 70)}» is {a.published_on}"
    lines = [a.published_raw for a in articles if a.published_raw and not a.published_on]
    if lines:
        said += f"; not read: «{shorten(lines[0], 70)}»"
    flags = Counter(f for a in articles for f in a.flags if f in ("weekday", "date_future"))
    if flags:
        said += f"; flags {_counted(flags)}"
    good = len(dated) >= ENOUGH * len(articles) and not flags
    return Finding("date", "held" if good else "not held", said)


def _bodies(articles: Sequence[Article]) -> Finding:
    words = sorted(len(a.body.split()) for a in articles)
    # A captioned photo has no body and is an article all the same.
    texts = [a for a in articles if len(a.body.split()) >= BODY_WORDS]
    said = f"{words[0]} to {words[-1]} words, median {words[len(words) // 2]}"
    said += f", sign {_signs(articles, 'body')}"
    return Finding("body", "held" if len(texts) * 2 >= len(articles) else "not held", said)


def _signs(articles: Iterable[Article], *names: str) -> str:
    found = Counter(
        next((a.signs[name] for name in names if name in a.signs), "none") for a in articles
    )
    return _counted(found)


# -- what else a crawl may rely on -------------------------------------------------------------


def _rising(sights: Sights) -> Finding:
    pairs = sorted(
        (a.number, a.published_on)
        for _, a in articles_read(sights)
        if a.number is not None and a.published_on and a.kind != "p"
    )
    name = "numbers rise with time"
    if len(pairs) < 2:
        return Finding(name, "unknown", f"{len(pairs)} numbered, dated articles", strong=False)
    said = ", ".join(f"{number} {day}" for number, day in pairs)
    rising = all(a[1] <= b[1] for a, b in pairwise(pairs))
    return Finding(name, "held" if rising else "not held", said, strong=False)


def _absent(sights: Sights) -> Finding:
    name, seen = "a missing page says so", sights.absent
    if seen is None or seen.visit.reason in ("budget", "throttled"):
        return Finding(name, "unknown", "not asked for", strong=False)
    visit = seen.visit
    if visit.status in (404, 410):
        return Finding(name, "held", f"{visit.asked}: {visit.status}", strong=False)
    if visit.hops:
        return Finding(name, "held", f"{visit.asked} redirects to {visit.url}", strong=False)
    if seen.reading is not None and seen.reading.reason:
        said = f"{visit.asked}: {visit.status}, told by its text ({seen.reading.reason})"
        return Finding(name, "held", said, strong=False)
    said = f"{visit.asked}: {visit.reason or visit.status}, read as an article"
    verdict: Verdict = "not held" if visit.ok else "unknown"
    return Finding(name, verdict, said, strong=False)


def _feed(sights: Sights) -> Finding:
    if sights.feed_url is None:
        return Finding("feed", "unknown", "none linked on the home page", strong=False)
    visit = sights.feed
    if visit is None or not visit.ok:
        why = visit.reason if visit else "not asked for"
        known: Verdict = "unknown" if why in ("budget", "not asked for") else "not held"
        return Finding("feed", known, f"{sights.feed_url}: {why}", strong=False)
    items = len(re.findall(rb"<(?:item|entry)[\s>]", visit.body))
    well = _well_formed(visit.body)
    said = f"{visit.url}: {items} items, {'well-formed' if well else 'malformed'}"
    return Finding("feed", "held" if items and well else "not held", said, strong=False)


def _well_formed(body: bytes) -> bool:
    """True for XML without entities of its own, which no feed needs."""
    if b"<!ENTITY" in body:
        return False
    try:
        ParserCreate().Parse(body, True)
    except ExpatError:
        return False
    return True


def _counted(counts: Counter[str]) -> str:
    """`pattern ×3, shape`, the most frequent first."""
    return ", ".join(f"{k} ×{n}" if n > 1 else k for k, n in counts.most_common()) or "none"
