"""The page of figures at GET /metrics: what was counted, and how the durable path is right now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit import metrics
from bot.kit.version import version

if TYPE_CHECKING:
    from bot.kit.metrics import Meter
    from bot.messenger.health import Health


def shown(meter: Meter, health: Health) -> None:
    """Let the figures say what the health answer says."""
    for figure, value in (
        (metrics.HEALTHY, float(health.is_healthy)),
        (metrics.WRITABLE, float(health.is_writable)),
        (metrics.INTAKE_AGE, health.intake_age),
        (metrics.INBOX_AGE, health.oldest_update_age or 0.0),
        (metrics.OUTBOX_AGE, health.oldest_message_age or 0.0),
        (metrics.INBOX_WAITING, health.waiting_updates),
        (metrics.OUTBOX_WAITING, health.waiting_messages),
        (metrics.DEAD_LETTERS, health.dead_letters),
        (metrics.DEAD_MESSAGES, health.dead_messages),
        (metrics.BACKUP_AGE, health.backup_age),
    ):
        meter.show(figure, value)
    meter.show(metrics.BUILD, 1, version())
