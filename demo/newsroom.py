"""Newsroom: what happens to a portal between two crawls. It publishes, pins, back-dates, edits,
deletes and restores; the next request sees it.

room = Newsroom(world)
url = room.publish("Politique")
room.edit(url)
room.delete(url)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from demo.articles import Article, Words

if TYPE_CHECKING:
    from demo.portal import World


class Edited(Article):
    """An article after so many edits by its site: a further paragraph, or another headline where it
    has no text."""

    def __init__(self, article: Article, edits: int) -> None:
        super().__init__(article.stub, article.switches)
        self._before, self._edits = article.words, edits
        if not self._before.body:
            self._title += f" (mise à jour n° {edits})"

    @cached_property
    def words(self) -> Words:
        """Those of the article, and what the edits added."""
        if not self._before.body:
            return self._before
        more = [
            [[f"Rectificatif n° {n + 1} : le chiffre donné plus haut a été revu par nos services."]]
            for n in range(self._edits)
        ]
        return replace(self._before, body=[*self._before.body, *more])


class Newsroom:
    """Changes a world. Articles are named by their addresses."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._edits: dict[int, int] = {}

    def publish(self, section: str) -> str:
        """A new article on top of a section, dated today; its address."""
        return self.world.publish(1, section)[0]

    def back_date(self, section: str, *, days: int, below: int) -> str:
        """A new article dated `days` ago, listed below `below` others of its section."""
        world = self.world
        with world.changing():
            stub = world.grow(world.today - timedelta(days=days), section)
            world.sink(stub.index, section, below)
        return stub.url

    def pin(self, url: str, section: str) -> None:
        """Show an article at the top of a section, whatever is published later."""
        with self.world.changing():
            self.world.pins.setdefault(section, []).insert(0, self._index(url))

    def edit(self, url: str) -> None:
        """Change an article's text."""
        index = self._index(url)
        with self.world.changing():
            self._edits[index] = self._edits.get(index, 0) + 1
            original = Article(self.world.stubs[index], self.world.forced_switches)
            self.world.put(index, Edited(original, self._edits[index]))
            self.world.edited_at[index] = datetime.now(UTC)

    def delete(self, url: str, status: int = 404) -> None:
        """Take an article off: listed nowhere, its address answers with `status` (200: a page that
        says so)."""
        with self.world.changing():
            self.world.withdrawn[self._index(url)] = status

    def restore(self, url: str) -> None:
        """Undo that."""
        with self.world.changing():
            del self.world.withdrawn[self._index(url)]

    def _index(self, url: str) -> int:
        return next(stub.index for stub in self.world.stubs if stub.url == url)
