"""The views of the corpus: what is derived from its tables, ready to be asked without a join.

They are no part of any one revision: `corpus/migrations/env.py` drops them before a migration and
makes those below anew after the last, so a migration may rebuild any table. A change here needs a
new revision all the same, be it empty, so that `scrapy migrate` has something to do.

The SQL is what both databases take but for four words that `sql_of` writes out for each: `month(d)`
as text, `utc_day(t)` and `next_day(d)` as a day, `days_between(d, d)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, what a row is, what each column means, and the query."""

    name: str
    about: str
    columns: Mapping[str, str]
    query: str


_WORDS = {
    "sqlite": {
        "month": r"substr(\1, 1, 7)",
        "utc_day": r"substr(\1, 1, 10)",
        "days_between": r"cast(julianday(\1) - julianday(\2) as integer)",
        "next_day": r"date(\1, '+1 day')",
    },
    "postgresql": {
        "month": r"to_char(\1, 'YYYY-MM')",
        "utc_day": r"cast(\1 AT TIME ZONE 'UTC' AS date)",
        "days_between": r"(\1 - \2)",
        "next_day": r"(\1 + 1)",
    },
}

_PARTS = {
    "{change}": """CASE WHEN p.version IS NULL THEN 'first'
        WHEN coalesce(v.title, '') <> coalesce(p.title, '') AND v.body <> p.body THEN 'both'
        WHEN coalesce(v.title, '') <> coalesce(p.title, '') THEN 'title'
        WHEN v.body <> p.body THEN 'body'
        ELSE 'other' END""",
    "{before}": "LEFT JOIN article_versions p ON p.article_id = v.article_id "
    "AND p.version = v.version - 1",
}
"""What both views of versions share: the kind of change, and the version before."""

_OF_ARTICLE = {
    "article_id": "The article (`articles.id`).",
    "portal": "Name of the portal: `abamako`.",
    "key": "Identity within the portal: `news/h/292014`.",
}
VERSIONS = View(
    "versions",
    "A version of an article beside the one before it.",
    _OF_ARTICLE
    | {
        "url": "Canonical address of the page.",
        "version": "From 1, without holes.",
        "cause": "`site`: the site changed the article. `reading`: we read the same page better.",
        "change": "What differs from the version before: `title`, `body`, `both`, `other` (any "
        "other field); `first` for version 1.",
        "edits": "How many of the article's versions are silent edits by the site, all together.",
        "fetched_at": "When the page was fetched, UTC.",
        "created_at": "When this version was stored, UTC.",
        "published_on": "Day of publication as this version says it. Empty as in `articles`.",
        "section": "Section as this version says it. Empty as in `articles`.",
        "source": "Newspaper as this version says it. Empty as in `articles`.",
        "title": "Headline of this version. Empty only where the page has none.",
        "title_before": "Headline of the version before. Empty for version 1.",
        "words": "Words of this version's body.",
        "words_before": "Words of the body before. Empty for version 1.",
    },
    """
SELECT v.article_id, a.portal, a.key, v.url, v.version, v.cause, {change} AS change,
    (SELECT count(*) FROM article_versions e
     WHERE e.article_id = v.article_id AND e.cause = 'site' AND e.version > 1) AS edits,
    v.fetched_at, v.created_at, v.published_on, v.section, v.source, v.title,
    p.title AS title_before, v.word_count AS words, p.word_count AS words_before
FROM article_versions v
JOIN articles a ON a.id = v.article_id
{before}""",
)

# The + does nothing but keep SQLite from going through all articles in search of the few edits.
EDITS = View(
    "edits",
    "A silent edit: the site changed an article that it had published, and does not say so.",
    _OF_ARTICLE
    | {
        "url": "Canonical address of the page.",
        "version": "The version that the edit made, from 2.",
        "change": "`title`, `body`, `both`, or `other` (any other field).",
        "day": "Day (UTC) of the fetch that showed it: the edit is no younger.",
        "seen_before": "Day (UTC) of the fetch whose version it replaced: the edit is younger.",
        "published_on": "Day of publication as the article now says it. Empty as in `articles`.",
        "section": "Section of the article now. Empty as in `articles`.",
        "source": "Newspaper of the article now. Empty as in `articles`.",
        "title_before": "Headline before. Empty only where the page had none.",
        "title": "Headline after. Empty only where the page has none.",
        "words_before": "Words of the body before.",
        "words": "Words of the body after.",
    },
    """
SELECT v.article_id, a.portal, a.key, v.url, v.version, {change} AS change,
    utc_day(v.fetched_at) AS day, utc_day(p.fetched_at) AS seen_before,
    a.published_on, a.section, a.source,
    p.title AS title_before, v.title, p.word_count AS words_before, v.word_count AS words
FROM article_versions v
JOIN articles a ON a.id = +v.article_id
{before}
WHERE v.cause = 'site' AND v.version > 1""",
)

_SPAN = {
    "first_day": "Earliest day of publication among them. Empty where none is dated.",
    "last_day": "Latest day of publication among them. Empty where none is dated.",
}

COVERAGE = View(
    "coverage",
    "What is held of a portal's section in a month.",
    {
        "portal": "Name of the portal: `abamako`.",
        "section": "Label of the section: `Politique`. Empty for articles that show none.",
        "month": "Month of publication: `2024-03`. Empty for articles without a date.",
        "articles": "How many articles.",
        "words": "Words of their bodies together.",
        "dated": "How many have a date: all of a month, none of the line without one.",
        "sourced": "How many name the newspaper they come from.",
        "signed": "How many name their author.",
    }
    | _SPAN,
    """
SELECT portal, section, month(published_on) AS month, count(*) AS articles,
    sum(word_count) AS words, count(published_on) AS dated, count(source) AS sourced,
    count(author) AS signed, min(published_on) AS first_day, max(published_on) AS last_day
FROM articles
GROUP BY portal, section, month(published_on)""",
)

