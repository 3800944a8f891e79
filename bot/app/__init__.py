"""The composition root: the only room that knows all others, and puts them together."""

from bot.app.content import Content, ensure_served, load_content
from bot.app.places import database_url, keyring_path
from bot.app.posting import ensure_posts
from bot.app.running import run

__all__ = [
    "Content",
    "database_url",
    "ensure_posts",
    "ensure_served",
    "keyring_path",
    "load_content",
    "run",
]
