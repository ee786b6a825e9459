"""Reading the archive: what was written comes back whole; what is not there is said."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace

import brotli
import pytest

from corpus.archive import Archive
from corpus.archive_reading import NotInArchive, OpenFile, read_page, read_request
from corpus.warc.files import OPEN
from tests.corpus.conftest import NOW

HTML = "<p>L’été à Ségou</p>".encode() * 100


@pytest.fixture
def archive(tmp_path):
    archive = Archive(tmp_path, "abamako", "7")
    yield archive
    archive.close()


def test_page_and_its_request_come_back_as_they_were(archive, tmp_path, capture):
    headers = [(b"Content-Type", b"text/html; charset=utf-8"), (b"X-Two", b"a"), (b"X-Two", b"b")]
    place = archive.write(capture(1, HTML, status=404, reason="Not Found", headers=headers))
    other = archive.write(capture(2, b"", headers=[]))
    page = read_page(tmp_path, place)
    assert (page.url, page.fetched_at) == ("http://news.abamako.com/h/1.html?a=1", NOW)
    assert (page.status, page.content_type) == (404, "text/html; charset=utf-8")
    assert (page.body, page.payload, page.payload_digest) == (HTML, HTML, place.digest)
    assert [(n.encode(), v.encode()) for n, v in page.headers] == headers
    assert page.record_id.startswith("<urn:uuid:")
    assert page.refers_to is None
    request = read_request(tmp_path, place)
    assert request.line == "GET /h/1.html?a=1 HTTP/1.1"
    assert ("User-Agent", "titrologue/0.1") in request.headers
    empty = read_page(tmp_path, other)
    assert (empty.body, empty.headers, empty.content_type) == (b"", [], None)


def squeezed(data):
    press = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return press.compress(data) + press.flush()


@pytest.mark.parametrize(
    ("coding", "payload"),
    [
        ("gzip", gzip.compress(HTML, mtime=0)),
        ("x-gzip", gzip.compress(HTML[:50], mtime=0) + gzip.compress(HTML[50:], mtime=0)),
        ("deflate", zlib.compress(HTML)),
        ("deflate", squeezed(HTML)),
        ("br", brotli.compress(HTML)),
        ("gzip, br", brotli.compress(gzip.compress(HTML, mtime=0))),
        ("unheard-of", HTML),
    ],
    ids=range(7),
)
def test_content_encoding_is_undone_and_the_payload_kept(
    coding, payload, archive, tmp_path, capture
):
    headers = [(b"Content-Encoding", coding.encode())]
    page = read_page(tmp_path, archive.write(capture(1, payload, headers=headers)))
    assert (page.body, page.payload) == (HTML, payload)


def test_body_cut_short_is_read_as_far_as_it_goes_and_a_false_one_refused(
    archive, tmp_path, capture
):
    headers = [(b"Content-Encoding", b"gzip")]
    cut = archive.write(capture(1, gzip.compress(HTML, mtime=0)[:-20], headers=headers))
    assert HTML.startswith(read_page(tmp_path, cut).body[:100])
    false = archive.write(capture(2, HTML, headers=headers))
    with pytest.raises(NotInArchive, match="byte"):
        read_page(tmp_path, false)
    bomb = archive.write(capture(3, gzip.compress(bytes(70 << 20)), headers=headers))
    with pytest.raises(NotInArchive, match="64 MiB"):
        read_page(tmp_path, bomb)


def test_file_that_is_still_open_is_found_by_its_final_name(archive, tmp_path, capture):
    place = archive.write(capture(1, HTML))
    archive.close()
    path = tmp_path / place.file
    if path.exists():
        path.rename(path.with_name(path.name + OPEN))
    assert read_page(tmp_path, place).body == HTML


def test_what_is_not_there_is_said_in_one_line(archive, tmp_path, capture):
    place = archive.write(capture(1, HTML))
    archive.close()
    outside = tmp_path.parent / "outside.warc.gz"
    outside.write_bytes((tmp_path / place.file).read_bytes())
    wrong = [
        replace(place, file="abamako/other.warc.gz"),
        replace(place, file="../outside.warc.gz"),
        replace(place, file="abamako"),
        replace(place, offset=place.offset + 1),
        replace(place, offset=place.offset + place.length),
        replace(place, offset=1 << 40),
        replace(place, length=place.length - 1),
        replace(place, length=place.length + 1),
        replace(place, offset=0),
    ]
    beside = OpenFile(tmp_path)
    for one, file in [(one, file) for one in wrong for file in (None, beside)]:
        with beside, pytest.raises(NotInArchive) as caught:
            read_page(tmp_path, one, file)
        assert str(caught.value).startswith(f"{one.file}, byte {one.offset}: ")
        assert "\n" not in str(caught.value)


def test_file_kept_open_gives_each_page_of_several_files(archive, tmp_path, capture):
    bodies = {archive.write(capture(n, payload)): payload for n, payload in enumerate((HTML, b"2"))}
    archive.close()
    second = Archive(tmp_path, "abangui", "8")
    bodies[second.write(capture(3, b"3"))] = b"3"
    second.close()
    gone = replace(next(iter(bodies)), file="abamako/gone.warc.gz")
    with OpenFile(tmp_path) as beside:
        for place, body in [*bodies.items(), *reversed(bodies.items())]:
            assert read_page(tmp_path, place, beside).body == body
            with pytest.raises(NotInArchive):
                read_page(tmp_path, gone, beside)
