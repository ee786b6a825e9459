"""RepairText: first stage; text as its author typed it, without what machines did to it.

Reads and writes every text field that the item has; writes `word_count`, `language`, `flags` and
counts what it changed in `counters` (`cleaned/nul` → 3). Spelling, quotes, ligatures, dashes and
numbers stay as they are. The page itself stays in the archive.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from html.entities import name2codepoint
from typing import TYPE_CHECKING, Any, Final

from crawler.items import Fields, fields_of
from crawler.parsing.language import detect_language

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

ONE_LINE: Final = (
    "title",
    "section",
    "source",
    "source_raw",
    "author",
    "agency",
    "byline_raw",
    "photo_credit",
    "photo_caption",
    "published_raw",
    "updated_raw",
    "continues_on",
)
PARAGRAPHS: Final = ("body", "lead")
ADDRESSES: Final = ("url", "photo_url", "canonical_url")
LIMITS: Final = {"title": 1_000, "body": 2_000_000, "lead": 2_000_000}
"""Characters a field keeps; longer ones are cut, flag `<field>_cut`."""
ONE_LINE_LIMIT: Final = 2_000

_PASSES: Final = 4
"""A repair can uncover another (a zero-width space inside `&amp;`): at most so many rounds."""


# --- characters without a place in text -------------------------------------------------------


def _odd_characters() -> dict[str, tuple[str, str]]:
    """Character → (what it is counted as, what stands in its place)."""
    odd = {chr(code): ("control", "") for code in [*range(0x01, 0x20), 0x7F, 0xFFFE, 0xFFFF]}
    for white in "\t\n":
        del odd[white]
    # Vertical tab, form feed, carriage return and the Unicode separators end a line.
    odd |= dict.fromkeys("\x0b\x0c", ("control", "\n"))
    odd |= dict.fromkeys("\r\u2028\u2029", ("newline", "\n"))
    # C1 controls in a French page are windows-1252 read as iso-8859-1: «c\x9cur» is «cœur». HTML
    # reads `&#156;` the same way. Dropping them would lose letters.
    for code in range(0x80, 0xA0):
        odd[chr(code)] = ("control", bytes([code]).decode("cp1252", "ignore"))
    odd |= {chr(code): ("zero_width", "") for code in range(0x200B, 0x200E)}
    odd |= dict.fromkeys("\u180e\u2060\ufeff\ufff9\ufffa\ufffb", ("zero_width", ""))
    odd |= dict.fromkeys("\xad", ("soft_hyphen", ""))
    marks = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    odd |= {chr(code): ("bidi", "") for code in marks}
    odd["\x00"] = ("nul", "")
    return odd


_ODD: Final = _odd_characters()
_ODD_RE: Final = re.compile("[" + "".join(map(re.escape, _ODD)) + "\ud800-\udfff]")
_CARRIAGE: Final = re.compile(r"\r\n?")


def drop_odd_characters(text: str, counters: Counter[str]) -> str:
    """`text` without controls, surrogates, zero-width and bidi marks; each kind counted."""
    if not _ODD_RE.search(text):
        return text
    text = _CARRIAGE.sub("\n", text)
    for char, count in Counter(_ODD_RE.findall(text)).items():
        kind = _ODD[char][0] if char in _ODD else "surrogate"
        if kind != "newline":
            counters[f"cleaned/{kind}"] += count
    return _ODD_RE.sub(lambda m: _ODD[m[0]][1] if m[0] in _ODD else "", text)


# --- entities that were escaped twice ---------------------------------------------------------

_AMP: Final = r"(?:amp|AMP|#0{0,5}38|#[xX]0{0,5}26)"
_ENTITY: Final = re.compile(
    rf"&(?:{_AMP};)*(?:{_AMP}|#[0-9]{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]{{2,8}}[0-9]{{0,2}});"
)
_NAMES: Final = {**name2codepoint, "apos": 0x27}


def _entity_text(match: re.Match[str]) -> str:
    name = match[0][:-1].replace(";", "&").rsplit("&", 1)[1]
    if not name.startswith("#"):
        if name == "AMP":
            return "&"
        return chr(_NAMES[name]) if name in _NAMES else match[0]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    if code > 0x10FFFF:
        return match[0]
    # `&#128;`…`&#159;` are read as HTML reads them, by the table of odd characters.
    return chr(code)


def unescape_entities(text: str, counters: Counter[str]) -> str:
    """`&amp;rsquo;` and `&#8217;` that stand in the text itself, as ’. Unknown names stay."""
    if "&" not in text:
        return text
    known = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal known
        replacement = _entity_text(match)
        known += replacement != match[0]
        return replacement

    text = _ENTITY.sub(replace, text)
    if known:
        counters["cleaned/entity"] += known
    return text


# --- mojibake ---------------------------------------------------------------------------------

_CONTINUATION: Final = "\u0080-\u00bf" + bytes(range(0x80, 0xA0)).decode(
    "cp1252", "ignore"
).replace("-", r"\-")
_MOJIBAKE: Final = re.compile(
    # Each lead character below is rare in French, but â ï, and what may follow never follows
    # them there: é as «Ã©», œ as «Å“», ’ as «â€™», BOM as «ï»¿», MacRoman's «√©» and «‚Äô».
    rf"[ÂÃÄÅâï√‚](?:(?<=[ÂÃÄÅ])[{_CONTINUATION}]|(?<=Ã)\ (?=[a-z])|(?<=â)[€\u0080\u0082\u0084‚„ˆ]"
    r"|(?<=ï)(?:»¿|¿½)|(?<=√)[©®†¢¥ß™ª¥¨]|(?<=‚)Ä)"
)


@cache
def _mojibake_settings() -> TextFixerConfig:
    """ftfy as a repairer of encodings alone: no quotes, ligatures, widths, HTML, line ends."""
    from ftfy import TextFixerConfig  # 60 ms to import, and most pages never need it

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_c1_controls=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )


def repair_mojibake(text: str) -> str:
    """`text` with «Ã©» read as «é»; text without such a pair comes back untouched."""
    if not _MOJIBAKE.search(text):
        return text
    from ftfy import fix_text

    return fix_text(text, _mojibake_settings())


# --- one string -------------------------------------------------------------------------------

# Text that no repair touches: letters of French, plain spaces one at a time, line ends, and none of
# the characters by which entities, mojibake or odd characters begin.
_SOUND: Final = re.compile(r"(?:[!-%'-~ÀÁÆ-ÖØ-öø-ÿŒœŸ’‘“”«»…–—°]++(?: |\n{1,2}+|$))*+")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_FOLDED_SPACES: Final = "\u00a0\u202f\u2009"


def _spaces(text: str, one_line: bool) -> str:
    # str.split() knows every Unicode space, so NBSP and thin spaces become plain ones: search and
    # comparison want «mot :» in one form.
    if one_line:
        return " ".join(text.split())
    lines = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def _one_pass(text: str, counters: Counter[str], flags: set[str], one_line: bool) -> str:
    text = unescape_entities(text, counters)
    repaired = repair_mojibake(text)
    if repaired != text:
        flags.add("mojibake_repaired")
        text = repaired
    text = drop_odd_characters(text, counters)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if spaces := sum(text.count(space) for space in _FOLDED_SPACES):
        counters["cleaned/nbsp"] += spaces
    return _spaces(text, one_line)


def _is_sound(text: str, *, one_line: bool) -> bool:
    """True where a repair would change nothing: most text of most pages."""
    if (one_line and "\n" in text) or text.endswith((" ", "\n")):
        return False
    return _SOUND.fullmatch(text) is not None


def clean_text(text: str, counters: Counter[str], flags: set[str], *, one_line: bool) -> str:
    """One string, repaired: the choke point of every text on its way to the corpus.

    `counters` and `flags` receive what was done; `encoding_suspect` where mojibake or U+FFFD is
    left. With `one_line` every run of white space is one space; else `\\n` is kept, and at most one
    blank line stands between paragraphs.
    """
    if _is_sound(text, one_line=one_line):
        return text
    for _ in range(_PASSES):
        before, text = text, _one_pass(text, counters, flags, one_line)
        if text == before:
            break
    if "\ufffd" in text or _MOJIBAKE.search(text):
        flags.add("encoding_suspect")
    return text


# --- words -----------------------------------------------------------------------

_WORD: Final = re.compile(r"[^\W_]+(?:['’\-‑][^\W_]+)*")


def count_words(text: str) -> int:
    """Runs of letters and digits; inner apostrophes and hyphens join, as in word processors.

    «L’eau du porte-monnaie» has three words: «L’eau», «du», «porte-monnaie».
    """
    try:
        plain = b" " + text.encode("cp1252").translate(_WORD_PARTS)
    except UnicodeEncodeError:
        return len(_WORD.findall(text))
    # Where a word begins: behind a blank, or behind joiners that join nothing.
    return plain.count(b" a") + plain.count(b" 'a") + plain.count(b"''a")


def _word_parts() -> bytes:
    """windows-1252 byte → `a` of a word, `'` that joins two, blank: counting bytes is five times
    faster than matching words."""
    chars = [bytes([code]).decode("cp1252", "replace") for code in range(256)]
    kinds = ("'" if char in "'’-" else "a" if char.isalnum() else " " for char in chars)
    return "".join(kinds).encode()


_WORD_PARTS: Final = _word_parts()


# --- the stage --------------------------------------------------------------------------------


class RepairText:
    """Repairs every text field; touches only fields that the item has."""

    def process_item(self, item: Any) -> Any:
        adapter = fields_of(item)
        counters: Counter[str] = Counter()
        flags: set[str] = set()
        for name in (*ONE_LINE, *PARAGRAPHS):
            value = adapter.get(name)
            if isinstance(value, str):
                text = clean_text(value, counters, flags, one_line=name in ONE_LINE)
                limit = LIMITS.get(name, ONE_LINE_LIMIT)
                if len(text) > limit:
                    text = text[:limit].rstrip()
                    flags.add(f"{name}_cut")
                # Empty means None everywhere but in the body.
                _set(adapter, name, value, text if text or name == "body" else None)
        for name in ADDRESSES:
            value = adapter.get(name)
            if isinstance(value, str):
                _set(adapter, name, value, drop_odd_characters(value, counters).strip())
        signs = adapter.get("signs")
        if isinstance(signs, dict):
            for key, value in signs.items():
                if isinstance(value, str) and _ODD_RE.search(value):
                    signs[key] = drop_odd_characters(value, counters)
        describe_body(adapter)
        record(adapter, counters, flags)
        return item


def describe_body(adapter: Fields) -> None:
    """Write `word_count` and `language` of the body as it is now, where the item has them."""
    body = adapter.get("body")
    if not isinstance(body, str):
        return
    if "word_count" in adapter:
        adapter["word_count"] = count_words(body)
    if "language" in adapter:
        title = adapter.get("title")
        adapter["language"] = detect_language(body, title if isinstance(title, str) else None)


def record(adapter: Fields, counters: Counter[str], flags: set[str]) -> None:
    """Add to the item's `counters` and `flags`, where it has them."""
    held = adapter.get("counters")
    if counters and isinstance(held, dict):
        for name, count in counters.items():
            held[name] = held.get(name, 0) + count
    if flags and isinstance(adapter.get("flags"), list):
        adapter["flags"] = sorted({*adapter["flags"], *flags})


def _set(adapter: Fields, name: str, old: str, new: str | None) -> None:
    if new != old:
        adapter[name] = new
