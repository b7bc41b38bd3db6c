"""The index of the words of commitments: GIN over the words on PostgreSQL, FTS5 kept by triggers on SQLite.

Neither parses the text anew: `search_text` holds folded words of letters and digits alone (`domain.text.search_words`),
so both find the same rows. `has_word` asks for a word that begins so.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Lookup

COMMITMENTS, WORDS = "commitments_commitment", "commitments_words"
TSVECTOR = "array_to_tsvector(string_to_array({}, ' '))"
POSTGRESQL = f"CREATE INDEX commitment_words ON {COMMITMENTS} USING gin ({TSVECTOR.format('search_text')})"
SQLITE = (
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5"
    f" (search_text, content='{COMMITMENTS}', content_rowid='id', tokenize='ascii', prefix='2 3 4')"
)
FILL = f"INSERT INTO {WORDS}({WORDS}) VALUES('rebuild')"
ADD = f"INSERT INTO {WORDS}(rowid, search_text) VALUES (NEW.id, NEW.search_text);"  # noqa: S608 (our own tables, here and below)
TAKE = f"INSERT INTO {WORDS}({WORDS}, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);"  # noqa: S608
TRIGGERS = {
    f"{WORDS}_insert": f"AFTER INSERT ON {COMMITMENTS} BEGIN {ADD} END",
    f"{WORDS}_delete": f"AFTER DELETE ON {COMMITMENTS} BEGIN {TAKE} END",
    f"{WORDS}_update": f"AFTER UPDATE OF id, search_text ON {COMMITMENTS} BEGIN {TAKE} {ADD} END",
}


def create(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index over the rows that there are."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for sql in (SQLITE, FILL, *triggers()):
        schema_editor.execute(sql)


def triggers() -> list[str]:
    """The SQL that makes SQLite's triggers anew; a migration that rebuilds the commitments' table drops them."""
    return [
        sql
        for name, body in TRIGGERS.items()
        for sql in (f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {body}")
    ]


def trigger_names(vendor: str) -> set[str]:
    """The triggers that must be there."""
    return set(TRIGGERS) if vendor == "sqlite" else set()


class HasWord(Lookup):
    """Rows of the commitments' `search_text` with a word that begins with this one; the word is folded already."""

    lookup_name = "has_word"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        text, given = self.process_lhs(compiler, connection)
        return f"{TSVECTOR.format(text)} @@ %s::tsquery", [*given, f"'{self.rhs}':*"]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        row = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.id"
        return f"{row} IN (SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s)", [f'"{self.rhs}" *']  # noqa: S608 (our own table)
