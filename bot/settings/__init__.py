"""All that an operator can set, read once, by `bot.shell`, and by nobody else."""

from bot.settings.model import Settings
from bot.settings.reading import Bot, load_bots, load_settings, reading_from

__all__ = ["Bot", "Settings", "load_bots", "load_settings", "reading_from"]
