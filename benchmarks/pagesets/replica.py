"""The replica's article pages as they are, with their gold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random

from benchmarks.pagesets.gold import Gold, GoldPage
from demo.articles import Article
from demo.portal import DOMAINS, World, make_portal

NAMES = sorted(DOMAINS)
_PER_WORLD = 10
"""Pages taken of one world: after these the next has other looks and other words."""
_ARTICLES = 120
ZONES = {
    "abamako": "Africa/Bamako",
    "abangui": "Africa/Bangui",
    "abidjan": "Africa/Abidjan",
    "acotonou": "Africa/Porto-Novo",
    "adakar": "Africa/Dakar",
    "alibreville": "Africa/Libreville",
    "alome": "Africa/Lome",
    "aniamey": "Africa/Niamey",
    "aouaga": "Africa/Ouagadougou",
}
"""The portals' clocks; `demo` knows none."""
_FRAME = (
    "Commentaires",
    "Dans la même rubrique",
    "Dernières minutes",
    "Les plus lus",
    "Lire aussi",
)


def replica_pages(seed: int = 1, count: int = 200) -> Iterator[GoldPage]:
    """`count` pages of several worlds of all portals; the same ones for the same seed."""
    for world, article, fetched_at in replica_articles(seed, count):
        response = world.respond(article.stub.host, article.stub.path)
        yield GoldPage(
            layout=world.looks.template,
            url=article.stub.url,
            html=response.body,
            content_type=response.headers["Content-Type"],
            fetched_at=fetched_at,
            timezone=ZONES[world.name],
            gold=gold_of(article, world),
        )


def replica_articles(seed: int, count: int) -> Iterator[tuple[World, Article, datetime]]:
    """What the pages are made of: an article, its world and the instant of the fetch, at noon UTC
    up to 400 days after the world's newest article."""
    rng = Random(f"{seed}/pages")
    for number in range(count):
        if number % _PER_WORLD == 0:
            name = NAMES[number // _PER_WORLD % len(NAMES)]
            world = make_portal(f"{seed}-{number // _PER_WORLD}", name, articles=_ARTICLES)
            indexes = rng.sample(range(_ARTICLES), _PER_WORLD)
        day = world.today + timedelta(days=rng.choice((0, 1, rng.randrange(400))))
        fetched_at = datetime.combine(day, time(12), UTC)
        yield world, world.article(indexes[number % _PER_WORLD]), fetched_at


def gold_of(article: Article, world: World) -> Gold:
    """The gold of an article's page; forbidden is what of the page's frame is in no field of it."""
    told, words = article.gold, article.words
    frame = [*_FRAME, f"© {words.credit}", words.player, *(said for said, _, _ in words.comments)]
    if words.long_caption:
        frame.append(words.long_caption)
    frame += _headlines_beside(article, world)
    return Gold(
        title=told["title"],
        published_on=told["published_on"],
        body=told["body"],
        author=told["author"],
        source=told["source"],
        section=told["section"],
        forbidden=without_own(frame, article),
    )


def without_own(texts: list[str], article: Article) -> tuple[str, ...]:
    """The texts that stand neither in the body nor in the title, each once."""
    own = f"{article.title}\n{article.body}"
    return tuple(dict.fromkeys(text for text in texts if text not in own))


def _headlines_beside(article: Article, world: World) -> list[str]:
    """Headlines of the related list and of the side column's newest articles."""
    index, last = article.stub.index, len(world.stubs) - 1
    related = [index - back for back in (3, 11, 18, 40)]
    shown = {i for i in (*related, *range(last, last - 8, -1)) if i >= 0 and i != index}
    return [world.article(i).title for i in sorted(shown)]
