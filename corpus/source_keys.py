"""The key of a source's name: what all its spellings have in common. Pure; used by `storing` and
by the reader of bylines."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
# ʼ is a letter to Unicode, and an apostrophe to who writes it.
_NO_LETTER = re.compile(r"[\W_ʼ]+")


@lru_cache(4096)
def source_key(name: str) -> str:
    """Letters and digits alone, lower case, without accents: «L’Essor», «L`ESSOR» → `lessor`.

    A name without any letter or digit is its own key, so that no two of them become one.
    """
    bare = _ADDRESS.sub("", name.strip())
    if bare.isascii():
        folded = bare.lower()
    else:
        # Folding may compose anew («ŉ»), so it is decomposed before and behind.
        folded = unicodedata.normalize("NFKD", bare).casefold().replace("œ", "oe")
        folded = unicodedata.normalize("NFKD", folded)
    return _NO_LETTER.sub("", folded) or name.strip()