DAYS = View(
    "days",
    "A day of a portal, from its first to its last with an article.",
    {
        "portal": "Name of the portal: `abamako`.",
        "day": "The day, on the portal's clock.",
        "articles": "Articles published that day; 0 for a day without any.",
        "words": "Words of their bodies together; 0 likewise.",
    },
    """
WITH RECURSIVE held AS (
    SELECT portal, published_on AS day, count(*) AS articles, sum(word_count) AS words
    FROM articles WHERE published_on IS NOT NULL GROUP BY portal, published_on
), calendar (portal, day, last) AS (
    SELECT portal, min(day), max(day) FROM held GROUP BY portal
    UNION ALL
    SELECT portal, next_day(day), last FROM calendar WHERE day < last
)
SELECT c.portal, c.day, coalesce(h.articles, 0) AS articles, coalesce(h.words, 0) AS words
FROM calendar c LEFT JOIN held h ON h.portal = c.portal AND h.day = c.day""",
)

EMPTY_DAYS = View(
    "empty_days",
    "A stretch of days without an article between two days with some. Whether articles were to be "
    "expected there `scrapy gaps` judges.",
    {
        "portal": "Name of the portal: `abamako`.",
        "last_before": "The last day with an article before it.",
        "first_after": "The first day with an article after it.",
        "days": "How many days without one lie between, from 1.",
    },
    """
SELECT portal, last_before, first_after, days_between(first_after, last_before) - 1 AS days
FROM (
    SELECT portal, published_on AS last_before,
        lead(published_on) OVER (PARTITION BY portal ORDER BY published_on) AS first_after
    FROM (SELECT DISTINCT portal, published_on FROM articles WHERE published_on IS NOT NULL) held
) neighbours
WHERE days_between(first_after, last_before) > 1""",
)

SOURCES_SEEN = View(
    "sources_seen",
    "A newspaper or agency on a portal: how much of it is there, and since when.",
    {
        "portal": "Name of the portal: `abamako`.",
        "source": "Its name, as in `articles.source`: `L’Essor`.",
        "kind": "As in `sources`. Empty where not known.",
        "country": "As in `sources`. Empty where not known.",
        "articles": "How many articles come from it.",
        "words": "Words of their bodies together.",
    }
    | _SPAN,
    """
SELECT h.portal, h.source, s.kind, s.country, h.articles, h.words, h.first_day, h.last_day
FROM (
    SELECT portal, source, count(*) AS articles, sum(word_count) AS words,
        min(published_on) AS first_day, max(published_on) AS last_day
    FROM articles WHERE source IS NOT NULL GROUP BY portal, source
) h LEFT JOIN sources s ON s.name = h.source""",
)

REPRINT_DELAYS = View(
    "reprint_delays",
    "An article that repeats an earlier one, beside that: who reprints whom, and how long after.",
    {
        "article_id": "The later article (`articles.id`).",
        "original_id": "The earliest one with this text (`articles.id`).",
        "portal": "Portal of the later one.",
        "original_portal": "Portal of the earliest one.",
        "source": "Newspaper that the later one names. Empty where it names none.",
        "original_source": "Newspaper that the earliest one names. Empty where it names none.",
        "title": "Headline of the later one. Empty only where the page has none.",
        "original_title": "Headline of the earliest one. Empty only where the page has none.",
        "published_on": "Day of publication of the later one. Empty without a date.",
        "original_on": "Day of publication of the earliest one. Empty without a date.",
        "days": "Days from the one to the other. Empty where either has no date.",
        "similarity": "Share of the text that both have, 0 to 1.",
    },
    """
SELECT r.article_id, r.original_id, a.portal, o.portal AS original_portal, a.source,
    o.source AS original_source, a.title, o.title AS original_title, a.published_on,
    o.published_on AS original_on, days_between(a.published_on, o.published_on) AS days,
    r.similarity
FROM reprints r
JOIN articles a ON a.id = r.article_id
JOIN articles o ON o.id = r.original_id""",
)

VIEWS = (VERSIONS, EDITS, COVERAGE, DAYS, EMPTY_DAYS, SOURCES_SEEN, REPRINT_DELAYS)
_FORMER: tuple[str, ...] = ()
"""Names of views that an earlier titrologue made and this one does not."""


def sql_of(view: View, dialect: str) -> str:
    """The query of a view as `dialect` takes it."""
    query = view.query.strip()
    for name, part in _PARTS.items():
        query = query.replace(name, part)
    for word, written in _WORDS[dialect].items():
        pattern = rf"\b{word}\(([\w.]+)(?:, ([\w.]+))?\)"
        query = re.sub(pattern, written, query)
    return query


def drop_views(connection: Connection) -> None:
    """Take our views away, so that the tables below them may change."""
    for name in (*(view.name for view in reversed(VIEWS)), *_FORMER):
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


def create_views(connection: Connection) -> None:
    """Make them, on tables of the newest revision."""
    for view in VIEWS:
        query = sql_of(view, connection.dialect.name)
        connection.exec_driver_sql(f"CREATE VIEW {view.name} AS {query}")
