"""Article: the one item shape, from the parser to the store.

`parse_article` fills what the page itself shows, raw; the stages of `pipelines/` fill the rest,
each its own fields. Every field that becomes a column has its name. A raw value stands beside
each normalised one, so a better reading never needs a second download.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any

from itemadapter.adapter import DataclassAdapter, ItemAdapter


@dataclass(slots=True)
class Article:
    """One article page. Empty means None (unknown), never an empty string, save in `body`."""

    portal: str
    """Name of the portal (`abamako`), or the host for a page of none of ours."""
    site: str
    """Label of the host below the portal's domain: `news`, `sports`."""
    kind: str | None
    """Series: `h` article, `p` photo page, `articles`; None where the address has no number."""
    number: int | None
    """Place in the series; rises with time."""
    url: str
    """Canonical address the page came from."""
    fetched_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When the page was fetched, aware, UTC. The clock of relative dates («hier»)."""
    timezone: str = "UTC"
    """IANA name of the portal's clock; used by `normalise_dates`, not stored."""

    section: str | None = None
    """Label of the section as the page shows it: «Politique»."""
    title: str | None = None
    """Headline, one line."""
    published_raw: str | None = None
    """The date line as it stands, white space collapsed; for JSON-LD and meta their value."""
    published_on: date | None = None
    """Day of publication on the portal's clock (`normalise_dates`)."""
    published_at: datetime | None = None
    """Instant of publication, aware, UTC; None when the precision is `day`."""
    published_precision: str | None = None
    """`day` or `minute`; None without a date."""
    updated_raw: str | None = None
    """«Mis à jour le …» as it stands, where it is told apart from the publication."""
    updated_on: date | None = None
    """Day of the last update the page tells (`normalise_dates`)."""
    source: str | None = None
    """The newspaper the article comes from, by its canonical name: «L’Essor»."""
    source_raw: str | None = None
    """The source as the page writes it: «L´ESSOR»; a signing line's stands in `byline_raw`."""
    author: str | None = None
    """Who signs, without function, place or address: «Aboubacar TRAORE». Capitals stay."""
    agency: str | None = None
    """News agency, where the text came through one: `AFP`."""
    byline_raw: str | None = None
    """The lines that sign, as they stand, parted by ` | `: «M. CAMARA (stagiaire) | Avec AFP»."""
    body: str = ""
    """Paragraphs parted by a blank line, lead included; one `<br>` is a newline. May be empty on a
    photo page."""
    lead: str | None = None
    """First paragraph of the body."""
    word_count: int = 0
    """Words of the body (`repair_text`)."""
    language: str | None = None
    """ISO 639-1 code of the body, or of the title of a photo page (`repair_text`)."""
    photo_url: str | None = None
    """Absolute address of the article's photo."""
    photo_credit: str | None = None
    """Credit without the ©: «Autre presse par DR»."""
    photo_caption: str | None = None
    """Caption below the photo; of a short and a longer one the longer."""
    truncated: bool = False
    """True where the page ends in «suite de l'article sur …»: the text goes on elsewhere."""
    continues_on: str | None = None
    """Where it goes on: «RFI»."""
    comments_count: int | None = None
    """Number of readers' comments shown; None where the page has no place for them."""

    signs: dict[str, str] = field(default_factory=dict)
    """Field to the sign that gave it: `selector:…`, `structure:…`, `jsonld`, `meta:…`,
    `trafilatura`."""
    flags: list[str] = field(default_factory=list)
    """What a reader should know: `weekday`, `date_future`, `encoding_suspect` …; sorted, unique."""

    canonical_url: str | None = None
    """`<link rel=canonical>` or og:url as the page gives it, absolute; not stored."""
    content_hash: str | None = None
    """Hash of the cleaned text (`store`): title and body. A new value is a new version."""
    knowledge_revision: int = 0
    """Number of the learned knowledge it was read with; 0 is none."""
    region_hash: str | None = None
    """Hash of the article region's text as the page shows it: tells an edit by the site from a
    better reading by us."""
    page_id: int | None = None
    """Row of `pages` this article was leased as; None outside a crawl."""
    counters: dict[str, int] = field(default_factory=dict)
    """What stages changed, for the run's statistics: `cleaned/nul` → 3. Not stored."""

    def flag(self, name: str) -> None:
        """Add a flag once."""
        if name not in self.flags:
            self.flags = sorted([*self.flags, name])

    def asdict(self) -> dict[str, Any]:
        """All fields as a dict, for printing."""
        return {name: getattr(self, name) for name in self.__slots__}


_FIELDS = {one.name: one for one in fields(Article)}


class ArticleAdapter(DataclassAdapter):
    """`ItemAdapter` for an Article: as for any dataclass, but its fields are listed once, not anew
    for each stage of each item, which took as long as some stages."""

    def __init__(self, item: Any) -> None:
        self.item = item
        self._fields_dict = _FIELDS

    def __contains__(self, name: object) -> bool:
        return name in _FIELDS

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field; `default` where there is no such field."""
        return getattr(self.item, name) if name in _FIELDS else default

    @classmethod
    def is_item(cls, item: Any) -> bool:
        """Whether this adapter is the one for `item`."""
        return isinstance(item, Article)

    @classmethod
    def is_item_class(cls, item_class: type) -> bool:
        """Whether this adapter is the one for items of `item_class`."""
        return issubclass(item_class, Article)


ItemAdapter.ADAPTER_CLASSES = (ArticleAdapter, *ItemAdapter.ADAPTER_CLASSES)


Fields = MutableMapping[str, Any]
"""An item's fields by name, as stages see them."""


def fields_of(item: Any) -> Fields:
    """What `ItemAdapter` makes of any item it knows; of an Article without the layer between, which
    took as long as some stages."""
    return ArticleAdapter(item) if type(item) is Article else ItemAdapter(item)
