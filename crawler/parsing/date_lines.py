"""Date lines of a listing: which text beside a headline is its date, and which is only prose.

Called by `crawler.parsing.entries`. A teaser may begin «Le vendredi 11 septembre 2026, le conseil
…»: a day in a sentence is the day of something else. In doubt a line has no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from crawler.parsing.links import Scan, collapse

ReadDay = Callable[[str], date | None]
"""A line of the page to the day it names, or None."""

MAX_DATE_LINE = 120
MAX_PART = 60
PROSE_WORDS = 3
"""Plain words beside a date that make a sentence of it."""
PROSE_WORDS_PUBLISHED = 6
"""The same where the line begins «Publié …»."""

_SEPARATOR = re.compile(r"\s+[-–—]+\s+|\s*[|•·»]\s*")
_ENDS_OPEN = re.compile(r"[-–—|•·:/»(\[]\s*$|^\s*$")
_WORD = re.compile(r"[^\W\d_]{2,}")
# A full date that heads a line, where what follows is no part of its sentence.
_AHEAD = re.compile(
    r"(?:[^\W\d]{4,9} )?\d{1,2}(?:er)?[ /.-][^\W_]{1,10}[.]?[ /.-]\d{4}(?!\d)"
    r"(?=\s*$|\s+[^\W\d_a-zà-ÿ]|\s*[«“\"(:|•·–—-])"
)
_PUBLISHED = re.compile(
    r"\W*(?:(?:article|date|info)\s+)?(?:publi|post[ée]|mise?s? en ligne|par(?:u|ution)\b|ajout"
    r"|dat[ée]|mis[e ]|r[ée]dig|[ée]crit|le\s*:|date)",
    re.IGNORECASE,
)
_OF_DATES_WORDS = (
    "janvier février fevrier mars avril mai juin juillet août aout septembre octobre novembre"
    " décembre decembre jan janv fév fev févr fevr avr juil sept oct nov déc dec lundi mardi"
    " mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim er hier avant"
    " aujourd hui heure heures min minute minutes seconde secondes jour jours semaine semaines"
    " il depuis gmt utc tu publié publiée publie publiee publication posté poste mis mise en"
    " ligne le la les du de des par à dans sur et ajouté modifié actualisé rédaction"
    " redaction web source date lu vu fois vue vues lecture lectures commentaire commentaires"
    " réaction réactions avis photo photos vidéo vidéos un une article auteur ce matin soir"
)
_OF_DATES = frozenset(_OF_DATES_WORDS.split())
_LEADS_ON_WORDS = (
    "le la les du de des au aux ce cet cette depuis dès avant après pour en et ou entre jusqu"
    " dernier vers lundi mardi mercredi jeudi vendredi samedi dimanche jusque par sur dans matin"
    " soir nuit"
)
_LEADS_ON = frozenset(_LEADS_ON_WORDS.split())
"""Last words before a date that is part of their sentence."""


def date_line(line: str, read_day: ReadDay) -> date | None:
    """The day a line names, where the line is a date line and not a sentence with a date."""
    parts = _SEPARATOR.split(line[:MAX_DATE_LINE])
    if len(line) <= MAX_DATE_LINE:
        day = read_day(line)
        if day is None:
            return None
        if not any(_is_prose(part) for part in parts if read_day(part) is not None):
            return day
    # «L’Essor - Politique - 29 mars 2024 Les premiers mots du texte …»
    for part in parts:
        ahead = _AHEAD.match(part)
        if ahead and (day := read_day(ahead.group())) is not None:
            return day
        if len(part) <= MAX_PART and not _is_prose(part) and (day := read_day(part)) is not None:
            return day
    return None


def _is_prose(text: str) -> bool:
    """True where too many plain words stand beside the date for a line of its own."""
    plain = [w for w in _WORD.findall(text) if w[0].islower() and w not in _OF_DATES]
    if _PUBLISHED.match(text):
        return len(plain) >= PROSE_WORDS_PUBLISHED
    return len(plain) >= PROSE_WORDS


def segments(scan: Scan, start: int, end: int) -> list[str]:
    """Texts of inline elements that stand apart within their line: «<small>29 mars 2024</small>»
    behind a headline and before a teaser. A bold date within a sentence does not."""
    found: list[str] = []
    for n in range(start, min(end, len(scan.runs))):
        text = collapse(scan.runs[n].text)
        if not 6 <= len(text) <= MAX_DATE_LINE or not any(c.isdigit() for c in text):
            continue
        if _apart(scan, n, start, end):
            found.append(text)
    return found


def _apart(scan: Scan, n: int, start: int, end: int) -> bool:
    run = scan.runs[n]
    after = next((r for r in scan.runs[n + 1 : end] if r.text.strip()), None)
    ends = after is None or after.line != run.line
    if after is not None and not ends:
        first = after.text.lstrip()[:1]
        if first.islower() or first in ",;":
            return False
    before = next((r for r in scan.runs[start:n][::-1] if r.text.strip()), None)
    if before is None or before.line != run.line or before.link != run.link:
        return True
    if before.box != scan.boxes[run.box].parent or _ENDS_OPEN.search(before.text):
        return True
    words = _WORD.findall(before.text)
    return ends and before.box != run.box and not (words and words[-1].lower() in _LEADS_ON)
