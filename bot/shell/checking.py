"""Whether the desk would start, and whether what it needs around it is there: in plain words."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Final

from bot.kit.clock import now
from bot.kit.errors import StartRefused
from bot.kit.machine import is_zone, write_fault
from bot.kit.remarks import Level, Remark, fine, note
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.app import Content
    from bot.shell.adding import Commands

_STATUS: Final = {Level.ILL: 1, Level.WRONG: 2}
_LAST: Final = {
    0: "Everything is in order.",
    1: "The desk would start, but somebody has to look into what is named on standard error.",
    2: "The desk would not start.",
}


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add check."""
    check = commands.add_parser("check", help="say what is wrong or missing, without starting")
    check.add_argument("--offline", action="store_true", help="do not ask the platform")
    check.set_defaults(command=_check)


def _check(asked: argparse.Namespace) -> int:
    """Look at everything; status 0 is well, 1 would start but is ill, 2 would not start."""
    from bot import app

    settings = load_settings()
    remarks = [fine("settings", f"read; the messenger is {settings.platform}.")]
    content = _content(settings, remarks)
    remarks += _surroundings(settings)
    remarks += _refusals(lambda: app.ensure_posts(settings))
    chats: dict[str, int] = {}
    if content is not None:
        chats = _records(settings, content, remarks)
    remarks += _platform(settings, chats, is_offline=asked.offline)
    return _told(remarks)


def _told(remarks: list[Remark]) -> int:
    """Print what is well or may stay as it is, and apart from it what may not."""
    for one in remarks:
        if one.level not in _STATUS:
            print(f"{one.level:5}{one}")
    sys.stdout.flush()
    for one in remarks:
        if one.level in _STATUS:
            print(one, file=sys.stderr)
    sys.stderr.flush()
    status = max(_STATUS.get(one.level, 0) for one in remarks)
    print(_LAST[status])
    return status


def _refusals(look: Callable[[], object]) -> Iterator[Remark]:
    """Give each fault that keeps the desk from starting, with what it is about."""
    try:
        look()
    except StartRefused as refused:
        for fault in refused.faults:
            about, _, said = fault.partition(": ")
            yield Remark(Level.WRONG, about, said)


def _content(settings: Settings, remarks: list[Remark]) -> Content | None:
    from bot import app
    from bot.catalogue.loader import notes

    content: list[Content] = []
    faults = list(_refusals(lambda: content.append(app.load_content(settings))))
    remarks += faults
    if faults:
        return None
    offices = ", ".join(one.office.id for one in content[0].catalogue.offices)
    remarks.append(fine("catalogue", f"{offices}; words and lexicon are read too."))
    unstated = len(notes(content[0].catalogue))
    if unstated:
        how = "python -m bot catalogue check lists them"
        remarks.append(note("catalogue", f"{unstated} things are flagged or not stated; {how}."))
    return content[0]


def _surroundings(settings: Settings) -> list[Remark]:
    """Look at what the desk would start without, and should not have to do without."""
    remarks = []
    zone = os.environ.get("TZ", "")
    if zone and not is_zone(zone):
        why = "the hours of the log would be those of Greenwich; mend it, or unset it"
        remarks.append(Remark(Level.WRONG, "TZ", f"there is no time zone {zone}; {why}."))
    folders = {"MIZBAN_CACHE_DIR": settings.cache_dir, "MIZBAN_BACKUP_DIR": settings.backup_dir}
    for name, folder in folders.items():
        is_made = folder is settings.cache_dir
        fault = None if folder is None else write_fault(folder, is_made=is_made)
        if fault is not None:
            remarks.append(Remark(Level.WRONG, name, f"{folder} {fault}."))
    if settings.health_port == 0:
        remarks.append(note("MIZBAN_HEALTH_PORT", "is 0: nobody can ask the desk how it is."))
    return remarks


