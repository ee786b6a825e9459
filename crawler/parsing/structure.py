"""The page read by its lines alone: no class, no id, no tag name. The layer below the selectors.

The date line is the anchor. The headline is the line above it that agrees with `<title>`; the body
is the run of prose behind both (or between them, where the date stands below), inside the
smallest part of the page that holds headline and prose, up to where comments or lists begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from selectolax.lexbor import LexborNode

from crawler.parsing.anchors import (
    best_pair,
    date_scores,
    is_dateline,
    other_lists,
    stands_alone,
    title_scores,
)
from crawler.parsing.layout import Layout, choose_date, take_tail
from crawler.parsing.lines import FIGURE, FOOTER, SIDE, Line
from crawler.parsing.places import child_id, child_of, common, is_within, shape_of, table_of
from crawler.parsing.prose import is_prose, prose_mass
from crawler.parsing.wording import (
    COMMENT,
    COMMENTS,
    CREDIT,
    END,
    POSTED,
    RELATED,
    before_published,
    fold,
    is_crumb,
    is_date_line,
    is_label,
    says_published,
    update_part,
)
from crawler.portals.sections import is_known, same_section

MAX_LINES = 20_000
"""Lines looked at on one page."""
_MAX_CAPTIONS = 600
"""Characters of all captions of one photo block."""
_NEAR = 15
_SHORT_LEAD = 250
_GAP = 80
"""Lines of verse or of a table that may stand between two parts of a text."""
_RESULT = re.compile(r"^\W*\d{1,3}\s?[-–:]\s?\d{1,3}\W*$|\d\s?%")
"""A cell of results: «2-1», «53,4 %»."""
_SEPARATORS = " •·|,/–—-"
_AGO = re.compile(r"\s*(?:(?:publi|post|mis)\S* (?:en ligne )?)?(?:il y a|hier)\s", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d/\d")
_READING = re.compile(r"\d{1,3}\s?(?:min|mn|minutes?)\.?(?: de lecture)?\W*$", re.IGNORECASE)
_PUBLISHED_AT = re.compile(r"\s*(?:publi|post[ée]|mis(?:e)? en ligne|le \d)", re.IGNORECASE)


def _nobody(_: str) -> bool:
    return False


def by_structure(
    lines: Sequence[Line],
    page_title: str | None,
    og_title: str | None,
    is_own_name: Callable[[str], bool] = _nobody,
    address: str = "",
) -> Layout:
    """Headline, date, photo block and body of a page, or a layout that lacks what is not there.

    `is_own_name` tells the site's name, which is no headline whatever the page calls itself;
    `address` is the page's own, to which its headline may be a link.
    """
    lines = lines[:MAX_LINES]
    layout = Layout("structure", body_sign="lines", title_sign="heading", date_sign="date-line")
    told = [fold(text) for text in (page_title, og_title) if text and not is_own_name(text)]
    dates = date_scores(lines)
    titles = title_scores(lines, told, dates, is_own_name, address)
    lists = other_lists(lines)
    title_span, date = best_pair(titles, dates, lists)
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
        if title_span is not None and date > last and not says_published(lines[date].text):
            text = any(is_prose(line) for line in lines[last + 1 : date])
            if is_dateline(lines[date].text) and not stands_alone(lines[date].text):
                layout.date_sign = "dateline"
            elif text and stands_alone(lines[date].text):
                layout.date_sign = "date-below"
        layout.section = _section_near(lines, first, last, date)
        if layout.section is None and layout.before_date and is_known(layout.before_date):
            layout.section = layout.before_date
    _read_body(layout, lines, last, date, titled=title_span is not None)
    if title_span is not None:
        layout.below = list(lines[last + 1 : last + 1 + _NEAR])
    return layout


# --- the date line -----------------------------------------------------------------------------


def _read_date(layout: Layout, lines: Sequence[Line], date: int) -> None:
    prefix, text = _prefix_and_date(lines[date])
    layout.before_date = prefix or before_published(text)
    update = _glued_update(lines[date])
    if update:
        text = text.removesuffix(update).rstrip(" •·")
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


def _prefix_and_date(line: Line) -> tuple[str, str]:
    """The date line, and what stands before it in an element of its own (a section link, who wrote
    it); without a time to read that would run into its last word: «L’Essor4 min de lecture»."""
    pieces, text = line.pieces, line.text
    if len(pieces) > 1 and _AGO.search(text) and not _YEAR.search(text):
        # Icons part what nothing else does: «il y a 2 heures Awa Diallo 54 vues».
        for number, (piece, _) in enumerate(pieces):
            if _AGO.match(piece) and is_date_line(piece):
                return _joined(pieces[:number]).strip(_SEPARATORS), _joined([pieces[number]])
    for number, (piece, _) in enumerate(pieces):
        if number and _READING.match(piece) and pieces[number - 1][0][-1:].isalnum():
            pieces = pieces[:number] + pieces[number + 1 :]
            text = _joined(pieces)
            break
    for number, (piece, _) in enumerate(pieces):
        if number and _PUBLISHED_AT.match(piece):
            tail = _joined(pieces[number:])
            if is_date_line(tail):
                return _joined(pieces[:number]).strip(_SEPARATORS), tail
            break
    return "", text


def _joined(pieces: Sequence[tuple[str, bool]]) -> str:
    return " ".join("".join(part for part, _ in pieces).split())


def _section_near(lines: Sequence[Line], first: int, last: int, date: int) -> str | None:
    """A section's link in the date line, or a known label by itself beside it."""
    for piece, linked in lines[date].pieces[:-1]:
        if linked and is_known(piece):
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
                return None if _in_menu(lines, at) else text
    return None


