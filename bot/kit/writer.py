"""The one connection by which a file is written, lent to each transaction in turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


class Writer:
    """Keeps its connection: to fetch one from the pool takes as long as a short transaction.

    Whoever is lent it stands in one line with all others who write.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.line = asyncio.Lock()
        self._engine = engine
        self._kept: PoolProxiedConnection | None = None

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[AsyncConnection]:
        """Lend it; after a failure the pool undoes whatever is left, and lends another one."""
        async with self.line:
            if self._kept is None:
                self._kept = await self._engine.raw_connection()
            try:
                yield self._wrapped(self._kept)
            except BaseException:
                await self.close()
                raise

    async def close(self) -> None:
        """Give it back to the pool."""
        if self._kept is not None:
            kept, self._kept = self._kept, None
            await self._wrapped(kept).close()

    def _wrapped(self, kept: PoolProxiedConnection) -> AsyncConnection:
        """Begin anew with what belongs to a transaction: names of savepoints count from one."""
        return AsyncConnection(self._engine, Connection(self._engine.sync_engine, kept))
