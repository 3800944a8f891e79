"""One office in one round of its workshops: whom to tell, in which words, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.calendar.rules import is_open
from bot.kit.clock import TEHRAN
from bot.outbox import use_cases as outbox
from bot.workshops import use_cases as workshops
from bot.workshops.rules.policy import policy_of
from handlers.jobs.notices import notice
from handlers.views.workshops.workshop_notices import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.database import Transaction
    from bot.kit.words import Words
    from bot.outbox.model import OutgoingMessage
    from bot.workshops.model import Party, Policy, Registration, Session, Workshop, WorkshopId
    from handlers.context import Shared
    from handlers.reply import Reply

    Write = Callable[[Told], Reply]

_AWAKE_HOURS = range(7, 22)  # in Tehran; at other hours nobody's phone rings


@dataclass(frozen=True)
class OfficeAtWork:
    """What a step of a round has at hand."""

    desk: Shared
    tx: Transaction
    published: OfficeCatalogue
    calendar: OfficeCalendar
    admin_chat_id: int | None
    now: datetime

    @property
    def id(self) -> str:
        """The office's own id."""
        return self.published.office.id

    @property
    def policy(self) -> Policy:
        """What the office decided about its workshops."""
        return policy_of(self.published.desk)

    @property
    def words(self) -> Words:
        """The language of the desk, in which colleagues read together."""
        return self.desk.words_of(self.desk.default_language)

    async def sessions_of(self, workshop: Workshop) -> list[Session]:
        """List the sessions of a workshop."""
        return await workshops.sessions(self.tx, workshop_id=workshop.id)

    async def workshop_of(self, workshop_id: WorkshopId) -> Workshop:
        """Find the workshop of something."""
        return (await workshops.workshops_named(self.tx, ids=[workshop_id]))[workshop_id]

    async def tell(
        self, key: str, workshop: Workshop, registrations: Sequence[Registration], write: Write
    ) -> None:
        """Tell everybody, each once and of all of theirs; a key that was used tells nobody."""
        parties = await workshops.parties(
            self.tx, registrations=registrations, keyring=self.desk.keyring
        )
        sessions = await self.sessions_of(workshop) if parties else []
        messages = []
        for party in parties:
            told = self._told(workshop, party, sessions)
            messages.append(self.once(notice(int(party.payer_id), write(told)), key))
        await outbox.queue(self.tx, key, messages, self.now)

    async def tell_of_each(
        self, key: str, workshop: Workshop, registrations: Sequence[Registration], write: Write
    ) -> None:
        """Tell everybody of each of theirs apart, each once."""
        parties = await workshops.parties(
            self.tx, registrations=registrations, keyring=self.desk.keyring
        )
        sessions = await self.sessions_of(workshop) if parties else []
        messages = []
        for party in parties:
            for one in party.registrations:
                told = self._told(workshop, replace(party, registrations=(one,)), sessions)
                message = notice(int(party.payer_id), write(told))
                messages.append(self.once(message, f"{key}:{one.id}"))
        await outbox.queue(self.tx, key, messages, self.now)

    def _told(self, workshop: Workshop, party: Party, sessions: Sequence[Session]) -> Told:
        words = self.desk.words_of(party.language or self.desk.default_language)
        return Told(words, self.published, workshop, party, sessions)

    async def tell_desk(self, key: str, workshop: Workshop, reply: Reply) -> None:
        """Tell the admin chat, if there is one; silently while the office is closed."""
        if self.admin_chat_id is None:
            return
        message = notice(self.admin_chat_id, reply, about=f"workshop:{workshop.id}")
        if not is_open(self.calendar, self.now):
            message.params["disable_notification"] = True
        await outbox.queue(self.tx, f"{key}:desk", [message], self.now)

    @property
    def is_daytime(self) -> bool:
        """True while people are awake."""
        return self.now.astimezone(TEHRAN).hour in _AWAKE_HOURS

    def once(self, message: OutgoingMessage, key: str) -> OutgoingMessage:
        """Let a message to a person be sent once under a key, and wake nobody at night."""
        if not self.is_daytime:
            message.params["disable_notification"] = True
        return replace(message, once=key)