def _in_menu(lines: Sequence[Line], at: int) -> bool:
    """True where a section's name has another's beside it: one of a menu."""
    beside = [lines[n].text for n in (at - 1, at + 1) if 0 <= n < len(lines)]
    return any(
        len(text) < 40 and is_known(text) and not same_section(text, lines[at].text)
        for text in beside
    )


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
    signed = _behind_lead(lines, body, date)
    layout.body = [lines[n] for n in body if n != date and n not in signed]
    behind = body[-1] + 1
    layout.after = list(lines[behind : behind + 200])
    take_tail(layout)


def _behind_lead(lines: Sequence[Line], body: Sequence[int], date: int | None) -> range:
    """Where between a lead and the date stands who wrote it; nowhere if the body is all on one side
    of the date."""
    if date is None or not body[0] < date < body[-1]:
        return range(0)
    lead = (n for n in range(date - 1, body[0] - 1, -1) if is_prose(lines[n]))
    return range(next(lead, date) + 1, date)


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
    if between and not _under_picture(lines, title_end, date):
        return title_end + 1, below  # a long lead
    return date + 1, below


def _under_picture(lines: Sequence[Line], title_end: int, date: int) -> bool:
    """True where the prose between headline and date can be a caption."""
    prose = next(n for n in range(title_end + 1, date) if is_prose(lines[n]))
    above = lines[title_end + 1 : prose + 1]
    return bool(lines[prose].context & FIGURE) or any(line.images for line in above)


def _same_part(lines: Sequence[Line], title_end: int, date: int, below: int) -> bool:
    """True where the prose behind the date belongs to the part of the page the headline is in."""
    following = next((n for n in range(date + 1, below) if is_prose(lines[n])), None)
    between = next((n for n in range(title_end + 1, date) if is_prose(lines[n])), None)
    if following is None or between is None:
        return False
    inner = common(lines[title_end].home, lines[between].home)
    return inner is None or is_within(lines[following].home, inner)


def _stop(lines: Sequence[Line], start: int, limit: int | None = None) -> int:
    """The first line that ends every body: comments, the page's foot."""
    limit = len(lines) if limit is None else limit
    prose = 0
    for at in range(start, limit):
        line = lines[at]
        text = line.text
        if line.context & FOOTER or END.match(text):
            return at
        if prose and POSTED.match(text):
            return at
        if len(text) < 80 and COMMENTS.match(text):
            # A counter beside the date («3 commentaires») is not the place itself.
            counter = at - start < 3 and not prose and (line.linked or text[:1].isdigit())
            if not counter:
                return at
        prose += is_prose(line)
    return limit


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
        mass = prose_mass(lines, start, credit)
        if mass > (0 if lines[credit].context & FIGURE else _MAX_CAPTIONS):
            credit = None  # of a photo amid the text
        elif mass and _ends_text(lines, start, credit, end):
            credit = None  # of the text: «© L’Essor» below a brief
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
        if lines[n].context & FIGURE and not prose_mass(lines, behind, n):
            behind = n + 1
    return behind


