"""The command line of the desk; its commands are in `bot.shell`, a module for each family."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bot.kit.errors import StartRefused
from bot.kit.troubles import storage_told
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
            return int(asked.command(asked))
    except StartRefused as refused:
        print(*refused.faults, sep="\n", file=sys.stderr)
        return EXIT_REFUSED


def make_parser() -> argparse.ArgumentParser:
    """Read the command line: every family adds its commands to it."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Mizban, the help desk.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for family in _FAMILIES:
        family.add_to(commands)
    return parser


def command_names() -> list[str]:
    """Name every command, for the test that compares the program with its documentation."""
    actions = (action for action in make_parser()._actions if action.choices)  # noqa: SLF001 - argparse tells it no other way
    return [name for action in actions for name in action.choices or ()]


if __name__ == "__main__":
    sys.exit(main())
