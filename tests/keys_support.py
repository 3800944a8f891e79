"""Keys for desks under test: every database they open has these, unless it is told others."""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.citizens.tables import audit_notes
from bot.kit.crypto import Keyring, WrongKey
from bot.kit.database import Database, Moment
from bot.kit.tables import SEALED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Column
    from sqlalchemy.ext.asyncio import AsyncEngine

KEYS = Keyring({1: bytes(range(100, 132))}, 1, bytes(range(132, 164)))


def write_keys(path: Path) -> Path:
    """Write the keys of the tests where a command of the shell finds them."""

    def text(key: bytes) -> str:
        return b64encode(key).decode()

    keys = {str(number): text(key) for number, key in KEYS.keys.items()}
    fields = {"current": KEYS.current, "keys": keys, "index": text(KEYS.index_key)}
    path.write_text(json.dumps(fields))
    path.chmod(0o600)
    return path


def opened_note(row: Any) -> str | None:
    """Read the note of a row of the audit."""
    return audit_notes.open_any(KEYS, row.note, row.office_id, row.at, row.action, row.subject)


def opened(table: str, row: Mapping[str, Any]) -> list[Any]:
    """Write out a row as those see it who have the keys."""
    cells = dict(row)
    for one in SEALED_COLUMNS.values():
        if one.column.table.name == table and cells[one.column.name]:
            bound_to = [read(part, cells[part.name]) for part in one.bound_to]
            with suppress(WrongKey):
                cells[one.column.name] = one.open_bytes(KEYS, cells[one.column.name], *bound_to)
    return list(cells.values())


def read(column: Column[Any], cell: Any) -> Any:
    is_moment = isinstance(column.type, Moment)
    return datetime.fromisoformat(cell).replace(tzinfo=UTC) if is_moment else cell


def lend_keys() -> None:
    """Let databases that are opened without keys have those of the tests."""
    plain = Database.__init__

    def keyed(self: Database, engine: AsyncEngine, **options: Any) -> None:
        plain(self, engine, **{"keyring": KEYS, **{k: v for k, v in options.items() if v}})

    Database.__init__ = keyed  # type: ignore[method-assign] # here, and in the processes that tests start
