"""Anchors: the lines that may be headline and date, scored, and the pair that fits best.

No class and no id: words, heading levels, what the page calls itself, and how near the two stand.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, urljoin, urlsplit

from crawler.parsing.asides import box_end, plain_size
from crawler.parsing.lines import FIGURE, FOOTER, ITEM, NAV, SIDE, TEMPLATE, Line
from crawler.parsing.prose import is_prose, is_text
from crawler.parsing.signature import read_signature
from crawler.parsing.sources import known_source
from crawler.parsing.wording import (
    COMMENTS,
    CREDIT,
    MAX_DATE_LINE,
    OFFER,
    RELATED,
    WEEKDAY,
    fold,
    is_crumb,
    is_date_line,
    is_label,
    says_published,
)
from crawler.portals.sections import is_known

_MAX_TITLE = 400
_MENU, _STEPS = 4, 3
"""Lines below a site's name within which its menu begins, and how many that has at the least."""
_KIND = re.compile(
    r"\W*(?:article de presse|d[ée]p[êe]ches?|communiqu[ée] de presse|article)\W*$", re.I
)
_NO_HEADLINE = 4.0
_FOOT = 3.0
"""What a date below the text gains, and the least score of a date far from its headline."""
_DAY_ALONE = re.compile(
    r"\W*(?:(.{2,60}?)\s*[,|–—-]\s*)?(?:le )?"
    rf"{WEEKDAY}?\W{{0,3}}"
    r"\d{1,2}(?:er)?[\s/.-]+(?:\d{1,2}|[^\W\d]{3,9}\.?)[\s/.-]+\d{4}\W*$",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"(?:L[’'`](?=[A-ZÀ-Ý])|L(?:e|a|es) (?!Caire|Cap\b|Havane|Havre|Haye|Mans|Mecque|Vatican))"
    r"[^,]+$"
)
"""A name with an article, as newspapers have and hardly a place."""
_NAMED = re.compile(r"L(?:[’'`]|(?:e|a|es) )[A-ZÀ-Ý]")
"""How a newspaper's name with an article begins, and «Le maire» does not."""
_SURE = 0.7
"""Agreement with the page's own title from which a line is surely the headline."""
_MAY_DATE = re.compile(r"\d|hier|il y a|depuis|instant", re.IGNORECASE)
_TELLS = re.compile(r"[^|]{0,60}\b(?:19|20)\d\d\s*:\s*(?:[^\W\d]+[\s'’]+){2}")
_PLACED = re.compile(r"[A-ZÀ-Ý][\w’'-]*(?: [\w’'-]+){0,3}, le (?:[a-z]{5,8} )?\d")
_DASH = re.compile(r"\s+[—–-]\s+")
_LONGEST_NAME = 40
_BY = re.compile(r"\W*(?:par|de|[ée]crit par|post[ée] par)\s", re.IGNORECASE)


def date_scores(lines: Sequence[Line]) -> dict[int, float]:
    """Line number to score, of every line that dates the page."""
    found: dict[int, float] = {}
    placed: list[int] = []
    commented = written = False
    for at, line in enumerate(lines):
        text = line.text
        if len(text) > MAX_DATE_LINE:
            continue
        written = written or (is_prose(line) and len(text) > 60 and text[-1] in ".!»")
        # A counter above the text («3 commentaires») is not yet the place itself.
        if COMMENTS.match(text) and (written or line.level or not any(ch.isdigit() for ch in text)):
            commented = True
        if not _MAY_DATE.search(text) or not is_date_line(text):
            continue
        score = 5.0 * says_published(text) + 2.0 * ("|" in text)
        score += 1.0 if len(text) < 80 else -1.0
        score -= 6.0 * bool(line.context & SIDE) + 2.0 * bool(line.context & ITEM)
        # A day alone that is a link leads to the day's archive; it may still date the page.
        linked = line.link_share > 0.6
        score -= (2.0 if len(text) < 30 else 5.0) * linked + 3.0 * bool(CREDIT.match(text))
        score -= 8.0 * commented
        # A sentence that holds a date: caption, prose.
        if not says_published(text):
            score -= 4.0 * (text[-1] in ".!?" or _is_caption(lines, at))
        found[at] = score
        if is_dateline(text) and not (written or line.context & FIGURE or _pictured(lines, at)):
            placed.append(at)
        if len(found) >= 200:
            break
    if placed and max(found.values()) <= 0.0:
        # Nothing else dates the page: then the place and day above its text do.
        found[placed[0]] += 4.0
    foot = _foot(lines, found)
    if foot is not None:
        found[foot] += _FOOT
    return found