def _ends_text(lines: Sequence[Line], start: int, credit: int, end: int) -> bool:
    """True where no picture stands above the credit and no text below it."""
    return not any(lines[n].images for n in range(start, credit + 1)) and not any(
        is_prose(lines[n]) for n in range(credit + 1, end)
    )


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
    held = sum(is_within(lines[n].home, box) for n in behind)
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
    inside = [n for n in range(start, end) if region is None or is_within(lines[n].home, region)]
    part = child_of(region, lines[seed].home)
    # The part with most prose leads; a lead or a caption in a box of its own comes before it.
    mass: dict[int, int] = {}
    for n in inside:
        if is_prose(lines[n]):
            key = child_id(region, lines[n].home)
            mass[key] = mass.get(key, 0) + len(lines[n].text)
    leader = max(mass, key=lambda key: mass[key], default=part.mem_id if part else 0)
    shape = next(
        (shape_of(child_of(region, lines[n].home)) for n in inside
         if child_id(region, lines[n].home) == leader), ("", ""),
    )  # fmt: skip
    last = max((n for n in inside if child_id(region, lines[n].home) == leader), default=-1)
    tables = _tables(lines, inside, region, shape)
    kept: list[int] = []
    broken = False
    for at, n in enumerate(inside):
        line = lines[n]
        if line.context & SIDE:
            continue
        child, table = child_of(region, line.home), table_of(region, line.home)
        key = child.mem_id if child is not None else 0
        alike = bool(kept) and (
            shape_of(child) == shape or (table is not None and table.mem_id in tables)
        )
        if key == leader or ((alike or is_prose(line)) and not broken):
            kept.append(n)
        elif RELATED.match(line.text) or (line.link_share > 0.8 and kept):
            broken = bool(kept) and last <= n
        elif kept and not line.linked and _followed(lines, inside, at, region, leader):
            kept.append(n)
    return kept


def _tables(
    lines: Sequence[Line], inside: Sequence[int], region: LexborNode | None, shape: tuple[str, str]
) -> set[int]:
    """The tables that belong to a text whose other parts have `shape`: those of results, and those
    between its parts."""
    found: dict[int, list[int]] = {}
    final = -1
    for n in inside:
        table = table_of(region, lines[n].home)
        if table is not None and not lines[n].linked:
            found.setdefault(table.mem_id, []).append(n)
        elif shape_of(child_of(region, lines[n].home)) == shape:
            final = n
    if shape[0] == "table":
        return set()
    return {
        key
        for key, rows in found.items()
        if rows[-1] < final or any(_RESULT.search(lines[n].text) for n in rows)
    }


def _region(
    lines: Sequence[Line], prose: Sequence[int], anchor: LexborNode | None
) -> LexborNode | None:
    """The smallest part of the page that holds headline and text. A lead may stand in the
    headline's own box; then the text that outweighs it follows in the next."""
    home = lines[prose[0]].home
    region = common(anchor, home) if anchor is not None else home.parent
    if anchor is None or region is None:
        return region
    inside = [n for n in prose if is_within(lines[n].home, region)]
    outside = [n for n in prose if n > inside[-1] and not is_within(lines[n].home, region)]
    if not outside or any(RELATED.match(lines[n].text) for n in range(inside[-1], outside[0])):
        return region
    box = lines[outside[0]].home.parent
    mass = sum(len(lines[n].text) for n in outside if box and is_within(lines[n].home, box))
    if mass <= sum(len(lines[n].text) for n in inside):
        return region
    return common(anchor, lines[outside[0]].home)


def _followed(
    lines: Sequence[Line], inside: Sequence[int], at: int, region: LexborNode | None, leader: int
) -> bool:
    """True where text of the body's own part follows line `inside[at]`, soon or behind nothing that
    is linked: what lies between belongs to it."""
    for m in inside[at + 1 : at + _GAP]:
        if child_id(region, lines[m].home) == leader or is_prose(lines[m]):
            return True
        if m > inside[at] + 5 and (lines[m].linked or lines[m].context & SIDE):
            return False
    return False


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
