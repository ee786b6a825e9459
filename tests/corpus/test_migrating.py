"""A corpus of an older titrologue: refused by a crawl, brought up to date by `scrapy migrate`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from alembic import command

from corpus import schema
from corpus.database import Database
from corpus.problems import OlderSchema
from tests.commands import run_scrapy
from tests.crawls import desk
from tests.handmade import Handmade, article_page

ROOT = Path(__file__).parents[2]
TIME = "2024-04-02 12:30:00.000000"


def older(database: Database) -> None:
    """The first tables with three articles of two spellings of a source, one of them gone, and a
    version."""
    columns = (
        "portal, site, kind, number, key, version, first_seen_at, last_seen_at, updated_at, "
        "url, title, source, body, word_count, truncated, signs, flags, content_hash, "
        "knowledge_revision, fetched_at"
    )
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for number, source in ((1, "'L’Écho'"), (2, "'L`ECHO'"), (3, "NULL")):
            connection.exec_driver_sql(
                f"INSERT INTO articles ({columns}) VALUES ('abamako', 'news', 'h', "
                f"{number}, 'news/h/{number}', 1, '{TIME}', '{TIME}', '{TIME}', "
                f"'http://news.abamako.com/h/{number}.html', 'Titre {number}', {source}, 'Texte', "
                f"1, false, '{{}}', '[]', 'hash {number}', 0, '{TIME}')"
            )
        connection.exec_driver_sql(
            "UPDATE articles SET warc_file = 'a/b.warc.gz', warc_offset = 70, warc_length = 9, "
            "warc_digest = 'sha1:A' WHERE number = 2"
        )
        connection.exec_driver_sql(f"UPDATE articles SET gone_at = '{TIME}' WHERE number = 3")
        connection.exec_driver_sql(
            "INSERT INTO pages (portal, site, kind, number, url, key, state, found_by, "
            "discovered_at, article_id) SELECT portal, site, kind, number, url, key, 'stored', "
            f"'[]', '{TIME}', id FROM articles"
        )
        connection.exec_driver_sql(
            "INSERT INTO article_versions (article_id, version, cause, created_at, url, source, "
            "body, word_count, truncated, signs, flags, content_hash, knowledge_revision, "
            f"fetched_at) VALUES (2, 1, 'site', '{TIME}', 'http://news.abamako.com/h/2.html', "
            f"'L`ECHO', 'Texte', 1, false, '{{}}', '[]', 'hash 2', 0, '{TIME}')"
        )
        for name in ("L’Écho", "L`ECHO", "Le Relais"):
            connection.exec_driver_sql(
                f"INSERT INTO sources (name, first_seen_at) VALUES ('{name}', '{TIME}')"
            )
    database.dispose()


def test_crawl_refuses_an_older_corpus_and_migrate_cures_it(empty_database_url, tmp_path):
    database = Database(empty_database_url, root=tmp_path)
    older(database)
    with pytest.raises(OlderSchema) as caught:
        database.prepare()
    assert caught.value.exit_code == 2
    database.dispose()
    site = Handmade()
    site.list("Politique", site.put("/h/50.html", article_page(line="Publié le lundi 26 octobre "
                                                                    "2026 | L'écho")))  # fmt: skip
    with desk(site, empty_database_url, tmp_path) as d:
        process = d.start()
        assert process.wait(60) == 2
        assert not d.replica.hits()
        migrated = run_scrapy("migrate", env={**os.environ, "CORPUS_URL": empty_database_url})
        assert migrated.returncode == 0, migrated.stderr
        assert f"0001 → {schema.head()}" in migrated.stdout
        kept = d.rows("select number, title, source, source_raw from articles order by number")
        assert [tuple(row.values()) for row in kept] == [
            (1, "Titre 1", "L’Écho", "L’Écho"),
            (2, "Titre 2", "L’Écho", "L`ECHO"),
            (3, "Titre 3", None, None),
        ]
        assert d.rows("select source, source_raw from article_versions") == [
            {"source": "L`ECHO", "source_raw": "L`ECHO"}
        ]
        assert d.rows("select name, key from sources order by id") == [
            {"name": "L’Écho", "key": "lecho"},
            {"name": "Le Relais", "key": "lerelais"},
        ]
        assert d.rows(
            "select a.number, e.event, e.reason, e.run_id from article_events e join articles a "
            "on a.id = e.article_id where e.at = a.gone_at"
        ) == [{"number": 3, "event": "gone", "reason": None, "run_id": None}]
        assert d.rows(
            "select number, warc_file, warc_offset, warc_length, warc_digest from pages"
            " where warc_offset is not null"
        ) == [
            {"number": 2, "warc_file": "a/b.warc.gz", "warc_offset": 70, "warc_length": 9,
             "warc_digest": "sha1:A"}
        ]  # fmt: skip
        assert d.crawl() == 0
        assert d.rows("select source from articles where number = 50") == [{"source": "L’Écho"}]
    database.dispose()


def test_the_way_back_leaves_the_first_tables(empty_database_url, tmp_path):
    database = Database(empty_database_url, root=tmp_path)
    older(database)
    database.migrate()
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        named = connection.exec_driver_sql("SELECT name FROM sources ORDER BY id").fetchall()
    assert [tuple(row) for row in named] == [("L’Écho",), ("Le Relais",)]
    database.migrate()
    database.prepare()
    database.dispose()
