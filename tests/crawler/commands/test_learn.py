"""`scrapy learn` as a person uses it: from a crawl's archive to the next crawl's bodies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crawls import desk
from tests.handmade import Handmade, article_page

SLOGAN = "Votre crédit en un jour, sans garantie ni caution"


def _site(numbers: range) -> Handmade:
    site = Handmade()
    _add(site, numbers)
    return site


def _add(site: Handmade, numbers: range) -> None:
    for number in numbers:
        words = " ".join(f"Mot{number}x{n}" for n in range(30))
        body = f"La nouvelle {number} : {words}.<br><br>{SLOGAN}<br><br>Suite {number} : {words}."
        page = article_page(f"Nouvelle n° {number} du jour", body=body)
        site.list("Politique", site.put(f"/h/{number}.html", page))


def test_learned_lines_leave_the_bodies_of_the_next_crawl(
    database_url: str, tmp_path: Path
) -> None:
    site = _site(range(100, 140))
    with desk(site, database_url, tmp_path) as d:
        assert d.crawl() == 0
        told = "select count(*) as n from articles where replace(body, 'sans garantie', '') <> body"
        assert d.rows(told) == [{"n": 40}]

        learned = d.scrapy("learn")
        assert learned.returncode == 0, learned.stderr
        assert learned.stdout.startswith("abamako: knowledge 1 from 40 pages: ")
        again = d.scrapy("learn", "abamako", "--pages", "100")
        assert again.stdout.endswith(" 0 new, 0 gone\n")
        assert "knowledge 1 " in again.stdout

        _add(site, range(140, 145))
        assert d.crawl() == 0
        assert d.rows(f"{told} and number >= 140") == [{"n": 0}]
        revisions = "select distinct knowledge_revision as n from articles where number {} 140"
        assert d.rows(revisions.format("<")) == [{"n": 0}]
        assert d.rows(revisions.format(">=")) == [{"n": 1}]

        # What is tried now is read as a crawl would read it.
        file = tmp_path / "page.html"
        words = " ".join(f"Mot{n}" for n in range(30))
        body = f"La nouvelle 200 : {words}.<br><br>{SLOGAN}<br><br>La suite : {words}."
        file.write_bytes(article_page("Nouvelle n° 200 du jour", body=body).body)
        tried = d.scrapy("try", "--json", "--url", "http://news.abamako.com/h/200.html", str(file))
        assert (tried.returncode, tried.stderr) == (0, "")
        [said] = [json.loads(line) for line in tried.stdout.splitlines()]
        assert said["knowledge_revision"] == 1
        assert "La nouvelle 200" in said["body"]
        assert SLOGAN not in said["body"]
        told = d.scrapy("try", "--url", "http://news.abamako.com/h/200.html", str(file))
        assert told.stdout.splitlines()[1].startswith("with knowledge 1 of abamako: ")


def test_too_few_pages_and_wrong_words_are_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    with desk(_site(range(100, 105)), url, tmp_path, empty=True) as d:
        none = d.scrapy("learn")
        assert (none.returncode, none.stdout) == (2, "")
        assert "no corpus" in none.stderr
        assert d.crawl() == 0
        few = d.scrapy("learn")
        assert few.returncode == 2
        assert "5 archived pages are too few" in few.stdout
        for arguments, words in (
            (["nulle-part"], "nulle-part"),
            (["--pages", "dix"], "--pages is a number"),
        ):
            refused = d.scrapy("learn", *arguments)
            assert refused.returncode == 2
            assert words in refused.stderr
            assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_a_damaged_archive_is_named_not_fatal(tmp_path: Path, harm: str) -> None:
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    with desk(_site(range(100, 140)), url, tmp_path) as d:
        assert d.crawl() == 0
        (file,) = (tmp_path / "archive").rglob("*.warc.gz")
        if harm == "cut":
            data = file.read_bytes()
            file.write_bytes(data[: len(data) * 9 // 10])
        else:
            file.unlink()
        learned = d.scrapy("learn")
        assert "Traceback" not in learned.stderr
        assert learned.returncode == (0 if harm == "cut" else 2)
        assert "left out: " in learned.stderr
