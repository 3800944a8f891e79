"""Posting updates: in order, with the secret, again and again until they are accepted."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bot.simulator import BALE, Simulator
from bot.simulator.wire import Json

Call = Callable[..., object]


@dataclass
class Receiver:
    url: str = ""
    statuses: list[int] = field(default_factory=list)  # What to answer first; then 200.
    bodies: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers=self.headers if status != 200 else None)

    def texts(self) -> list[str]:
        return [body["message"]["text"] for body in self.bodies]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def drained(simulator: Simulator) -> None:
    while simulator.world.updates.pending:
        assert await simulator.world.updates.arrived.wait(5)


async def test_updates_are_posted_in_order_with_the_secret(
    simulator: Simulator, call: Call, receiver: Receiver
) -> None:
    simulator.say("sara", "پیش از نشانی")
    await call("setWebhook", url=receiver.url, secret_token="s3cret")
    simulator.say("sara", "پس از نشانی")
    await drained(simulator)
    assert receiver.texts() == ["پیش از نشانی", "پس از نشانی"]
    assert set(receiver.secrets) == {"s3cret"}


async def test_what_was_not_accepted_comes_again_before_what_follows(
    simulator: Simulator, call: Call, receiver: Receiver
) -> None:
    receiver.statuses = [500, 503]
    await call("setWebhook", url=receiver.url)
    simulator.say("sara", "یک")
    simulator.say("sara", "دو")
    await drained(simulator)
    assert receiver.texts() == ["یک", "یک", "یک", "دو"]
    info = (await call("getWebhookInfo")).body["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503"


async def test_retry_after_is_honoured(
    simulator: Simulator, call: Call, receiver: Receiver
) -> None:
    simulator.world.webhook.retry_seconds = 3600
    receiver.statuses = [429]
    receiver.headers = {"Retry-After": "0"}
    await call("setWebhook", url=receiver.url)
    simulator.say("sara", "یک")
    await drained(simulator)
    assert receiver.texts() == ["یک", "یک"]


async def test_gone_ends_the_webhook_and_keeps_the_updates(
    simulator: Simulator, call: Call, receiver: Receiver
) -> None:
    receiver.statuses = [410]
    await call("setWebhook", url=receiver.url)
    simulator.say("sara", "یک")
    await simulator.world.updates.arrived.wait(5)
    while simulator.world.webhook.url:
        await simulator.world.updates.arrived.wait(5)
    assert len((await call("getUpdates")).body["result"]) == 1


async def test_a_poll_is_refused_while_a_webhook_is_set(call: Call, receiver: Receiver) -> None:
    await call("setWebhook", url=receiver.url)
    answer = await call("getUpdates")
    assert answer.status == 409
    assert "can't use getUpdates method while webhook is active" in answer.description
    await call("deleteWebhook", drop_pending_updates=True)
    assert (await call("getUpdates")).status == 200


@pytest.mark.parametrize("url", ["http://example.ir/hook", "ftp://127.0.0.1/x", "x"])
async def test_the_simulator_never_posts_to_the_world(call: Call, url: str) -> None:
    assert (await call("setWebhook", url=url)).description.startswith("Bad Request: bad webhook")


async def test_bale_sends_no_secret(receiver: Receiver) -> None:
    simulator = Simulator(profile=BALE)
    async with simulator.serve():
        simulator.world.webhook.set(receiver.url, "", 1)
        simulator.say("sara", "سلام")
        await drained(simulator)
    assert receiver.secrets == [None]
