"""Bylines and sources from a crawl's pages to rows, and `scrapy sources` as a person uses it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.commands import run_scrapy
from tests.crawls import desk
from tests.handmade import Handmade, article_page

ROOT = Path(__file__).parents[3]
TEXT = "La circulation reprend sur le pont. Les commerçants du marché sont soulagés."
DAY = "Publié le lundi 26 octobre 2026"
PAGES = {
    # number: (behind the date, last lines, author, source, agency, source_raw, byline_raw)
    10: (" | L'ESSOR", "Aboubacar TRAORE", "Aboubacar TRAORE", "L’Essor", None, "L'ESSOR",
         "Aboubacar TRAORE"),
    11: (" | l`Essor", "M. CAMARA (stagiaire)<br>Avec AFP", "M. CAMARA", "L’Essor", "AFP",
         "l`Essor", "M. CAMARA (stagiaire) | Avec AFP"),
    12: ("", "Awa DIALLO<br>Source : L´Essor", "Awa DIALLO", "L’Essor", None, "L’Essor",
         "Awa DIALLO | Source : L´Essor"),
    13: (" | L`Echo du Plateau", "Par Awa Diallo et Moussa Koné (AMAP)",
         "Awa Diallo et Moussa Koné", "L’Echo du Plateau", "AMAP", "L`Echo du Plateau",
         "Par Awa Diallo et Moussa Koné (AMAP)"),
    14: (" | L’ECHO DU PLATEAU", "Vive le Mali", None, "L’Echo du Plateau", None,
         "L’ECHO DU PLATEAU", None),
    15: (" | Agence France-Presse", "", None, "AFP", "AFP", "Agence France-Presse", None),
    16: (" | Autre presse", "COMMUNIQUE FINAL", None, "Autre presse", None, "Autre presse", None),
}  # fmt: skip


@pytest.fixture
def site() -> Handmade:
    site = Handmade()
    for number, (behind, last, *_) in PAGES.items():
        body = "<br><br>".join(part for part in (TEXT, f"{TEXT} {number}", last) if part)
        page = article_page(f"Nouvelle n° {number}", body=body, line=DAY + behind)
        site.list("Politique", site.put(f"/h/{number}.html", page))
    return site


def sources(url: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory() as index:
        own = {"CORPUS_URL": url, "SEARCH_DIR": index}
        return run_scrapy("sources", *arguments, env={**os.environ, **own}, given=text)


def test_names_of_a_crawl_are_told_apart_and_people_correct_them(site, database_url, tmp_path):
    with desk(site, database_url, tmp_path) as d:
        # One after the other: of two spellings the first seen stays.
        assert d.crawl("-s", "CONCURRENT_REQUESTS=1") == 0
        wanted = "number, author, source, agency, source_raw, byline_raw"
        rows = {
            r["number"]: tuple(r.values())[1:] for r in d.rows(f"select {wanted} from articles")
        }
        either = {"L’Echo du Plateau", "L’ECHO DU PLATEAU"}
        plateau = rows[13][1]
        assert plateau in either
        for number, (_, _, author, source, agency, raw, byline) in PAGES.items():
            named = plateau if source in either else source
            assert rows[number] == (author, named, agency, raw, byline)
        bodies = d.rows("select number, body from articles order by number")
        endings = {row["number"]: row["body"].rpartition("\n")[2] for row in bodies}
        assert endings[12].endswith("12")
        assert (endings[14], endings[16]) == ("Vive le Mali", "COMMUNIQUE FINAL")

        printed = sources(database_url)
        assert printed.returncode == 0, printed.stderr
        assert "L’Essor\tnewspaper\tML\t\t3\n" in printed.stdout
        assert "AFP\tagency\t\t\t1\n" in printed.stdout
        assert f"{plateau}\t\t\t\t2\n" in printed.stdout

        edited = printed.stdout.replace(
            f"{plateau}\t\t\t\t2", f"{plateau}\tnewspaper\tML\tL'Écho de Kayes\t2"
        )
        taken = sources(database_url, "-", text=edited)
        assert taken.returncode == 0, taken.stderr
        assert taken.stdout == "sources changed: 1; articles renamed: 2\n"
        site.list("Politique", site.put("/h/17.html", article_page(line=f"{DAY} | {plateau}")))
        assert d.crawl() == 0
        count = d.rows("select count(*) as n from articles where source = 'L’Écho de Kayes'")
        assert count == [{"n": 3}]
        versions = d.rows("select count(*) as n from article_versions")
        assert versions == [{"n": len(PAGES) + 1}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’Essor\tjournal\tML\t\n", "kind"),
        ("L’Essor newspaper ML\n", "line 1"),
        ("Jamais vu\t\t\t\n", "no source"),
        ("L’Essor\t\tML\t\nL’Essor\t\tBF\t\n", "twice"),
    ],
    ids=["kind", "form", "unknown", "twice"],
)
def test_table_that_cannot_be_is_refused_whole(site, tmp_path, text, words):
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    with desk(site, url, tmp_path) as d:
        assert d.crawl() == 0
        before = d.rows("select * from sources order by id")
        file = tmp_path / "edited.tsv"
        file.write_text(text, "utf-8")
        refused = sources(url, str(file))
        assert refused.returncode == 2
        assert words in refused.stderr
        assert d.rows("select * from sources order by id") == before


def test_no_corpus_is_made_where_none_is(tmp_path):
    url = f"sqlite:///{tmp_path / 'none.db'}"
    assert sources(url).returncode == 2
    assert sources(url, "-", text="L’Essor\t\tML\t\n").returncode == 2
    assert sources(url, "/nowhere/edited.tsv").returncode == 2
    assert not (tmp_path / "none.db").exists()
