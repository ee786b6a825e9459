"""From learned intervals to cron lines and systemd units, for `scrapy schedule`."""
