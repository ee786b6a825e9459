"""ContactInUserAgent: the add-on that writes CONTACT into USER_AGENT, however it was set."""

from __future__ import annotations

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler import __version__


def user_agent(contact: str) -> str:
    """`titrologue/0.1.0 (+https://example.org/bot)`."""
    return f"titrologue/{__version__} (+{contact})"


class ContactInUserAgent:
    """`-s CONTACT=…` comes after `crawler.settings` has been read, so USER_AGENT is built again
    here unless somebody set it above the project's settings."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the settings are frozen."""
        priority = settings.getpriority("USER_AGENT") or 0
        if priority <= SETTINGS_PRIORITIES["project"]:
            settings.set("USER_AGENT", user_agent(settings["CONTACT"]), priority="project")
