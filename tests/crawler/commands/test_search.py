"""`scrapy search` as a user runs it."""

from __future__ import annotations

import csv
import json
import os
from io import StringIO

import pytest

from tests.commands import run_scrapy
from tests.corpus.searching.shelf_corpus import filled, table_of

ROWS = table_of("articles.tsv")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A folder with a corpus, and its articles' names by id."""
    folder = tmp_path_factory.mktemp("corpus")
    database, ids = filled(f"sqlite:///{folder}/corpus.db", folder)
    database.dispose()
    return folder, {number: name for name, number in ids.items()}


@pytest.fixture
def search(corpus):
    folder, _ = corpus

    def run(*args, **own):
        places = {"CORPUS_URL": f"sqlite:///{folder}/corpus.db", "SEARCH_DIR": f"{folder}/search"}
        return run_scrapy("search", *args, env={**os.environ, **places, **own})

    return run


def names(corpus, run):
    found = json.loads(run.stdout)
    assert found["total"] == len(found["hits"])
    return [corpus[1][hit["id"]] for hit in found["hits"]]


def test_the_example_of_the_issue_as_typed(search):
    run = search("or de Kayes", "--since", "2020", "--section", "economie")
    assert run.returncode == 0
    lines = run.stdout.splitlines()
    assert lines[0] == "  1  Le prix de l’[or] de [Kayes] grimpe"
    assert lines[1].startswith("     2024-03-29 · L’Essor · Économie · Awa Koné · http://news.")
    assert lines[2].endswith("Le kilogramme d’[or] de [Kayes] vaut 1 200 000 francs.")
    assert lines[-1] == "2 of 2 articles"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("or",), ["or", "mines", "sansdate", "kayes"]),
        (("or", "--newest"), ["or", "mines", "kayes", "sansdate"]),
        (("l'or", "de", "Kayes", "--until", "2023-05"), ["kayes", "mines"]),
        (("--source", "l`essor", "--section", "SPORTS"), ["hui", "aujourdhui", "sport"]),
        (("--portal", "adakar,aniamey", "--newest", "l’hôpital OR cœur"), ["coeur", "lheure"]),
        (("--since", "2024-04-02", "--until", "2024-04-02"), ["greve"]),
        (("--", "-or", "kayes"), ["anglais"]),
        (('"ouvert (',), ["coeur"]),
    ],
)
def test_options_and_question_together(corpus, search, args, expected):
    run = search("--format", "json", *args) if args[0] != "--" else search("--format=json", *args)
    found = names(corpus, run)
    assert (sorted(found), run.returncode) == (sorted(expected), 0)
    if "--newest" in args:
        assert found == expected


def test_pages_and_facets_in_every_format(search):
    text = search("or", "--limit", "1", "--offset", "1", "--facet", "source").stdout.splitlines()
    assert text[0].startswith("  2  ")
    assert text[-4:] == [
        "source      articles",
        "L’Essor     3",
        "Info Matin  1",
        "1 of 4 articles; more: --offset 2",
    ]
    found = json.loads(search("or", "--facet", "year,source", "--format", "json").stdout)
    assert found["facets"]["year"][0] == {"value": 2020, "articles": 1}
    title, marks = found["hits"][0]["title"], found["hits"][0]["title_marks"]
    assert [title[start:end] for start, end in marks] == ["or"]
    rows = list(csv.DictReader(StringIO(search("grève", "--format", "csv").stdout)))
    assert [row["title"] for row in rows][:1] == ["Grève à l’université"]
    counts = search("or", "--format", "csv", "--facet", "portal").stdout
    assert counts == "facet,value,articles\nportal,abamako,4\n"


def test_nothing_found_is_no_failure(search):
    for text in ("zzzz", "???", '""'):
        run = search(text)
        assert (run.returncode, run.stdout) == (0, "")
        assert run.stderr.endswith("scrapy search: no article answers\n")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "for what?"),
        (("  ",), "for what?"),
        (("or", "--since", "hier"), "--since hier: no day"),
        (("or", "--limit", "-3"), "--limit -3"),
        (("or", "--offset", "1e9"), "--offset 1e9"),
        (("or", "--facet", "town"), "--facet town: choose from section"),
        (("or", "--portal", "nowhere"), "nowhere"),
        (("or", "--nwest"), "--nwest"),
    ],
)
def test_bad_argument_is_one_line_and_exit_two(search, args, says):
    run = search(*args)
    assert (run.returncode, run.stdout) == (2, "")
    assert says in run.stderr.splitlines()[-1]


def test_no_corpus_yet_is_said_and_nothing_made(search, tmp_path):
    run = search("or", CORPUS_URL=f"sqlite:///{tmp_path}/none.db", SEARCH_DIR=f"{tmp_path}/search")
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "no corpus at" in run.stderr
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sql(request, tmp_path_factory):
    """`scrapy sql` over a filled corpus."""
    folder = tmp_path_factory.mktemp("sql")
    if request.param == "sqlite":
        url = f"sqlite:///{folder}/corpus.db"
    else:
        url = request.getfixturevalue("postgres").create_database()
    database, _ = filled(url, folder)
    database.dispose()

    def run(*args):
        places = {"CORPUS_URL": url, "SEARCH_DIR": f"{folder}/search"}
        return run_scrapy("sql", "--format", "csv", *args, env={**os.environ, **places})

    return run


def test_matches_come_into_sql(sql):
    by_section = "select section, count(*) as n from articles join matches using (id) group by 1"
    counted = sql("--search", "coton OR riz", f"{by_section} order by 2")
    assert counted.stdout == "section,n\nSociété,1\nÉconomie,2\n"
    with_own = sql(
        "--search",
        "titre:or",
        "-p",
        "least=0",
        "with best as (select id from matches where score > :least) "
        "select portal, title from articles join best using (id)",
    )
    assert with_own.stdout == "portal,title\nabamako,Le prix de l’or de Kayes grimpe\n"
    # Nothing found is an empty table, not none.
    assert sql("--search", "zzzz", "select count(*) as n from matches").stdout == "n\n0\n"
    assert sql("--search", "", "select count(*) as n from matches").stdout == "n\n0\n"


@pytest.mark.parametrize(
    "statement",
    [
        "insert into matches values (1, 1)",
        "with gone as (delete from matches returning id) select * from gone",
        "with made as (insert into sources (key, name) values ('a', 'b')) select 1",
        "select 1; delete from matches",
        "select set_config('transaction_read_only', 'off', true) from matches",
    ],
)
def test_matches_leave_the_walls_standing(sql, statement):
    run = sql("--search", "or", statement)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Traceback" not in run.stderr


def test_matches_without_a_search_are_no_table(sql):
    run = sql("select * from matches")
    assert (run.returncode, run.stdout) == (2, "")
    assert "matches" in run.stderr
