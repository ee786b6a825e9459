"""Statements: what can be told of a user's SQL from its text, and how its errors are shown. Pure.

The text is cut into tokens as the database cuts it (`tokens`), so that a parameter or a function's
name is found where it is one, and nowhere in a string or a comment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from corpus.models import Base
from corpus.views import VIEWS

QUESTIONS = ("select", "with", "values", "explain")
# A zero byte would end it unseen; half a character is none.
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
TOO_LONG = "it took too long and was ended; ask for less, or give it more with --timeout"
_WIDTH = 100
"""Columns of a statement's line that are shown around a fault."""
# Any letter beyond ASCII is one of a name, a no-break space too, as in both databases. Said as what
# a name has not, which takes a twentieth of the time to compile.
_NO_LETTERS = r"\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f"
"""All of ASCII but letters, digits and `_`, for a class of characters."""
_LETTER, _LATER = rf"[^0-9{_NO_LETTERS}]", rf"[^{_NO_LETTERS}]"
"""What a name may begin with, and what may follow."""
_NAME = rf"{_LETTER}(?:{_LATER}|\$)*"
_TOKEN = rf"""
    (?P<blank>[ \t\n\r\f\v]+)
  | (?P<comment>--[^\n]*)
  | (?P<block>/\*)
  | (?P<string>{{escaped}}'(?:[^']|'')*'?)
  | (?P<quoted>"(?:[^"]|"")*"?)
  | (?P<parameter>(?<!:):{_NAME})
  | (?P<name>{_NAME})
  | (?P<dollar>\$(?:{_LETTER}{_LATER}*)?\$)
  | (?P<number>\d+)
  | (?P<mark>.)
"""
_SQLITE = re.compile(_TOKEN.format(escaped=""), re.VERBOSE | re.DOTALL)
_POSTGRESQL = re.compile(
    _TOKEN.format(escaped=r"[eE]'(?:[^'\\]|\\.|'')*'?|").replace(r"--[^\n]*", r"--[^\n\r]*"),
    re.VERBOSE | re.DOTALL,
)


class BadStatement(Exception):
    """The statement was refused or is wrong. One line, with the place where it is known."""

    def __init__(self, said: str, statement: str = "", offset: int | None = None) -> None:
        """`offset`: the character of `statement` at fault."""
        self.excerpt: tuple[str, ...] = ()
        """The line of the statement and a caret below its fault; empty without a place."""
        if offset is not None and 0 <= offset <= len(statement):
            line, column, self.excerpt = _place(statement, offset)
            said = f"{said} (line {line}, column {column})"
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement that means something."""

    kind: str
    """`name`, `quoted`, `string`, `parameter`, `number` or `mark` (any other character)."""
    text: str
    start: int

    @property
    def name(self) -> str:
        """What a name or a quoted one names, as the database looks it up."""
        if self.kind == "quoted":
            return self.text[1:-1].replace('""', '"')
        return re.sub("[A-Z]+", lambda found: found.group().lower(), self.text)


def tokens(statement: str, dialect: str) -> Iterator[Token]:
    """The tokens of a statement, without blanks and comments."""
    cut = _POSTGRESQL if dialect == "postgresql" else _SQLITE
    place = 0
    while found := cut.match(statement, place):
        kind, place = str(found.lastgroup), found.end()
        if kind == "block":
            place = _end_of_comment(statement, place, nested=dialect == "postgresql")
        elif kind == "dollar" and dialect == "postgresql":
            end = statement.find(found.group(), place)
            place = len(statement) if end < 0 else end + len(found.group())
            yield Token("string", statement[found.start() : place], found.start())
        elif kind not in ("blank", "comment"):
            yield Token("mark" if kind == "dollar" else kind, found.group(), found.start())


def _end_of_comment(statement: str, place: int, *, nested: bool) -> int:
    depth = 1
    for found in re.compile(r"/\*|\*/").finditer(statement, place):
        depth += -1 if found.group() == "*/" else int(nested)
        if depth == 0:
            return found.end()
    return len(statement)


def must_read(statement: str) -> str:
    """The word that the statement begins with. Raises `BadStatement` unless it is a question's."""
    unsendable = _UNSENDABLE.search(statement)
    if unsendable:
        raise BadStatement("no statement has such a character", statement, unsendable.start())
    first = next((token for token in tokens(statement, "postgresql") if token.text != "("), None)
    word = first.text.lower() if first else ""
    if first is None or word not in QUESTIONS:
        shown = f"begins with {word!r}" if word else "is empty"
        raise BadStatement(
            f"the statement {shown}; one that reads is wanted: {', '.join(QUESTIONS)}"
        )
    return word


