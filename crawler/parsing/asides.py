"""Asides: what stands between the lines of a body and is not its text. Used by `body`.

Three kinds, told by their words and their place, whatever the markup calls them: a box under a
heading of its own («À lire aussi», «Publicité», «À propos de l’auteur»), a list of links that ends
the text, and readers' comments that begin without a heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from crawler.parsing.lines import ITEM, Line, is_block
from crawler.parsing.places import common, is_within
from crawler.parsing.signature import read_signature
from crawler.parsing.wording import APART, RELATED, WEEKDAY, is_date_line

MAX_HEADING = 90
_MAX_BOX = 3_000
"""Characters of the largest box."""
_MOST = 0.5
"""A box that holds more than this share of all unlinked text is the text."""
_MOST_HEADS = 60
"""Boxes looked for in one text."""
_SHORTEST_QUOTE = 40
_LONGEST_QUOTE = 300
_MOST_QUOTES = 20
"""Characters of a pull quote, and lines that are compared with the text."""
_QUOTED = " «»“”\"'…."
_CLIMB = 12
_DAY_ALONE = 45
_LONGEST_NAME = 40
_CLOCK = re.compile(r"\d{1,2}\s?[h:]\s?\d\d")
_BY = re.compile(r"^\W*(?:par|de|post[ée] par|[ée]crit par)\s+\S", re.IGNORECASE)
_SAYS = re.compile(r"\b(?:dit|a [ée]crit|r[ée]pond)\s*:\s*$", re.IGNORECASE)
_LONGEST_DATED = 300
"""Characters of the longest line that `_DATED_HEADLINE` can match."""
_NAMED_DAY = re.compile(
    r"^\W*(?P<name>[^\d,|–—]{3,40}?)\s*(?:,|\||\s[-–—]|\sle|\s(?=\d))\s*(?P<rest>.*\d.*)$"
)
_DAY = (
    r"(?:(?:mise? en ligne|publi[ée]e?|post[ée]e?) )?(?:le )?"
    rf"(?:{WEEKDAY} )?"
    r"\d{1,2}(?:er)?(?:[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\s[^\W\d]{3,9}\s\d{4})"
    r"(?:,? (?:à )?\d{1,2}\s?[h:]\s?(?:\d\d)?)?"
)
_DATED_HEADLINE = re.compile(
    rf"^\W*(?:{_DAY}\s?(?::|\||-|–|\s)\s?.{{10,200}}(?<!\.)|.{{10,200}}\s(?:[-–—|]\s|\(){_DAY}\)?)$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_NUMERIC = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}\s?[h:]\s?\d\d")


def without_asides(lines: Sequence[Line]) -> list[Line]:
    """`lines` without boxes under headings of their own and without comments at the end."""
    kept = list(lines)
    heads = [line for line in lines if len(line.text) <= MAX_HEADING and _heads(line.text)]
    total = plain_size(lines) if heads else 0
    for head in heads[:_MOST_HEADS]:
        at = next((n for n, line in enumerate(kept) if line is head), None)
        end = box_end(kept, at, total) if at is not None else 0
        if at is not None and end - at > 1:
            total -= plain_size(kept[at:end])
            del kept[at:end]
    return _before_comments(kept)


def _heads(text: str) -> bool:
    return RELATED.match(text) is not None or APART.match(text) is not None


def box_end(lines: Sequence[Line], at: int, total: int) -> int:
    """The line behind the largest element that begins with line `at` and is no text by its size;
    `at + 1` where that line stands in no box of its own. `total` is `plain_size(lines)`."""
    before = lines[at - 1].home if at else None
    last = at
    box: LexborNode | None = lines[at].home
    for _ in range(_CLIMB):
        # An inline element around blocks is no box: homes are blocks, so none would end the climb.
        while box is not None and not is_block(box.tag or ""):
            box = box.parent
        if box is None or (before is not None and is_within(before, box)):
            break
        end, size = at, len(lines[at].text)
        while end + 1 < len(lines) and is_within(lines[end + 1].home, box) and size <= _MAX_BOX:
            end += 1
            size += len(lines[end].text)
        if size > _MAX_BOX:
            break
        inside = lines[at : end + 1]
        if plain_size(inside) > _MOST * total:
            break
        # A teaser has a sentence or two; more of them than headlines are the text itself.
        if sum(map(_is_long, inside)) > max(1, sum(map(_leads_on, inside))):
            break
        last = end
        box = box.parent
    return last + 1


def _is_long(line: Line) -> bool:
    return len(line.text) >= 100 and line.link_share < 0.5 and not _leads_on(line)


def plain_size(lines: Sequence[Line]) -> int:
    """Characters of `lines` that are neither links nor other articles' headlines."""
    return sum(map(_plain, lines))


