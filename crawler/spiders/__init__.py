"""The one spider, and the loader that gives each portal its name in `scrapy list`."""
