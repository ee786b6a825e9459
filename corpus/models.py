"""The tables of the corpus as classes: the public surface that `scrapy sql` and exports ask.

Each column's docstring gives its meaning, unit, an example, and when it is empty. A change here
needs a migration in `corpus/migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from corpus.columns import CleanJSON, CleanText, RowId, UTCDateTime

STATES = (
    "queued",
    "leased",
    "stored",
    "duplicate",
    "rejected",
    "quarantined",
    "failed",
    "missing",
    "gone",
)
"""The nine states of a page; every page is in exactly one."""

RANGE_STATES = ("skimmed", "wanted")
"""What is to become of numbers that were not tried."""

PHOTO_STATES = ("stored", "failed", "rejected")
"""What became of a photo."""

CAUSES = ("site", "reading")
"""Why a version exists: the site changed its article, or we read it better."""

IS_EDIT = "cause = 'site' AND version > 1"
"""SQL of a version that is a silent edit: the site changed what it had published."""

EVENTS = ("gone", "back")
"""What else happens to an article: the site holds it no more, or again."""


def one_of(column: str, values: tuple[str, ...]) -> str:
    """SQL of a CHECK that holds `column` to `values`."""
    return f"{column} IN ({', '.join(repr(v) for v in values)})"


class Base(DeclarativeBase):
    """Common base: column types by annotation, and a name for every constraint, since a
    nameless one cannot be migrated on SQLite."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it so
        str: CleanText(),
        datetime: UTCDateTime(),
        Any: CleanJSON(),
        list[str]: CleanJSON(),
        list[Any]: CleanJSON(),
        dict[str, Any]: CleanJSON(),
    }


def table(model: type[Base]) -> Table:
    """The table of a model, as Core statements want it: bulk work goes past the ORM."""
    return cast(Table, model.__table__)


class Reading:
    """What a reading of an article page gives. An article and each of its versions have these."""

    url: Mapped[str]
    """Canonical address of the page: `http://news.abamako.com/h/292014.html`."""
    section: Mapped[str | None]
    """Label of the section as the page shows it: `Politique`. Empty where it shows none."""
    title: Mapped[str | None]
    """Headline, one line. Empty only where the page has none."""
    published_on: Mapped[date | None]
    """Day of publication on the portal's clock: the truth. Empty where the page's date cannot be
    read with certainty; see `published_raw`."""
    published_at: Mapped[datetime | None]
    """Instant of publication, UTC. Empty when the precision is `day`."""
    published_precision: Mapped[str | None]
    """`day` or `minute`. Empty without a date."""
    published_raw: Mapped[str | None]
    """The date line as it stands, white space collapsed: `Publié le vendredi 29 mars 2024`.
    Empty where the page has none."""
    updated_on: Mapped[date | None]
    """Day of the last update that the page itself tells. Usually empty."""
    updated_raw: Mapped[str | None]
    """The update line as it stands: `Mis à jour le …`. Usually empty."""
    source: Mapped[str | None]
    """The newspaper the article comes from, by its one name in `sources`: `L’Essor`. Empty where
    the page names none."""
    source_raw: Mapped[str | None]
    """The source as the page writes it: `L´ESSOR`; what a signing line names stands in
    `byline_raw` as written. Empty as `source`."""
    author: Mapped[str | None]
    """Who signs, without function, place or address: `Aboubacar TRAORE`. Empty where unsigned."""
    agency: Mapped[str | None]
    """News agency the text came through: `AFP`. Empty otherwise."""
    byline_raw: Mapped[str | None]
    """The lines that sign, as they stand, parted by ` | `: `M. CAMARA (stagiaire) | Avec AFP`.
    Empty where none does."""
    lead: Mapped[str | None]
    """First paragraph of the body. Empty where the body is."""
    body: Mapped[str]
    """The text, lead included: paragraphs parted by a blank line. `''` on a bare photo page."""
    word_count: Mapped[int]
    """Words of the body: 312; 0 on a bare photo page."""
    language: Mapped[str | None]
    """ISO 639-1 code of the body, or of the title of a photo page: `fr`. Empty where it cannot
    be told."""
    photo_url: Mapped[str | None]
    """Absolute address of the article's photo. Empty without one."""
    photo_credit: Mapped[str | None]
    """Credit without the ©: `Autre presse par DR`. Empty where none is given."""
    photo_caption: Mapped[str | None]
    """Caption below the photo: `Le marché de Ségou, lundi`. Empty where there is none."""
    truncated: Mapped[bool]
    """True where the page breaks off and says that the text goes on elsewhere."""
    continues_on: Mapped[str | None]
    """Where it goes on: `RFI`. Empty unless truncated."""
    comments_count: Mapped[int | None]
    """Readers' comments shown at that fetch. Empty where the page has no place for them."""
    signs: Mapped[dict[str, Any]]
    """Field to the sign that gave it: `{"title": "selector:h1"}`."""
    flags: Mapped[list[str]]
    """What a reader should know, sorted: `["date_future", "weekday"]`."""
    content_hash: Mapped[str]
    """Hash of title and body as stored. A new value is a new version."""
    region_hash: Mapped[str | None]
    """Hash of the article region as the page showed it: tells an edit from a better reading.
    Empty where the page was read without one."""
    extractor_revision: Mapped[str | None]
    """Parser and stages that read it: `2.1f3a9c07`, a number that people raise and a digest of the
    source. Of an article the last that read its page, of a version the one that wrote it. Empty
    where that is not known."""
    knowledge_revision: Mapped[int]
    """Number of the learned knowledge that was used; 0 is none."""
    run_id: Mapped[int | None] = mapped_column(RowId)
    """The run that fetched or imported it (`runs.id`). Empty where none did."""
    fetched_at: Mapped[datetime]
    """When the page was fetched, UTC; of what was imported as its record there says."""
    warc_file: Mapped[str | None]
    """Archive file below ARCHIVE_DIR that holds the page. Empty with ARCHIVE=none."""
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)
    """First byte of the response record in that file: 70312. Empty as `warc_file`."""
    warc_length: Mapped[int | None] = mapped_column(BigInteger)
    """Bytes of the (compressed) response record: 9120. Empty as `warc_file`."""
    warc_digest: Mapped[str | None]
    """Digest of the undecoded payload: `sha1:` and base32. Empty as `warc_file`."""


