"""Where a platform posts updates, and by what it is known there.

The last part of the path is drawn from the secret, so that each bot has a door of its own, every
copy of the desk has the same, and who finds one in the log of a proxy still lacks the secret.
"""

import base64
import hmac
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from bot.kit.errors import StartRefused
from bot.messenger.platforms import Platform

SECRET_LENGTH_MIN: Final = 32
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32,256}")
_LETTERS_MIN: Final = 8  # of which a secret is made; thirty-two drawn ones have never so few
_HTTPS_PORT: Final = 443


@dataclass(frozen=True, slots=True)
class Address:
    """What a platform is told, and what has to come back with each update."""

    url: str = field(repr=False)
    door: str = field(repr=False)
    secret: str | None = field(repr=False)
    """The header that comes with each update; None where the platform sends none."""


def address_of(url: str, secret: str, platform: Platform, bot_id: int) -> Address:
    """Give a bot its own door behind the address that leads to this desk."""
    drawn = hmac.digest(secret.encode(), f"{platform.name}:{bot_id}".encode(), "sha256")
    door = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    header = secret if platform.has_secret_header else None
    return Address(f"{url.rstrip('/')}/{door}", door, header)


def fault_of_url(url: str, platform: Platform) -> str | None:
    """Say why a platform would not post there; its own servers take https on certain ports only.

    A Bot API server of one's own, and the simulator, post anywhere.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is no address"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "must be an address such as https://desk.example/mizban"
    if parts.query or parts.fragment or parts.username:
        return "must end with its path: no name before the host, no ? and no # behind"
    return _fault_of_port(parts.scheme, port, platform) if platform.webhook_ports else None


def fault_of_secret(secret: str | None) -> str | None:
    """Say what is wrong with a secret, without repeating it."""
    if secret is None:
        return "is needed: without it anybody could post updates; draw 32 letters or more"
    if _SECRET.fullmatch(secret) is None:
        return f"must be {SECRET_LENGTH_MIN} to 256 of A-Z, a-z, 0-9, _ and -, drawn at random"
    if len(set(secret)) < _LETTERS_MIN:
        return "must be drawn at random; this one is the same few letters over and over"
    return None


def _fault_of_port(scheme: str, port: int | None, platform: Platform) -> str | None:
    if scheme != "https":
        return f"must begin with https://, or {platform.name} posts nothing there"
    if (_HTTPS_PORT if port is None else port) in platform.webhook_ports:
        return None
    ports = ", ".join(map(str, platform.webhook_ports))
    return f"must have a port that {platform.name} posts to: {ports}"


def ensure_webhook(url: str | None, secret: str | None, platform: Platform) -> None:
    """Refuse to start with a webhook that no platform would use, or that anybody could."""
    if url is None:
        return
    faults = [
        f"{setting}: {fault}."
        for setting, fault in (
            ("MIZBAN_WEBHOOK_URL", fault_of_url(url, platform)),
            ("MIZBAN_WEBHOOK_SECRET", fault_of_secret(secret)),
        )
        if fault is not None
    ]
    if faults:
        raise StartRefused(faults)