def _foot(lines: Sequence[Line], dates: dict[int, float]) -> int | None:
    """The only date of a page, by itself below the text: it needs no word of publication."""
    able = [at for at, score in dates.items() if score > 0.0]
    if len(able) != 1 or dates[able[0]] >= _FOOT or not stands_alone(lines[able[0]].text):
        return None
    at = able[0]
    above = any(is_prose(line) for line in lines[max(0, at - 3) : at])
    return at if above and not any(is_text(line) for line in lines[at + 1 :]) else None


def is_dateline(text: str) -> bool:
    """True for a place, or a name that may be one, and a day: «Kayes, le mardi 12 mars 2024»; a
    newspaper may stand behind a dash."""
    day, _, newspaper = _DASH.sub("|", text, 1).partition("|")
    placed = _PLACED.match(day) is not None and _DAY_ALONE.match(day) is not None
    return placed and len(newspaper) <= _LONGEST_NAME and not newspaper[:1].islower()


def _pictured(lines: Sequence[Line], at: int) -> bool:
    """True where a picture stands right above: a place and a day are its caption then."""
    return any(
        lines[n].images or CREDIT.match(lines[n].text) for n in range(max(0, at - 1), at + 1)
    )


def stands_alone(text: str) -> bool:
    """True for a day and nothing else but a newspaper: «L’Essor, mardi 12 mars 2024»."""
    day = _DAY_ALONE.match(text)
    if day is None:
        return False
    named = day.group(1)
    return not named or known_source(named) is not None or _TITLED.match(named) is not None


def newspaper_before_day(text: str) -> str | None:
    """«L’Essor» of «L’Essor, mardi 12 mars 2024»; None where what stands there may be a place."""
    day = _DAY_ALONE.match(text)
    named = day.group(1) if day is not None else None
    return named if named and is_newspaper(named) else None


def is_newspaper(named: str) -> bool:
    """True for a known newspaper, and for a name that has an article as no place has."""
    return known_source(named) is not None or bool(_TITLED.match(named) and _NAMED.match(named))


def other_lists(lines: Sequence[Line]) -> list[range]:
    """Lists of other articles: a box of their own, or from their heading to where text goes on."""
    heads = [n for n, line in enumerate(lines) if len(line.text) < 60 and RELATED.match(line.text)]
    if not heads:
        return []
    total = plain_size(lines)
    texts = [n for n, line in enumerate(lines) if is_text(line)]
    found: list[range] = []
    for at in heads:
        end = box_end(lines, at, total)
        if end == at + 1:
            text = bisect(texts, at)
            end = texts[text] if text < len(texts) else len(lines)
        if not found or end > found[-1].stop:
            found.append(range(at, end))
    return found


def _is_caption(lines: Sequence[Line], at: int) -> bool:
    """True for a dated line that says what a photo shows: it stands behind a credit, or
    a place stands before its date, or a colon and words behind it."""
    text = lines[at].text
    if _BY.match(text):
        return False
    if lines[at].context & FIGURE or _TELLS.match(text):
        return True
    if _PLACED.match(text) and not stands_alone(text):
        return True
    return any(CREDIT.match(lines[n].text) for n in range(max(0, at - 2), at))


