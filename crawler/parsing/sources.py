"""Newspapers, agencies, broadcasters and sites by one canonical name each. Used by `signature` and
`article`; the list is `sources.tsv` beside this file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from corpus.source_keys import source_key

MAX_SOURCE = 120
"""Characters of the longest name that is looked up."""
KINDS = ("newspaper", "agency", "broadcaster", "site")
_APOSTROPHES = str.maketrans(dict.fromkeys("'`´‘ʼ′‛", "’"))
_GAP = re.compile(r"\b([LlDd]’)\s+(?=\w)")
_MAY_END_IN_COUNTRY = re.compile(r"[(,/–-]")
_COUNTRY = re.compile(
    r"\s*(?:\(\s*|[-–,/]\s*)(?:Mali|Burkina(?: Faso)?|Niger|S[ée]n[ée]gal|B[ée]nin|Togo|Gabon|"
    r"C[ôo]te d’Ivoire|RCI|Guin[ée]e|Cameroun|Tchad|RCA|Centrafrique|Congo|RDC|Maroc|"
    r"Alg[ée]rie|Tunisie|France|Suisse|Belgique)\s*\)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Source:
    """One newspaper, agency, broadcaster or site."""

    name: str
    """Canonical name: «L’Essor»."""
    kind: str | None
    """One of `KINDS`; None for a generic label such as «Autre presse»."""
    country: str | None
    """ISO 3166-1 alpha-2; None where several or none."""


@cache
def shipped() -> dict[str, Source]:
    """Every spelling's key → its source, as `sources.tsv` has them. Read once, at first use.

    Raises ValueError for a line that is not of the table's form or a spelling given twice.
    """
    found: dict[str, Source] = {}
    text = Path(__file__).with_name("sources.tsv").read_text("utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, kind, country, aliases = line.split("\t")
        if kind and kind not in KINDS:
            raise ValueError(f"sources.tsv: {name}: unknown kind {kind}")
        source = Source(name, kind or None, country or None)
        for spelling in (name, *filter(None, aliases.split("; "))):
            if found.setdefault(source_key(spelling), source) is not source:
                raise ValueError(f"sources.tsv: {spelling} is given twice")
    return found


@lru_cache(maxsize=4096)
def known_source(text: str) -> Source | None:
    """The source that `text` as a whole names, in any spelling; a country behind it may stand."""
    if not 1 < len(text) <= MAX_SOURCE:
        return None
    table = shipped()
    found = table.get(source_key(text))
    if found is None and _MAY_END_IN_COUNTRY.search(text):
        name = straighten(text)
        if country := _COUNTRY.search(name):
            found = table.get(source_key(name[: country.start()]))
    return found


@lru_cache(maxsize=4096)
def canonical_source(text: str) -> str:
    """The canonical name where the source is known; else its own spelling, straightened."""
    found = known_source(text)
    return found.name if found else straighten(text)


def known_agency(text: str) -> str | None:
    """The agency that `text` names, by its canonical name. Acronyms of few letters are told from
    words by their capitals."""
    found = known_source(text)
    if found is None or found.kind != "agency":
        return None
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    if capitals == len(letters) or len(letters) > 4:
        return found.name if capitals else None
    return found.name if len(letters) == 4 and text[0].isupper() else None


def straighten(text: str) -> str:
    """White space collapsed and one apostrophe, ’, for all that stand for it."""
    return _GAP.sub(r"\1", " ".join(text.split()).translate(_APOSTROPHES))
