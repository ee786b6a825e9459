"""An article page: each line of what is known of the portals, with the template and without."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.items import Article
from crawler.parsing.article import classify, is_soft_404, parse_article
from crawler.parsing.page import Page
from crawler.portals.weblogy import Abamako, Abangui
from tests.crawler.parsing.pagebuilder import (
    CAPTION,
    CREDIT,
    LEAD,
    SECOND,
    THIRD,
    TITLE,
    Spec,
    markup,
    page,
)
from tests.growth import assert_linear

BODY = f"{LEAD}\n\n{SECOND}\n\n{THIRD}"
LEAKS = ("Comment", "Dans la même", "Publié", "©", "Accueil", "autre article", "Météo", "Copyright")
SHARED = Path(__file__).resolve().parents[4] / "shared"


@pytest.fixture(
    params=[(layout, scrambled) for layout in ("table", "flat", "html5") for scrambled in (0, 1)],
    ids=lambda p: f"{p[0]}-{'scrambled' if p[1] else 'template'}",
)
def looks(request: pytest.FixtureRequest) -> dict[str, object]:
    return {"layout": request.param[0], "scrambled": bool(request.param[1])}


def read(**spec: object) -> Article:
    article = parse_article(page(Spec(**spec)), Abamako)  # type: ignore[arg-type]
    for leak in LEAKS:
        assert leak not in article.body
    return article


@pytest.mark.parametrize(
    ("words", "named"), [(3, False), (60, True)], ids=["the site itself", "a page in one line"]
)
def test_a_line_as_long_as_a_page_is_no_sites_name(words: int, named: bool) -> None:
    title = "Weblogy" + " annonce un réseau" * words
    html = f"<title>{title}</title><body><p>Publié le lundi 26 octobre 2026</p><p>{LEAD}</p>"
    url, kind = "http://news.abamako.com/h/1.html", "text/html; charset=utf-8"
    article = parse_article(Page(url, html.encode(), kind, datetime.now(UTC)), Abamako)
    assert article.title == (title if named else None)


def test_article_has_every_field(looks: dict[str, object]) -> None:
    article = read(**looks)
    assert article.title == TITLE
    assert article.published_raw == "Publié le mardi 12 mars 2024 | La Rive"
    assert (article.source, article.section, article.author) == (
        "La Rive",
        "Politique",
        "Awa DIALLO",
    )
    assert (article.body, article.lead) == (BODY, LEAD)
    assert (article.photo_credit, article.photo_caption) == (CREDIT, CAPTION)
    assert article.photo_url is not None
    assert (article.truncated, article.comments_count, article.kind, article.number) == (
        False, 0, "h", 1234,
    )  # fmt: skip


def test_breadcrumb_absent(looks: dict[str, object]) -> None:
    assert read(breadcrumb=False, section="Société", **looks).section == "Société"


def test_title_in_span(looks: dict[str, object]) -> None:
    assert read(title_tag="span", **looks).title == TITLE


def test_title_in_two_lines(looks: dict[str, object]) -> None:
    title = TITLE.replace(" après", "<br>après")
    assert read(title=title, own_title=f"{TITLE} - abamako.com", **looks).title == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "Publié le vendredi 8 mars 2024 | Le Relais",
        "Publié le 24 aout 2021 | Le Relais",
        "Publié le 5 fevrier 2019 | Le Relais",
        "Publié le 12/03/2014 | Le Relais",
        "Publié le mardi 12 mars 2024 | Le Journal d’Aujourd’hui",
    ],
)
def test_date_line_forms(looks: dict[str, object], line: str) -> None:
    article = read(date=line, **looks)
    assert article.published_raw == line
    assert article.source == line.partition(" | ")[2]


def test_date_in_second_box(looks: dict[str, object]) -> None:
    assert read(dates_before=("",), **looks).published_raw == Spec().date
    assert read(dates_before=("La rédaction vous informe",), **looks).published_raw == Spec().date


def test_date_below_body(looks: dict[str, object]) -> None:
    article = read(date_below=True, **looks)
    assert (article.published_raw, article.body) == (Spec().date, BODY)


def test_brief_with_date_below(looks: dict[str, object]) -> None:
    article = read(date_below=True, body=LEAD, photo=False, section="Coulisses", **looks)
    assert (article.published_raw, article.body, article.author) == (Spec().date, LEAD, None)


def test_update_line_is_told_apart(looks: dict[str, object]) -> None:
    article = read(date_after=("Mis à jour le mercredi 13 mars 2024",), **looks)
    assert article.published_raw == Spec().date
    assert article.updated_raw == "Mis à jour le mercredi 13 mars 2024"
    assert article.body == BODY


def test_no_publisher(looks: dict[str, object]) -> None:
    article = read(date="Publié le mardi 12 mars 2024", **looks)
    assert (article.source, article.published_raw) == (None, "Publié le mardi 12 mars 2024")


def test_date_in_menu_is_not_the_article_s(looks: dict[str, object]) -> None:
    menu = ("Aujourd’hui nous sommes le lundi 18 mars 2024", "18/03/2024")
    assert read(menu=menu, **looks).published_raw == Spec().date


def test_longer_caption_with_its_own_date(looks: dict[str, object]) -> None:
    longer = (
        "Zanzana, le lundi 4 juillet 2022. Le maire coupe le ruban devant les écoliers du bourg."
    )
    article = read(caption=(CAPTION, longer), **looks)
    assert (article.photo_caption, article.published_raw) == (longer, Spec().date)
    assert article.body == BODY


def test_no_photo_block(looks: dict[str, object]) -> None:
    article = read(photo=False, **looks)
    assert (article.photo_credit, article.photo_caption, article.body) == (None, None, BODY)


def test_captioned_photo_alone_has_no_body(looks: dict[str, object]) -> None:
    article = read(body="", **looks)
    assert (article.body, article.lead, article.photo_caption) == ("", None, CAPTION)
    assert classify(page(Spec(body="", **looks)), article) is None  # type: ignore[arg-type]


def test_photo_page() -> None:
    line = "Publié le 5 decembre 2018 | Autre presse | Photographe : DR | Photo N˚40738"
    shown = page(Spec(date=line, body="", related=False), "http://news.abangui.com/p/40738.html")
    article = parse_article(shown, Abangui)
    assert (article.kind, article.number, article.body) == ("p", 40738, "")
    assert (article.source, article.published_raw) == ("Autre presse", line)


def test_body_in_three_spans_with_adverts_between() -> None:
    advert = '<div id="div-gpt-ad-1-0"><a href=x>Achetez ici</a></div>'
    between = f'</span>{advert}<span class="FullArticleTexte">'
    body = between.join((f"{LEAD}<br><br>", f"{SECOND}<br><br>", f"{THIRD}<br><br>Awa DIALLO"))
    for scrambled in (False, True):
        assert read(body=body, scrambled=scrambled).body == BODY


def test_words_between_spans_are_kept() -> None:
    cut = LEAD.index("hier")
    body = (f"{LEAD[:cut]}</span><a href=x>{LEAD[cut:cut + 10]}</a><span class=FullArticleTexte>"
            f"{LEAD[cut + 10:]}<br><br>{SECOND}<br><br>{THIRD}")  # fmt: skip
    for scrambled in (False, True):
        assert read(body=body, scrambled=scrambled).body == BODY


def test_inline_tags_never_split_or_join_words(looks: dict[str, object]) -> None:
    first = f"<b>Le p</b>ont<i> de</i> <a href=x>Zan<u>zana</u></a>{LEAD[18:]}"
    body = f"{first}<br><br>{SECOND}<br>{THIRD}"
    assert read(body=body, **looks).body == f"{LEAD}\n\n{SECOND}\n{THIRD}"


def test_paragraph_elements(looks: dict[str, object]) -> None:
    body = f"<p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p><p><b>Awa DIALLO</b></p>"
    article = read(body=body, **looks)
    assert (article.body, article.author) == (BODY, "Awa DIALLO")


def test_short_paragraphs_quotes_and_lists_are_kept(looks: dict[str, object]) -> None:
    body = (f"{LEAD}<br><br>Un mort.<br><br>«Jamais plus !»<br><br>- un camion<br>"
            f"- deux vélos<br><br>Le bilan<br><br>{THIRD}")  # fmt: skip
    expected = (
        f"{LEAD}\n\nUn mort.\n\n«Jamais plus !»\n\n- un camion\n- deux vélos\n\nLe bilan\n\n{THIRD}"
    )
    assert read(body=body, **looks).body == expected


def test_poem_keeps_its_lines(looks: dict[str, object]) -> None:
    poem = (
        "Le fleuve monte et dit<br>ce que la rive oublie,<br>un nom, un feu, un lit,<br>la pluie."
    )
    assert read(body=poem, photo=False, **looks).body == poem.replace("<br>", "\n")


def test_body_twice_is_read_once(looks: dict[str, object]) -> None:
    once = f"{LEAD}<br><br>{SECOND}<br><br>{THIRD}"
    article = read(body=f"{once}<br><br>{once}<br><br>Awa DIALLO", **looks)
    assert (article.body, article.author) == (BODY, "Awa DIALLO")


def test_player_text_leaves_and_its_neighbours_stay(looks: dict[str, object]) -> None:
    player = ("00:00Use Left/Right Arrow keys to advance one second, Up/Down arrows to advance "
              "ten seconds.")  # fmt: skip
    body = f"{LEAD}<br><br>{player}{SECOND}<br><br>{THIRD}"
    assert read(body=body, **looks).body == BODY


def test_backquotes_and_glued_paragraphs_are_left_to_the_stages(looks: dict[str, object]) -> None:
    body = f"Le chef de l`Etat est venu à Zanzana.Il a parlé du pont et des routes.<br><br>{THIRD}"
    assert read(body=body, **looks).body == body.replace("<br><br>", "\n\n")


@pytest.mark.parametrize("dots", ["", "...", "....", "......", "… ", "... "])
@pytest.mark.parametrize("where", ["RFI", "Jeune Afrique", "Afrik.com", "Autre presse"])
def test_text_goes_on_elsewhere(dots: str, where: str) -> None:
    for line in (
        f"{dots}suite de l'article sur {where}",
        f"<a href=x>{dots} suite de l’article sur {where}</a>",
    ):
        for scrambled in (False, True):
            article = read(body=f"{LEAD}<br><br>{THIRD}<br><br>{line}", scrambled=scrambled)
            assert (article.truncated, article.continues_on) == (True, where)
            assert article.body == f"{LEAD}\n\n{THIRD}"


def test_comments_with_dates_stay_outside(looks: dict[str, object]) -> None:
    said = (
        "Par Kossi le 15/03/2024 à 10:12",
        "Bravo à toute la ville pour ce beau chantier, enfin !",
    )
    article = read(comments=said, **looks)
    assert (article.published_raw, article.body) == (Spec().date, BODY)
    assert article.comments_count == 1


def test_related_list_inside_the_body(looks: dict[str, object]) -> None:
    block = ("<div class=lire><b>Lire aussi</b><ul>"
             "<li><a href=/h/1.html>Un autre article du jour</a></li>"
             "<li><a href=/h/2.html>Encore un autre article hier</a></li></ul></div>")  # fmt: skip
    assert read(body=f"{LEAD}<br><br>{SECOND}{block}{THIRD}", **looks).body == BODY


def test_related_list_in_an_inline_element_leaves_the_signature_behind_it(
    looks: dict[str, object],
) -> None:
    block = ("<div class=liens><b>Lire aussi</b><ul>"
             "<li><a href=/h/1.html>Un autre article du jour</a></li>"
             "<li><a href=/h/2.html>Encore un autre article hier</a></li></ul></div>")  # fmt: skip
    signature = "<div align=right><b>Awa DIALLO (stagiaire)</b></div>"
    wrapped = f"<span>{LEAD}<br><br>{SECOND}<br><br>{THIRD}{block}{signature}</span>"
    article = read(body=wrapped, signature=None, **looks)
    assert (article.author, article.body) == ("Awa DIALLO", BODY)


@pytest.mark.parametrize(
    "line",
    ["Réservez vos billets d’avion au meilleur prix", "Terrain titré à vendre à Zanzana, prix doux",
     "Panne de climatiseur : appelez le 20 11 22 33", "Promotion du mois sur tous nos forfaits"],
)  # fmt: skip
def test_advert_amid_the_text_leaves(line: str, looks: dict[str, object]) -> None:
    block = f'<div style="text-align:center">{line}</div>'
    assert read(body=f"{LEAD}<br><br>{SECOND}{block}{THIRD}", **looks).body == BODY


@pytest.mark.parametrize(
    "line",
    ["<b>Des terres à vendre</b>", "«Achetez malien», dit-il", "Les maisons à louer manquent.",
     "Réservez-lui bon accueil, dit la lettre du maire aux habitants de la commune de Zanzana où "
     "la délégation arrive ce matin, réservez-lui bon accueil"],
)  # fmt: skip
def test_a_subhead_or_a_sentence_that_speaks_of_trade_stays(
    line: str, looks: dict[str, object]
) -> None:
    article = read(body=f"{LEAD}<br><br>{SECOND}<div>{line}</div>{THIRD}", **looks)
    assert line.removeprefix("<b>").removesuffix("</b>") in article.body


def test_signature_in_a_block_of_its_own(looks: dict[str, object]) -> None:
    article = read(
        signature=None, tail="<div class=sig align=right><b>Awa DIALLO</b></div>", **looks
    )
    assert (article.author, article.body) == ("Awa DIALLO", BODY)


def test_agency_signs(looks: dict[str, object]) -> None:
    article = read(signature="Avec AFP", **looks)
    assert (article.agency, article.author, article.body) == ("AFP", None, BODY)
    assert read(date="Publié le mardi 12 mars 2024 | Xinhua", **looks).agency == "Xinhua"


def test_region_hash_ignores_what_is_around(looks: dict[str, object]) -> None:
    plain = read(**looks).region_hash
    assert (
        read(related=False, comments=("Par A le 1/2/2024", "Bien dit."), **looks).region_hash
        == plain
    )
    assert read(signature="Kofi MENSAH", **looks).region_hash != plain


def test_site_is_never_author_nor_source() -> None:
    head = ('<meta name=author content="Weblogy Portals Network">'
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x",'
            '"publisher":{"name":"aBamako.com"},}</script>')  # fmt: skip
    article = read(head=head, signature=None, date="Publié le mardi 12 mars 2024")
    assert (article.author, article.source) == (None, None)


def test_meta_alone() -> None:
    data = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-03-12T10:00:00Z"}
    text = f'<script type="application/ld+json">{json.dumps(data)}</script><div>Rien</div>'
    shown = Page("http://news.abamako.com/h/1.html", text.encode(), None, datetime.now(UTC))
    article = parse_article(shown, Abamako)
    assert (article.title, article.published_raw) == (TITLE, data["datePublished"])
    assert article.signs["title"] == article.signs["published_raw"] == "jsonld"


def test_name_in_the_date_line_is_the_author() -> None:
    article = read(date="mardi 12 mars 2024, par Awa Diallo", signature=None, scrambled=True)
    assert (article.author, article.source) == ("Awa Diallo", None)
    for sign in (",", " -", " –", " —", " •"):
        line = f"Par Awa Diallo{sign} publié le mardi 12 mars 2024"
        article = read(date=line, signature=None, scrambled=True)
        assert (article.author, article.source) == ("Awa Diallo", None), sign
    article = read(date="12 mars 2024 à 18h49 par AFP", signature=None, scrambled=True)
    assert (article.author, article.source, article.agency) == (None, "AFP", "AFP")


@pytest.mark.parametrize(
    ("behind", "author", "source"),
    [
        ("Par Oumar Barry (La Voix du Delta)", "Oumar Barry", "La Voix du Delta"),
        ("par Oumar Barry (L’Essor)", "Oumar Barry", "L’Essor"),
        ("La Rive | Par Oumar Barry (La Voix du Delta)", "Oumar Barry", "La Rive"),
    ],
)
def test_name_behind_a_bar_with_a_newspaper_wrote_for_it(
    behind: str, author: str, source: str, looks: dict[str, object]
) -> None:
    article = read(date=f"Publié le mardi 12 mars 2024 | {behind}", signature=None, **looks)
    assert (article.author, article.source) == (author, source)


@pytest.mark.parametrize(
    "line",
    [
        "Mis en ligne le mardi 12 mars 2024 à 9h05 par Oumar Barry - La Voix du Delta",
        "Publié le mardi 12 mars 2024 - Par Oumar Barry – La Voix du Delta",
        "Publié le mardi 12 mars 2024 par Oumar Barry, La Voix du Delta",
        "Par Oumar Barry, mardi 12 mars 2024 • La Voix du Delta",
    ],
)
def test_newspaper_may_stand_behind_who_wrote_for_it(line: str, looks: dict[str, object]) -> None:
    article = read(date=line, signature=None, **looks)
    assert (article.author, article.source) == ("Oumar Barry", "La Voix du Delta")


@pytest.mark.parametrize("behind", ["Bamako", "Photo : A. Touré", "La Rédaction", "3 commentaires"])
def test_what_stands_behind_a_name_is_seldom_a_newspaper(
    behind: str, looks: dict[str, object]
) -> None:
    line = f"Publié le mardi 12 mars 2024 par Oumar Barry - {behind}"
    article = read(date=line, signature=None, **looks)
    assert (article.author, article.source) == ("Oumar Barry", None)


def test_town_agency_or_remark_in_brackets_is_no_newspaper(looks: dict[str, object]) -> None:
    for aside in ("Ségou", "AFP", "envoyée spéciale", "avec les siens"):
        line = f"Publié le mardi 12 mars 2024 | Par Oumar Barry ({aside})"
        assert read(date=line, signature=None, **looks).source != aside


def test_last_entry_of_a_menu_is_no_section() -> None:
    text = markup(Spec(breadcrumb=False, section="", scrambled=True))
    menu = "<div>Politique</div><div>Culture</div><h1"
    shown = Page("http://news.abamako.com/h/1.html", text.replace("<h1", menu).encode(), None,
                 datetime(2024, 3, 20, tzinfo=UTC))  # fmt: skip
    assert parse_article(shown, Abamako).section is None


def test_article_292014_equals_its_gold() -> None:
    if not (SHARED / "article-292014.json").exists():
        pytest.skip("the real article is not here")
    gold = json.loads((SHARED / "article-292014.json").read_text("utf-8"))
    inner = "<br><br>".join(
        p.replace("\n", "<br>") for p in [*gold["body"].split("\n\n"), gold["author"]]
    )
    for scrambled in (False, True):
        spec = Spec(title=gold["title"], section=gold["section"], body=inner, scrambled=scrambled,
                    date=gold["published_raw"].replace("|", "&nbsp;|&nbsp;"),
                    caption=(gold["photo_caption"],))  # fmt: skip
        article = parse_article(page(spec, gold["url"]), Abamako)
        unread = {"published_on", "published_precision", "language"}
        for name in gold.keys() - unread:
            assert getattr(article, name) == gold[name], name


# --- no article --------------------------------------------------------------------------------


def test_soft_404_is_told() -> None:
    for text in ("Article introuvable", "Page introuvable", "Cet article n’existe plus"):
        body = f"<html><title>aBamako</title><body><h1>{text}</h1></body></html>".encode()
        shown = Page("http://news.abamako.com/h/9.html", body, None, datetime.now(UTC))
        assert is_soft_404(shown)
        assert classify(shown, parse_article(shown, Abamako)) == "not_found"


@pytest.mark.parametrize(
    "title", ["aBamako.com : le Mali au quotidien", "", "Politique - abamako.com"]
)
@pytest.mark.parametrize("teaser", [THIRD, ""])
def test_home_page_served_for_a_dead_article(title: str, teaser: str) -> None:
    entries = "".join(
        f"<div><a href=/h/{n}.html>Le conseil de Zanzana vote son budget numéro {n}</a>"
        f"<div>La Rive - {n} mars 2024</div><div>{teaser}</div></div>"
        for n in range(1, 25)
    )
    heading = title.partition(" - ")[0] if " - " in title else "Actualités"
    text = f"<html><title>{title}</title><body><h1>{heading}</h1>{entries}</body></html>"
    shown = Page("http://news.abamako.com/h/99.html", text.encode(), None, datetime.now(UTC))
    assert classify(shown, parse_article(shown, Abamako)) == "not_found"


def test_article_about_missing_pages_is_an_article() -> None:
    spec = Spec(
        body=f"{LEAD}<br><br>Page introuvable : c’est ce que lisent les usagers.<br>{SECOND * 3}"
    )
    assert classify(page(spec), parse_article(page(spec), Abamako)) is None


def test_short_article_whose_headline_begins_with_error_is_an_article(
    looks: dict[str, object],
) -> None:
    title = "Erreur judiciaire à Zanzana : le tribunal se dédit"
    shown = page(Spec(title=title, body=LEAD, **looks))  # type: ignore[arg-type]
    article = parse_article(shown, Abamako)
    assert (article.title, len(article.body) < 400) == (title, True)
    assert classify(shown, article) is None


@pytest.mark.parametrize("layout", ["table", "flat", "html5"])
def test_short_article_in_the_template_may_tell_of_deleted_pages(layout: str) -> None:
    shown = page(Spec(title="Contenus supprimés au Mali", body=LEAD, layout=layout))
    assert classify(shown, parse_article(shown, Abamako)) is None


def test_notice_in_a_dated_template_is_no_article(looks: dict[str, object]) -> None:
    body = "L’article que vous avez demandé n’existe plus."
    shown = page(Spec(title="Article introuvable", body=body, **looks))  # type: ignore[arg-type]
    assert classify(shown, parse_article(shown, Abamako)) == "not_found"


def test_page_cut_short() -> None:
    whole = page(Spec())
    cut = Page(whole.url, whole.body[: whole.body.index(b"camions")], None, whole.fetched_at)
    assert classify(cut, parse_article(cut, Abamako)) == "truncated"
    assert classify(whole, parse_article(whole, Abamako)) is None


@pytest.mark.parametrize(
    "body", [b"%PDF-1.4 x", b"\xff\xd8\xff\xe0abc", b"\x1f\x8b\x08", b"PK\x03\x04"]
)
def test_not_html(body: bytes) -> None:
    shown = Page("http://news.abamako.com/h/9.html", body, "text/html", datetime.now(UTC))
    assert classify(shown, parse_article(shown, Abamako)) == "content_type"


# --- robust ------------------------------------------------------------------------------------


def _read(body: bytes) -> Article:
    shown = Page("http://news.abamako.com/h/9.html", body, None, datetime(2024, 3, 1, tzinfo=UTC))
    article = parse_article(shown, Abamako)
    classify(shown, article)
    return article


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(body: bytes) -> None:
    _read(body)


@pytest.mark.parametrize("layout", ["table", "flat", "html5"])
def test_mutated_pages_are_read(layout: str) -> None:
    rng = Random(layout)
    whole = page(Spec(layout=layout)).body
    for _ in range(60):
        spoiled = bytearray(whole)
        for _ in range(rng.randrange(1, 40)):
            spoiled[rng.randrange(len(spoiled))] ^= 1 << rng.randrange(8)
        _read(bytes(spoiled))
        _read(whole[: rng.randrange(len(whole))])
        tags = whole.split(b"<")
        rng.shuffle(tags)
        _read(b"<".join(tags))


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        (b"<div>", 100_000),
        (b"<b><i>", 20_000),
        (b"<p>a", 200_000),
        (b"mot ", 250_000),
        (b" ", 1_000_000),
        (b"<!--", 100_000),
        (b"((((", 200_000),
        (b"<span>Publi\xe9 le 1 mars 2024 |</span>", 10_000),
        (b"<li><a href=/h/1.html>Un titre de la liste</a> 01/02/2024</li>", 10_000),
    ],
    ids=["deep", "inline", "million", "line", "spaces", "comments", "brackets", "dates", "list"],
)
def test_monstrous_pages_are_read_in_linear_time(unit: bytes, count: int) -> None:
    assert_linear(_read, lambda size: unit * size, count)


def test_long_title_is_cut_with_a_flag() -> None:
    article = parse_article(page(Spec(title="a" * 100_000, own_title="x")), Abamako)
    assert article.title is not None
    assert len(article.title) <= 2000
    assert "title_cut" in article.flags


def test_markup_is_deterministic() -> None:
    assert markup(Spec(scrambled=True)) == markup(Spec(scrambled=True))
