"""The desk itself: start it, look whether it would start, ask how it is."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from typing import TYPE_CHECKING

from bot.kit.errors import StartRefused
from bot.kit.machine import is_zone, loop_factory, write_fault
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    import argparse

    from bot.shell.adding import Commands


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add run, demo, check and health."""
    run = commands.add_parser("run", help="start the desk; without a token, on its simulator")
    run.set_defaults(command=_run, on_simulator=False)
    demo = commands.add_parser("demo", help="start the desk on its simulator")
    demo.set_defaults(command=_run, on_simulator=True)
    check = commands.add_parser("check", help="say what is wrong, without starting")
    check.set_defaults(command=_check)
    health = commands.add_parser("health", help="ask the running desk how it is")
    health.set_defaults(command=_health)


def _run(asked: argparse.Namespace) -> int:
    gc.disable()  # Until the start is over: nothing of it is garbage, and to look takes a tenth.
    from bot import app
    from bot.kit import logs

    settings = load_settings()
    logs.set_up(settings.log_level)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(app.run(settings, on_simulator=asked.on_simulator))
    return 0


def _check(_asked: argparse.Namespace) -> int:
    from bot import app
    from bot.kit.opening import prepare_database
    from handlers.jobs import by_hand
    from handlers.jobs.beginning import Examiner, look_at_offices

    settings = load_settings()
    content = app.load_content(settings)
    faults = _faults_of_surroundings(settings)
    if faults:
        raise StartRefused(faults)
    url, keyring_file = settings.database_url, settings.keyring_file
    prepare_database(url, Examiner(content.catalogue, keyring_file))
    asyncio.run(look_at_offices(url, content.catalogue))
    keys = asyncio.run(by_hand.keyring_line(url, keyring_file))
    offices = ", ".join(published.office.id for published in content.catalogue.offices)
    print(f"Settings, translations, database and catalogue ({offices}) are in order.\n{keys}")
    if settings.bot_token is None:
        print("No MIZBAN_BOT_TOKEN is set: the desk will run on its simulator.")
    return 0


def _faults_of_surroundings(settings: Settings) -> list[str]:
    """Look at what the desk would start without, and should not have to do without."""
    faults = []
    zone = os.environ.get("TZ", "")
    if zone and not is_zone(zone):
        why = "the hours of the log would be those of Greenwich; mend it, or unset it"
        faults.append(f"TZ: there is no time zone {zone}; {why}.")
    fault = write_fault(settings.cache_dir, is_made=True)
    if fault is not None:
        faults.append(f"MIZBAN_CACHE_DIR: {settings.cache_dir} {fault}.")
    if settings.backup_dir is not None:
        fault = write_fault(settings.backup_dir, is_made=False)
        if fault is not None:
            faults.append(f"MIZBAN_BACKUP_DIR: {settings.backup_dir} {fault}.")
    return faults


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
