"""Serves the Bot API over HTTP, and with it the control API and the chat page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

from aiohttp import web

from bot.simulator.control import add_control_routes, complaints
from bot.simulator.errors import ApiError, conflict, not_found, too_many_requests
from bot.simulator.faults import Fault, FaultKind
from bot.simulator.files import UPLOAD_BYTES_MAX
from bot.simulator.guard import guard
from bot.simulator.journal import Call
from bot.simulator.methods import METHODS
from bot.simulator.methods.intake import get_updates
from bot.simulator.pages import add_page_routes
from bot.simulator.state import World
from bot.simulator.wire import Params, read_params, refusal, success

_JSON = "application/json"
_TOO_MANY = 429
_MULTIPART_ROOM = 1024 * 1024
WORLD = web.AppKey("world", World)


class BotApi:
    """Answers calls of the Bot API."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._limited_count = 0

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call, unless a misfortune was ordered for it."""
        if request.match_info["token"] != self._world.token:
            return _refused(ApiError(401, "Unauthorized"))
        name = request.match_info["method"]
        try:
            params = await read_params(request)
        except ApiError as error:
            return self._refuse(error)
        call = self._world.journal.begin(name, params.described(), self._world.clock())
        fault = self._world.faults.next(name.lower(), _chat_id(params))
        try:
            if fault is None:
                return await self._answer(name.lower(), params, call)
            return await self._misfortune(fault, request, params, call)
        finally:
            self._world.stirred.ring()

    async def _answer(self, method: str, params: Params, call: Call) -> web.Response:
        try:
            body = await self._result(method, params, call)
        except ApiError as error:
            call.status, call.description = error.code, error.description
            return self._refuse(error)
        call.status = 200
        return web.Response(body=body, content_type=_JSON)

    async def _result(self, method: str, params: Params, call: Call) -> bytes:
        if method not in self._world.profile.methods:
            raise not_found()
        if method == "getupdates":
            batch = await get_updates(self._world, params)
            call.update_ids = [queued.update_id for queued in batch]
            joined = b",".join([queued.body for queued in batch])
            return b'{"ok":true,"result":[' + joined + b"]}"
        return success(METHODS[method](self._world, params))

    def _refuse(self, error: ApiError) -> web.Response:
        if error.code == _TOO_MANY and self._world.profile.plain_limit_every:
            self._limited_count += 1
            if self._limited_count % self._world.profile.plain_limit_every == 0:
                return web.Response(status=_TOO_MANY, text="Too Many Requests")
        return _refused(error)

    async def _misfortune(
        self, fault: Fault, request: web.Request, params: Params, call: Call
    ) -> web.Response:
        method = call.method.lower()
        refused = _refusal_ordered(fault)
        if refused is not None:
            call.status, call.description = refused.code, refused.description
            return self._refuse(refused)
        if fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.delay_seconds)
            return await self._answer(method, params, call)
        if fault.kind is FaultKind.CUT_AFTER:
            await self._answer(method, params, call)
        call.description = str(fault.kind)
        if fault.kind is FaultKind.BAD_JSON:
            return web.Response(body=b'{"ok":true,"result":', content_type=_JSON)
        return _cut(request)

    async def file(self, request: web.Request) -> web.Response:
        """Hand out a file by the path getFile gave."""
        if request.match_info["token"] != self._world.token:
            return _refused(ApiError(401, "Unauthorized"))
        stored = self._world.files.by_path(request.match_info["path"])
        if stored is None:
            return _refused(not_found())
        return web.Response(body=stored.content, content_type="application/octet-stream")


def _refused(error: ApiError) -> web.Response:
    headers = {}
    if error.parameters and "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.Response(
        body=refusal(error), status=error.code, content_type=_JSON, headers=headers
    )


def _refusal_ordered(fault: Fault) -> ApiError | None:
    match fault.kind:
        case FaultKind.TOO_MANY_REQUESTS:
            return too_many_requests(fault.retry_after)
        case FaultKind.SERVER_ERROR:
            return ApiError(fault.code, "Bad Gateway")
        case FaultKind.CONFLICT:
            return conflict("terminated by other getUpdates request")
        case FaultKind.UNAUTHORIZED:
            return ApiError(401, "Unauthorized")
        case _:
            return None


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _chat_id(params: Params) -> int | None:
    try:
        return int(params.values["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def make_application(world: World, *, is_open: bool) -> web.Application:
    """Put the Bot API, the control API and the page together."""
    application = web.Application(
        client_max_size=UPLOAD_BYTES_MAX + _MULTIPART_ROOM,
        middlewares=[guard(is_open=is_open), complaints],
    )
    application[WORLD] = world
    api = BotApi(world)
    application.router.add_route("*", "/bot{token:[^/]+}/{method}", api.handle)
    application.router.add_get("/file/bot{token:[^/]+}/{path:.+}", api.file)
    add_control_routes(application, world)
    add_page_routes(application)

    async def close(_: web.Application) -> None:
        world.updates.close()
        world.events.close()

    application.on_shutdown.append(close)
    return application


@asynccontextmanager
async def serve_world(
    world: World, host: str, port: int, *, allow_non_loopback: bool
) -> AsyncIterator[str]:
    """Listen on a loopback address, or on another when that was said explicitly."""
    if not allow_non_loopback and host != "localhost" and not ip_address(host).is_loopback:
        raise ValueError("the simulator listens on loopback only; see --allow-non-loopback")
    world.webhook.may_leave_the_house = allow_non_loopback
    world.updates.is_closing = world.events.is_closing = False
    application = make_application(world, is_open=allow_non_loopback)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    failure: Exception | None = None
    try:
        await web.TCPSite(runner, host, port).start()
        name = f"[{host}]" if ":" in host else host
        async with asyncio.TaskGroup() as group:
            posting = group.create_task(world.webhook.run())
            try:
                yield f"http://{name}:{runner.addresses[0][1]}"
            except Exception as error:  # noqa: BLE001 - raised again below, without a group around it
                failure = error
            finally:
                posting.cancel()
    finally:
        await runner.cleanup()
    if failure is not None:
        raise failure
