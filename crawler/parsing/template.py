"""The learned template: lines that recur over many pages of one portal are no article's text.

Menus, adverts, slogans and lists of other articles look like text to one page; over a few hundred
pages they give themselves away, whatever the markup. Figures count as one, so that «854 visiteurs»
and «12 visiteurs» are one line. What an article may share with others stays: its date line, its
signature, and anything longer than a slogan.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from crawler.parsing.lines import LineReader
from crawler.parsing.page import Page
from crawler.parsing.signature import read_byline
from crawler.parsing.wording import fold, is_date_line

FEWEST_PAGES = 30
"""Pages below which nothing can be told from chance."""
LEAST_SHARE = 0.02
"""Share of the pages that a line must stand on."""
LEAST_PAGES = 4
"""A report printed under two or three numbers is no template."""
LONGEST = 300
"""Characters of the longest template line."""
_FIGURES = re.compile(r"\d+")


def line_key(text: str) -> str:
    """What is the same of a line on every page: its text with every figure as `0`."""
    return _FIGURES.sub("0", text)


def recurring_lines(pages: Iterable[Page]) -> tuple[int, list[str]]:
    """(pages read, keys of their recurring lines in alphabetical order). No keys where there are
    fewer than `FEWEST_PAGES`."""
    counts: Counter[str] = Counter()
    total = 0
    for page in pages:
        body = page.tree.body
        if body is None:
            continue
        total += 1
        own = [fold(text) for text in (page.title, page.meta.get("og:title")) if text]
        counts.update({
            line_key(line.text) for line in LineReader(body)
            if len(line.text) <= LONGEST and not any(fold(line.text) in title for title in own)
        })  # fmt: skip
    if total < FEWEST_PAGES:
        return total, []
    least = max(LEAST_PAGES, math.ceil(LEAST_SHARE * total))
    return total, sorted(
        key for key, count in counts.items() if count >= least and not _may_be_text(key)
    )


def _may_be_text(key: str) -> bool:
    """A line that articles share by right: a date, a name, an agency."""
    dated = key.replace("0000", "2024").replace("0", "10")
    return is_date_line(dated) or read_byline(key) is not None
