"""WARC 1.1 as bytes: records and gzip members, without knowing what they are of."""
