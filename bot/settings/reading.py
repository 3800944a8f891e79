"""How settings are read: the environment before .env, and secrets from files of their own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic import ValidationError

from bot.kit.errors import StartRefused
from bot.kit.secret_files import Unfit, ensure_private, read_secret
from bot.settings.model import PREFIX, SECRETS, Settings

_UNKNOWN = "there is no such setting; docs/settings.md lists them."


def load_settings() -> Settings:
    """Read the environment and .env; raise StartRefused with one plain line for each fault."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    faults = [
        f"{name}: {_UNKNOWN}"
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known
    ]
    try:
        faults += _lines_at_fault(Path(".env"))
        settings = Settings()
        secrets = _secrets_in_files(settings, faults)
        settings = Settings(**secrets) if secrets else settings
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in fault["loc"]).upper().removeprefix(PREFIX)
            said = fault["msg"].removeprefix("Value error, ") + "."
            is_unknown = fault["type"] == "extra_forbidden"
            faults.append(f"{PREFIX}{name}: {_UNKNOWN if is_unknown else said}")
        raise StartRefused(faults) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        faults.append(f".env: cannot be read: {why}.")
        raise StartRefused(faults) from None
    if faults:
        raise StartRefused(faults)
    return settings


def _is_secret(name: str, value: str) -> bool:
    """True where a line of settings holds what nobody should read."""
    field = name.upper().removeprefix(PREFIX).lower()
    if field == "database_url":
        return ":" in value.partition("://")[2].rpartition("@")[0]
    return field in SECRETS


def _secrets_in_files(settings: Settings, faults: list[str]) -> dict[str, Any]:
    """Read the secrets that stand in files of their own; adds what is wrong with those."""
    read: dict[str, Any] = {}
    for name in SECRETS:
        path: Path | None = getattr(settings, f"{name}_file")
        if path is None:
            continue
        setting = f"{PREFIX}{name}_FILE".upper()
        if name in settings.model_fields_set:
            faults.append(f"{setting}: set either this or {setting.removesuffix('_FILE')}.")
            continue
        try:
            read[name] = read_secret(path)
        except Unfit as unfit:
            faults.append(f"{setting}: {path} {unfit}.")
    return read


def _lines_at_fault(file: Path) -> list[str]:
    """Name the lines that would be passed over in silence, and a folder in the place of the file.

    An engine of containers makes such a folder where the file it was told of is not there.
    """
    if not file.exists():
        return []
    if file.is_dir():
        return [f"{file}: is a folder; put the file of settings in its place, or remove it."]
    with file.open(encoding="utf-8") as opened:
        mode, lines = os.fstat(opened.fileno()).st_mode, list(parse_stream(opened))
    faults = [
        f"{file}: line {line.original.line} cannot be read; write NAME=value."
        for line in lines
        if line.error
    ]
    if any(line.key and line.value and _is_secret(line.key, line.value) for line in lines):
        try:
            ensure_private(file, mode)
        except Unfit as unfit:
            faults.append(f"{file}: {unfit}.")
    return faults
