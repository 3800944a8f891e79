"""A disk that loses, at a power cut, whatever it was not told to keep: sector by sector.

Statements are run through SQLite on this disk, with the settings of the desk. Everything that
SQLite asks of the disk is written down; then the power is cut after any of these requests. What
was flushed before is there. Of what was not, each sector is there, or not, as chance will have it.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from bot.kit.sqlite import _PRAGMAS as DESK_PRAGMAS

SECTOR = 512
Statement = tuple[str, Any, bool]
Digest = Callable[[Callable[[str], Iterable[Any]]], int]


class Request(NamedTuple):
    """Something that was asked of the disk; `data` is None where a file is cut or flushed."""

    what: str
    name: str
    offset: int = 0
    data: bytes | None = None


@dataclass
class Recorded:
    """What was asked of the disk, and after how many requests each commit was acknowledged."""

    name: str
    first: bytes
    requests: list[Request] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    digests: list[int] = field(default_factory=list)  # of what is kept after each of them


class _File(apsw.VFSFile):
    def __init__(self, requests: list[Request], name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._name, self._requests = Path(path).name, requests

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._requests.append(Request("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - as above
        self._requests.append(Request("cut", self._name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - as above
        self._requests.append(Request("flush", self._name))
        super().xSync(flags)


class _Disk(apsw.VFS):
    def __init__(self, requests: list[Request]) -> None:
        self._requests = requests
        super().__init__("recorded", "", makedefault=False)

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802 - SQLite's name
        return _File(self._requests, name, flags)


def record(
    path: Path, units: Iterable[list[Statement]], digest: Digest, *pragmas: str
) -> Recorded:
    """Run units of work on a disk that is written down; other settings may be laid over ours."""
    recorded = Recorded(path.name, path.read_bytes())
    disk = _Disk(recorded.requests)
    connection = apsw.Connection(str(path), vfs="recorded")
    try:
        # Nothing is shared with other processes here: SQLite's shared memory is on no disk.
        for pragma in ("PRAGMA locking_mode=EXCLUSIVE", *DESK_PRAGMAS, *pragmas):
            connection.execute(pragma).fetchall()

        def look() -> None:
            recorded.acknowledged.append(len(recorded.requests))
            recorded.digests.append(digest(lambda query: list(connection.execute(query))))

        look()
        for unit in units:
            for statement, parameters, is_many in unit:
                run = connection.executemany if is_many else connection.execute
                run(statement, parameters).fetchall()
            look()
    finally:
        connection.close()
        disk.unregister()
    return recorded


def cuts(
    recorded: Recorded, path: Path, chance: random.Random, count: int
) -> Iterator[tuple[int, int]]:
    """Cut the power at so many moments; gives the moment, and how much was acknowledged by then.

    Each time the files that were left lie at `path`.
    """
    moments = sorted(
        chance.randint(recorded.acknowledged[0], recorded.acknowledged[-1]) for _ in range(count)
    )
    kept = {path.name: bytearray(recorded.first)}
    loose: dict[str, list[Request]] = {}
    at = 0
    for moment in moments:
        for request in recorded.requests[at:moment]:
            if not request.name.startswith(recorded.name):
                continue  # of a sorter: a file that nobody looks for later
            name = request.name.replace(recorded.name, path.name)
            if request.what == "flush":
                for one in loose.pop(name, ()):
                    _apply(kept.setdefault(name, bytearray()), one)
            else:
                loose.setdefault(name, []).append(request)
        at = moment
        _leave(path, kept, loose, chance)
        yield moment, sum(done <= moment for done in recorded.acknowledged) - 1


def _leave(
    path: Path, kept: dict[str, bytearray], loose: dict[str, list[Request]], chance: random.Random
) -> None:
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    share = chance.choice((0.0, 0.5, 0.5, 0.9, 1.0))
    for name in {*kept, *loose}:
        content = bytearray(kept.get(name, b""))
        for one in loose.get(name, ()):
            if one.data is None:
                if chance.random() < share:
                    _apply(content, one)
                continue
            for start in range(0, len(one.data), SECTOR):
                if chance.random() < share:
                    piece = one.data[start : start + SECTOR]
                    _apply(content, Request("write", name, one.offset + start, piece))
        path.with_name(name).write_bytes(content)


def _apply(content: bytearray, request: Request) -> None:
    if request.data is None:
        del content[request.offset :]
        content.extend(b"\0" * (request.offset - len(content)))
        return
    end = request.offset + len(request.data)
    content.extend(b"\0" * (end - len(content)))
    content[request.offset : end] = request.data
