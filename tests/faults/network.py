"""A network before a platform or a server, which breaks in every way that networks do."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

_AT_ONCE = struct.pack("ii", 1, 0)  # with SO_LINGER: closing means a reset


class Weather(StrEnum):
    """What becomes of the bytes."""

    FAIR = "fair"
    BLACKHOLE = "blackhole"  # nothing arrives, and nobody says so
    RESET = "reset"  # connections end, and new ones end at once
    LOST_REPLY = "lost reply"  # the platform has heard it, its answer never arrives
    TRUNCATED = "truncated"  # half of the answer arrives
    SLOW = "slow"


@dataclass
class Network:
    """A door of its own before somebody else's."""

    upstream: str
    weather: Weather = Weather.FAIR
    latency_seconds: float = 0.05
    met: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def before(cls, upstream: str) -> AsyncIterator[tuple[Self, str]]:
        """Stand before an address; gives the network and the address to use instead."""
        network = cls(upstream)
        server = await asyncio.start_server(network._pass, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        try:
            yield network, f"http://{host}:{port}"
        finally:
            server.close()
            network.turn(Weather.RESET)

    def turn(self, weather: Weather) -> None:
        """Change the weather; what hung in a black hole, or is to be reset, ends."""
        is_over = self.weather is Weather.BLACKHOLE or weather is Weather.RESET
        self.weather = weather
        for writer in list(self._open) if is_over else ():
            _reset(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.weather is Weather.RESET:
            self.met += 1
            _reset(writer)
            return
        place = urlsplit(self.upstream)
        if place.scheme == "unix":
            there, onwards = await asyncio.open_unix_connection(place.path)
        else:
            there, onwards = await asyncio.open_connection(place.hostname, place.port)
        self._open |= {writer, onwards}
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                async with asyncio.TaskGroup() as group:
                    asking = group.create_task(self._pump(reader, onwards, is_reply=False))
                    await self._pump(there, writer, is_reply=True)
                    asking.cancel()
        except* OSError:
            pass
        finally:
            self._open -= {writer, onwards}
            writer.close()
            onwards.close()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, is_reply: bool
    ) -> None:
        while said := await source.read(65_536):
            self.met += self.weather is not Weather.FAIR
            match self.weather:
                case Weather.BLACKHOLE:
                    continue
                case Weather.LOST_REPLY if is_reply:
                    _reset(target)
                    return
                case Weather.TRUNCATED if is_reply:
                    target.write(said[: len(said) // 2])
                    await target.drain()
                    return
                case Weather.SLOW:
                    await asyncio.sleep(self.latency_seconds)
            target.write(said)
            await target.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()
