"""Let nobody change, remove or replace the rows of a table, not even by hand.

SQLite fires no trigger for the row that an INSERT OR REPLACE removes, hence a guard before the
insert; PostgreSQL knows no REPLACE, but TRUNCATE. Migrations that have run stand on this module:
it is added to, and what it does stays the same.
"""

from alembic import op


def guard(table: str, message: str, *, same: str = "id = NEW.id") -> None:
    """Guard a table; `same` finds the row that a new one would replace."""
    if op.get_context().dialect.name == "sqlite":
        is_there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of ours
        refuse = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for name, when in (
            ("update", f"BEFORE UPDATE ON {table}"),
            ("delete", f"BEFORE DELETE ON {table}"),
            ("replace", f"BEFORE INSERT ON {table} WHEN {is_there}"),
        ):
            op.execute(f"CREATE TRIGGER {table}_refuses_{name} {when} {refuse}")
        return
    create_refusal(f"{table}_refuses", message)
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuses()"
        )


def create_refusal(name: str, message: str) -> None:
    """Create what a trigger of PostgreSQL calls to refuse."""
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )


def drop_refusal(name: str) -> None:
    """Drop that again, once nothing calls it; SQLite drops its triggers with their table."""
    if op.get_context().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {name}()")
