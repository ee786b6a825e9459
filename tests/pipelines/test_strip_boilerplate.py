"""StripBoilerplate: which lines go, which prose stays, and that twice is once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Article
from pipelines.strip_boilerplate import StripBoilerplate, line_rule
from tests.growth import assert_linear

CLEAN = (
    "Le marché de Korofina a rouvert lundi, trois mois après l’incendie. « On recommence à zéro », "
    "dit Awa, vendeuse d'étoffes – elle en a vu d’autres.\n\n"
    "Comment expliquer ce retard ? La mairie parle d'une main-d’œuvre trop rare.\n"
    "Ses adjoints n’ont pas répondu.\n\n"
    "Publicité : le gouvernement interdit désormais les panneaux devant les écoles.\n\n"
    "Photo de classe, cahiers neufs : la rentrée ressemble aux autres.\n\n"
    "Réactions\n\n"
    "Partager l’eau du fleuve, c’est partager la paix, répète le doyen. Lire aussi les registres "
    "de la commune, dit-il, car ils ne mentent pas.\n\n"
    "Publié le 12 mars 2024, le décret n’est pas encore appliqué.\n\n"
    "Accueil chaleureux, sports et culture : la fête a duré jusqu’à 14:30."
)
TEXT = (
    "Le pont de Sotuba rouvre lundi aux camions, annonce le ministère dans un avis.\n\nTant mieux."
)


def strip(body: str, **fields: Any) -> Article:
    item = Article(
        portal="abamako", site="news", kind="h", number=1, url="http://a.example/h/1.html",
        body=body, **fields,
    )  # fmt: skip
    result = StripBoilerplate().process_item(item)
    assert result is item
    return item


def test_clean_article_passes_to_the_letter() -> None:
    item = strip(CLEAN, title="Korofina rouvre", photo_caption="Le marché", section="Société")
    assert item.body == CLEAN
    assert item.lead == CLEAN.split("\n\n")[0]
    assert item.counters == {}


LINES = [
    ("Comment", "comments"),
    ("COMMENT", "comments"),
    ("Commentaires", "comments"),
    ("Commentaires (3)", "comments"),
    ("3 commentaires", "comments"),
    ("Aucun commentaire", "comments"),
    ("Laisser un commentaire", "comments"),
    ("Accueil", "menu"),
    ("NEWS", "menu"),
    ("Accueil / News / Politique / Article", "menu"),
    ("Accueil > Société", "menu"),
    ("Accueil MonKiosk.com Sports Business News Annonces Femmes Nécrologie Publicité", "menu"),
    ("Sports Business News Annonces Femmes", "menu"),
    ("Publié le vendredi 29 mars 2024  |  L’Essor", "date_line"),
    ("Publié le 1er aout 2024", "date_line"),
    ("Publié le 12/03/2024 à 14h30", "date_line"),
    ("Mis à jour le 5 décembre 2018 par la rédaction", "date_line"),
    ("Partager", "share"),
    ("Tweeter", "share"),
    ("Imprimer", "share"),
    ("Envoyer à un ami", "share"),
    ("Partager sur Facebook | Twitter | WhatsApp", "share"),
    ("Lire aussi : la pluie revient à Ségou", "related"),
    ("Lire aussi", "related"),
    ("A lire également", "related"),
    ("À LIRE AUSSI : Ségou attend la pluie.", "related"),
    ("Dans la même rubrique", "related"),
    ("Sur le même sujet :", "related"),
    ("Photo : DR", "photo"),
    ("(Ph : archives)", "photo"),
    ("Crédit photo : Momo", "photo"),
    ("© aBamako.com par Momo", "photo"),
    ("Copyright © 2024 abamako.com. Tous droits réservés.", "copyright"),
    ("Tous droits réservés", "copyright"),
    ("Veuillez vous connecter pour laisser un commentaire", "wall"),
    ("Vous devez être connecté pour poster un commentaire.", "wall"),
    ("Publicité", "advertisement"),
    ("- Publicité -", "advertisement"),
    ("Advertisement", "advertisement"),
    ("La suite après cette publicité", "advertisement"),
    ("Lecteur audio", "player"),
    ("00:00", "player"),
]


@pytest.mark.parametrize(("line", "rule"), LINES)
@pytest.mark.parametrize("form", ["{0}\n\n{1}", "{1}\n\n{0}", "{1}\n{0}"])
def test_line_goes_wherever_it_stands(line: str, rule: str, form: str) -> None:
    item = strip(form.format(line, TEXT))
    assert item.body == TEXT
    assert item.counters == {f"stripped/{rule}": 1}


@pytest.mark.parametrize(
    "line",
    [
        "Comment expliquer ce retard ?",
        "Comment ?",
        "Commentaires acides au Parlement",
        "Accueil des réfugiés : la ville manque de lits",
        "News from Bamako are rare",
        "Publié le 12 mars 2024, le décret n’est pas appliqué.",
        "Publicité : le gouvernement interdit les panneaux",
        "Partager le pain et le sel",
        "Imprimer une monnaie coûte cher",
        "Facebook",
        "Politique, économie, société",
        "Lire et écrire",
        "Photo : le ministre a visité l’usine hier.",
        "Photographie et mémoire",
        "Ph. D. en économie",
        "Tous droits réservés aux enfants, dit la loi.",
        "Copyright : le Sénégal adopte une loi.",
        "14:30",
        "Aboubacar Diarra",
        "- Non, dit-elle.",
        "Voir Naples et mourir.",
        "Pas de commentaires du ministre pour l’instant.",
        "A",
    ],
)
def test_prose_stays(line: str) -> None:
    assert line_rule(line) is None
    assert strip(f"{TEXT}\n\n{line}\n\nFin.").body == f"{TEXT}\n\n{line}\n\nFin."


PLAYER = "Use Left/Right Arrow keys to advance one second, Up/Down arrows to advance ten seconds."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"Il est venu.00:00{PLAYER}Il est parti à 10:30.", "Il est venu. Il est parti à 10:30."),
        (f"Il est venu\n\n00:00 03:25 {PLAYER}\n\nIl part.", "Il est venu\n\nIl part."),
        (f"Lecteur audio\n00:00{PLAYER}00:00\n\nIl part.", "Il part."),
        ("Fini. Use Up/Down Arrow keys to increase or decrease volume.", "Fini."),
        ("Appuyer sur Arrow keys pour jouer.", "Appuyer sur Arrow keys pour jouer."),
    ],
)
def test_player_text_goes_glued_or_alone(body: str, expected: str) -> None:
    assert strip(body).body == expected


def test_body_twice_is_kept_once() -> None:
    item = strip(f"{TEXT}\n\n{TEXT}")
    assert item.body == TEXT
    assert item.counters == {"stripped/repeated": 1}


def test_body_twice_with_other_breaks_is_kept_once() -> None:
    assert strip(f"{TEXT}\n\n{TEXT.replace('. ', '.').replace(chr(10), ' ')}").body == TEXT


def test_a_slogan_said_twice_stays() -> None:
    assert strip("Vive le Mali !\n\nVive le Mali !").body == "Vive le Mali !\n\nVive le Mali !"


@pytest.mark.parametrize("head", ["Le pont rouvre", "LE PONT ROUVRE", "Le pont rouvre\n\nSociété"])
def test_headline_and_section_at_the_head_go(head: str) -> None:
    item = strip(f"{head}\n\n{TEXT}", title="Le pont rouvre", section="Société")
    assert item.body == TEXT


def test_headline_elsewhere_or_alone_stays() -> None:
    body = f"{TEXT}\n\nLe pont rouvre"
    assert strip(body, title="Le pont rouvre").body == body
    assert strip("Le pont rouvre", title="Le pont rouvre").body == "Le pont rouvre"


def test_caption_as_first_paragraph_goes() -> None:
    caption = "Le pont, mardi."
    assert strip(f"{caption}\n\n{TEXT}", photo_caption=caption).body == TEXT
    glued = f"{caption} {TEXT}"
    assert strip(glued, photo_caption=caption).body == glued


def test_photo_page_whose_text_is_its_caption_has_an_empty_body() -> None:
    item = strip("Le pont.", photo_caption="Le pont.", photo_url="http://a.example/L/1.jpg")
    assert (item.body, item.lead, item.word_count) == ("", None, 0)


def test_date_line_of_the_page_goes_in_any_form() -> None:
    raw = "Bamako, vendredi 29 mars | L’Essor"
    assert strip(f"{TEXT}\n\n{raw}", published_raw=raw).body == TEXT


def test_rulers_go_at_the_ends_only() -> None:
    assert strip(f"-----\n\n{TEXT}\n\n***\n\nFin.\n\n___").body == f"{TEXT}\n\n***\n\nFin."


def test_what_is_counted_is_recounted() -> None:
    item = strip(f"Comment\n\n{TEXT}", lead="Comment", word_count=99)
    assert item.lead == TEXT.split("\n\n")[0]
    assert item.word_count == 16
    assert item.language == "fr"


def test_dict_of_another_project_keeps_its_fields() -> None:
    item: dict[str, Any] = {"body": f"Comment\n\n{TEXT}", "price": 3}
    assert StripBoilerplate().process_item(item) == {"body": TEXT, "price": 3}
    assert StripBoilerplate().process_item({"name": "x"}) == {"name": "x"}


PARTS = st.sampled_from(
    [line for line, _ in LINES]
    + [PLAYER, "00:00", "", TEXT, "Le pont", "Société", "Le pont, mardi.", "---", "Fin.", "a « b »"]
)
BODIES = st.one_of(
    st.text(max_size=200),
    st.lists(st.tuples(PARTS, st.sampled_from(["\n", "\n\n", " ", ""])), max_size=14).map(
        lambda parts: "".join(part + gap for part, gap in parts)
    ),
)


@settings(max_examples=400, deadline=None)
@given(BODIES)
def test_stripping_twice_is_once(body: str) -> None:
    fields = {
        "title": "Le pont",
        "section": "Société",
        "photo_caption": "Le pont, mardi.",
        "published_raw": "Publié le 1er aout 2024",
    }
    once = strip(body, **fields)
    again = strip(once.body, **fields)
    assert again.body == once.body
    assert again.counters == {}
    assert once.lead is None or once.body.startswith(once.lead)


GENERATORS = [
    " ", "(", "<!--", "a", "\n", "\n\n", "00:00", "00:00 ", "Comment\n", "-", "| ", "Partager ",
    "Accueil / ", "© ", "Publié le 1 ", "Lire aussi : ", "Use Left/Right Arrow keys ", "é’",
    "Photo : ", "A\n\n",
]  # fmt: skip


@pytest.mark.parametrize("unit", GENERATORS)
def test_a_megabyte_of_anything_is_read_in_linear_time(unit: str) -> None:
    def read(body: str) -> None:
        strip(body, title="Le pont", published_raw="Publié le 1er aout 2024")

    strip("Comment\n\nLe ministre inaugure le pont de la capitale.")  # loads the detector's model
    assert_linear(read, lambda size: (unit * (size // len(unit) + 1))[:size], 1_000_000)


@pytest.mark.parametrize("unit", GENERATORS)
def test_lines_at_the_limit_are_judged_in_linear_time(unit: str) -> None:
    def read(line: str) -> None:
        for _ in range(500):
            line_rule(line)

    assert_linear(read, lambda size: (unit * size).replace("\n", " ")[:size], 250, quick=0.05)