class Article(Reading, Base):
    """One article, as last read. Identity: (portal, key)."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number; never used twice."""
    portal: Mapped[str]
    """Name of the portal: `abamako`; the host for a page of none of ours."""
    site: Mapped[str]
    """Label of the host below the portal's domain: `news`, `sports`."""
    kind: Mapped[str | None]
    """Series: `h` article, `p` photo page. Empty where the address has no number."""
    number: Mapped[int | None] = mapped_column(BigInteger)
    """Place in the series; rises with time: 292014. Empty as `kind`."""
    key: Mapped[str]
    """Identity within the portal; the same as the page's `key`."""
    version: Mapped[int]
    """Number of the latest version, from 1."""
    first_seen_at: Mapped[datetime]
    """The earliest fetch that showed it, UTC; goes back where an earlier one is imported."""
    last_seen_at: Mapped[datetime]
    """When the site last showed it to us, changed or not, UTC."""
    updated_at: Mapped[datetime]
    """When this row's content last changed (a new version, gone, come back), UTC."""
    gone_at: Mapped[datetime | None]
    """When the site was first found not to hold it any more. Empty while it stands."""
    corpus_revision: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """The change of the corpus (`revisions.id`) that last changed this row's content, its sections
    included; 0 for one older than that table."""

    __table_args__ = (
        UniqueConstraint("portal", "key"),
        CheckConstraint(one_of("published_precision", ("day", "minute")), name="precision"),
        # With the id, so that what changed can be gone through in steps of any length.
        Index(None, "corpus_revision", "id"),
        # By portal and day; and all that `coverage`, `days` and `sources_seen` ask for, so that
        # they read no body.
        Index(
            "ix_articles_coverage",
            "portal",
            "published_on",
            "section",
            "word_count",
            "source",
            "author",
        ),
        Index(None, "portal", "site", "kind", "number"),
        Index("ix_articles_section", "section", "published_on"),
        Index("ix_articles_source", "source", "published_on"),
        Index(
            "ix_articles_author",
            "author",
            sqlite_where=text("author IS NOT NULL"),
            postgresql_where=text("author IS NOT NULL"),
        ),
        Index(None, "updated_at"),
        Index(None, "url"),
        {"sqlite_autoincrement": True},
    )


