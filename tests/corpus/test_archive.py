"""The archive: records that another reader accepts, places that resolve, torn writes cut."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from warcio.archiveiterator import ArchiveIterator

from corpus.archive import Archive, slug
from corpus.archive_reading import read_page
from corpus.problems import Unwritable
from corpus.warc.files import OPEN, open_archived
from tests.corpus.conftest import NOW
from tests.warc_readers import accepted

ODD_ADDRESSES = [
    "http://news.abamako.com",
    "http://www.abamako.com/",
    "https://www2.abamako.com:443/a/../b//c/./d/",
    "http://abamako.com:8080/?",
    "http://abamako.com/A%20B/%2541?B=2&a=1&a&A=0&=",
    "http://abamako.com/h/1.html?PHPSESSID=0123456789abcdef0123456789abcdef&x=1",
    "http://abamako.com/h/1.html?x=1&jsessionid=0123456789abcdef0123456789abcdef",
    "http://abamako.com/Été?q=à+b",
    "http://abamako.com/%C3%A9/%ff/%23/%3F?%26=%3d#frag",
    "http://user:pw@abamako.com/..",
    "http://127.0.0.1:9/x?",
    "http://abamako.com/a|b\\c^d`e{f}<g>\"h'i*j,k;l@m[n]o~p!q$r(s)",
]


def read(path, place):
    with open_archived(path, place.file) as file:
        data = file.read()[place.offset : place.offset + place.length]
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
    odd = [("É".encode(), "é€".encode())]
    archive.write(capture(2, b"absent", status=404, reason="Pas trouvé", headers=odd))
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
    path = tmp_path / f"{first.file}{OPEN}"
    size = path.stat().st_size
    with pytest.raises(AttributeError):
        archive.write(capture(2, fetched_at=None))
    assert path.stat().st_size == size
    second = archive.write(capture(3, b"autre"))
    assert read(tmp_path, second)[3] == b"autre"


def test_two_archives_of_one_name_are_two_files(tmp_path, capture):
    one, two = Archive(tmp_path, "abamako", "7"), Archive(tmp_path, "abamako", "7")
    assert one.write(capture(1)).file != two.write(capture(1)).file
    one.close()
    two.close()


def test_payload_that_came_before_is_written_once_and_read_as_if_it_were_there(
    archive, tmp_path, capture
):
    lost = b"<h1>Article introuvable</h1>" * 100
    first = archive.write(capture(1, lost))
    headers = [(b"Content-Type", b"text/html"), (b"X-Cache", b"HIT")]
    second = archive.write(capture(2, lost, status=404, reason="Not Found", headers=headers))
    kind, told, _, body = read(tmp_path, second)
    assert (kind, body) == ("revisit", b"")
    assert told.get_header("WARC-Profile").endswith("/identical-payload-digest")
    assert told.get_header("WARC-Refers-To-Target-URI") == "http://news.abamako.com/h/1.html?a=1"
    assert told.get_header("WARC-Refers-To-Date") == "2024-04-02T12:30:00.000000Z"
    page, origin = read_page(tmp_path, second), read_page(tmp_path, first)
    assert (page.url, page.status) == ("http://news.abamako.com/h/2.html?a=1", 404)
    assert (page.body, page.payload_digest) == (lost, first.digest) == (lost, second.digest)
    assert page.headers == [("Content-Type", "text/html"), ("X-Cache", "HIT")]
    assert page.refers_to == origin.record_id


def test_answer_held_by_an_earlier_run_is_referred_to_unless_it_cannot_be_read(tmp_path, capture):
    body = b"<p>toujours le meme</p>" * 50
    earlier = Archive(tmp_path, "abamako", "1")
    held = earlier.write(capture(1, body))
    earlier.close()
    origin = read_page(tmp_path, held)
    later = Archive(tmp_path, "abamako", "2")
    same = later.keep([capture(1, body)], held)
    again = later.keep([capture(1, body)], same)
    other = later.keep([capture(1, b"<p>autre</p>")], held)
    confirmed = later.keep([capture(1, b"", status=304, headers=[])], again)
    lone = later.keep([capture(5, b"", status=304, headers=[])])
    later.close()
    assert read_page(tmp_path, same).refers_to == origin.record_id
    assert read_page(tmp_path, again).refers_to == origin.record_id
    assert read_page(tmp_path, other).refers_to is None
    assert (confirmed, lone) == (again, None)
    with (tmp_path / same.file).open("rb") as file:
        kinds = [r.rec_headers.get_header("WARC-Profile", r.rec_type).rpartition("/")[2]
                 for r in ArchiveIterator(file)]  # fmt: skip
    assert [k for k in kinds if k != "request"] == [
        "warcinfo", "identical-payload-digest", "identical-payload-digest", "response",
        "server-not-modified", "response",
    ]  # fmt: skip
    (tmp_path / held.file).unlink()
    lost = Archive(tmp_path, "abamako", "3")
    assert read_page(tmp_path, lost.keep([capture(1, body)], held)).body == body
    lost.close()


def test_reference_is_found_in_a_file_that_was_written_anew(archive, tmp_path, capture):
    body = b"<p>le meme</p>" * 50
    gone, held = archive.write(capture(1)), archive.write(capture(2, body))
    same = archive.write(capture(3, body))
    archive.close()
    path = tmp_path / held.file
    data = path.read_bytes()
    path.write_bytes(data[: gone.offset] + data[gone.offset + gone.length :])
    assert read_page(tmp_path, replace(same, offset=same.offset - gone.length)).body == body


def test_redirects_and_bodies_of_nothing_are_written_each_time(archive, tmp_path, capture):
    moved = {"status": 301, "headers": [(b"Location", b"/h/9.html")]}
    answers = [capture(1, b"Moved", **moved), capture(2, b"Moved", **moved), capture(3, b""),
               capture(4, b"")]  # fmt: skip
    places = [archive.write(answer) for answer in answers]
    assert [read(tmp_path, place)[0] for place in places] == ["response"] * 4


def test_file_that_is_full_or_of_yesterday_is_closed_and_another_begun(tmp_path, capture):
    times = [NOW, NOW, NOW, NOW + timedelta(days=1)]
    archive = Archive(tmp_path, "abamako", "7", full=4000, clock=lambda: times[0])
    places = []
    for number in range(4):
        places.append(archive.write(capture(number, random.Random(number).randbytes(2000))))
        times.pop(0)
        times.append(times[-1])
    archive.close()
    files = [place.file for place in places]
    assert files[0] == files[1] != files[2] != files[3]
    assert files[2] == "abamako/abamako-20240402T123000Z-7-1.warc.gz"
    assert files[3] == "abamako/abamako-20240403T123000Z-7.warc.gz"
    assert all(read_page(tmp_path, place).body for place in places)
    whole = [*(tmp_path / "abamako").iterdir()]
    assert {path.suffix for path in whole} == {".gz", ".cdxj"}
    assert len(whole) == 6
    accepted([path for path in whole if path.suffix == ".gz"])


def test_index_is_that_of_other_tools_and_every_reader_accepts_the_file(tmp_path, capture):
    archive = Archive(tmp_path, "abamako", "7")
    body = "Été à Ségou".encode() * 40
    types = [b"", b"text/html; charset=x", b"image/jpeg", b"a\xc3\xa9\xff b"]
    for number, kind in enumerate(types):
        headers = [(b"content-type", kind), (b"X-Two", b" a ")]
        archive.write(capture(number, body + bytes([number]), headers=headers))
        archive.write(capture(number + 10, body + bytes([number]), headers=headers, status=404))
    held = archive.write(capture(50, body))
    archive.keep([capture(50, b"", status=304)], held)
    archive.keep([capture(51, b"", status=302), capture(52, b"", status=204, reason="")])
    for url in ODD_ADDRESSES:
        archive.write(capture(1, url.encode("utf-8", "replace"), url=url))
    place = archive.write(capture(60, b"x" * 3_000_000))
    archive.close()
    accepted([tmp_path / place.file])


def test_index_is_made_from_the_file_where_its_lines_were_lost(tmp_path, capture):
    archive = Archive(tmp_path, "abamako", "7")
    place = archive.write(capture(1))
    archive.write(capture(2, b"autre"))
    assert archive._index is not None
    archive._index.whole = False
    archive.close()
    accepted([tmp_path / place.file])


def test_case_42_nothing_is_written_through_a_link_or_over_a_file(tmp_path, capture):
    outside = tmp_path / "outside"
    outside.mkdir()
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "abamako").symlink_to(outside)
    with pytest.raises(Unwritable, match="leads out of the archive"):
        Archive(inside, "abamako", "7").prepare()
    with pytest.raises(OSError, match="leads out"):
        Archive(inside, "abamako", "7").write(capture(1))
    (inside / "abamako").unlink()
    (inside / "abamako").mkdir()
    taken = outside / "precious"
    taken.write_text("precious")
    clock = {"clock": lambda: NOW}
    name = inside / "abamako" / "abamako-20240402T123000Z-7.warc.gz"
    name.symlink_to(taken)
    name.with_name(f"{name.stem.removesuffix('.warc')}-1.warc.gz.open").symlink_to(taken)
    archive = Archive(inside, "abamako", "7", **clock)
    place = archive.write(capture(1))
    archive.close()
    assert place.file == "abamako/abamako-20240402T123000Z-7-2.warc.gz"
    assert [path.name for path in outside.iterdir()] == ["precious"]
    assert taken.read_text() == "precious"


def test_case_43_control_characters_of_an_address_stay_in_it(archive, tmp_path, capture):
    url = "http://news.abamako.com/h/1.html\r\nWARC-Type: request\r\n\x1b[31m?q=a b\x00é"
    place = archive.write(capture(1, url=url, method="GET\r\nX: y"))
    archive.close()
    with (tmp_path / place.file).open("rb") as file:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in
                   ArchiveIterator(file)]  # fmt: skip
    told = (
        "http://news.abamako.com/h/1.html%0D%0AWARC-Type:%20request%0D%0A%1B[31m?q=a%20b%00%C3%A9"
    )
    assert records == [("warcinfo", None), ("response", told), ("request", told)]
    index = (tmp_path / place.file.replace(".warc.gz", ".cdxj")).read_bytes()
    assert index.count(b"\n") == 1
    assert index.isascii()
    assert b"\x1b" not in index


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
