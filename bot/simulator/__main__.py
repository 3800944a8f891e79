"""Runs the pocket messenger alone: `python -m bot.simulator --port 8081`."""

import argparse
import asyncio
import signal
import sys

from bot.simulator.profiles import PROFILES
from bot.simulator.simulator import DEMO_TOKEN, Simulator


def main() -> None:
    """Read the command line and serve until told to stop."""
    options = _parser().parse_args()
    simulator = Simulator(
        profile=PROFILES[options.profile], token=options.token, strict_limits=options.strict_limits
    )
    with asyncio.Runner() as runner:
        runner.run(_serve(simulator, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="telegram")
    parser.add_argument("--token", default=DEMO_TOKEN, help="the only token that is accepted")
    parser.add_argument(
        "--strict-limits", action="store_true", help="refuse what is sent too fast"
    )
    parser.add_argument("--allow-non-loopback", action="store_true", help="listen to the network")
    return parser


async def _serve(simulator: Simulator, options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with simulator.serve(
        options.host, options.port, allow_non_loopback=options.allow_non_loopback
    ) as address:
        lines = (
            f"The pocket messenger is open: {address}/",
            f"Its Bot API: {address}/bot<token>/<method>, token {simulator.token}",
        )
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
