"""The composition root: the only room that knows all others, and puts them together."""

from bot.app.apart import ensure_apart
from bot.app.content import Content, ensure_served, load_content
from bot.app.places import database_url, keyring_path
from bot.app.posting import ensure_posts
from bot.app.running import run, run_all

__all__ = [
    "Content",
    "database_url",
    "ensure_apart",
    "ensure_posts",
    "ensure_served",
    "keyring_path",
    "load_content",
    "run",
    "run_all",
]
