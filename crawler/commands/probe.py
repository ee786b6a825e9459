"""`scrapy probe`: the first contact with a site, at most 20 polite requests."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from crawler.addresses import BadAddress, canonical
from crawler.exit_codes import DONE, DRIFT, NOTHING, UNWRITABLE
from crawler.portals.base import Portal, portal_of, portals
from crawler.portals.generic import generic_portal
from crawler.probing.findings import Finding, articles_read, findings
from crawler.probing.naming import unknown_portal
from crawler.probing.new_portal import class_text, infer_selectors, names_of
from crawler.probing.prober import BUDGET, Prober, Sights
from crawler.probing.reading import is_address
from crawler.probing.save import save_captures
from crawler.probing.terminal import as_json, operands, printing, refuse, table
from crawler.settings_check import ConfigurationProblem, check_settings
from crawler.spiders.visit import Visits, VisitSpider, run_visits, visits_code
from crawler.stages import load_stages


class Command(ScrapyCommand):
    """Looks at a site and says which of this project's assumptions hold there."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy probe` in the usage line."""
        return "[options] <portal or address>"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Look at a site with at most 20 requests: which assumptions hold, with evidence"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            f"Make at most {BUDGET} polite requests to a portal, or to any other site, and print "
            "each assumption as held, not held or unknown, with its evidence. For a site that is "
            "no portal yet it prints a ready Portal class. Exit 0 if all strong assumptions held, "
            "10 if not, 9 if no article came, 12 if it could not be reached, 18 if it refused. "
            "Example: scrapy probe abamako --save probe.warc.gz"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and our own."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a finding")
        parser.add_argument("--save", metavar="FILE", help="keep every answer in FILE (.warc.gz)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Probe, print, and say by the exit code how it went."""
        assert isinstance(self.settings, Settings)
        given = operands("probe", args)
        if len(given) != 1:
            refuse("probe", "one portal or address, e.g. scrapy probe abamako")
        portal, home, ours = _target(given[0])
        _check_save(opts.save)
        try:
            check_settings(self.settings)
            stages = load_stages(self.settings)
        except ConfigurationProblem as problem:
            refuse("probe", str(problem))
        except (ImportError, NameError, ValueError) as problem:
            refuse("probe", f"ITEM_PIPELINES: {problem}")
        probers: list[Prober] = []

        async def work(spider: VisitSpider) -> None:
            probers.append(Prober(portal, home, spider, stages, ours=ours))
            await probers[0].run()

        print(f"probing {home} with at most {BUDGET} requests", file=sys.stderr, flush=True)
        visits = run_visits(self.settings, portal, work, budget=BUDGET)
        if visits.error is not None:
            raise visits.error
        sights = probers[0].sights if probers else Sights(portal, ours)
        if opts.save:
            _save(opts.save, visits)
        found = findings(sights, visits.robots)
        self.exitcode = _exit_code(sights, found, visits)
        report = _Report(sights, found, visits, self.exitcode)
        printing(lambda: print("\n".join(report.json() if opts.json else report.text())))


class _Report:
    """What is printed."""

    def __init__(
        self, sights: Sights, found: Sequence[Finding], visits: Visits, exitcode: int
    ) -> None:
        self.sights, self.found, self.visits, self.exitcode = sights, found, visits, exitcode

    def json(self) -> list[str]:
        """A line a finding, then the class if there is one, then the summary."""
        lines = [as_json(finding.record()) for finding in self.found]
        if code := self.portal_class():
            lines.append(as_json({"portal_class": "\n".join(code)}))
        summary: dict[str, Any] = {"summary": self.summary(), "requests": self.visits.requests}
        return [*lines, as_json({**summary, "exit": self.exitcode})]

    def text(self) -> list[str]:
        """Aligned lines; weak assumptions in parentheses."""
        rows = [
            (f.verdict, f.name if f.strong else f"({f.name})", " ".join(f.evidence.split()))
            for f in self.found
        ]
        lines = table(rows)
        if code := self.portal_class():
            name = names_of(self.sights.portal.host())[0]
            lines += ["", f"# crawler/portals/{name}.py", *code]
        return [*lines, "", f"{self.visits.requests} requests. {self.summary()}"]

    def portal_class(self) -> list[str]:
        """The class for a site that is none of ours and whose home could be read."""
        sights = self.sights
        if sights.ours or sights.home is None or sights.home.listing is None:
            return []
        selectors = infer_selectors(articles_read(sights)) if sights.system is None else {}
        portal = sights.portal
        return class_text(portal.host(), portal.scheme, sights.shapes, selectors, sights.system)

    def summary(self) -> str:
        """One line: how it stands, and what to do next."""
        sights = self.sights
        home = sights.home.visit if sights.home else None
        if self.visits.finish_reason == "shutdown":
            return "Interrupted: what was seen until then stands above. Next: probe again."
        if home is None or not home.ok:
            why = f"{home.reason}: {home.detail}" if home else "stopped before the first answer"
            if home is not None and home.refused:
                return f"The site refuses us ({why}). Next: set CONTACT and ask its owner."
            return f"The site was not reached ({why}). Next: check the address and the proxy."
        if self.visits.finish_reason == "throttled":
            return (
                "The site asked us to wait. Next: probe again later, with a longer DOWNLOAD_DELAY."
            )
        broken = [f.name for f in self.found if f.strong and f.verdict == "not held"]
        name = sights.portal.name if sights.ours else names_of(sights.portal.host())[0]
        if not articles_read(sights):
            return (
                "No article came. Next: keep the pages with --save and look at one with "
                "`scrapy try --all`."
            )
        if broken:
            return (
                f"Not held: {', '.join(broken)}. Next: keep the pages with --save and mend "
                f"the portal's class (crawler/portals/README.md)."
            )
        if sights.ours:
            return (
                f"All strong assumptions held. Next: `scrapy crawl {name} -a limit=50`, then "
                f"`scrapy crawl {name}`."
            )
        return (
            f"All strong assumptions held. Next: put the class into crawler/portals/{name}.py, "
            f"then `scrapy probe {name}`."
        )


def _exit_code(sights: Sights, found: Sequence[Finding], visits: Visits) -> int:
    """12 or 18 where the home could not be read or the run was cut; then 9, 10, 0."""
    home = sights.home.visit if sights.home else None
    lost = [home] if home is not None and not home.ok else []
    code = visits_code(visits, lost)
    if code is not None:
        return code
    if not articles_read(sights):
        # Without an article what came is refusals and failures, or nothing.
        asked = [seen.visit for seen in sights.articles]
        if asked and not any(visit.ok for visit in asked):
            return visits_code(visits, [v for v in asked if v.reason != "http_404"]) or NOTHING
        return NOTHING
    strong = [finding for finding in found if finding.strong]
    return DRIFT if any(finding.verdict == "not held" for finding in strong) else DONE


def _target(text: str) -> tuple[type[Portal], str, bool]:
    """The portal to probe, the address to begin with, and whether it is one of ours."""
    known = portals()
    if text in known:
        return known[text], canonical(known[text].home()), True
    if not is_address(text):
        refuse("probe", unknown_portal(text, known, by_address=True))
    try:
        address = canonical(text)
        portal = portal_of(address)
        return portal or generic_portal(address), address, portal is not None
    except BadAddress as bad:
        refuse("probe", f"{text}: {bad}")


def _check_save(name: str | None) -> None:
    """Refuse before the first request what could not be written after the last."""
    if name is None:
        return
    path = Path(name)
    if not path.name.endswith((".warc", ".warc.gz")):
        refuse("probe", f"--save {name}: a name that ends in .warc.gz is needed")
    if path.exists():
        refuse("probe", f"--save {name}: exists already; it is not overwritten")
    if not path.parent.is_dir():
        refuse("probe", f"--save {name}: there is no folder {path.parent}")


def _save(name: str, visits: Visits) -> None:
    try:
        save_captures(Path(name), visits.captures)
    except OSError as error:
        refuse("probe", f"--save {name}: {error.strerror or error}", UNWRITABLE)
