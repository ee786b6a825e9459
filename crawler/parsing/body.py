"""Lines to a body: what is no article leaves, the signature and «suite de l'article sur» are told
apart, paragraphs are joined. The last step of every way to read a body; see `article`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.parsing.asides import without_asides, without_list_behind, without_pull_quotes
from crawler.parsing.lines import (
    ADVERT,
    ASIDE,
    BODY,
    FIGURE,
    HEADING,
    ITEM,
    NAV,
    TEMPLATE,
    Line,
)  # fmt: skip
from crawler.parsing.signature import Signature, read_signature
from crawler.parsing.wording import (
    CAPTION,
    COMMENT,
    COMMENTS,
    CREDIT,
    MAX_LABEL,
    OFFER,
    PROMOTION,
    RELATED,
    RELATED_INLINE,
    fold,
    is_label,
)

MAX_BODY = 500_000
"""Characters of the longest body; what is longer is cut and flagged `body_cut`."""
_LINKED = 20
"""Characters of the shortest headline in a list of other articles."""
_MAX_ASIDE = 300
"""Characters of the longest caption amid a text."""
_MAX_OFFER = 130
"""Characters of the longest line of an advert."""
_REPEAT = 40
"""Letters of the shortest line by which a body is known to begin again."""

_PLAYER = re.compile(
    r"(?:Lecteur (?:audio|vidéo)\s{0,3})?(?:\d{1,2}:\d{2}(?::\d{2})?\s{0,3}){0,3}"
    r"Use (?:Left/Right|Up/Down) Arrow keys"
    r"(?: to(?: (?:advance|increase|decrease|or|one|ten|\d+|seconds?,?|volume,?|and|the|skip|seek"
    r"|to|arrows?|keys?|forward|backward|back|up/down|left/right)(?![\wà-ÿ])){1,25}\.?)?"
    r"(?:\s?(?:…|\.{2,6}))?",
    re.IGNORECASE,
)
_SUITE = re.compile(
    r"(?P<dots>(?:\.{1,8}|…)?)[\s(\[«]{0,4}(?:lire\s+|voir\s+|retrouvez\s+)?(?:la\s+|l['’`]\s*)?"
    r"(?:(?P<sure>suite\s+de\s+l['’`]\s?article|int[ée]gralit[ée](?:\s+de\s+l['’`]\s?article)?"
    r"|article\s+(?:complet|int[ée]gral|entier)|suite\s+de\s+cet\s+article)|suite)\s*"
    r"(?:[àa]\s+lire\s+)?(?:sur|dans|chez)\s*:?\s*(?P<where>[^\s.…][^\n|]{0,60}?)"
    r"[\s.…)\]»>]{0,12}$",
    re.IGNORECASE,
)
_SUITE_WINDOW = 180
_NOTE = re.compile(
    r"\W{0,3}(?:n\.?b\.?|n\.?d\.?l\.?r\.?|p\.?s\.?)\s?[:–-]"
    r"|\W{0,3}(?:le|les) (?:sur|sous-?)?titres? (?:est|sont) d(?:e|u) (?:la |notre )?r[ée]daction",
    re.IGNORECASE,
)
_WITH_STOP = (".", "....", ".....", ".......")
"""Dots glued to the last word of which the first is the sentence's own full stop."""


@dataclass(slots=True)
class Body:
    """A body read from lines. `region` is its text as the page shows it, for the region's hash."""

    text: str = ""
    region: str = ""
    author: str | None = None
    agency: str | None = None
    truncated: bool = False
    continues_on: str | None = None

    @property
    def lead(self) -> str | None:
        """The first paragraph."""
        return self.text.split("\n\n", 1)[0] or None

    @property
    def found(self) -> bool:
        """True where there was a line of text at all."""
        return bool(self.text or self.truncated or self.author)


Entry = tuple[str, bool]  # text, starts a paragraph


def read_body(lines: Sequence[Line], skip: Sequence[str | None] = ()) -> Body:
    """The body in `lines`. `skip`: headline and date line, left out where the page repeats them."""
    repeated = {fold(text) for text in skip if text}
    # Spaces and quotes may differ, so lengths need only be near.
    lengths = {n for text in skip if text for n in range(len(text) - 8, len(text) + 9)}
    entries: list[Entry] = []
    starts, items = True, 0
    for line in keep_prose(lines):
        starts = starts or line.starts
        text = _PLAYER.sub(" ", line.text).strip() if "Arrow keys" in line.text else line.text
        if not text or (len(text) in lengths and fold(text) in repeated):
            starts = True
            continue
        entries.append((text, starts))
        items = items + 1 if line.context & ITEM else 0
        starts = False
    return finish(entries, listed=items > 1)


