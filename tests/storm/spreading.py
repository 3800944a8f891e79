"""Stands where a proxy would: hands what is posted to any replica, and some of it to two."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

from aiohttp import ClientError, ClientSession, ClientTimeout, web

_TWICE = 0.3
_LATER_SECONDS = 1.0
_POST_SECONDS_MAX = 20.0


class Spreader:
    """Takes posts at one address for the ports of several replicas."""

    def __init__(self, chance: Random, ports: Sequence[int]) -> None:
        self._chance, self._ports = chance, ports
        self.doubled_count = 0

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Take posts for as long as the block lasts; gives the address."""
        application = web.Application()
        runner = web.AppRunner(application, access_log=None)
        async with ClientSession(trust_env=False) as session, asyncio.TaskGroup() as group:

            async def take(request: web.Request) -> web.Response:
                body, headers = await request.read(), request.headers
                ports = self._chance.sample(self._ports, 2)
                sent = {
                    name: headers[name]
                    for name in headers
                    if name.startswith(("X-", "Content-Ty"))
                }
                if self._chance.random() < _TWICE:
                    self.doubled_count += 1
                    group.create_task(
                        self._post(session, ports[1], request.path, body, sent, is_late=True)
                    )
                status = await self._post(session, ports[0], request.path, body, sent)
                return web.Response(status=status)

            application.router.add_post("/{path:.*}", take)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                yield f"http://127.0.0.1:{runner.addresses[0][1]}/storm"
            finally:
                await runner.cleanup()

    async def _post(
        self,
        session: ClientSession,
        port: int,
        path: str,
        body: bytes,
        headers: dict[str, str],
        *,
        is_late: bool = False,
    ) -> int:
        if is_late:
            await asyncio.sleep(self._chance.uniform(0, _LATER_SECONDS))
        url, limit = f"http://127.0.0.1:{port}{path}", ClientTimeout(total=_POST_SECONDS_MAX)
        try:
            async with session.post(url, data=body, headers=headers, timeout=limit) as response:
                return response.status
        except (ClientError, TimeoutError, OSError):
            return 502


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
