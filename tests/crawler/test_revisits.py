"""Cases 7, 10, 12, 23 and 28: whatever comes in the place of an article we hold, we still hold it;
in the place of one we do not, it is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.database import Database
from tests.crawls import ROOT, desk, light_portal

PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"
NESTED = b"<html><body>" + b"<div>" * 10_000 + b"Le texte perdu." + b"</div>" * 10_000
HOLDERS: dict[str, bytes] = {
    "case 7 half a page": b"",  # the first half of the article's own
    "case 10 soft 404": PAGE.format("Page introuvable", "Retour au menu").encode(),
    "case 10 login": PAGE.format("Connexion", "Mot de passe").encode(),
    "case 10 empty": b"",
    "case 12 pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>> endobj\n" + b"\x00\xff" * 500,
    "case 12 jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01\xfe" * 500,
    "case 23 nested": NESTED + b"</body></html>",
    "case 28 other layout": PAGE.format("Radio en direct", "").encode(),
}
NEVER_STORED = {
    "case 7 half a page": "quarantined",
    "case 10 soft 404": "missing",
    "case 10 login": "rejected",
    "case 10 empty": "rejected",
    "case 12 pdf": "rejected",
    "case 12 jpeg": "rejected",
    "case 23 nested": "quarantined",
    "case 28 other layout": "quarantined",
}
READ = "body, title, published_on, version"


@pytest.mark.parametrize("held", [True, False], ids=["held", "new"])
def test_page_in_an_articles_place_is_never_stored_as_one(held, database_url, tmp_path: Path):
    world = light_portal("revisits", "abamako", 40)
    with desk(world, database_url, tmp_path) as d:
        articles = [g for g in world.gold() if g["kind"] == "h" and len(g["body"]) > 600]
        chosen = dict(zip(HOLDERS, articles, strict=False))
        if held:
            assert d.crawl() == 0
        rows = d.rows("select * from articles where kind = 'h'") if held else []
        before = {(row["site"], row["number"]): row for row in rows}
        for name, gold in chosen.items():
            path = f"/h/{gold['number']}.html"
            page = world.respond(f"{gold['site']}.abamako.com", path).body
            cut = page[: page.index(b"FullArticleTexte") + 300]
            d.replica.set_fault("body", path, data=HOLDERS[name] if name[5] != "7" else cut)
        if held:
            database = Database(d.url, root=ROOT)
            with database.writing() as connection:
                connection.exec_driver_sql("update pages set due_at = discovered_at")
            database.dispose()
        assert d.crawl(*(("-a", "strategy=refresh") if held else ())) == 0
        for name, gold in chosen.items():
            where = f"site = '{gold['site']}' and kind = 'h' and number = {gold['number']}"
            (page,) = d.rows(f"select state, reason, last_result from pages where {where}")
            rows = d.rows(f"select {READ} from articles where {where}")
            if held:
                old = before[gold["site"], gold["number"]]
                assert rows == [{n: old[n] for n in READ.split(", ")}], (name, page)
                assert page["state"] in ("stored", "gone"), (name, page)
                assert page["last_result"] not in ("changed", "new"), (name, page)
            else:
                assert (page["state"], rows) == (NEVER_STORED[name], []), (name, page)
