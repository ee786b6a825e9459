"""`scrapy capture` as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.crawls import desk
from tests.handmade import Handmade, article_page


def test_a_page_is_frozen_and_never_written_over_by_chance(tmp_path: Path) -> None:
    site = Handmade()
    address = site.put("/h/100.html", article_page("Le pont rouvre"))
    folder = tmp_path / "golden"
    with desk(site, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        options = ("--name", "pont", "--folder", str(folder))
        done = d.scrapy("capture", address, *options)
        assert done.returncode == 0, done.stderr
        golden = json.loads((folder / "pont.json").read_text("utf-8"))
        assert golden["expected"]["title"] == "Le pont rouvre"
        assert golden["expected"]["published_on"] == "2026-10-26"
        assert (folder / "pont.html").read_bytes() == article_page("Le pont rouvre").body

        again = d.scrapy("capture", address, *options)
        assert again.returncode == 2
        assert "--renew" in again.stderr
        saved = str(folder / "pont.html")
        renewed = d.scrapy("capture", saved, "--url", address, "--renew", *options)
        assert renewed.returncode == 0, renewed.stderr


def test_what_cannot_be_captured_is_refused_in_one_line(tmp_path: Path) -> None:
    site = Handmade()
    missing = "http://news.abamako.com/h/404.html"
    (tmp_path / "empty.html").write_bytes(b" ")
    with desk(site, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        for arguments, code, words in (
            ([], 2, "one address"),
            (["x.html"], 2, "--name"),
            (["x.html", "--name", "Grand Nom"], 2, "--name"),
            (["x.html", "--name", "x"], 2, "x.html"),
            (["x.html", "--name", "x", "--timezone", "Mars"], 2, "Mars"),
            ([str(tmp_path / "empty.html"), "--name", "x", "--url", missing], 2, "no article"),
            ([missing, "--name", "x"], 12, "not fetched"),
        ):
            refused = d.scrapy("capture", *arguments, "--folder", str(tmp_path / "golden"))
            said = refused.stderr + refused.stdout
            assert (refused.returncode, words in said) == (code, True), said
            assert "Traceback" not in said
