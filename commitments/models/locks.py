"""Triggers that keep what is locked: published text, spans inside their paragraph, append-only rows.

They hold against every writer, raw SQL included. `install` drops and makes them anew, so a migration
that rebuilds one of these tables (SQLite drops a table's triggers with it) ends by calling it again.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from commitments.models import word_index

LOCKED_TEXT = {
    # table: columns that stand still once the statement is published, and how a row finds its statement
    "commitments_paragraph": (["statement_id", "section_id", "position", "number", "text", "sha256"], "statement_id"),
    "commitments_section": (["statement_id", "position", "heading"], "statement_id"),
    "commitments_statement": (
        ["slug", "title", "place", "adopted_on", "language", "text", "sha256", "structure_sha256", "locked_at"],
        "id",
    ),
}
APPEND_ONLY = [
    "commitments_progressnote",
    "commitments_evidence",
    "commitments_measurement",
    "commitments_change",
    "commitments_datedecision",
    "commitments_dateremark",
    "commitments_confirmation",
    "commitments_decision",
    "commitments_frozendossier",
]
MEETING_OF = {  # what stands still once its meeting is closed, and how a row finds the meeting
    "commitments_meeting": "{row}.id",
    "commitments_agendaitem": "{row}.meeting_id",
    "commitments_closeconsent": "{row}.meeting_id",
    "commitments_decision": "{row}.meeting_id",
    "commitments_score": "(SELECT meeting_id FROM commitments_agendaitem WHERE id = {row}.item_id)",
    "commitments_point": "(SELECT meeting_id FROM commitments_agendaitem WHERE id = {row}.item_id)",
}
CRITERIA = "commitments_agendaitem"
SPANS = "commitments_commitment"
OUTSIDE_ITS_PARAGRAPH = (
    "NOT EXISTS (SELECT 1 FROM commitments_paragraph p WHERE p.id = NEW.paragraph_id"
    ' AND p.statement_id = NEW.statement_id AND p.section_id = NEW.section_id AND NEW."end" <= length(p.text))'
)
PUBLISHED = "the text of a published statement is locked"
APPENDED = "rows of this table are only ever added"
CLOSED = "a closed meeting stands still"
SCORING = "scoring has begun: the criteria stand"
OUTSIDE = "the span does not lie in its paragraph"


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers of those tables that this migration's database has by now."""
    connection = schema_editor.connection
    present = set(connection.introspection.table_names())
    for table in locked_tables() & present:
        for sql in statements(connection.vendor, table):
            schema_editor.execute(sql)
    if word_index.WORDS in present:
        for sql in word_index.triggers():
            schema_editor.execute(sql)


def locked_tables() -> set[str]:
    return {*LOCKED_TEXT, *APPEND_ONLY, *MEETING_OF, SPANS}


def trigger_names() -> set[str]:
    """The triggers that must be there, on either database."""
    names = {f"{table}_locked_{event}" for table in LOCKED_TEXT for event in ("update", "delete")}
    names |= {f"{table}_append_{event}" for table in APPEND_ONLY for event in ("update", "delete", "insert")}
    names |= {f"{table}_closed_{event}" for table in MEETING_OF for event in ("update", "delete", "insert")}
    names |= {f"{CRITERIA}_criteria_{event}" for event in ("update", "insert")}
    return names | {f"{SPANS}_span_{event}" for event in ("insert", "update")}


def statements(vendor: str, table: str) -> list[str]:
    """The SQL that makes one table's triggers anew."""
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]
    sql = []
    if table in LOCKED_TEXT:
        columns, key = LOCKED_TEXT[table]
        differ = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        changed = " OR ".join(f'NEW."{column}" {differ} OLD."{column}"' for column in columns)
        locked = f"EXISTS (SELECT 1 FROM commitments_statement WHERE id = OLD.{key} AND locked_at IS NOT NULL)"  # noqa: S608 (names from the tables above)
        sql += make(table, f"{table}_locked_update", "UPDATE", f"({changed}) AND {locked}", PUBLISHED)
        sql += make(table, f"{table}_locked_delete", "DELETE", locked, PUBLISHED)
    if table in APPEND_ONLY:
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608
        sql += make(table, f"{table}_append_update", "UPDATE", "1 = 1", APPENDED)
        sql += make(table, f"{table}_append_delete", "DELETE", "1 = 1", APPENDED)
        sql += make(table, f"{table}_append_insert", "INSERT", taken, APPENDED)
    if table in MEETING_OF:
        for event, row in (("UPDATE", "OLD"), ("DELETE", "OLD"), ("INSERT", "NEW")):
            sql += make(table, f"{table}_closed_{event.lower()}", event, _over(table, row, "closed_at"), CLOSED)
    if table == CRITERIA:
        begun = _over(table, "NEW", "begun_at")
        changed = "NEW.criterion <> OLD.criterion OR NEW.meeting_id <> OLD.meeting_id"
        sql += make(table, f"{table}_criteria_update", "UPDATE", f"({changed}) AND {begun}", SCORING)
        sql += make(table, f"{table}_criteria_insert", "INSERT", f"NEW.criterion <> '' AND {begun}", SCORING)
    if table == SPANS:
        for event in ("INSERT", "UPDATE"):
            sql += make(table, f"{table}_span_{event.lower()}", event, OUTSIDE_ITS_PARAGRAPH, OUTSIDE)
    return sql


def _over(table: str, row: str, moment: str) -> str:
    """The condition that the row's meeting has passed that moment."""
    key = MEETING_OF[table].format(row=row)
    return f"EXISTS (SELECT 1 FROM commitments_meeting m WHERE m.id = {key} AND m.{moment} IS NOT NULL)"  # noqa: S608


def _sqlite(table: str, name: str, event: str, when: str, message: str) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END",
    ]


def _postgresql(table: str, name: str, event: str, when: str, message: str) -> list[str]:
    """A trigger that holds in replica mode too (ENABLE ALWAYS); deletes are refused as TRUNCATE as well."""
    result = "OLD" if event == "DELETE" else "NEW"
    body = (
        f"BEGIN IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
        f" END IF; RETURN {result}; END"
    )
    sql = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]
    return sql + _no_truncate(table, name, message) if event == "DELETE" else sql


def _no_truncate(table: str, name: str, message: str) -> list[str]:
    refuse = f"BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END"
    return [
        f"CREATE OR REPLACE FUNCTION {name}_all() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$",
        f"DROP TRIGGER IF EXISTS {name}_all ON {table}",
        f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}_all()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}_all",
    ]