class ArticleVersion(Reading, Base):
    """One state of an article's text; immutable. Version 1 is the first reading."""

    __tablename__ = "article_versions"

    article_id: Mapped[int] = mapped_column(RowId, ForeignKey("articles.id"), primary_key=True)
    """The article (`articles.id`)."""
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1, without holes."""
    cause: Mapped[str]
    """`site`: the site changed the article. `reading`: we read the same page better."""
    created_at: Mapped[datetime]
    """When this version was stored, UTC."""

    __table_args__ = (
        CheckConstraint(one_of("cause", CAUSES), name="cause"),
        CheckConstraint(one_of("published_precision", ("day", "minute")), name="precision"),
        Index(None, "created_at"),
        # The edits among the versions are few, and asked for newest first.
        Index(
            "ix_article_versions_edits",
            "fetched_at",
            "article_id",
            "version",
            sqlite_where=text(IS_EDIT),
            postgresql_where=text(IS_EDIT),
        ),
    )


class Revision(Base):
    """A transaction that changed articles. What is derived from them, such as the search index and
    an export's manifest, names the revision it shows."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """The revision of the corpus; rises with each change, with holes."""
    made_at: Mapped[datetime]
    """When that was, UTC."""

    __table_args__ = ({"sqlite_autoincrement": True},)


class ArticleEvent(Base):
    """That an article vanished from its site, or came back; each time, in order. Its text is kept
    meanwhile. Rows are never changed."""

    __tablename__ = "article_events"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number; rises with time."""
    article_id: Mapped[int] = mapped_column(RowId, ForeignKey("articles.id"))
    """The article (`articles.id`)."""
    event: Mapped[str]
    """`gone`: the site was found not to hold it any more. `back`: it holds it again."""
    at: Mapped[datetime]
    """When we noted it, UTC."""
    reason: Mapped[str | None]
    """How the site said that it is gone: `http_404`, `http_410`, `not_found`. Empty for `back`, and
    for what vanished before this table was."""
    run_id: Mapped[int | None] = mapped_column(RowId)
    """The run that found it so (`runs.id`). Empty as `reason` of old rows."""

    __table_args__ = (
        CheckConstraint(one_of("event", EVENTS), name="event"),
        Index(None, "article_id"),
        {"sqlite_autoincrement": True},
    )


class ArticleSection(Base):
    """A section an article was shown in: its own and those that listed it."""

    __tablename__ = "article_sections"

    article_id: Mapped[int] = mapped_column(RowId, ForeignKey("articles.id"), primary_key=True)
    """The article (`articles.id`)."""
    section: Mapped[str] = mapped_column(primary_key=True)
    """Slug of the section: `politique`."""
    label: Mapped[str | None]
    """The section's label: `Politique`. Empty where only the slug is known."""
    first_seen_at: Mapped[datetime]
    """When we first saw the article there, UTC."""

    __table_args__ = (Index(None, "section", "article_id"),)


class Source(Base):
    """A newspaper, agency, broadcaster or site that articles name: one row for all its spellings.
    `kind`, `country` and `canonical` are people's to edit, with `scrapy sources`."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number."""
    key: Mapped[str] = mapped_column(unique=True)
    """What its spellings have in common, without accents, case and apostrophes: `lessor`."""
    name: Mapped[str] = mapped_column(unique=True)
    """As in `articles.source`: the list's name for it, else the spelling first seen: `L’Essor`."""
    kind: Mapped[str | None]
    """`newspaper`, `agency`, `broadcaster` or `site`. Empty where not known."""
    country: Mapped[str | None]
    """ISO 3166-1 alpha-2: `ML`. Empty where not known, several or none."""
    canonical: Mapped[str | None]
    """The name its articles get instead, where a person says so: `L’Essor` for `Essor du Mali`.
    Usually empty."""
    first_seen_at: Mapped[datetime]
    """When it was first named, UTC."""


