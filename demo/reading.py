"""An article read from a text file, served by a world as if it were its own.

The text is a page as a text browser shows it; the JSON beside it is its gold. The words stay in
those files: nothing of them is in this project.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from demo.articles import Article, Stub, Words

_SWITCHES = frozenset({"advert_between_spans"})


class GivenArticle(Article):
    """An article whose words and gold were read, not drawn."""

    def __init__(self, stub: Stub, page: _TextView, gold: dict[str, Any]) -> None:
        super().__init__(stub, _SWITCHES)
        self._page = page
        self._gold = gold

    @property
    def title(self) -> str:
        """The headline of the text."""
        return self._page.title

    @property
    def source(self) -> str | None:
        """The last part of the date line."""
        return self._page.date_line.rpartition(" | ")[2]

    @property
    def date_line(self) -> str:
        """The line «Publié le …» of the text."""
        return self._page.date_line

    @cached_property
    def words(self) -> Words:
        """The words of the text."""
        page = self._page
        return Words(
            body=[[[line] for line in paragraph.split("\n")] for paragraph in page.paragraphs],
            author=page.author,
            credit=page.credit,
            photo_word=page.photo_word,
            caption=page.caption,
            long_caption=None,
            continues_on=None,
            continued_by="",
            comments=(),
            player="",
        )

    @property
    def gold(self) -> dict[str, Any]:
        """The JSON, as it is."""
        return dict(self._gold)


class _TextView:
    """What stands where in the text of a page. ValueError where it is not built as expected."""

    def __init__(self, text: str) -> None:
        lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.splitlines()]
        dated = next((n for n, line in enumerate(lines) if line.startswith("Publié le ")), None)
        if dated is None:
            raise ValueError("no line «Publié le …» in the text")
        self.date_line = lines[dated]
        self.title = next(line for line in lines[:dated][::-1] if line)
        credit = next(n for n, line in enumerate(lines) if n > dated and line.startswith("©"))
        self.credit = lines[credit].removeprefix("©").strip()
        self.photo_word = lines[credit - 1]
        self.caption = lines[credit + 1]
        start = lines.index("Comment", credit) + 1
        end = lines.index("Commentaires", start)
        groups = re.split(r"\n{2,}", "\n".join(lines[start:end]).strip())
        *self.paragraphs, self.author = groups


def article_from_text(text_file: str | Path, gold_file: str | Path) -> GivenArticle:
    """The article of a text view and its gold (the columns of the contract as JSON).

    Add it to a world with `World.add`. Raises OSError, and ValueError for a text of another build.
    """
    gold = json.loads(Path(gold_file).read_text("utf-8"))
    page = _TextView(Path(text_file).read_text("utf-8"))
    host = gold["url"].partition("://")[2].partition("/")[0]
    stub = Stub(
        index=0,
        site=gold["site"],
        kind=gold["kind"],
        number=gold["number"],
        section=gold["section"],
        day=date.fromisoformat(gold["published_on"]),
        seed="given",
        portal=gold["portal"],
        domain=host.partition(".")[2],
        scheme=gold["url"].partition(":")[0],
    )
    return GivenArticle(stub, page, gold)
