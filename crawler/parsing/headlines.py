"""Headlines: which text that leads to an article is its title. Used by the listing readers."""

from __future__ import annotations

import re

from crawler.parsing.links import Link, Scan, collapse
from crawler.portals.sections import fold_words

MAX_TITLE = 300
_CARD_DEPTH = 6
_CARD_RUNS = 40
"""Levels and pieces of text before «Lire la suite» among which its headline is looked for."""
_NO_TITLE = re.compile(
    r"(lire|voir|en savoir|savoir|continuer|read|more|suite|plus|details?|comment\w*|reagir"
    r"|reactions?|cliquez|partager|imprimer|photos?|videos?|l|la|le|les|article|complet|ici"
    r"|l'article|texte|integral|integralite|full|story|poster|un|a|aucun|d|info|infos|\d+)( |$)"
)
_WORDY = re.compile(r"[^\W\d_]{2,}")


def best_title(scan: Scan, links: list[Link]) -> str:
    """The headline among the texts of all links to one article; empty where there is none."""
    ranked: list[tuple[int, int, str]] = []
    for order, link in enumerate(links):
        box = scan.boxes[link.box]
        for line in (*scan.lines(*box.runs), link.hint):
            text = collapse(line)
            if not is_title(text):
                continue
            heading = box.heading or any(
                scan.boxes[r.box].heading and collapse(r.text) and collapse(r.text) in text
                for r in scan.runs[box.runs[0] : box.runs[1]][:20]
            )
            score = (40 if heading else 0) + min(len(text), 60) - (60 if len(text) > 200 else 0)
            score -= 30 if line is link.hint else 0
            score -= 20 if link.fragment else 0
            ranked.append((score, -order, text[:MAX_TITLE]))
    return max(ranked)[2] if ranked else ""


def headline_beside(scan: Scan, index: int) -> str:
    """The headline that stands before a link «Lire la suite», in the largest element around it that
    leads to nothing else, or between it and the link before; empty where there is none."""
    link = scan.links[index]
    start, depth = link.run, 0
    for box in scan.climb(link.box):
        first, end = scan.boxes[box].links
        if any(one.url != link.url for one in scan.links[first:end]) or depth > _CARD_DEPTH:
            break
        start, depth = min(start, scan.boxes[box].runs[0]), depth + 1
    if start == link.run:
        start = scan.boxes[scan.links[index - 1].box].runs[1] if index else 0
    lines = scan.lines(max(start, link.run - _CARD_RUNS), link.run, without_links=True)
    return next((line for line in lines if headline_like(line)), "")


def is_title(text: str) -> bool:
    """False for what every entry has: «Lire la suite», «3 commentaires», a number."""
    words = fold_words(text)
    left = _NO_TITLE.sub("", " ".join(words) + " ")
    return bool(_WORDY.search(left)) or (len(words) > 4 and bool(_WORDY.search(text)))


def headline_like(text: str) -> bool:
    """True for a text that may be a headline: four words, or twenty-five characters."""
    return is_title(text) and (len(_WORDY.findall(text)) >= 4 or len(text) >= 25)
