"""Index: the engine's schema, an article as its document, and an index opened.

Nothing of the text is stored: only its terms and where they stand. What is shown comes from the
database.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import tantivy
from sqlalchemy import Connection, func, select

from corpus.models import Article, ArticleSection, table
from corpus.searching.codes import Codes
from corpus.searching.problems import DamagedIndex, SearchProblem, UnwritableIndex
from corpus.searching.sampling import halvings
from corpus.searching.words import ANALYSIS
from corpus.units import parts

LAYOUT = 100 * 8 + ANALYSIS
"""Raised with every change of the fields or of the terms."""
FACETS = {
    "section": "section_label",
    "source": "source_label",
    "portal": "portal_label",
    "author": "author_label",
    "year": "year",
    "month": "month",
}
"""What answers can be counted by → field."""
SLUG = "section_slug"
"""Field of the sections that showed an article, as `-a section=` names them."""
SAMPLE, MONTH = "sample", "month"
"""Fields of the samples that an article is in, and of the month of its day, 202403."""
SEARCHED = ("title", "text", "section", "source", "author", "agency", "portal", "language")
LABELLED = ("section", "source", "portal", "author")
"""Columns whose value is kept to the letter, too."""
UNDATED = 0
"""`day` of an article without one."""
BREAK = "¶"
"""Between headline and text, and other texts in one field: it makes a pair that is none."""
ARTICLES = table(Article)
COLUMNS = [
    ARTICLES.c[name]
    for name in (
        *("id", "title", "body", "photo_caption", "section", "source", "author", "agency"),
        *("portal", "language", "published_on"),
    )
]
IDS = 10_000
"""Ids that are read from the database at once."""
_TERMS = "terms"
_UNWRITABLE = re.compile(
    r"No space left|Permission denied|Read-only file system|Quota|os error (?:13|28|30|122)\b"
)


def schema() -> tantivy.Schema:
    """The fields of an index."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    # Newest first: day and id in one number.
    builder.add_unsigned_field("newest", fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_unsigned_field("year", fast=True)
    builder.add_unsigned_field(MONTH, indexed=True, fast=True)
    builder.add_text_field(SAMPLE, tokenizer_name="raw", index_option="basic")
    for name in SEARCHED:
        builder.add_text_field(name, tokenizer_name=_TERMS)
    for name in LABELLED:
        builder.add_text_field(FACETS[name], tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field(SLUG, tokenizer_name="raw", index_option="basic")
    return builder.build()


def newest(article_id: int, day: date | None) -> int:
    """A number that is higher for a later day, and within a day for a higher id."""
    return ((day.toordinal() if day else 0) << 40) | (article_id & (1 << 40) - 1)


def month_of(day: date) -> int:
    """The month of `day` in one number: 202403."""
    return day.year * 100 + day.month


def document(
    row: Any, sections: Sequence[tuple[str, str | None]], codes: Codes
) -> tantivy.Document:
    """An article (a row of `COLUMNS`) and the sections that it was shown in: (slug, label)."""
    day: date | None = row.published_on
    made = tantivy.Document()
    made.add_unsigned("id", row.id)
    made.add_unsigned("newest", newest(row.id, day))
    made.add_unsigned("day", day.year * 10_000 + day.month * 100 + day.day if day else UNDATED)
    if day is not None:
        made.add_unsigned("year", day.year)
        made.add_unsigned(MONTH, month_of(day))
    for sample in halvings(row.id):
        made.add_text(SAMPLE, sample)
    title = codes.analysed(row.title or "")
    # The headline twice: so it counts more, and the engine can still pass over what ranks low.
    text = BREAK.join(
        (title, title, codes.analysed(row.body), codes.analysed(row.photo_caption or ""))
    )
    made.add_text("title", title)
    made.add_text("text", text)
    shown = dict.fromkeys((row.section or "", *(label or slug for slug, label in sections)))
    made.add_text("section", BREAK.join(map(codes.label, shown)))
    for slug, _ in sections:
        made.add_text(SLUG, slug)
    for name in ("source", "author", "agency", "portal", "language"):
        if (value := getattr(row, name)) is not None:
            made.add_text(name, codes.label(value))
    for name in LABELLED:
        if value := getattr(row, name):
            made.add_text(FACETS[name], value)
    return made


Numbered = tuple[int, tantivy.Document]
"""An article's id and its document."""


def documents(connection: Connection, ids: Sequence[int], codes: Codes) -> Iterator[Numbered]:
    """Those of `ids` that are there."""
    for part in parts(ids):
        yield from _numbered(connection, ARTICLES.c.id.in_(part), codes)


def documents_after(connection: Connection, last: int, most: int, codes: Codes) -> list[Numbered]:
    """The next articles by id, `most` at the most."""
    ahead = select(ARTICLES.c.id).where(ARTICLES.c.id > last).order_by(ARTICLES.c.id).limit(most)
    reach = connection.execute(select(func.max(ahead.subquery().c.id))).scalar()
    if reach is None:
        return []
    here = ARTICLES.c.id.between(last + 1, reach)
    return list(_numbered(connection, here, codes))


def texts(connection: Connection, most: int) -> Iterator[str]:
    """Headline and text of about `most` articles from all over the corpus, or of all it has."""
    # The ids alone come from an index; to choose by them in the database would read all of it.
    every = select(ARTICLES.c.id).execution_options(yield_per=IDS)
    ids = array("q", connection.execute(every).scalars())
    some = sorted(ids)[:: max(len(ids) // most, 1)]
    for part in parts(some):
        shown = select(ARTICLES.c.title, ARTICLES.c.body).where(ARTICLES.c.id.in_(part))
        for title, body in connection.execute(shown.order_by(ARTICLES.c.id)):
            yield f"{title or ''} {body}"


def _numbered(connection: Connection, where: Any, codes: Codes) -> Iterator[Numbered]:
    sections = _sections(connection, where)
    for row in connection.execute(select(*COLUMNS).where(where).order_by(ARTICLES.c.id)):
        yield row.id, document(row, sections.get(row.id, ()), codes)


def _sections(connection: Connection, where: Any) -> Mapping[int, list[tuple[str, str | None]]]:
    shown = table(ArticleSection)
    query = (
        select(shown.c.article_id, shown.c.section, shown.c.label)
        .join(ARTICLES, ARTICLES.c.id == shown.c.article_id)
        .where(where)
        .order_by(shown.c.article_id, shown.c.section)
    )
    found: dict[int, list[tuple[str, str | None]]] = {}
    for number, slug, label in connection.execute(query):
        found.setdefault(number, []).append((slug, label))
    return found


def opened(folder: Path) -> tantivy.Index:
    """The index in `folder`, made where that is empty. Raises `DamagedIndex`, `UnwritableIndex`."""
    with engine(folder):
        index = tantivy.Index(schema(), path=str(folder))
        blanks = tantivy.Tokenizer.whitespace()
        index.register_tokenizer(_TERMS, tantivy.TextAnalyzerBuilder(blanks).build())
        return index


@contextmanager
def engine(folder: Path) -> Iterator[None]:
    """Turn what the engine raises into a `SearchProblem` with its remedy. A fault of its own comes
    as a panic, which is no `Exception`."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException":
            raise _problem(folder, error) from error
        raise


def _problem(folder: Path, error: BaseException) -> SearchProblem:
    said = " ".join(str(error).split())
    if _UNWRITABLE.search(said):
        return UnwritableIndex(
            f"the search index in {folder} cannot be written: {said}; free space, mend "
            "permissions, or set SEARCH_DIR"
        )
    return DamagedIndex(
        f"the search index in {folder} is damaged: {said[:200]}; run `scrapy search --rebuild`"
    )
