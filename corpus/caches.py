"""Caches: where what is derived from a database, and can be made anew, lies outside of it.

search/corpus-1f0c3a9b/     one folder a database, so that none answers for another
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from corpus.database import Database
from corpus.warc.files import slug


def cache_folder(search_dir: Path, database: Database) -> Path:
    """The folder of `database` below SEARCH_DIR, named after its address; it may not exist yet."""
    url = database.url
    name = database.path.stem if database.path is not None else str(url.database)
    place = str(database.path or f"{url.host}:{url.port or 5432}/{url.database}")
    digest = hashlib.sha256(f"{database.dialect}:{place}".encode()).hexdigest()
    return search_dir / f"{slug(name)}-{digest[:8]}"
