"""Sentences: a French text cut where one sentence ends and the next begins.

A pure function of our own, since no splitter knows what this press writes: «M. Keïta», «n° 5»,
«l’art. 12», «3.000 F», «A. B. Traoré», «… dit-il», dialogues, and full stops with no blank behind.
It errs on the side of not cutting: a pair of sentences left together is compared as one, while a
cut after «M.» would show as two halves that changed. Every candidate is judged by the few
characters around it, so the time is linear.
"""

from __future__ import annotations

import re
from typing import Final


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_BLANK: Final = "[ \\t\\u00a0\\u202f\\u2009]"
_END: Final = re.compile(
    # Signs that end, with the quotes and brackets that close behind them; or a line's end.
    rf"(?P<sign>[.!?…]+)(?P<close>(?:{_BLANK}?[»”’)\]]|[\"'])*)(?P<gap>\s*)|(?P<break>\n\s*)"
)
_NEXT: Final = re.compile(
    # What may open a sentence before its first letter: quotes, brackets, a dialogue's dash.
    rf"(?P<open>(?:[«“\"'‘(\[•*–—-]{_BLANK}?){{0,6}})(?P<first>\w?)(?P<rest>[\w’'.-]{{0,24}})"
)
_WORD_BACKWARDS: Final = re.compile(r"[\w.’'&°-]*")
_TAIL: Final = re.compile(r"[.’'-]")
_LETTERS: Final = re.compile(r"(\w+)([’']?)")
_ROMAN: Final = re.compile(r"[IVXLC]+\b")
_LOOK_BACK: Final = 32
"""Characters before a full stop that are looked at: more than the longest abbreviation."""

_NEVER: Final = _words(
    "mm mr mrs mme mmes mlle mlles me mes dr drs pr mgr st ste gén cdt cne capt lt ltn sgt adj",
    "cf bd bld blvd n° nos pp réf arr env approx vs sr",
)
"""Abbreviations that no sentence ends with."""
_BEFORE_A_NUMBER: Final = _words("art vol al chap fig p tab no n t coll éd tél tel")
"""Those that are some only where a number follows: «l’art. 12», but «une œuvre d’art. Le musée»."""
_EITHER: Final = _words(
    "etc prof col cap gal ing hon cie sté ets min max kg km ha ex cit loc op id ibid jr dpt av",
    "c.-à-d j.-c s.a n.b p.-s janv févr fév avr juil sept oct nov déc dép fr ann alias",
)
"""Those that a sentence may end with: it does where a word follows that only begins one."""
_OPENERS: Final = _words(
    "le la les l un une des du de d à au aux il elle ils elles on ce cet cette ces c ça cela celui",
    "celle nous vous je j tu dans en sur sous pour par avec sans mais or donc car et ou où qui que",
    "quand quant si selon après avant depuis pendant lors lorsque alors ainsi aussi puis enfin",
    "toutefois cependant pourtant néanmoins certains certaines plusieurs tous toutes tout aucun",
    "notre votre son sa ses leur leurs mon ma chaque hier aujourd demain parmi entre contre",
    "chez malgré grâce outre face comme s qu n y interrogé joint rappelons notons",
)
_DOMAINS: Final = _words("com net org info fr ml bf ci sn ne tg bj ga cd eu uk tv asp html")
_BEFORE_A_LETTER: Final = _words(
    "plan groupe catégorie type vitamine hépatite classe poule série niveau zone point annexe",
    "lettre terminale",
)
"""Words whose next letter is a name and no initial: «le plan B. Il reste»."""


def sentences(text: str) -> list[str]:
    """`text` in sentences; joined they give it back. White space goes with what stands before it.

    A blank line always ends a sentence; a line break only where the next line does not go on in
    small letters. A text of white space alone is one piece, an empty one none.
    """
    pieces = []
    begun = len(text) - len(text.lstrip())
    start = 0
    for found in _END.finditer(text):
        end = found.end()
        if end <= begun or end == len(text):
            continue
        ends = _breaks(text, found) if found["break"] else _ends(text, begun, found)
        if ends:
            pieces.append(text[start:end])
            start = begun = end
    if start < len(text):
        pieces.append(text[start:])
    return pieces


def _breaks(text: str, found: re.Match[str]) -> bool:
    """True where a line's end is a sentence's."""
    return found["break"].count("\n") > 1 or not text[found.end()].islower()


def _ends(text: str, begun: int, found: re.Match[str]) -> bool:
    """True where the sign is the end of the sentence whose first letter is at `begun`."""
    gap, at = found["gap"], found.start()
    if gap.count("\n") > 1:
        return True
    following = _NEXT.match(text, found.end())
    if following is None or not following["first"]:
        # Neither letter nor figure: an emoji, a stray sign. Only a new line parts here.
        return "\n" in gap
    if following["first"].islower():
        return False
    back = _WORD_BACKWARDS.match(text[max(begun, at - _LOOK_BACK) : at][::-1])
    word = back.group()[::-1] if back else ""
    plain = found["sign"] == "." and not found["close"]
    if not gap:
        return _ends_glued(word, following, plain=plain)
    if not plain:
        return True
    if begun + len(word) == at and (word.isdigit() or len(word) == 1):
        # «1. Le premier point», «A. Le deuxième»: the number of a line in a list.
        return False
    return _ends_plain(text, begun, at, word, following)


def _ends_glued(word: str, following: re.Match[str], *, plain: bool) -> bool:
    """True where a sentence begins with no blank before it: «fermé.Le maire», «venu?Il»."""
    first, rest = following["first"], following["rest"]
    if not first.isupper() or following["open"].startswith(("-", "’", "'")):
        return False
    if not plain:
        return True
    if not rest[:1].islower():
        return False
    if "www" in word or (first + rest).lower().strip(".") in _DOMAINS:
        return False
    tail = _TAIL.split(word)[-1]
    return len(tail) > 1 and tail.islower() and tail not in _NEVER


def _ends_plain(text: str, begun: int, at: int, word: str, following: re.Match[str]) -> bool:
    """True where a full stop with a blank behind it is no abbreviation's."""
    bare = word[max(word.rfind("’"), word.rfind("'")) + 1 :]
    small = bare.lower()
    if small in _NEVER:
        return False
    if small in _BEFORE_A_NUMBER:
        return not following["first"].isdigit() and not _ROMAN.match(text, following.start("first"))
    if small in _EITHER:
        return _only_begins(following) or bool(following["open"])
    if len(bare) == 1 and bare.isupper():
        before = text[max(begun, at - _LOOK_BACK) : at - len(word)].rstrip()
        if before[-1:].isdigit():
            # «5.000 F.»: a unit.
            return True
        return before[before.rfind(" ") + 1 :].lower() in _BEFORE_A_LETTER and _only_begins(
            following
        )
    if "." in bare and bare.replace(".", "").isupper():
        # «O.N.U.», «S.E.M.»: letters parted by stops end only before a sure beginning.
        return _only_begins(following)
    return True


def _only_begins(following: re.Match[str]) -> bool:
    """True where the next word, so written, is no name: «Le», «Selon»."""
    word = _LETTERS.match(following["first"] + following["rest"])
    if word is None or word.group(1).lower() not in _OPENERS:
        return False
    # «J’attends» begins; «J.-C.» does not.
    return len(word.group(1)) > 1 or bool(word.group(2)) or word.group(1) in "ÀY"
