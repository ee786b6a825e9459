"""Words: French text to the terms that are indexed and asked for. The one home of that analysis.

Index and question go through the very same functions, so what is typed finds what was printed:
without regard to case, accents, œ/oe, elisions (`l’or` is `or`), hyphens (two words side by side),
points and blanks in numbers (`1 200`) and in acronyms (`O.N.U.`), and by stem (`mine`, `mines`).
No word is left out, so a phrase means each of its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import tantivy

ANALYSIS = 3
"""Raised with every change of what a text's terms are: an index made by another is made anew."""
LONGEST = 100
"""Characters of the longest term; beyond that it is no word."""
ELIDED = {"l", "d", "j", "n", "s", "c", "m", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"}
"""What loses its vowel before the next word's."""
NAMES = {
    *("mali", "guinee", "togo", "lome", "kati", "mopti", "niono", "kayes", "gao"),
    *("bedie", "camara", "cisse", "conde", "deby", "dembele", "goita", "keita", "kone"),
    *("ouattara", "sissoko", "toure", "traore"),
}
"""Names that the stemmer would take for another word's form: Mali for `mal`, Touré for `tour`. They
are their own term."""

_FILLERS = """
le la les un une des de du au aux ce cet cette ces mon ma mes son sa ses notre nos votre vos leur
leurs je il elle on nous vous ils elles me se lui y en moi soi eux qui que quoi dont où ceux celle
celles celui cela ça et ou mais donc ni si comme quand lorsque afin ainsi à dans par pour sur sous
vers chez avec sans entre contre depuis pendant avant après dès jusque selon lors parmi ne pas plus
moins très trop aussi même mêmes tout tous toute toutes autre autres chaque quelques plusieurs aucun
aucune être est sont était étaient sera seront été soit fut a ont avait avaient aura avoir ayant
étant fait faire peut peuvent doit encore déjà toujours alors puis ensuite enfin deux trois
"""
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ′＇", "'") | {"_": " ", "\u00ad": None})
_WORD = re.compile(
    r"(?P<number>\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?!\d))"
    r"|(?P<acronym>(?:[^\W\d_]\.){2,}[^\W\d_]?(?!\w))"
    r"|\w+(?:'\w*)*"
)
AROUND = '.,;:!?()[]…«»“”"'
_GROUP = re.compile(r"\d{3}(?!\d)")
_PARTED = re.compile(r"\d[ \u00a0\u202f]\d{3}(?!\d)")
_PARTED_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_MARKS = re.compile(r"[\u0300-\u036f]+")
# Letters that have no accent to lose: ligatures, and those of Bambara, Fulfulde and their kin.
_PLAIN = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}
    | {"ɛ": "e", "ɔ": "o", "ŋ": "n", "ɲ": "n", "ɓ": "b", "ɗ": "d", "ƴ": "y", "ǝ": "e"}
)
# The stemmer needs the accent of these endings: without it `arrêtée` and `arrêté`, `première` and
# `premier`, `sécurité` and `sécuritaire` would part. It is put back from the plain letters, so a
# word typed without accents gets it, too.
_ENDING = re.compile(r"(?<=\w\w)(?:iees?|ees?|ites?|ieres?)$")
_WITH_ACCENT = {
    **{"ee": "ée", "ees": "ées", "iee": "ie", "iees": "ies"},
    **{"ite": "ité", "ites": "ités", "iere": "ière", "ieres": "ières"},
}
_STEMMER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    .filter(tantivy.Filter.stemmer("french"))
    .filter(tantivy.Filter.ascii_fold())
    .build()
)


def terms(text: str) -> list[str]:
    """The terms of `text` in order."""
    return [term for token in joined_numbers(text).split() for term in cut(token)]


def cut(token: str) -> list[str]:
    """The terms of what stands between two blanks, numbers in parts apart."""
    plain = unicodedata.normalize("NFC", token).translate(_APOSTROPHES)
    return [term for match in _WORD.finditer(plain) for term in _terms_of(match)]


def may_end_a_number(token: str) -> bool:
    """True where `token` begins like the last part of one: `000` of `1 000`."""
    return _GROUP.match(token.lstrip(AROUND)) is not None


def joined_numbers(text: str) -> str:
    """`text` with numbers written together: `1 200 000` as `1200000`."""
    if _PARTED.search(text) is None:
        return text
    return _PARTED_NUMBER.sub(lambda found: "".join(found[0].split()), text)


def places(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Where the words of `text` stand: first character, the one after the last, terms. An elided
    `l’` is outside."""
    plain = text.replace("\u00ad", "-").translate(_APOSTROPHES)
    for found in _WORD.finditer(plain):
        own = _terms_of(found)
        if not own:
            continue
        start = found.start()
        word = found[0].lower()
        while "'" in word and (cut := _elision(word)):
            start, word = start + cut, word[cut:]
        yield start, found.end() - (len(word) - len(word.rstrip("'"))), own


def _terms_of(found: re.Match[str]) -> list[str]:
    if found["number"] is not None:
        return ["".join(c for c in found[0] if c.isdigit())]
    if found["acronym"] is not None:
        return _stemmed([fold(found[0].replace(".", ""))])
    word = found[0].lower()
    while "'" in word and (cut := _elision(word)):
        word = word[cut:]
    folded = fold(word)
    if folded.startswith("aujourd'hui"):
        return ["aujourdhui"]
    parts = [part for part in folded.split("'") if part]
    if len(parts) > 1 and len(parts[0]) == 1:
        # No elision, for a consonant follows: N’Djamena, M’Bodj, O’Brien, also written in one.
        parts[:2] = [parts[0] + parts[1]]
    return _stemmed(parts)


def _elision(word: str) -> int:
    """Characters of the elided word that `word`, in lower case, begins with; 0 where none."""
    first, _, rest = word.partition("'")
    if first not in ELIDED or (rest and fold(rest[0]) not in "aeiouyh0123456789"):
        return 0
    return len(first) + 1


def fold(text: str) -> str:
    """`text` in lower case without accents and ligatures."""
    plain = text.lower()
    if plain.isascii():
        return plain
    plain = plain.translate(_PLAIN)
    # What is parted may be a capital: 𝐀.
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", plain)).lower()
    return plain if plain.isascii() else _MARKS.sub("", plain.translate(_PLAIN))


def _stemmed(words: list[str]) -> list[str]:
    """The terms of `words`, which are folded."""
    found = []
    # A single sign may be several words: ﷺ.
    for plain in " ".join(words).split():
        if plain in NAMES:
            found.append(plain)
        elif len(plain) <= LONGEST:
            found += _STEMMER.analyze(_ENDING.sub(lambda end: _WITH_ACCENT[end[0]], plain))
    return found


FILLERS = frozenset(term for word in _FILLERS.split() for term in cut(word))
"""Terms that are in every text and say nothing of it."""
