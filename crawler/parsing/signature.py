"""Who signed: is this last line of a body a name, an agency, or a sentence? Used by `body`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.parsing.wording import AGENCY, fold, words

MAX_SIGNATURE = 90

_BY = re.compile(
    r"^(?:par|propos (?:recueillis|transcrits|traduits) par|r[ée]alis[ée]e?s? par|"
    r"(?:une )?synth[èe]se (?:de|par|r[ée]alis[ée]e par)|r[ée]dig[ée] par|recueillis? par|"
    r"compte[- ]rendu de|de (?:notre|nos) (?:envoy[ée]e?s?|correspondante?s?)"
    r"(?: sp[ée]ciale?s?| spéciaux)?(?: [àa] [\w-]{2,30})?|auteur)\s*[,:]?\s+",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:stagiaires?|stg|envoy[ée]e?s? sp[ée]cia\w+.{0,40}|correspondan\w+.{0,60}|"
    r"journalistes?.{0,40}|collaborat\w+.{0,40}|photos?.{0,40}|avec .{2,40}|depuis .{2,30}|"
    r"traduction.{0,40}|[àa] [A-ZÀ-Ý][\w-]{2,30}|r[ée]dact\w+.{0,40}|source.{0,40}|"
    r"chroniqueu\w+.{0,40}|[ée]ditorialiste.{0,30}|enseignante?.{0,40}|consultante?.{0,40}|"
    r"professeure?.{0,40}|[ée]conomiste.{0,40}|avocate?.{0,40}|juriste.{0,40})$",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"^(?:la |le )?"
    r"(?:r[ée]daction|service (?:politique|sports?|soci[ée]t[ée]|[ée]conomi\w+|culture))"
    r"(?: (?:de|du|d['’`]) ?[\w’'` .-]{2,40}| centrale| web)?$",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"^(?:[A-ZÀ-ÖØ-Þ][\w'’`-]*\.?|(?:[A-ZÀ-Ý]\.?){1,4}|[dDlLN]['’`][A-ZÀ-Ý][\w-]*)$"
)
_INITIALS = re.compile(r"^(?:[A-ZÀ-Ý][a-z]?\s?\.\s?-?){1,4}(?:[A-ZÀ-Ý]\.?)?$")
_PARTICLES = words("de du des d' la le von van ben bin ag ould oul mint el al dit dite épse née")
_NOT_FIRST = words(
    "le la les un une des du de en au aux ce cet cette ces vive il elle ils elles on nous "
    "vous je pour dans sur avec sans mais et ou donc or ni car que qui quoi où l d à a y "
    "voici voilà source photo suite fin lire voir nb ps note encadré bon bonne bonnes affaire "
    "commentaires communiqué prochain prochaine article chapitre acte tome titre partie "
    "annexe dossier rubrique radio"
)
_JOIN = re.compile(r"\s+(?:et|&|avec)\s+|\s*[,/&]\s*|\s+[-–]\s+")
_ROLE_TAIL = re.compile(r"\s*(?:\(([^()]{2,60})\)|[,–/-]\s*([^,()]{2,60}))\s*$")


@dataclass(frozen=True, slots=True)
class Signature:
    """What a last line says. One of the two is set, or both («Moussa Koné (AFP)»)."""

    author: str | None
    agency: str | None


def read_signature(line: str) -> Signature | None:
    """The signature in `line`, or None where the line is text of the article."""
    text = line.strip(" \t*•–—-_|.") if _keeps_dot(line) is None else line.strip(" \t*•–—-_|")
    if not text or len(text) > MAX_SIGNATURE:
        return None
    if text[0] == "(" and text[-1] == ")":
        text = text[1:-1].strip()
    if found := AGENCY.match(text):
        return Signature(None, found.group(1)) if _is_agency(text, found.group(1)) else None
    if line.rstrip().endswith(("!", "?", ":", ";", "»", "…")) or "«" in text:
        return None
    prefixed = _BY.match(text)
    named = text[prefixed.end() :] if prefixed else text
    if not named or (line.rstrip().endswith(".") and _keeps_dot(line) is None and not prefixed):
        return None
    if prefixed and (found := AGENCY.match(named)):
        return Signature(None, found.group(1))
    core, agency = _without_role(named)
    if _DESK.match(core) or _is_names(core, alone=prefixed is not None):
        return Signature(named, agency)
    return None


def agency_of(text: str | None) -> str | None:
    """The agency where `text` (a source, a signature) is one."""
    if not text or len(text) > MAX_SIGNATURE:
        return None
    found = AGENCY.match(text)
    return found.group(1) if found and _is_agency(text, found.group(1)) else None


def _is_agency(text: str, agency: str) -> bool:
    # «Ap» and «Map» in small letters are words; agencies of few letters are in capitals.
    return len(agency) > 5 or agency.isupper() or fold(agency) in ("reuters", "xinhua")


def _keeps_dot(line: str) -> str | None:
    """The line where its last dot belongs to initials: «A. T.»."""
    last = line.rstrip().rsplit(" ", 1)[-1]
    return line if _INITIALS.match(last) else None


def _without_role(text: str) -> tuple[str, str | None]:
    """(text without «(stagiaire)», «, correspondant à Kayes», «/AFP»; the agency among them)."""
    agency: str | None = None
    for _ in range(3):
        tail = _ROLE_TAIL.search(text)
        if tail is None or tail.start() == 0:
            break
        role = (tail.group(1) or tail.group(2)).strip()
        found = agency_of(role.removeprefix("avec ").removeprefix("Avec "))
        in_brackets = tail.group(1) is not None
        if not (found or _ROLE.match(role) or (in_brackets and len(role) <= 40)):
            break
        agency = agency or found
        text = text[: tail.start()].strip()
    return text, agency


def _is_names(text: str, *, alone: bool) -> bool:
    """One to three names. `alone`: a single word is enough («Par Moussa»)."""
    if _INITIALS.match(text):
        return True
    if any(char.isdigit() for char in text) or re.search(r"[:;!?«»\"“”()]", text):
        return False
    names = [name for name in _JOIN.split(text) if name]
    return 0 < len(names) <= 4 and all(_is_name(name, alone or len(names) > 1) for name in names)


def _is_name(name: str, alone: bool) -> bool:
    tokens = name.split()
    if _INITIALS.match(name):
        return True
    if not 1 <= len(tokens) <= 6 or tokens[0].lower().rstrip("'’`.") in _NOT_FIRST:
        return False
    if len(tokens) == 1 and not alone:
        return False
    proper = 0
    for token in tokens:
        if token.lower() in _PARTICLES:
            continue
        if not _TOKEN.match(token) or len(token) > 30:
            return False
        proper += 1
    return proper >= (1 if alone else 2)