def finish(entries: list[Entry], *, listed: bool = False) -> Body:
    """A body from its lines: once, without continuation and signature. `listed`: a list ends it,
    and a name in a list signs nothing."""
    entries = _once(entries)
    body = Body(region=" ".join([text for text, _ in entries]))
    # The newsroom's notes stand below who signs.
    noted = len(entries)
    while noted > 2 and _NOTE.match(entries[noted - 1][0]):
        noted -= 1
    notes = entries[noted:]
    del entries[noted:]
    for _ in range(4):
        if not (_take_suite(entries, body) or (not listed and _take_signature(entries, body))):
            break
    entries += notes
    _take_byline(entries, body)
    parts: list[str] = []
    for number, (text, starts) in enumerate(entries):
        if number:
            parts.append("\n\n" if starts else "\n")
        parts.append(text)
    body.text = "".join(parts)
    return body


def keep_prose(lines: Sequence[Line]) -> list[Line]:
    """`lines` without adverts, buttons, credits and lists of other articles; ends where readers'
    comments begin. A link within the text stays; only lines that are links alone may go."""
    kept: list[Line] = []
    related = False
    lines = without_asides(lines)
    figures = any(line.context & FIGURE for line in lines) and not all(
        line.context & FIGURE for line in lines if len(line.text) > MAX_LABEL
    )
    for at, line in enumerate(lines):
        text = line.text
        short = len(text) <= MAX_LABEL * 2
        if short and COMMENTS.match(text) and kept:
            break
        if line.context & (ADVERT | NAV | ASIDE | TEMPLATE) or (short and is_label(text)):
            continue
        if CREDIT.match(text) or (figures and line.context & FIGURE) or _is_aside(text):
            continue
        if _is_offer(lines, at):
            continue
        if line.linked and RELATED_INLINE.match(text):
            continue
        if short and RELATED.match(text):
            related = True
            continue
        listed = line.link_share > 0.5 and (related or _is_list_link(lines, at))
        if listed and not is_suite(text):
            if kept and _is_heading_of_list(kept[-1], line):
                kept.pop()
            continue
        if related and line.linked and line.context & ITEM:
            continue
        related = False
        kept.append(line)
    kept = without_list_behind(_without_list_behind(kept))
    # The portals' template parts paragraphs by `<br>`s and has no boxes amid them.
    return kept if not kept or in_body(kept[0]) else without_pull_quotes(kept)


def _is_aside(text: str) -> bool:
    """True for a caption with its credit, or a line by which the site speaks of itself."""
    if len(text) > _MAX_ASIDE:
        return False
    # What `CAPTION` begins with; looking for it is faster.
    marked = "(" in text or "©" in text or "hoto" in text or "HOTO" in text
    return (marked and CAPTION.search(text) is not None) or PROMOTION.match(text) is not None


def _is_offer(lines: Sequence[Line], at: int) -> bool:
    """True for an advert's line amid the text: no sentence, no subhead, in a block by itself."""
    line = lines[at]
    text = line.text
    if len(text) > _MAX_OFFER or line.bold or line.context & (HEADING | ITEM):
        return False
    if text[-1] in ".?:;…»" or text[0] in '«"-–—•*' or OFFER.search(text) is None:
        return False
    near = [lines[n] for n in (at - 1, at + 1) if 0 <= n < len(lines)]
    return bool(near) and all(one.home_id != line.home_id for one in near)


def _without_list_behind(kept: list[Line]) -> list[Line]:
    """`kept` without a list of other articles that ends it, teasers and heading included. Lists
    within the text stay."""
    end = len(kept)
    while end and kept[end - 1].context & ITEM and kept[end - 1].linked >= _LINKED:
        end -= 1
    if len(kept) - end < 2 or not end:
        return kept
    if kept[end - 1].level and kept[end - 1].text[-1] not in ".!?»":
        end -= 1
    return kept[:end] or kept


def _is_list_link(lines: Sequence[Line], at: int) -> bool:
    """A line that is a link alone, and one of several or in a place of its own."""
    line = lines[at]
    if line.link_share < 0.8:
        return False
    if line.context & ITEM:
        return True
    near = [lines[n] for n in (at - 1, at + 1) if 0 <= n < len(lines)]
    if any(one.link_share >= 0.8 for one in near):
        return True
    alone = all(one.home_id != line.home_id for one in near)
    return alone and line.text[-1] not in ".!?…»" and bool(near)


