"""The one statement that the repositories of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects.sqlite import insert

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.dialects.sqlite import Insert


def saving(table: Table) -> Insert:
    """Insert a row, or put it in the place of the one with its key."""
    new = insert(table)
    others = [column.name for column in table.c if not column.primary_key]
    return new.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={name: new.excluded[name] for name in others}
    )
