"""StripBoilerplate: third stage; lines of the body that belong to the page, not to the article.

What the parser's structure cannot see because it stands inside the text: labels, menus, date
lines, player text, the headline or the whole body a second time. Only whole lines go (and player
text, glued or not), never a sentence. Counts `stripped/<rule>`; recomputes `lead`, and with a
changed body `word_count` and `language`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from crawler.items import Fields, fields_of
from crawler.parsing.wording import SHARE_WORDS, is_share_row
from pipelines.repair_text import describe_body, record

LONGEST_LABEL: Final = 250
"""Characters of the longest line that a rule may take; anything longer is prose."""
LEAST_REPEATED: Final = 60
"""Letters and signs a half must have to count as the body a second time; a slogan said twice is
shorter."""
_PASSES: Final = 5

# --- lines -------------------------------------------------------------------------------------
# Rules see a line as `fold` makes it: lower case, no accents, ’ as ', «œ» as «oe», edge bullets
# off. Each must match the whole line.

_EDGES: Final = " \t|•·*–—_-:>"
_DAY: Final = (
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),? )?"
    r"(?:\d{1,2}(?:er)? [a-z]{3,9}\.? \d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d)"
)
_TIME: Final = r"(?:,? ?(?:a|-|–)? ?\d{1,2} ?[h:] ?(?:\d\d)?(?: ?(?:min|mn|gmt|tu))?)?"

_RULES: Final = {
    "comments": (
        r"(?:comment|commentaires?|comments)(?: ?\(\d{1,6}\)| ?: ?\d{1,6})?"
        r"|(?:\d{1,6}|aucun|pas de|vos|les|derniers) (?:commentaires?|comments?)"
        r"|(?:laisser|laissez|ajouter|ajoutez|poster|postez|ecrire|voir|lire)"
        r" (?:un|votre|les|des|mon) commentaires?(?: \(\d{1,6}\))?"
        r"|reagir a cet article|soyez le premier a (?:commenter|reagir)(?: cet article)?\.?"
    ),
    "menu": (
        r"accueil|news|home|menu|accueil ?[/>»›|].*|home ?[/>»›|].*"
        r"|accueil monkiosk\.com\b.*|retour a l'accueil|haut de (?:la )?page"
    ),
    "date_line": (
        r"(?:article |photo )?(?:publiee?|postee?|mise? en ligne|mise? a jour|modifiee?|ajoutee?)"
        rf" ?:? ?(?:le )?{_DAY}{_TIME}(?: ?(?:\||•) ?.*|,? par [^.]{{1,40}}| ?[–-] ?[^.]{{1,60}})?"
    ),
    "related": (
        r"(?:a )?(?:lire|voir) (?:aussi|egalement|encore)(?: ?(?:[:>»|«–-]| [^ ]).*)?(?<![.!?…])"
        r"|(?:a )?(?:lire|voir) (?:aussi|egalement) ?:.*"
        r"|dans la meme (?:rubrique|categorie)|sur le meme (?:sujet|theme)"
        r"|(?:articles|sujets) (?:similaires|lies|connexes|relatifs|recents)"
        r"|(?:du|par le) meme auteur|les plus (?:lus|commentes|recents)|autres articles"
    ),
    "player": r"(?:lecteur|audio|video) (?:audio|video|player)|00:00(?: ?\d\d:\d\d){0,2}",
    "photo": (
        r"\(?(?:credits? )?(?:photos?|ph)(?: ?:| d\.?r\.?\b| ©).{0,100}(?<![.!?…])\)?"
        r"|\(?credits? ?: ?.{0,100}(?<![.!?…])\)?|© .{0,100}(?<![.!?…])"
    ),
    "copyright": (
        r"(?:copyright|\(c\)|©) ?(?:©|\(c\)|\d{4}).{0,180}"
        r"|copyright(?: [^ :]{1,30}){0,5}(?<![.!?…])"
        r"|tous droits (?:de reproduction )?(?:et de representation )?reserves"
        r"(?: pour tous pays| ?[©|–-] ?.{0,60}| \d{4}| [a-z0-9-]{2,40}\.(?:com|net|org|info))?\.?"
    ),
    "wall": (
        r"veuillez vous (?:connecter|identifier|inscrire)\b.*"
        r"|(?:connectez|identifiez|inscrivez|abonnez)-vous (?:pour|a|afin)\b"
        r".*\b(?:commenter|commentaires?|compte|lire|poster|reagir|publier|newsletter|lettre)\b.*"
        r"|vous devez (?:etre|vous) (?:connecter|connectee?|identifier|identifiee?|inscrite?)\b"
        r".*\b(?:commenter|commentaires?|compte|lire|poster|reagir|publier)\b.*"
    ),
    "advertisement": (
        r"publicites?|pub|advertisement|advertising|contenu sponsorise|sponsorise"
        r"|la suite apres (?:la|cette) publicite|suite apres la publicite"
    ),
}
_LINE: Final = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in _RULES.items()))
_MENU: Final = re.compile(
    r"accueil|home|news|monkiosk(?:\.com)?|sports?|business|annonces|femmes|pratiques|necrologie"
    r"|publicite|photos|videos|titrologie|dossiers|documents|caricatures|depeches|politique"
    r"|societe|economie|culture|articles?|contact"
)
_STARTS: Final = re.compile(
    r"[\d(©]|a(?:ccueil|dvert|jout|rticle|ucun|udio|utres|bonnez| (?:lire|voir))|credit|d(?:ans la"
    r"|erniers|u meme)|co(?:mment|nne|ntenu|pyr)|ecrire|h(?:aut|ome)|identif|inscri|l(?:a suite"
    r"|aiss|ecteur|es |ire)|m(?:enu|is|odif)|news|p(?:ar le|as de|h|oste|ub)|re(?:agir|tour)"
    r"|s(?:oye|pons|u(?:ite|jets|r le))|tous|v(?:euillez|ideo|o(?:ir|s|us))"
    rf"|(?:{SHARE_WORDS}|{_MENU.pattern})"
)
"""How every rule begins: prose is told by its first letters, before a line is folded."""
_HEAD: Final = 24

_TOKENS: Final = re.compile(r"[^\s/|>»›,;:•·()]+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_LATIN: Final = re.compile("[\x00-\xff‘’“”…–—]*+")
_BLANK_LINES: Final = "\n\n\n"
_JUNK: Final = re.compile(r"[-–—_=*|/•·#~+<>\s]+")


def fold(line: str) -> str:
    """A line as rules and comparisons see it: «Lire également :» → «lire egalement»."""
    if not line.isascii():
        line = unicodedata.normalize("NFKD", line.replace("’", "'").replace("œ", "oe"))
        line = _ACCENTS.sub("", line)
        if not _LATIN.fullmatch(line):
            line = "".join([char for char in line if not unicodedata.combining(char)])
    return " ".join(line.lower().split()).strip(_EDGES)


def line_rule(line: str, known: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """The rule that takes this line wherever it stands, or None for prose.

    `known` are further lines to take, folded, each with its rule.
    """
    if not line or len(line) > LONGEST_LABEL:
        return None
    head = fold(line.lstrip(_EDGES)[:_HEAD])
    if known and any(text.startswith(head[:8]) for text in known):
        rule = known.get(fold(line))
        if rule:
            return rule
    if not _STARTS.match(head):
        return None
    folded = fold(line)
    match = _LINE.fullmatch(folded)
    return match.lastgroup if match else _word_rule(folded)


def _word_rule(folded: str) -> str | None:
    """Rows of share buttons and menu entries: every word is one of theirs."""
    words = _TOKENS.findall(folded)
    if not words:
        return None
    if is_share_row(folded):
        return "share"
    # Three words of a menu may be a heading («Politique, économie, société»); a menu has more.
    if len(words) >= 4 and all(_MENU.fullmatch(word) for word in words):
        return "menu"
    return None


# --- player text -------------------------------------------------------------------------------

_PLAYER: Final = re.compile(
    r"(?:00:00\s?(?:\d\d:\d\d\s?){0,2})?"
    r"(?:Use Left/Right Arrow keys to advance one second"
    r"(?:, Up/Down arrows to advance ten seconds)?"
    r"|Use Up/Down Arrow keys to increase or decrease volume"
    r"|Utilisez les flèches haut/bas pour augmenter ou diminuer le volume"
    r"|Utilisez les flèches gauche/droite pour avancer d[’']une seconde"
    r"(?:, (?:les flèches )?haut/bas pour avancer de (?:dix|10) secondes)?)"
    r"\.?(?:\s?00:00){0,2}"
)


def _without_player(body: str, counters: Counter[str]) -> str:
    if "Arrow keys" not in body and "Utilisez les flèches" not in body:
        return body
    # A space stays in its place: the player stood between two words or two sentences.
    body, count = _PLAYER.subn(" ", body)
    if count:
        counters["stripped/player"] += count
        body = "\n".join([" ".join(line.split()) for line in body.split("\n")])
    return body


# --- the body as a whole -----------------------------------------------------------------------


def _without_lines(body: str, known: dict[str, str], counters: Counter[str]) -> str:
    """`body` without the lines of a rule, and without those in `known` (folded line → rule)."""
    if not any(line_rule(line, known) for line in body.split("\n")) and _BLANK_LINES not in body:
        return body.strip("\n")  # as most
    paragraphs = []
    for paragraph in body.split("\n\n"):
        kept = []
        for line in paragraph.split("\n"):
            if rule := line_rule(line, known):
                counters[f"stripped/{rule}"] += 1
            else:
                kept.append(line)
        paragraphs.append("\n".join(kept).strip("\n"))
    return "\n\n".join([paragraph for paragraph in paragraphs if paragraph])


def _said_once(body: str, counters: Counter[str]) -> str:
    """The first half of a body whose second half repeats it; white space does not count."""
    while True:
        first, *others = paragraphs = body.split("\n\n")
        if not any(_begin_alike(first, other) for other in others):
            return body
        sizes = [len("".join(paragraph.split())) for paragraph in paragraphs]
        half, odd = divmod(sum(sizes), 2)
        if odd or half < LEAST_REPEATED:
            return body
        size = count = 0
        while size < half:
            size += sizes[count]
            count += 1
        first, second = (" ".join(part) for part in (paragraphs[:count], paragraphs[count:]))
        if size != half or "".join(first.split()) != "".join(second.split()):
            return body
        counters["stripped/repeated"] += 1
        body = "\n\n".join(paragraphs[:count])


def _begin_alike(one: str, other: str) -> bool:
    """Whether one paragraph begins with the first ten letters or signs of the other, or with all of
    them."""
    one, other = one[:40].lstrip(), other[:40].lstrip()
    if one[:1] != other[:1]:
        return False
    one, other = "".join(one.split())[:10], "".join(other.split())[:10]
    return one.startswith(other) or other.startswith(one)


def _trimmed(body: str, adapter: Fields, counters: Counter[str]) -> str:
    """`body` without headline, section and caption at its head, and rulers at either end.

    The last line stays whatever it repeats: a brief may be its own headline. Only a caption may be
    all there is, where there is a photo.
    """
    heads = {
        folded: rule
        for rule, name in (("section", "section"), ("headline", "title"))
        if isinstance(value := adapter.get(name), str) and (folded := fold(value))
    }
    longest = 2 * max(map(len, heads), default=0) + 40
    caption = adapter.get("photo_caption")
    lines = body.split("\n")
    start, end = 0, len(lines)
    while start < end:
        line = lines[start]
        alone = not any(lines[start + 1 : start + 2]) and start + 1 >= end
        if not line:
            start += 1
        elif _JUNK.fullmatch(line):
            counters["stripped/junk"] += 1
            start += 1
        elif (
            line == caption
            and (adapter.get("photo_url") or not alone)
            and (start + 1 >= end or not lines[start + 1])
        ):
            counters["stripped/caption"] += 1
            start += 1
        elif not alone and len(line) <= longest and (rule := heads.get(fold(line))):
            counters[f"stripped/{rule}"] += 1
            start += 1
        else:
            break
    while end > start and (not lines[end - 1] or _JUNK.fullmatch(lines[end - 1])):
        counters["stripped/junk"] += bool(lines[end - 1])
        end -= 1
    return "\n".join(lines[start:end])


def strip_body(body: str, adapter: Fields, counters: Counter[str]) -> str:
    """`body` without boilerplate, to the letter the same where it has none."""
    known = {
        folded: rule
        for rule, name in (("date_line", "published_raw"), ("date_line", "updated_raw"))
        if isinstance(value := adapter.get(name), str) and len(folded := fold(value)) >= 8
    }
    for _ in range(_PASSES):
        before = body
        body = _without_player(body, counters)
        body = _without_lines(body, known, counters)
        body = _said_once(body, counters)
        body = _trimmed(body, adapter, counters)
        if body == before:
            break
    return body


class StripBoilerplate:
    """Strips the body, then takes its first paragraph as the lead."""

    def process_item(self, item: Any) -> Any:
        adapter = fields_of(item)
        body = adapter.get("body")
        if not isinstance(body, str):
            return item
        counters: Counter[str] = Counter()
        stripped = strip_body(body, adapter, counters)
        if stripped != body:
            adapter["body"] = stripped
            describe_body(adapter)
        if "lead" in adapter:
            lead = stripped.split("\n\n", 1)[0] or None
            if lead != adapter["lead"]:
                adapter["lead"] = lead
        record(adapter, +counters, set())
        return item
