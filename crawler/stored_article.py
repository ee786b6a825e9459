"""From an item that went through the stages to the row that is stored."""

from __future__ import annotations

from typing import Any

from corpus.storing import StoredArticle, stored_fields
from corpus.worse import content_hash
from crawler.items import fields_of
from crawler.parsing.sources import known_source
from crawler.portals.sections import section_slug


def stored_article(item: Any, *, key: str, run_id: int | None, revision: str) -> StoredArticle:
    """The row for `item`, read by the extractor of that `revision`, ready for the writer."""
    adapter = fields_of(item)
    values: dict[str, Any] = {name: adapter[name] for name in stored_fields() if name in adapter}
    listed = known_source(adapter.get("source") or "")
    values |= {
        "key": key,
        "run_id": run_id,
        "content_hash": content_hash(adapter.get("title"), adapter.get("body") or ""),
        "extractor_revision": revision,
        "source_listed": listed is not None,
        "source_kind": listed.kind if listed else None,
        "source_country": listed.country if listed else None,
        "section_slug": section_slug(adapter.get("section") or "") or None,
    }
    return StoredArticle(**values)
