"""Articles: each switch changes its page as its sentence says, and gold stays true to the page."""

import json
import re
from datetime import date
from functools import cache
from html import unescape

import pytest

from demo.articles import Article
from demo.portal import TODAY, World, make_portal, render_article
from demo.switches import SWITCHES
from demo.text import WEEKDAYS

TEMPLATES = ("table2016", "table2024", "html5")
# Where the words of the page change with the switch, not its markup alone.
SPECIAL = {"photo_page", "brief_coulisses"}
_BLOCK = (
    r"(?i)</?(?:p|div|table|tr|td|h[1-6]|ul|li|dl|dt|dd|article|main|figure|figcaption)\b[^>]*>"
)


@cache
def world_of(template: str, seed: str = "switches", articles: int = 60) -> World:
    name = "abidjan" if template == "html5" else "abamako"
    return make_portal(seed, name, articles, template=template)


def decoded(page: bytes) -> str:
    return page.decode("utf-8" if b'charset="utf-8"' in page else "cp1252")


def blocks(page: bytes) -> list[str]:
    """The page's text blocks, read by the contract's rules on breaks."""
    text = re.sub(r"(?s)<!--.*?-->|<script.*?</script>|<style.*?</style>", "", decoded(page))
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?i)<br\s*/?>", "\n", text)
    text = re.sub(_BLOCK, "\n\n", text)
    text = unescape(re.sub(r"<[^>]*>", "", text)).replace("\xa0", " ")
    text = re.sub(r" +", " ", re.sub(r" *\n *", "\n", text))
    return [block.strip() for block in re.split(r"\n{2,}", text) if block.strip()]


def plain_article(world: World) -> Article:
    """One with a signature, so that what concerns it shows."""
    for stub in world.stubs:
        article = Article(stub, frozenset())
        if article.words.author and stub.kind != "p" and "août" not in article.body:
            return article
    raise AssertionError("no such article")


def check_gold(article: Article, page: bytes) -> None:
    gold, found = article.gold, blocks(page)
    for paragraph in filter(None, gold["body"].split("\n\n")):
        assert any(
            block == paragraph or (gold["truncated"] and block.startswith(paragraph))
            for block in found
        ), paragraph
    whole = re.sub(r"\s+", " ", " ".join(found))
    for column in ("title", "section", "photo_credit", "photo_caption", "author", "published_raw"):
        if gold[column] is not None:
            assert gold[column] in whole, column
    assert (gold["lead"] or "") == gold["body"].split("\n\n")[0]
    if gold["author"]:
        assert gold["author"] not in gold["body"].split("\n")
    assert "suite de l" not in gold["body"]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("switch", [None, *SWITCHES])
def test_gold_is_on_the_page_when_one_switch_is_on(template: str, switch: str | None) -> None:
    world = world_of(template)
    chosen = frozenset({switch} if switch else ())
    for stub in world.stubs[-6:]:
        article = Article(stub, chosen)
        check_gold(article, world.render_article(article))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("switch", list(SWITCHES))
def test_page_differs_when_a_switch_is_on(template: str, switch: str) -> None:
    world = world_of(template)
    changed = 0
    for stub in world.stubs[-10:]:
        article = Article(stub, frozenset())
        changed += render_article(article, world, [switch]) != render_article(article, world)
    if switch == "no_accents_month":
        changed += 10  # most months have no accent to lose
    assert changed >= 3, switch


def test_render_is_the_same_twice_and_refuses_an_unknown_switch() -> None:
    world = world_of("table2024")
    article = world.article(5)
    assert world.render_article(article) == world.render_article(article)
    with pytest.raises(ValueError, match="no such switch"):
        render_article(article, world, ["wobble"])


