"""Which articles a selection means, on both databases; and that a condition is one and no more."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, select

from corpus.asking import BadStatement, snapshot
from corpus.database import Database
from corpus.models import ArticleSection, table
from corpus.selection import (
    ARTICLES,
    SOURCES,
    BadCondition,
    BadDay,
    Selection,
    check_where,
    first_day,
    last_day,
    question,
    restricted,
)
from corpus.storing import store_articles
from crawler.portals.sections import section_slug
from tests.corpus.conftest import NOW

ROWS = {
    1: ("abamako", "Politique", "L’Essor", date(2020, 2, 29)),
    2: ("abamako", "Sport", "Info Matin", date(2020, 3, 1)),
    3: ("abamako", None, None, None),
    4: ("aouaga", "Économie", "Sidwaya", date(2020, 12, 31)),
    5: ("aouaga", "Faits divers", "100 % info", date(2021, 1, 1)),
}


def fill(database, article):
    """The articles of `ROWS`; «Politique» shows number 3, though its page does not say so."""
    with database.writing() as connection:
        for number, (portal, section, source, day) in ROWS.items():
            one = article(number, portal=portal, section=section, source=source, published_on=day)
            store_articles(connection, [one], {}, NOW)
        shown = {"article_id": 3, "section": "politique", "first_seen_at": NOW}
        connection.execute(insert(table(ArticleSection)), [shown])


@pytest.fixture
def database(database_url, tmp_path, article):
    database = Database(database_url, root=tmp_path)
    database.prepare()
    fill(database, article)
    yield database
    database.dispose()


def ids(database, **given):
    statement = select(ARTICLES.c.id).order_by(ARTICLES.c.id)
    meant = restricted(database, statement, Selection(**given), section_slug)
    asked = question(database, meant)
    with snapshot(database) as ask:
        return [row[0] for row in ask(asked.statement, asked.parameters).rows]


def test_selection_means_the_articles_that_meet_all_of_it(database):
    for expected, given in (
        ([1, 2, 3, 4, 5], {}),
        ([4, 5], {"portals": ("aouaga",)}),
        ([1, 2, 3, 4, 5], {"portals": ("aouaga", "abamako")}),
        ([2, 4, 5], {"since": date(2020, 3, 1)}),
        ([1, 2], {"until": date(2020, 3, 1)}),
        ([2, 4], {"since": first_day("2020-03"), "until": last_day("2020")}),
        ([1, 3], {"sections": (section_slug("POLITIQUES"),)}),
        ([2, 4], {"sections": (section_slug("sports"), section_slug("economie"))}),
        ([], {"sections": ("nulle-part",)}),
        ([1], {"sources": ("l'ESSOR",)}),
        ([1, 2], {"sources": ("Essor", "lessor", "INFO  matin")}),
        ([], {"sources": ("Personne",)}),
        ([1, 4], {"where": "title like '%1' or source = 'Sidwaya' -- those two"}),
        ([5], {"where": "source like '100 \\%%' escape '\\'", "portals": ("aouaga",)}),
        ([5], {"where": "id % 5 = 0"}),
        ([2], {"where": "section = 'Sport' or 1 = 1", "sources": ("Info Matin",)}),
        ([], {"where": "title = '%(portal_1)s :portal_1 __[POSTCOMPILE_x]'", "portals": ("x",)}),
        ([3], {"where": "published_on is null", "sections": ("politique",)}),
        ([4], {"where": "source in (select name from sources where name like 'Sid%')"}),
    ):
        assert ids(database, **given) == expected, given


def test_condition_is_one_expression_whatever_is_tried(database):
    escapes = [
        "",
        " \n ",
        "-- nothing",
        "/* nothing */",
        "/* never closed",
        "'never closed",
        '"never closed',
        "1 = 1) or (1 = 1",
        "1 = 1) union select 1 from runs where (1 = 1",
        "1 = 1) union all select id from articles --",
        "1 = 1) limit 1 offset (1",
        "1 = 1); delete from articles; --",
        "1 = 1; delete from articles",
        "1 = 1; select 1",
        "delete from articles",
        "id in (delete from articles returning id)",
        "select 1",
        "select id from articles",
        "1 = 1, 2 = 2",
        "1 = 1 then 1 = 1 when 1 = 1",
        "1 = 1 then 1 = 1 end) or (case when 1 = 1",
        "1 = 1 order by id",
        "id = ?",
        "id = :id",
        "id = :since_1",
        "id = $1",
        "id = %(portal_1)s",
        "id = %s",
        "titel = 1",
        "id = (select load_extension('x'))",
        "1 = (select lo_import('/etc/passwd'))",
        "\x00",
        "id = 1\x00 or 1 = 1",
    ]
    for where in escapes:
        with pytest.raises(BadCondition) as caught:
            check_where(database, where)
        assert "\n" not in str(caught.value)
    assert ids(database) == [1, 2, 3, 4, 5]


def test_snapshot_does_not_show_what_is_written_meanwhile(database, article):
    with snapshot(database) as ask:
        seen = ask("select count(*) from articles")
        with database.writing() as connection:
            connection.execute(SOURCES.delete().where(SOURCES.c.name == "Sidwaya"))
            store_articles(connection, [article(6)], {}, NOW)
        assert [tuple(row) for row in seen.rows] == [(5,)]
        assert [row[0] for row in ask("select id from articles order by 1").rows] == [1, 2, 3, 4, 5]
        assert [row[0] for row in ask("select count(*) from sources").rows] == [4]
        for statement in (
            "delete from runs",
            "select 1; commit",
            "commit",
            "explain delete from x",
        ):
            with pytest.raises(BadStatement):
                ask(statement)
    assert ids(database) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        (" 2020-02 ", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021-02", date(2021, 2, 1), date(2021, 2, 28)),
        ("2020-03-01", date(2020, 3, 1), date(2020, 3, 1)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_span_is_its_first_and_its_last_day(text, first, last):
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "20", "2020-13", "2020-00", "2020-02-30", "0000", "31/02/2024", "hier", "２０２０"]
)
def test_what_is_no_day_is_refused(text):
    for read in (first_day, last_day):
        with pytest.raises(BadDay, match="no day"):
            read(text)
