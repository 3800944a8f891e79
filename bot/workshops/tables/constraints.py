"""Constraints that several tables of workshops have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal_column

if TYPE_CHECKING:
    from enum import StrEnum

    from sqlalchemy import ColumnElement


def one_of(column: str, *kinds: StrEnum) -> str:
    """Write that a column holds one of the kinds, as a CHECK says it."""
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    return f"{column} IN ({values})"


def written(condition: str) -> ColumnElement[bool]:
    """Write a condition out, not bound: SQLite uses a partial index only if it can read it."""
    return literal_column(condition)