class Knowledge(Base):
    """What `scrapy learn` found out about a portal. Rows are never changed; the latest counts."""

    __tablename__ = "knowledge"

    revision: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Number of this knowledge, as in `articles.knowledge_revision`; rises over all portals."""
    portal: Mapped[str]
    """Name of the portal: `abamako`."""
    learned_at: Mapped[datetime]
    """When it was learned, UTC."""
    pages: Mapped[int]
    """Pages it was learned from."""
    template_lines: Mapped[list[str]]
    """Lines that recur over those pages, every figure as `0`, sorted: `["Accueil", "0 visiteurs"]`.
    """

    __table_args__ = (Index(None, "portal"), {"sqlite_autoincrement": True})


class Reprint(Base):
    """An article that repeats an earlier one, near enough to be the same dispatch."""

    __tablename__ = "reprints"

    article_id: Mapped[int] = mapped_column(RowId, ForeignKey("articles.id"), primary_key=True)
    """The later article."""
    original_id: Mapped[int] = mapped_column(RowId, ForeignKey("articles.id"))
    """The earliest one with this text."""
    similarity: Mapped[float] = mapped_column(Float)
    """Share of the text that both have, 0 to 1."""
    cut: Mapped[dict[str, Any] | None]
    """What the later one left out or changed. Empty where nothing is."""
    found_at: Mapped[datetime]
    """When the link was found, UTC."""

    __table_args__ = (Index(None, "original_id"),)


class Run(Base):
    """One crawl of one portal, or one import into it."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number; also in the archive's file names."""
    portal: Mapped[str]
    """Name of the portal."""
    strategy: Mapped[str]
    """`sections`, `feed`, `archive`, `refresh`, `sample` (numbers that `scrapy gaps` drew) or
    `import` (files that `scrapy import-warc` read)."""
    arguments: Mapped[dict[str, Any]]
    """The `-a` arguments as given; of an import its files and, for another site, its time zone."""
    version: Mapped[str | None]
    """Version of titrologue: `0.1.0`. Empty where the package is not installed."""
    started_at: Mapped[datetime]
    """When it took the portal, UTC."""
    ended_at: Mapped[datetime | None]
    """When it let go. Empty while it runs, and for ever after a kill."""
    finish_reason: Mapped[str | None]
    """Scrapy's finish reason: `finished`. Empty as `ended_at`."""
    exit_code: Mapped[int | None]
    """The exit code of the contract. Empty as `ended_at`."""
    discovery_requests: Mapped[int] = mapped_column(server_default=text("0"))
    """Requests for listings, feeds and home pages."""
    article_requests: Mapped[int] = mapped_column(server_default=text("0"))
    """Requests for pages that were not held."""
    revisit_requests: Mapped[int] = mapped_column(server_default=text("0"))
    """Requests for pages that were."""
    stored: Mapped[int] = mapped_column(server_default=text("0"))
    """Articles stored for the first time."""
    changed: Mapped[int] = mapped_column(server_default=text("0"))
    """Articles that got a new version."""
    unchanged: Mapped[int] = mapped_column(server_default=text("0"))
    """Articles seen again as they were."""
    archive_bytes: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Bytes that it added to the archive, compressed."""
    stats: Mapped[dict[str, Any] | None]
    """Scrapy's statistics, renewed while it runs: `{"item_scraped_count": 57, …}`. Empty before the
    first, and of an import."""

    __table_args__ = (Index(None, "portal", "started_at"), {"sqlite_autoincrement": True})


class Section(Base):
    """A listing of a portal: its address, how far it was walked, when to walk it again."""

    __tablename__ = "sections"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number."""
    portal: Mapped[str]
    """Name of the portal."""
    slug: Mapped[str]
    """Name for arguments, without accents: `politique`. Two listings may share it."""
    label: Mapped[str]
    """As the portal names it: `Politique`."""
    url: Mapped[str]
    """Canonical address of its first page."""
    sign: Mapped[str | None]
    """What told us that it is a section: `label`, `menu` … (`plan`: «Plan du site», no section).
    Empty where that is not known."""
    state: Mapped[str]
    """`candidate` (not looked at), `listing` (holds articles), `no_listing` …"""
    mark: Mapped[list[str] | None]
    """Keys of the newest articles of the last walk that was complete. Empty before one was."""
    positions: Mapped[list[Any] | None]
    """Where unfinished walks stopped. Empty when nothing is open."""
    last_walked_at: Mapped[datetime | None]
    """When a walk of it last came to its end, UTC. Empty before one did."""
    checked_at: Mapped[datetime | None]
    """When a page of it was last read, UTC. Empty before one was."""
    interval: Mapped[int | None]
    """Seconds after which something new may be expected; `scrapy schedule` learns it. Empty until
    then."""
    discovered_at: Mapped[datetime]
    """When it was found, UTC."""
    etag: Mapped[str | None]
    """ETag of the listing's first page as it was when a walk from it came to its end, or of a feed
    whose entries are all in `pages`. Empty where none was sent."""
    last_modified: Mapped[str | None]
    """Last-Modified likewise, as sent. Empty where none was sent or it could not be relied on."""
    walks: Mapped[int] = mapped_column(server_default=text("0"))
    """Complete walks since the last one that went on below the mark."""

    __table_args__ = (UniqueConstraint("portal", "url"), Index(None, "portal", "slug"))


