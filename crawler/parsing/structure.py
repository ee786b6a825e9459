"""The page read by its lines alone: no class, no id, no tag name. The layer below the selectors.

The date line is the anchor. The headline is the line above it that agrees with `<title>`; the body
is the run of prose behind both (or between them, where the date stands below), inside the
smallest part of the page that holds headline and prose, up to where comments or lists begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.parsing.asides import box_end
from crawler.parsing.layout import Layout, choose_date, take_tail
from crawler.parsing.lines import FIGURE, FOOTER, ITEM, NAV, SIDE, TEMPLATE, Line
from crawler.parsing.signature import read_signature
from crawler.parsing.wording import (
    COMMENT,
    COMMENTS,
    CREDIT,
    END,
    MAX_DATE_LINE,
    RELATED,
    fold,
    is_crumb,
    is_date_line,
    is_label,
    says_published,
    update_part,
)
from crawler.portals.sections import is_known

MAX_LINES = 20_000
"""Lines looked at on one page."""
_MAX_TITLE = 400
_MAX_CAPTIONS = 600
"""Characters of all captions of one photo block."""
_NEAR = 15
_SHORT_LEAD = 250
_KIND = re.compile(
    r"\W*(?:article de presse|d[ée]p[êe]ches?|communiqu[ée] de presse|article)\W*$", re.I
)
_NO_HEADLINE = 4.0
_SURE = 0.7
"""Agreement with the page's own title from which a line is surely the headline."""
_MAY_DATE = re.compile(r"\d|hier|il y a|depuis|instant", re.IGNORECASE)
_TELLS = re.compile(r"[^|]{0,60}\b(?:19|20)\d\d\s*:\s*(?:[^\W\d]+[\s'’]+){2}")
_PLACED = re.compile(r"[A-ZÀ-Ý][\w’'-]*(?: [\w’'-]+){0,3}, le (?:[a-z]{5,8} )?\d")
_BY = re.compile(r"\W*(?:par|de|[ée]crit par|post[ée] par)\s", re.IGNORECASE)
_PUBLISHED_AT = re.compile(r"\s*(?:publi|post[ée]|mis(?:e)? en ligne|le \d)", re.IGNORECASE)


def _nobody(_: str) -> bool:
    return False


def by_structure(
    lines: Sequence[Line],
    page_title: str | None,
    og_title: str | None,
    is_own_name: Callable[[str], bool] = _nobody,
) -> Layout:
    """Headline, date, photo block and body of a page, or a layout that lacks what is not there.

    `is_own_name` tells the site's name, which is no headline whatever the page calls itself.
    """
    lines = lines[:MAX_LINES]
    layout = Layout("structure", body_sign="lines", title_sign="heading", date_sign="date-line")
    told = [fold(text) for text in (page_title, og_title) if text and not is_own_name(text)]
    dates = _dates(lines)
    titles = _titles(lines, told, dates, is_own_name)
    lists = _lists(lines)
    title_span, date = _pair(titles, dates, lists)
    if title_span is None and date is None:
        return layout
    first, last = title_span or (date or 0, (date or 0) - 1)
    if title_span is not None:
        layout.title = " ".join(line.text for line in lines[first : last + 1])
        layout.title_node = lines[first].home
        if is_crumb(layout.title):
            layout.title = None  # the place is right, the words are told elsewhere
    layout.above = [line.text for line in reversed(lines[max(0, first - 40) : first])]
    if date is not None:
        _read_date(layout, lines, date)
        layout.section = _section_near(lines, first, last, date)
    _read_body(layout, lines, last, date, titled=title_span is not None)
    if title_span is not None:
        layout.below = list(lines[last + 1 : last + 1 + _NEAR])
    return layout


# --- anchors -----------------------------------------------------------------------------------


def _dates(lines: Sequence[Line]) -> dict[int, float]:
    """Line number to score, of every line that dates the page."""
    found: dict[int, float] = {}
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
        if len(found) >= 200:
            break
    return found


def _lists(lines: Sequence[Line]) -> list[range]:
    """Lists of other articles: a box of their own, or from their heading to where text goes on."""
    found: list[range] = []
    for at, line in enumerate(lines):
        if len(line.text) < 60 and RELATED.match(line.text):
            end = box_end(lines, at)
            if end == at + 1:
                while end < len(lines) and not _is_text(lines[end]):
                    end += 1
            found.append(range(at, end))
    return found


