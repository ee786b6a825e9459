"""What `scrapy gaps` finds, asks and prints."""
