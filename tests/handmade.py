"""A portal written page by page, for tests that need exact bytes; the replica serves it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit

from demo.pages import Response

NEWS = "news.abamako.com"
Answer = Response | Callable[[str], Response]


def article_page(
    title: str = "Le pont de Kayes rouvre",
    *,
    body: str = "La circulation reprend sur le pont. Les commerçants sont soulagés.",
    line: str = "Publié le lundi 26 octobre 2026 | Le Matin",
    head: str = "",
    tail: str = "",
    charset: str | None = "utf-8",
) -> Response:
    """An article in the table template. `title` is escaped, all else is markup."""
    text = (
        f"<html><head>{head}<title>{escape(title)}</title></head><body>"
        f'<h1 class="FontArticleMainTitle">{escape(title)}</h1>'
        f'<div class="FontArticleSource">{line}</div>'
        f'<div><span class="FullArticleTexte">{body}</span></div>{tail}</body></html>'
    )
    label = f"text/html; charset={charset}" if charset else "text/html"
    return Response(200, text.encode(charset or "utf-8"), {"Content-Type": label})


class Handmade:
    """A portal of a home page, the sections it links to, and whatever else is put up."""

    etags = False

    def __init__(self, name: str = "abamako") -> None:
        self.name, self.domain = name, f"{name}.com"
        self.routes: dict[tuple[str, str], Answer] = {}
        self.sections: dict[str, list[str]] = {}
        self.extra: dict[str, str] = {}
        """More markup for a section's page."""

    def owns(self, host: str) -> bool:
        """Whether `host` is this portal's."""
        return host.lower() == self.domain or host.lower().endswith(f".{self.domain}")

    def put(self, address: str, answer: Answer) -> str:
        """Serve `answer` at a path of the news host or at a whole address; return the address."""
        parts = urlsplit(address if "//" in address else f"http://{NEWS}{address}")
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        self.routes[parts.netloc.lower(), target] = answer
        return parts.geturl()

    def articles(self, section: str, numbers: range, host: str = NEWS) -> None:
        """Good articles, listed in `section`."""
        for number in numbers:
            page = article_page(f"Nouvelle n° {number} du quartier")
            self.list(section, self.put(f"http://{host}/h/{number}.html", page))

    def list(self, section: str, *hrefs: str) -> None:
        """Link to `hrefs`, as they are, from the page of `section`."""
        self.sections.setdefault(section, []).extend(hrefs)

    def respond(self, host: str, target: str) -> Response:
        """The answer to a GET."""
        found = self.routes.get((host.lower(), target))
        if found is not None:
            return found(target) if callable(found) else _copy(found)
        if target == "/robots.txt":
            return Response(200, b"User-agent: *\nAllow: /\n", {"Content-Type": "text/plain"})
        if host.lower() == NEWS and target == "/":
            rows = "".join(f'<li><a href="/{s.lower()}/">{s}</a></li>' for s in self.sections)
            return _page("Accueil", f"<ul>{rows}</ul>")
        for label, hrefs in self.sections.items():
            if host.lower() == NEWS and unquote(target) == f"/{label.lower()}/":
                return _page(label, self._entries(hrefs) + self.extra.get(label, ""))
        return _page("Page introuvable", "", 404)

    def _entries(self, hrefs: list[str]) -> str:
        rows = "".join(
            f'<li class="LiNews"><a href="{escape(href)}">Nouvelle n° {n} du quartier et de la '
            f"ville</a> <small>26/10/2026</small></li>"
            for n, href in enumerate(hrefs)
        )
        return f'<ul class="liste">{rows}</ul>'


def _page(title: str, core: str, status: int = 200) -> Response:
    text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{core}</body></html>"
    return Response(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _copy(response: Response) -> Response:
    # A fault may write into what it is handed.
    return Response(response.status, response.body, dict(response.headers))


def redirect(location: str, status: int = 302) -> Response:
    """A redirect."""
    return Response(status, b"", {"Location": location})


def in_turn(*answers: Response) -> Callable[[str], Response]:
    """These answers one after the other, the last one for ever."""
    left: list[Any] = list(answers)

    def answer(_: str) -> Response:
        return _copy(left.pop(0) if len(left) > 1 else left[0])

    return answer