def parameters(statement: str, dialect: str) -> list[str]:
    """The names of its parameters, each once, by first appearance: `:since` is `since`."""
    found = (t.text[1:] for t in tokens(statement, dialect) if t.kind == "parameter")
    return list(dict.fromkeys(found))


def must_be_given(statement: str, dialect: str, given: Mapping[str, str]) -> None:
    """Raise `BadStatement` unless `given` are the parameters of the statement, no more, no less."""
    wanted = parameters(statement, dialect)
    for name in wanted:
        if name not in given:
            raise BadStatement(f"the statement wants a value: -p {name}=…")
    for name in given:
        if name not in wanted:
            has = f"has only {', '.join(wanted)}" if wanted else "has no parameter"
            raise BadStatement(f"-p {name}: the statement {has}")


def called(statement: str, dialect: str) -> Iterator[Token]:
    """The names that stand before a bracket: every function the statement calls is among them."""
    before: Token | None = None
    for token in tokens(statement, dialect):
        if token.text == "(" and before is not None and before.kind in ("name", "quoted"):
            yield before
        before = token


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as psycopg takes it, and as it then comes to the server."""

    origin: str
    """As the user wrote it."""
    text: str
    """With `%(since)s` for `:since`, and every other `%` twice."""
    moved: Sequence[tuple[int, int]] = ()
    """Characters of what the server gets → how much further to the right the user wrote them."""

    def written(self, offset: int) -> int:
        """Where the user wrote what the server has at `offset`."""
        at = bisect_right([start for start, _ in self.moved], offset)
        return offset + (self.moved[at - 1][1] if at else 0)


def sent(statement: str) -> Sent:
    """`statement` for psycopg."""
    parts: list[str] = []
    moved: list[tuple[int, int]] = []
    numbers: dict[str, int] = {}
    done = shift = 0
    for token in tokens(statement, "postgresql"):
        if token.kind == "parameter":
            name = token.text[1:]
            number = numbers.setdefault(name, len(numbers) + 1)
            parts += [statement[done : token.start].replace("%", "%%"), f"%({name})s"]
            done = token.start + len(token.text)
            shift += len(token.text) - len(f"${number}")
            moved.append((done - shift, shift))
    parts.append(statement[done:].replace("%", "%%"))
    return Sent(statement, "".join(parts), moved)


def _place(statement: str, offset: int) -> tuple[int, int, tuple[str, ...]]:
    """Line, column, and the line with a caret below."""
    before = statement[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    text = statement.split("\n")[line - 1]
    start = max(0, column - 1 - _WIDTH // 2) if len(text) > _WIDTH else 0
    shown = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text[start : start + _WIDTH])
    return line, column, (f"  {shown.rstrip()}", f"  {' ' * (column - 1 - start)}^")


def tables() -> dict[str, list[str]]:
    """Every table and view of the corpus with its columns."""
    found = {name: [c.name for c in one.columns] for name, one in Base.metadata.tables.items()}
    return found | {view.name: list(view.columns) for view in VIEWS}


def did_you_mean(name: str, statement: str, dialect: str, *, table: bool) -> str:
    """`; did you mean title?` where a table's or column's name is near to `name`; else nothing."""
    known = tables()
    words = {token.name for token in tokens(statement, dialect)}
    asked = [column for one in words & known.keys() for column in known[one]]
    candidates = list(known) if table else asked or [c for cs in known.values() for c in cs]
    near = get_close_matches(name.rpartition(".")[2].lower(), candidates, n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""
