"""The options that choose articles: what they come to, and one line where they are wrong."""

from __future__ import annotations

import argparse
from datetime import date

import pytest

from corpus.selection import Selection
from crawler.selection_options import add_selection, selection_of


def parsed(*words):
    parser = argparse.ArgumentParser()
    add_selection(parser)
    return selection_of("export", parser.parse_args(words))


def test_options_become_a_selection():
    assert parsed() == Selection()
    assert parsed(
        *("--portal", "abamako, aouaga,abamako", "--since", "2020", "--until", "2020-02"),
        *("--section", "Économie,SPORT", "--source", "L’Essor", "--source", "a, b"),
        *("--where", "word_count > 100"),
    ) == Selection(
        portals=("abamako", "aouaga"),
        since=date(2020, 1, 1),
        until=date(2020, 2, 29),
        sections=("economie", "sports"),
        sources=("L’Essor", "a, b"),
        where="word_count > 100",
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--since", "31/02/2024"), "--since 31/02/2024: no day, write it as 2024-03-31"),
        (("--until", "2024-02-30"), "--until 2024-02-30: no day"),
        (("--since", "2024", "--until", "2023"), "--since 2024 is after --until 2023: swap"),
        (("--section", "!!"), "--section '!!' names no section"),
        (("--section", ""), "--section '' names none"),
        (("--portal", " , "), "--portal ' , ' names none"),
        (("--source", " "), "--source names no newspaper"),
        (("--where", " "), "--where is empty"),
    ],
)
def test_wrong_option_is_one_line_and_exit_two(words, says, capsys):
    with pytest.raises(SystemExit) as ended:
        parsed(*words)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("scrapy export: ")
    assert says in told
    assert told.count("\n") == 1
