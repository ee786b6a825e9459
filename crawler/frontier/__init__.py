"""The corpus' pages table as the Scrapy scheduler."""
