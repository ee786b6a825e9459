"""Runs one peer over pages: `python benchmarks/peers.py NAME` in the peers' own environment.

The first line it writes says the fields that the tool offers, or that it is absent and why. Then
one JSON line in (`html`: base64 of the decoded page as UTF-8, `url`), one JSON line out: the
fields, `cpu_ms` and, where the tool raised, `error`. Each tool is used after its public
documentation; what it makes of the page alone is timed. Imports nothing of this project.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

Reader = Callable[[str, str], dict[str, Any]]


def trafilatura() -> Reader:
    """`bare_extraction` with metadata. Its language option only refuses pages: not used."""
    from trafilatura import bare_extraction

    def read(html: str, url: str) -> dict[str, Any]:
        found = bare_extraction(html, url=url, with_metadata=True)
        if found is None:
            return {}
        told = found.as_dict()
        names = {"title": "title", "date": "date", "author": "author", "source": "sitename"}
        return {ours: told[theirs] for ours, theirs in names.items()} | {"body": told["text"]}

    return read


def newspaper4k() -> Reader:
    """`Article` in French, images not fetched."""
    import newspaper

    def read(html: str, url: str) -> dict[str, Any]:
        article = newspaper.Article(url, language="fr", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return {
            "title": article.title,
            "date": _day(article.publish_date),
            "author": _names(article.authors),
            "source": article.meta_site_name,
            "body": article.text,
        }

    return read


def news_please() -> Reader:
    """`NewsPlease.from_html`, images not fetched."""
    from newsplease import NewsPlease

    def read(html: str, url: str) -> dict[str, Any]:
        article = NewsPlease.from_html(html, url=url, fetch_images=False)
        return {
            "title": article.title,
            "date": _day(article.date_publish),
            "author": _names(article.authors or ()),
            "body": article.maintext,
        }

    return read


def readability_lxml() -> Reader:
    """`Document`: its short title and the text of its summary."""
    from lxml.html import fromstring
    from readability import Document

    def read(html: str, url: str) -> dict[str, Any]:
        document = Document(html, url=url)
        title, summary = document.short_title(), fromstring(document.summary())
        for block in summary.iter("p", "div", "br", "li", "td", "h1", "h2", "h3", "blockquote"):
            block.tail = f"\n{block.tail or ''}"
        return {"title": title, "body": summary.text_content()}

    return read


def resiliparse() -> Reader:
    """`extract_plain_text` of the main content, without alternative texts and comments."""
    from resiliparse.extract.html2text import extract_plain_text

    def read(html: str, url: str) -> dict[str, Any]:
        text = extract_plain_text(html, main_content=True, alt_texts=False, comments=False)
        return {"body": text}

    return read


PEERS: dict[str, tuple[Callable[[], Reader], tuple[str, ...]]] = {
    "trafilatura": (trafilatura, ("title", "date", "author", "source", "body")),
    "newspaper4k": (newspaper4k, ("title", "date", "author", "source", "body")),
    "news-please": (news_please, ("title", "date", "author", "body")),
    "readability-lxml": (readability_lxml, ("title", "body")),
    "resiliparse": (resiliparse, ("body",)),
}
"""Each tool's reader and the fields it offers."""


def _day(value: datetime | None) -> str | None:
    """The day as the tool's own value tells it."""
    return value.date().isoformat() if value else None


def _names(authors: Iterable[str]) -> str | None:
    return " et ".join(authors) or None


def main() -> None:
    """See above. The tools' own output goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(told: dict[str, Any]) -> None:
        print(json.dumps(told), file=answers, flush=True)

    make, fields = PEERS[sys.argv[1]]
    try:
        read = make()
    except Exception as error:
        answer({"absent": f"{type(error).__name__}: {error}"})
        return
    answer({"fields": fields})
    for line in sys.stdin:
        asked = json.loads(line)
        html = base64.b64decode(asked["html"]).decode("utf-8")
        began = time.process_time()
        try:
            told = read(html, asked["url"])
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}"}
        answer({**told, "cpu_ms": (time.process_time() - began) * 1000})


if __name__ == "__main__":
    main()
