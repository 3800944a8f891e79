"""How updates that a platform posts find their way to this desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messenger.platforms import PLATFORMS
from bot.messenger.webhook import Posts
from bot.messenger.webhook_address import address_of, ensure_webhook

if TYPE_CHECKING:
    from bot.messenger.listener import Listener
    from bot.messenger.transport import BotApi
    from bot.settings import Settings


def ensure_posts(settings: Settings, *, on_simulator: bool = False) -> None:
    """Refuse a webhook that no platform would use, or that anybody could."""
    if settings.webhook_url is None:
        return
    platform = PLATFORMS[settings.platform]
    if on_simulator or settings.bot_token is None:
        platform = platform.at("")  # it posts anywhere on this machine
    ensure_webhook(
        settings.webhook_url, _webhook_secret(settings), platform.at(settings.api_base_url)
    )


def posts_of(settings: Settings, listener: Listener, api: BotApi) -> Posts | None:
    """Say where a bot has its updates posted; None where it asks for them."""
    secret = _webhook_secret(settings)
    if settings.webhook_url is None or secret is None:
        return None
    address = address_of(settings.webhook_url, secret, api.platform, api.bot_id)
    return Posts(listener, listener.add(address))


def _webhook_secret(settings: Settings) -> str | None:
    secret = settings.webhook_secret
    return None if secret is None else secret.get_secret_value()
