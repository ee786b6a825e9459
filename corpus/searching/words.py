"""Words: French text to the terms that are indexed and asked for. The one home of that analysis.

Index and question go through the very same functions, so what is typed finds what was printed:
without regard to case, accents, œ/oe, elisions (`l’or` is `or`), hyphens (two words side by side),
points and blanks in numbers (`1 200`) and in acronyms (`O.N.U.`), and by stem (`mine`, `mines`).
No word is left out, so a phrase means each of its words.

Each form is analysed once and remembered: newspapers use the same words again and again, so the
work for one more article is to cut it at its blanks and look its words up.

A term is indexed between its code written twice, `Zgw=coton_=Zgw`: cut at the `=` instead of the
blanks, the same text gives what stands side by side as pairs of codes (`paired`), so that a phrase
is looked for only where its pairs are. A common word (`FILLERS`, `FREQUENT`) has a code of its own,
`BG=BG`: pairs of such words, and triples (`tripled`), are the phrase itself. Other words share
codes, or there would be more pairs than an index can hold.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from string import ascii_lowercase, ascii_uppercase

import tantivy

ANALYSIS = 3
"""Raised with every change of what a text's terms are: an index made by another is made anew."""
LONGEST = 100
"""Characters of the longest term; beyond that it is no word."""
MOST_REMEMBERED = 250_000
"""Forms remembered at once, some 50 MB; then it begins anew."""
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
_FREQUENT = """
pays ministre président gouvernement état république national politique ville région commune maire
marché école santé eau homme femme enfant an année jour temps million milliard franc monde public
général population sécurité travail développement aujourd’hui premier première grand nouveau
"""

_OWN, _SHARED = 2, 3
"""Letters of a common word's code, and of one that other words share."""
PAIR_LENGTH = _OWN + _SHARED
"""Letters of a pair with a common word at the most; all else is made longer."""
MAYBE_PARTED = "\x1f"
"""Stands before the terms of what begins like the last part of a number: `000` of `1 000`."""
# Two pairs of common words that stand side by side share the word in the middle.
_TRIPLE = re.compile(r" (?=([A-Z]{4} [A-Z]{4}) )")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ′＇", "'") | {"_": " ", "\u00ad": None})
_WORD = re.compile(
    r"(?P<number>\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?!\d))"
    r"|(?P<acronym>(?:[^\W\d_]\.){2,}[^\W\d_]?(?!\w))"
    r"|\w+(?:'\w*)*"
)
_AROUND = '.,;:!?()[]…«»“”"'
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


def analysed(text: str) -> str:
    """The terms of `text` in order as they are indexed (`indexed`), parted by blanks."""
    found = _looked_up(text)
    if MAYBE_PARTED not in found:
        return found
    joined = joined_numbers(text)
    return (found if joined == text else _looked_up(joined)).replace(MAYBE_PARTED, "")


def _looked_up(text: str) -> str:
    return " ".join(filter(None, map(_of_token.__getitem__, text.split())))


def terms(text: str) -> list[str]:
    """The terms of `text` in order."""
    return [_term_of(form) for form in analysed(text).split()]


def indexed(term: str) -> str:
    """`term` as it stands in the index."""
    code = _code_of(term)
    return (
        f"{code}={code}" if term in _COMMON else f"{code}={term:{_FILL}<{PAIR_LENGTH + 1}}={code}"
    )


def _term_of(form: str) -> str:
    code, *middle, _ = form.split("=")
    return middle[0].rstrip(_FILL) if middle else _MEANT[code]


def _code_of(term: str) -> str:
    return _COMMON.get(term) or _CODES[zlib.crc32(term.encode()) % len(_CODES)]


def paired(analysed_text: str) -> str:
    """What `analysed` made, to be cut at blanks into the pairs of what stands side by side, each
    `PAIR_LENGTH` long, and the terms between, which are longer."""
    return f" {analysed_text.replace(' ', '').replace('=', ' ')} "


def tripled(paired_text: str) -> str:
    """The triples of common words in what `paired` made, parted by blanks."""
    return "\n".join(_TRIPLE.findall(paired_text)).replace(" ", "")


def pairs(found: Sequence[str]) -> list[str]:
    """The pairs of what stands side by side in `found`, as `paired` has them."""
    two = (one + other for one, other in pairwise(map(_code_of, found)))
    return [pair for pair in two if len(pair) <= PAIR_LENGTH]


def triples(found: Sequence[str]) -> list[str]:
    """The triples of common words in `found`, as `tripled` has them."""
    runs = (found[at : at + 3] for at in range(len(found) - 2))
    return ["".join(pairs(run)) for run in runs if common(run)]


def common(found: Sequence[str]) -> bool:
    """True where each of the terms has a code of its own."""
    return _COMMON.keys() >= {*found}


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


class _Remembered(dict[str, str]):
    """Token between blanks → its terms, parted by blanks."""

    def __missing__(self, token: str) -> str:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        # Most new forms are known words with a capital or a comma. A point inside may be of an
        # acronym, which lives by its last one.
        bare = token.strip(_AROUND).lower()
        known = self.get(bare) if "." not in bare else None
        answer = self[token] = cut(token) if known is None else known
        return answer


def cut(token: str) -> str:
    """The terms of what stands between two blanks, as they are indexed, parted by blanks. Where it
    may be the end of a number, after `MAYBE_PARTED`: so that only texts with such a one are
    searched for `1 200`, which takes as long as all their words."""
    maybe = MAYBE_PARTED if _GROUP.match(token.lstrip(_AROUND)) else ""
    return maybe + " ".join(map(indexed, _plain_terms(token)))


def _plain_terms(token: str) -> list[str]:
    plain = unicodedata.normalize("NFC", token).translate(_APOSTROPHES)
    return [term for match in _WORD.finditer(plain) for term in _terms_of(match)]


_of_token = _Remembered()


def _terms_of(found: re.Match[str]) -> list[str]:
    if found["number"] is not None:
        return ["".join(c for c in found[0] if c.isdigit())]
    if found["acronym"] is not None:
        return _stemmed([found[0].replace(".", "")])
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
    plain = text.lower().translate(_PLAIN)
    if plain.isascii():
        return plain
    return _MARKS.sub("", unicodedata.normalize("NFKD", plain)).translate(_PLAIN)


def _stemmed(words: list[str]) -> list[str]:
    found = []
    # A single sign may be several words: ﷺ.
    for plain in " ".join(map(fold, words)).split():
        if plain in NAMES:
            found.append(plain)
        elif len(plain) <= LONGEST:
            found += _STEMMER.analyze(_ENDING.sub(lambda end: _WITH_ACCENT[end[0]], plain))
    return found


FILLERS = frozenset(term for word in _FILLERS.split() for term in _plain_terms(word))
"""Terms that are in every text and say nothing of it."""
FREQUENT = frozenset(term for word in _FREQUENT.split() for term in _plain_terms(word))
"""Terms that are in very many texts of a newspaper."""
_FILL = "_"
# With a capital, which no term has.
_COMMON = dict(
    zip(
        sorted(FILLERS | FREQUENT),
        map("".join, product(ascii_uppercase, repeat=_OWN)),
        strict=False,
    )
)
_MEANT = {code: term for term, code in _COMMON.items()}
_CODES = [*map("".join, product("WXYZ", ascii_lowercase, ascii_lowercase))]
