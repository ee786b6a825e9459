"""Articles out of WARC files of others, through the same parser and stages as a crawl's."""
