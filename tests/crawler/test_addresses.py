"""One canonical form for an address: a table of odd ones, and what must hold for all."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import addresses
from crawler.addresses import BadAddress, canonical, site_free
from crawler.portals.base import portals

H = "http://news.abamako.com"

# Cases 14, 17: one canonical form.
SAME = [
    (f"{H}", f"{H}/"),
    ("HTTP://NEWS.aBamako.COM/h/292014.html", f"{H}/h/292014.html"),
    (f"{H}:80/h/1.html", f"{H}/h/1.html"),
    ("https://news.abidjan.net:443/articles/1/x", "https://news.abidjan.net/articles/1/x"),
    (f"{H}:8080/x", f"{H}:8080/x"),
    ("http://news.abamako.com./x", f"{H}/x"),
    ("http://news.abamako.com.:80/x", f"{H}/x"),
    (f"  {H}/x \n", f"{H}/x"),
    (f"{H}/h/\t292\n014.html", f"{H}/h/292014.html"),
    (f"{H}//inc//news/x.js", f"{H}/inc/news/x.js"),
    (f"{H}/a/./b/../c", f"{H}/a/c"),
    (f"{H}/../../etc/passwd", f"{H}/etc/passwd"),
    (f"{H}/a/b/..", f"{H}/a/"),
    (f"{H}/x#comments", f"{H}/x"),
    (f"{H}/x?", f"{H}/x"),
    (f"{H}/x?b=2&a=1", f"{H}/x?a=1&b=2"),
    (f"{H}/x?a=2&a=1", f"{H}/x?a=1&a=2"),
    (f"{H}/x?a=", f"{H}/x?a="),
    (f"{H}/spip.php?article123", f"{H}/spip.php?article123"),
    (f"{H}/spip.php?rubrique4&debut_articles=10#p", f"{H}/spip.php?debut_articles=10&rubrique4"),
    (f"{H}/x?utm_source=f&utm_medium=m&p=2", f"{H}/x?p=2"),
    (f"{H}/x?fbclid=AB&gclid=CD", f"{H}/x"),
    (f"{H}/x?PHPSESSID=0123456789&p=2", f"{H}/x?p=2"),
    (f"{H}/x?sid=77&p=2", f"{H}/x?p=2"),
    (f"{H}/x?ASPSESSIONIDQQCRSTAB=K&p=2", f"{H}/x?p=2"),
    (f"{H}/x;jsessionid=0A1B?p=2", f"{H}/x?p=2"),
    (f"{H}/x;JSESSIONID=0A1B#top", f"{H}/x"),
    ("http://été.ml/x", "http://xn--t-9fab.ml/x"),
    ("http://xn--t-9fab.ml/x", "http://xn--t-9fab.ml/x"),
    ("http://XN--T-9FAB.ML/x", "http://xn--t-9fab.ml/x"),
    (f"{H}/santé", f"{H}/sant%C3%A9"),
    (f"{H}/sant%c3%a9", f"{H}/sant%C3%A9"),
    (f"{H}/sant%E9", f"{H}/sant%E9"),
    (f"{H}/%7Etraore/%61", f"{H}/~traore/a"),
    (f"{H}/a%2Fb", f"{H}/a%2Fb"),
    (f"{H}/a%2fb", f"{H}/a%2Fb"),
    (f"{H}/100%25", f"{H}/100%25"),
    (f"{H}/a b", f"{H}/a%20b"),
    (f"{H}/img_photos/L/photo(2).jpg", f"{H}/img_photos/L/photo(2).jpg"),
    (f"{H}\\h\\1.html", f"{H}/h/1.html"),
    ("http://[::1]:80/x", "http://[::1]/x"),
    ("http://[0:0:0:0:0:0:0:1]/x", "http://[::1]/x"),
    (f"{H}/x?q=l%27or&p=2", f"{H}/x?p=2&q=l%27or"),
    (f"{H}/x?q=a+b", f"{H}/x?q=a+b"),
    (f"{H}/x?q=a%20b", f"{H}/x?q=a+b"),
    (f"{H}/x?a=1&amp;b=2", f"{H}/x?a=1&amp%3Bb=2"),
]  # fmt: skip

# Cases 14, 18, 33: refused, with the reason that is counted.
REFUSED = [
    ("file://news.abamako.com/etc/passwd", "scheme"),
    ("file:///etc/passwd", "scheme"),
    ("data:text/html,<b>x</b>", "scheme"),
    ("ftp://news.abamako.com/x", "scheme"),
    ("s3://bucket/x", "scheme"),
    ("javascript:alert(1)", "scheme"),
    ("JavaScript:void(0)", "scheme"),
    ("java\nscript:alert(1)", "scheme"),
    ("gopher://news.abamako.com/x", "scheme"),
    ("mailto:redaction@abamako.com", "scheme"),
    ("news.abamako.com/x", "scheme"),
    ("", "scheme"),
    ("//news.abamako.com/x", "scheme"),
    ("http://user:secret@news.abamako.com/", "userinfo"),
    ("http://user@news.abamako.com/", "userinfo"),
    ("http://@news.abamako.com/", "userinfo"),
    ("http://news.abamako.com\\@evil.example/", None),
    ("http://news.abamako.com:80@evil.example/", "userinfo"),
    ("http:///x", "host"),
    ("http://", "host"),
    ("http://a..b/x", "host"),
    ("http://news abamako.com/x", "host"),
    ("http://news.abamako.com%00.evil.example/", "host"),
    (f"http://{'a' * 64}.com/", "host"),
    (f"{H}:99999/x", "syntax"),
    (f"{H}:port/x", "syntax"),
    ("http://[::1/x", "syntax"),
    (f"{H}/a/b/a/b/a/b/a/b", "repeats"),
    (f"{H}/" + "/".join(str(n) for n in range(50)), "segments"),
    (f"{H}/" + "x" * 2083, "length"),
    (f"{H}/x?q=" + "x" * 1100, "length"),
    (f"{H}/x?q=" + "é" * 400, "length"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "expected"), SAME)
def test_canonical_gives_one_form(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(("url", "reason"), REFUSED)
def test_canonical_refuses(url: str, reason: str | None) -> None:
    if reason is None:
        # What a browser does: the backslash is a slash, so the host is the first one.
        assert urlsplit(canonical(url)).hostname == "news.abamako.com"
        return
    with pytest.raises(BadAddress) as caught:
        canonical(url)
    assert caught.value.reason == reason


def test_a_refusal_never_shows_the_password() -> None:
    with pytest.raises(BadAddress) as caught:
        canonical("http://user:secret@news.abamako.com/")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("../h/1.html", f"{H}/h/1.html"),
        ("?p=2", f"{H}/politique/?p=2"),
        ("./?r=3", f"{H}/politique/?r=3"),
        ("//sports.abamako.com/", "http://sports.abamako.com/"),
        ("page-2.html", f"{H}/politique/page-2.html"),
        ("", f"{H}/politique/"),
        ("#haut", f"{H}/politique/"),
    ],
)
def test_canonical_resolves_against_the_page(href: str, expected: str) -> None:
    assert canonical(href, f"{H}/politique/") == expected


VARIANTS = [
    f"{H}/h/292014.html",
    "https://news.abamako.com/h/292014.html",
    "http://NEWS.aBamako.com/H/292014.HTML",
    "http://www.news.abamako.com/h/292014.html",
    f"{H}:80/h/292014.html",
    f"{H}//h//292014.html",
    f"{H}/h/292014.html?utm_source=x",
    f"{H}/h/292014.html?fbclid=y",
    f"{H}/h/292014.html;jsessionid=AB12",
    f"{H}/h/292014.html?PHPSESSID=12",
    f"{H}/h/292014.html#comments",
    f"{H}/h/0292014.html",
    f"{H}/h/292014.htm",
]


def test_twelve_variants_are_one_article() -> None:
    portal = portals()["abamako"]
    assert {portal.identify(url).key for url in VARIANTS} == {"news/h/292014"}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://news.acotonou.com/h/1.html", "offsite"),
        ("http://news.abamako.com.evil.example/h/1.html", "offsite"),
        ("http://evilabamako.com/h/1.html", "offsite"),
        ("http://annonces.abamako.com/h/1.html", "offsite"),
        ("file://news.abamako.com/h/1.html", "scheme"),
    ],
)
def test_identify_refuses_what_is_not_the_portals(url: str, reason: str) -> None:
    with pytest.raises(BadAddress) as caught:
        portals()["abamako"].identify(url)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"{H}/titrologie/", f"{H}/TITROLOGIE"),
        ("https://www.abamako.com/dossiers/", "http://abamako.com/dossiers"),
        (f"{H}/x?P=2", f"{H}/x/?p=2"),
    ],
)
def test_site_free_is_one_for_one_page(a: str, b: str) -> None:
    assert site_free(canonical(a)) == site_free(canonical(b))


REASONS = {"scheme", "userinfo", "host", "port", "length", "segments", "repeats", "syntax"}


def answer(url: str, base: str | None) -> str:
    """The canonical form, or the reason of the refusal."""
    try:
        return canonical(url, base)
    except BadAddress as error:
        return error.reason


ODD = st.text(
    alphabet=st.sampled_from("ab.:/?#[]@!$&'()*+,;=%0é \\~-_<>\"{}|^`\n\x00\ud800中"), max_size=60
)


@given(
    st.one_of(ODD, ODD.map(lambda s: f"{H}/{s}"), ODD.map(lambda s: f"http://{s}")), st.booleans()
)
def test_canonical_is_idempotent_and_safe(url: str, based: bool) -> None:
    once = answer(url, f"{H}/a/b.html" if based else None)
    if once in REASONS:
        return
    assert canonical(once) == once
    assert once.isascii()
    assert once.startswith(("http://", "https://"))
    assert len(once) <= 1024
    assert site_free(once) == site_free(canonical(once))


@given(st.text(max_size=80))
def test_canonical_of_any_text_answers_or_refuses(url: str) -> None:
    once = answer(url, H)
    assert once in REASONS or canonical(once) == once


@given(
    st.from_regex(
        r"https?://(?:(?:news|www|xn--a|10|a-)\.){1,3}(?:com|ML|net|1)"
        r"(?:/(?:h|a\.b|\.|\.\.|-|~x|articles|%41|12\.html?|é)?){0,6}/?",
        fullmatch=True,
    )
)
def test_an_address_taken_as_it_stands_is_what_the_long_way_gives(url: str) -> None:
    try:
        expected = addresses._canonical(url, None)
    except BadAddress:
        with pytest.raises(BadAddress):
            canonical(url)
    else:
        assert canonical(url) == expected
