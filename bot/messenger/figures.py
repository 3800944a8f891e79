"""The page of figures at GET /metrics: what was counted, and how the durable path is right now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.kit import metrics
from bot.kit.version import version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.metrics import Meter
    from bot.messenger.health import Health


def page_of(healths: Sequence[Health | str]) -> web.Response:
    """Write the figures of one bot or of all bots of this process; 404 where nothing is counted.

    What is told instead of a health is why a bot does not serve.
    """
    meter = metrics.meter()
    if meter is None:
        raise web.HTTPNotFound(text="Nothing is counted: MIZBAN_METRICS is off.")
    serving = [one for one in healths if not isinstance(one, str)]
    is_healthy = len(serving) == len(healths) and all(one.is_healthy for one in serving)
    meter.show(metrics.HEALTHY, float(is_healthy))
    meter.show(metrics.BUILD, 1, version())
    if serving:
        _show(meter, serving)
    content, content_type = meter.page()
    return web.Response(body=content, headers={"Content-Type": content_type})


def _show(meter: Meter, found: Sequence[Health]) -> None:
    """Let ages stand at those of the bot that is worst off, and counts at their sum."""
    backups = [one.backup_age for one in found if one.backup_age is not None]
    for figure, value in (
        (metrics.WRITABLE, float(all(one.is_writable for one in found))),
        (metrics.INTAKE_AGE, max(one.intake_age for one in found)),
        (metrics.INBOX_AGE, max(one.oldest_update_age or 0.0 for one in found)),
        (metrics.OUTBOX_AGE, max(one.oldest_message_age or 0.0 for one in found)),
        (metrics.INBOX_WAITING, sum(one.waiting_updates for one in found)),
        (metrics.OUTBOX_WAITING, sum(one.waiting_messages for one in found)),
        (metrics.DEAD_LETTERS, sum(one.dead_letters for one in found)),
        (metrics.DEAD_MESSAGES, sum(one.dead_messages for one in found)),
        (metrics.BACKUP_AGE, max(backups, default=None)),
    ):
        meter.show(figure, value)
