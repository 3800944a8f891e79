"""Methods that decide how updates reach the bot: webhook here, long poll in the server."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.simulator.errors import bad_request, conflict
from bot.simulator.state import World
from bot.simulator.updates import Queued
from bot.simulator.wire import Json, Params

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WEBHOOK_IS_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
CONNECTIONS_MAX = 100


async def get_updates(world: World, params: Params) -> list[Queued]:
    """Give the bot its updates; those before the offset are confirmed on arrival."""
    kinds = params.names("allowed_updates", "allowed updates")
    offset = params.integer("offset")
    limit = params.integer("limit", 100)
    timeout_seconds = params.integer("timeout")
    if world.webhook.url:
        raise conflict(_WEBHOOK_IS_ACTIVE)
    world.updates.set_allowed(kinds)
    return await world.updates.poll(offset, limit, timeout_seconds)


def set_webhook(world: World, params: Params) -> bool:
    """Let updates be posted to an address; an empty one ends it."""
    url = params.text("url") or ""
    if not url:
        return delete_webhook(world, params)
    secret = params.text("secret_token") or ""
    if secret and _SECRET.fullmatch(secret) is None:
        raise bad_request("secret token contains unallowed characters")
    if not world.webhook.may_leave_the_house and not _is_loopback(url):
        raise bad_request("bad webhook: the simulator posts to loopback addresses only")
    kinds = params.names("allowed_updates", "allowed updates")
    connections = params.integer("max_connections", 40)
    world.updates.set_allowed(kinds)
    if params.flag("drop_pending_updates"):
        world.updates.pending.clear()
    secret = secret if world.profile.has_secret_header else ""
    world.webhook.set(url, secret, max(1, min(connections, CONNECTIONS_MAX)))
    return True


def delete_webhook(world: World, params: Params) -> bool:
    """Stop posting updates; they wait for a poll."""
    if params.flag("drop_pending_updates"):
        world.updates.pending.clear()
    world.webhook.set("", "", 0)
    return True


def get_webhook_info(world: World, params: Params) -> Json:
    """Tell how posting goes."""
    del params
    webhook = world.webhook
    if not world.profile.is_complete:
        return {"url": webhook.url}
    described: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if webhook.url:
        described["max_connections"] = webhook.connections_max
    if world.updates.allowed != world.profile.default_kinds:
        described["allowed_updates"] = sorted(world.updates.allowed)
    if webhook.last_error:
        described["last_error_date"] = webhook.last_error_on
        described["last_error_message"] = webhook.last_error
    return described


def _is_loopback(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("bad webhook: invalid webhook URL specified")
    if parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