def _records(settings: Settings, content: Content, remarks: list[Remark]) -> dict[str, int]:
    """Look at the records and the keys, and say where the admin chats are. It makes none."""
    from bot.kit.opening import has_records, prepare_database
    from handlers.by_hand import records as by_hand
    from handlers.jobs.beginning import Examiner, look_at_offices
    from handlers.jobs.offices_ready import office_remarks

    url, keys, catalogue = settings.database_url, settings.keyring_file, content.catalogue
    found: list[bool] = []
    remarks += _refusals(lambda: found.append(has_records(url)))
    if not any(found):
        remarks += _unmade(url) if found else ()
        return {}
    said: list[str] = []
    for look in (
        lambda: prepare_database(url, Examiner(catalogue, keys)),
        lambda: asyncio.run(look_at_offices(url, catalogue)),
        lambda: said.append(asyncio.run(by_hand.keyring_line(url, keys))),
    ):
        faults = list(_refusals(look))
        if faults:
            remarks += faults
            return {}
    remarks += [fine("keys", line) for line in said[0].splitlines()]
    remarks += _storage(settings)
    chats, offices = asyncio.run(office_remarks(url, catalogue))
    remarks += offices
    return chats


def _unmade(url: str) -> Iterator[Remark]:
    """Say that there are no records yet, and whether they could be made."""
    from bot.kit.sqlite import database_path

    path = database_path(url)
    above = () if path is None else path.resolve().parents
    folder = next((one for one in above if one.exists()), None)
    fault = None if folder is None else write_fault(folder, is_made=False)
    if fault is not None:
        yield Remark(Level.WRONG, "database", f"{folder} {fault}.")
        return
    yield note("database", "there are no records yet; the first start makes them, and the keys.")


def _storage(settings: Settings) -> list[Remark]:
    from bot.app.places import OF_SERVERS
    from bot.kit.database_server import server_remarks
    from bot.kit.file_state import backup_remark, file_remarks
    from bot.kit.sqlite import database_path

    path = database_path(settings.database_url)
    if path is None:
        own = note("backups", "are for the tools of the server to make.")
        if settings.backup_dir is not None:
            own = Remark(Level.WRONG, "MIZBAN_BACKUP_DIR", f"{OF_SERVERS}.")
        return [*server_remarks(settings.database_url), own]
    remarks = file_remarks(path)
    folder, hours, newest = settings.backup_dir, settings.backup_hours, _newest_backup(settings)
    return [*remarks, backup_remark(folder, hours, newest, records=path, now=now())]


def _newest_backup(settings: Settings) -> datetime | None:
    from handlers.jobs.backups import Keeper

    if settings.backup_dir is None:
        return None
    keeper = Keeper(settings.backup_dir, settings.backup_keep, settings.keyring_file)
    try:
        return next((one.made_at for one in keeper.backups()), None)
    except OSError:  # which MIZBAN_BACKUP_DIR is told for already
        return None


def _platform(settings: Settings, chats: dict[str, int], *, is_offline: bool) -> list[Remark]:
    if settings.bot_token is None:
        trial = "the desk will run on its simulator, for trial only"
        return [note("MIZBAN_BOT_TOKEN", f"is not set: {trial}.")]
    payment = "" if settings.payment_token else "MIZBAN_PAYMENT_TOKEN"
    remarks = [note(payment, "is not set: no bills are sent in the chat.")] if payment else []
    if is_offline:
        return [*remarks, note("platform", "was not asked, as --offline says.")]
    return [*remarks, *asyncio.run(_asked_there(settings, chats))]


async def _asked_there(settings: Settings, chats: dict[str, int]) -> list[Remark]:
    from bot.messenger.inspection import inspect
    from bot.messenger.platforms import PLATFORMS
    from bot.messenger.transport import BotApi
    from bot.messenger.wire import Wire

    assert settings.bot_token is not None, "without a token there is nobody to ask"
    platform = PLATFORMS[settings.platform].at(settings.api_base_url)
    async with Wire() as wire:
        api = BotApi(platform, settings.bot_token.get_secret_value(), wire)
        return await inspect(api, wire, chats, now)
