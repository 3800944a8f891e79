"""The command line of the desk."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.errors import StartRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a program that cannot start says why, a line a fault, and exits with 2."""
    asked = _parser().parse_args(arguments)
    try:
        status: int = asked.command(asked)
    except StartRefused as refused:
        for fault in refused.faults:
            print(fault, file=sys.stderr)
        return EXIT_REFUSED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Mizban, the help desk.")
    commands = parser.add_subparsers(required=True, metavar="command")

    run = commands.add_parser("run", help="start the desk; without a token, on its simulator")
    run.set_defaults(command=_run, on_simulator=False)
    demo = commands.add_parser("demo", help="start the desk on its simulator")
    demo.set_defaults(command=_run, on_simulator=True)
    check = commands.add_parser("check", help="say what is wrong, without starting")
    check.set_defaults(command=_check)
    health = commands.add_parser("health", help="ask the running desk how it is")
    health.set_defaults(command=_health)

    catalogue = commands.add_parser("catalogue", help="work with data/catalogue")
    catalogue.add_argument("action", choices=["check"])
    catalogue.set_defaults(command=_check_catalogue)

    ask = commands.add_parser("ask", help="answer questions from standard input, a JSON line each")
    ask.add_argument("--jsonl", action="store_true", required=True)
    ask.set_defaults(command=_ask)
    search = commands.add_parser("search", help="rank passages of any collection for queries")
    search.add_argument("--passages", type=Path, required=True)
    search.add_argument("--queries", type=Path, required=True)
    search.set_defaults(command=_search)
    evaluate = commands.add_parser("evaluate", help="measure the answers on known questions")
    evaluate.set_defaults(command=_evaluate)
    return parser
