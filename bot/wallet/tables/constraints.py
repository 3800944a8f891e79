"""Constraints that several tables of money have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enum import StrEnum


def one_of(column: str, kinds: type[StrEnum]) -> str:
    """Write that a column holds one of the kinds, as a CHECK says it."""
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    return f"{column} IN ({values})"
