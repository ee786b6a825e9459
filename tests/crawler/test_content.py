"""Odd bytes, odd dates and odd addresses on their way from the site to a row."""

from __future__ import annotations

import json

from tests.crawls import desk
from tests.handmade import NEWS, Handmade, article_page, redirect

TITLE = "L’été à Ségou — “œuvre”"
HEADERS = ("utf-8", "iso-8859-1", "windows-1252", "us-ascii", "iso-8859-15", None)
METAS = ("utf-8", "iso-8859-1")
BYTES = ("utf-8", "cp1252")


def test_case_11_title_is_exact_whatever_header_and_meta_call_the_bytes(sqlite_url, tmp_path):
    site, pairs = Handmade(), {}
    for header in HEADERS:
        for meta in METAS:
            for encoding in BYTES:
                number = 100 + len(pairs)
                pairs[number] = (header, meta, encoding)
                page = article_page(TITLE, head=f'<meta charset="{meta}">', body=f"{TITLE}. Suite.")
                page.body = page.body.decode().encode(encoding)
                label = f"; charset={header}" if header else ""
                page.headers["Content-Type"] = f"text/html{label}"
                site.list("Politique", site.put(f"/h/{number}.html", page))
    assert len(pairs) == 24
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        rows = {row["number"]: row for row in d.rows("select number, title, body from articles")}
    wrong = {pairs[n]: row["title"] for n, row in rows.items() if row["title"] != TITLE}
    wrong |= {pairs[n]: row["body"] for n, row in rows.items() if TITLE not in row["body"]}
    assert len(rows) == 24
    assert not wrong


def test_cases_14_17_19_one_article_in_many_forms_is_one_row_and_one_fetch(database_url, tmp_path):
    site = Handmade()
    forms = [
        *(f"http://{NEWS}/h/77.html", f"https://{NEWS}/h/77.html", f"http://www.{NEWS}/h/77.html"),
        *(f"//{NEWS}/h/77.html", "/h/77.html", "../h/77.html", f"HTTP://{NEWS.upper()}/h/77.html"),
        *(f"http://{NEWS}:80/h/77.html", f"http://{NEWS}./h/77.html", "/H/77.HTML", "/h/77.htm"),
        *("/h/77.html?utm_source=x&fbclid=y", "/h/77.html?PHPSESSID=ab12", "/h/77.html?sid=9"),
        *("/h/77.html;jsessionid=AA11", "/h/77.html#commentaires", "/h//77.html", "/h/0077.html"),
        *("/h/./77.html", " /h/77.html\n", "/h/%37%37.html", "\\h\\77.html"),
    ]
    sections = ["Politique", "Sports", "Culture", "Santé", "Économie"]
    for n, label in enumerate(sections):
        site.articles(label, range(1000 + 20 * n, 1008 + 20 * n))
        site.list(label, *forms[n:], *forms[:n])
    site.put("/h/77.html", article_page("Une seule fois", head=(
        f'<link rel="amphtml" href="http://{NEWS}/amp/h/77.html">'
        f'<link rel="canonical" href="https://{NEWS}/h/77.html?utm_medium=amp">'
    )))  # fmt: skip
    with desk(site, database_url, tmp_path) as d:
        assert d.crawl() == 0
        (hit,) = [hit.url for hit in d.article_hits() if "77" in hit.path]
        # Of sections that are asked at once it is chance whose form is met first.
        assert hit.endswith(f"{NEWS}/h/77.html")
        rows = d.rows("select id, title from articles where number = 77")
        assert [row["title"] for row in rows] == ["Une seule fois"]
        listed = d.rows(f"select * from article_sections where article_id = {rows[0]['id']}")
        assert len(listed) == 5
        assert len(d.articles()) == 41
        d.replica.clear_hits()
        assert d.crawl() == 0
        assert d.article_hits() == []


def test_number_that_moved_under_a_slug_is_one_article_and_not_fetched_again(
    database_url, tmp_path
):
    site = Handmade()
    site.articles("Politique", range(1, 12))
    for number in (500, 501):
        site.list("Politique", site.put(f"/h/{number}.html", redirect(f"/articles/{number}/pont")))
        site.put(f"/articles/{number}/pont", article_page(f"Le pont {number}"))
    site.list("Politique", "/articles/501/pont")
    with desk(site, database_url, tmp_path) as d:
        assert d.crawl() == 0
        pages = d.rows("select key, state, article_id from pages where number >= 500 order by key")
        states = {row["key"]: row["state"] for row in pages}
        assert states == {
            **{f"news/h/{n}": "duplicate" for n in (500, 501)},
            **{f"news/articles/{n}": "stored" for n in (500, 501)},
        }
        assert len({row["article_id"] for row in pages}) == 2
        assert len(d.articles()) == 13
        d.replica.clear_hits()
        site.list("Politique", "/articles/500/autre-titre", f"https://{NEWS}/h/500.html")
        assert d.crawl() == 0
        assert d.article_hits() == []


