"""Samples hold the share that they stand for, and large answers are told from them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.database import Database
from corpus.searching.answers import Searcher
from corpus.searching.question import Days, OneOf, both, parse
from corpus.searching.sampling import ENOUGH, estimate, halved, halvings
from tests.commands import run_scrapy
from tests.corpus.searching.shelf_corpus import article, brought_up, store

ARTICLES, BOUND, SEED = 4000, 2050, 5
FIRST_DAY, A_DAY = date(2018, 1, 1), 2
FORMS = (
    "de",
    "pays",
    "le",
    "la",
    "gouvernement",
    "coton",
    *(f"mot{place}" for place in range(200)),
)
"""The first are the commonest."""
QUESTIONS = ("de", "pays", "le gouvernement", "pays OR la", "-zzzz", "de -mot20", '"de pays de"')


def rows(random: Random) -> Iterator[dict[str, str]]:
    """Invented articles."""
    weights = [1 / place for place in range(1, len(FORMS) + 1)]
    for number in range(ARTICLES):
        day = FIRST_DAY + timedelta(days=number // A_DAY)
        yield dict.fromkeys(("author", "agency", "language"), "") | {
            "portal": "abamako",
            "title": " ".join(random.choices(FORMS, weights, k=5)),
            "body": " ".join(random.choices(FORMS, weights, k=random.randint(60, 140))),
            "section": random.choice(("Sports", "Politique", "Politique", "Culture")),
            "source": random.choice(("L’Essor", "Le Phare", "")),
            "day": day.isoformat() if random.random() < 0.9 else "",
        }


def made(folder: Path, *, edited: int = 0) -> Path:
    """A corpus in `folder` and its index, brought up to date again after so many were edited."""
    database = Database(f"sqlite:///{folder}/corpus.db", root=folder)
    database.prepare()
    made = [article(number, row) for number, row in enumerate(rows(Random(SEED)), 1)]
    store(database, made)
    shelf, _ = brought_up(folder / "search", database)
    if edited:
        again = (row | {"title": f"{row['title']} bis"} for row in rows(Random(SEED)))
        store(database, [article(number, row) for number, row in enumerate(again, 1)][:edited])
        brought_up(folder / "search", database)
    database.dispose()
    index = shelf.current()
    assert index is not None
    return index


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A folder with a corpus, and its index."""
    folder = tmp_path_factory.mktemp("sampled")
    return folder, made(folder)


@pytest.fixture(scope="module")
def exactly(corpus):
    return Searcher(corpus[1])


@pytest.fixture(scope="module")
def about(corpus):
    return Searcher(corpus[1], exact_up_to=BOUND)


@pytest.mark.parametrize(
    "ids", [range(1, 40_001), range(7, 400_000, 10), range(3, 4_096_000, 1024)]
)
def test_a_sample_is_its_share_of_any_run_of_ids(ids):
    counted = Counter(level for number in ids for level in halvings(number))
    for level in range(1, 6):
        assert counted[str(level)] == pytest.approx(len(ids) / 2**level, rel=0.05)


@given(st.integers(0, 2**40))
def test_each_sample_lies_within_the_larger_ones(number):
    levels = [*halvings(number)]
    assert levels == [str(level) for level in range(1, len(levels) + 1)]


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_halved_is_the_least_that_suffices(count, most):
    times = halved(count, most)
    assert count / 2**times <= most
    assert times == 0 or count / 2 ** (times - 1) > most


@pytest.mark.parametrize(
    ("seen", "times", "expected"),
    [(0, 64, 0), (1, 64, 64), (399, 64, 26_000), (15_623, 64, 1_000_000)],
)
def test_an_estimate_has_two_digits(seen, times, expected):
    assert estimate(seen, times) == expected


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("newest", [False, True])
def test_an_estimate_is_near_and_its_hits_rank_as_among_all(exactly, about, text, newest):
    question = parse(text)
    whole = exactly.ask(question, limit=ARTICLES, newest=newest, facets=("section", "year"))
    part = about.ask(question, limit=10, offset=5, newest=newest, facets=("section", "year"))
    assert (whole.exact, part.exact) == (True, False)
    assert part.total == pytest.approx(whole.total, rel=0.3)
    for name in ("section", "year"):
        assert sum(count for _, count in part.facets[name]) == pytest.approx(
            sum(count for _, count in whole.facets[name]), rel=0.3
        )
    assert [value for value, _ in part.facets["year"]] == sorted(dict(part.facets["year"]))
    places = [whole.hits.index(hit) for hit in part.hits]
    assert len(places) == 10
    assert places == sorted(places)
    if newest or text == "-zzzz":
        assert places == [*range(5, 15)]


