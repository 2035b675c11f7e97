"""Where the words are kept and matched: the only module that knows which database it is.

Both take the same stems (words.py) and answer the same. Besides the stems, every word is kept as it was written
(folded), for the last word of a query, which may be half typed.
"""

from dataclasses import dataclass

from django.db import connections
from django.db.models import BooleanField, F, Func, IntegerField, Value
from django.db.models.functions import Cast

from .words import stem

# PostgreSQL refuses a tsvector of 1 MB or more, and keeps no position past 16,383 (so a phrase is found in the first
# forty pages of a file; words are found everywhere).
MOST_OCTETS = 900_000
LAST_POSITION = 16_383
WRITTEN = "="  # marks a word as it was written, among PostgreSQL's lexemes


@dataclass(frozen=True)
class Term:
    """What must be found: one stem, or several in a row; `beginning` is the last word as typed so far."""

    stems: tuple
    beginning: str = ""


class Holds(Func):
    """A condition on an entry's words, which no model field names; in it, {entry} stands for the entries' table."""

    output_field = BooleanField()

    def __init__(self, condition, query):
        super().__init__(F("pk"))
        self.condition, self.query = condition, query

    def as_sql(self, compiler, connection, **context):
        table = compiler.quote_name_unless_alias(self.source_expressions[0].alias)
        return self.condition.format(entry=table), [self.query]


class SQLite:
    """An FTS5 table whose rowid is the entry's: the stems of the title, of the text, and the words as written."""

    create = (
        "CREATE VIRTUAL TABLE extranet_search_words USING fts5"
        '(title, text, written, tokenize = "unicode61 remove_diacritics 0")'
    )
    drop = "DROP TABLE extranet_search_words"
    found = "{entry}.id IN (SELECT rowid FROM extranet_search_words WHERE extranet_search_words MATCH %s)"

    def write(self, cursor, pk, title, text):
        cursor.execute("DELETE FROM extranet_search_words WHERE rowid = %s", [pk])
        written = " ".join(sorted({*title, *text}))
        stems = [" ".join(map(stem, title)), " ".join(map(stem, text))]
        cursor.execute(
            "INSERT INTO extranet_search_words (rowid, title, text, written) VALUES (%s, %s, %s, %s)",
            [pk, *stems, written],
        )

    def remove(self, cursor, pks):
        cursor.executemany("DELETE FROM extranet_search_words WHERE rowid = %s", [[pk] for pk in pks])

    def matching(self, entries, terms):
        everywhere = " AND ".join(self._words(term, "{title text}") for term in terms)
        in_title = [Holds(self.found, self._stems(term, "{title}")) for term in terms]
        whole = [Holds(self.found, self._stems(term, "{title text}")) for term in terms if term.beginning]
        return entries.filter(Holds(self.found, everywhere)).annotate(score=_score(in_title, whole))

    def _stems(self, term, columns):
        return f'({columns} : "{" ".join(term.stems)}")'

    def _words(self, term, columns):
        stems = self._stems(term, columns)
        return f'({stems} OR ({{written}} : "{term.beginning}" *))' if term.beginning else stems


class PostgreSQL:
    """Two tsvector columns on the entries' table: everything with its positions, and the title's words alone (small,
    so that the order of 20,000 hits needs no large value unpacked)."""

    create = (
        "ALTER TABLE extranet_search_entry ADD COLUMN words tsvector NOT NULL DEFAULT '',"
        " ADD COLUMN title_words tsvector NOT NULL DEFAULT '';"
        " CREATE INDEX extranet_search_entry_words ON extranet_search_entry USING gin (words) WITH (fastupdate = off)"
    )
    # Asked of the index: the row's own words may be large, and unpacking them costs more than finding them.
    by_index = "{entry}.id IN (SELECT id FROM extranet_search_entry WHERE words @@ %s::tsquery)"
    drop = "ALTER TABLE extranet_search_entry DROP COLUMN words, DROP COLUMN title_words"

    def write(self, cursor, pk, title, text):
        # One word is skipped between title and text, so that no phrase runs across.
        both = [*title, "", *text]
        cursor.execute(
            "UPDATE extranet_search_entry SET words = %s::tsvector, title_words = %s::tsvector WHERE id = %s",
            [_vector(both, written=True), _vector(title, written=False), pk],
        )

    def remove(self, cursor, pks):
        """The words go with the entry's row."""

    def matching(self, entries, terms):
        everywhere = " & ".join(map(self._words, terms))
        in_title = [Holds("{entry}.title_words @@ %s::tsquery", self._stems(term)) for term in terms]
        whole = [Holds(self.by_index, self._stems(term)) for term in terms if term.beginning]
        found = entries.filter(Holds("{entry}.words @@ %s::tsquery", everywhere))
        return found.annotate(score=_score(in_title, whole))

    def _stems(self, term):
        return "(" + " <-> ".join(f"'{each}'" for each in term.stems) + ")"

    def _words(self, term):
        return f"({self._stems(term)} | '{WRITTEN}{term.beginning}':*)" if term.beginning else self._stems(term)


def _score(in_title, whole):
    """What holds the last word whole comes before what only begins like it; then, how many terms the title holds."""
    total = Value(0)
    for condition in in_title:
        total += Cast(condition, IntegerField())
    for condition in whole:
        total += Value(len(in_title) + 1) * Cast(condition, IntegerField())
    return total


def _vector(words, *, written):
    positions, octets = {}, 0
    for position, word in enumerate(words, 1):
        if not word:
            continue
        for lexeme in (stem(word), WRITTEN + word) if written else (stem(word),):
            if lexeme not in positions:
                octets += len(lexeme.encode()) + 4
                positions[lexeme] = []
            elif lexeme.startswith(WRITTEN) or len(positions[lexeme]) == 255:
                continue
            if not lexeme.startswith(WRITTEN) and position <= LAST_POSITION:
                octets += 2
                positions[lexeme].append(str(position))
        if octets > MOST_OCTETS:
            break
    return " ".join(f"'{lexeme}':{','.join(at)}" if at else f"'{lexeme}'" for lexeme, at in positions.items())


def engine(alias="default"):
    """The engine of this database; another than PostgreSQL and SQLite is a NotImplementedError."""
    vendor = connections[alias].vendor
    if vendor not in ENGINES:
        raise NotImplementedError(f"Search knows PostgreSQL and SQLite, not {vendor}.")
    return ENGINES[vendor]


ENGINES = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
