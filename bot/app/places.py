"""Where things lie and listen: the records, their keys, their copies, the ports."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.errors import StartRefused
from bot.kit.sqlite import database_path
from handlers.jobs.backups import Keeper
from handlers.jobs.nightly_backups import Schedule

if TYPE_CHECKING:
    from bot.settings import Settings

OF_SERVERS = (
    "is for a file; of a server the tools of the server make backups, as docs/operating.md says"
)
_DEMO_RECORDS = Path("var/demo.sqlite3")
_DEMO_DATABASE_URL = f"sqlite+aiosqlite:///{_DEMO_RECORDS}"


def database_url(settings: Settings, *, on_simulator: bool = False) -> str:
    """Keep what is tried on the simulator apart from a real bot's records."""
    is_trial = on_simulator or settings.bot_token is None
    is_chosen = settings.database_url != type(settings).model_fields["database_url"].default
    return _DEMO_DATABASE_URL if is_trial and not is_chosen else settings.database_url


def keyring_path(settings: Settings, *, on_simulator: bool = False) -> Path:
    """Keep the keys of a trial apart too, beside its records."""
    is_trial = on_simulator or settings.bot_token is None
    is_chosen = settings.keyring_file != type(settings).model_fields["keyring_file"].default
    records = database_path(database_url(settings, on_simulator=on_simulator))
    if is_chosen or not is_trial:
        return settings.keyring_file
    return (records or _DEMO_RECORDS).with_suffix(".keyring.json")


def schedule(settings: Settings, keys: Path, *, on_simulator: bool) -> Schedule | None:
    """Say when backups are made of what, and by whom; None where nobody asked for any."""
    if settings.backup_dir is None:
        return None
    records = database_path(database_url(settings, on_simulator=on_simulator))
    if records is None:
        raise StartRefused([f"MIZBAN_BACKUP_DIR: {OF_SERVERS}."])
    keeper = Keeper(settings.backup_dir, settings.backup_keep, keys)
    return Schedule(records, keeper, settings.backup_hours)


def ensure_free(setting: str, port: int, host: str = "127.0.0.1") -> None:
    """Refuse to start when another program listens on a port of ours; 0 is no port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            fault = f"{setting}: port {port} of {host} is taken or not allowed; set another."
            raise StartRefused([fault]) from None