def test_what_ranks_best_by_its_headline_is_found_however_old(exactly, about):
    question = parse("mot14 mot15")
    best = list(exactly.ask(question, limit=ARTICLES).hits)
    titled = {hit.article_id for hit in exactly.ask(parse("titre:(mot14 mot15)"), limit=10).hits}
    assert titled
    first = about.ask(question, limit=10)
    assert not first.exact
    in_front = [hit for hit in best[:10] if hit.article_id in titled]
    assert {*in_front} <= {*first.hits}


@pytest.mark.parametrize(
    "question",
    [
        parse("mot150"),
        parse('"coton de mot5"'),
        both((parse("de"), OneOf("section_label", ("Sports",)))),
        both((parse("de"), Days(date(2019, 1, 1), date(2019, 3, 7)))),
    ],
)
def test_what_few_can_answer_is_exact(exactly, about, question):
    asked = {"limit": 20, "facets": ("source",)}
    assert about.ask(question, **asked) == exactly.ask(question, **asked)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_smallest_bound_answers_too(corpus, exactly, text):
    found = Searcher(corpus[1], exact_up_to=1).ask(parse(text), limit=5)
    assert found.total == pytest.approx(exactly.ask(parse(text), limit=5).total, rel=0.4)
    assert len(found.hits) == 5


def test_what_a_sample_hardly_holds_is_exact(exactly, about):
    """Many can answer and few do; and more are wanted than the latest hold."""
    rare = both(
        (parse("de -(le OR la OR pays)"), OneOf("section_label", ("Sports", "Culture", "Santé")))
    )
    whole = exactly.ask(rare, limit=10, facets=("year",))
    assert whole.total < ENOUGH * 3
    assert about.ask(rare, limit=10, facets=("year",)) == whole
    deep = about.ask(parse("de"), limit=10, offset=ARTICLES - 200)
    assert deep == exactly.ask(parse("de"), limit=10, offset=ARTICLES - 200)


def test_the_latest_are_those_of_the_days_that_are_asked_for(exactly, about):
    early = both((parse("de"), Days(None, date(2022, 3, 20))))
    whole = exactly.ask(early, limit=10, newest=True)
    assert whole.total > BOUND
    part = about.ask(early, limit=10, newest=True)
    assert not part.exact
    assert part.hits == whole.hits


def test_articles_taken_in_anew_are_told_once(tmp_path):
    """The engine counts what was replaced in its files until it merges them."""
    index = made(tmp_path, edited=ARTICLES // 2)
    whole = Searcher(index).ask(parse("de"), limit=10)
    part = Searcher(index, exact_up_to=BOUND).ask(parse("de"), limit=10)
    assert not part.exact
    assert part.total == pytest.approx(whole.total, rel=0.15)
    assert Searcher(index, exact_up_to=ARTICLES).ask(parse("de"), limit=10) == whole


def test_the_command_says_what_is_estimated_and_how_to_know(corpus):
    folder, _ = corpus

    def search(*args):
        places = {"CORPUS_URL": f"sqlite:///{folder}/corpus.db", "SEARCH_DIR": f"{folder}/search"}
        bound = {"SEARCH_EXACT_UP_TO": str(BOUND)}
        return run_scrapy("search", *args, env={**os.environ, **places, **bound})

    run = search("de", "--facet", "section")
    assert run.returncode == 0
    assert "10 of about 4000 articles; more: --offset 10" in run.stdout
    assert "section    about" in run.stdout
    assert "--exact counts and ranks all" in run.stderr.splitlines()[-1]
    newest = search("de", "--newest", "--format", "json")
    assert json.loads(newest.stdout)["exact"] is False
    assert newest.stderr.splitlines()[-1].endswith("counted from a sample; --exact counts all")
    whole = search("de", "--exact", "--format", "json")
    assert (json.loads(whole.stdout)["exact"], whole.stderr) == (True, "")
    wrong = search("de", "-s", "SEARCH_EXACT_UP_TO=few")
    assert wrong.returncode == 2
    assert "SEARCH_EXACT_UP_TO='few' must be a whole number" in wrong.stderr.splitlines()[-1]
