"""The command line of the desk; its commands are in `bot.shell`, a module for each family."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.errors import StartRefused
from bot.kit.troubles import storage_told
from bot.settings import load_bots, reading_from
from bot.shell import checking, desk, keys, offices, papers, records, search

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_REFUSED = 2
_FAMILIES = (desk, checking, offices, papers, records, keys, search)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a program that cannot start says why, a line a fault, and exits with 2."""
    asked = make_parser().parse_args(arguments)
    try:
        with storage_told():
            return _done(asked)
    except StartRefused as refused:
        print(*refused.faults, sep="\n", file=sys.stderr)
        return EXIT_REFUSED


def _done(asked: argparse.Namespace) -> int:
    """Do what was asked for; for several bots one after the other, and say the worst status."""
    files: list[Path] = asked.bots or []
    if len(files) > 1 and asked.command in desk.OF_SEVERAL:
        return int(asked.command(asked))
    if len(files) > 1:
        from bot.app import ensure_apart  # noqa: PLC0415 - what most commands do without

        ensure_apart(load_bots(files), on_simulator=False)
    statuses = []
    for file in files or (None,):
        if len(files) > 1:
            print(f"{file}:", flush=True)
        with reading_from(file):
            statuses.append(int(asked.command(asked)))
    return max(statuses)


def make_parser() -> argparse.ArgumentParser:
    """Read the command line: every family adds its commands to it."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Mizban, the help desk.")
    parser.add_argument(
        "--bot",
        dest="bots",
        metavar="FILE",
        type=Path,
        action="append",
        help="settings of one bot, before all others; may be said again for another bot",
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for family in _FAMILIES:
        family.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
