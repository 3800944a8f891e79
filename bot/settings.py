"""Everything an operator can set, read once, by `bot.shell`, and by nobody else."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.kit.errors import StartRefused
from bot.kit.secret_files import Unfit, ensure_private, read_secret
from bot.kit.words import Language  # noqa: TC001 - pydantic reads the annotations while running

_ROOT = Path(__file__).resolve().parent.parent
_PREFIX = "MIZBAN_"
_SECRETS = ("bot_token", "payment_token", "database_url")
_TOKEN = re.compile(r"[0-9]+:\S+")
_WORD = re.compile(r"\S+")
_HOUR = re.compile(r"[0-9]{1,2}")
_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?")
_FILE_URL = re.compile(r"sqlite\+aiosqlite:///[^:?][^?]*")
_SERVER_URL = re.compile(r"postgresql\+asyncpg://[^\s/]*/[^\s/?#]+(\?[^\s#]*)?")
_OF_SERVER = {"host", "port", "ssl"}  # what may follow the question mark

_UNKNOWN = "there is no such setting; docs/settings.md lists them."


class Settings(BaseSettings):
    """One frozen value; a field `name` is the environment variable MIZBAN_NAME."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=".env",
        env_ignore_empty=True,  # as compose files write a variable that nobody set
        dotenv_filtering="match_prefix",  # the lines of other programs are not ours to judge
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: SecretStr | None = Field(
        default=None,
        description="The bot's token. Without one the bundled simulator is started.",
    )
    payment_token: SecretStr | None = Field(
        default=None,
        description="Who is paid: Telegram's provider token, or the token of a Bale wallet. "
        "Without one the desk sends no bills.",
    )
    bot_token_file: Path | None = Field(
        default=None, description="A file with the bot's token, instead of the token itself."
    )
    payment_token_file: Path | None = Field(
        default=None, description="A file with the payment token, instead of that itself."
    )
    platform: Literal["telegram", "bale"] = Field(
        default="telegram", description="The messenger whose Bot API is spoken."
    )
    api_base_url: str | None = Field(
        default=None,
        description="Another address of the Bot API than the platform's own, ending in /bot.",
    )
    database_url: str = Field(
        default="sqlite+aiosqlite:///var/mizban.sqlite3",
        repr=False,  # there may be a password in it
        exclude=True,
        description="Where the desk keeps its records.",
    )
    database_url_file: Path | None = Field(
        default=None, description="A file with that address, instead of the address itself."
    )
    keyring_file: Path = Field(
        default=Path("var/keyring.json"),
        description="The keys that seal what nobody should read in the records.",
    )
    backup_dir: Path | None = Field(
        default=None, description="Where the desk keeps sealed copies of its records."
    )
    backup_hours: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(3,), min_length=1, description="The hours of Tehran at which it makes them."
    )
    backup_keep: int = Field(default=14, ge=1, le=10_000, description="How many of them it keeps.")
    catalogue_dir: Path = Field(
        default=_ROOT / "data" / "catalogue", description="What the offices publish."
    )
    lexicon_dir: Path = Field(
        default=_ROOT / "data" / "lexicon",
        description="Synonyms, spoken forms and Latin spellings.",
    )
    locale_dir: Path = Field(default=_ROOT / "locale", description="The words of the product.")
    cache_dir: Path = Field(
        default=Path("var/cache"), description="Vectors of entries; may be deleted at any time."
    )
    default_language: Language = Field(
        default="fa", description="The language for a person whose own is not known."
    )
    semantic: bool = Field(
        default=True,
        description="Use the semantic signal for answering where its package is installed.",
    )
    health_port: int = Field(
        default=8082, ge=0, le=65535, description="Loopback port of GET /health; 0 means none."
    )
    simulator_port: int = Field(
        default=8081,
        ge=0,
        le=65535,
        description="Loopback port of the bundled simulator; 0 picks one.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged."
    )

    @field_validator("bot_token")
    @classmethod
    def _is_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            message = "must be a number, a colon and letters, as the platform gave it"
            raise ValueError(message)
        return token

    @field_validator("api_base_url")
    @classmethod
    def _is_an_address(cls, address: str | None) -> str | None:
        if address is not None and not _ADDRESS.fullmatch(address):
            message = "must be an address such as https://api.telegram.org/bot"
            raise ValueError(message)
        return address

    @field_validator("backup_hours", mode="before")
    @classmethod
    def _are_hours(cls, typed: str | tuple[int, ...]) -> tuple[int, ...]:
        words = typed.split(",") if isinstance(typed, str) else map(str, typed)
        hours = {int(word) if _HOUR.fullmatch(word.strip()) else -1 for word in words}
        if not hours <= set(range(24)):
            message = "must be hours from 0 to 23, such as 3 or 3,15"
            raise ValueError(message)
        return tuple(sorted(hours))

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        if _FILE_URL.fullmatch(url):
            return url
        if not _SERVER_URL.fullmatch(url) or not _is_whole(url):
            message = (
                "must be sqlite+aiosqlite:/// and the path of a file, "
                "or postgresql+asyncpg://user:password@host/name"
            )
            raise ValueError(message)
        unknown = {name for name, _ in parse_qsl(urlsplit(url).query)} - _OF_SERVER
        if unknown:
            message = f"may end in {', '.join(sorted(_OF_SERVER))} and in nothing else"
            raise ValueError(message)
        return url

    @field_validator("payment_token")
    @classmethod
    def _is_one_word(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _WORD.fullmatch(token.get_secret_value()):
            message = "must be one word without blanks, as the payment provider gave it"
            raise ValueError(message)
        return token


def load_settings() -> Settings:
    """Read the environment and .env; raise StartRefused with one plain line for each fault."""
    known = {f"{_PREFIX}{name}".upper() for name in Settings.model_fields}
    faults = [
        f"{name}: {_UNKNOWN}"
        for name in sorted(os.environ)
        if name.startswith(_PREFIX) and name not in known
    ]
    try:
        faults += _lines_at_fault(Path(".env"))
        settings = Settings()
        secrets = _secrets_in_files(settings, faults)
        settings = Settings(**secrets) if secrets else settings
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in fault["loc"]).upper().removeprefix(_PREFIX)
            said = fault["msg"].removeprefix("Value error, ") + "."
            is_unknown = fault["type"] == "extra_forbidden"
            faults.append(f"{_PREFIX}{name}: {_UNKNOWN if is_unknown else said}")
        raise StartRefused(faults) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        faults.append(f".env: cannot be read: {why}.")
        raise StartRefused(faults) from None
    if faults:
        raise StartRefused(faults)
    return settings


def _is_whole(url: str) -> bool:
    """True where an address of a server names its parts as it should, and a port that exists."""
    try:
        parts = urlsplit(url)
        return parts.port != 0 and bool(parts.hostname or parts.query)
    except ValueError:
        return False


def _is_secret(name: str, value: str) -> bool:
    """True where a line of settings holds what nobody should read."""
    field = name.upper().removeprefix(_PREFIX).lower()
    if field == "database_url":
        return ":" in value.partition("://")[2].rpartition("@")[0]
    return field in _SECRETS


def _secrets_in_files(settings: Settings, faults: list[str]) -> dict[str, Any]:
    """Read the secrets that stand in files of their own; adds what is wrong with those."""
    read: dict[str, Any] = {}
    for name in _SECRETS:
        path: Path | None = getattr(settings, f"{name}_file")
        if path is None:
            continue
        setting = f"{_PREFIX}{name}_FILE".upper()
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