def _plain(line: Line) -> int:
    headline = len(line.text) < 2 * MAX_HEADING and line.text[-1] not in ".!?»…"
    return 0 if headline or _leads_on(line) else len(line.text) - line.linked


def without_pull_quotes(lines: list[Line]) -> list[Line]:
    """`lines` without words of the text that stand a second time in a box of their own amid it."""
    found = [n for n in range(1, len(lines) - 1) if _may_repeat(lines, n)][:_MOST_QUOTES]
    if not found:
        return lines
    repeated = set()
    for n in found:
        words = lines[n].text.strip(_QUOTED)
        if len(words) >= _SHORTEST_QUOTE and any(
            words in line.text and len(line.text.strip(_QUOTED)) > len(words) for line in lines
        ):
            repeated.add(n)
    return [line for n, line in enumerate(lines) if n not in repeated]


def _may_repeat(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    return (
        _SHORTEST_QUOTE <= len(line.text) <= _LONGEST_QUOTE
        and not line.level
        and not line.bold
        and line.home_id != lines[at - 1].home_id
        and line.home_id != lines[at + 1].home_id
    )


def without_list_behind(lines: list[Line]) -> list[Line]:
    """`lines` without a run of links that ends them, and without the words that announce it."""
    end = len(lines)
    while end and (_leads_on(lines[end - 1]) or _is_teaser_date(lines, end - 1)):
        end -= 1
    if sum(map(_leads_on, lines[end:])) < 2 or not end:
        return lines
    head = lines[end - 1]
    short = len(head.text) <= MAX_HEADING and head.text[-1] not in ".!?»…" and not head.linked
    if short and end > 1 and read_signature(head.text) is None:
        end -= 1
    return lines[:end]


def _leads_on(line: Line) -> bool:
    """A line that names another article: a link, or a headline with its day."""
    if line.link_share > 0.5:
        return True
    text = line.text
    return len(text) <= _LONGEST_DATED and _DATED_HEADLINE.match(text) is not None


def _is_teaser_date(lines: Sequence[Line], at: int) -> bool:
    text = lines[at].text
    return bool(at) and len(text) <= _DAY_ALONE and _leads_on(lines[at - 1]) and is_date_line(text)


def _before_comments(lines: list[Line]) -> list[Line]:
    """`lines` up to the first comment: a name and a day, or a name above a day. One alone may be
    the article's own («Bamako, le 3 mars 2020»), two are readers."""
    if (first := _first_answer(lines)) is not None:
        lines = lines[:first]
    found: list[int] = []
    sure = False
    for at, line in enumerate(lines):
        if len(line.text) > MAX_HEADING or (line.context & ITEM and line.linked):
            continue
        kind = _comment(lines, at)
        if kind:
            found.append(at)
            sure = sure or kind > 1
    if not found or (len(found) < 2 and not sure):
        return lines
    return lines[: found[0]] if found[0] or (sure and len(found) > 1) else lines


def _first_answer(lines: Sequence[Line]) -> int | None:
    """Where readers answer below the text: at least two boxes, each a name, a day with the time of
    day below it, and then a sentence."""
    found: list[tuple[int, LexborNode]] = []
    for at in range(2, len(lines) - 2):
        name, day, said = (lines[at + n].text for n in range(3))
        if (
            len(name) <= _LONGEST_NAME
            and name[-1] not in ".!?:;»"
            and len(day) <= _DAY_ALONE
            and _CLOCK.search(day)
            and said[-1] in ".!?…»)"
            and is_date_line(day)
            and not is_date_line(name)
            and (box := common(lines[at].home, lines[at + 1].home)) is not None
            and box.tag != "tr"
        ):
            found.append((at, box))
    boxes = {box.mem_id for _, box in found}
    # Rows of a text that is one box are no answers: each has a box of its own.
    return found[0][0] if len(boxes) > 1 and len(boxes) == len(found) else None


def _comment(lines: Sequence[Line], at: int) -> int:
    """0: no comment begins here; 1: perhaps; 2: surely."""
    text = lines[at].text
    if at + 1 < len(lines):
        below = lines[at + 1].text
        if (
            len(below) <= _DAY_ALONE
            and (_BY.match(text) or _SAYS.search(text))
            and is_date_line(below)
        ):
            return 2
    found = _NAMED_DAY.match(text) if _DIGIT.search(text) else None
    if found is None or not is_date_line(text):
        return 0
    signature = read_signature(found["name"].strip())
    if signature is None or not signature.author or len(signature.author.split()) < 2:
        return 0
    return 2 if _NUMERIC.search(found["rest"]) and len(text) < 60 else 1
