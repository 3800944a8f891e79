"""What lets thousands of tests be quick: each has a desk of its own, and none begins anew.

Every test opens a database of its own. A desk that has been running for a while has compiled its
statements long ago; here they are compiled once for all tests that ask the same kind of server.
And the program, which dozens of tests start anew, is compiled once, even where Python was told
to leave no bytecode. The desk flushes every commit to the disk, and waits for it; what tests
commit is flushed to memory where there is room for it.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Integer, event
from sqlalchemy.util import LRUCache

_STATEMENTS_MAX = 5_000
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder in it that nobody else may enter
_ROOM_BYTES = 4 * 1024**3
_Key = tuple[Any, ...]


class _Compiled(LRUCache[_Key, Any]):
    """Statements as they are sent, by what they say and not by which engine sends them."""

    def get(self, key: _Key, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: _Key, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)


def _of_kind(key: _Key) -> _Key:
    dialect: Dialect = key[0]
    return type(dialect), dialect.colspecs.get(Integer), *key[1:]


def share_statements() -> None:
    """Let all engines of this process know what one of them has compiled."""
    compiled = _Compiled(_STATEMENTS_MAX)

    def lend(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", lend)


def keep_bytecode() -> None:
    """Let the processes that are started from now on find again what one of them compiled."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def keep_files_in_memory() -> None:
    """Let pytest make its folders in memory, unless it was told where."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
