"""5,000 broken pages: bit flips, cuts, tags shuffled, parts repeated, ends dropped. None raises;
one that never ended would run into pytest's timeout."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.project import get_project_settings

from benchmarks.pagesets.broken import PARTS, broken_pages
from crawler.parsing.article import parse_article
from crawler.parsing.page import Page
from crawler.parsing.verdict import classify
from crawler.portals.base import portals
from crawler.portals.generic import generic_portal
from crawler.stages import load_stages, run_stages

AT = datetime(2026, 11, 2, tzinfo=UTC)
COUNT = 5_000


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_raises(part: int) -> None:
    stages = load_stages(get_project_settings())
    known = portals()
    for number, (name, url, body, kind) in enumerate(broken_pages(part, COUNT // PARTS)):
        page = Page(url, body, kind, AT)
        article = parse_article(page, known[name] if number % 5 else generic_portal(url))
        classify(page, article)
        with suppress(DropItem):
            run_stages(article, stages)
        for text in (article.title, article.body, article.author, article.published_raw):
            (text or "").encode()
