"""Article pages of other hands than the portals' template: each habit of theirs is one test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.items import Article
from crawler.parsing.article import classify, parse_article
from crawler.parsing.page import Page
from crawler.parsing.wording import is_crumb, is_label, is_share_row
from crawler.portals.weblogy import Abamako

TITLE = "Le bac de Zanzana reprend ses traversées du matin"
ONE = "Le bac a repris ses traversées lundi devant une foule venue des deux rives du fleuve."
TWO = "Le passeur assure que les billets resteront au même prix jusqu’à la saison des pluies."
DATE = "<p>Publié le mardi 12 mars 2024 | La Rive</p>"
TEASERS = "".join(
    f"<li>{n} mai 2021 - <a href=/h/{n}.html>Un autre long titre du journal numéro {n}</a> "
    "<span>Quelques mots de cet autre article, qui n’est pas celui de la page.</span></li>"
    for n in range(3, 9)
)


def read(inner: str, title: str = f"{TITLE} - abamako.com") -> tuple[Page, Article]:
    text = (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{inner}"
        "<p>Copyright © 2024 Le réseau</p></body></html>"
    )
    now = datetime(2024, 3, 20, tzinfo=UTC)
    page = Page("http://news.abamako.com/h/77.html", text.encode(), "text/html", now)
    return page, parse_article(page, Abamako)


def body(*paragraphs: str) -> str:
    return "<div>" + "".join(f"<p>{one}</p>" for one in paragraphs) + "</div>"


@pytest.mark.parametrize(
    "row",
    ["Facebook Twitter WhatsApp", "Partager sur Facebook", "Tweeter | Imprimer | Envoyer à un ami"],
)
def test_signature_above_share_buttons(row: str) -> None:
    _, article = read(f"<h1>{TITLE}</h1>{DATE}{body(ONE, TWO, 'Awa DIALLO')}<div>{row}</div>")
    assert (article.author, article.body) == ("Awa DIALLO", f"{ONE}\n\n{TWO}")


@pytest.mark.parametrize(
    "text", ["Facebook", "L’ami de la page", "Partager le pouvoir", "Par mail"]
)
def test_words_are_no_share_row(text: str) -> None:
    assert not is_share_row(text)


def test_crumbs_and_labels_are_told() -> None:
    assert is_crumb("Accueil > Politique")
    assert not is_crumb("Accueil triomphal à Zanzana")
    assert is_label("Facebook Twitter")


@pytest.mark.parametrize("own", ["", "abamako.com"])
def test_site_name_in_a_heading_is_no_title(own: str) -> None:
    title = own or f"abamako.com | {TITLE}"
    _, article = read(f"<h1>abamako.com</h1><h3>{TITLE}</h3>{DATE}{body(ONE, TWO)}", title)
    assert article.title == TITLE


def test_link_to_the_front_page_is_no_title() -> None:
    inner = f"<h1><a href='/'>Le grand portail du fleuve</a></h1><h2>{TITLE}</h2>{DATE}"
    _, article = read(inner + body(ONE, TWO), "Le grand portail du fleuve")
    assert article.title == TITLE


def test_byline_is_no_title() -> None:
    inner = f"<div>{TITLE}</div><div>Par <a href=/a>Awa Diallo</a></div><div>12/03/2024</div>"
    _, article = read(inner + body(ONE, TWO), "abamako.com")
    assert (article.title, article.author) == (TITLE, "Awa Diallo")


@pytest.mark.parametrize("mark", [" - ", " – ", " • ", " · ", " | "])
def test_source_behind_any_mark(mark: str) -> None:
    date = f"<p>Publié le mardi 12 mars 2024{mark}La Rive</p>"
    _, article = read(f"<h1>{TITLE}</h1>{date}{body(ONE, TWO)}")
    assert (article.source, article.title) == ("La Rive", TITLE)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("<i>Le Courrier de Kita</i>, le mardi 12 mars 2024", "Le Courrier de Kita"),
        ("L’Essor, 12/03/2024", "L’Essor"),
        ("Le maire, le mardi 12 mars 2024", None),
        ("Mis à jour le mardi 12 mars 2024 | La Rive", "La Rive"),
        ("Publié le mardi 12 mars 2024 à 10:12 | <span>La Rive</span><span>4 min de lecture</span>",
         "La Rive"),
    ],
)  # fmt: skip
def test_source_beside_a_day(line: str, source: str | None) -> None:
    _, article = read(f"<h1>{TITLE}</h1><div>{line}</div>{body(ONE, TWO)}")
    assert article.source == source
    assert "2024" in (article.published_raw or article.updated_raw or "")


@pytest.mark.parametrize(
    ("before", "line", "author", "source", "section"),
    [
        ("Par Awa Diallo ", "Publié le 12 mars 2024", "Awa Diallo", None, None),
        ("Awa Diallo | ", "Publié le 12 mars 2024", "Awa Diallo", None, None),
        ("Awa Diallo, ", "publié le 12 mars 2024", "Awa Diallo", None, None),
        ("Awa Diallo / ", "Mis en ligne le 12 mars 2024 à 18 h 05", "Awa Diallo", None, None),
        ("L’Essor - ", "Publié le 12 mars 2024", None, "L’Essor", None),
        ("Politique | ", "Publié le 12 mars 2024", None, None, "Politique"),
        ("Bamako - ", "Publié le 12 mars 2024", None, None, None),
        ("Bamako, ", "12 mars 2024 (AMAP) - 14h32 GMT", None, None, None),
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_what_stands_before_a_date(
    before: str, line: str, author: str | None, source: str | None, section: str | None, apart: bool
) -> None:
    shown = f"<span>{before}</span><span>{line}</span>" if apart else before + line
    _, article = read(f"<h1>{TITLE}</h1><div>{shown}</div>{body(ONE, TWO)}")
    assert (article.author, article.source, article.section) == (author, source, section)
    assert line in (article.published_raw or "")
    assert article.body == f"{ONE}\n\n{TWO}"


def test_advert_above_a_date_below_the_text_is_no_headline() -> None:
    text = [f"N° {number} : {sentence}" for number in range(9) for sentence in (ONE, TWO)]
    page = (
        f"<div>Accueil / News / Politique / Article</div><div>{TITLE}</div>{body(*text)}"
        "<div>Votre crédit en 24 heures, sans garantie : appelez le 20 00 00 00</div>"
        "<div>Publié le mardi 12 mars 2024</div>"
    )
    _, article = read(page, title="abamako.com")
    assert (article.title, article.body) == (TITLE, "\n\n".join(text))


def test_icons_part_a_relative_date_from_what_follows() -> None:
    line = (
        "<i class=clock></i> Il y a 2 heures <i class=user></i> <a href=/a/1>Awa Diallo</a> "
        "<i class=eye></i> 1 254 vues"
    )
    _, article = read(f"<h1>{TITLE}</h1><div>{line}</div>{body(ONE, TWO)}")
    assert (article.published_raw, article.body) == ("Il y a 2 heures", f"{ONE}\n\n{TWO}")


@pytest.mark.parametrize("name", ["bloc-image", "photo", "img_3 left"])
def test_words_in_a_box_that_is_called_a_picture_are_its_caption(name: str) -> None:
    caption = "Un étal de mil au grand marché"
    box = f'<div class="{name}"><img src=/p/3.jpg><span>{caption}</span></div>'
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<div>{box}<div>{ONE}</div><div>{TWO}</div></div>")
    assert (article.body, article.photo_caption) == (f"{ONE}\n\n{TWO}", caption)
    whole = f'<div class="{name}"><img src=/p/3.jpg><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div>'
    _, article = read(f"<h1>{TITLE}</h1>{DATE}{whole}")
    assert article.body == f"{ONE}\n\n{TWO}\n\n{THREE}"


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Sahel Matin, le mardi 12 mars 2024", None),
        ("Kayes, le 12 mars 2024", None),
        ("Libreville, le 12 mars 2024 — La Rive", "La Rive"),
    ],
)
def test_place_and_day_above_the_text_date_a_page_that_nothing_else_does(
    line: str, source: str | None
) -> None:
    def read_with(above: str) -> Article:
        return read(f"<h1>{TITLE}</h1>{above}{body(ONE, TWO)}")[1]

    article = read_with(f"<div>{line}</div>")
    assert (article.published_raw, article.source) == (line, source)
    assert article.signs["published_raw"] == "structure:dateline"
    assert article.body == f"{ONE}\n\n{TWO}"
    # Under a picture they are its caption.
    article = read_with(f"<div><img src=/p/3.jpg><br>{line}</div>")
    assert (article.published_raw, article.photo_caption) == (None, line)
    article = read_with(f"<p>Publié le 14 mars 2024</p><div>{line}</div>")
    assert article.published_raw == "Publié le 14 mars 2024"


def test_section_above_the_headline_may_have_a_time_to_read() -> None:
    above = "<div><a href=/e/>Économie</a> · <span>Temps de lecture : 3 min</span></div>"
    _, article = read(f"{above}<h1>{TITLE}</h1>{DATE}{body(ONE, TWO)}")
    assert article.section == "Économie"


@pytest.mark.parametrize("heading", ["Vos avis", "Vos avis (2)", "Les avis des lecteurs"])
def test_opinions_of_readers_are_no_text(heading: str) -> None:
    opinions = f"<div><b>{heading}</b><div>Baba : bonne nouvelle pour nous.</div></div>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}{body(ONE, TWO)}{opinions}")
    assert article.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    "note", ["NB : Le titre est de la rédaction.", "NDLR – Nous y reviendrons."]
)
def test_note_of_the_newsroom_stands_below_who_signs(note: str) -> None:
    text = body(ONE, TWO, "Marcel Kouamé", note)
    _, article = read(f"<h1>{TITLE}</h1>{DATE}{text}")
    assert (article.author, article.body) == ("Marcel Kouamé", f"{ONE}\n\n{TWO}\n\n{note}")


@pytest.mark.parametrize("site", ["<font size=5>{}</font>", "<h1>{}</h1>"])
def test_page_that_calls_itself_as_the_site_has_the_headline_by_its_date(site: str) -> None:
    name = "LE RELAIS DU GRAND SUD"
    menu = "<br>".join(f"<a href={n}.htm>{n}</a>" for n in ("Politique", "Economie", "Sports"))
    page = (
        f"<table><tr><td>{site.format(name)}</td></tr><tr><td>{menu}</td>"
        f"<td><b>{TITLE}</b><br>Zanzana, 12 mars 2024 - 14h32<br><br>{ONE}<br><br>{TWO}</td></tr>"
        "</table>"
    )
    _, article = read(page, title=f"{name} - Dépêche")
    assert (article.title, article.body) == (TITLE, f"{ONE}\n\n{TWO}")
    assert article.published_raw == "Zanzana, 12 mars 2024 - 14h32"


def test_time_to_read_is_no_part_of_the_date_line() -> None:
    line = "<time>Publié le mardi 12 mars 2024 à 10:12</time><span>1 min de lecture</span>"
    by = "<span>Par <a rel=author href=/a>Awa Diallo</a></span>"
    for html in (line, by + line):
        _, article = read(f"<h1>{TITLE}</h1><div>{html}</div>{body(ONE, TWO)}")
        assert article.published_raw == "Publié le mardi 12 mars 2024 à 10:12"
    assert article.author == "Awa Diallo"


@pytest.mark.parametrize("rest", ["54 vues", "14:05", "Mis à jour le 13/03/2024", "Politique"])
def test_what_stands_beside_a_date_may_be_no_source(rest: str) -> None:
    _, article = read(f"<h1>{TITLE}</h1><p>Publié le 12/03/2024 - {rest}</p>{body(ONE, TWO)}")
    assert article.source is None


def test_author_before_a_bar() -> None:
    _, article = read(f"<h1>{TITLE}</h1><p>Par Awa Diallo | 12 mars 2024</p>{body(ONE, TWO)}")
    assert (article.author, article.source) == ("Awa Diallo", None)


@pytest.mark.parametrize("label", ["Catégorie : Vie locale", "Rubrique: Vie locale"])
def test_section_in_a_line_that_says_so(label: str) -> None:
    inner = f"<h1>{TITLE}</h1><dl><dd>{label}</dd><dd>Publication : 12 mars 2024</dd></dl>"
    _, article = read(inner + body(ONE, TWO))
    assert article.section == "Vie locale"


@pytest.mark.parametrize(
    "caption",
    [
        "<p>© DR</p><p>Zanzana, le 4 mai 2019</p>",
        "<p>Zanzana, le 4 mai 2019 : le vieux bac au départ</p>",
        "<p>Zanzana, le samedi 4 mai 2019</p>",
    ],
)
def test_date_of_a_caption_is_not_the_article_s(caption: str) -> None:
    _, article = read(f"<h1>{TITLE}</h1><img src=/photos/b.jpg>{caption}{body(ONE, TWO)}")
    assert article.published_raw is None


def test_date_of_a_comment_is_not_the_article_s() -> None:
    said = "<h3>2 Commentaires</h3><p>Posté par Moussa, le 14/03/2024 à 10:22</p><p>Bravo !</p>"
    _, article = read(f"<h1>{TITLE}</h1>{body(ONE, TWO)}{said}")
    assert article.published_raw is None


@pytest.mark.parametrize("heading", ["Dernières infos", "Vidéos du jour", "À ne pas rater"])
def test_teasers_behind_the_body_are_left(heading: str) -> None:
    inner = f"<h1>{TITLE}</h1>{DATE}<p>{ONE}</p><p>{TWO}</p><h3>{heading}</h3><ul>{TEASERS}</ul>"
    _, article = read(f"<div>{inner}</div>")
    assert article.body == f"{ONE}\n\n{TWO}"


def test_short_body_is_not_outweighed_by_teasers() -> None:
    photo = "<div><img src=/photos/b.jpg><p>© DR</p><p>Le bac</p></div>"
    inner = f"<h1>{TITLE}</h1>{DATE}{photo}{body(ONE)}<h3>Les plus lus</h3><ul>{TEASERS}</ul>"
    _, article = read(f"<div>{inner}</div>")
    assert (article.body, article.photo_caption) == (ONE, "Le bac")


def test_list_within_the_body_stays() -> None:
    items = "<ul><li><a href=/x>Le premier long quai de la rive</a></li><li>Le second</li></ul>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<div><p>{ONE}</p>{items}<p>{TWO}</p></div>")
    assert "Le second" in article.body
    assert article.body.endswith(TWO)


def test_undated_article_among_links_is_no_front_page() -> None:
    links = "".join(f"<a href=/h/{n}.html>Titre {n}</a> " for n in range(10))
    long = [f"{ONE} {TWO}"] * 1 + [f"{TWO} Les riverains, eux, {n} fois." for n in range(4)]
    page, article = read(f"<h1>{TITLE}</h1>{body(*long)}<div>{links}</div>")
    assert classify(page, article) is None


def test_link_to_no_address_at_all_stops_no_reader() -> None:
    _, article = read(f'<h2><a href="http://[">{TITLE}</a></h2>{DATE}{body(ONE, TWO)}')
    assert (article.title, article.body) == (TITLE, f"{ONE}\n\n{TWO}")


@pytest.mark.parametrize("said", ["Djoliba contre Réal de Zanzana", "Entrée libre"])
def test_programme_is_no_row_of_readers_answers(said: str) -> None:
    rows = "".join(
        f"<div><div>Stade numéro {n}</div><div>0{n}/04/2024 à 16:00</div><div>{said}</div></div>"
        for n in range(1, 4)
    )
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<div><p>{ONE}</p><p>{TWO}</p>{rows}</div>")
    assert article.body.count(said) == 3


def test_label_beside_the_date_is_no_section_where_it_stands_in_a_menu() -> None:
    menu = "<td><p>Politique</p><p>Sports</p><p>Culture</p></td>"
    text = f"<td><p>29 mars 2024</p><p><b>{TITLE}</b></p>{body(ONE, TWO)}</td>"
    _, article = read(f"<table><tr>{menu}{text}</tr></table>")
    assert (article.title, article.section) == (TITLE, None)


def test_line_under_the_way_down_is_the_headline_where_nothing_else_says_so() -> None:
    """No title, no heading, a date far below the text, and comments that look like articles."""
    said = "".join(
        f"<header>Par Boubacar Ouédraogo</header><article>{day}/03/2024</article>"
        "<p>Moi j’habite le quartier et je n’ai rien vu venir.</p>"
        f"<p>Adjoa Mensah - Publié le {day} mars 2024</p><p>On attend toujours de voir.</p>"
        for day in (12, 13)
    )
    headline = "Awa Diarra, l’entraîneuse : «On nous avait promis trois mois»"
    head = "<p>NEWS</p><p>Accueil / News / Sports / Article</p><p>Sports</p>"
    text = body(*(f"{n}. {one}" for n in range(5) for one in (ONE, TWO)))
    _, article = read(
        f"{head}<p>{headline}</p><div>© Présidence par DR</div><div>Vu de la rive</div>{text}"
        f"<p>Publié le 11 mars 2024 | La Rive</p>{said}<p>Commentaires</p>",
        title="",
    )
    assert (article.title, article.published_raw) == (headline, "Publié le 11 mars 2024 | La Rive")
    assert article.body.startswith(f"0. {ONE}")


def test_row_of_links_above_the_date_is_no_headline() -> None:
    row = " | ".join(f"<a href=/{n}>{n}</a>" for n in ("Nation", "Monde", "Lettres", "Nous écrire"))
    day = f"<div>Nation | 12/03/2024 07:05</div><div>{TITLE}</div>"
    _, article = read(f"<div>{row}</div>{day}{body(ONE, TWO)}", "Le portail du fleuve")
    assert (article.title, article.section) == (TITLE, "Nation")


def test_all_links_of_a_line_count() -> None:
    row = "<p><a href=/1>Le marché de Zanzana</a> <a href=/2>Le lycée de Zanzana</a></p>"
    bold = "<p>Le passeur attend encore <b>la pluie</b></p>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<div><p>{ONE}</p>{bold}<p>{TWO}</p></div>{row}")
    assert article.body == f"{ONE}\n\nLe passeur attend encore la pluie\n\n{TWO}"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("mardi 12 mars 2024", "mardi 12 mars 2024"),
        ("L’Essor, mardi 12 mars 2024", "L’Essor, mardi 12 mars 2024"),
        ("Le Relais du Plateau, mardi 12 mars 2024", "Le Relais du Plateau, mardi 12 mars 2024"),
        ("Le Caire, mardi 12 mars 2024", None),
        ("Bamako, le 12 mars 2024", None),
        ("Fait à Bamako, le 12 mars 2024", None),
    ],
)
def test_day_by_itself_far_below_the_headline_dates_the_page(line: str, day: str | None) -> None:
    texts = body(*[f"{ONE} {TWO} Voici la partie {n}." for n in range(9)])
    _, article = read(f"<b>{TITLE}</b>{texts}<p><i>{line}</i></p>")
    assert article.published_raw == day
    assert day is None or line not in article.body


def test_day_below_the_text_gives_way_to_what_the_page_says_of_itself() -> None:
    texts = body(*[f"{ONE} {TWO} Voici la partie {n}." for n in range(9)])
    told = '<meta property="article:published_time" content="2024-03-14T08:00:00+00:00">'
    _, article = read(f"{told}<b>{TITLE}</b>{texts}<p>mardi 12 mars 2024</p>")
    assert article.published_raw == "2024-03-14T08:00:00+00:00"


def test_newspaper_credited_below_a_brief_ends_no_photo_block() -> None:
    _, article = read(f"<h3>{TITLE}</h3><p>12 mars 2024</p><p>{ONE}</p><p>© L’Essor</p>")
    assert article.body == ONE


@pytest.mark.parametrize("line", ["12 mars 2024, par {}", "Par {} — 12 mars 2024"])
def test_name_with_a_hyphen_is_whole(line: str) -> None:
    name = "Jean-Noël Adjovi"
    _, article = read(f"<h1>{TITLE}</h1><p>{line.format(name)}</p>{body(ONE, TWO)}")
    assert (article.author, article.source) == (name, None)


@pytest.mark.parametrize("name", ["L’Écho du Plateau", "Zanzana Matin", "Trait d’Union"])
def test_newspaper_that_nobody_knows_is_no_person(name: str) -> None:
    _, article = read(f"<h1>{TITLE}</h1>{DATE}{body(ONE, TWO, name)}")
    assert article.author is None


@pytest.mark.parametrize(
    "row",
    ["Imprimer | Envoyer à un ami | Lu 318 fois", "Retour à la rubrique | Version imprimable",
     "👍 12 💬 3 Partager", "Retour | Imprimer | Réagir",
     "Facebook Twitter Lu 8 195 fois | Commentaires (12) | A- A+ | Imprimer"],
)  # fmt: skip
def test_row_of_buttons_and_counters_is_no_text(row: str) -> None:
    assert is_label(row)
    texts = f"<tr><td>{ONE}<br><br>{TWO}<div><b>Awa Diallo</b></div></td></tr>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<table>{texts}<tr><td>{row}</td></tr></table>")
    assert (article.author, article.body) == ("Awa Diallo", f"{ONE}\n\n{TWO}")


@pytest.mark.parametrize("kind", ["radio", "checkbox"])
def test_poll_amid_the_text_is_no_text(kind: str) -> None:
    answers = "".join(f"<input type={kind} name=v> {word} " for word in ("Oui", "Non"))
    poll = "<form action=/vote method=post><b>Sondage</b><br>"
    poll += f"Faut-il garder le bac de Zanzana la saison prochaine ?<br>{answers}</form>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<div>{ONE}<br><br>{poll}<br><br>{TWO}</div>")
    assert article.body == f"{ONE}\n\n{TWO}"


def test_form_around_the_page_is_no_poll() -> None:
    search = "<input type=radio name=where> Ce site"
    inner = f"{search}<h1>{TITLE}</h1>{DATE}<div><p>{ONE}</p><p>{TWO}</p></div>"
    _, article = read(f"<form action=default.aspx>{inner}</form>")
    assert article.body == f"{ONE}\n\n{TWO}"


def test_answers_to_an_article_are_no_text() -> None:
    said = (
        "<ul><li><p>13 mars 2024, 08:10, par Salif</p><p>Que le bac tienne cette saison.</p></ul>"
    )
    answers = f"<a href=#r>Répondre à cet article</a><h2>Messages</h2>{said}"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}{body(ONE, TWO)}{answers}")
    assert article.body == f"{ONE}\n\n{TWO}"


def test_foot_of_a_blog_s_post_is_no_text_and_names_author_and_section() -> None:
    labels = "Libellés : <a href=/l>Culture</a>"
    foot = f"Publié par Awa Diallo à <a href=/p>12:34</a> Aucun commentaire: {labels}"
    post = f"<h2>mardi 12 mars 2024</h2><h3>{TITLE}</h3><div>{ONE}<br><br>{TWO}<br></div>"
    _, article = read(f"{post}<div>{foot}</div>")
    assert (article.author, article.section) == ("Awa Diallo", "Culture")
    assert article.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize("cut", [60, -2])
def test_pull_quote_is_read_once(cut: int) -> None:
    quote = f"<blockquote>« {ONE[:cut]} »</blockquote>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<div><p>{ONE}</p>{quote}<p>{TWO}</p></div>")
    assert article.body == f"{ONE}\n\n{TWO}"


def test_refrain_and_subhead_stay() -> None:
    head = f"<h3>{ONE[:50]}</h3>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<div><p>{ONE}</p>{head}<p>{TWO}</p></div>")
    assert article.body == f"{ONE}\n\n{ONE[:50]}\n\n{TWO}"


@pytest.mark.parametrize("behind", ["", f"<p>{TWO}</p>"])
def test_results_in_a_table_belong_to_the_text(behind: str) -> None:
    rows = "".join(f"<tr><td>Zanzana</td><td>Dioro</td><td>{n}-1</td></tr>" for n in range(4))
    inner = f"<p>{ONE}</p><p>{TWO} {ONE}</p><table>{rows}</table>{behind}"
    _, article = read(f"<div><h1>{TITLE}</h1>{DATE}{inner}</div>")
    assert "3-1" in article.body
    assert article.body.count("Dioro") == 4


@pytest.mark.parametrize("last", ["", "<br><br>Awa DIALLO"])
@pytest.mark.parametrize("tag", ["span", "div"])
def test_table_of_results_is_read_whole_or_not_at_all(tag: str, last: str) -> None:
    rows = "".join(f"<tr><td>Zanzana<td>{n}-1<td>Dioro" for n in range(6))
    text = f"<{tag}>{ONE}<br><br><table>{rows}</table>{last}</{tag}>"
    _, article = read(f"<div><h1>{TITLE}</h1>{DATE}{text}</div>")
    assert [f"{n}-1" in article.body for n in range(6)] == [True] * 6


def test_verse_amid_the_text_is_not_torn() -> None:
    verse = (
        "<p>" + "<br>".join(f"Ô fleuve de Zanzana, garde mes pas {n}" for n in range(9)) + "</p>"
    )
    text = f"{ONE}{verse}{verse}Ainsi finit le chant des deux rives"
    _, article = read(f"<div><h1>{TITLE}</h1>{DATE}{text}</div>")
    assert article.body.count("Ô fleuve") == 18


def test_table_of_other_things_behind_the_text_is_left() -> None:
    rows = "<tr><td>Taux de change</td></tr><tr><td>1 dollar</td><td>601,2 F CFA</td></tr>"
    inner = f"<p>{ONE}</p><p>{TWO} {ONE}</p><table>{rows}</table>"
    _, article = read(f"<div><h1>{TITLE}</h1>{DATE}{inner}</div>")
    assert "dollar" not in article.body


def test_label_of_a_menu_above_the_headline_is_the_section_though_unknown() -> None:
    menu = "<table><tr><td><a href=/a>Politique</a><td><a href=/b>TRANSHUMANCE</a></tr></table>"
    _, article = read(f"{menu}<p>Transhumance</p><h1>{TITLE}</h1>{DATE}{body(ONE, TWO)}")
    assert article.section == "Transhumance"
    _, article = read(f"<p>Transhumance</p><h1>{TITLE}</h1>{DATE}{body(ONE, TWO)}")
    assert article.section is None


def test_name_that_begins_a_list_behind_the_text_signs_nothing() -> None:
    names = "".join(f"<li>{one} Koné (Kayes)</li>" for one in ("Moussa", "Awa", "Salif", "Adama"))
    inner = f"<p>{ONE}</p><p>{TWO}</p><ul>{names}</ul>"
    date = "<p>Publié le mardi 12 mars 2024 par Salif Diarra</p>"
    _, article = read(f"<div><h1>{TITLE}</h1>{date}{inner}</div>")
    assert article.author == "Salif Diarra"


def test_name_that_ends_a_list_signs_nothing() -> None:
    names = "<ul><li>Moussa Koné (Kayes)</li><li>Awa Traoré (Mopti)</li></ul>"
    date = "<p>Publié le mardi 12 mars 2024 par Salif Diarra</p>"
    _, article = read(f"<h1>{TITLE}</h1>{date}<div><p>{ONE}</p><p>{TWO}</p>{names}</div>")
    assert article.author == "Salif Diarra"
    assert article.body.endswith("Awa Traoré (Mopti)")


def test_reporter_below_the_headline_is_the_author() -> None:
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<p>Reportage de Awa Diallo</p>{body(ONE, TWO)}")
    assert (article.author, article.body) == ("Awa Diallo", f"{ONE}\n\n{TWO}")


THREE = "La commune tiendra les comptes de chaque semaine, et chacun pourra les lire à la mairie."
BESIDE = "Le bac de Zanzana vu de la rive gauche. Les deux passeurs attendent la foule du matin."


@pytest.mark.parametrize(
    "box",
    [
        "<table align=left width=180><tr><td><img src=/p/3.jpg></td></tr>"
        "<tr><td><font size=1><i>{}</i></font></td></tr></table>",
        "<table align=right id=cadre><tr><td><img src=/p/3.jpg><br>{}</td></tr></table>",
        "<div style='width:200px; float: left'><img src=/p/3.jpg><br><em>{}</em></div>",
        "<div style='FLOAT:right'><p><img src=/p/3.jpg></p><p>{}</p></div>",
    ],
)
@pytest.mark.parametrize("amid", [False, True])
def test_words_under_a_picture_that_text_flows_around_are_its_caption(box: str, amid: bool) -> None:
    text = f"<div><p>{ONE}</p>{box.format(BESIDE)}<p>{TWO}</p><p>{THREE}</p></div>"
    if not amid:
        text = f"{box.format(BESIDE)}<font size=2>{ONE}<br><br>{TWO}<br><br>{THREE}</font>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}{text}")
    assert article.body == f"{ONE}\n\n{TWO}\n\n{THREE}"
    assert article.photo_caption == BESIDE


@pytest.mark.parametrize(
    "box",
    [
        "<div style='float:left'><img src=/p/3.jpg><p>{}</p><p>{}</p><p>{}</p></div>",
        "<table align=left><tr><td><img src=/p/3.jpg><p>{}</p><p>{}</p><p>{}</p></td></tr></table>",
        "<div style='float:left'><p>{}</p><img src=/p/3.jpg><p>{}</p><p>{}</p></div>",
    ],
)
def test_a_text_that_floats_with_its_picture_is_a_text(box: str) -> None:
    _, article = read(f"<h1>{TITLE}</h1>{DATE}{box.format(ONE, TWO, THREE)}")
    assert article.body == f"{ONE}\n\n{TWO}\n\n{THREE}"


@pytest.mark.parametrize(
    "reader",
    [
        "<div itemprop=comment itemscope><span itemprop=author>Oumar Barry</span> le 12.03.2024"
        "<p>Bravo à eux.</p></div>",
        "<li class=comment-li><span class=by-author>par <b>Oumar Barry</b></span>"
        "<p>Bravo.</p></li>",
        "<div id=commentaires><p class=author>Oumar Barry</p><p>Bravo à tous.</p></div>",
    ],
)
def test_a_reader_who_comments_is_not_the_author(reader: str) -> None:
    opinions = f"<h3>L’opinion de chacun</h3>{reader}"
    _, article = read(f"<div><h1>{TITLE}</h1>{DATE}{body(ONE, TWO, THREE)}{opinions}</div>")
    assert (article.author, article.title) == (None, TITLE)


def test_the_author_s_box_below_a_text_is_the_author_s() -> None:
    box = "<div class=comments-open><p class=author>Oumar Barry</p></div>"
    _, article = read(
        f"<div class=comments-open><h1>{TITLE}</h1><p class=author>Oumar Barry</p>{DATE}"
        f"{body(ONE, TWO, THREE)}</div>{box}"
    )
    assert article.author == "Oumar Barry"


def test_a_lead_above_the_date_as_long_as_the_text_is_of_the_text() -> None:
    lead = f"<p class=chapo>{ONE} {TWO}</p>"
    sign = "<div><a href=/a/1><img src=/u/1.jpg></a> <h4>Oumar Barry</h4></div>"
    text = f"<div><p>{THREE} {TWO[:-1]}, sans un franc de plus.</p></div>"
    _, article = read(f"<div><h1>{TITLE}</h1>{lead}{sign}{DATE}{text}</div>")
    assert article.body == f"{ONE} {TWO}\n\n{THREE} {TWO[:-1]}, sans un franc de plus."


def test_a_caption_above_the_date_is_not_of_the_text() -> None:
    picture = f"<div><img src=/p/1.jpg><p>{ONE} {TWO}</p></div>"
    text = f"<div><p>{THREE} {TWO[:-1]}, sans un franc de plus.</p></div>"
    _, article = read(f"<div><h1>{TITLE}</h1>{picture}{DATE}{text}</div>")
    assert article.body == f"{THREE} {TWO[:-1]}, sans un franc de plus."


def test_a_reader_right_behind_who_signs_does_not_sign_with_them() -> None:
    reader = (
        "<article><header>Par Oumar Barry</header><time>13/03/2024</time><p>Bravo.</p></article>"
    )
    for sign in ("Awa DIALLO", "La Rédaction"):
        text = f"<div>{ONE}<br><br>{TWO}<br><br>{THREE}<br><br>{sign}</div><br>{reader}"
        _, article = read(f"<h1>{TITLE}</h1>{DATE}{text}")
        assert (article.author, article.body) == (sign, f"{ONE}\n\n{TWO}\n\n{THREE}")


def test_a_reader_who_signs_as_authors_do_is_not_the_author() -> None:
    first = "<div><b>Awa Diallo</b> - 13/03/2024<br>Bravo à eux, mais qui va payer la suite ?</div>"
    second = "<div><div>Par Oumar Barry</div><time>13/03/2024</time><p>Courage à tous.</p></div>"
    shown = f"<br>{first}{second}<h3>Commentaires</h3>"
    _, article = read(f"<h1>{TITLE}</h1>{DATE}<div>{ONE}<br><br>{TWO}<br><br>{THREE}</div>{shown}")
    assert (article.author, article.body) == (None, f"{ONE}\n\n{TWO}\n\n{THREE}")
