"""Buttons of bank files, in the admin chat: which file, what it led to, and what is nobody's."""

from __future__ import annotations

from bot.wallet.model import BankFileId, BankFileKind, BankLineId, LineOutcome
from handlers.callback_data import Payload, StaleButton, number_in


class BankFileAsked(Payload):
    """Ask for a file of a kind, in a message to be replied to."""

    prefix = "bk"
    office_id: str
    kind: str

    def read(self) -> BankFileKind:
        """Of which kind; raises StaleButton for what is none."""
        try:
            return BankFileKind(self.kind)
        except ValueError:
            raise StaleButton from None


class FindingsPressed(Payload):
    """Show what a file led to of one kind, from after a line on."""

    prefix = "bf"
    file_id: str
    outcome: str
    after: str

    def read(self) -> tuple[BankFileId, LineOutcome, int]:
        """The file, the outcome and the line, as untrusted as the button."""
        try:
            outcome = LineOutcome(self.outcome)
        except ValueError:
            raise StaleButton from None
        return BankFileId(number_in(self.file_id)), outcome, number_in(self.after)


class SuspensePressed(Payload):
    """Show the money of an office that nobody has claimed, from after a line on."""

    prefix = "bs"
    office_id: str
    after: str

    @property
    def after_line(self) -> int:
        """The line to go on from, as untrusted as the button."""
        return number_in(self.after)


class SendBackPressed(Payload):
    """Send money back that nobody has claimed; the reason is asked for."""

    prefix = "bb"
    line_id: str

    @property
    def line(self) -> BankLineId:
        """The line, as untrusted as the button."""
        return BankLineId(number_in(self.line_id))
