"""The desk itself: start it, and ask how it is."""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.machine import loop_factory
from bot.settings import load_bots, load_settings

if TYPE_CHECKING:
    from bot.shell.adding import Commands


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add run, demo and health."""
    run = commands.add_parser("run", help="start the desk; without a token, on its simulator")
    run.set_defaults(command=_run, on_simulator=False)
    demo = commands.add_parser("demo", help="start the desk on its simulator")
    demo.set_defaults(command=_run, on_simulator=True)
    for parser in (run, demo):
        parser.add_argument(
            "--bot",
            dest="bots",
            metavar="FILE",
            type=Path,
            action="append",
            default=argparse.SUPPRESS,
            help="settings of one of several bots; said again for each of them",
        )
    health = commands.add_parser("health", help="ask the running desk how it is")
    health.set_defaults(command=_health)


def _run(asked: argparse.Namespace) -> int:
    gc.disable()  # Until the start is over: nothing of it is garbage, and to look takes a tenth.
    from bot import app
    from bot.kit import logs, metrics

    bots = load_bots(asked.bots) if asked.bots and len(asked.bots) > 1 else []
    settings = bots[0].settings if bots else load_settings()
    logs.set_up(settings.log_level, style=settings.log_format)
    if settings.metrics:
        metrics.turn_on()
    on_simulator = asked.on_simulator
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        if bots:
            runner.run(app.run_all(bots, on_simulator=on_simulator))
        else:
            runner.run(app.run(settings, on_simulator=on_simulator))
    return 0


def _health(_asked: argparse.Namespace) -> int:
    from urllib.error import HTTPError
    from urllib.request import urlopen

    address = f"http://127.0.0.1:{load_settings().health_port}/health"
    try:
        with urlopen(address, timeout=5) as response:
            print(response.read().decode())
    except HTTPError as error:
        print(error.read().decode())
        return 1
    except OSError:
        print(f"Nothing answers at {address}; does the desk run? See its log.", file=sys.stderr)
        return 1
    return 0


OF_SEVERAL = (_run, _health)
"""Commands that concern a process, and not each of its bots."""
