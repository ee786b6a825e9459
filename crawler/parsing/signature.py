"""Who signed: reads a line at a text's head or foot into author, source and agency. Used by `body`,
`layout`, `structure`, `metadata` and `article`.

A line is a signature only if every part of it is understood: names, a known newspaper, an agency, a
function, a place, a way to reach the author. One part that is not makes it text of the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from crawler.parsing.name_words import TOWNS
from crawler.parsing.names import is_initials, is_person
from crawler.parsing.signature_forms import (
    ARTICLE,
    BY,
    CAPITAL,
    CONTACT,
    DESK,
    DESK_INITIALS,
    DIGIT,
    GENERIC,
    GLUE,
    HEAD_PLACE,
    ISSUE,
    LAST,
    MOTTOS,
    NO_END,
    ODD_APOSTROPHES,
    OUR,
    PARTS,
    PHOTOGRAPHER,
    PLACE,
    ROLE,
    SOURCE,
    STOP,
    TIGHT,
    TRAINEE,
    WHERE,
    WIRE,
)
from crawler.parsing.sources import canonical_source, known_agency, known_source
from crawler.parsing.wording import fold

MAX_SIGNATURE = 120
"""Characters of the longest line that can be a signature."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a line says; at least one of the three is set («Moussa Koné (AFP)»)."""

    author: str | None
    agency: str | None
    source: str | None = None
    """Canonical name of the newspaper the line gives: «Source : L’Essor»."""


@dataclass(slots=True)
class _Parts:
    """What the parts of a line came to."""

    author: str = ""
    sources: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    """Towns and the initials of an agency's desk: they say nothing where nobody else does."""

    def signature(self) -> Signature | None:
        """The signature, or None where no part names anybody."""
        if not (self.author or self.sources or self.agencies):
            return None
        if self.asides and not self.agencies and any(fold(a) not in TOWNS for a in self.asides):
            return None
        agency = " et ".join(self.agencies) or None
        return Signature(self.author or None, agency, self.sources[0] if self.sources else None)


def read_signature(line: str) -> Signature | None:
    """The author or agency that signs in `line`, or None where the line is text of the article or
    names a newspaper alone."""
    found = read_byline(line)
    return found if found and (found.author or found.agency) else None


def agency_of(text: str | None) -> str | None:
    """The agency where `text` (a source, a signature) is one."""
    if not text or len(text) > MAX_SIGNATURE:
        return None
    found = read_byline(text)
    return found.agency if found and not found.author else None


@lru_cache(maxsize=2048)
def read_byline(line: str) -> Signature | None:
    """What `line` says of author, agency and source, or None where it is text of the article."""
    if len(line) > MAX_SIGNATURE or "«" in line:
        return None
    text = " ".join(line.translate(ODD_APOSTROPHES).split())
    if not text or text.endswith(NO_END):
        return None
    bare = _bare(text)
    if bare is None or not (CAPITAL.search(bare) or "." in bare):
        return None
    return _source_line(bare) or _signed(bare)


def _bare(text: str) -> str | None:
    """`text` without ornament, brackets around it and full stop; None for a sentence."""
    text = text.strip(" *•–—-_|")
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    if text.endswith("."):
        last = text.rsplit(" ", 1)[-1]
        initial = is_initials(last) or (len(last) <= 3 and last[0].isupper())
        if not initial:
            text = text.rstrip(".")
            if len(text.split()) > 8:
                return None
    return text if len(text) > 1 else None


def _source_line(text: str) -> Signature | None:
    """«L’Essor», «Source : L’Essor du 12 mars», «© Autre presse»: a newspaper and nobody else."""
    told = SOURCE.match(text)
    named = text[told.end() :] if told else text.removeprefix("©").strip()
    if not named or (told and told.end() == len(text)):
        return None
    if DIGIT.search(named) and known_source(named) is None:
        named = ISSUE.sub("", named)
    found = known_source(named)
    if found is not None:
        if found.kind == "agency":
            agency = known_agency(named)
            if agency is None:
                return None
            return Signature(None, agency, agency if told else None)
        capital = any(char.isupper() for char in named) or "." in named
        motto = not told and fold(named) in MOTTOS
        return Signature(None, None, found.name) if capital and not motto else None
    if told and ":" in told.group():
        return _told_source(named)
    return None


def _told_source(named: str) -> Signature | None:
    """What stands behind «Source :» and is not known: «Marianne», «Marianne et AFP»."""
    agency = None
    if last := LAST.search(named):
        agency = known_agency(last.group(1))
        named = named[: last.start()] if agency else named
    return Signature(None, agency, canonical_source(named)) if _is_title(named) else None


