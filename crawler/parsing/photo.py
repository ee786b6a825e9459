"""The photo block: credit, captions, the picture's address. Read from the lines of the head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from selectolax.lexbor import LexborNode

from crawler.parsing.lines import ADVERT, FIGURE, NAV, Line
from crawler.parsing.wording import COMMENT, COMMENTS, CREDIT, fold, is_label

MAX_CAPTION = 1_500
_NO_PHOTO = re.compile(
    r"logo|icon|icone|banni|banner|/pubs?/|publicite|/ads?/|adserv|doubleclick|spacer|pixel|blank"
    r"|transparent|sprite|avatar|button|bouton|flag|drapeau|loader|loading|/stats?/|counter"
    r"|facebook|twitter|whatsapp|share|emoji|captcha|1x1|^data:|\.svg(?:$|\?)"
)
"""In lower case: telling capitals apart at each place takes ten times as long."""
_PHOTO = re.compile(r"img_photos|/photos?/|/uploads?/|/images?/(?:articles?|news)", re.IGNORECASE)
_CREDIT_TAIL = re.compile(r"\s*\|\s*(?:Photo\s*N.*)?$")
_PHOTOGRAPHER = re.compile(r"^photographe\s*:\s*(.{1,100})$", re.IGNORECASE)


@dataclass(slots=True)
class Photo:
    """What the block says; each may be missing."""

    credit: str | None = None
    caption: str | None = None
    images: Sequence[LexborNode] = ()
    """Pictures of the block, adverts and buttons too."""

    @property
    def image(self) -> LexborNode | None:
        """The best of them, if any can be the article's."""
        return best_image(self.images)

    @property
    def found(self) -> bool:
        """True where there is a photo at all."""
        return bool(self.credit or self.image)


def read_photo(head: Sequence[Line], title: str | None = None) -> Photo:
    """The photo block among the lines between headline and body."""
    photo = Photo(images=[node for line in head for node in line.images])
    folded = fold(title) if title else ""
    captions: list[str] = []
    credited = False
    seen_image = False
    for line in head:
        seen_image = seen_image or bool(line.images)
        text = line.text
        if line.context & (ADVERT | NAV):
            continue
        if COMMENT.match(text) or COMMENTS.match(text):
            if credited or captions:
                break
            continue
        if is_label(text) or (folded and len(text) + 8 >= len(folded) and fold(text) == folded):
            continue
        if found := CREDIT.match(text):
            photo.credit = photo.credit or found.group(1).strip(" ©")
            if not credited and not line.context & FIGURE:
                captions.clear()  # what stood above is the picture's alternative text
            credited = True
        elif credited or line.context & FIGURE or (seen_image and line.link_share < 0.5):
            caption, mark, credit = text.rpartition("©")
            if mark and caption.strip() and 0 < len(credit.strip()) <= 100:
                photo.credit = photo.credit or credit.strip()
                text = caption.strip(" (-–|/•")
            captions.append(text[:MAX_CAPTION])
    if credited or seen_image:
        photo.caption = max(captions, key=len, default=None)
    return photo


def read_photo_amid(body: Sequence[Line]) -> Photo:
    """The first photo amid the text that has a caption; `read_body` leaves those out."""
    for figure, lines in groupby(body, lambda line: bool(line.context & FIGURE)):
        if figure and (photo := read_photo([*lines])).caption:
            return photo
    return Photo()


def photographer(date_line: str | None) -> str | None:
    """«DR» of «Publié le … | Autre presse | Photographe : DR | Photo N˚40738»."""
    for part in (date_line or "").split("|"):
        if found := _PHOTOGRAPHER.match(part.strip()):
            return found.group(1).strip()
    return None


def best_image(nodes: Iterable[LexborNode]) -> LexborNode | None:
    """The picture of an article among images: no logo, icon, advert or counter."""
    best: LexborNode | None = None
    best_score = 0.0
    for order, node in enumerate(nodes):
        if order > 100:
            break
        source = image_source(node)
        if not source or _NO_PHOTO.search(source[-300:].lower()):
            continue
        width = _pixels(node.attributes.get("width"))
        height = _pixels(node.attributes.get("height"))
        if (width is not None and width < 80) or (height is not None and height < 60):
            continue
        score = 1.0 + 3.0 * bool(_PHOTO.search(source)) + min(width or 200, 800) / 800
        if score > best_score:
            best, best_score = node, score
    return best


def image_source(node: LexborNode) -> str | None:
    """Where the picture is: `data-src` of a lazy image before its placeholder."""
    attributes = node.attributes
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        value = (attributes.get(name) or "").strip()
        if value:
            return value
    return None


def _pixels(value: str | None) -> int | None:
    digits = re.match(r"\s{0,5}(\d{1,5})\s{0,3}(?:px)?\s{0,3}$", value or "")
    return int(digits.group(1)) if digits else None
