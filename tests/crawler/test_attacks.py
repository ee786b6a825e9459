"""What a hostile or careless site must not achieve, seen from the front door of a crawl."""

from __future__ import annotations

from demo.pages import Response
from tests.crawls import Desk, desk
from tests.handmade import NEWS, Handmade, article_page, in_turn, redirect


def outcomes(d: Desk) -> dict[int, tuple[str, str | None]]:
    """State and reason of each page by number."""
    rows = d.rows("select number, state, reason from pages where number is not null")
    return {row["number"]: (row["state"], row["reason"]) for row in rows}


PRIVATE = (
    *("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"),
    *("169.254.169.254", "10.1.2.3", "100.64.0.1", "[fd00::1]", "localhost", "victim.example"),
)
SCHEMES = ("file:///etc/passwd", f"file://{NEWS}/etc/passwd", "data:text/html,x", "ftp://{}/x")
SCHEMES += ("s3://bucket/key", "javascript:alert(1)", "gopher://x/1", "http://u:p@{}/h/1.html")


def test_cases_30_to_33_redirects_and_links_off_the_portal_are_refused(database_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 31))
    places = [*(f"http://{host}/h/7.html" for host in PRIVATE), "https://evil.test:8443/"]
    places += [scheme.format(NEWS) for scheme in SCHEMES]
    for number, place in enumerate(places, 1000):
        site.put(f"/h/{number}.html", redirect(place))
        site.list("Politique", f"http://{NEWS}/h/{number}.html", place)
    flaky = len(places) + 1000
    answers = Response(503, b""), redirect("http://victim.example/h/1.html")
    site.list("Politique", site.put(f"/h/{flaky}.html", in_turn(*answers)))
    site.list(
        "Politique",
        site.put(
            "/h/3000.html",
            article_page(
                head='<link rel="canonical" href="http://10.0.0.1/h/5.html">'
                '<meta http-equiv="refresh" content="0; url=http://victim.example/">'
                '<base href="http://victim.example/">',
                body='Le texte.<img src="http://127.0.0.1/x.gif"><a href="file:///etc/passwd">ici</a>',
            ),
        ),
    )
    with desk(site, database_url, tmp_path) as d:
        code = d.crawl()
        found = outcomes(d)
        print(code, {n: v for n, v in found.items() if v[0] != "stored"})
        assert all(found[n][0] == "rejected" for n in range(1000, flaky + 1)), found
        assert found[3000] == ("stored", None)
        assert len(d.articles()) == 31
        assert {hit.host for hit in d.replica.hits()} == {NEWS}
        assert code == 0
