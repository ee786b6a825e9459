"""From an Article to a row: the item pipeline, one stage a file."""
