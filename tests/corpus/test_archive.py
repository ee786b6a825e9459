"""The archive: records that another reader accepts, places that resolve, torn writes cut."""

from __future__ import annotations

import gzip
import subprocess
import sys
from io import BytesIO

import pytest
from warcio.archiveiterator import ArchiveIterator

from corpus.archive import Archive, slug


def read(path, place):
    data = (path / place.file).read_bytes()[place.offset : place.offset + place.length]
    (record,) = [
        (r.rec_type, r.rec_headers, r.http_headers, r.raw_stream.read())
        for r in ArchiveIterator(BytesIO(data), no_record_parse=False)
    ]
    return record


@pytest.fixture
def archive(tmp_path):
    archive = Archive(tmp_path, "abamako", "7")
    yield archive
    archive.close()


def test_every_place_resolves_to_its_page(archive, tmp_path, capture):
    bodies = [b"", b"un", "été".encode("latin-1"), gzip.compress(b"deux"), b"x" * 3_000_000]
    places = [archive.write(capture(n, body)) for n, body in enumerate(bodies)]
    archive.flush()
    for number, (place, body) in enumerate(zip(places, bodies, strict=True)):
        kind, headers, http, kept = read(tmp_path, place)
        assert (kind, kept) == ("response", body)
        assert headers.get_header("WARC-Target-URI").endswith(f"/h/{number}.html?a=1")
        assert headers.get_header("WARC-Payload-Digest") == place.digest
        assert headers.get_header("WARC-Date").startswith("2024-04-02T12:30:00")
        assert http.get_statuscode() == "200"


def test_warcio_check_passes_and_records_come_in_order(archive, tmp_path, capture):
    place = archive.write(capture(1))
    archive.write(
        capture(2, status=404, reason="Pas trouvé", headers=[("É".encode(), "é€".encode())])
    )
    archive.close()
    path = tmp_path / place.file
    check = subprocess.run(
        [sys.executable, "-c", "from warcio.cli import main; main()", "check", "-v", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr
    assert "digest failed" not in check.stdout
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds == ["warcinfo", "response", "request", "response", "request"]


def test_headers_agree_with_the_body_that_is_kept(archive, tmp_path, capture):
    headers = [(b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"9999"), (b"X", b"1")]
    _, _, http, _ = read(tmp_path, archive.write(capture(1, headers=headers)))
    names = [name for name, _ in http.headers]
    assert names == ["X-Archive-Orig-Transfer-Encoding", "X-Archive-Orig-Content-Length", "X"]


def test_no_header_of_theirs_becomes_a_record_of_ours(archive, tmp_path, capture):
    evil = b"x\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n"
    odd = capture(1, headers=[(b"A\r\nB", evil)], reason="OK\r\nSet-Cookie: a=b")
    place = archive.write(odd)
    archive.close()
    with (tmp_path / place.file).open("rb") as file:
        assert len(list(ArchiveIterator(file))) == 3


def test_write_that_fails_half_way_is_cut_off(archive, tmp_path, capture):
    first = archive.write(capture(1))
    path = tmp_path / first.file
    size = path.stat().st_size
    with pytest.raises(AttributeError):
        archive.write(capture(2, fetched_at=None))
    assert path.stat().st_size == size
    second = archive.write(capture(3))
    assert read(tmp_path, second)[3] == capture(3).body


def test_two_archives_of_one_name_are_two_files(tmp_path, capture):
    one, two = Archive(tmp_path, "abamako", "7"), Archive(tmp_path, "abamako", "7")
    assert one.write(capture(1)).file != two.write(capture(1)).file
    one.close()
    two.close()


def test_nothing_is_created_before_the_first_page(tmp_path):
    Archive(tmp_path / "archive", "abamako", "7").close()
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a\x00b", "CON/..", "x" * 300, "", "É", "a b"]
)
def test_file_names_are_safe_slugs(tmp_path, capture, name):
    archive = Archive(tmp_path / "in", name, name)
    place = archive.write(capture(1))
    archive.close()
    assert (tmp_path / "in" / place.file).resolve().is_relative_to(tmp_path / "in")
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 1 <= len(slug(name)) <= 80
