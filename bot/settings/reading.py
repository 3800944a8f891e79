"""How settings are read: a file of one bot, the environment, .env, and secrets besides."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import ValidationError

from bot.kit.errors import StartRefused
from bot.kit.secret_files import Unfit, ensure_private, read_secret
from bot.settings.model import OF_PROCESS, PREFIX, SECRETS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_UNKNOWN = "there is no such setting; docs/settings.md lists them."


_own_file: ContextVar[Path | None] = ContextVar("own_file", default=None)


class Bot(NamedTuple):
    """One of several bots: what it is called in logs and faults, and all that is set for it."""

    name: str
    settings: Settings


@contextmanager
def reading_from(file: Path | None) -> Iterator[None]:
    """Read the settings of one bot, from a file of its own that goes before all else."""
    token = _own_file.set(file)
    try:
        yield
    finally:
        _own_file.reset(token)


def load_bots(files: Sequence[Path]) -> list[Bot]:
    """Read the settings of several bots; raise StartRefused with the faults of all of them."""
    bots: list[Bot] = []
    faults: list[str] = []
    for file in files:
        if file.stem in {bot.name for bot in bots}:
            faults.append(f"{file}: another file gives a bot the name {file.stem}; rename one.")
        try:
            with reading_from(file):
                bots.append(Bot(file.stem, load_settings()))
        except StartRefused as refused:
            faults += refused.faults
    if faults:
        raise StartRefused(faults)
    return bots


def load_settings() -> Settings:
    """Read the environment and .env; raise StartRefused with one plain line for each fault."""
    file = _own_file.get()
    if file is None:
        return _load({}, _unknown_in_environment())
    try:
        faults = _unknown_in_environment()
        return _load(_own_values(file, faults), faults)
    except StartRefused as refused:
        raise StartRefused([f"{file}: {fault}" for fault in refused.faults]) from None


def _unknown_in_environment() -> list[str]:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    return [
        f"{name}: {_UNKNOWN}"
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known
    ]


def _load(own: dict[str, Any], faults: list[str]) -> Settings:
    try:
        faults += _lines_at_fault(Path(".env"))
        settings = Settings(**own)
        secrets = _secrets_in_files(settings, faults)
        settings = Settings(**{**own, **secrets}) if secrets else settings
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


def _own_values(file: Path, faults: list[str]) -> dict[str, Any]:
    """Read the file of one bot, in which nothing stands that all bots have in common."""
    try:
        wrong = ["there is no such file."] if not file.is_file() else _lines_at_fault(file)
        read = {} if wrong else dotenv_values(file, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise StartRefused([f"cannot be read: {why}."]) from None
    if wrong:
        raise StartRefused([line.removeprefix(f"{file}: ") for line in wrong])
    own = {
        name.upper().removeprefix(PREFIX).lower(): value
        for name, value in read.items()
        if name.upper().startswith(PREFIX) and value
    }
    faults += [
        f"{PREFIX}{name.upper()}: is of all bots together; set it in .env or the environment."
        for name in sorted(OF_PROCESS & set(own))
    ]
    return own


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
