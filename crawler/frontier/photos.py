"""Photos: hands a run the photos of its articles (`-a photos=yes`), one request at a time.

What is to be fetched stands in the tables: an article's photo that `photos` does not have. So a
kill loses nothing, and a run that is bounded leaves no photo of its own articles out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import imagesize
from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from corpus.photos import PhotosWanted, SettlePhoto, WantedPhoto
from corpus.warc.captures import Capture
from crawler.addresses import BadAddress, canonical
from crawler.frontier.ledger import MAX_HOPS
from crawler.frontier.run import Run
from crawler.network.failures import failure_reason

AT_ONCE = 20
"""Photos that are looked up at once."""
UNTOLD = ("throttled", "robots_unreachable", "run_ended")
"""Failures that say nothing of the photo: a later run asks for it again."""
REFUSED = ("robots", "offsite", "scheme", "blocked_private", "too_large")
"""Photos that are not fetched by any run."""


class Photos:
    """The photos of one run. All on the event loop, and nothing waits."""

    def __init__(
        self,
        run: Run,
        stats: StatsCollector,
        *,
        own_only: bool,
        largest: int,
        is_paused: Callable[[str], bool],
        on_more: Callable[[], None],
    ) -> None:
        """`own_only`: none of articles that earlier runs stored. `largest`: bytes of a photo.
        `is_paused`: whether a host asked for a pause. `on_more`: the scheduler is to look again."""
        self._run, self._stats, self._own_only = run, stats, own_only
        self._largest, self._is_paused, self._on_more = largest, is_paused, on_more
        self._waiting: deque[WantedPhoto] = deque()
        self._returned: list[Request] = []
        self._below: int | None = None
        self._above = self._highest = 0
        self._asking = self._dry = self._out = False

    @property
    def pending(self) -> bool:
        """True while there is, or may be, one more."""
        return bool(self._waiting or self._asking or self._out or not self._dry)

    def stored(self) -> None:
        """An article was stored or changed: there may be a photo more."""
        if self._dry:
            # Those above the newest that the pass before has met.
            self._above, self._below, self._dry = self._highest, None, False

    def next(self) -> Request | None:
        """The request for the next photo; None while one is out, its host asked for a pause, or
        nothing is known."""
        if self._returned:
            return self._returned.pop()
        if self._out:
            return None
        if not self._waiting:
            self._ask()
            return None
        photo = self._waiting[0]
        if self._is_paused(urlsplit(photo.url).hostname or ""):
            return None
        self._waiting.popleft()
        self._out = True
        try:
            return self._request(photo, photo.url, [])
        except ValueError:
            self._settle(photo, "rejected", "no_address")
            return None

    def take_back(self, request: Request) -> None:
        """A request that comes again: a further try, or where a redirect leads."""
        self._returned.append(request)

    def _ask(self) -> None:
        if self._asking or self._dry:
            return
        self._asking = True
        run_id = self._run.id if self._own_only else None
        unit = PhotosWanted(self._run.portal, run_id, self._below, self._above, AT_ONCE)
        self._run.put(unit, self._known)

    def _known(self, found: list[WantedPhoto] | Exception) -> None:
        self._asking = False
        if isinstance(found, Exception):
            # The database is lost; the run is ending.
            return
        self._dry = len(found) < AT_ONCE
        if found:
            self._below = found[-1].article_id
            self._highest = max(self._highest, found[0].article_id)
            self._waiting.extend({photo.url: photo for photo in found}.values())
        self._on_more()

    def _request(self, photo: WantedPhoto, url: str, answers: list[Capture]) -> Request:
        request = Request(
            url,
            callback=self._fetched,
            errback=self._failed,
            meta={
                "photo": (photo, answers),
                "dont_redirect": True,
                "handle_httpstatus_all": True,
                "download_maxsize": self._largest,
            },
            dont_filter=True,
        )
        self._stats.inc_value("portal/requests/photo")
        return request

    def _fetched(self, response: Response) -> Iterator[Request]:
        photo, answers = response.meta["photo"]
        answers.append(response.meta["capture"])
        location = response.headers.get("Location")
        if 300 <= response.status < 400 and location and len(answers) <= MAX_HOPS:
            try:
                target = canonical(urljoin(response.url, location.decode("latin-1")))
            except (BadAddress, ValueError):
                self._settle(photo, "rejected", "redirect")
            else:
                yield self._request(photo, target, answers)
        elif response.status != 200:
            state = "failed" if response.status >= 500 else "rejected"
            self._settle(photo, state, f"http_{response.status}")
        elif (size := _dimensions(response.body)) is None:
            self._settle(photo, "rejected", "no_image")
        else:
            self._store(photo, response, size, answers)

    def _failed(self, failure: Any) -> None:
        photo, _ = failure.request.meta["photo"]
        reason = failure_reason(failure.value)
        if reason in UNTOLD:
            self._out = False
            self._on_more()
            return
        self._settle(photo, "rejected" if reason in REFUSED else "failed", reason)

    def _store(
        self, photo: WantedPhoto, response: Response, size: tuple[int, int], answers: list[Capture]
    ) -> None:
        kind = response.headers.get("Content-Type")
        unit = self._unit(photo, "stored", None)
        unit.media_type = kind.decode("latin-1").partition(";")[0].strip() if kind else None
        unit.width, unit.height = size
        unit.size = len(response.body)
        unit.final_url = response.url if response.url != photo.url else None
        unit.answers = answers
        self._put(unit)

    def _settle(self, photo: WantedPhoto, state: str, reason: str) -> None:
        self._stats.inc_value(f"portal/photos/{state}/{reason}")
        self._put(self._unit(photo, state, reason))

    def _unit(self, photo: WantedPhoto, state: str, reason: str | None) -> SettlePhoto:
        run, now = self._run, datetime.now(UTC)
        return SettlePhoto(run.portal, run.id, photo.url, state, reason, photo.credit, now)

    def _put(self, unit: SettlePhoto) -> None:
        self._out = False
        self._stats.inc_value(f"portal/photos/{unit.state}")
        self._run.put(unit, lambda _: self._on_more())


def _dimensions(body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as shown; None for what is no picture made of pixels."""
    # Drawings (SVG) are XML, in which anything may stand; no press photo is one.
    if not body or body.lstrip()[:1] == b"<":
        return None
    try:
        width, height = imagesize.get(BytesIO(body))
    except Exception:
        # Whatever a damaged header leads the library to: it is no picture.
        return None
    return (width, height) if width > 0 and height > 0 else None
