"""A PostgreSQL server: many writers at once, who wait for each other's rows and not for long.

Nobody stands in line here. What keeps the last rial from being spent twice is in the statements:
rows are locked in ascending order of their numbers, and changed only where what is needed is
there (ADR 0023).
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import BigInteger, ExceptionContext, Integer, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

# The options of a connection that only reads: all of its statements see one moment.
READING: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_CONNECTIONS_MAX: Final = 10
_CONNECT_SECONDS: Final = 10.0

# Codes of the SQL standard, or of PostgreSQL; two letters or digits stand for their whole class.
_BUSY: Final = frozenset({"40P01", "40001", "55P03"})  # deadlock, serialization, lock timeout
_TROUBLES: Final = (*_BUSY, "08", "25006", "53", "57P", "58", "XX")


def open_engine(url: str, *, busy_seconds: float) -> AsyncEngine:
    """Open connections to this server as they are needed.

    A number out of a button may be greater than any of ours can be: it is sent as a wide one, so
    that the server looks for it, and finds nothing.
    """
    engine = open_plain_engine(url, busy_seconds=busy_seconds)
    dialect = engine.sync_engine.dialect
    dialect.colspecs = {**dialect.colspecs, Integer: dialect.colspecs[BigInteger]}
    return engine


def open_plain_engine(url: str, *, busy_seconds: float) -> AsyncEngine:
    """Open connections on which each column has the type that its table says."""
    engine = create_async_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=_CONNECTIONS_MAX,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # The parameters of a failed statement are what people wrote.
        connect_args={
            "timeout": _CONNECT_SECONDS,
            "server_settings": {
                # The same for all connections of a process: they can be cut off together.
                "application_name": f"mizban {secrets.token_hex(8)}",
                "lock_timeout": f"{busy_seconds * 1000:.0f}",
                "synchronous_commit": "on",
                # Of a machine that is gone, the server hears within a minute.
                "tcp_keepalives_idle": "30",
                "tcp_keepalives_interval": "10",
                "tcp_keepalives_count": "3",
                "timezone": "UTC",
            },
        },
    )
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "handle_error", _withhold_details)
    return engine


def name_of(url: str) -> str:
    """Name a server and a database on it, without what opens them."""
    parts = make_url(url)
    host = parts.host or parts.query.get("host", "")
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.database} at {host}{port}"


@asynccontextmanager
async def session(engine: AsyncEngine) -> AsyncIterator[Any]:
    """Hold a connection, which is closed at the end with all that its session held."""
    errors = engine.dialect.dbapi.asyncpg.exceptions  # type: ignore[union-attr] # it has been loaded
    troubles = errors.PostgresError, errors.InterfaceError, errors.InternalClientError
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        try:
            yield raw.driver_connection
        except (OSError, *troubles) as error:
            raise OperationalError(None, None, error) from error
        finally:
            await connection.invalidate()


def is_busy(error: DBAPIError) -> bool:
    """True when somebody else's transaction was in the way, and the same may work again."""
    return _state_of(error) in _BUSY


def is_trouble(error: DBAPIError) -> bool:
    """True when the server or a lock is at fault and not the statement: gone, full, locked."""
    state = _state_of(error)
    if state is None:
        return isinstance(error, OperationalError) or error.connection_invalidated
    return state.startswith(_TROUBLES) or error.connection_invalidated


def _state_of(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    return None if state is None else str(state)


def _connect(dialect: Any, _record: object, args: Any, parameters: Any) -> Any:  # noqa: ANN401 - a driver's connection has no common type
    """Connect; what the driver and the socket say when that fails becomes one kind of error."""
    try:
        return dialect.connect(*args, **parameters)
    except (
        OSError,
        dialect.dbapi.asyncpg.PostgresError,
        dialect.dbapi.asyncpg.InterfaceError,
    ) as error:
        raise dialect.dbapi.OperationalError(str(error), error) from error


def _withhold_details(context: ExceptionContext) -> None:
    """Keep the row that a statement failed on out of what is logged."""
    for error in (context.original_exception, context.original_exception.__cause__):
        if getattr(error, "detail", None) is not None:
            vars(error)["detail"] = None
