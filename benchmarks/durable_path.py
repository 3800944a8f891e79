"""The durable path beside a stock python-telegram-bot echo: updates answered per second.

Both run as a process of their own on one core, against the simulator on the other; runs are
interleaved and the ratio of medians is what counts. `answer-ms` is how long the durable bot's
answer keeps the processor, for which half a millisecond stands for a real lexical answer.
"""

import argparse
import asyncio
import logging
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.kit.database import Database, Transaction, migrate
from bot.kit.errors import DeskError
from bot.messenger.contract import Desk, Outcome
from bot.messenger.limits import Limiter
from bot.messenger.messenger import Messenger, stop_on_signals
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.outbox.model import OutgoingMessage
from bot.simulator import DEMO_TOKEN, Simulator

_FIRST_CHAT = 100_000
_BOTS = ("stock", "ours")


async def run_ours(address: str, answer_seconds: float, folder: str) -> None:
    url = f"sqlite+aiosqlite:///{folder}/bench.sqlite3"
    migrate(url)

    async def answer(_tx: Transaction, update: dict[str, Any], _now: datetime) -> Outcome:
        ends_at = time.perf_counter() + answer_seconds
        while time.perf_counter() < ends_at:
            pass
        message = update["message"]
        params: dict[str, object] = {"text": f"echo {message['text']}"}
        return Outcome([OutgoingMessage(message["chat"]["id"], "sendMessage", params)])

    async def refuse(
        _tx: Transaction, _u: dict[str, Any], error: DeskError, _n: datetime
    ) -> Outcome:
        raise error

    stop = asyncio.Event()
    stop_on_signals(stop)
    database = Database.open(url)
    api = BotApi(TELEGRAM.at(address), DEMO_TOKEN, Wire())
    await Messenger(
        database, api, Desk(answer, refuse), limiter=Limiter(100_000, is_paced=False)
    ).run(stop)
    await database.close()


def run_stock(address: str) -> None:
    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"echo {update.message.text}")

    builder = ApplicationBuilder().token(DEMO_TOKEN).base_url(f"{address}/bot")
    application = builder.base_file_url(f"{address}/file/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


async def measure(bot: str, updates: int, chats: int, answer_ms: float) -> float:
    simulator = Simulator()
    for chat in range(_FIRST_CHAT, _FIRST_CHAT + chats):
        simulator.add_person(f"p{chat}", chat, "P")
        simulator.world.chats[chat].is_started = True
    async with simulator.serve() as address:
        with tempfile.TemporaryDirectory() as folder:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                __file__,
                "--child",
                bot,
                "--address",
                address,
                "--answer-ms",
                str(answer_ms),
                "--folder",
                folder,
                stderr=asyncio.subprocess.DEVNULL,
            )
            os.sched_setaffinity(process.pid, {0})
            try:
                await simulator.until(lambda: "getUpdates" in simulator.journal.counts, 15)
                await asyncio.sleep(0.5)
                began = time.perf_counter()
                for number in range(updates):
                    simulator.say(_FIRST_CHAT + number % chats, f"n{number}")
                await _answered(simulator, updates)
                seconds = time.perf_counter() - began
            finally:
                process.terminate()
                await process.wait()
    return updates / seconds


async def _answered(simulator: Simulator, updates: int) -> None:
    while simulator.journal.counts.get("sendMessage", 0) < updates:  # noqa: ASYNC110 - a count rings no bell, and listening for each change would cost what is measured
        await asyncio.sleep(0.005)


async def compare(options: argparse.Namespace) -> None:
    os.sched_setaffinity(0, {1})
    rates: dict[str, list[float]] = {bot: [] for bot in _BOTS}
    for _ in range(options.rounds):
        for bot in _BOTS:
            rate = await measure(bot, options.updates, options.chats, options.answer_ms)
            rates[bot].append(rate)
            print(f"{bot:>6} {rate:8.0f}/s", flush=True)
    stock, ours = (statistics.median(rates[bot]) for bot in _BOTS)
    print(f"ratio {ours / stock:.2f} (budget 1.0)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", choices=_BOTS)
    parser.add_argument("--address", default="")
    parser.add_argument("--folder", default="")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--updates", type=int, default=3000)
    parser.add_argument("--chats", type=int, default=1500)
    parser.add_argument("--answer-ms", type=float, default=0.5)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.child == "stock":
        run_stock(options.address)
    elif options.child == "ours":
        asyncio.run(run_ours(options.address, options.answer_ms / 1000, options.folder))
    else:
        asyncio.run(compare(options))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