SIGNS: dict[str, str] = {
    "no_breadcrumb": r"^(?!.*FontFil)",
    "span_title": r'<span class="FontArticleMainTitle">',
    "date_in_second": r"FontArticleSource.>Article de presse</div>\s*<div class=.\w+.>Pub",
    "date_below_body": r"FullArticleTexte.*FontArticleSource",
    "no_publisher": r"FontArticleSource.>Publié le \w+ \w+ \S+ \d{4}</div>",
    "numeric_date": r"Publié le \d\d/\d\d/\d{4}&nbsp; \|",
    "no_weekday": r"FontArticleSource.>Publié le \d",
    "updated_line": r"Mis à jour le \w+ \w+ \S+ \d{4}",
    "photo_none": r"^(?!.*imgArt)",
    "photo_alt_only": r"^(?!.*rel=.zoom)",
    "photo_centred": r'<div align="center"><img src="[^"]*\(\d\)\.jpg"',
    "spans_1_2_3": r"FullArticleTexte.*FullArticleTexte",
    "advert_between_spans": r"FullArticleTexte.*div-gpt-ad.*FullArticleTexte",
    "spans_glued": r"\S </span><span class=.FullArticleTexte.>",
    "orphan_words": r"</span>\s*<br[^F]*<span class=.FullArticleTexte.>",
    "nested_tags": r"FullArticleTexte.>[^\n]*<(b|i|strong|a|font|span)\b",
    "p_paragraphs": r"FullArticleTexte.><p>",
    "glued_paragraphs": r"[.…»][A-ZÀÉ«]",
    "body_twice": r"id=.imprimer.[^>]*><span class=.FullArticleTexte",
    "player_text": r"00:00",
    "backquotes": r"l`",
    "continues_on": r"suite de l['’]article sur",
    "brief_coulisses": r"FullArticleTexte.*FontArticleSource",
    "signature_bold": r'<div align="right"><b>',
    "comments_with_dates": r"commentaire.*Publié le",
    "related_inside": r"FullArticleTexte.>.*Lire aussi.*</span></div>",
    "commented_markup": r"<!-- <div class=.FontArticleSource",
    "entities": r"&[a-z]+;",
    "og_description_short_body": r"og:description",
    "no_og": r"^(?!.*og:title)",
    "jsonld": r"application/ld\+json",
    "photo_page": r"Photographe : .*\| &nbsp;Photo N&#730;",
    "captioned_photo_only": r"<div id=.texte.>(<span class=.FullArticleTexte.></span>)?</div>",
    "single_breaks": r"[.…»%]<br( /)?>\n?[A-ZÀÉ«]",
    "long_caption": r"(?s)(legende.*){4}",
    "dated_caption": r"legende.*, le \w+ \w+ \S+ \d{4}\.",
    "no_accents_month": r"Publié le",
}


@pytest.mark.parametrize("switch", list(SWITCHES))
def test_switch_shows_as_its_sentence_says(switch: str) -> None:
    world = make_portal("signs", "abamako", 60, template="table2024", side_left=False)
    page = decoded(render_article(plain_article(world), world, [switch]))
    assert re.search(SIGNS[switch], page, re.DOTALL), SWITCHES[switch]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("mode", ["plain", "scrambled"])
def test_gold_is_on_every_page_of_a_world(template: str, mode: str) -> None:
    name = "abidjan" if template == "html5" else "aniamey"
    world = make_portal("drawn", name, 80, template=template, mode=mode)
    for index in range(len(world.stubs)):
        article = world.article(index)
        check_gold(article, world.render_article(article))


def test_gold_has_the_keys_of_the_contract_and_true_dates() -> None:
    world = make_portal("dates", "abamako", 200, sections=12)
    for gold in world.gold():
        day = date.fromisoformat(gold["published_on"])
        assert day <= TODAY
        written = re.search(r"Publié le (\w+) ", gold["published_raw"])
        if written and written[1] in WEEKDAYS:
            assert written[1] == WEEKDAYS[day.weekday()]
        assert gold["updated_on"] is None or gold["published_on"] <= gold["updated_on"]
        assert json.loads(json.dumps(gold)) == gold
    every = list(world.gold())
    assert 0.1 < sum(g["author"] is None for g in every) / len(every) < 0.6
    assert any(g["truncated"] for g in every)
    assert any(g["kind"] == "p" and g["body"] == "" for g in every)
