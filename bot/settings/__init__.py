"""All that an operator can set, read once, by `bot.shell`, and by nobody else."""

from bot.settings.model import Settings
from bot.settings.reading import load_settings

__all__ = ["Settings", "load_settings"]
