"""Bytes to text to tree: what the label says, what the bytes say, and who wins."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsing.encoding import suspect
from crawler.parsing.page import MAX_DEPTH, Page, decode, plain

TEXT = "« L'été à Ségou — “œuvre” »"


def page(text: str | bytes, content_type: str | None = None) -> Page:
    body = text.encode() if isinstance(text, str) else text
    return Page("http://news.abamako.com/h/1.html", body, content_type, datetime.now(UTC))


@pytest.mark.parametrize(
    ("real", "header", "meta"),
    list(
        product(
            ("utf-8", "windows-1252"),
            (None, "utf-8", "iso-8859-1", "windows-1252"),
            (None, "utf-8", "ISO-8859-1"),
        )
    ),
)
def test_every_label_on_either_bytes_gives_the_same_text(
    real: str, header: str | None, meta: str | None
) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    body = f"<html><head>{head}</head><body>".encode() + TEXT.encode(real)
    text, encoding, _ = decode(body, f"text/html; charset={header}" if header else "text/html")
    assert text.endswith(TEXT)
    assert encoding == real


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_wins(codec: str) -> None:
    assert decode(TEXT.encode(codec), "text/html; charset=iso-8859-1")[0] == TEXT


def test_stray_latin_bytes_in_utf8_are_read_one_by_one() -> None:
    body = (TEXT * 5).encode() + b"L\x92\xe9t\xe9 \x81" + TEXT.encode()
    text, encoding, _ = decode(body, "text/html; charset=utf-8")
    assert encoding == "utf-8"
    assert text == TEXT * 5 + "L’été \x81" + TEXT


def test_undefined_bytes_of_windows_1252_do_not_raise() -> None:
    assert decode(b"\xe9t\xe9 \x81\x8d\x8f\x90\x9d", None)[0].startswith("été ")


@pytest.mark.parametrize("label", ["rot13", "zlib", "idna", "x" * 40, "utf-7", "undefined", "hex"])
def test_labels_that_name_no_page_encoding_are_ignored(label: str) -> None:
    assert decode("été".encode("cp1252"), f"text/html; charset={label}")[0] == "été"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXT, False),
        ("l’Ã©tÃ©", True),
        ("a\ufffdb", True),
        ("â€™", True),
        ("São Tomé, Â la", False),
    ],
)
def test_suspect_text(text: str, expected: bool) -> None:
    assert suspect(text) is expected


@given(st.binary(max_size=500), st.one_of(st.none(), st.text(max_size=60)))
def test_decoding_never_raises(body: bytes, content_type: str | None) -> None:
    text, _, _ = decode(body, content_type)
    text.encode("utf-8", "surrogatepass")


def test_meta_and_title_are_read_once() -> None:
    shown = page("<title> Un\n titre </title><meta property=og:Title content=' A  b '>")
    assert (shown.title, shown.meta) == ("Un titre", {"og:title": "A b"})
    assert shown.tree is shown.tree


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "A"}',
        '{"@type": "NewsArticle", "headline": "A",}',
        '[{"@graph": [{"@type": "NewsArticle", "headline": "A"}]}]',
        '<!-- {"@type": "NewsArticle", "headline": "A"} -->',
        '{"@type": "NewsArticle", "x": "deux\nlignes", "headline": "A"};',
    ],
)
def test_json_ld_is_read_leniently(text: str) -> None:
    shown = page(f'<script type="application/ld+json">{text}</script>')
    assert [one["headline"] for one in shown.data if "headline" in one] == ["A"]


@pytest.mark.parametrize("text", ["", "{", "[" * 50_000, '"a"', "nul"])
def test_broken_json_ld_is_left_out(text: str) -> None:
    assert page(f'<script type="application/ld+json">{text}</script>').data == []


_DATA = '<script type="application/ld+json">{"headline": "Le pont"}</script>'


@pytest.mark.parametrize(
    "text",
    [
        f"<head>{_DATA}</head><body><p>Texte</p>",
        f"<body><table><tr><td>{_DATA}</td></tr></table>{_DATA.replace('pont', 'port')}<p>Texte",
        f"<body><p><b>{_DATA}<p>Texte</b> encore <SCRIPT TYPE='application/LD+JSON'>[1]</SCRIPT>",
        f"<!-- {_DATA} --><body>{_DATA.replace('pont', 'port')}<!-- ld+json </script> -->",
        f"<body>{_DATA.replace('{', '<!-- {', 1)}<script></script> --></script><p>Texte",
        f"<head>{_DATA}<frameset><frame src='a'></frameset>",
        f"{_DATA}<body><frameset><frame></frameset>",
        f"<body>{_DATA[:-9]}<p>Texte",
        f"<body>{_DATA.replace('</script>', '</scripts></script x>')}<p>Texte",
        f'<body>{_DATA}<p class="a>Texte</p><p class="b">ld+json',
    ],
)
def test_json_ld_does_not_depend_on_how_much_of_the_page_is_parsed(text: str) -> None:
    whole = page(text)
    assert whole.tree.root is not None
    assert page(text).data == whole.data


def test_windows_1252_is_what_the_codec_says_of_every_byte_it_knows() -> None:
    known = bytes(sorted({*range(256)} - {0x81, 0x8D, 0x8F, 0x90, 0x9D}))
    assert decode(known, "text/html; charset=windows-1252")[0] == known.decode("cp1252")


def test_surrogates_and_nul_never_leave_json() -> None:
    assert plain("a\ud800b\0c") == "a\ufffdbc"
    assert plain(7) is None


def test_deep_nesting_is_cut_and_told() -> None:
    deep = page("<div>" * (MAX_DEPTH * 3) + "x")
    assert deep.tree.body is not None
    assert deep.too_deep
    many = page("<div><p>a<br>b<li>c</div>" * 20_000)
    assert many.tree.body is not None
    assert not many.too_deep
