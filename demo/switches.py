"""Every oddity of an article page known from the portals, one named switch each, and their draw.

A switch changes how a page is written, and its gold where the words themselves change. Tests turn
one on alone; a world draws a handful for each article.
"""

from __future__ import annotations

from random import Random

from demo.text import words

SWITCHES: dict[str, str] = {
    "no_breadcrumb": "The breadcrumb «Accueil / News / … / Article» is absent.",
    "span_title": "The title stands in a span, not in an h1.",
    "date_in_second": "Several source lines occur; the date is in the second.",
    "date_below_body": "The date line stands below the body.",
    "no_publisher": "The date line names no newspaper.",
    "numeric_date": "The day is written dd/mm/yyyy.",
    "no_weekday": "The date line gives no weekday.",
    "no_accents_month": "The month is written without accents: «24 aout 2024».",
    "updated_line": "A line «Mis à jour le …» stands beside the date line.",
    "photo_none": "The page has no photo block.",
    "photo_alt_only": "The photo's short word is its alt text only, not a link.",
    "photo_centred": "The photo is a bare img in div[align=center], its file name with brackets.",
    "long_caption": "A longer caption follows the short one.",
    "dated_caption": "The longer caption bears a date of its own, not the article's.",
    "captioned_photo_only": "The article is only a captioned photo: no body.",
    "spans_1_2_3": "The body is cut into two or three spans between paragraphs.",
    "advert_between_spans": "The body is cut into spans with an advert between them.",
    "spans_glued": "The body is cut into spans in the middle of a paragraph, which goes on.",
    "orphan_words": "A paragraph's first words stand outside any body span.",
    "nested_tags": "Bold, links and italics stand inside sentences.",
    "single_breaks": "Single line breaks stand inside paragraphs.",
    "p_paragraphs": "Paragraphs are p elements, not parted by line breaks.",
    "glued_paragraphs": "Two paragraphs are glued together without a space.",
    "body_twice": "The body occurs twice in the page, the second time for printing.",
    "player_text": "Text of a media player is pasted into the body.",
    "backquotes": "Backquotes stand for apostrophes in title and body.",
    "continues_on": "The page ends in «... suite de l'article sur RFI».",
    "brief_coulisses": "A Coulisses brief: one short paragraph, the date line below it.",
    "signature_bold": "The signature is bold and pushed to the right.",
    "comments_with_dates": "Readers' comments carry names and dates.",
    "related_inside": "A list of related articles stands inside the body.",
    "commented_markup": "A comment holds an older article's markup, date and body.",
    "entities": "Accented letters and quotes are written as character references.",
    "og_description_short_body": "og:description holds the beginning of the body.",
    "no_og": "The page has no og: tags.",
    "jsonld": "A JSON-LD NewsArticle repeats title, day and newspaper.",
    "photo_page": "A page of kind p: a photo, its caption, «Photographe : DR | Photo N˚40738».",
}

# At most one of each group on a page; photo_page and brief_coulisses come with the article's kind.
_EXCLUSIVE: tuple[tuple[str, ...], ...] = (
    ("date_in_second", "date_below_body"),
    ("numeric_date", "no_weekday", "no_accents_month"),
    ("no_publisher",),
    ("updated_line",),
    ("photo_none", "photo_alt_only", "photo_centred"),
    ("long_caption", "dated_caption"),
    ("spans_1_2_3", "advert_between_spans", "spans_glued", "orphan_words", "p_paragraphs"),
    ("nested_tags",),
    ("single_breaks",),
    ("glued_paragraphs",),
    ("body_twice",),
    ("player_text",),
    ("backquotes",),
    ("signature_bold",),
    ("comments_with_dates",),
    ("related_inside",),
    ("commented_markup",),
    ("entities",),
    ("og_description_short_body",),
    ("no_og",),
    ("jsonld",),
    ("no_breadcrumb",),
    ("span_title",),
)
_CHANCE = {"spans_1_2_3": 0.7, "nested_tags": 0.4, "long_caption": 0.5}
_NO_BODY = frozenset(
    words(
        "spans_1_2_3 advert_between_spans spans_glued orphan_words nested_tags "
        "single_breaks p_paragraphs glued_paragraphs body_twice player_text "
        "signature_bold related_inside og_description_short_body date_below_body "
        "photo_none continues_on"
    )
)


def draw_switches(rng: Random, section: str, *, photo_page: bool) -> frozenset[str]:
    """The switches of one article of a world."""
    if photo_page:
        drawn = {"photo_page"} | ({"no_accents_month"} if rng.random() < 0.5 else set())
        return frozenset(drawn | ({"long_caption"} if rng.random() < 0.3 else set()))
    drawn = set()
    for group in _EXCLUSIVE:
        if rng.random() < _CHANCE.get(group[0], 0.12 * min(len(group), 3)):
            drawn.add(group[int(rng.random() * len(group))])
    if section == "Coulisses":
        drawn -= {"date_in_second", "date_below_body", "photo_centred", "photo_alt_only"}
        drawn -= {"glued_paragraphs", "spans_1_2_3", "advert_between_spans", "orphan_words"}
        drawn |= {"brief_coulisses", "photo_none"}
    elif section == "Presse internationale":
        if rng.random() < 0.7:
            drawn.add("continues_on")
    elif rng.random() < 0.03:
        drawn.add("captioned_photo_only")
    if "captioned_photo_only" in drawn:
        drawn -= _NO_BODY
    if "photo_none" in drawn:
        drawn -= {"long_caption", "dated_caption"}
    return frozenset(drawn)