def _is_title(text: str) -> bool:
    """Whether what stands behind «Source :» can be a newspaper's or a site's name."""
    tokens = text.split()
    if not 1 <= len(tokens) <= 6 or len(text) > 60 or fold(text) in GENERIC:
        return False
    if len(tokens) == 1 and re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/[\w/-]*)?", text):
        return True
    capitals = sum(token[0].isupper() or token[1:2] in "'’" for token in tokens)
    return tokens[0][0].isupper() and capitals * 2 >= len(tokens) and not text.endswith(",")


def _signed(text: str) -> Signature | None:
    """Names, agencies and what may stand beside them."""
    told = False
    if "@" in text or DIGIT.search(text):
        text = CONTACT.sub("", text).strip(" ,/-–|(")
    for prefix in (BY, OUR):
        if found := prefix.match(text):
            text, told = text[found.end() :], True
    if told:
        text = ARTICLE.sub("", text)
    if text.endswith(")"):
        text = PHOTOGRAPHER.sub("", text)
    if not told and (wire := WIRE.match(text)):
        return _agencies(text[wire.end() :])
    place = None if told or ":" not in text else HEAD_PLACE.match(text)
    if place and fold(place.group()) in TOWNS:  # else it is a speaker or a subhead
        text = text[place.end() :]
    if not text or STOP.search(text):
        return None
    return _read_parts(text, told=told)


def _agencies(text: str) -> Signature | None:
    """«AFP», «l’AFP et Reuters», «RFI et AFP»: agencies, known newspapers and nothing else."""
    found: list[str] = []
    source: str | None = None
    for part in re.split(r"\s*[,/&]\s*|\s+(?:et|avec)\s+|\s+[-–]\s+", text):
        bare = part.removeprefix("l’").removeprefix("l'").removeprefix("agence ")
        agency, known = known_agency(bare), known_source(bare)
        if agency is not None:
            found += [agency] if agency not in found else []
        elif known and known.kind != "agency" and CAPITAL.search(bare):
            source = source or known.name
        else:
            return None
    return Signature(None, " et ".join(found) or None, source)


def _read_parts(text: str, *, told: bool) -> Signature | None:
    read = _Parts()
    glue, bracket, at = "", False, 0
    pieces: list[tuple[str, str, bool]] = []
    for mark in PARTS.finditer(text):
        pieces.append((glue, text[at : mark.start()], bracket))
        sign = mark.group().strip().casefold()
        glue = sign.split(" ")[0].rstrip("l'’ ").strip() if sign.startswith("avec") else sign
        bracket = (bracket or sign == "(") and sign != ")"
        at = mark.end()
    pieces.append((glue, text[at:], bracket))
    several = sum(1 for _, part, _ in pieces if part) > 1
    for glue, part, bracket in pieces:
        if part and not _take_part(read, part, glue, told=told, beside=several, bracket=bracket):
            return None
    return read.signature()


def _take_part(
    read: _Parts, part: str, glue: str, *, told: bool, beside: bool, bracket: bool
) -> bool:
    """Add what `part` is to `read`; False where it is not understood."""
    part = part.strip(" .") if not is_initials(part) and not part.endswith(".") else part.strip()
    if agency := known_agency(part) or _agency_and_place(part):
        if agency not in read.agencies:
            read.agencies.append(agency)
        return True
    if beside or told:
        source = known_source(part)
        if source is not None and source.kind != "agency" and any(c.isupper() for c in part):
            read.sources.append(source.name)
            return True
    if read.author and (ROLE.match(part) or PLACE.match(part)):
        return True
    if beside and (fold(part) in TOWNS or DESK_INITIALS.match(part)):
        read.asides.append(part)
        return True
    name = TRAINEE.sub("", part)
    place = WHERE.search(name)
    name = name[: place.start()] if place else name
    if bracket and read.author:
        # A town: «Moussa Koné (Kayes)».
        return len(part) > 3 and part.isalpha() and part.istitle()
    if found := TIGHT.match(name):
        agency = known_agency(found.group(2)) if found.group(2).isupper() else None
        if agency and is_person(found.group(1), told=told):
            read.author += (GLUE.get(glue, " et ") if read.author else "") + found.group(1)
            read.agencies.append(agency)
            return True
    if DESK.match(name) or is_person(name, told=told):
        joint = GLUE.get(glue, " et ") if read.author else ""
        read.author += joint + name
        return True
    return False


def _agency_and_place(part: str) -> str | None:
    """The agency of «AMAP-Kayes», «AMAP Kayes», «Amap-Ségou»."""
    head, mark, place = part.partition("-")
    if not mark:
        head, mark, place = part.partition(" ")
    if not mark or not place or not place[0].isupper() or " " in place or place.isupper():
        return None
    return known_agency(head) if head.isupper() or mark == "-" else None
