"""Buttons of the wallet. None says whose it is: a wallet is always that of who presses."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.callback_data import Payload, number_in


@dataclass(frozen=True)
class WalletPressed(Payload):
    """Show one's own wallet."""

    prefix = "w"


@dataclass(frozen=True)
class StatementPressed(Payload):
    """Show one's own statement, from before a line on; 0 is from the latest."""

    prefix = "ws"
    before: str

    @property
    def before_line(self) -> int | None:
        """The line to go back from, as untrusted as the button."""
        return number_in(self.before) or None