DIRTY = {
    "nul": "Le pont\x00 rouvre",
    "nul reference": "Le pont&#0; rouvre",
    "surrogate reference": "Le pont&#xD800; rouvre",
    "two surrogates": "Le pont&#xD83D;&#xDE00; rouvre",
    "C1": "Le pont\x85\x9f rouvre",
    "C1 reference": "Le pont&#x9F;&#x81; rouvre",
    "bidi": "Le \u202epont\u202c rouvre",
    "controls": "Le pont\x01\x08\x0b\x1b[31m rouvre",
    "bom": "\ufeffLe pont rouvre",
    "noncharacter": "Le pont\uffff&#xFFFE; rouvre",
    "combining": "Le pont" + "\u0301" * 500 + " rouvre",
    "quote": "Le pont'; drop table articles; -- %s :x {} rouvre",
    "long": "Le pont " + "x" * 1_000_000,
}


def dirty_site() -> tuple[Handmade, dict[int, str]]:
    site, names = Handmade(), {}
    for name, text in DIRTY.items():
        for place in ("title", "body", "line", "jsonld", "meta"):
            number = 2000 + len(names)
            names[number] = f"{name} in {place}"
            page = article_page(
                "TITRE", body="CORPS. Une phrase de plus.", line="LIGNE", head="TETE"
            )
            title, body, line, head = "Le pont rouvre", "Le corps du texte", "", ""
            if place == "title":
                title = text
            elif place == "body":
                body = text
            elif place == "line":
                line = text
            elif place == "jsonld":
                value = json.dumps({
                    "@type": "NewsArticle",
                    "headline": text,
                    "articleBody": text + "\ud800\u0000\udc00",
                    "datePublished": "2026-10-26",
                    "author": {"name": "A\ud800\u0000" + text[:40]},
                })  # fmt: skip
                head = f'<script type="application/ld+json">{value}</script>'
            else:
                head = "".join(
                    f'<meta property="og:{p}" content="{text}">' for p in ("title", "description")
                )
            line = f"Publié le lundi 26 octobre 2026 | Le Matin {line}"
            for mark, value in (("TITRE", title), ("CORPS", body), ("LIGNE", line), ("TETE", head)):
                page.body = page.body.replace(mark.encode(), value.encode("utf-8", "surrogatepass"))
            site.list("Politique", site.put(f"/h/{number}.html", page))
            site.articles("Politique", range(number + 3000, number + 3001))
    return site, names


def test_case_26_dirty_text_is_stored_alike_on_both_databases_with_its_neighbours(
    postgres, tmp_path
):
    site, names = dirty_site()
    columns = "number, title, body, author, source, published_raw, flags, signs, language"
    held = []
    for url in (f"sqlite:///{tmp_path / 'corpus.db'}", postgres.create_database()):
        with desk(site, url, tmp_path) as d:
            assert d.crawl() == 0
            assert d.states() == {"stored": 2 * len(names)}
            held.append(d.rows(f"select {columns} from articles order by number"))
    lite, pg = held
    for one, other in zip(lite, pg, strict=True):
        for column in ("flags", "signs"):
            one[column] = json.loads(one[column]) if isinstance(one[column], str) else one[column]
        assert one == other, names.get(one["number"])
    for row in lite:
        text = "".join(str(row[c] or "") for c in ("title", "body", "author", "source"))
        bad = [c for c in text if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f"]
        bad += [c for c in text if "\ud800" <= c <= "\udfff" or c == "\x00"]
        assert not bad, (names.get(row["number"]), bad)
        assert row["title"], names.get(row["number"])


ODD_DATES = {
    "Publié le 31 février 2024 | Le Matin": None,
    "Publié le dimanche 1er août 2021 | Le Matin": "2021-08-01",
    "Publié hier à 25h61 | Le Matin": None,
    "Publié le 00/00/0000 | Le Matin": None,
    "Publié le 26/10/26 | Le Matin": "2026-10-26",
    "Publié le 1er janvier 9999 | Le Matin": None,
    "Publié le 29 février 2023 | Le Matin": None,
    "Publié le lundi\u00a026\u00a0octobre\u00a02026 | Le Matin": "2026-10-26",
    "Publié le 12 aoÃ»t 2024 | Le Matin": "2024-08-12",
    "Publié le 12 frimaire 2024 | Le Matin": None,
    "Publié le 99999999999999999999/12/2024 | Le Matin": None,
    "Publié le ٢٦/١٠/٢٠٢٦ | Le Matin": None,
}


def test_case_27_odd_dates_are_right_or_empty_and_cost_no_article(sqlite_url, tmp_path):
    site, lines = Handmade(), {}
    for number, (line, _) in enumerate(ODD_DATES.items(), 300):
        lines[number] = line
        site.list("Politique", site.put(f"/h/{number}.html", article_page(line=line)))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        rows = d.rows("select number, published_on, published_raw from articles")
    found = {lines[row["number"]]: row["published_on"] for row in rows}
    assert found == ODD_DATES
    assert [lines[row["number"]] for row in rows if not row["published_raw"]] == []
