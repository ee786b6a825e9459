"""`-a photos=yes` from the front door: each article's photo once, in the archive, with its size."""

from __future__ import annotations

import struct
import zlib
from collections import Counter

from corpus.archive import WarcPlace
from corpus.archive_reading import read_page
from demo.pages import Response
from tests.crawls import Desk, desk
from tests.handmade import NEWS, Handmade, article_page

PHOTOS = ("-a", "photos=yes")


def png(width: int, height: int, *, padding: int = 0) -> bytes:
    """A picture of one colour, as large as it says."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    rows = (b"\0" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    text = [chunk(b"tEXt", b"Comment\0" + bytes(padding))] if padding else []
    parts = [chunk(b"IHDR", head), *text, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def image(body: bytes, kind: str = "image/png", status: int = 200) -> Response:
    return Response(status, body, {"Content-Type": kind})


def with_photo(world: Handmade, number: int, src: str) -> None:
    """An article that shows a photo, in the section."""
    block = f'<div align="center"><img class="imgArt" src="{src}"><br>© aBamako.com par Momo</div>'
    page = article_page(
        f"Nouvelle n° {number} du quartier", body=f"Le texte de l’article {number}."
    )
    markup = page.body.replace(
        b'<div><span class="Full', block.encode() + b'<div><span class="Full'
    )
    world.list("Politique", world.put(f"/h/{number}.html", Response(200, markup, page.headers)))


def photos(d: Desk) -> dict[str, dict[str, object]]:
    """Rows by the last part of their address."""
    return {row["url"].rpartition("/")[2]: row for row in d.rows("select * from photos")}


def asked(d: Desk) -> Counter[str]:
    return Counter(hit.path for hit in d.replica.hits() if "img_photos" in hit.path)


def test_each_photo_is_kept_once_with_size_digest_and_credit(database_url, tmp_path):
    world = Handmade()
    for number in range(100, 104):
        with_photo(world, number, f"/img_photos/L/{number} (1).png")
        world.put(f"/img_photos/L/{number}%20(1).png", image(png(number, 60)))
    # The same photo beside two articles, one that moved, and those that are none.
    with_photo(world, 104, "/img_photos/L/100 (1).png")
    with_photo(world, 105, "/img_photos/L/moved.png")
    world.put("/img_photos/L/moved.png", Response(301, b"", {"Location": "/img_photos/X/new.png"}))
    world.put("/img_photos/X/new.png", image(png(7, 5)))
    for number, name, answer in (
        (106, "gone.png", image(b"", status=404)),
        (107, "page.png", image(b"<html><body>Photo</body></html>", "text/html")),
        (108, "drawing.png", image(b"<svg width='5' height='5'/>", "image/svg+xml")),
        (109, "torn.png", image(png(9, 9)[:20])),
        (110, "huge.png", image(png(9, 9, padding=300_000))),
        (111, "loop.png", Response(302, b"", {"Location": "/img_photos/L/loop.png"})),
        (112, "sick.png", image(b"", status=500)),
    ):
        with_photo(world, number, f"/img_photos/L/{name}")
        world.put(f"/img_photos/L/{name}", answer)
    with_photo(world, 113, "http://images.exemple.test/img_photos/a.png")
    with desk(world, database_url, tmp_path) as d:
        assert d.crawl(*PHOTOS, "-s", "PHOTO_MAXSIZE=200000") == 0
        assert len(d.articles()) == 14
        held = photos(d)
        reasons = {name: row["reason"] for name, row in held.items() if row["state"] != "stored"}
        assert reasons == {
            "gone.png": "http_404",
            "page.png": "no_image",
            "drawing.png": "no_image",
            "torn.png": "no_image",
            "huge.png": "too_large",
            "loop.png": "http_302",
            "sick.png": "http_500",
            "a.png": "offsite",
        }
        assert held["sick.png"]["state"] == "failed"
        assert len(held) == 4 + 1 + len(reasons)
        for row in held.values():
            if row["state"] == "stored":
                page = read_page(tmp_path / "archive", WarcPlace(*(row[f"warc_{n}"] for n in
                    ("file", "offset", "length", "digest"))))  # fmt: skip
                assert page.payload_digest == row["warc_digest"]
                assert len(page.payload) == row["size"]
                assert page.url == (row["final_url"] or row["url"])
                assert (row["media_type"], row["credit"]) == ("image/png", "aBamako.com par Momo")
        assert (held["moved.png"]["width"], held["moved.png"]["height"]) == (7, 5)
        assert {held[f"{n}%20(1).png"]["width"] for n in range(100, 104)} == {100, 101, 102, 103}
        assert set(asked(d).values()) <= {1, 3, 6}
        assert asked(d)["/img_photos/L/100%20(1).png"] == 1
        checked = d.scrapy("verify", "abamako")
        assert (checked.returncode, checked.stderr) == (0, "")
        # Nothing new: nothing is asked again, but what failed is not tried at once, either.
        d.replica.clear_hits()
        assert d.crawl(*PHOTOS) == 0
        assert not asked(d)
        done = d.scrapy("forget", f"http://{NEWS}/h/101.html", "--reason", "x", "--yes")
        assert done.returncode == 0
        assert "101%20(1).png" in done.stdout
        assert "101%20(1).png" not in photos(d)
        # Another article shows the same photo: it stays.
        assert (
            d.scrapy("forget", f"http://{NEWS}/h/104.html", "--reason", "x", "--yes").returncode
            == 0
        )
        assert "100%20(1).png" in photos(d)


def test_bounded_run_takes_the_photos_of_its_own_articles_and_a_later_one_the_rest(
    sqlite_url, tmp_path
):
    world = Handmade()
    for number in range(100, 130):
        with_photo(world, number, f"/img_photos/L/{number}.png")
        world.put(f"/img_photos/L/{number}.png", image(png(3, 4)))
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl("-a", "limit=10") == 0
        assert d.crawl("-a", "limit=10", *PHOTOS) == 0
        assert len(d.articles()) == 20
        (row,) = d.rows("select count(*) as n from photos join articles on photo_url = photos.url"
                        " where articles.run_id = 2")  # fmt: skip
        assert (row["n"], len(photos(d))) == (10, 10)
        assert d.crawl(*PHOTOS) == 0
        assert len(photos(d)) == 30
        assert set(asked(d).values()) == {1}


def test_photos_need_an_archive_and_a_plain_answer(sqlite_url, tmp_path):
    with desk(Handmade(), sqlite_url, tmp_path) as d:
        for more, said in (
            (("-s", "ARCHIVE=none", *PHOTOS), "photos are kept in the archive"),
            (("-a", "photos=maybe"), "choose from yes, no"),
        ):
            assert d.start(*more).wait(60) == 2
            assert said in d.log()
        assert not d.replica.hits()
