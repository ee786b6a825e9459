"""The general set: article pages of layouts that share nothing with the replica's template.

They were written after public documentation of the formats and of the default themes named in the
layouts' modules, without looking at the readers they judge. See `stories` for the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from benchmarks.pagesets.gold import Gold, GoldPage
from benchmarks.pagesets.layout import Layout
from benchmarks.pagesets.layouts_amp import AMP
from benchmarks.pagesets.layouts_cms import DRUPAL, JOOMLA, SPIP
from benchmarks.pagesets.layouts_handmade import BOOTSTRAP, MICRODATA, TABLES
from benchmarks.pagesets.layouts_hosted import BLOGGER, GHOST
from benchmarks.pagesets.layouts_newspaper import NEWSPAPER
from benchmarks.pagesets.layouts_wordpress import BLOCKS, CLASSIC
from benchmarks.pagesets.sheet import Sheet, slug
from benchmarks.pagesets.stories import draw_story

LAYOUTS: tuple[Layout, ...] = (
    CLASSIC,
    BLOCKS,
    NEWSPAPER,
    SPIP,
    DRUPAL,
    JOOMLA,
    BLOGGER,
    GHOST,
    AMP,
    MICRODATA,
    BOOTSTRAP,
    TABLES,
)


def general_pages(seed: int = 1, per_layout: int = 10) -> Iterator[GoldPage]:
    """`per_layout` pages of each layout; the same ones for the same seed."""
    for layout in LAYOUTS:
        for number in range(per_layout):
            yield draw_page(layout, Random(f"{seed}/{layout.name}/{number}"))


def draw_page(layout: Layout, rng: Random) -> GoldPage:
    """One page of `layout`."""
    story = draw_story(rng, layout.wants)
    path = layout.path.format(
        at=story.published,
        section=slug(story.section),
        slug=slug(story.title),
        number=rng.randrange(100, 90000),
    )
    sheet = Sheet(story, rng, f"{layout.scheme}://{story.site.host}{path}", layout.spelling)
    markup = layout.write(sheet)
    own = f"{story.title}\n{story.body}"
    forbidden = [t for t in sheet.forbidden if " " in t and t not in own]
    return GoldPage(
        layout=layout.name,
        url=sheet.url,
        html=markup.encode(layout.charset, "xmlcharrefreplace"),
        content_type=layout.content_type,
        fetched_at=story.fetched,
        timezone=story.site.zone,
        gold=Gold(
            title=story.title,
            published_on=story.published.date().isoformat(),
            body=story.body,
            author=story.byline,
            source=story.source,
            section=story.section,
            forbidden=tuple(dict.fromkeys(forbidden)),
        ),
    )
