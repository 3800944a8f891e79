"""What each messenger can do, and where it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Self

from bot.messenger import bale

Rewrite = Callable[[str, dict[str, object]], tuple[str, dict[str, object]]]
Complete = Callable[[str, object], object]


@dataclass(frozen=True, slots=True)
class Platform:
    """One messenger. The base addresses end in "/bot"; the token follows at once."""

    name: str
    base_url: str
    base_file_url: str
    update_kinds: tuple[str, ...]
    has_reliable_edits: bool
    has_every_method: bool
    deep_link: str
    webhook_ports: tuple[int, ...]  # none are named where any will do
    has_secret_header: bool
    overall_per_second: int = 30
    rewrite: Rewrite | None = None
    complete: Complete | None = None

    def at(self, base_url: str | None) -> Self:
        """Stand at another address, such as a simulator's; None changes nothing."""
        if base_url is None:
            return self
        stem = base_url.rstrip("/").removesuffix("/bot")
        return replace(
            self,
            base_url=f"{stem}/bot",
            base_file_url=f"{stem}/file/bot",
            webhook_ports=(),
        )


TELEGRAM: Final = Platform(
    name="telegram",
    base_url="https://api.telegram.org/bot",
    base_file_url="https://api.telegram.org/file/bot",
    update_kinds=(
        "message",
        "edited_message",
        "callback_query",
        "pre_checkout_query",
        "my_chat_member",
        "inline_query",
    ),
    has_reliable_edits=True,
    has_every_method=True,
    deep_link="https://t.me/{bot}?start={payload}",
    webhook_ports=(443, 80, 88, 8443),
    has_secret_header=True,
)

BALE: Final = Platform(
    name="bale",
    base_url="https://tapi.bale.ai/bot",
    base_file_url="https://tapi.bale.ai/file/bot",
    update_kinds=("message", "edited_message", "callback_query", "pre_checkout_query"),
    has_reliable_edits=False,
    has_every_method=False,
    deep_link="https://ble.ir/{bot}?start={payload}",
    webhook_ports=(443, 88),
    has_secret_header=False,
    rewrite=bale.rewrite,
    complete=bale.complete,
)

PLATFORMS: Final = {platform.name: platform for platform in (TELEGRAM, BALE)}