class Page(Base):
    """An article address ever discovered: the frontier. One row an identity, in one state."""

    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number."""
    portal: Mapped[str]
    """Name of the portal."""
    site: Mapped[str]
    """Label of the host below the portal's domain."""
    kind: Mapped[str | None]
    """Series: `h`, as in `articles`. Empty where the address has no number."""
    number: Mapped[int | None] = mapped_column(BigInteger)
    """Place in the series, as in `articles`: 292014. Empty as `kind`."""
    url: Mapped[str]
    """The canonical address that is fetched."""
    key: Mapped[str]
    """Identity within the portal: `news/h/292014`, or the address without scheme and `www`."""
    state: Mapped[str]
    """What we hold: `queued`, `leased`, `stored`, `duplicate`, `rejected`, `quarantined`,
    `failed`, `missing` (asked, never existed), `gone` (was stored, vanished)."""
    reason: Mapped[str | None]
    """Why it is in this state: `redirect_loop`. Empty where the state says all."""
    last_result: Mapped[str | None]
    """What the last fetch brought: `new`, `changed`, `unchanged`, `returned` (it had been gone), or
    the state that a failed fetch of an article we hold would have given. Empty before one."""
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    """Fetches that ended in failure, over all runs."""
    due_at: Mapped[datetime | None]
    """When to fetch it again, UTC: a retry, or of an article we hold the next revisit. Empty: no
    plan beyond the state."""
    run_id: Mapped[int | None] = mapped_column(RowId)
    """The run that last held it (`runs.id`). Empty before one."""
    found_by: Mapped[list[str]]
    """Every route that led to it, sorted: `["sections:politique", "side"]`."""
    listed_on: Mapped[date | None]
    """The day a listing shows beside its link. Empty where none does."""
    etag: Mapped[str | None]
    """ETag of the last answer, as sent: `"5f3-61a"`. Empty where none was sent."""
    last_modified: Mapped[str | None]
    """Last-Modified of the last answer, as sent. Empty where none was."""
    discovered_at: Mapped[datetime]
    """When it was first found, UTC."""
    settled_at: Mapped[datetime | None]
    """When it last came into its state by a fetch, UTC. Empty before one."""
    article_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("articles.id"))
    """The article it holds, or is a duplicate of. Empty without one."""
    warc_file: Mapped[str | None]
    """Archive file below ARCHIVE_DIR with the last answer that was kept, whatever it came to: a
    rejected or quarantined page can be read again. Empty where none was."""
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)
    """First byte of that answer's record in the file. Empty as `warc_file`."""
    warc_length: Mapped[int | None] = mapped_column(BigInteger)
    """Bytes of the (compressed) record. Empty as `warc_file`."""
    warc_digest: Mapped[str | None]
    """Digest of the undecoded payload, as in `articles`. Empty as `warc_file`."""

    __table_args__ = (
        UniqueConstraint("portal", "key"),
        CheckConstraint(one_of("state", STATES), name="state"),
        # A page is stored in the transaction that stores its article: the table itself says so.
        CheckConstraint(
            "state NOT IN ('stored', 'gone') OR article_id IS NOT NULL", name="stored_has_article"
        ),
        # Newest first. Each database has its own way of putting the numberless last.
        Index("ix_pages_newest", "portal", "state", text("number DESC"), "id").ddl_if(
            dialect="sqlite"
        ),
        Index("ix_pages_newest", "portal", "state", text("number DESC NULLS LAST"), "id").ddl_if(
            dialect="postgresql"
        ),
        # What is due, state by state; with the last visit, so that the latest are found in it.
        Index(
            "ix_pages_due",
            "portal",
            "state",
            "due_at",
            "settled_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(None, "article_id"),
        # One series by its numbers: what the archive strategy and the gaps walk.
        Index("ix_pages_series", "portal", "site", "kind", "number"),
    )


class Photo(Base):
    """A photo that an article shows (`articles.photo_url`), fetched with `-a photos=yes`. Its bytes
    are in the archive."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number."""
    portal: Mapped[str]
    """Name of the portal: `abamako`."""
    url: Mapped[str]
    """Its address, as in `articles.photo_url`."""
    state: Mapped[str]
    """`stored`, `failed` (tried again by a later run, three times), `rejected` (never will be)."""
    reason: Mapped[str | None]
    """Why it is not stored: `http_404`, `no_image`, `too_large`, `offsite`. Empty where it is."""
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    """Fetches that failed."""
    credit: Mapped[str | None]
    """Credit beside it, as in `articles.photo_credit`. Empty where none is given."""
    final_url: Mapped[str | None]
    """Where redirects have led to. Empty where there was none."""
    media_type: Mapped[str | None]
    """As the server says: `image/jpeg`. Empty unless stored."""
    width: Mapped[int | None]
    """Pixels, as it is shown. Empty unless stored."""
    height: Mapped[int | None]
    """Pixels likewise. Empty unless stored."""
    size: Mapped[int | None]
    """Bytes. Empty unless stored."""
    run_id: Mapped[int | None] = mapped_column(RowId)
    """The run that fetched it (`runs.id`). Empty where none did."""
    fetched_at: Mapped[datetime]
    """When it was last asked for, UTC."""
    warc_file: Mapped[str | None]
    """Archive file below ARCHIVE_DIR that holds it. Empty unless stored."""
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)
    """First byte of the response record in that file: 70312. Empty as `warc_file`."""
    warc_length: Mapped[int | None] = mapped_column(BigInteger)
    """Bytes of the (compressed) response record: 9120. Empty as `warc_file`."""
    warc_digest: Mapped[str | None]
    """Digest of its bytes: `sha1:` and base32. Empty unless stored."""

    __table_args__ = (
        UniqueConstraint("portal", "url"),
        CheckConstraint(one_of("state", PHOTO_STATES), name="state"),
    )


