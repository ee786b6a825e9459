"""The mutated set: pages of the replica as other hands would have built them.

Each page goes through several of the mutations of `mutations` (what a page holds), `reshaping` (how
it is written) and a lie about its encoding. They were written from the list of what such pages do,
without looking at the readers they judge. The gold stays true: no mutation changes a word of title,
date line, body or signature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from lxml import html

from benchmarks.pagesets import mutations as content
from benchmarks.pagesets import reshaping as form
from benchmarks.pagesets.draft import Draft
from benchmarks.pagesets.gold import GoldPage
from benchmarks.pagesets.replica import ZONES, gold_of, replica_articles, without_own
from demo.articles import Article
from demo.portal import World

MUTATIONS: dict[str, Callable[[Draft], None]] = {
    "bare_head": content.bare_head,
    "body_in_paragraphs": form.body_in_paragraphs,
    "advert_in_body": content.advert_in_body,
    "related_in_body": content.related_in_body,
    "section_in_body": content.section_in_body,
    "headline_repeated": content.headline_repeated,
    "today_in_menu": content.today_in_menu,
    "dated_sidebar": content.dated_sidebar,
    "dated_comments": content.dated_comments,
    "split_between_words": form.split_between_words,
    "split_inside_words": form.split_inside_words,
    "html5_tags": form.html5_tags,
    "flat_divs": form.flat_divs,
    "names_changed": form.names_changed,
    "names_removed": form.names_removed,
    "cp1252_called_utf8": form.charset("cp1252", "utf-8", "utf-8"),
    "cp1252_called_utf8_in_meta": form.charset("cp1252", "utf-8", None),
    "cp1252_called_latin1": form.charset("cp1252", "iso-8859-1", "iso-8859-1"),
    "cp1252_uncalled": form.charset("cp1252", None, None),
    "utf8_called_latin1_in_header": form.charset("utf-8", "utf-8", "iso-8859-1"),
    "utf8_called_latin1_in_meta": form.charset("utf-8", "iso-8859-1", None),
}
"""In the order they are done: what finds its place by a name comes before names change."""
CHARSETS = tuple(name for name in MUTATIONS if name.startswith(("cp1252", "utf8")))
_CHANCES: tuple[tuple[float, tuple[str, ...]], ...] = (
    *((0.35, (name,)) for name in ("bare_head", "body_in_paragraphs", "split_between_words")),
    *((0.35, (name,)) for name in ("advert_in_body", "related_in_body", "section_in_body")),
    *((0.45, (name,)) for name in ("headline_repeated", "today_in_menu", "dated_sidebar")),
    *((0.35, (name,)) for name in ("dated_comments", "split_inside_words")),
    (0.75, ("html5_tags", "flat_divs")),
    (0.75, ("names_changed", "names_removed")),
    (0.6, CHARSETS),
)
"""Chance of one of each group; at most one of a group is on a page."""


@dataclass(frozen=True)
class MutatedPage(GoldPage):
    """A page and the names of what was done to it."""

    mutations: tuple[str, ...] = ()


def mutated_pages(seed: int = 1, count: int = 200) -> Iterator[MutatedPage]:
    """`count` pages, three or more mutations each; the same ones for the same seed."""
    for number, (world, article, fetched_at) in enumerate(replica_articles(seed, count)):
        rng = Random(f"{seed}/mutated/{number}")
        names: list[str] = []
        while len(names) < 3:
            names = [rng.choice(group) for chance, group in _CHANCES if rng.random() < chance]
        yield mutate(world, article, fetched_at, names, rng)


def mutate(
    world: World, article: Article, fetched_at: datetime, names: Iterable[str], rng: Random
) -> MutatedPage:
    """The page of `article` after the mutations `names`; none of them leaves it as lxml reads and
    writes it. KeyError for a name that is no mutation."""
    draft = _draft(world, article, fetched_at, rng)
    done = sorted(set(names), key=list(MUTATIONS).index)
    for name in done:
        MUTATIONS[name](draft)
    gold = gold_of(article, world)
    forbidden = without_own([*gold.forbidden, *draft.forbidden], article)
    label = f"; charset={draft.header}" if draft.header else ""
    return MutatedPage(
        layout=world.looks.template,
        url=article.stub.url,
        html=form.serialised(draft),
        content_type=f"text/html{label}",
        fetched_at=fetched_at,
        timezone=ZONES[world.name],
        gold=replace(gold, forbidden=forbidden),
        mutations=tuple(done),
    )


def _draft(world: World, article: Article, fetched_at: datetime, rng: Random) -> Draft:
    response = world.respond(article.stub.host, article.stub.path)
    new = world.looks.template == "html5"
    written, declared = ("utf-8", "utf-8") if new else ("cp1252", "iso-8859-1")
    return Draft(
        root=html.document_fromstring(response.body.decode(written)),
        article=article,
        rng=rng,
        fetched_at=fetched_at,
        charset=written,
        declared=declared,
        header="utf-8" if new else None,
    )
