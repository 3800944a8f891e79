"""Ledgers in files, as many as a test needs."""

from __future__ import annotations

import shutil
from itertools import count
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def files(migrated_file: Path, tmp_path: Path) -> Callable[[], str]:
    """Make one empty ledger after the other, each in a file."""
    numbers = count(1)

    def make() -> str:
        path = tmp_path / f"ledger{next(numbers)}.sqlite3"
        shutil.copy(migrated_file, path)
        return f"sqlite+aiosqlite:///{path}"

    return make
