"""Pages looked at one by one: what `scrapy try` prints and `scrapy probe` judges. No network."""