def _is_text(line: Line) -> bool:
    return len(line.text) >= 100 and is_prose(line)


def _is_caption(lines: Sequence[Line], at: int) -> bool:
    """True for a dated line that says what a photo shows: it stands behind a credit, or
    a place stands before its date, or a colon and words behind it."""
    text = lines[at].text
    if _BY.match(text):
        return False
    if lines[at].context & FIGURE or _TELLS.match(text) or _PLACED.match(text):
        return True
    return any(CREDIT.match(lines[n].text) for n in range(max(0, at - 2), at))


def _titles(
    lines: Sequence[Line],
    told: Sequence[str],
    dates: dict[int, float],
    is_own_name: Callable[[str], bool],
) -> dict[tuple[int, int], float]:
    """(first, last) line to score, of every line or heading that may be the headline."""
    near = {d + step for d in dates for step in range(-4, 3)}
    found: dict[tuple[int, int], float] = {}
    agreed: dict[tuple[int, int], float] = {}
    at = 0
    while at < len(lines):
        span = _heading_span(lines, at, told)
        line = lines[at]
        text = " ".join(one.text for one in lines[at : span + 1])
        agrees = _agreement(fold(text), told) if len(text) <= _MAX_TITLE else 0.0
        # A crumb that ends in the headline still says where the article begins.
        crumb = is_crumb(text)
        if (crumb and agrees < _SURE / 2) or _leads_home(line) or is_own_name(text):
            at = span + 1
            continue
        if agrees or ((line.level or line.bold or at in near) and _can_head(text, line)):
            score = 6.0 * agrees + (4.0 - line.level if 0 < line.level < 4 else 0.5 * line.bold)
            score -= 5.0 * bool(line.context & (NAV | FOOTER)) + 3.0 * bool(line.context & ITEM)
            # A headline that is a link leads to another page, unless the page calls itself so.
            score -= (2.0 if agrees > 0.6 else 6.0) * (line.link_share > 0.8)
            score -= 1.0 * (len(text) < 15) + 2.0 * crumb + 2.0 * bool(line.context & TEMPLATE)
            found[(at, span)] = score
            agreed[(at, span)] = agrees
        at = span + 1
    # Where one line is what the page calls itself, another (the site's name) is not.
    most = max(agreed.values(), default=0.0)
    if most < _SURE:
        # Nothing says what the page is called: then its highest heading does.
        levels = [lines[one[0]].level for one in found if lines[one[0]].level and found[one] > 0]
        for one in found:
            found[one] += 3.0 * (lines[one[0]].level == min(levels, default=-1))
    else:
        for one, agrees in agreed.items():
            found[one] -= 3.0 * (agrees < 0.6 * most)
    return found


def _leads_home(line: Line) -> bool:
    """True for the site's name: a link to the front page and nothing else."""
    if line.link_share < 0.8 or line.href is None:
        return False
    return urlsplit(line.href).path in ("", "/") and not urlsplit(line.href).query


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
    if not line.level and not line.bold and len(text) > 60 and text[-1] in ".…":
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


