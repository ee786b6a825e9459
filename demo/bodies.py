"""The body of an article as markup: spans, breaks, adverts and whatever its switches ask for."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from html import escape
from html.entities import codepoint2name

from demo.articles import Article, Paragraph

_SEPARATORS = (
    "<br /><br />\n",
    "<br>\n<br>\n",
    "<br/>&nbsp;<br/>",
    "<br /><br /><br />\n",
    "<BR><BR>",
)
_INLINE = (
    "<b>{}</b>",
    "<i>{}</i>",
    "<strong>{}</strong>",
    '<a href="http://www.encyclopedie.invalid/page">{}</a>',
    "<font color=#333333>{}</font>",
    '<span style="font-style:italic">{}</span>',
    '<a href="/dossiers/"><b>{}</b></a>',
)

Text = Callable[[str], str]


def text_of(article: Article) -> Text:
    """How this page writes text: escaped, with character references where its switch says so."""
    return _references if article.has("entities") else _plain


def _plain(text: str) -> str:
    return escape(text, quote=False)


def _references(text: str) -> str:
    return "".join(
        char
        if char.isascii()
        else f"&{codepoint2name[ord(char)]};"
        if ord(char) in codepoint2name
        else f"&#{ord(char)};"
        for char in escape(text, quote=False)
    )


class BodyMarkup:
    """Writes one body. `opening` and `closing` are the tags of a body span."""

    def __init__(self, article: Article, opening: str, closing: str, extras: dict[str, str]):
        self.article = article
        self.rng = article.markup_rng()
        self.opening, self.closing = opening, closing
        self.advert, self.related = extras["advert"], extras["related"]
        self.text = text_of(article)
        self.separator = self.rng.choice(_SEPARATORS)

    def render(self) -> str:
        """All spans, the signature and the «suite de l'article» line included."""
        words, has = self.article.words, self.article.has
        if not words.body:
            return f"{self.opening}{self.closing}" if self.rng.random() < 0.5 else ""
        written = [self._paragraph(p, first=n == 0) for n, p in enumerate(words.body)]
        if has("p_paragraphs"):
            inner = "\n".join(f"<p>{p}</p>" for p in self._with_player(written))
            return self._span(inner + self._ending(block=True))
        if has("orphan_words") and len(written) > 1:
            return self._orphaned(written)
        if has("spans_glued"):
            return self._glued(written)
        chunks = self._chunks(self._with_player(written))
        chunks[-1] += self._ending(block=False)
        between = self.separator
        if has("advert_between_spans"):
            between = f"{self.rng.choice((self.separator, '<br />', ''))}{self.advert}"
        return between.join(self._span(c) for c in chunks)

    def _span(self, inner: str) -> str:
        return f"{self.opening}{inner}{self.closing}"

    def _chunks(self, paragraphs: list[str]) -> list[str]:
        has, cuts = self.article.has, []
        if has("spans_1_2_3") or has("advert_between_spans"):
            size = min(len(paragraphs), self.rng.choice((2, 3)))
            cuts = sorted(self.rng.sample(range(1, len(paragraphs)), size - 1))
        if has("related_inside"):
            place = min(1, len(paragraphs) - 1)
            paragraphs = [p + self.related if n == place else p for n, p in enumerate(paragraphs)]
        bounds = [0, *cuts, len(paragraphs)]
        return [self.separator.join(paragraphs[a:b]) for a, b in itertools.pairwise(bounds)]

    def _with_player(self, paragraphs: list[str]) -> list[str]:
        if not self.article.has("player_text"):
            return paragraphs
        place = self.rng.randrange(0, min(2, len(paragraphs)) + 1)
        return [*paragraphs[:place], self.text(self.article.words.player), *paragraphs[place:]]

    def _orphaned(self, written: list[str]) -> str:
        place = self.rng.randrange(1, len(written))
        first, _, rest = self._first_words(self.article.words.body[place])
        head = self.separator.join(self._with_player(written[:place]))
        tail = self.separator.join([rest, *written[place + 1 :]]) + self._ending(block=False)
        tag = self.rng.choice(("<b>{}</b>", '<a href="/dossiers/">{}</a>', "{}"))
        return f"{self._span(head)}{self.separator}{tag.format(first)} {self._span(tail)}"

    def _first_words(self, paragraph: Paragraph) -> tuple[str, str, str]:
        """The first three words of a paragraph, and the rest of it, without inline tags."""
        text = "\n".join(" ".join(line) for line in paragraph)
        parts = text.split(" ", 3)
        rest = self.text(parts[3]) if len(parts) > 3 else ""
        return self.text(" ".join(parts[:3])), " ", rest.replace("\n", "<br />\n")

    def _glued(self, written: list[str]) -> str:
        place = self.rng.randrange(0, len(written))
        first, space, rest = self._first_words(self.article.words.body[place])
        head = self.separator.join([*written[:place], first + space])
        tail = self.separator.join([rest, *written[place + 1 :]]) + self._ending(block=False)
        return self._span(head) + self._span(tail)

    def _paragraph(self, paragraph: Paragraph, *, first: bool) -> str:
        lines = []
        for line in paragraph:
            lines.append(" ".join(self._sentence(s, n == 0 and first) for n, s in enumerate(line)))
        return self.rng.choice(("<br />\n", "<br>")).join(lines)

    def _sentence(self, sentence: str, always: bool) -> str:
        if not self.article.has("nested_tags") or not (always or self.rng.random() < 0.4):
            return self.text(sentence)
        parts = sentence.split(" ")
        start = self.rng.randrange(len(parts))
        end = self.rng.randrange(start + 1, min(len(parts), start + 4) + 1)
        inner = self.rng.choice(_INLINE).format(self.text(" ".join(parts[start:end])))
        pieces = [self.text(" ".join(parts[:start])), inner, self.text(" ".join(parts[end:]))]
        return " ".join(p for p in pieces if p)

    def _ending(self, *, block: bool) -> str:
        words, has = self.article.words, self.article.has
        between = "" if block else self.separator
        if words.continues_on:
            return self._continued(words.continued_by, words.continues_on, block=block)
        if not words.author:
            return ""
        name = self.text(words.author)
        if has("signature_bold"):
            return f'<div align="right"><b>{name}</b></div>'
        return f"<p>{name}</p>" if block else f"{between}{name}"

    def _continued(self, line: str, target: str, *, block: bool) -> str:
        link = f'<a href="http://www.ailleurs.invalid/" target=_blank>{self.text(target)}</a>'
        lead = self.text(line.removesuffix(target))
        form = self.rng.randrange(3)
        if form == 0:
            whole = lead + link
        elif form == 1:
            whole = f"<i>{lead}{self.text(target)}</i>"
        else:
            whole = f'<a href="http://www.ailleurs.invalid/">{lead}{self.text(target)}</a>'
        if block:
            return f"<p>{whole}</p>"
        return self.rng.choice((self.separator, "<br />", " ")) + whole