def title_scores(
    lines: Sequence[Line],
    told: Sequence[str],
    dates: dict[int, float],
    is_own_name: Callable[[str], bool],
    address: str = "",
) -> dict[tuple[int, int], float]:
    """(first, last) line to score, of every line or heading that may be the headline. `address`:
    the page's own."""
    near = {d + step for d in dates for step in range(-4, 3)}
    below = _below_crumb(lines)
    found: dict[tuple[int, int], float] = {}
    agreed: dict[tuple[int, int], float] = {}
    at = 0
    while at < len(lines):
        span = _heading_span(lines, at, told)
        line = lines[at]
        text = " ".join([one.text for one in lines[at : span + 1]]) if span > at else line.text
        agrees = _agreement(fold(text), told) if len(text) <= _MAX_TITLE else 0.0
        stands_out = line.level or line.bold or at in near or at == below
        # Most lines of a page are neither, and need not be asked the rest.
        may_be = bool(agrees) or (stands_out and _can_head(text, line))
        # A crumb that ends in the headline still says where the article begins.
        crumb = may_be and is_crumb(text)
        if may_be and not (
            (crumb and agrees < _SURE / 2) or _leads_home(line) or is_own_name(text)
        ):
            score = 6.0 * agrees + (4.0 - line.level if 0 < line.level < 4 else 0.5 * line.bold)
            score -= 5.0 * bool(line.context & (NAV | FOOTER)) + 3.0 * bool(line.context & ITEM)
            # A headline that is a link leads to another page, unless the page calls itself so or
            # it leads to this very page.
            if _is_all_links(line) and not _leads_here(line, address):
                score -= 2.0 if agrees > 0.6 else 6.0
            score -= 1.0 * (len(text) < 15) + 2.0 * crumb + 2.0 * bool(line.context & TEMPLATE)
            found[(at, span)] = score
            agreed[(at, span)] = agrees
        at = span + 1
    # Where one line is what the page calls itself, another (the site's name) is not.
    most = max(agreed.values(), default=0.0)
    masts = [one for one, agrees in agreed.items() if agrees and _is_masthead(lines, one, dates)]
    if masts and max((agreed[one] for one in agreed if one not in masts), default=0.0) < _SURE:
        # It calls itself as the site on every page: its headline is the one with the date.
        for one in masts:
            found[one] -= 6.0 * agreed[one]
    elif most < _SURE:
        # Nothing says what the page is called: then its highest heading does, or what the way down
        # to the page leads to.
        levels = [lines[one[0]].level for one in found if lines[one[0]].level and found[one] > 0]
        for one in found:
            found[one] += 3.0 * (lines[one[0]].level == min(levels, default=-1))
            found[one] += 5.0 * (one[0] == below)
    else:
        for one, agrees in agreed.items():
            found[one] -= 3.0 * (agrees < 0.6 * most)
    return found


def _is_masthead(lines: Sequence[Line], span: tuple[int, int], dates: dict[int, float]) -> bool:
    """True for the site's name above its menu, where another heading stands right by the date of a
    text."""
    first, last = span
    near = range(last + 1, min(last + 1 + _MENU, len(lines)))
    begin = next((n for n in near if _leads_away(lines[n])), len(lines))
    end = next((n for n in range(begin, len(lines)) if not _leads_away(lines[n])), len(lines))
    if end - begin < _STEPS or any(first - 2 <= date < end for date in dates):
        return False
    return any(
        score > 0.0
        and any(lines[n].bold or lines[n].level for n in range(max(end, date - 2), date))
        and any(map(is_prose, lines[date + 1 : date + 4]))
        for date, score in dates.items()
        if date >= end
    )


def _leads_away(line: Line) -> bool:
    return line.link_share > 0.8 and not is_label(line.text)


def _below_crumb(lines: Sequence[Line]) -> int | None:
    """The line under the way down to the page («Accueil / Politique / Article»), its section and
    buttons aside."""
    at = next((n for n, line in enumerate(lines) if is_crumb(line.text)), None)
    if at is None:
        return None
    return next(
        (n for n in range(at + 1, min(at + 4, len(lines)))
         if _can_head(lines[n].text, lines[n]) and not is_known(lines[n].text)), None,
    )  # fmt: skip


