"""After a kill: the torn tail is cut, the file gets index and name, every place resolves."""

from __future__ import annotations

import os
import tracemalloc
import zlib

import pytest

from corpus.archive import Archive
from corpus.archive_reading import read_page
from corpus.warc.files import OPEN
from corpus.warc.recovery import recover
from tests.warc_readers import accepted


@pytest.fixture
def left(tmp_path, capture):
    """A file as a killed run leaves it, and the places of its pages: path, places."""
    archive = Archive(tmp_path, "abamako", "7")
    places = [archive.write(capture(n, os.urandom(3000))) for n in range(5)]
    archive.close()
    closed = tmp_path / places[0].file
    index = closed.with_name(closed.name.replace(".warc.gz", ".cdxj"))
    index.unlink()
    return closed.rename(f"{closed}{OPEN}"), places


def test_torn_tail_is_cut_wherever_it_was_torn(left, tmp_path):
    path, places = left
    whole = path.read_bytes()
    final = path.with_name(path.name.removesuffix(OPEN))
    index = final.with_name(final.name.replace(".warc.gz", ".cdxj"))
    last = places[-1]
    for torn in (last.offset + 1, last.offset + 15, last.offset + last.length // 2,
                 last.offset + last.length - 1, last.offset + last.length + 40):  # fmt: skip
        path.write_bytes(whole[:torn])
        found = recover(tmp_path, "abamako")
        kept = places if torn > last.offset + last.length else places[:-1]
        end = kept[-1].offset + kept[-1].length
        if kept != places:
            # The request of the last page that is left.
            assert len(final.read_bytes()) == last.offset
        else:
            assert len(final.read_bytes()) == end
        assert (found.files, found.cut) == (1, torn - len(final.read_bytes()))
        assert [read_page(tmp_path, place).payload_digest for place in kept] == [
            place.digest for place in kept
        ]
        assert index.read_text().count("\n") == len(kept)
        assert not path.exists()
        final.unlink()
    path.write_bytes(whole + bytes(5000))
    assert recover(tmp_path, "abamako").cut == 5000
    assert final.read_bytes() == whole
    accepted([final])
    assert recover(tmp_path, "abamako").files == 0


def test_file_without_a_whole_record_goes_and_others_are_left_alone(left, tmp_path, capture):
    path, _ = left
    empty = path.with_name("abamako-x.warc.gz.open")
    empty.write_bytes(b"\x1f\x8b\x08 torn")
    link = path.with_name("abamako-link.warc.gz.open")
    link.symlink_to(tmp_path / "elsewhere")
    closed = path.with_name("abamako-closed.warc.gz")
    closed.write_bytes(b"not looked at")
    living = Archive(tmp_path, "abamako", "8")
    place = living.write(capture(9, b"neuf"))
    found = recover(tmp_path, "abamako")
    assert (found.files, found.records) == (1, 11)
    assert not empty.exists()
    assert closed.read_bytes() == b"not looked at"
    assert link.is_symlink()
    assert (tmp_path / f"{place.file}{OPEN}").exists()
    living.close()
    assert read_page(tmp_path, place).body == b"neuf"
    assert recover(tmp_path, "aouaga").files == 0


def test_damage_amid_the_records_cuts_nothing_that_is_whole(left, tmp_path):
    path, places = left
    data = bytearray(path.read_bytes())
    data[places[1].offset + 100] ^= 0xFF
    path.write_bytes(data)
    found = recover(tmp_path, "abamako")
    assert found.damaged == [path.name.removesuffix(OPEN)]
    assert found.cut == 0
    for place in (places[0], *places[2:]):
        assert read_page(tmp_path, place).payload_digest == place.digest


def test_large_file_is_made_whole_in_the_memory_of_a_page(tmp_path, capture):
    archive = Archive(tmp_path, "abamako", "7")
    first = archive.write(capture(1, os.urandom(200_000)))
    archive.close()
    closed = tmp_path / first.file
    whole = closed.read_bytes()
    closed.with_name(closed.name.replace(".warc.gz", ".cdxj")).unlink()
    closed.unlink()
    # Its answer and its request, 320 times: 64 MB, the last request gone and the answer torn.
    (path, page) = (closed.with_name(f"{closed.name}{OPEN}"), whole[_end_of_first(whole) :])
    with path.open("wb") as file:
        file.write(whole)
        for _ in range(319):
            file.write(page)
        file.truncate(file.tell() - 1000)
    assert path.stat().st_size > 60_000_000
    tracemalloc.start()
    try:
        found = recover(tmp_path, "abamako")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (found.files, found.damaged) == (1, [])
    assert found.records == 1 + 2 * 319
    assert 0 < found.cut < len(page)
    assert most < 8_000_000
    assert read_page(tmp_path, first).payload_digest == first.digest


def _end_of_first(packed):
    """Where the first gzip member ends."""
    press = zlib.decompressobj(31)
    press.decompress(packed)
    return len(packed) - len(press.unused_data)
