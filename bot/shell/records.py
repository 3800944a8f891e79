"""The records as a whole: whether they are right."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.kit.clock import now
from bot.settings import load_settings

if TYPE_CHECKING:
    import argparse

    from bot.shell.adding import Commands


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add audit."""
    audit = commands.add_parser("audit", help="add money up and count places anew")
    audit.set_defaults(command=_audit)


def _audit(_asked: argparse.Namespace) -> int:
    from bot import app
    from handlers.jobs import by_hand

    settings = load_settings()
    work = by_hand.audit_lines(app.database_url(settings), settings.catalogue_dir, now=now())
    faults = asyncio.run(work)
    print("\n".join(faults) or "The ledger is right, and so are the places of workshops.")
    return 1 if faults else 0
