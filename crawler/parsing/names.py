"""Persons' names: is this text one, and how sure? Used by `signature`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.parsing.name_words import ENDINGS, FAMILY, GIVEN, NOBODY, ORDINARY, PARTICLES, TITLES

MAX_NAME = 60
_CAPITAL = r"A-ZÀ-ÖØ-ÞŒ"
INITIALS = re.compile(rf"^(?:[{_CAPITAL}][a-z]?\s?\.\s?-?){{1,4}}(?:[{_CAPITAL}]\.?)?$")
"""«A. T.», «A.T», «Th. M.»."""
_WORD = re.compile(rf"^(?![CDJLQS]['’][a-zà-ÿ])(?:[dDlLN]['’])?[{_CAPITAL}](?:[\w'’-]*\w)?$")
_INITIAL = re.compile(rf"^(?:[{_CAPITAL}][a-zà-ÿ]?\.-?){{1,4}}$")
_GLUED = re.compile(rf"^(?:[{_CAPITAL}][a-z]?\.){{1,3}}[{_CAPITAL}][\w’'-]+$")
_NUMBER = re.compile(r"^(?:II|III|IV|Jr|Jr\.|Junior|fils)$")
# Letters that look like initials and are none: written in whatever way, or only without blanks
# («S.A.» is a company, «S. A.» a writer).
_NO_INITIALS = frozenset({"usa", "onu", "fcfa"})
_NO_TIGHT_INITIALS = frozenset({"sa", "ko", "ok", "ue", "ua", "nb", "ps", "rip", "sos"})


@lru_cache(maxsize=4096)
def _fold(token: str) -> str:
    if not token.isascii():
        token = unicodedata.normalize("NFKD", token.replace("œ", "oe").replace("Œ", "OE"))
    return "".join([char for char in token.lower() if char.isalpha()])


def is_initials(text: str) -> bool:
    """True for initials alone, two letters at least."""
    return (
        len(text) <= 16
        and INITIALS.match(text) is not None
        and sum(char.isupper() for char in text) > 1
        and (folded := _fold(text)) not in _NO_INITIALS
        and (" " in text or folded not in _NO_TIGHT_INITIALS)
    )


def is_nobody(text: str) -> bool:
    """True for what stands in an author's place and is no author: «admin», an agency's name."""
    folded = _fold(text)
    return folded in NOBODY or folded.startswith("agence")


def is_person(text: str, *, told: bool = False) -> bool:
    """True where `text` as a whole is one person's name. `told`: words such as «Par» say that a
    name follows, so that one word known as a name is enough."""
    if len(text) > MAX_NAME:
        return False
    if is_initials(text):
        return True
    tokens = text.split()
    if tokens and _fold(tokens[0]) in TITLES and len(tokens) > 1:
        return _is_person(tokens[1:], told=True)
    return _is_person(tokens, told=told)


def _is_person(tokens: list[str], *, told: bool) -> bool:
    if not 1 <= len(tokens) <= 6 or _fold(tokens[0]) in PARTICLES - {
        "el",
        "ben",
        "al",
        "ould",
        "ag",
    }:
        return False
    if tokens[0][:2] in ("L’", "L'") and _fold(tokens[0]) not in FAMILY:
        return False  # «L’Écho du Plateau»
    proper: list[str] = []
    initials = 0
    for at, token in enumerate(tokens):
        folded = _fold(token)
        if at and folded in PARTICLES:
            continue
        if _INITIAL.match(token) or (len(token) == 1 and token.isupper()):
            initials += 1
        elif _GLUED.match(token):
            initials, proper = initials + 1, [*proper, token.rpartition(".")[2]]
        elif not _WORD.match(token):
            return False
        elif not (at and _NUMBER.match(token)):
            proper.append(token)
    return _looks_called(proper, initials, told=told)


def _looks_called(proper: list[str], initials: int, *, told: bool) -> bool:
    """The evidence: known names, capitals of the family name, no ordinary word."""
    if not proper:
        return False
    known = 0
    capitals = [token.isupper() and len(token) > 1 for token in proper]
    # «Clarence DABANI»: such capitals say «family name» whatever the given name ends in.
    styled = any(capitals) and not all(capitals)
    for token in proper:
        parts = [part for part in map(_fold, token.split("-")) if part]
        named = any(part in GIVEN or part in FAMILY for part in parts)
        known += named
        if not named and any(_is_ordinary(part, styled) for part in parts):
            return False
    if len(proper) + initials == 1:
        return told and bool(known or (proper[0].isupper() and len(proper[0]) > 3))
    if all(token.isupper() for token in proper) and not initials and not told:
        return known > 0  # a subhead in capitals looks the same
    if styled and not known and all(len(t) < 5 for t, c in zip(proper, capitals, strict=True) if c):
        return False  # «Djoliba AC»
    if len(proper) == 1:
        return len(proper[0]) > 2 or known > 0
    return True


def _is_ordinary(part: str, styled: bool) -> bool:
    return part in ORDINARY or (not styled and len(part) > 5 and part.endswith(ENDINGS))
