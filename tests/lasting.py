"""A loop, and connections to the server, that outlive the tests which used them.

A desk that has been running for a while is connected, and its connections know its statements.
A test that connects anew has each statement prepared anew, which costs more than all that it asks.
A connection belongs to a loop: tests on a server run one after the other in the same one. Between
two of them it is swept of whatever the first left in it, as if it had been closed.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import (
    AsyncAdapt_asyncpg_connection,
    AsyncAdapt_asyncpg_dbapi,
)
from sqlalchemy.util.concurrency import await_

_KEPT_MAX = 4  # of one database
_STATEMENTS_MAX = 2_000
_Place = tuple[str, str]
_CUT_OFF = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
_SETTINGS = """
SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS _ (name, value)
"""


class _Kept(NamedTuple):
    connection: Any
    statements: Any


class LastingLoop(asyncio.SelectorEventLoop):
    """Keeps connections for whoever runs in it next; it is swept where others are closed."""

    def __init__(self) -> None:
        super().__init__()
        self._shelf: dict[_Place, list[_Kept]] = defaultdict(list)

    def close(self) -> None:
        """Forget what was asked of this loop: nobody comes back for it."""
        inner: Any = self
        for number in list(inner._signal_handlers):
            self.remove_signal_handler(number)
        inner._ready.clear()
        for timer in list(inner._scheduled):
            timer.cancel()
        stay = {inner._ssock.fileno(), *(_socket_of(one) for one in self._kept())}
        for socket in set(inner._selector.get_map()) - stay:
            inner._remove_reader(socket)
            inner._remove_writer(socket)
        inner._asyncgens_shutdown_called = inner._executor_shutdown_called = False
        inner._default_executor = inner._exception_handler = None
        self.set_task_factory(None)

    def end(self) -> None:
        """Close the connections, and the loop for good."""
        for one in self._kept():
            one.terminate()
        self.run_until_complete(asyncio.sleep(0))
        super().close()

    def keep(self, place: _Place, kept: _Kept) -> None:
        self._shelf[place].append(kept)

    def is_full(self, place: _Place) -> bool:
        return len(self._shelf[place]) >= _KEPT_MAX

    def take(self, place: _Place) -> _Kept | None:
        """Take a connection to this database that is open, if one was given back."""
        while self._shelf[place]:
            kept = self._shelf[place].pop()
            if not kept.connection.is_closed():
                return kept
        return None

    def _kept(self) -> Iterator[Any]:
        every = (kept.connection for shelf in self._shelf.values() for kept in shelf)
        return (one for one in every if not one.is_closed())


def _socket_of(connection: Any) -> int:
    number: int = connection._transport.get_extra_info("socket").fileno()
    return number


class _Lent(AsyncAdapt_asyncpg_connection):
    """A connection that is given back where others are closed."""

    __slots__ = ("_place",)

    @classmethod
    def to(cls, driver: AsyncAdapt_asyncpg_dbapi, options: dict[str, Any]) -> "_Lent":
        """Take one that is there, as if it were new, or connect."""
        loop, place = asyncio.get_running_loop(), (str(options["host"]), str(options["database"]))
        assert isinstance(loop, LastingLoop)
        while kept := loop.take(place):
            lent = cls(driver, kept.connection)
            lent._prepared_statement_cache, lent._place = kept.statements, place
            settings = options["server_settings"]
            with suppress(*_CUT_OFF), lent._whole():
                await_(kept.connection.execute(_SETTINGS, [*settings], [*settings.values()]))
                return lent
        connecting = asyncpg.connect(**options)
        lent = await_(
            cls.create(driver, connecting, prepared_statement_cache_size=_STATEMENTS_MAX)
        )
        lent._place = place
        return lent

    async def _async_ping(self) -> None:
        """Ask whether the server is there, in no transaction of its own."""
        await self._connection.fetchrow(";")

    def close(self) -> None:
        """Give the connection back; nothing of who had it stays with it but its statements."""
        self.rollback()
        loop = asyncio.get_running_loop()
        if not isinstance(loop, LastingLoop) or loop.is_full(self._place):
            super().close()
            return
        with suppress(*_CUT_OFF), self._whole():
            await_(self._connection.reset())
            loop.keep(self._place, _Kept(self._connection, self._prepared_statement_cache))

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Let go of a connection on which the block did not come to its end."""
        try:
            yield
        except BaseException:
            self._connection.terminate()
            raise


class _Chosen:
    is_lasting = False
    loop: LastingLoop | None = None


_chosen = _Chosen()


def choose_loop(*, is_lasting: bool) -> None:
    """Say which loop the next test runs in: one of its own, or the one that outlives it."""
    _chosen.is_lasting = is_lasting


def chosen_loop() -> asyncio.AbstractEventLoop:
    if not _chosen.is_lasting:
        return asyncio.new_event_loop()
    _chosen.loop = _chosen.loop or LastingLoop()
    return _chosen.loop


def end_loop() -> None:
    """Close what outlived the tests, before the server ends."""
    if _chosen.loop is not None:
        _chosen.loop.end()
        _chosen.loop = None


def lend_connections() -> None:
    """Let whoever connects to a server in a lasting loop have a connection that is there."""
    plain = AsyncAdapt_asyncpg_dbapi.connect

    def connect(self: AsyncAdapt_asyncpg_dbapi, *args: Any, **options: Any) -> Any:
        if isinstance(asyncio.get_running_loop(), LastingLoop):
            return _Lent.to(self, options)
        return plain(self, *args, **options)

    AsyncAdapt_asyncpg_dbapi.connect = connect  # type: ignore[method-assign] # here, not in the processes that tests start
