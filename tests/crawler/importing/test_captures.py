"""Chunks joined again, where there are any."""

from __future__ import annotations

import pytest

from crawler.importing.captures import Unusable, dechunk


@pytest.mark.parametrize(
    ("body", "joined"),
    [
        (b"5\r\nhello\r\n6; a=b\r\n world\r\n0\r\n\r\n", b"hello world"),
        (b"5\nhello\n0\n\n", b"hello"),
        (b"0\r\n\r\n", b""),
        (b"<html>that was joined already</html>", None),
        (b"", None),
    ],
)
def test_chunks_are_joined(body: bytes, joined: bytes | None) -> None:
    assert dechunk(body) == joined


@pytest.mark.parametrize("body", [b"5\r\nhello\r\n", b"5\r\nhel", b"5\r\nhello\r\nx\r\n", b"5\r\n"])
def test_a_missing_last_chunk_is_told(body: bytes) -> None:
    with pytest.raises(Unusable, match="truncated"):
        dechunk(body)