def _leads_home(line: Line) -> bool:
    """True for the site's name: a link to the front page and nothing else."""
    target = _target(line) if line.link_share >= 0.8 else None
    return target is not None and target.path in ("", "/") and not target.query


def _is_all_links(line: Line) -> bool:
    """True where nothing but bars and bullets stands between a line's links."""
    if line.link_share <= 0.5:
        return False
    return line.link_share > 0.8 or all(
        linked or not any(map(str.isalnum, text)) for text, linked in line.pieces
    )


def _leads_here(line: Line, address: str) -> bool:
    """True where the line is a link to the page it stands on."""
    target, own = _target(line, address), urlsplit(address)
    if target is None or not address:
        return False
    return (target.netloc, target.path, target.query) == (own.netloc, own.path, own.query)


def _target(line: Line, base: str = "") -> SplitResult | None:
    """Where the line's link leads; None without one, or where it is no address at all."""
    try:
        return urlsplit(urljoin(base, line.href.strip())) if line.href is not None else None
    except ValueError:
        return None


def _heading_span(lines: Sequence[Line], at: int, told: Sequence[str]) -> int:
    """Last line of the heading that begins at `at`: one heading may have several lines."""
    line = lines[at]
    last = at
    while last + 1 < len(lines) and last - at < 4:
        after = lines[last + 1]
        if after.home_id != line.home_id or after.starts:
            break
        if line.level:
            last += 1
            continue
        joined = fold(" ".join(one.text for one in lines[at : last + 2]))
        if len(joined) < _MAX_TITLE and any(joined in one for one in told) and len(joined) > 12:
            last += 1
            continue
        break
    return last


def _can_head(text: str, line: Line) -> bool:
    # Only what stands out of the text may be a whole sentence of it.
    plain = not line.level and not line.bold
    if plain and ((len(text) > 60 and text[-1] in ".…") or OFFER.search(text)):
        return False
    return (
        8 <= len(text) <= _MAX_TITLE
        and not is_date_line(text)
        and not CREDIT.match(text)
        and not is_label(text)
        and read_signature(text) is None
        and not COMMENTS.match(text)
        and not RELATED.match(text)
        and not _KIND.match(text)
        and not line.context & SIDE
    )


def _agreement(folded: str, told: Sequence[str]) -> float:
    """0 to 1: how much of what the page calls itself this line says."""
    best = 0.0
    for one in told:
        if len(folded) < 6 or not one:
            continue
        if folded in one:
            best = max(best, min(1.0, 1.4 * len(folded) / len(one)))
        elif one in folded and len(one) > 12:
            best = max(best, len(one) / len(folded))
    return best if best > 0.3 else 0.0


def best_pair(
    titles: dict[tuple[int, int], float], dates: dict[int, float], lists: Sequence[range]
) -> tuple[tuple[int, int] | None, int | None]:
    """The headline and the date line that fit each other best. `lists`: lists of other articles;
    a date in one that stands behind the headline is another article's."""
    best: tuple[float, tuple[int, int] | None, int | None] = (0.0, None, None)
    leading = sorted(titles, key=lambda span: (-titles[span], span))[:60]
    for span in leading:
        if titles[span] >= 4.0 and titles[span] > best[0]:
            best = (titles[span], span, None)
    for date, score in dates.items():
        # A headline is better than none, even a doubtful one at some distance.
        if score >= 5.0 and score - _NO_HEADLINE > best[0]:
            best = (score - _NO_HEADLINE, None, date)
        for span in leading:
            distance = date - span[1] if date > span[1] else (span[0] - date) * 2 + 1
            if distance > 120 or span[0] <= date <= span[1]:
                continue
            total = score + titles[span] - min(0.25 * distance, 4.0 + 0.02 * distance)
            total += 2.0 * (0 < date - span[1] <= 2)
            total -= 6.0 * any(span[1] < one.start and date in one for one in lists)
            # Without any word of publication the date must stand by its headline.
            if score < _FOOT and distance > 6:
                continue
            if total > best[0]:
                best = (total, span, date)
    return best[1], best[2]
