"""An article read from a text file is served at its own address with the file's words."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from demo.portal import make_portal
from demo.reading import article_from_text

SHARED = Path(__file__).parents[3] / "shared"
TEXT = SHARED / "article-292014.txt"
GOLD = SHARED / "article-292014.json"

OWN = """\
Accueil    Sports
NEWS
Comment

Politique

Un titre d’essai : la suite
Publié le vendredi 29 mars 2024\xa0 |\xa0 L’Essor
Maire
© Autre presse par DR
Le maire et son adjoint
Comment



Premier paragraphe.


Deuxième, première ligne.
Deuxième, seconde ligne.\x20

Awa TRAORE
Commentaires"""


def body_blocks(page: str) -> list[str]:
    core = page.partition('<div id="texte">')[2].partition('<a name="commentaires">')[0]
    core = re.sub(r"(?s)<!--.*?-->|<script.*?</script>", "", core)
    core = re.sub(r"\s+", " ", core)
    core = re.sub(r"</?div[^>]*>", "\n\n", re.sub(r"(?i)<br\s*/?>", "\n", core))
    core = unescape(re.sub(r"<[^>]*>", "", core)).replace("\xa0", " ")
    return [b.strip() for b in re.split(r"\n{2,}", re.sub(r" *\n *", "\n", core)) if b.strip()]


def test_words_of_a_text_are_served_as_its_blank_lines_group_them(tmp_path: Path) -> None:
    gold = {
        "portal": "abamako",
        "site": "news",
        "kind": "h",
        "number": 5,
        "url": "http://news.abamako.com/h/5.html",
        "section": "Politique",
        "title": "Un titre d’essai : la suite",
        "published_on": "2024-03-29",
    }
    (tmp_path / "a.txt").write_text(OWN, "utf-8")
    (tmp_path / "a.json").write_text(json.dumps(gold), "utf-8")
    world = make_portal(1, "abamako", 30, template="table2024")
    world.add(article_from_text(tmp_path / "a.txt", tmp_path / "a.json"))
    page = world.respond("news.abamako.com", "/h/5.html").body.decode("cp1252")
    assert body_blocks(page) == [
        "Premier paragraphe.",
        "Deuxième, première ligne.\nDeuxième, seconde ligne.",
        "Awa TRAORE",
    ]
    assert "© Autre presse par DR" in unescape(page)
    assert "Publié le vendredi 29 mars 2024&nbsp; | &nbsp;L’Essor" in page
    assert world.listed("Politique")[0] == gold["url"]
    assert list(world.gold())[-1] == gold


def test_text_of_another_build_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rien de daté ici", "utf-8")
    (tmp_path / "a.json").write_text("{}", "utf-8")
    with pytest.raises(ValueError, match="Publié le"):
        article_from_text(tmp_path / "a.txt", tmp_path / "a.json")


@pytest.mark.skipif(not TEXT.exists(), reason="the shared article is not here")
@pytest.mark.parametrize("mode", ["plain", "scrambled"])
def test_shared_article_is_served_with_every_word_of_its_gold(mode: str) -> None:
    world = make_portal(1, "abamako", 30, template="table2024", mode=mode)
    article = article_from_text(TEXT, GOLD)
    world.add(article)
    gold = json.loads(GOLD.read_text("utf-8"))
    assert article.gold == gold
    assert article.body == gold["body"]
    assert (article.title, article.date_line) == (gold["title"], gold["published_raw"])
    assert (article.words.author, article.words.credit) == (gold["author"], gold["photo_credit"])
    response = world.respond("news.abamako.com", "/h/292014.html")
    page = response.body.decode("cp1252")
    assert len(response.body) > 55_000
    if mode == "plain":
        assert body_blocks(page) == [*gold["body"].split("\n\n"), gold["author"]]