def _is_heading_of_list(heading: Line, link: Line) -> bool:
    short = len(heading.text) <= MAX_LABEL and not heading.linked
    return short and heading.text.endswith(":") and bool(link.context & ITEM)


def _once(entries: list[Entry]) -> list[Entry]:
    """The body once, where the page holds it twice (for phones, for print)."""
    if len(entries) < 2:
        return entries
    folded = [text for text, _ in entries]
    anchor = next((n for n, text in enumerate(folded) if len(text) >= _REPEAT), None)
    if anchor is None:
        return entries
    for again in range(anchor + 1, len(folded)):
        if folded[again] != folded[anchor]:
            continue
        begin = again - anchor
        length = min(begin, len(folded) - begin)
        same = sum(folded[n] == folded[begin + n] for n in range(length))
        if same >= 0.8 * length and same >= 0.5 * begin:
            rest = [e for e, f in zip(entries[begin:], folded[begin:], strict=True)
                    if f not in set(folded[:begin])]  # fmt: skip
            return entries[:begin] + rest
    return entries


def _take_suite(entries: list[Entry], body: Body) -> bool:
    """Take «... suite de l'article sur RFI» off the end."""
    if body.truncated or not entries:
        return False
    text, starts = entries[-1]
    tail = text[-_SUITE_WINDOW:]
    if not _may_say_suite(tail):
        return False
    found = next(
        (m for m in _SUITE.finditer(tail) if _is_suite(m, at_start=not tail[: m.start()].strip())),
        None,
    )
    if found is None:
        return False
    body.truncated = True
    body.continues_on = found["where"].strip(" .…»)]\"'")
    before = (text[: len(text) - len(tail)] + tail[: found.start()]).rstrip(" («[")
    if before and found["dots"] in _WITH_STOP and before[-1] == tail[: found.start()][-1:]:
        before += "."
    if before:
        entries[-1] = (before, starts)
    else:
        entries.pop()
    return True


def _is_suite(match: re.Match[str], *, at_start: bool) -> bool:
    where = match["where"]
    if len(where.split()) > 6:
        return False
    if match["sure"]:
        return True
    # «a donné suite sur le plan légal» is a sentence.
    named = where[0].isupper() or where[0].isdigit() or "." in where
    return named and (at_start or bool(match["dots"]))


def _may_say_suite(text: str) -> bool:
    """True where a word stands without which `_SUITE` cannot match; ten times faster."""
    text = text.lower()
    return "suite" in text or "gralit" in text or "article" in text


def is_suite(text: str) -> bool:
    """True where a whole line says that the text goes on elsewhere."""
    if len(text) > _SUITE_WINDOW or not _may_say_suite(text):
        return False
    found = _SUITE.match(text)
    return found is not None and _is_suite(found, at_start=True)


def _take_signature(entries: list[Entry], body: Body) -> bool:
    """Take a name or an agency off the end."""
    if len(entries) < 2 or (body.author and body.agency):
        return False
    text, _ = entries[-1]
    signature = read_signature(text)
    if signature is None or not _may_sign(entries, signature):
        return False
    if signature.author and body.author:
        return False
    entries.pop()
    body.author = body.author or signature.author
    body.agency = body.agency or signature.agency
    return True


def _may_sign(entries: list[Entry], signature: Signature) -> bool:
    """A name that ends a list of names, or stands under «Ont été nommés :», is text."""
    text = entries[-1][0]
    before = entries[-2][0].rstrip()
    if before.endswith((":", ",", ";", "-")) or text.lstrip().startswith(("-", "•", "*")):
        return signature.agency is not None
    above = read_signature(before)
    if above is None:
        return True
    # Two names in two lines under a sentence may be two authors; a third makes it a list.
    return above.author is None or signature.author is None


def _take_byline(entries: list[Entry], body: Body) -> None:
    """«Par Moussa Koné» above the text."""
    if body.author or len(entries) < 2:
        return
    text = entries[0][0]
    if len(text) <= MAX_LABEL and text[:4].lower() in ("par ", "par:"):
        signature = read_signature(text)
        if signature and signature.author:
            body.author = signature.author
            body.agency = body.agency or signature.agency
            entries.pop(0)
            entries[0] = (entries[0][0], True)


def in_body(line: Line) -> bool:
    """True for a line of the elements the template calls the body."""
    return bool(line.context & BODY)


def is_comment_button(line: Line) -> bool:
    """«Comment»: stands above the body, and sometimes below."""
    return COMMENT.match(line.text) is not None
