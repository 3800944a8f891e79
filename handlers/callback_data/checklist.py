"""Buttons of the reminder before an online session: ready in one point, or in need of help."""

from __future__ import annotations

from bot.workshops.model import CheckItem, ReminderKind, SessionId
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.registering import OfRegistration

_READY, _HELP = "1", "0"


class CheckPressed(OfRegistration):
    """Say of one step that it is done, or that help is needed with it."""

    prefix = "wkc"
    session_id: str
    kind_name: str
    item_name: str
    ready: str

    @classmethod
    def on(
        cls,
        registration_id: int,
        session_id: int,
        kind: ReminderKind,
        item: CheckItem,
        *,
        is_ready: bool,
    ) -> CheckPressed:
        """Make what a button carries."""
        ready = _READY if is_ready else _HELP
        return cls(str(registration_id), str(session_id), kind.value, item.value, ready)

    @property
    def session(self) -> SessionId:
        """The session, as untrusted as the button."""
        return SessionId(number_in(self.session_id))

    @property
    def item(self) -> CheckItem:
        """The step; raises StaleButton for none of ours."""
        for item in CheckItem:
            if item == self.item_name:
                return item
        raise StaleButton

    @property
    def kind(self) -> ReminderKind:
        """In which reminder it was pressed; raises StaleButton for none of ours."""
        for kind in ReminderKind:
            if kind == self.kind_name:
                return kind
        raise StaleButton

    @property
    def is_ready(self) -> bool:
        """True for done, False for help."""
        if self.ready not in (_READY, _HELP):
            raise StaleButton
        return self.ready == _READY
