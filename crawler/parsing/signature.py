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
from crawler.parsing.sources import canonical_source, known_agency, known_source
from crawler.parsing.wording import fold, words

MAX_SIGNATURE = 120
"""Characters of the longest line that can be a signature."""

# What the page shows stays, save marks that stand for an apostrophe and are none.
_ODD_APOSTROPHES = str.maketrans(dict.fromkeys("`´‘ʼ′‛", "’"))
_DIGIT = re.compile(r"\d")
_STOP = re.compile(r"[:;!?\"“”]")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_CONTACT = re.compile(
    r"\s*[,/;(|–-]?\s*(?:(?:e-?mails?|courriels?|t[ée]l(?:[ée]phone)?|cel|contacts?|twitter|x|"
    r"facebook|whatsapp)\s*[.:]*\s*)?"
    r"(?:[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,3}|@\w{2,30}|"
    r"\+?\(?\d[\d ./()-]{6,24}\d)\s*\)?",
    re.IGNORECASE,
)
_DONE = (
    r"r[ée]alis[ée]e?s?|r[ée]dig[ée]e?s?|recueillis?|receuillis|transcrits?|traduits?|"
    r"rassembl[ée]s?|coordonn[ée]e?s?|sign[ée]e?|pr[ée]par[ée]e?s?|[ée]crite?s?|post[ée]e?|"
    r"publi[ée]e?|propos[ée]e?"
)
_WORK = (
    r"synth[èe]se|entretien|interview|dossier|enqu[êe]te|reportage|propos|article|texte|"
    r"compte[- ]rendu|correspondance|chronique|analyse|page"
)
_BY = re.compile(
    rf"^(?:(?:(?:une?|l[ea'’])\s*)?(?:{_WORK})\s+(?:{_DONE})(?:\s+et\s+(?:{_DONE}))?\s+par|"
    rf"(?:{_DONE})(?:\s+et\s+(?:{_DONE}))?\s+par|(?:une?\s+)?(?:{_WORK})\s*(?:de|par|:)|"
    r"auteure?s?\s*:?|par)\s*:?\s+",
    re.IGNORECASE,
)
_OUR = re.compile(
    r"^(?:de\s+)?(?:notre|nos|l['’])\s*(?:envoy[ée]e?s?|correspondante?s?|reporters?)"
    r"(?:\s+(?:sp[ée]cia(?:le?s?|ux)|particuli(?:er|[èe]re)s?|r[ée]gional?e?|permanente?))?"
    r"(?:\s+[àa]\s+[\w'’-]{2,30})?\s*[,:]?\s+(?=\S)",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^(?:sources?\s*:?|in|tir[ée] d[eu]|extrait d[eu]|paru dans|publi[ée] (?:dans|sur)|"
    r"repris d[eu]|lu dans)\s*:?\s+",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"[\s,]*(?:(?:du|de ce|en date du|paru le|n\s?[°ºo˚]\.?)\s*)?(?:\w{3,9}\s)?\d[\w\s/.°-]*$",
    re.IGNORECASE,
)
_WIRE = re.compile(
    r"^(?:(?:avec|par|et|d['’]apr[èe]s|d[ée]p[êe]ches?|©|\(c\)|copyright)\s*:?\s*(?:\d{4}\s*)?)+",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^(?:[àa]|depuis|de|en)\s+[A-ZÀ-Ý][\w'’-]{2,30}(?:\s[A-ZÀ-Ý][\w'’-]{2,20})?$")
_WHERE = re.compile(r"\s+(?:[àa]|depuis)\s+[A-ZÀ-Ý][\w'’-]{2,30}(?:\s[A-ZÀ-Ý][\w'’-]{2,20})?$")
_ROLE = re.compile(
    r"^(?:et\s+|notre\s+|nos\s+)?(?:"
    r"(?:stagiaires?|stg|stag|texte|photos?|cp|corr|cor)\b[.]?(?:\s+[\w.]{2,12}){0,3}|"
    r"(?:envoy[ée]e?s?\s+sp[ée]cia|correspondan|journalistes?|reporters?|collabora|r[ée]dact|"
    r"chroniqueu|[ée]ditorialiste|enseignant|chercheu|consultant|professeure?|[ée]conomistes?|avocate?s?|"
    r"juristes?|politologues?|sociologues?|historien|philosophe|anthropologue|[ée]crivain|"
    r"[ée]tudiant|docteure?\s+en|analyste|essayiste|citoyen|directeur de (?:la )?publication|"
    r"corr?\.\s|traduction)[^?!«»]{0,60})$",
    re.IGNORECASE,
)
_TRAINEE = re.compile(r"\s+(?:stagiaires?|stg\.?)$", re.IGNORECASE)
_DESK = re.compile(
    r"^(?:la |le )?(?:r[ée]daction(?: (?:centrale|web|en ligne|"
    r"d[eu'’] ?(?-i:[A-ZÀ-Ý])[\w'’ .-]{2,40}"
    r"|(?-i:[A-ZÀ-Ý])[\w'’ .-]{2,40}))?|desk(?: [\w-]{2,20})?|service (?:politique|sports?|"
    r"soci[ée]t[ée]|[ée]conomi\w+|culture|web))$",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\s*\(\s*|\s*\)\s*|\s*[,/|&]\s*|\s+[-–—]\s+|\s*[–—]\s*|\s+(?:et|ET|Et)\s+|\s*\b(?:avec|AVEC)\s+(?:l[’'])?"
)
_GLUE = {",": ", ", "et": " et ", "&": " et ", "/": " et ", "-": " et ", "–": " et ", "—": " et ",
         "avec": " avec ", "": ""}  # fmt: skip
_ARTICLE = re.compile(r"^(?:le\s+|l['’])")
_PHOTOGRAPHER = re.compile(r"\s*(?:,|/|-|\bet\b)\s*[^,()/]{2,40}\(\s*(?:photos?|ph)\s*\)$")
_TIGHT = re.compile(r"^(.{2,60}?)-([A-Za-z]{2,8})$")
_HEAD_PLACE = re.compile(r"^[A-ZÀ-Ý][\w'’-]{2,20}\s*:\s*(?=\S)")
_GENERIC = words("agences agence lesagences correspondance diverses sourcesdiverses")
_NO_END = ("!", "?", ":", ";", "»", "…")
# One word that is a newspaper and more often the word.
_MOTTOS = words("liberte fraternite liberation option mutations stades challenger aujourdhui")


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

    def signature(self) -> Signature | None:
        """The signature, or None where no part names anybody."""
        if not (self.author or self.sources or self.agencies):
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
    text = " ".join(line.translate(_ODD_APOSTROPHES).split())
    if not text or text.endswith(_NO_END):
        return None
    bare = _bare(text)
    if bare is None or not (_CAPITAL.search(bare) or "." in bare):
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
    told = _SOURCE.match(text)
    named = text[told.end() :] if told else text.removeprefix("©").strip()
    if not named or (told and told.end() == len(text)):
        return None
    if _DIGIT.search(named) and known_source(named) is None:
        named = _ISSUE.sub("", named)
    found = known_source(named)
    if found is not None:
        if found.kind == "agency":
            agency = known_agency(named)
            if agency is None:
                return None
            return Signature(None, agency, agency if told else None)
        capital = any(char.isupper() for char in named) or "." in named
        motto = not told and fold(named) in _MOTTOS
        return Signature(None, None, found.name) if capital and not motto else None
    if told and ":" in told.group() and _is_title(named):
        return Signature(None, None, canonical_source(named))
    return None


def _is_title(text: str) -> bool:
    """Whether what stands behind «Source :» can be a newspaper's or a site's name."""
    tokens = text.split()
    if not 1 <= len(tokens) <= 6 or len(text) > 60 or fold(text) in _GENERIC:
        return False
    if len(tokens) == 1 and re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/[\w/-]*)?", text):
        return True
    capitals = sum(token[0].isupper() or token[1:2] in "'’" for token in tokens)
    return tokens[0][0].isupper() and capitals * 2 >= len(tokens) and not text.endswith(",")


def _signed(text: str) -> Signature | None:
    """Names, agencies and what may stand beside them."""
    told = False
    if "@" in text or text[-1].isdigit() or text[-1] == ")":
        text = _CONTACT.sub("", text).strip(" ,/-–|(")
    for prefix in (_BY, _OUR):
        if found := prefix.match(text):
            text, told = text[found.end() :], True
    if told:
        text = _ARTICLE.sub("", text)
    if text.endswith(")"):
        text = _PHOTOGRAPHER.sub("", text)
    if not told and (wire := _WIRE.match(text)):
        return _agencies(text[wire.end() :])
    place = None if told or ":" not in text else _HEAD_PLACE.match(text)
    if place and fold(place.group()) in TOWNS:  # else it is a speaker or a subhead
        text = text[place.end() :]
    if not text or _STOP.search(text):
        return None
    return _read_parts(text, told=told)


def _agencies(text: str) -> Signature | None:
    """«AFP», «l’AFP et Reuters»: agencies and nothing else."""
    found: list[str] = []
    for part in re.split(r"\s*[,/&]\s*|\s+(?:et|avec)\s+|\s+[-–]\s+", text):
        agency = known_agency(part.removeprefix("l’").removeprefix("l'").removeprefix("agence "))
        if agency is None:
            return None
        if agency not in found:
            found.append(agency)
    return Signature(None, " et ".join(found))


def _read_parts(text: str, *, told: bool) -> Signature | None:
    read = _Parts()
    glue, bracket, at = "", False, 0
    pieces: list[tuple[str, str, bool]] = []
    for mark in _PARTS.finditer(text):
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
    if read.author and (_ROLE.match(part) or _PLACE.match(part)):
        return True
    name = _TRAINEE.sub("", part)
    place = _WHERE.search(name)
    name = name[: place.start()] if place else name
    if bracket and read.author:
        # A town: «Moussa Koné (Kayes)».
        return len(part.split()) == 1 and part[0].isupper() and len(part) > 3
    if found := _TIGHT.match(name):
        agency = known_agency(found.group(2)) if found.group(2).isupper() else None
        if agency and is_person(found.group(1), told=told):
            read.author += (_GLUE.get(glue, " et ") if read.author else "") + found.group(1)
            read.agencies.append(agency)
            return True
    if _DESK.match(name) or is_person(name, told=told):
        joint = _GLUE.get(glue, " et ") if read.author else ""
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
