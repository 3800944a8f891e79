"""That no two bots of one process have anything in common that is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.app.places import database_url, keyring_path
from bot.kit.errors import StartRefused
from bot.kit.sqlite import database_path

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence
    from pathlib import Path

    from bot.settings import Bot, Settings

_PORT_OF_SERVER = 5432


def ensure_apart(bots: Sequence[Bot], *, on_simulator: bool) -> None:
    """Raise StartRefused where two bots have a token, records, keys or backups in common."""
    seen: dict[Hashable, str] = {}
    faults = []
    for bot in bots:
        for setting, thing in _own(bot.settings, on_simulator=on_simulator):
            first = seen.setdefault((setting, thing), bot.name)
            if first != bot.name:
                own = "give each bot its own in its own file"
                faults.append(f"{bot.name}: {setting}: {first} has the same; {own}.")
    if faults:
        raise StartRefused(faults)


def _own(settings: Settings, *, on_simulator: bool) -> Iterator[tuple[str, Hashable]]:
    """Name what must be one bot's alone, each in one way of saying it."""
    yield "MIZBAN_DATABASE_URL", _place(database_url(settings, on_simulator=on_simulator))
    yield "MIZBAN_KEYRING_FILE", _file(keyring_path(settings, on_simulator=on_simulator))
    if settings.backup_dir is not None:
        yield "MIZBAN_BACKUP_DIR", _file(settings.backup_dir)
    if not on_simulator and settings.bot_token is not None:
        number = settings.bot_token.get_secret_value().partition(":")[0]
        yield "MIZBAN_BOT_TOKEN", (settings.platform, int(number))
    elif settings.simulator_port:
        yield "MIZBAN_SIMULATOR_PORT", settings.simulator_port


def _file(path: Path) -> Hashable:
    """The file itself, whatever leads to it."""
    try:
        found = path.stat()
    except OSError:
        return path.resolve()
    return found.st_dev, found.st_ino


def _place(url: str) -> Hashable:
    path = database_path(url)
    if path is not None:
        return _file(path)
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    return host, parts.port or _PORT_OF_SERVER, parts.path, parts.query