class Tombstone(Base):
    """An address whose text was taken down with `scrapy forget`; it is never fetched again."""

    __tablename__ = "tombstones"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number; rises with time."""
    portal: Mapped[str]
    """Name of the portal: `abamako`."""
    key: Mapped[str]
    """Identity within the portal, as in `pages`; of a photo its address."""
    url: Mapped[str]
    """The address that was named, that led to the same article, or of its photo."""
    reason: Mapped[str]
    """Why, as the person who did it wrote: `letter of the author, 3 November 2026`."""
    forgotten_at: Mapped[datetime]
    """When the text left the tables, UTC."""
    erased_at: Mapped[datetime | None]
    """When its records in the archive were overwritten, UTC. Empty while that is still to be done:
    `scrapy forget` without an address does it."""
    article_id: Mapped[int | None] = mapped_column(RowId)
    """The number that the article had (`articles.id`), never used again. Empty for a photo, and
    where none was held."""
    corpus_revision: Mapped[int | None] = mapped_column(BigInteger)
    """The change (`revisions.id`) that took it out. Empty as `article_id`."""

    __table_args__ = (
        UniqueConstraint("portal", "key"),
        Index(None, "corpus_revision"),
        {"sqlite_autoincrement": True},
    )


class NumberRange(Base):
    """Numbers of a series that a strategy knows of and has not asked for. Ranges of one series
    and state do not overlap."""

    __tablename__ = "number_ranges"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    """Our number."""
    portal: Mapped[str]
    """Name of the portal."""
    site: Mapped[str]
    """Label of the host, as in `pages`: `news`."""
    kind: Mapped[str]
    """Series, as in `pages`: `h`."""
    first: Mapped[int] = mapped_column(BigInteger)
    """Lowest number of the range."""
    last: Mapped[int] = mapped_column(BigInteger)
    """Highest number of the range, itself inside."""
    state: Mapped[str]
    """`skimmed`: passed over by strides, not tried. `wanted`: to be read in full by the next
    archive run, which then removes it."""
    noted_at: Mapped[datetime]
    """When it was written down or last changed, UTC."""

    __table_args__ = (
        CheckConstraint(one_of("state", RANGE_STATES), name="state"),
        CheckConstraint("first >= 1 AND first <= last", name="order"),
        Index("ix_number_ranges_series", "portal", "site", "kind", "first"),
    )
