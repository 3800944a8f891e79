"""Everything an operator can set, and what each setting has to look like."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.kit.words import Language  # noqa: TC001 - pydantic reads the annotations while running

_ROOT = Path(__file__).resolve().parents[2]
PREFIX = "MIZBAN_"
OF_PROCESS = {
    "health_port",
    "lexicon_dir",
    "locale_dir",
    "log_format",
    "log_level",
    "metrics",
    "semantic",
    "webhook_host",
    "webhook_port",
}
"""What the bots of one process cannot have each for itself."""
SECRETS = ("bot_token", "payment_token", "database_url", "webhook_secret")
_TOKEN = re.compile(r"[0-9]+:\S+")
_WORD = re.compile(r"\S+")
_HOUR = re.compile(r"[0-9]{1,2}")
_OFFICE = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?")
_FILE_URL = re.compile(r"sqlite\+aiosqlite:///[^:?][^?]*")
_SERVER_URL = re.compile(r"postgresql\+asyncpg://[^\s/]*/[^\s/?#]+(\?[^\s#]*)?")
_OF_SERVER = {"host", "port", "ssl"}  # what may follow the question mark


class Settings(BaseSettings):
    """One frozen value; a field `name` is the environment variable MIZBAN_NAME."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
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
    offices: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="The offices of the catalogue that are served; all, where none is named.",
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
    webhook_url: str | None = Field(
        default=None,
        description="Where the platform posts updates. Without one the desk asks for them.",
    )
    webhook_secret: SecretStr | None = Field(
        default=None, description="By it the desk knows who posts: 32 letters or more, drawn."
    )
    webhook_secret_file: Path | None = Field(
        default=None, description="A file with that secret, instead of the secret itself."
    )
    webhook_host: str = Field(
        default="127.0.0.1", description="The address that is listened at for what is posted."
    )
    webhook_port: int = Field(
        default=8083, ge=1, le=65535, description="The port that is listened at there."
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
    log_format: Literal["text", "json"] = Field(
        default="text", description="Lines for people, or one JSON object a line for programs."
    )
    metrics: bool = Field(
        default=False, description="Count, and answer GET /metrics on the health port."
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

    @field_validator("offices", mode="before")
    @classmethod
    def _are_offices(cls, typed: str | tuple[str, ...]) -> tuple[str, ...]:
        words = typed.split(",") if isinstance(typed, str) else typed
        offices = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
        if not all(map(_OFFICE.fullmatch, offices)):
            message = (
                "must be names of offices with commas between them, such as kanoon,mazandaran"
            )
            raise ValueError(message)
        return offices

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


def _is_whole(url: str) -> bool:
    """True where an address of a server names its parts as it should, and a port that exists."""
    try:
        parts = urlsplit(url)
        return parts.port != 0 and bool(parts.hostname or parts.query)
    except ValueError:
        return False