def _pair(
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
            if score < 3.0 and distance > 6:
                continue
            if total > best[0]:
                best = (total, span, date)
    return best[1], best[2]


# --- the date line -----------------------------------------------------------------------------


def _read_date(layout: Layout, lines: Sequence[Line], date: int) -> None:
    text = _without_prefix(lines[date])
    update = _glued_update(lines[date])
    if update:
        text = text.removesuffix(update).rstrip()
    if date + 1 < len(lines):
        after = lines[date + 1].text
        if (text.endswith("|") or after.startswith("|")) and len(after) <= 80:
            text = f"{text} {after}"
    near = [text, update] if update else [text]
    for at in (date + 1, date - 1, date + 2):
        if 0 <= at < len(lines) and len(lines[at].text) < 100 and is_date_line(lines[at].text):
            other = lines[at].text
            if update_part(other) or (update_part(text) and says_published(other)):
                near.append(other)
    chosen = choose_date(near)
    if chosen is not None:
        layout.date, layout.update = chosen
        if layout.date is None:
            layout.date = None


def _glued_update(line: Line) -> str | None:
    """«Mis à jour le …» where it is an element of its own at the end of the date line."""
    for number, (piece, _) in enumerate(line.pieces):
        if number and update_part(piece[:40]) == piece[:40]:
            return " ".join("".join(part for part, _ in line.pieces[number:]).split())
    return None


def _without_prefix(line: Line) -> str:
    """The date line without what stands before it in an element of its own (a section link)."""
    for number, (piece, _) in enumerate(line.pieces):
        if number and _PUBLISHED_AT.match(piece):
            tail = " ".join("".join(part for part, _ in line.pieces[number:]).split())
            return tail if is_date_line(tail) else line.text
    return line.text


def _section_near(lines: Sequence[Line], first: int, last: int, date: int) -> str | None:
    """A section's link in the date line, or a known label by itself beside it."""
    for number, (piece, linked) in enumerate(lines[date].pieces):
        if linked and number < len(lines[date].pieces) - 1 and is_known(piece):
            return piece.strip()
    near: list[int] = sorted(
        {*range(last + 1, min(date + 2, last + 4)), *range(date - 2, date + 2)}
    )
    for at in near:
        # What stands above the headline is judged with its neighbours: it may end a menu.
        above = at < first and date > last
        if 0 <= at < len(lines) and at != date and not above and not first <= at <= last:
            text = lines[at].text
            if len(text) < 40 and not lines[at].context & SIDE and is_known(text):
                return text
    return None


# --- the body ----------------------------------------------------------------------------------


def _read_body(
    layout: Layout, lines: Sequence[Line], title_end: int, date: int | None, *, titled: bool
) -> None:
    start, end = _range(lines, title_end, date, titled=titled)
    photo_end = _photo_end(lines, start, end)
    anchor = lines[max(0, title_end)].home if titled else None
    body = _run(lines, photo_end, end, anchor)
    if not body:
        layout.head = list(lines[start:end])
        layout.after = list(lines[end : end + 200])
        return
    layout.head = list(lines[start : body[0]])
    layout.body = [lines[n] for n in body if n != date]
    behind = body[-1] + 1
    layout.after = list(lines[behind : behind + 200])
    take_tail(layout)


def _range(
    lines: Sequence[Line], title_end: int, date: int | None, *, titled: bool
) -> tuple[int, int]:
    """Where the body may begin and where it must have ended."""
    if date is None or not titled or date <= title_end:
        start = max(title_end, -1 if date is None else date) + 1
        return start, _stop(lines, start)
    above = _stop(lines, title_end + 1, date)
    below = _stop(lines, date + 1)
    between = sum(len(lines[n].text) for n in range(title_end + 1, above) if is_prose(lines[n]))
    after = sum(len(lines[n].text) for n in range(date + 1, below) if is_prose(lines[n]))
    lead = 0 < between <= min(_MAX_CAPTIONS, max(0.3 * after, _SHORT_LEAD * bool(after)))
    if between and not lead and (not after or not _same_part(lines, title_end, date, below)):
        return title_end + 1, date
    if between and between < 0.5 * after:
        return title_end + 1, below  # a lead above the date
    if between > after:
        return title_end + 1, date
    return date + 1, below


def _same_part(lines: Sequence[Line], title_end: int, date: int, below: int) -> bool:
    """True where the prose behind the date belongs to the part of the page the headline is in."""
    following = next((n for n in range(date + 1, below) if is_prose(lines[n])), None)
    between = next((n for n in range(title_end + 1, date) if is_prose(lines[n])), None)
    if following is None or between is None:
        return False
    inner = common(lines[title_end].home, lines[between].home)
    return inner is None or _is_within(lines[following].home, inner)


def _stop(lines: Sequence[Line], start: int, limit: int | None = None) -> int:
    """The first line that ends every body: comments, the page's foot."""
    limit = len(lines) if limit is None else limit
    prose = 0
    for at in range(start, limit):
        line = lines[at]
        text = line.text
        if line.context & FOOTER or END.match(text):
            return at
        if len(text) < 80 and COMMENTS.match(text):
            # A counter beside the date («3 commentaires») is not the place itself.
            counter = at - start < 3 and not prose and (line.linked or text[:1].isdigit())
            if not counter:
                return at
        prose += is_prose(line)
    return limit


def is_prose(line: Line) -> bool:
    """A line people wrote to be read: long, or a sentence, and not mostly links."""
    text = line.text
    if line.link_share > 0.5 or line.context & (SIDE | FIGURE | TEMPLATE):
        return False
    if len(text) < 60 and not (len(text) >= 20 and text[-1] in ".!?…»:"):
        return False
    if line.context & ITEM and line.linked >= 20:
        return False  # a teaser: another article's headline and first words
    return not (is_label(text) or CREDIT.match(text) or RELATED.match(text))


def _photo_end(lines: Sequence[Line], start: int, end: int) -> int:
    """The first line behind the photo block, `start` where there is none."""
    at = _block_end(lines, start, end)
    while at < end and lines[at].context & FIGURE:
        at += 1
    return at


def _block_end(lines: Sequence[Line], start: int, end: int) -> int:
    limit = min(end, start + 30)
    credit = next((n for n in range(start, limit) if CREDIT.match(lines[n].text)), None)
    if credit is not None:
        mass = _prose_mass(lines, start, credit)
        if mass > (0 if lines[credit].context & FIGURE else _MAX_CAPTIONS):
            credit = None  # of a photo amid the text
    button = next((n for n in range(start, limit) if COMMENT.match(lines[n].text)), None)
    pictured = any(lines[n].images for n in range(start, min(limit, (button or start) + 1)))
    if button is not None:
        before = [n for n in range(start, button) if is_prose(lines[n])]
        after = any(is_prose(lines[n]) for n in range(button + 1, end))
        if credit is not None and credit < button and button - credit <= 8:
            return button + 1
        if after or not before or (pictured and len(before) <= 2 and _captions(lines, before)):
            return button + 1
    if credit is not None:
        return _captions_end(lines, credit, end)
    behind = start
    for n in range(start, limit):
        # A figure after the first words stands amid the text.
        if lines[n].context & FIGURE and not _prose_mass(lines, behind, n):
            behind = n + 1
    return behind


def _prose_mass(lines: Sequence[Line], start: int, end: int) -> int:
    """Characters of prose from line `start` to `end`."""
    return sum(len(lines[n].text) for n in range(start, end) if is_prose(lines[n]))


def _captions(lines: Sequence[Line], numbers: Sequence[int]) -> bool:
    return sum(len(lines[n].text) for n in numbers) < _MAX_CAPTIONS


def _captions_end(lines: Sequence[Line], credit: int, end: int) -> int:
    """Behind the captions that follow a credit where no button ends them."""
    mass: dict[int, int] = {}
    for n in range(credit + 1, end):
        if is_prose(lines[n]):
            mass[lines[n].home_id] = mass.get(lines[n].home_id, 0) + len(lines[n].text)
    home = lines[credit].home_id
    at = credit + 1
    if not mass:
        return end
    heaviest = max(mass, key=lambda key: mass[key])
    while at < end and at - credit <= 3:
        line = lines[at]
        flat = heaviest == home
        if flat and (line.starts or line.home_id != home):
            break
        if not flat and (line.home_id == heaviest or not _near(lines[credit], line)):
            break
        if not flat and line.home_id != home and _holds(lines, credit, at, end):
            break
        at += 1
    return at


def _holds(lines: Sequence[Line], credit: int, at: int, end: int) -> bool:
    """True where the box of credit and line `at` also holds most of the text that follows: then
    it is no photo's box, and a long line in it is no caption."""
    box = common(lines[credit].home, lines[at].home)
    text = lines[at].text
    if box is None or (len(text) < 100 and text[-1] not in ".!?…"):
        return False
    behind = [n for n in range(at + 1, min(end, at + 60)) if is_prose(lines[n])]
    held = sum(_is_within(lines[n].home, box) for n in behind)
    return bool(behind) and held > 0.5 * len(behind)


def _near(credit: Line, line: Line) -> bool:
    """True where a caption stands in the credit's own box."""
    if line.home_id == credit.home_id:
        return True
    box = common(credit.home, line.home)
    depth = 0
    at: LexborNode | None = credit.home
    while at is not None and box is not None and at.mem_id != box.mem_id:
        at = at.parent
        depth += 1
    return depth <= 2 and len(line.text) < 500


def _run(lines: Sequence[Line], start: int, end: int, anchor: LexborNode | None) -> list[int]:
    """Numbers of the body's lines between `start` and `end`."""
    prose = [n for n in range(start, end) if is_prose(lines[n])]
    if not prose:
        return _short_run(lines, start, end, anchor)
    seed = prose[0]
    region = _region(lines, prose, anchor)
    inside = [n for n in range(start, end) if region is None or _is_within(lines[n].home, region)]
    part = _child_of(region, lines[seed].home)
    # The part with most prose leads; a lead or a caption in a box of its own comes before it.
    mass: dict[int, int] = {}
    for n in inside:
        if is_prose(lines[n]):
            key = _child_id(region, lines[n].home)
            mass[key] = mass.get(key, 0) + len(lines[n].text)
    leader = max(mass, key=lambda key: mass[key], default=part.mem_id if part else 0)
    shape = next(
        (_shape(_child_of(region, lines[n].home)) for n in inside
         if _child_id(region, lines[n].home) == leader), ("", ""),
    )  # fmt: skip
    kept: list[int] = []
    broken = False
    for n in inside:
        line = lines[n]
        if line.context & SIDE:
            continue
        child = _child_of(region, line.home)
        key = child.mem_id if child is not None else 0
        alike = _shape(child) == shape and bool(kept)
        if key == leader or ((alike or is_prose(line)) and not broken):
            kept.append(n)
        elif RELATED.match(line.text) or (line.link_share > 0.8 and kept):
            broken = bool(kept) and not any(
                _child_id(region, lines[m].home) == leader for m in inside if m > n
            )
        elif kept and not line.linked and _followed(lines, inside, n, region, leader):
            kept.append(n)
    return kept


def _region(
    lines: Sequence[Line], prose: Sequence[int], anchor: LexborNode | None
) -> LexborNode | None:
    """The smallest part of the page that holds headline and text. A lead may stand in the
    headline's own box; then the text that outweighs it follows in the next."""
    home = lines[prose[0]].home
    region = common(anchor, home) if anchor is not None else home.parent
    if anchor is None or region is None:
        return region
    inside = [n for n in prose if _is_within(lines[n].home, region)]
    outside = [n for n in prose if n > inside[-1] and not _is_within(lines[n].home, region)]
    if not outside or any(RELATED.match(lines[n].text) for n in range(inside[-1], outside[0])):
        return region
    box = lines[outside[0]].home.parent
    mass = sum(len(lines[n].text) for n in outside if box and _is_within(lines[n].home, box))
    if mass <= sum(len(lines[n].text) for n in inside):
        return region
    return common(anchor, lines[outside[0]].home)


def _followed(
    lines: Sequence[Line], inside: Sequence[int], n: int, region: LexborNode | None, leader: int
) -> bool:
    """True where text of the body's own part follows line `n`: what lies between belongs to it."""
    return any(
        m > n and (_child_id(region, lines[m].home) == leader or is_prose(lines[m]))
        for m in inside
        if n < m <= n + 5
    )


def _short_run(lines: Sequence[Line], start: int, end: int, anchor: LexborNode | None) -> list[int]:
    """A body without a single long line: a poem, a list, one short sentence."""
    found = []
    for n in range(start, min(end, start + 200)):
        line = lines[n]
        text = line.text
        if line.context & SIDE or line.link_share > 0.3 or is_label(text):
            continue
        if RELATED.match(text) or CREDIT.match(text) or is_date_line(text) or is_known(text):
            continue
        found.append(n)
    spoken = {lines[n].home_id for n in found if len(lines[n].text.split()) >= 3}
    return [n for n in found if lines[n].home_id in spoken]


# --- places in the tree ------------------------------------------------------------------------

_CLIMB = 300


def _chain(node: LexborNode) -> list[LexborNode]:
    found = [node]
    at = node.parent
    while at is not None and len(found) < _CLIMB:
        found.append(at)
        at = at.parent
    return found


def common(one: LexborNode | None, other: LexborNode) -> LexborNode | None:
    """The smallest element that holds both."""
    if one is None:
        return None
    above = {node.mem_id for node in _chain(one)}
    return next((node for node in _chain(other) if node.mem_id in above), None)


def _is_within(node: LexborNode, region: LexborNode) -> bool:
    return any(one.mem_id == region.mem_id for one in _chain(node))


def _child_of(region: LexborNode | None, node: LexborNode) -> LexborNode | None:
    """The child of `region` in which `node` stands; `region` itself for its own text."""
    if region is None:
        return None
    last = node
    for one in _chain(node):
        if one.mem_id == region.mem_id:
            return last
        last = one
    return None


def _child_id(region: LexborNode | None, node: LexborNode) -> int:
    child = _child_of(region, node)
    return child.mem_id if child is not None else 0


def _shape(node: LexborNode | None) -> tuple[str, str]:
    if node is None:
        return ("", "")
    return (node.tag or "", node.attributes.get("class") or "")
