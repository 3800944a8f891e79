"""Alembic's entry: works on a connection handed over, or on `-x url=…` from its command line."""

import importlib
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from bot.kit.database import metadata
from bot.kit.migrating import on_connection


def _import_tables() -> None:
    for path in sorted(Path(__file__).parents[1].glob("*/tables*")):
        importlib.import_module(f"bot.{path.parent.name}.tables")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_import_tables()
_connection = context.config.attributes.get("connection")
if _connection is not None:
    _run(_connection)
else:
    on_connection(context.get_x_argument(as_dictionary=True)["url"], _run)
