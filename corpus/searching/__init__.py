"""Full-text search in French: an index beside the database, a cache of it, rebuilt at will."""
